/* The ends of an image file, which its writer and its reader share. */
#ifndef REBUT_CORE_IMAGE_PARTS_H
#define REBUT_CORE_IMAGE_PARTS_H

#include "rebut/image.h"

#define IMAGE_MAGIC "rebutim\x1a"
#define IMAGE_VERSION 1
#define IMAGE_ORDER 0x01020304u
#define IMAGE_ALIGN 64
#define IMAGE_BUILD 20     /* bytes of a build id that are compared */
#define IMAGE_SECTIONS 512 /* at most */

struct image_head {
    char magic[8];
    uint32_t version, order, page, section_size;
    unsigned char build[IMAGE_BUILD];
    unsigned char unused[4];
    struct rebut_image_key key;
};

struct image_foot {
    char magic[8];
    uint64_t table, file_size;
    uint32_t sections, unused[5];
    uint64_t low, high;
};

_Static_assert(sizeof(struct image_head) == IMAGE_ALIGN, "no padding");
_Static_assert(sizeof(struct image_foot) == IMAGE_ALIGN, "no padding");
_Static_assert(sizeof(struct rebut_image_section) == REBUT_IMAGE_NAME + 5 * 8,
               "no padding");

/* The head that this program writes.  EINPUT: it has no build id. */
REBUT_MUST_CHECK bool rebut_image_head(const struct rebut_image_key *key,
                                       struct image_head *ret, struct rebut_error *err);

/* The sum in a foot. */
struct rebut_image_key rebut_image_sum(const struct image_head *head,
                                       const struct rebut_image_section *table,
                                       const struct image_foot *foot);

#endif
