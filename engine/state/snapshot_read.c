/* Header and sections out of a file.  What is read is believed only as far as it was
 * checked: sizes against the file's before anything is allocated, each section against
 * its checksum, all rows against each other at the end. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot_parts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define BUFFER ((size_t)1 << 16)
#define AHEAD 16 /* ids whose slots are asked for together */

struct source {
    int fd;
    XXH3_state_t sum; /* of what was taken of the section */
    uint64_t left;    /* bytes of the section that were not */
    size_t at, filled;
    unsigned char buffer[BUFFER];
    char ids[SNAPSHOT_BLOCK * REBUT_LABEL_MAX];
    struct snapshot_header header;
};

/* ---- bytes ---- */

/* Up to `size` bytes: fewer only at the end of the file. */
static bool read_bytes(int fd, void *data, size_t size, size_t *ret_got,
                       struct rebut_error *err)
{
    *ret_got = 0;
    while (*ret_got < size) {
        const ssize_t got = read(fd, (char *)data + *ret_got, size - *ret_got);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return rebut_fail(err, REBUT_EIO, "cannot read: %s", strerror(errno));
        if (got > 0)
            *ret_got += (size_t)got;
    }
    return true;
}

static bool fail_end(struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EDATA, "the file ended while it was being read");
}

/* The next bytes of the section. */
static bool take(struct source *source, void *data, size_t size, struct rebut_error *err)
{
    size_t got = 0;
    if (size > source->left)
        return rebut_fail(err, REBUT_EDATA,
                          "it ends within an entry: expected %zu bytes, came %" PRIu64,
                          size, source->left);
    while (got < size) {
        size_t here = source->filled - source->at;
        if (here == 0 && size - got >= BUFFER) {
            if (!read_bytes(source->fd, (char *)data + got, size - got, &here, err))
                return false;
            if (here < size - got)
                return fail_end(err);
        } else if (here == 0) {
            source->at = 0;
            if (!read_bytes(source->fd, source->buffer, BUFFER, &source->filled, err))
                return false;
            if (source->filled == 0)
                return fail_end(err);
            continue;
        } else {
            here = here < size - got ? here : size - got;
            memcpy((char *)data + got, source->buffer + source->at, here);
            source->at += here;
        }
        got += here;
    }
    if (size > 0)
        XXH3_128bits_update(&source->sum, data, size);
    source->left -= size;
    return true;
}

/* ---- what a section holds ---- */

static bool read_rows(struct source *source, const struct snapshot_section *section,
                      struct snapshot_array *ret, struct rebut_error *err)
{
    if (section->count == 0)
        return true;
    ret->data = malloc(section->bytes);
    if (ret->data == NULL)
        return rebut_fail_memory(err, "the rows of a snapshot");
    ret->room = section->count;
    if (!take(source, ret->data, section->bytes, err))
        return false;
    ret->count = section->count;
    return true;
}

/* Ids of a block into the table, some at a time so that misses of the cache overlap. */
static bool add_ids(struct rebut_intern *ids, const unsigned char *sizes, uint32_t count,
                    const char *bytes, struct rebut_error *err)
{
    for (uint32_t start = 0; start < count; start += AHEAD) {
        const uint32_t here = count - start < AHEAD ? count - start : AHEAD;
        struct rebut_text texts[AHEAD];
        uint64_t hashes[AHEAD];
        for (uint32_t i = 0; i < here; i++) {
            texts[i] = (struct rebut_text){bytes, sizes[start + i]};
            bytes += texts[i].size;
            hashes[i] = rebut_intern_hash(ids, texts[i]);
            rebut_intern_prefetch(ids, hashes[i]);
        }
        for (uint32_t i = 0; i < here; i++) {
            const uint32_t expected = ids->count;
            uint32_t index = 0;
            if (!rebut_intern_put(ids, texts[i], hashes[i], &index, err))
                return false;
            if (index != expected)
                return rebut_fail(err, REBUT_EDATA,
                                  "entry %" PRIu32 " repeats entry %" PRIu32, expected,
                                  index);
        }
    }
    return true;
}

/* All of a block at once, which is much cheaper: then each id is UTF-8 if none begins
 * within a character. */
