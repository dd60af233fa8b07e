/* Do two accounts share a key?  Answered from the frame's groups of 2 to 100 accounts: a
 * key of more is public and makes nobody an acquaintance. */
#ifndef REBUT_SCORE_COMPANY_H
#define REBUT_SCORE_COMPANY_H

#include "rebut/frame.h"

struct rebut_company {
    const struct rebut_frame *frame;
    uint32_t *first;  /* [buyers + 2]: of each buyer in groups */
    uint32_t *groups; /* by buyer, ascending */
};

REBUT_MUST_CHECK bool rebut_company_open(struct rebut_company *ret,
                                         const struct rebut_frame *frame,
                                         struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same frame. */
REBUT_MUST_CHECK bool rebut_company_image(struct rebut_company *company,
                                          const struct rebut_frame *frame,
                                          struct rebut_image *image,
                                          struct rebut_error *err);
void rebut_company_close(struct rebut_company *company);

/* An account that is asked about, as the frame knows it: a buyer of it or, where somebody
 * else's tables are asked, one that need not be in them. */
struct rebut_known {
    uint32_t buyer;         /* REBUT_NONE: not of the frame */
    const uint32_t *groups; /* [count], ascending */
    uint32_t count;
};

/* A buyer of the frame. */
struct rebut_known rebut_known_of(const struct rebut_company *company, uint32_t buyer);

/* Is it the same account, or one that shares a key with it? */
bool rebut_company_shared(const struct rebut_company *company,
                          const struct rebut_known *known, uint32_t other);

#endif
