/* The target of a request, and which route it fits. */
#include <string.h>

#include "http_parts.h"

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decode in place.  NULL, or what is wrong. */
static const char *decode(char *text, bool plus_is_blank)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        char c = *from;
        if (c == '%') {
            const int high = hex(from[1]);
            const int low = high < 0 ? -1 : hex(from[2]);
            if (low < 0)
                return "two hexadecimal digits behind each '%'";
            c = (char)(high * 16 + low);
            from += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return "no control characters";
        *to++ = c;
    }
    *to = '\0';
    const struct rebut_text whole = rebut_text_of(text);
    return rebut_text_valid_utf8(whole) == whole.size ? NULL : "UTF-8";
}

static const char *split_path(char *path, struct http_target *target)
{
    while (path != NULL) {
        char *next = strchr(path, '/');
        if (next != NULL)
            *next++ = '\0';
        if (target->segment_count == HTTP_SEGMENTS_MAX)
            return "a path of at most 12 parts";
        const char *wrong = decode(path, false);
        if (wrong != NULL)
            return wrong;
        if (strcmp(path, ".") == 0 || strcmp(path, "..") == 0)
            return "no '.' or '..' in the path";
        target->segments[target->segment_count++] = path;
        path = next;
    }
    return NULL;
}

static const char *split_query(char *query, struct http_target *target)
{
    while (query != NULL && *query != '\0') {
        char *next = strchr(query, '&');
        if (next != NULL)
            *next++ = '\0';
        if (target->query_count == HTTP_QUERY_MAX)
            return "at most 24 parameters";
        char *value = strchr(query, '=');
        if (value == NULL)
            return "name=value";
        *value++ = '\0';
        const char *wrong = decode(query, true);
        if (wrong == NULL)
            wrong = decode(value, true);
        if (wrong != NULL)
            return wrong;
        target->query[target->query_count].name = query;
        target->query[target->query_count++].value = value;
        query = next;
    }
    return NULL;
}

const char *rebut_http_target(const char *raw, char *room, struct http_target *ret)
{
    const size_t size = strlen(raw);
    *ret = (struct http_target){0};
    if (size >= HTTP_TARGET_MAX)
        return "at most 4095 bytes";
    if (raw[0] != '/')
        return "a path that begins with '/'";
    memcpy(room, raw, size + 1);
    if (strchr(room, '#') != NULL)
        return "no '#'";
    char *query = strchr(room, '?');
    if (query != NULL)
        *query++ = '\0';
    const char *wrong = split_path(room + 1, ret);
    return wrong != NULL ? wrong : split_query(query, ret);
}

/* One part of a pattern, "evidence.{form}", against one of a path. */
static bool fits_part(const char *part, size_t size, const char *segment,
                      const char **ret_value, char *ret_name)
{
    const char *open = memchr(part, '{', size);
    *ret_value = NULL;
    if (open == NULL)
        return strlen(segment) == size && memcmp(part, segment, size) == 0;
    const size_t before = (size_t)(open - part);
    if (strncmp(segment, part, before) != 0 || segment[before] == '\0')
        return false;
    const size_t length = size - before - 2;
    if (length >= 32)
        return false;
    memcpy(ret_name, open + 1, length);
    ret_name[length] = '\0';
    *ret_value = segment + before;
    return true;
}

bool rebut_http_fits(const char *pattern, const struct http_target *target,
                     const char **ret_values, char (*ret_names)[32], int most)
{
    int place = 0, found = 0;
    for (const char *at = pattern + 1;; place++) {
        const char *end = strchrnul(at, '/');
        const char *value = NULL;
        char name[32] = "";
        if (place == target->segment_count ||
            !fits_part(at, (size_t)(end - at), target->segments[place], &value, name))
            return false;
        if (value != NULL && found < most) {
            ret_values[found] = value;
            memcpy(ret_names[found++], name, sizeof name);
        }
        if (*end == '\0')
            break;
        at = end + 1;
    }
    return place + 1 == target->segment_count;
}
