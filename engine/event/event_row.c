/* Rows into events and back. */
#include "rebut/event_row.h"

#include "limits.h"

/* ---- what columns there are ---- */

static inline const struct field *field_of(enum rebut_event_type type, size_t column)
{
    return column == 0 ? &rebut_event_field_at
                       : &rebut_event_fields[type].fields[column - 1];
}

size_t rebut_event_column_count(enum rebut_event_type type)
{
    return rebut_event_fields[type].count + 1;
}

struct rebut_column rebut_event_column(enum rebut_event_type type, size_t column)
{
    const struct field *field = field_of(type, column);
    return (struct rebut_column){.name = rebut_event_key_names[field->key],
                                 .shape = field->kind->shape,
                                 .mandatory = field->mandatory,
                                 .needed = !field->passed_by};
}

/* ---- from a row ---- */

/* Refuse with the value as a line of JSON would have it. */
__attribute__((noinline, cold)) static bool refuse_value(struct rebut_refusal *refusal,
                                                         const char *reason,
                                                         const struct field *field,
                                                         const struct rebut_value *value)
{
    char spelled[128]; /* more than is shown */
    struct rebut_json_value came = {.kind = REBUT_JSON_STRING, .text = value->text};
    if (value->kind != REBUT_VALUE_TEXT) {
        const size_t size = rebut_event_spell_value(value, spelled, sizeof spelled);
        came.kind = REBUT_JSON_NONE;
        came.text =
            (struct rebut_text){spelled, size < sizeof spelled ? size : sizeof spelled};
    }
    return rebut_event_refuse(refusal, reason, field, &came);
}

#define EACH_LOW EACH(0x01)

/* Is it UTF-8 without NUL?  Mostly it is ASCII: eight bytes at once. */
static inline bool is_text(struct rebut_text text)
{
    const char *p = text.data;
    size_t at = 0;
    uint64_t bytes = 0, odd = 0;
    for (; text.size - at >= 8; at += 8) {
        memcpy(&bytes, p + at, 8);
        odd |= bytes | ((bytes - EACH_LOW) & ~bytes);
    }
    for (; at < text.size; at++)
        odd |= (uint64_t)(p[at] == '\0') << 7 | (unsigned char)p[at];
    if ((odd & EACH(0x80)) == 0)
        return true;
    return rebut_text_valid_utf8(text) == text.size &&
           memchr(text.data, '\0', text.size) == NULL;
}

static inline bool take_text(const struct field *field, const struct rebut_value *value,
                             struct rebut_text *ret_text, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_TEXT)
        return refuse_value(refusal, "wrong_type", field, value);
    const char *reason = fault_of_size(field->kind, value->text.size);
    if (reason == NULL && !is_text(value->text))
        reason = "invalid_utf8";
    if (reason != NULL)
        return refuse_value(refusal, reason, field, value);
    *ret_text = value->text;
    return true;
}

static inline bool take_integer(const struct field *field,
                                const struct rebut_value *value, int64_t *ret_integer,
                                struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_INTEGER)
        return refuse_value(refusal, "wrong_type", field, value);
    if (!is_within(field->kind, value->integer))
        return refuse_value(refusal, "out_of_range", field, value);
    *ret_integer = value->integer;
    return true;
}

static inline bool take_time(const struct field *field, const struct rebut_value *value,
                             int64_t *ret_time, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_TIME)
        return refuse_value(refusal, "wrong_type", field, value);
    if (!is_within(field->kind, value->time))
        return refuse_value(refusal, "out_of_range", field, value);
    *ret_time = value->time;
    return true;
}

static inline bool take_word(const struct field *field, const struct rebut_value *value,
                             unsigned *ret_word, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_TEXT)
        return refuse_value(refusal, "wrong_type", field, value);
    return find_word(field->vocabulary, value->text, ret_word) ||
           refuse_value(refusal, "bad_value", field, value);
}

static bool take_photos(const struct field *field, const struct rebut_value *value,
                        struct rebut_event *event, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_TEXTS)
        return refuse_value(refusal, "wrong_type", field, value);
    event->photo_count = 0;
    for (size_t i = 0; i < value->texts.count; i++) {
        const struct rebut_value photo = {.kind = REBUT_VALUE_TEXT,
                                          .text = value->texts.data[i]};
        if (i == REBUT_PHOTOS_MAX)
            return refuse_value(refusal, "too_long", field, value);
        if (photo.text.data == NULL)
            return refuse_value(refusal, "wrong_type", field, value);
        if (!find_photo(photo.text, &event->photos[i]))
            return refuse_value(refusal, "bad_value", field, &photo);
        event->photo_count++;
    }
    return true;
}

