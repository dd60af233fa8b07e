/* An image written, section by section, from front to end. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "image_parts.h"

static bool put(struct rebut_image *image, const void *data, size_t size,
                struct rebut_error *err)
{
    image->written += size;
    return size == 0 || image->write(image->context, data, size) ||
           rebut_fail(err, REBUT_EIO, "cannot write the image");
}

bool rebut_image_begin(struct rebut_image *ret, rebut_image_write *write, void *context,
                       const struct rebut_image_key *key, struct rebut_error *err)
{
    struct image_head head;
    *ret = (struct rebut_image){
        .mode = REBUT_IMAGE_WRITE, .key = *key, .write = write, .context = context};
    if (!rebut_image_head(key, &head, err))
        return false;
    ret->sum = aligned_alloc(64, (sizeof *ret->sum + 63) / 64 * 64);
    if (ret->sum == NULL)
        return rebut_fail_memory(err, "an image");
    if (put(ret, &head, sizeof head, err))
        return true;
    rebut_image_release(ret);
    return false;
}

bool rebut_image_piece(struct rebut_image *image, const void *data, size_t size,
                       struct rebut_error *err)
{
    if (size == 0)
        return true;
    XXH3_128bits_update(image->sum, data, size);
    return put(image, data, size, err);
}

/* Zeros up to a multiple of `align`. */
static bool pad(struct rebut_image *image, size_t align, struct rebut_error *err)
{
    static const unsigned char zeros[512];
    while (image->written % align != 0) {
        const size_t left = align - image->written % align;
        if (!rebut_image_piece(image, zeros, left < sizeof zeros ? left : sizeof zeros,
                               err))
            return false;
    }
    return true;
}

bool rebut_image_open_section(struct rebut_image *image, const char *name, size_t size,
                              bool changing, struct rebut_error *err)
{
    const uint32_t count = image->sections.count;
    const bool after_changing = count > 0 && image->sections.data[count - 1].changes;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (count == IMAGE_SECTIONS || strlen(name) >= REBUT_IMAGE_NAME)
        return rebut_fail(err, REBUT_EINPUT, "no room for the section '%s'", name);
    XXH3_128bits_reset(image->sum);
    if (!REBUT_ARRAY_MORE(&image->sections, 1, "sections", err) ||
        !pad(image, changing || after_changing ? page : IMAGE_ALIGN, err))
        return false;
    struct rebut_image_section *section = &image->sections.data[image->sections.count++];
    *section = (struct rebut_image_section){
        .offset = image->written, .record = (uint32_t)size, .changes = changing};
    memcpy(section->name, name, strlen(name));
    return true;
}

void rebut_image_close_section(struct rebut_image *image)
{
    struct rebut_image_section *section =
        &image->sections.data[image->sections.count - 1];
    const XXH128_hash_t sum = XXH3_128bits_digest(image->sum);
    section->bytes = image->written - section->offset;
    section->low = sum.low64;
    section->high = sum.high64;
}

bool rebut_image_end(struct rebut_image *image, struct rebut_error *err)
{
    struct image_head head;
    /* An empty section, so that the bytes before the table are under a digest. */
    if (!rebut_image_open_section(image, "end", 1, false, err))
        return false;
    rebut_image_close_section(image);
    struct image_foot foot = {.table = image->written, .sections = image->sections.count};
    memcpy(foot.magic, IMAGE_MAGIC, sizeof foot.magic);
    const size_t table = foot.sections * sizeof *image->sections.data;
    foot.file_size = foot.table + table + sizeof foot;
    if (!rebut_image_head(&image->key, &head, err))
        return false;
    const struct rebut_image_key sum =
        rebut_image_sum(&head, image->sections.data, &foot);
    foot.low = sum.low;
    foot.high = sum.high;
    return put(image, image->sections.data, table, err) &&
           put(image, &foot, sizeof foot, err);
}
