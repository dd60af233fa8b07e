/* A pack from its canonical JSON: every member there, of its kind, within its limit. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "pack_memory.h"
#include "pack_shape.h"
#include "rebut/pack_json.h"

/* So that differences and sums of two fit. */
#define INTEGER_MAX INT64_C(1000000000000000000)

/* Where in the document a value stands: names and places, outermost first. */
#define DEPTH_MAX 12
struct reader {
    struct rebut_pack *pack;
    struct rebut_error *err;
    struct {
        const char *name; /* NULL: a place in a list */
        size_t place;
    } path[DEPTH_MAX];
    int depth;
};

static void spell_path(const struct reader *reader, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < reader->depth && used < size; i++) {
        const int more =
            reader->path[i].name == NULL
                ? snprintf(text + used, size - used, "[%zu]", reader->path[i].place)
                : snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ".",
                           reader->path[i].name);
        used += more > 0 ? (size_t)more : 0;
    }
}

static bool refuse(const struct reader *reader, enum rebut_code code, const char *format,
                   ...) REBUT_PRINTF(3, 4);
static bool refuse(const struct reader *reader, enum rebut_code code, const char *format,
                   ...)
{
    char path[160], words[200];
    va_list values;
    spell_path(reader, path, sizeof path);
    va_start(values, format);
    vsnprintf(words, sizeof words, format, values);
    va_end(values);
    return rebut_fail(reader->err, code, "'%s': %s",
                      reader->depth == 0 ? "the document" : path, words);
}

static const char *kind_of(const json_t *value)
{
    static const char *const kinds[] = {
        "an object", "an array", "a string", "an integer", "a number with a fraction",
        "true",      "false",    "null"};
    return kinds[json_typeof(value)];
}

static bool expected(const struct reader *reader, const char *what, const json_t *value)
{
    return refuse(reader, REBUT_EDATA, "expected %s, got %s", what, kind_of(value));
}

static bool read_object(struct reader *reader, const struct pack_shape *shape,
                        const json_t *value, void *ret);

static bool read_decimal(const struct reader *reader, const json_t *value, double *ret)
{
    if (json_is_null(value)) {
        *ret = (double)NAN;
        return true;
    }
    if (!json_is_string(value))
        return expected(reader, "a decimal string or null", value);
    const struct rebut_text text = {json_string_value(value), json_string_length(value)};
    return (text.size < REBUT_DOUBLE_SIZE && rebut_text_double(text, ret)) ||
           refuse(reader, REBUT_EDATA, "expected a decimal number, got '%.40s'",
                  text.data);
}

static bool read_text(const struct reader *reader, const json_t *value,
                      struct rebut_text *ret)
{
    *ret = (struct rebut_text){0};
    if (json_is_null(value))
        return true;
    if (!json_is_string(value))
        return expected(reader, "a string or null", value);
    *ret = rebut_pack_keep(reader->pack, (struct rebut_text){json_string_value(value),
                                                             json_string_length(value)});
    return ret->data != NULL || rebut_fail_memory(reader->err, "a pack");
}

static bool read_integer(const struct reader *reader, enum pack_kind kind,
                         const json_t *value, int64_t *ret)
{
    if (kind == PACK_INSTANT && json_is_null(value)) {
        *ret = REBUT_TIME_NONE;
        return true;
    }
    if (!json_is_integer(value))
        return expected(
            reader, kind == PACK_INSTANT ? "an integer or null" : "an integer", value);
    *ret = json_integer_value(value);
    return (*ret <= INTEGER_MAX && *ret >= -INTEGER_MAX) ||
           refuse(reader, REBUT_EDATA, "expected an integer within 10^18");
}

static bool read_word(const struct reader *reader, const struct pack_member *member,
                      const json_t *value, int *ret)
{
    if (!json_is_null(value) && !json_is_string(value))
        return expected(reader, "a word", value);
    const char *word = json_is_null(value) ? "" : json_string_value(value);
    for (uint32_t i = 0; i < member->limit; i++)
        if (strcmp(member->words[i], word) == 0) {
            *ret = (int)i;
            return true;
        }
    return refuse(reader, REBUT_EDATA, "unknown word '%.40s'", word);
}

/* Step into a member or place, and out again. */
static void enter(struct reader *reader, const char *name, size_t place)
{
    reader->path[reader->depth].name = name;
    reader->path[reader->depth++].place = place;
}

static bool read_words(struct reader *reader, const json_t *value,
                       struct rebut_pack_words *ret)
{
    *ret = (struct rebut_pack_words){0};
    if (json_is_null(value))
        return true;
    if (!json_is_object(value))
        return expected(reader, "an object with zh and en, or null", value);
    const json_t *zh = json_object_get(value, "zh"), *en = json_object_get(value, "en");
    if (zh == NULL || en == NULL || json_object_size(value) != 2)
        return refuse(reader, REBUT_EDATA, "expected zh and en, and nothing else");
    return read_text(reader, zh, &ret->zh) && read_text(reader, en, &ret->en);
}

static bool read_decimals(struct reader *reader, const struct pack_member *member,
                          const json_t *value, double *ret)
{
    if (!json_is_array(value))
        return expected(reader, "an array", value);
    if (json_array_size(value) != member->limit)
        return refuse(reader, REBUT_EDATA, "expected %u numbers, got %zu", member->limit,
                      json_array_size(value));
    for (size_t i = 0; i < member->limit; i++) {
        enter(reader, NULL, i);
        if (!read_decimal(reader, json_array_get(value, i), &ret[i]))
            return false;
        reader->depth--;
    }
    return true;
}

