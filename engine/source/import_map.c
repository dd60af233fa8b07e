/* Reading a map: from JSON to rules, or words on what is wrong where. */
#include "import_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import_json.h"

#define SKIP_LINES_MAX 1000

static const char *const default_formats[] = {
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S",     "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",    "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"};

typedef bool read_rule(json_t *json, struct import_rule *rule, struct rebut_error *err);

static bool read_rules(json_t *json, const char *key, read_rule *read_one,
                       struct import_rule **ret, size_t *ret_count,
                       struct rebut_error *err)
{
    json_t *array = json_object_get(json, key);
    if (!import_json_array(array, key, IMPORT_RULES_MAX, err))
        return false;
    *ret = calloc(json_array_size(array), sizeof **ret);
    if (*ret == NULL)
        return rebut_fail_memory(err, "a map");
    for (size_t i = 0; i < json_array_size(array); i++) {
        ++*ret_count;
        if (!read_one(json_array_get(array, i), &(*ret)[i], err))
            return rebut_fail_context(err, "'%s' number %zu", key, i + 1);
    }
    return true;
}

static bool read_offset(const char *text, int *ret_minutes, struct rebut_error *err)
{
    char whole[40] = "2000-01-01T00:00:00";
    int64_t at = 0;
    if (text != NULL && strlen(text) == 6 &&
        rebut_time_parse(rebut_text_of(strncat(whole, text, 6)), &at)) {
        *ret_minutes = (int)((INT64_C(946684800) * REBUT_SECOND - at) / REBUT_MINUTE);
        return true;
    }
    return rebut_fail(err, REBUT_EDATA, "'offset': expected one like '+08:00'");
}

static bool read_formats(json_t *array, struct rebut_import_map *map,
                         struct rebut_error *err)
{
    if (array == NULL) {
        map->format_count = sizeof default_formats / sizeof *default_formats;
        memcpy(map->formats, default_formats, sizeof default_formats);
        return true;
    }
    if (!import_json_array(array, "times", IMPORT_FORMATS_MAX, err))
        return false;
    map->format_count = json_array_size(array);
    for (size_t i = 0; i < map->format_count; i++) {
        map->formats[i] = json_string_value(json_array_get(array, i));
        if (map->formats[i] == NULL)
            return rebut_fail(err, REBUT_EDATA, "'times': expected formats");
        for (const char *f = map->formats[i]; (f = strchr(f, '%')) != NULL; f += 2)
            if (f[1] == '\0' || strchr("YymdHIMSfpzb", f[1]) == NULL)
                return rebut_fail(err, REBUT_EDATA,
                                  "'times': '%.40s' has a letter that is not known",
                                  map->formats[i]);
    }
    return true;
}

/* One of the words of a table {word, value}, the first when it is not stated. */
struct choice {
    const char *word;
    int value;
};

static bool read_choice(json_t *json, const char *key, const struct choice *choices,
                        size_t count, int *ret, struct rebut_error *err)
{
    const char *word = NULL;
    if (!import_json_string(json, key, &word, err))
        return false;
    *ret = choices[0].value;
    for (size_t i = 0; word != NULL && i < count; i++) {
        if (strcmp(choices[i].word, word) == 0) {
            *ret = choices[i].value;
            return true;
        }
    }
    return word == NULL ||
           rebut_fail(err, REBUT_EDATA, "'%s': no choice '%.20s'", key, word);
}

static bool read_file_shape(struct rebut_import_map *map, struct rebut_error *err)
{
    static const struct choice encodings[] = {{"auto", REBUT_ENCODING_AUTO},
                                              {"utf-8", REBUT_ENCODING_UTF8},
                                              {"gb18030", REBUT_ENCODING_GB18030}};
    static const struct choice delimiters[] = {
        {"auto", 0}, {",", ','}, {";", ';'}, {"tab", '\t'}};
    static const struct choice decimals[] = {{".", '.'}, {",", ','}};
    static const struct choice repeats[] = {{"keep", 0}, {"aside", 1}};
    int encoding = 0;
    int delimiter = 0;
    int decimal = 0;
    int aside = 0;
    int skip = 0;
    json_t *json = map->json;
    if (!read_choice(json, "encoding", encodings, 3, &encoding, err) ||
        !read_choice(json, "delimiter", delimiters, 4, &delimiter, err) ||
        !read_choice(json, "decimal", decimals, 2, &decimal, err) ||
        !read_choice(json, "identical_rows", repeats, 2, &aside, err) ||
        !import_json_count(json, "skip_lines", SKIP_LINES_MAX, 0, &skip, err) ||
        !import_json_count(json, "minor_digits", 3, 2, &map->minor_digits, err))
        return false;
    map->options = (struct rebut_csv_options){.encoding = (enum rebut_encoding)encoding,
                                              .delimiter = (char)delimiter,
                                              .skip_lines = (unsigned)skip};
    map->decimal = (char)decimal;
    map->identical_aside = aside == 1;
    return true;
}

static bool read_map(struct rebut_import_map *map, struct rebut_error *err)
{
    const char *offset = NULL;
    json_t *json = map->json;
    return import_json_keys(
               json,
               "offset encoding delimiter skip_lines times decimal minor_digits "
               "identical_rows aside events",
               err) &&
           import_json_string(json, "offset", &offset, err) &&
           read_offset(offset, &map->offset_minutes, err) &&
           read_formats(json_object_get(json, "times"), map, err) &&
           read_file_shape(map, err) &&
           (json_object_get(json, "aside") == NULL ||
            read_rules(json, "aside", import_rule_aside, &map->asides, &map->aside_count,
                       err)) &&
           read_rules(json, "events", import_rule_event, &map->events, &map->event_count,
                      err);
}

/* Takes the JSON over. */
static struct rebut_import_map *make_map(json_t *json, const json_error_t *why,
                                         struct rebut_error *err)
{
    if (json == NULL) {
        rebut_fail(err, REBUT_EDATA, "line %d: %s", why->line, why->text);
        return NULL;
    }
    struct rebut_import_map *map = calloc(1, sizeof *map);
    if (map == NULL) {
        json_decref(json);
        rebut_fail_memory(err, "a map");
        return NULL;
    }
    map->json = json;
    if (read_map(map, err))
        return map;
    rebut_import_map_free(map);
    return NULL;
}

struct rebut_import_map *rebut_import_map_load(const char *path, struct rebut_error *err)
{
    json_error_t why;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL && why.line == -1) {
        rebut_fail(err, REBUT_EIO, "cannot open map '%s': %s", path, strerror(errno));
        return NULL;
    }
    struct rebut_import_map *map = make_map(json, &why, err);
    if (map == NULL)
        rebut_fail_context(err, "map '%s'", path);
    return map;
}

