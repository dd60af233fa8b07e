/* A pack's canonical JSON, by the table of its members. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "pack_shape.h"
#include "rebut/pack_json.h"

static void write_object(const struct pack_shape *shape, const void *data,
                         struct rebut_output *out);

static void write_integer(int64_t value, struct rebut_output *out)
{
    char text[24];
    char *at = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    rebut_output_write(out, at, (size_t)(text + sizeof text - at));
}

static void write_null(struct rebut_output *out)
{
    rebut_output_write(out, "null", 4);
}

static void write_decimal(double value, struct rebut_output *out)
{
    char text[REBUT_DOUBLE_SIZE + 2];
    if (!isfinite(value)) {
        write_null(out);
        return;
    }
    const size_t size = rebut_double_text(value, text + 1);
    text[0] = text[size + 1] = '"';
    rebut_output_write(out, text, size + 2);
}

static void write_text(struct rebut_text text, struct rebut_output *out)
{
    if (text.data == NULL)
        write_null(out);
    else
        rebut_output_json(out, text);
}

static void write_words(const struct rebut_pack_words *words, struct rebut_output *out)
{
    if (words->zh.data == NULL && words->en.data == NULL) {
        write_null(out);
        return;
    }
    rebut_output_write(out, "{\"en\":", 6);
    write_text(words->en, out);
    rebut_output_write(out, ",\"zh\":", 6);
    write_text(words->zh, out);
    rebut_output_write(out, "}", 1);
}

static void write_decimals(const double *values, uint32_t count, struct rebut_output *out)
{
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_write(out, i == 0 ? "[" : ",", 1);
        write_decimal(values[i], out);
    }
    rebut_output_write(out, "]", 1);
}

static void write_list(const struct pack_member *member, const struct pack_list *list,
                       struct rebut_output *out)
{
    rebut_output_write(out, "[", 1);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i > 0)
            rebut_output_write(out, ",", 1);
        write_object(member->shape, (const char *)list->list + i * member->shape->size,
                     out);
    }
    rebut_output_write(out, "]", 1);
}

static void write_word(const char *word, struct rebut_output *out)
{
    write_text(word[0] == '\0' ? (struct rebut_text){0} : rebut_text_of(word), out);
}

static void write_member(const struct pack_member *member, const void *data,
                         struct rebut_output *out)
{
    switch (member->kind) {
    case PACK_SCHEMA:
        write_word(REBUT_PACK_SCHEMA, out);
        break;
    case PACK_SEAL:
        write_null(out);
        break;
    case PACK_INSTANT:
        if (*(const int64_t *)data == REBUT_TIME_NONE)
            write_null(out);
        else
            write_integer(*(const int64_t *)data, out);
        break;
    case PACK_INTEGER:
        write_integer(*(const int64_t *)data, out);
        break;
    case PACK_DECIMAL:
        write_decimal(*(const double *)data, out);
        break;
    case PACK_DECIMALS:
        write_decimals(data, member->limit, out);
        break;
    case PACK_FLAG:
        rebut_output_text(out,
                          *(const bool *)data ? REBUT_TEXT("true") : REBUT_TEXT("false"));
        break;
    case PACK_TEXT:
        write_text(*(const struct rebut_text *)data, out);
        break;
    case PACK_WORD:
        write_word(member->words[*(const int *)data], out);
        break;
    case PACK_WORDS:
        write_words(data, out);
        break;
    case PACK_OBJECT:
        write_object(member->shape, data, out);
        break;
    case PACK_LIST:
        write_list(member, data, out);
        break;
    }
}

static void write_object(const struct pack_shape *shape, const void *data,
                         struct rebut_output *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct pack_member *member = &shape->members[i];
        rebut_output_write(out, i == 0 ? "{\"" : ",\"", 2);
        rebut_output_text(out, rebut_text_of(member->name));
        rebut_output_write(out, "\":", 2);
        write_member(member, (const char *)data + member->offset, out);
    }
    rebut_output_write(out, "}", 1);
}

void rebut_pack_write(const struct rebut_pack *pack, struct rebut_output *out)
{
    write_object(&rebut_pack_shape, pack, out);
    rebut_output_write(out, "\n", 1);
}