static bool read_list(struct reader *reader, const struct pack_member *member,
                      const json_t *value, struct pack_list *ret)
{
    *ret = (struct pack_list){0};
    if (!json_is_array(value))
        return expected(reader, "an array", value);
    const size_t count = json_array_size(value);
    if (count > member->limit)
        return refuse(reader, REBUT_ELIMIT, "expected at most %u, got %zu", member->limit,
                      count);
    if (count == 0)
        return true;
    ret->list = rebut_pack_alloc(reader->pack, count * member->shape->size);
    if (ret->list == NULL)
        return rebut_fail_memory(reader->err, "a pack");
    ret->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        enter(reader, NULL, i);
        if (!read_object(reader, member->shape, json_array_get(value, i),
                         (char *)ret->list + i * member->shape->size))
            return false;
        reader->depth--;
    }
    return true;
}

static bool read_member(struct reader *reader, const struct pack_member *member,
                        const json_t *value, void *ret)
{
    switch (member->kind) {
    case PACK_SCHEMA:
        return (json_is_string(value) &&
                strcmp(json_string_value(value), REBUT_PACK_SCHEMA) == 0) ||
               refuse(reader, REBUT_EDATA, "expected '%s'", REBUT_PACK_SCHEMA);
    case PACK_SEAL:
        return json_is_null(value) || expected(reader, "null", value);
    case PACK_INTEGER:
    case PACK_INSTANT:
        return read_integer(reader, member->kind, value, ret);
    case PACK_DECIMAL:
        return read_decimal(reader, value, ret);
    case PACK_DECIMALS:
        return read_decimals(reader, member, value, ret);
    case PACK_FLAG:
        *(bool *)ret = json_is_true(value);
        return json_is_boolean(value) || expected(reader, "true or false", value);
    case PACK_TEXT:
        return read_text(reader, value, ret);
    case PACK_WORD:
        return read_word(reader, member, value, ret);
    case PACK_WORDS:
        return read_words(reader, value, ret);
    case PACK_OBJECT:
        return read_object(reader, member->shape, value, ret);
    case PACK_LIST:
        return read_list(reader, member, value, ret);
    }
    return false;
}

static bool read_object(struct reader *reader, const struct pack_shape *shape,
                        const json_t *value, void *ret)
{
    if (!json_is_object(value))
        return expected(reader, "an object", value);
    for (size_t i = 0; i < shape->count; i++) {
        const struct pack_member *member = &shape->members[i];
        const json_t *own = json_object_get(value, member->name);
        enter(reader, member->name, 0);
        if (own == NULL)
            return refuse(reader, REBUT_EDATA, "missing");
        if (!read_member(reader, member, own, (char *)ret + member->offset))
            return false;
        reader->depth--;
    }
    if (json_object_size(value) == shape->count)
        return true;
    const char *name = NULL;
    json_t *other = NULL;
    json_object_foreach((json_t *)(uintptr_t)value, name, other)
    {
        size_t i = 0;
        while (i < shape->count && strcmp(shape->members[i].name, name) != 0)
            i++;
        if (i == shape->count)
            return refuse(reader, REBUT_EDATA, "unknown member '%.60s'", name);
    }
    return false;
}

/* One pack, one spelling. */
static bool check_spelling(const struct rebut_pack *pack, struct rebut_text document,
                           struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_memory(&out, err))
        return false;
    rebut_pack_write(pack, &out);
    const size_t size = out.used < document.size ? out.used : document.size;
    size_t at = 0;
    while (at < size && out.buffer[at] == document.data[at])
        at++;
    const bool same = out.cause == 0 && at == out.used && at == document.size;
    const bool memory = out.cause != 0;
    rebut_output_release(&out);
    if (memory)
        return rebut_fail_memory(err, "a pack");
    return same ||
           rebut_fail(err, REBUT_EDATA,
                      "not canonical: it would be spelled otherwise from byte %zu "
                      "on",
                      at);
}

bool rebut_pack_read(struct rebut_text document, struct rebut_pack *ret,
                     struct rebut_error *err)
{
    struct rebut_pack pack = {0};
    struct reader reader = {.pack = &pack, .err = err};
    json_error_t fault;
    if (document.size > REBUT_PACK_JSON_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "expected at most %zu bytes, got %zu",
                          REBUT_PACK_JSON_MAX, document.size);
    json_t *root =
        json_loadb(document.data, document.size, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL)
        return rebut_fail(err, REBUT_EDATA, "no JSON: line %d, column %d: %.200s",
                          fault.line, fault.column, fault.text);
    /* Another document is told as one, not by the first member that it lacks. */
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const bool other = schema != NULL && strncmp(schema, "rebut-pack-", 11) != 0;
    const bool ok =
        (!other || rebut_fail(err, REBUT_EDATA, "expected schema '%s', got '%.40s'",
                              REBUT_PACK_SCHEMA, schema)) &&
        read_object(&reader, &rebut_pack_shape, root, &pack) &&
        check_spelling(&pack, document, err);
    json_decref(root);
    if (ok)
        *ret = pack;
    else
        rebut_pack_release(&pack);
    return ok;
}

bool rebut_pack_load(const char *path, struct rebut_pack *ret, struct rebut_error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    char *data = malloc(REBUT_PACK_JSON_MAX + 1);
    bool ok = data != NULL || rebut_fail_memory(err, "a pack");
    const size_t size = ok ? fread(data, 1, REBUT_PACK_JSON_MAX + 1, file) : 0;
    if (ok && ferror(file))
        ok = rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path, strerror(errno));
    fclose(file);
    ok = ok && (rebut_pack_read((struct rebut_text){data, size}, ret, err) ||
                rebut_fail_context(err, "'%s'", path));
    free(data);
    return ok;
}