struct rebut_import_map *rebut_import_map_parse(struct rebut_text text,
                                                struct rebut_error *err)
{
    json_error_t why;
    return make_map(json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &why), &why,
                    err);
}

static void release_rules(struct import_rule *rules, size_t count)
{
    for (size_t i = 0; rules != NULL && i < count; i++)
        import_rule_release(&rules[i]);
    free(rules);
}

void rebut_import_map_free(struct rebut_import_map *map)
{
    if (map == NULL)
        return;
    release_rules(map->asides, map->aside_count);
    release_rules(map->events, map->event_count);
    json_decref(map->json);
    free(map);
}

struct rebut_csv_options rebut_import_map_options(const struct rebut_import_map *map)
{
    return map->options;
}

static bool visit_value(struct import_value *value, import_visit *visit, void *context)
{
    for (size_t i = 0; i < value->column_count; i++)
        if (!visit(&value->columns[i], context))
            return false;
    return value->multiply.name == NULL || visit(&value->multiply, context);
}

static bool visit_rule(struct import_rule *rule, import_visit *visit, void *context)
{
    for (size_t i = 0; i < rule->condition_count; i++)
        if (!visit(&rule->conditions[i].column, context))
            return false;
    for (size_t i = 0; i < rule->value_count; i++)
        if (!visit_value(&rule->values[i], visit, context))
            return false;
    for (size_t i = 0; rule->match != NULL && i < 3; i++)
        if (!visit_value(&rule->match[i], visit, context))
            return false;
    return true;
}

bool import_map_columns(struct rebut_import_map *map, import_visit *visit, void *context)
{
    for (size_t i = 0; i < map->aside_count; i++)
        if (!visit_rule(&map->asides[i], visit, context))
            return false;
    for (size_t i = 0; i < map->event_count; i++)
        if (!visit_rule(&map->events[i], visit, context))
            return false;
    return true;
}
