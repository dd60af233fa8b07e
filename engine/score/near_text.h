/* Did another buyer write (nearly) the same?
 *
 * Texts with equal sets of shingles are one wording; near wordings are found by banded
 * MinHash without comparing all pairs, and each find is verified.  Of what is found only
 * other buyers count that share no key with the buyer.
 *
 * The same words about other merchants' goods were copied.  Honest people copy too, and
 * short texts agree by chance: how often they do is seen from returns with goods sent
 * back, whose texts earn nothing, for texts of the same length.  What many buyers wrote
 * is a template, and a law that is cited reads the same from everybody.  The same words
 * about the same item in the same days may be one batch or one raid: they pick no side.
 */
#ifndef REBUT_SCORE_NEAR_TEXT_H
#define REBUT_SCORE_NEAR_TEXT_H

#include "company.h"

#define REBUT_NEAR_LETTERS 8  /* shingles below which a text is too short */
#define REBUT_NEAR_BUYERS 100 /* more than these make a template */
#define REBUT_NEAR_DAYS 14    /* "the same days": order from order */

/* The bins of the mark text_copy. */
enum rebut_near {
    REBUT_NEAR_SHORT,  /* none, or too short */
    REBUT_NEAR_ALONE,  /* nobody else wrote it */
    REBUT_NEAR_PUBLIC, /* a template, or it cites a law */
    REBUT_NEAR_GOODS,  /* others, about the same item bought in the same days */
    REBUT_NEAR_SHOP,   /* others, about goods of the same merchant */
    REBUT_NEAR_COMMON, /* about other merchants' goods; of returns over 3 in 10 such */
    REBUT_NEAR_USUAL,  /* the same; over 1 in 10 */
    REBUT_NEAR_COPIED, /* the same; fewer */
    REBUT_NEARS
};

/* The texts of all requests of a state. */
struct rebut_near_texts;

REBUT_MUST_CHECK bool rebut_near_texts_open(struct rebut_near_texts **ret,
                                            const struct rebut_frame *frame,
                                            const struct rebut_company *company,
                                            struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same frame and company: made when it is
 * taken. */
REBUT_MUST_CHECK bool rebut_near_texts_image(struct rebut_near_texts **texts,
                                             const struct rebut_frame *frame,
                                             const struct rebut_company *company,
                                             struct rebut_image *image,
                                             struct rebut_error *err);
void rebut_near_texts_close(struct rebut_near_texts *texts); /* NULL is allowed */

/* What the state says of a request of its own, enum rebut_near. */
uint8_t rebut_near_texts_of(const struct rebut_near_texts *texts, uint32_t request);

/* What it says of a text that need not be in it, of an account and an order that need not
 * be either: only the order's time, merchant and item (REBUT_NONE: unknown) are asked. */
uint8_t rebut_near_texts_judge(const struct rebut_near_texts *texts,
                               struct rebut_text text, const struct rebut_known *known,
                               const struct rebut_order *order);

/* Does the text cite a law?  (An article in book marks, a law by its usual short name,
 * the damages that a law sets, or the authorities.) */
bool rebut_cites_law(struct rebut_text text);

#endif