static bool ids_are_fine(const unsigned char *sizes, uint32_t count, const char *bytes,
                         size_t size)
{
    size_t at = 0;
    for (uint32_t i = 0; i < count; at += sizes[i++])
        if (((unsigned char)bytes[at] & 0xc0) == 0x80)
            return false;
    return rebut_snapshot_text_is_fine((struct rebut_text){bytes, size}, size);
}

static bool read_ids(struct source *source, const struct snapshot_section *section,
                     const struct snapshot_part *part, struct rebut_intern *ids,
                     struct rebut_error *err)
{
    unsigned char sizes[SNAPSHOT_BLOCK];
    if (!rebut_intern_reserve(ids, section->count, err))
        return false;
    while (ids->count < section->count) {
        const uint32_t left = section->count - ids->count;
        const uint32_t here = left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK;
        size_t bytes = 0;
        if (!take(source, sizes, here, err))
            return false;
        for (uint32_t i = 0; i < here; i++) {
            if (sizes[i] < 1 || sizes[i] > part->text_max)
                return rebut_fail(err, REBUT_EDATA,
                                  "entry %" PRIu32 " has %u bytes, expected 1 to %zu",
                                  ids->count + i, sizes[i], part->text_max);
            bytes += sizes[i];
        }
        if (!take(source, source->ids, bytes, err))
            return false;
        if (!ids_are_fine(sizes, here, source->ids, bytes))
            return rebut_fail(err, REBUT_EDATA,
                              "expected UTF-8 without NUL in entries %" PRIu32
                              " to %" PRIu32,
                              ids->count, ids->count + here - 1);
        if (!add_ids(ids, sizes, here, source->ids, err))
            return false;
    }
    return true;
}

static bool read_text(struct source *source, const struct snapshot_part *part,
                      uint32_t size, struct rebut_text *ret, struct rebut_error *err)
{
    if (size == 0)
        return true;
    if (size > part->text_max || size > source->left)
        return rebut_fail(err, REBUT_EDATA,
                          "a text has %" PRIu32 " bytes, expected at most %zu", size,
                          part->text_max);
    char *copy = malloc(size);
    if (copy == NULL)
        return rebut_fail_memory(err, "a text of a snapshot");
    *ret = (struct rebut_text){copy, size}; /* freed with the array */
    if (!take(source, copy, size, err))
        return false;
    return rebut_snapshot_text_is_fine(*ret, part->text_max) ||
           rebut_fail(err, REBUT_EDATA, "expected a text of UTF-8 without NUL");
}

static bool read_texts(struct source *source, const struct snapshot_section *section,
                       const struct snapshot_part *part, struct snapshot_array *ret,
                       struct rebut_error *err)
{
    uint32_t sizes[SNAPSHOT_BLOCK];
    if (section->count == 0)
        return true;
    struct rebut_text *texts = calloc(section->count, sizeof *texts);
    ret->data = texts;
    if (texts == NULL)
        return rebut_fail_memory(err, "the texts of a snapshot");
    ret->room = ret->count = section->count;
    for (uint32_t start = 0; start < section->count; start += SNAPSHOT_BLOCK) {
        const uint32_t left = section->count - start;
        const uint32_t here = left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK;
        if (!take(source, sizes, here * sizeof *sizes, err))
            return false;
        for (uint32_t i = 0; i < here; i++)
            if (!read_text(source, part, sizes[i], &texts[start + i], err))
                return false;
    }
    return true;
}

static bool read_part(struct source *source, const struct snapshot_section *section,
                      const struct snapshot_part *part, void *place,
                      struct rebut_error *err)
{
    if (part->kind == SNAPSHOT_IDS)
        return read_ids(source, section, part, place, err);
    struct snapshot_array array = {0};
    const bool ok = part->kind == SNAPSHOT_ROWS
                        ? read_rows(source, section, &array, err)
                        : read_texts(source, section, part, &array, err);
    memcpy(place, &array, sizeof array);
    return ok;
}

static bool drain(struct source *source, struct rebut_error *err)
{
    while (source->left > 0) {
        const size_t here =
            source->left < sizeof source->ids ? (size_t)source->left : sizeof source->ids;
        if (!take(source, source->ids, here, err))
            return false;
    }
    return true;
}

/* A section, and its checksum.  Where bytes make no sense it is damage that caused it,
 * most likely, so the checksum speaks first. */
