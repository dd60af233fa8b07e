/* Cells of COPY BINARY as values of the contract's columns. */
#include "rebut/time.h"
#include "store_events_parts.h"

/* PostgreSQL counts microseconds from 2000-01-01, and has infinities at both ends. */
#define EPOCH_US (INT64_C(946684800) * REBUT_SECOND)

static bool take_integer(struct cell cell, struct rebut_value *ret_value)
{
    ret_value->kind = REBUT_VALUE_INTEGER;
    if (cell.size == 8)
        ret_value->integer = load_64(cell.data);
    else if (cell.size == 4)
        ret_value->integer = load_32(cell.data);
    else if (cell.size == 2)
        ret_value->integer = load_16(cell.data);
    else
        return false;
    return true;
}

static bool take_time(struct cell cell, struct rebut_value *ret_value)
{
    if (cell.size != 8)
        return false;
    const int64_t time = load_64(cell.data);
    ret_value->kind = REBUT_VALUE_TIME;
    /* Beyond the year 294,246 a time is as good as infinite. */
    ret_value->time = time == INT64_MIN             ? INT64_MIN
                      : time > INT64_MAX - EPOCH_US ? INT64_MAX
                                                    : time + EPOCH_US;
    return true;
}

static bool take_real(struct cell cell, struct rebut_value *ret_value)
{
    ret_value->kind = REBUT_VALUE_REAL;
    if (cell.size == 8) {
        const int64_t bits = load_64(cell.data);
        memcpy(&ret_value->real, &bits, sizeof bits);
    } else if (cell.size == 4) {
        const int32_t bits = load_32(cell.data);
        float real;
        memcpy(&real, &bits, sizeof real);
        ret_value->real = (double)real;
    } else {
        return false;
    }
    return true;
}

/* An array: dimensions, flags, type of the elements; of each dimension its size and first
 * index; then the elements.  One more than may be there is enough to know that there are
 * too many; of several dimensions the elements are taken as they come. */
static bool take_texts(struct cell cell, struct rebut_text photos[REBUT_PHOTOS_MAX + 1],
                       struct rebut_value *ret_value)
{
    const char *at = cell.data, *end = cell.data + cell.size;
    int64_t elements = 1;
    if (end - at < 12)
        return false;
    const int32_t dimensions = load_32(at);
    at += 12;
    if (dimensions < 0 || dimensions > 6 || end - at < 8 * dimensions)
        return false;
    for (int i = 0; i < dimensions; i++, at += 8) {
        const int32_t size = load_32(at);
        if (size < 0)
            return false;
        elements = size > REBUT_PHOTOS_MAX || elements * size > REBUT_PHOTOS_MAX
                       ? REBUT_PHOTOS_MAX + 1
                       : elements * size;
    }
    const size_t count = dimensions == 0 ? 0 : (size_t)elements;
    for (size_t i = 0; i < count; i++) {
        if (end - at < 4)
            return false;
        const int32_t size = load_32(at);
        at += 4;
        if (size < -1 || (size > 0 && end - at < size))
            return false;
        photos[i] = size < 0 ? (struct rebut_text){NULL, 0}
                             : (struct rebut_text){at, (size_t)size};
        at += size > 0 ? size : 0;
    }
    *ret_value =
        (struct rebut_value){.kind = REBUT_VALUE_TEXTS, .texts = {photos, count}};
    return true;
}

static inline bool take(enum rebut_shape shape, struct cell cell,
                        struct rebut_text photos[REBUT_PHOTOS_MAX + 1],
                        struct rebut_value *ret_value)
{
    if (cell.size < 0) {
        ret_value->kind = REBUT_VALUE_NULL;
        return true;
    }
    switch (shape) {
    case REBUT_SHAPE_TEXT:
    case REBUT_SHAPE_WORD:
        ret_value->kind = REBUT_VALUE_TEXT;
        ret_value->text = (struct rebut_text){cell.data, (size_t)cell.size};
        return true;
    case REBUT_SHAPE_INTEGER:
        return take_integer(cell, ret_value);
    case REBUT_SHAPE_TIME:
        return take_time(cell, ret_value);
    case REBUT_SHAPE_PHOTOS:
        return take_texts(cell, photos, ret_value);
    case REBUT_SHAPE_FRACTION:
        return take_real(cell, ret_value);
    }
    return false;
}

bool rebut_store_values(const struct relation *relation, const struct cell *cells,
                        struct rebut_value *ret_values,
                        struct rebut_text photos[REBUT_PHOTOS_MAX + 1])
{
    for (int i = 0; i < relation->count; i++)
        if (!take((enum rebut_shape)relation->shapes[i], cells[i], photos,
                  &ret_values[relation->columns[i]]))
            return false;
    return true;
}
