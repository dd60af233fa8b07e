/* One number for all that an event says. */
#include "field.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Longer texts are stood for by their own hash, so that what is hashed is small
 * whatever the event holds: at most 20 fields of 4 + INLINE_MAX bytes, and photos. */
#define INLINE_MAX 256
#define BYTES_MAX (20 * (4 + INLINE_MAX) + 8 * REBUT_PHOTOS_MAX)

/* What is hashed: each field of the type in the order of the table, fixed-size or
 * with its size in front, so that no two different events spell the same. */
struct bytes {
    char data[BYTES_MAX];
    size_t size;
};

static void put(struct bytes *bytes, const void *data, size_t size)
{
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

static void put_text(struct bytes *bytes, const struct rebut_text *text)
{
    const uint32_t size = text->data == NULL ? UINT32_MAX : (uint32_t)text->size;
    put(bytes, &size, sizeof size);
    if (text->data == NULL)
        return;
    if (text->size <= INLINE_MAX) {
        put(bytes, text->data, text->size);
        return;
    }
    const uint64_t hash = XXH3_64bits(text->data, text->size);
    put(bytes, &hash, sizeof hash);
}

static void put_field(struct bytes *bytes, const struct field *field,
                      const struct rebut_event *event)
{
    const void *place = (const char *)event + field->offset;
    switch (field->kind->shape) {
    case SHAPE_STRING:
        put_text(bytes, place);
        return;
    case SHAPE_INTEGER:
    case SHAPE_TIME:
    case SHAPE_FRACTION:
        put(bytes, place, 8);
        return;
    case SHAPE_WORD:
        put(bytes, place, sizeof(unsigned));
        return;
    case SHAPE_PHOTOS: {
        const uint32_t count = (uint32_t)event->photo_count;
        put(bytes, &count, sizeof count);
        put(bytes, event->photos,
            (count < REBUT_PHOTOS_MAX ? count : REBUT_PHOTOS_MAX) *
                sizeof *event->photos);
        return;
    }
    }
}

uint64_t rebut_event_digest(const struct rebut_event *event)
{
    struct bytes bytes;
    bytes.size = 0;
    put_field(&bytes, &rebut_event_field_type, event);
    put_field(&bytes, &rebut_event_field_at, event);
    const struct fields *of_type = &rebut_event_fields[event->type];
    for (size_t i = 0; i < of_type->count; i++)
        put_field(&bytes, &of_type->fields[i], event);
    return XXH3_64bits(bytes.data, bytes.size);
}
