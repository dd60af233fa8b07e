/* JSON values into fields of the event. */
#include "limits.h"

static bool wrong_type(struct rebut_refusal *refusal, const struct field *field,
                       const struct rebut_json_value *value)
{
    return rebut_event_refuse(refusal, "wrong_type", field, value);
}

static bool read_string(const struct field *field, const struct rebut_json_value *value,
                        struct rebut_text *ret_text, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_JSON_STRING)
        return wrong_type(refusal, field, value);
    const char *reason = fault_of_size(field->kind, value->text.size);
    if (reason != NULL)
        return rebut_event_refuse(refusal, reason, field, value);
    *ret_text = value->text;
    return true;
}

/* What `size` decimal digits mean, up to eight of them without a loop. */
static inline bool plain_integer(struct rebut_text text, int64_t *ret_integer)
{
    const size_t size = text.size;
    uint64_t digits = 0;
    if (size - 1 > 7 || text.data[0] == '-')
        return rebut_text_int64(text, ret_integer);
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, text.data, 4);
        memcpy(&last, text.data + size - 4, 4);
        digits = le32toh(first) | (uint64_t)le32toh(last) << (size - 4) * 8;
    } else {
        const unsigned char *p = (const unsigned char *)text.data;
        digits = p[0] | (uint64_t)p[size / 2] << size / 2 * 8 |
                 (uint64_t)p[size - 1] << (size - 1) * 8;
    }
    /* Zeros in front; then pairs, fours and all eight in three steps. */
    digits = (digits & UINT64_C(0x0f0f0f0f0f0f0f0f)) << (8 - size) * 8;
    digits = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * 100 + (digits >> 16)) & UINT64_C(0x0000ffff0000ffff);
    *ret_integer = (int64_t)((digits * 10000 + (digits >> 32)) & UINT32_MAX);
    return true;
}

static bool read_integer(const struct field *field, const struct rebut_json_value *value,
                         int64_t *ret_integer, struct rebut_refusal *refusal)
{
    int64_t integer = 0;
    if (value->kind != REBUT_JSON_INTEGER)
        return wrong_type(refusal, field, value);
    if (!plain_integer(value->text, &integer) || !is_within(field->kind, integer))
        return rebut_event_refuse(refusal, "out_of_range", field, value);
    *ret_integer = integer;
    return true;
}

static bool read_time(const struct field *field, const struct rebut_json_value *value,
                      int64_t *ret_time, struct rebut_refusal *refusal)
{
    const int64_t millisecond = REBUT_SECOND / 1000;
    int64_t time = 0;
    bool fits = true;
    if (value->kind == REBUT_JSON_INTEGER) {
        fits = rebut_text_int64(value->text, &time) && time <= INT64_MAX / millisecond &&
               time >= INT64_MIN / millisecond;
        time = fits ? time * millisecond : 0;
    } else if (value->kind != REBUT_JSON_STRING) {
        return wrong_type(refusal, field, value);
    } else if (!rebut_event_time(value->text, &time)) {
        return rebut_event_refuse(refusal, "bad_value", field, value);
    }
    if (!fits || !is_within(field->kind, time))
        return rebut_event_refuse(refusal, "out_of_range", field, value);
    *ret_time = time;
    return true;
}

static bool read_word(const struct field *field, const struct rebut_json_value *value,
                      unsigned *ret_word, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_JSON_STRING)
        return wrong_type(refusal, field, value);
    if (find_word(field->vocabulary, value->text, ret_word))
        return true;
    return rebut_event_refuse(
        refusal, field->key == KEY_TYPE ? "unknown_type" : "bad_value", field, value);
}

static bool read_fraction(const struct field *field, const struct rebut_json_value *value,
                          double *ret_fraction, struct rebut_refusal *refusal)
{
    double fraction = 0;
    if (value->kind != REBUT_JSON_INTEGER && value->kind != REBUT_JSON_REAL)
        return wrong_type(refusal, field, value);
    if (!rebut_text_double(value->text, &fraction) || !is_fraction(fraction))
        return rebut_event_refuse(refusal, "out_of_range", field, value);
    *ret_fraction = fraction;
    return true;
}