static bool take_fraction(const struct field *field, const struct rebut_value *value,
                          double *ret_fraction, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_VALUE_REAL && value->kind != REBUT_VALUE_INTEGER)
        return refuse_value(refusal, "wrong_type", field, value);
    const double fraction =
        value->kind == REBUT_VALUE_REAL ? value->real : (double)value->integer;
    if (!is_fraction(fraction))
        return refuse_value(refusal, "out_of_range", field, value);
    *ret_fraction = fraction;
    return true;
}

static inline bool take(const struct field *field, const struct rebut_value *value,
                        struct rebut_event *event, struct rebut_refusal *refusal)
{
    void *place = (char *)event + field->offset;
    if (value->kind == REBUT_VALUE_NULL)
        return !field->mandatory || rebut_event_refuse_missing(refusal, field);
    switch (field->kind->shape) {
    case REBUT_SHAPE_TEXT:
        return take_text(field, value, place, refusal);
    case REBUT_SHAPE_INTEGER:
        return take_integer(field, value, place, refusal);
    case REBUT_SHAPE_TIME:
        return take_time(field, value, place, refusal);
    case REBUT_SHAPE_WORD:
        return take_word(field, value, place, refusal);
    case REBUT_SHAPE_PHOTOS:
        return take_photos(field, value, event, refusal);
    case REBUT_SHAPE_FRACTION:
        return take_fraction(field, value, place, refusal);
    }
    return false;
}

bool rebut_event_from_row(enum rebut_event_type type, const struct rebut_value *values,
                          struct rebut_event *ret, struct rebut_refusal *refusal)
{
    const struct fields *of_type = &rebut_event_fields[type];
    clear(ret);
    ret->type = type;
    if (!take(&rebut_event_field_at, &values[0], ret, refusal))
        return false;
    for (size_t i = 0; i < of_type->count; i++)
        if (!take(&of_type->fields[i], &values[i + 1], ret, refusal))
            return false;
    complete(ret);
    return true;
}

/* ---- to a row ---- */

static void spell_photos(const struct rebut_event *event, struct rebut_event_row *row)
{
    for (size_t i = 0; i < event->photo_count; i++) {
        for (int digit = 0; digit < 16; digit++)
            row->digits[i][digit] =
                "0123456789abcdef"[event->photos[i] >> (60 - 4 * digit) & 15];
        row->photos[i] = (struct rebut_text){row->digits[i], 16};
    }
}

static struct rebut_value value_of_text(struct rebut_text text)
{
    return (struct rebut_value){
        .kind = text.data == NULL ? REBUT_VALUE_NULL : REBUT_VALUE_TEXT, .text = text};
}

static struct rebut_value value_of_integer(const struct field *field, int64_t integer)
{
    return (struct rebut_value){
        .kind = integer < field->kind->least ? REBUT_VALUE_NULL : REBUT_VALUE_INTEGER,
        .integer = integer};
}

static struct rebut_value value_of_time(int64_t time)
{
    return (struct rebut_value){.kind = time == REBUT_TIME_NONE ? REBUT_VALUE_NULL
                                                                : REBUT_VALUE_TIME,
                                .time = time};
}

static struct rebut_value value_of_real(double real)
{
    return (struct rebut_value){.kind = real > 0 ? REBUT_VALUE_REAL : REBUT_VALUE_NULL,
                                .real = real};
}

static struct rebut_value give(const struct field *field, const struct rebut_event *event,
                               struct rebut_event_row *row)
{
    const void *place = (const char *)event + field->offset;
    const char *word = "";
    switch (field->kind->shape) {
    case REBUT_SHAPE_TEXT:
        return value_of_text(*(const struct rebut_text *)place);
    case REBUT_SHAPE_INTEGER:
        return value_of_integer(field, *(const int64_t *)place);
    case REBUT_SHAPE_TIME:
        return value_of_time(*(const int64_t *)place);
    case REBUT_SHAPE_WORD:
        word = field->vocabulary->words[*(const unsigned *)place];
        return value_of_text(word[0] == '\0' ? (struct rebut_text){NULL, 0}
                                             : rebut_text_of(word));
    case REBUT_SHAPE_PHOTOS:
        if (event->photo_count == 0)
            break;
        spell_photos(event, row);
        return (struct rebut_value){.kind = REBUT_VALUE_TEXTS,
                                    .texts = {row->photos, event->photo_count}};
    case REBUT_SHAPE_FRACTION:
        return value_of_real(*(const double *)place);
    }
    return (struct rebut_value){.kind = REBUT_VALUE_NULL};
}

void rebut_event_to_row(const struct rebut_event *event, struct rebut_event_row *ret)
{
    const size_t count = rebut_event_column_count(event->type);
    for (size_t i = 0; i < count; i++)
        ret->values[i] = give(field_of(event->type, i), event, ret);
}
