#include "json_scan.h"

/* A string being decoded into out[room]; room is 0 when it is only checked. */
struct decoding {
    struct rebut_json *json;
    const char *at;
    char *out;
    size_t room, size; /* size may pass room: then nothing more is written */
};

/* Four hexadecimal digits at p as a number, or -1. */
static int32_t hex4(const char *p, const char *end)
{
    if (end - p < 4)
        return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned char c = (unsigned char)p[i];
        const unsigned letter = (c | 0x20u) - 'a';
        if (is_digit(p[i]))
            value = value * 16 + (c - '0');
        else if (letter < 6)
            value = value * 16 + (int32_t)letter + 10;
        else
            return -1;
    }
    return value;
}

static void put_bytes(struct decoding *string, const char *bytes, size_t size)
{
    if (string->out != NULL && size <= string->room &&
        string->size <= string->room - size)
        memcpy(string->out + string->size, bytes, size);
    string->size += size;
}

static void put_code(struct decoding *string, uint32_t code)
{
    char bytes[4];
    size_t size = 1;
    if (code < 0x80) {
        bytes[0] = (char)code;
    } else if (code < 0x800) {
        size = 2;
        bytes[0] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        size = 3;
        bytes[0] = (char)(0xe0 | code >> 12);
    } else {
        size = 4;
        bytes[0] = (char)(0xf0 | code >> 18);
    }
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    put_bytes(string, bytes, size);
}

/* The hexadecimal digits behind "\u", and the second half of a pair. */
static bool decode_unicode(struct decoding *string)
{
    struct rebut_json *json = string->json;
    const char *escape = string->at - 2;
    const int32_t first = hex4(string->at, json->end);
    if (first < 0)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, escape,
                               "four hexadecimal digits behind '\\u'");
    if (first == 0)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, escape, "no NUL character");
    string->at += 4;
    if (first < 0xd800 || first > 0xdfff) {
        put_code(string, (uint32_t)first);
        return true;
    }
    int32_t second = -1;
    if (first < 0xdc00 && json->end - string->at >= 6 && string->at[0] == '\\' &&
        string->at[1] == 'u')
        second = hex4(string->at + 2, json->end);
    if (second < 0xdc00 || second > 0xdfff)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, escape,
                               "both halves of a surrogate pair");
    string->at += 6;
    put_code(string,
             0x10000 + ((uint32_t)(first - 0xd800) << 10) + (uint32_t)(second - 0xdc00));
    return true;
}

/* The escape whose backslash is at string->at. */
static bool decode_escape(struct decoding *string)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char *escape = string->at;
    const char letter = string->json->end - escape < 2 ? '\0' : escape[1];
    string->at += 2;
    if (letter == 'u')
        return decode_unicode(string);
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found == NULL)
        return rebut_json_fail(string->json, REBUT_JSON_SYNTAX, escape,
                               "one of \"\\/bfnrtu behind a backslash");
    put_bytes(string, &meanings[found - letters], 1);
    return true;
}

/* Decode up to the closing quote, whose place string->at has then. */
static bool decode(struct decoding *string)
{
    struct rebut_json *json = string->json;
    for (;;) {
        const char *run = string->at;
        const char *stop = rebut_json_scan_string(json->start, run, json->end);
        if (stop == NULL) {
            const struct rebut_text rest = {run, (size_t)(json->end - run)};
            return rebut_json_fail(json, REBUT_JSON_UTF8,
                                   run + rebut_text_valid_utf8(rest), "valid UTF-8");
        }
        if (stop == json->end)
            return rebut_json_fail(json, REBUT_JSON_SYNTAX, stop, "a closing quote");
        put_bytes(string, run, (size_t)(stop - run));
        string->at = stop;
        if (*stop == '"')
            return true;
        if (*stop != '\\')
            return rebut_json_fail(json, REBUT_JSON_SYNTAX, stop,
                                   "an escape for a control character");
        if (!decode_escape(string))
            return false;
    }
}

bool rebut_json_read_string(struct rebut_json *json, struct rebut_text *ret_text)
{
    const char *text = json->at + 1;
    const char *stop = scan_short(json->start, text, json->end);
    if (stop == NULL)
        stop = rebut_json_scan_string(json->start, text, json->end);
    if (stop != NULL && stop < json->end && *stop == '"') {
        if (ret_text != NULL)
            *ret_text = (struct rebut_text){text, (size_t)(stop - text)};
        json->at = stop + 1;
        return true;
    }
    struct decoding string = {.json = json, .at = text};
    if (ret_text != NULL && json->room != NULL) {
        string.out = json->room + json->room_used;
        string.room = json->room_size - json->room_used;
    }
    const char *quote = json->at;
    if (!decode(&string))
        return false;
    if (ret_text != NULL) {
        if (string.size > string.room || string.out == NULL)
            return rebut_json_fail(json, REBUT_JSON_ROOM, quote,
                                   "room for a decoded string");
        *ret_text = (struct rebut_text){string.out, string.size};
        json->room_used += string.size;
    }
    json->at = string.at + 1;
    return true;
}
