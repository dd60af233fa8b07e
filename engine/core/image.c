/* The walk over an image: the same calls write a table and take it. */
#include "rebut/image.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool rebut_image_take(struct rebut_image *image, const char *name, size_t size,
                      void **ret_data, size_t *ret_count, struct rebut_error *err)
{
    const uint32_t next = image->next;
    if (next >= image->sections.count)
        return rebut_fail(err, REBUT_EDATA, "expected a section '%s', came the end",
                          name);
    const struct rebut_image_section *section = &image->sections.data[next];
    if (strncmp(section->name, name, REBUT_IMAGE_NAME) != 0 || section->record != size)
        return rebut_fail(err, REBUT_EDATA,
                          "expected a section '%s' of %zu bytes each, came '%.31s' of "
                          "%" PRIu32,
                          name, size, section->name, section->record);
    image->next++;
    *ret_data = image->base + section->offset;
    *ret_count = section->bytes / size;
    return true;
}

bool rebut_image_all_taken(const struct rebut_image *image, struct rebut_error *err)
{
    return image->next + 1 == image->sections.count ||
           rebut_fail(err, REBUT_EDATA, "expected %" PRIu32 " sections, came %" PRIu32,
                      image->next + 1, image->sections.count);
}

void rebut_image_forget(struct rebut_image *image)
{
    image->mode = REBUT_IMAGE_FORGET;
}

static bool write_rows(struct rebut_image *image, const struct rebut_image_rows *rows,
                       const void *data, struct rebut_error *err)
{
    if (!rebut_image_open_section(image, rows->name, rows->size, rows->changing, err) ||
        !rebut_image_piece(image, data, rows->count * rows->size, err))
        return false;
    rebut_image_close_section(image);
    return true;
}

bool rebut_image_rows(struct rebut_image *image, const struct rebut_image_rows *rows,
                      struct rebut_error *err)
{
    void *data = NULL;
    size_t count = rows->count;
    memcpy(&data, rows->field, sizeof data);
    if (image->mode == REBUT_IMAGE_WRITE)
        return write_rows(image, rows, data, err);
    data = NULL;
    if (image->mode == REBUT_IMAGE_TAKE &&
        !rebut_image_take(image, rows->name, rows->size, &data, &count, err))
        return false;
    if (count != rows->count)
        return rebut_fail(err, REBUT_EDATA, "section '%s': expected %zu rows, came %zu",
                          rows->name, rows->count, count);
    memcpy(rows->field, &data, sizeof data);
    return true;
}

/* Any REBUT_ARRAY, copied out of its struct and back. */
struct array {
    void *data;
    uint32_t count, room;
};

bool rebut_image_array(struct rebut_image *image, const char *name, void *array,
                       size_t size, bool changing, struct rebut_error *err)
{
    struct array own;
    size_t count = 0;
    memcpy(&own, array, sizeof own);
    const struct rebut_image_rows rows = {name, &own.data, own.count, size, changing};
    if (image->mode == REBUT_IMAGE_WRITE)
        return write_rows(image, &rows, own.data, err);
    own = (struct array){0};
    if (image->mode == REBUT_IMAGE_TAKE &&
        !rebut_image_take(image, name, size, &own.data, &count, err))
        return false;
    if (count >= UINT32_MAX)
        return rebut_fail(err, REBUT_EDATA, "section '%s' has too many rows", name);
    own.count = own.room = (uint32_t)count;
    memcpy(array, &own, sizeof own);
    return true;
}

bool rebut_image_value(struct rebut_image *image, const char *name, void *value,
                       size_t size, struct rebut_error *err)
{
    void *data = value;
    const struct rebut_image_rows rows = {name, &data, 1, size, false};
    if (image->mode == REBUT_IMAGE_FORGET)
        return true;
    if (!rebut_image_rows(image, &rows, err))
        return false;
    if (image->mode == REBUT_IMAGE_TAKE)
        memcpy(value, data, size);
    return true;
}

bool rebut_image_numbers(struct rebut_image *image, const char *name,
                         uint32_t *const *numbers, size_t count, struct rebut_error *err)
{
    uint32_t all[16];
    if (count > sizeof all / sizeof *all)
        return rebut_fail(err, REBUT_EINPUT, "too many numbers in '%s'", name);
    for (size_t i = 0; i < count; i++)
        all[i] = *numbers[i];
    if (!rebut_image_value(image, name, all, count * sizeof *all, err))
        return false;
    for (size_t i = 0; i < count; i++)
        *numbers[i] = all[i];
    return true;
}

bool rebut_image_fresh(struct rebut_image *image, void *field, size_t count, size_t size,
                       struct rebut_error *err)
{
    if (image->mode != REBUT_IMAGE_TAKE)
        return true;
    void *data = calloc(count + 1, size);
    if (data == NULL)
        return rebut_fail_memory(err, "what an image leaves out");
    memcpy(field, &data, sizeof data);
    return true;
}