/* Read the photos of a well-formed array that is spelled without spaces and escapes;
 * false: it is not. */
static bool plain_photos(struct rebut_text array, struct rebut_event *event)
{
    size_t count = 0;
    for (size_t at = 0; count < REBUT_PHOTOS_MAX && array.size - at >= 20; at += 19) {
        const char *p = array.data + at;
        const struct rebut_text photo = {p + 2, 16};
        if (p[1] != '"' || p[18] != '"' || !find_photo(photo, &event->photos[count]))
            return false;
        count++;
        if (p[19] == ']') {
            event->photo_count = count;
            return true;
        }
    }
    return false;
}

static bool read_photos(const struct field *field, const struct rebut_json_value *value,
                        struct rebut_event *event, struct rebut_refusal *refusal)
{
    if (value->kind != REBUT_JSON_ARRAY)
        return wrong_type(refusal, field, value);
    if (plain_photos(value->text, event))
        return true;
    struct rebut_json json; /* over what is known to be well-formed */
    struct rebut_json_value item;
    char digits[16]; /* of a photo that is spelled with escapes */
    rebut_json_init(&json, value->text, 1);
    json.room = digits;
    json.room_size = sizeof digits;
    event->photo_count = 0;
    if (!rebut_json_open(&json, REBUT_JSON_ARRAY))
        return wrong_type(refusal, field, value);
    while (rebut_json_next(&json)) {
        if (event->photo_count == REBUT_PHOTOS_MAX)
            return rebut_event_refuse(refusal, "too_long", field, value);
        json.room_used = 0;
        if (rebut_json_peek(&json) != REBUT_JSON_STRING)
            return wrong_type(refusal, field, value);
        if (!rebut_json_value(&json, &item))
            return rebut_event_refuse(refusal, "bad_value", field, value);
        if (!find_photo(item.text, &event->photos[event->photo_count]))
            return rebut_event_refuse(refusal, "bad_value", field, &item);
        event->photo_count++;
    }
    return true;
}

static inline bool read_value(const struct field *field,
                              const struct rebut_json_value *value,
                              struct rebut_event *event, struct rebut_refusal *refusal)
{
    void *place = (char *)event + field->offset;
    switch (field->kind->shape) {
    case REBUT_SHAPE_TEXT:
        return read_string(field, value, place, refusal);
    case REBUT_SHAPE_INTEGER:
        return read_integer(field, value, place, refusal);
    case REBUT_SHAPE_TIME:
        return read_time(field, value, place, refusal);
    case REBUT_SHAPE_WORD:
        return read_word(field, value, place, refusal);
    case REBUT_SHAPE_PHOTOS:
        return read_photos(field, value, event, refusal);
    case REBUT_SHAPE_FRACTION:
        return read_fraction(field, value, place, refusal);
    }
    return false;
}

static inline bool read_field(const struct field *field, const struct members *members,
                              struct rebut_event *event, struct rebut_refusal *refusal)
{
    const uint64_t bit = UINT64_C(1) << field->key;
    if ((members->seen & bit) == 0)
        return !field->mandatory || rebut_event_refuse_missing(refusal, field);
    if ((members->repeated & bit) != 0)
        return rebut_event_refuse_repeated(refusal, field);
    return read_value(field, &members->values[field->key], event, refusal);
}

bool rebut_event_read_field(const struct field *field, const struct members *members,
                            struct rebut_event *event, struct rebut_refusal *refusal)
{
    return read_field(field, members, event, refusal);
}

bool rebut_event_read_fields(const struct fields *fields, const struct members *members,
                             struct rebut_event *event, struct rebut_refusal *refusal)
{
    for (size_t i = 0; i < fields->count; i++)
        if (!read_field(&fields->fields[i], members, event, refusal))
            return false;
    return true;
}
