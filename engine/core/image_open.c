/* An image mapped, and everything in it checked. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "image_parts.h"

void rebut_image_release(struct rebut_image *image)
{
    if (image->base != NULL)
        munmap(image->base, image->size);
    free(image->sections.data);
    free(image->sum);
    *image = (struct rebut_image){0};
}

static bool expect(const char *what, uint64_t came, uint64_t expected,
                   struct rebut_error *err)
{
    return came == expected ||
           rebut_fail(err, REBUT_EDATA, "%s: expected %" PRIu64 ", came %" PRIu64, what,
                      expected, came);
}

static bool check_head(const struct image_head *head, const struct rebut_image_key *key,
                       struct rebut_error *err)
{
    struct image_head own;
    if (!rebut_image_head(key, &own, err))
        return false;
    if (memcmp(head->magic, own.magic, sizeof own.magic) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "expected an image of rebut, came other bytes");
    if (!expect("version of the format", head->version, own.version, err) ||
        !expect("order of bytes", head->order, own.order, err) ||
        !expect("bytes of a page", head->page, own.page, err) ||
        !expect("bytes of an entry", head->section_size, own.section_size, err))
        return false;
    if (memcmp(head->build, own.build, sizeof own.build) != 0)
        return rebut_fail(err, REBUT_EDATA, "another build of the program wrote it");
    return memcmp(&head->key, key, sizeof *key) == 0 ||
           rebut_fail(err, REBUT_EDATA, "it was made from other sources than these");
}

/* Copy the table out of a file whose foot fits it. */
static bool take_table(struct rebut_image *image, struct rebut_error *err)
{
    struct image_head head;
    struct image_foot foot;
    memcpy(&head, image->base, sizeof head);
    memcpy(&foot, image->base + image->size - sizeof foot, sizeof foot);
    if (memcmp(foot.magic, IMAGE_MAGIC, sizeof foot.magic) != 0)
        return rebut_fail(err, REBUT_EDATA, "it is cut short or damaged at its end");
    if (!expect("bytes of the file", image->size, foot.file_size, err))
        return false;
    const size_t ends = sizeof head + sizeof foot;
    if (foot.sections > IMAGE_SECTIONS ||
        foot.sections * sizeof *image->sections.data > image->size - ends ||
        foot.table !=
            image->size - sizeof foot - foot.sections * sizeof *image->sections.data)
        return rebut_fail(err, REBUT_EDATA, "its table of sections is damaged");
    if (!REBUT_ARRAY_MORE(&image->sections, foot.sections, "sections", err))
        return false;
    image->sections.count = foot.sections;
    memcpy(image->sections.data, image->base + foot.table,
           foot.sections * sizeof *image->sections.data);
    const struct rebut_image_key sum =
        rebut_image_sum(&head, image->sections.data, &foot);
    return (sum.low == foot.low && sum.high == foot.high) ||
           rebut_fail(err, REBUT_EDATA, "its head, table or foot is damaged");
}

static bool check_sections(const struct rebut_image *image, struct rebut_error *err)
{
    uint64_t at = sizeof(struct image_head);
    const uint64_t end = image->size - sizeof(struct image_foot) -
                         image->sections.count * sizeof *image->sections.data;
    for (uint32_t i = 0; i < image->sections.count; i++) {
        const struct rebut_image_section *section = &image->sections.data[i];
        if (section->offset < at || section->offset > end ||
            section->bytes > end - section->offset ||
            section->offset %
                    (section->changes ? (uint64_t)sysconf(_SC_PAGESIZE) : IMAGE_ALIGN) !=
                0 ||
            section->record == 0 || section->bytes % section->record != 0)
            return rebut_fail(err, REBUT_EDATA, "section '%.31s' has no place",
                              section->name);
        const uint64_t to = section->offset + section->bytes;
        const XXH128_hash_t sum = XXH3_128bits(image->base + at, to - at);
        if (sum.low64 != section->low || sum.high64 != section->high)
            return rebut_fail(err, REBUT_EDATA, "section '%.31s' is damaged",
                              section->name);
        at = to;
    }
    return expect("bytes before the table", at, end, err);
}

/* Those that change may be written to: this process alone sees it. */
static bool unlock_changing(const struct rebut_image *image, struct rebut_error *err)
{
    for (uint32_t i = 0; i < image->sections.count; i++) {
        const struct rebut_image_section *section = &image->sections.data[i];
        if (section->changes && section->bytes > 0 &&
            mprotect(image->base + section->offset, section->bytes,
                     PROT_READ | PROT_WRITE) != 0)
            return rebut_fail(err, REBUT_EIO, "cannot map it: %s", strerror(errno));
    }
    return true;
}

/* Is it a file that nobody but its owner, who is we or root, can write to? */
static bool check_owner(const struct stat *status, struct rebut_error *err)
{
    const size_t least = sizeof(struct image_head) + sizeof(struct image_foot);
    if (!S_ISREG(status->st_mode) || (uint64_t)status->st_size < least)
        return rebut_fail(err, REBUT_EDATA, "expected a file of at least %zu bytes",
                          least);
    return ((status->st_uid == geteuid() || status->st_uid == 0) &&
            (status->st_mode & (S_IWGRP | S_IWOTH)) == 0) ||
           rebut_fail(err, REBUT_EDATA, "others can write to it");
}

static bool map(struct rebut_image *image, int fd, struct rebut_error *err)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return rebut_fail(err, REBUT_EIO, "cannot look at it: %s", strerror(errno));
    if (!check_owner(&status, err))
        return false;
    image->size = (size_t)status.st_size;
    void *base = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (base == MAP_FAILED)
        return rebut_fail(err, REBUT_EIO, "cannot map it: %s", strerror(errno));
    image->base = base;
    (void)madvise(base, image->size, MADV_WILLNEED);
    return true;
}

bool rebut_image_open(struct rebut_image *ret, const char *path,
                      const struct rebut_image_key *key, struct rebut_error *err)
{
    *ret = (struct rebut_image){.mode = REBUT_IMAGE_TAKE, .key = *key};
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return rebut_fail(err, REBUT_ETRY, "%s", "");
    if (fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    struct image_head head;
    bool ok = map(ret, fd, err);
    close(fd);
    if (ok)
        memcpy(&head, ret->base, sizeof head);
    ok = ok && check_head(&head, key, err) && take_table(ret, err) &&
         check_sections(ret, err) && unlock_changing(ret, err);
    if (!ok)
        rebut_image_release(ret);
    return ok;
}
