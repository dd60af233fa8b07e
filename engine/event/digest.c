/* One number for all that an event says. */
#include "field.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Longer texts are stood for by their own hash, so that what is hashed is small
 * whatever the event holds: at most 20 fields of 4 + INLINE_MAX bytes, and photos. */
#define INLINE_MAX 256
#define BYTES_MAX (20 * (4 + INLINE_MAX) + 8 * REBUT_PHOTOS_MAX)

/* What is hashed: each field of the type in the order of the table, fixed-size or
 * with its size in front, so that no two different events spell the same.  Each of the
 * functions below puts something at `to` and gives the place behind it. */

/* memcpy, of a few bytes without a call. */
static inline char *put(char *to, const void *data, size_t size)
{
    const char *from = data;
    if (size >= 8 && size <= 16) {
        uint64_t first, last;
        memcpy(&first, from, 8);
        memcpy(&last, from + size - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + size - 8, &last, 8);
    } else {
        memcpy(to, from, size);
    }
    return to + size;
}

static inline char *put_text(char *to, const struct rebut_text *text)
{
    const uint32_t size = text->data == NULL ? UINT32_MAX : (uint32_t)text->size;
    memcpy(to, &size, sizeof size);
    to += sizeof size;
    if (text->data == NULL)
        return to;
    if (text->size <= INLINE_MAX)
        return put(to, text->data, text->size);
    const uint64_t hash = XXH3_64bits(text->data, text->size);
    memcpy(to, &hash, sizeof hash);
    return to + sizeof hash;
}

static char *put_photos(char *to, const struct rebut_event *event)
{
    const uint32_t count = (uint32_t)event->photo_count;
    memcpy(to, &count, sizeof count);
    return put(to + sizeof count, event->photos,
               (count < REBUT_PHOTOS_MAX ? count : REBUT_PHOTOS_MAX) *
                   sizeof *event->photos);
}

static inline char *put_field(char *to, const struct field *field,
                              const struct rebut_event *event)
{
    const void *place = (const char *)event + field->offset;
    switch (field->kind->shape) {
    case REBUT_SHAPE_TEXT:
        return put_text(to, place);
    case REBUT_SHAPE_INTEGER:
    case REBUT_SHAPE_TIME:
    case REBUT_SHAPE_FRACTION:
        memcpy(to, place, 8);
        return to + 8;
    case REBUT_SHAPE_WORD:
        memcpy(to, place, sizeof(unsigned));
        return to + sizeof(unsigned);
    case REBUT_SHAPE_PHOTOS:
        return put_photos(to, event);
    }
    return to;
}

uint64_t rebut_event_digest(const struct rebut_event *event)
{
    char bytes[BYTES_MAX];
    char *to = put_field(bytes, &rebut_event_field_type, event);
    to = put_field(to, &rebut_event_field_at, event);
    const struct fields *of_type = &rebut_event_fields[event->type];
    for (size_t i = 0; i < of_type->count; i++)
        to = put_field(to, &of_type->fields[i], event);
    return XXH3_64bits(bytes, (size_t)(to - bytes));
}
