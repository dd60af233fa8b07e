/* rebut/image.h -- how can tables that took minutes to make be there at once?
 *
 * An image is a file of sections that are used where they lie: mapped, not read.  All who
 * map it share its pages, and a fork copies no page tables of what nobody writes to.  It
 * is a cache beside what it was made from: whatever does not suit (another build, other
 * sources, damage) is named, and the caller makes its tables anew.
 *
 * A table has one function that walks over its arrays, for writing and for taking, so the
 * two cannot drift apart:
 *
 *     static bool walk(struct rebut_image *image, struct table *t, struct rebut_error
 * *err)
 *     {
 *         uint32_t *numbers[] = {&t->count};
 *         return rebut_image_numbers(image, "table", numbers, 1, err) &&
 *                REBUT_IMAGE_ROWS(image, "table rows", t->rows, t->count, err);
 *     }
 *
 *     write   rebut_image_begin; walk; rebut_image_end
 *     take    rebut_image_open; walk; rebut_image_all_taken
 *     forget  rebut_image_forget; walk (pointers into the image become NULL, so that the
 *             tables are released as ever); rebut_image_release
 *
 * The file, as the machine lays numbers out (refused elsewhere):
 *
 *     head      64 bytes: magic, version, order of bytes, size of a page, build, key
 *     sections  each at a multiple of 64 bytes; those that change on pages of their own
 *     table     an entry a section: name, place, size, size of a record, XXH3-128
 *     foot      64 bytes: where the table is, size of the file, XXH3-128 of head, table
 *               and the rest of the foot
 *
 * The digest of a section is over all bytes since the one before, so each byte of the
 * file is under one digest, and all are checked when it is opened.  They find damage, not
 * malice: an image that others could have written is refused.  The build is the linker's
 * own number of the program (--build-id): code and layout are the writer's.
 */
#ifndef REBUT_IMAGE_H
#define REBUT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"
#include "rebut/grow.h"

#define REBUT_IMAGE_NAME 32

/* What an image was made from.  Zeroed to begin with. */
struct rebut_image_key {
    uint64_t low, high;
};

/* Add the size of a file and its first `most` bytes to *key.  EIO. */
REBUT_MUST_CHECK bool rebut_image_add_file(struct rebut_image_key *key, const char *path,
                                           size_t most, struct rebut_error *err);

struct rebut_image_section {
    char name[REBUT_IMAGE_NAME];
    uint64_t offset, bytes;
    uint32_t record, changes;
    uint64_t low, high;
};

enum rebut_image_mode { REBUT_IMAGE_WRITE, REBUT_IMAGE_TAKE, REBUT_IMAGE_FORGET };

/* Writes `size` bytes; false when it cannot, and it says why elsewhere. */
typedef bool rebut_image_write(void *context, const void *data, size_t size);

struct rebut_image {
    enum rebut_image_mode mode;
    REBUT_ARRAY(struct rebut_image_section) sections;
    struct rebut_image_key key;
    /* Taking. */
    unsigned char *base; /* [size], mapped; NULL: none */
    size_t size;
    uint32_t next; /* section to be taken */
    /* Writing. */
    rebut_image_write *write;
    void *context;
    uint64_t written;
    struct XXH3_state_s *sum; /* owned */
};

/* Begin to write.  Fails with EINPUT where the program has no build id, EIO or ENOMEM. */
REBUT_MUST_CHECK bool rebut_image_begin(struct rebut_image *ret, rebut_image_write *write,
                                        void *context, const struct rebut_image_key *key,
                                        struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_image_end(struct rebut_image *image, struct rebut_error *err);

/* Map and check the whole of `path`.  Fails with EDATA, saying what was expected and what
 * came, EIO or, where there is none, ETRY without words; *ret is then released. */
REBUT_MUST_CHECK bool rebut_image_open(struct rebut_image *ret, const char *path,
                                       const struct rebut_image_key *key,
                                       struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_image_all_taken(const struct rebut_image *image,
                                            struct rebut_error *err);
void rebut_image_forget(struct rebut_image *image);
void rebut_image_release(struct rebut_image *image); /* zeroed is released */

/* ---- for walks ----  Fail with EIO, ENOMEM or, taking what is not there, EDATA. */

/* A value without pointers, copied out. */
REBUT_MUST_CHECK bool rebut_image_value(struct rebut_image *image, const char *name,
                                        void *value, size_t size,
                                        struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_image_numbers(struct rebut_image *image, const char *name,
                                          uint32_t *const *numbers, size_t count,
                                          struct rebut_error *err);

/* `field` is the pointer to `count` rows: read only, in the image.  Changing rows may be
 * written to: a page that is becomes this process's own. */
struct rebut_image_rows {
    const char *name;
    void *field;
    size_t count, size;
    bool changing;
};
REBUT_MUST_CHECK bool rebut_image_rows(struct rebut_image *image,
                                       const struct rebut_image_rows *rows,
                                       struct rebut_error *err);
#define REBUT_IMAGE_ROWS(image, name, pointer, count, err)                               \
    rebut_image_rows((image),                                                            \
                     &(struct rebut_image_rows){(name), &(pointer), (count),             \
                                                sizeof *(pointer), false},               \
                     (err))
#define REBUT_IMAGE_CHANGING(image, name, pointer, count, err)                           \
    rebut_image_rows((image),                                                            \
                     &(struct rebut_image_rows){(name), &(pointer), (count),             \
                                                sizeof *(pointer), true},                \
                     (err))

/* An REBUT_ARRAY of records of `size` bytes; afterwards it cannot grow. */
REBUT_MUST_CHECK bool rebut_image_array(struct rebut_image *image, const char *name,
                                        void *array, size_t size, bool changing,
                                        struct rebut_error *err);
#define REBUT_IMAGE_ARRAY(image, name, array, err)                                       \
    rebut_image_array((image), (name), &(array), sizeof *(array).data, false, (err))

/* Beside a walk: the struct has the members that it knows. */
#define REBUT_IMAGE_KNOWS(type, bytes)                                                   \
    _Static_assert(sizeof(void *) != 8 || sizeof(type) == (bytes),                       \
                   "a member came or went: does the walk visit it?")

/* Not in the image: taking, zeroed memory that free() releases. */
REBUT_MUST_CHECK bool rebut_image_fresh(struct rebut_image *image, void *field,
                                        size_t count, size_t size,
                                        struct rebut_error *err);

/* A section in pieces: written between open and close; taken with what it holds. */
REBUT_MUST_CHECK bool rebut_image_open_section(struct rebut_image *image,
                                               const char *name, size_t size,
                                               bool changing, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_image_piece(struct rebut_image *image, const void *data,
                                        size_t size, struct rebut_error *err);
void rebut_image_close_section(struct rebut_image *image);
REBUT_MUST_CHECK bool rebut_image_take(struct rebut_image *image, const char *name,
                                       size_t size, void **ret_data, size_t *ret_count,
                                       struct rebut_error *err);

#endif