static bool read_section(struct source *source, int number, void *place,
                         struct rebut_error *err)
{
    const struct snapshot_section *section = &source->header.sections[number];
    const struct snapshot_part *part = &rebut_snapshot_parts[number];
    struct rebut_error why = {0};
    XXH3_128bits_reset(&source->sum);
    source->left = section->bytes;
    const bool ok = read_part(source, section, part, place, &why);
    if (!ok && why.code != REBUT_EDATA)
        return rebut_fail(err, why.code, "%s", why.message);
    const uint64_t more = source->left;
    if (!drain(source, err))
        return rebut_fail_context(err, "section '%s'", part->name);
    const XXH128_hash_t sum = XXH3_128bits_digest(&source->sum);
    const struct snapshot_checksum *expected = &section->checksum;
    if (sum.low64 != expected->low || sum.high64 != expected->high)
        return rebut_fail(err, REBUT_EDATA,
                          "section '%s' is damaged: expected checksum %016" PRIx64
                          "%016" PRIx64 ", came %016" PRIx64 "%016" PRIx64,
                          part->name, expected->high, expected->low, sum.high64,
                          sum.low64);
    if (!ok)
        return rebut_fail(err, REBUT_EDATA, "section '%s': %s", part->name, why.message);
    return more == 0 || rebut_fail(err, REBUT_EDATA,
                                   "section '%s' has %" PRIu64
                                   " bytes behind its %" PRIu32 " entries, expected none",
                                   part->name, more, section->count);
}

static bool read_extra(struct source *source, struct rebut_snapshot_about *about,
                       struct rebut_error *err)
{
    struct snapshot_checksum expected;
    const size_t size = (size_t)rebut_snapshot_extra(&source->header) - sizeof expected;
    XXH3_128bits_reset(&source->sum);
    source->left = size + sizeof expected;
    if (!REBUT_ARRAY_MORE(&about->extra, size, "bytes of a snapshot", err) ||
        !take(source, about->extra.data, size, err) ||
        !take(source, &expected, sizeof expected, err))
        return false;
    about->extra.count = (uint32_t)size;
    const struct snapshot_checksum came = rebut_snapshot_sum(about->extra.data, size);
    return memcmp(&came, &expected, sizeof came) == 0 ||
           rebut_fail(err, REBUT_EDATA,
                      "expected checksum %016" PRIx64 "%016" PRIx64 ", came %016" PRIx64
                      "%016" PRIx64,
                      expected.high, expected.low, came.high, came.low);
}

/* ---- the file ---- */

static bool read_open(struct source *source, struct rebut_state *state,
                      struct rebut_snapshot_about *about, struct rebut_error *err)
{
    struct stat there;
    size_t got = 0;
    if (fstat(source->fd, &there) != 0)
        return rebut_fail(err, REBUT_EIO, "%s", strerror(errno));
    if (!S_ISREG(there.st_mode))
        return rebut_fail(err, REBUT_EIO, "expected a regular file");
    if (!read_bytes(source->fd, &source->header, sizeof source->header, &got, err) ||
        !rebut_snapshot_check_header(&source->header, got, (uint64_t)there.st_size,
                                     err) ||
        !rebut_snapshot_take_header(&source->header, state, about, err))
        return false;
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const struct snapshot_part *part = &rebut_snapshot_parts[i];
        char *base = part->kind == SNAPSHOT_WAITING ? (char *)about : (char *)state;
        if (!read_section(source, i, base + part->offset, err))
            return false;
    }
    if (source->header.extra != 0 && !read_extra(source, about, err))
        return rebut_fail_context(err, "the bytes behind the sections");
    return rebut_snapshot_check(state, about, err);
}

bool rebut_snapshot_read(const char *path, struct rebut_state *state,
                         struct rebut_snapshot_about *ret_about, struct rebut_error *err)
{
    const uint64_t seed = state->order_ids.seed;
    *ret_about = (struct rebut_snapshot_about){0};
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return rebut_fail_memory(err, "reading a snapshot");
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool ok = source->fd >= 0 ? read_open(source, state, ret_about, err)
                              : rebut_fail(err, REBUT_EIO, "%s", strerror(errno));
    if (source->fd >= 0)
        close(source->fd);
    free(source);
    if (ok)
        return true;
    rebut_state_release(state);
    rebut_state_init(state, seed);
    rebut_snapshot_about_release(ret_about);
    return rebut_fail_context(err, "cannot use snapshot '%s'", path);
}
