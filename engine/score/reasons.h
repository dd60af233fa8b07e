/* Is the stated reason what others found wrong with these goods?
 *
 * Two questions, both about reasons alone: how often goods fail is the hierarchy's
 * business, and counting it here would count it twice.
 *
 *   mix          the share of the stated reason among returns of the item with goods sent
 *                back, shrunk to the shop's and that to the category's, against the
 *                category's alone: who makes a fault up does not know which one the goods
 *                have.  All returns up to the as-of time.
 *   concordance  of the complaints of trusted buyers about the item, bought within 14
 *                days of this order, how many name the same reason, against how many
 *                would by what trusted buyers complain of in the category.
 *
 * Only reasons that lie in the goods (damaged ... missing item).  A buyer's own requests
 * are left out of both; of the concordance also those of accounts that share a key with
 * it, and of buyers without a record at other merchants: fewer than three orders, or
 * refund-only requests on over a fifth of them.
 */
#ifndef REBUT_SCORE_REASONS_H
#define REBUT_SCORE_REASONS_H

#include "company.h"

#define REBUT_TRUSTED_ORDERS 3 /* at other merchants, at least */
#define REBUT_TRUSTED_SHARE 5  /* of which one in so many, at most, with a request */

struct rebut_reason_view {
    double ratio; /* share of the reason here over the category's; 1: nothing is known */
    double expected;           /* complaints that would name it */
    uint32_t complaints, same; /* of trusted others in the same days */
};

/* What the requests of a frame say of goods. */
struct rebut_reasons;

REBUT_MUST_CHECK bool rebut_reasons_open(struct rebut_reasons **ret,
                                         const struct rebut_frame *frame,
                                         const struct rebut_company *company,
                                         struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same frame and company: made when it is
 * taken; counts change. */
REBUT_MUST_CHECK bool rebut_reasons_image(struct rebut_reasons **reasons,
                                          const struct rebut_frame *frame,
                                          const struct rebut_company *company,
                                          struct rebut_image *image,
                                          struct rebut_error *err);
void rebut_reasons_close(struct rebut_reasons *reasons); /* NULL is allowed */

/* Leave out what a buyer of the frame said (true), and have it in again (false). */
void rebut_reasons_leave_out(struct rebut_reasons *reasons, uint32_t buyer, bool out);

/* A reason against what is not left out, of an account and an order that need not be in
 * the frame: only the order's time, merchant, item (REBUT_NONE: unknown) and category (0:
 * none or unknown) are asked.  {0} for reasons that do not lie in the goods. */
struct rebut_reason_view rebut_reasons_view(const struct rebut_reasons *reasons,
                                            const struct rebut_known *known,
                                            const struct rebut_order *order,
                                            uint8_t reason);

/* Fill ret[claims] for the frame's own claims, each without its buyer's. */
void rebut_reasons_all(struct rebut_reasons *reasons, struct rebut_reason_view *ret);

#endif
