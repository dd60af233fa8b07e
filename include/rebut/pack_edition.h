/* rebut/pack_edition.h -- the edition of a pack that a shop may hold.
 *
 * A pure function of the platform's edition, so that whoever has the exact pack can see
 * that it is what stood behind the shop's:
 *
 *     rebut_pack_shop_edition(&pack, err)
 *
 * Of the buyer over all shops it tells
 *
 *     orders, undisputed ones, other requests   as 0, 1, 2, 5, 10, 20, 50, …
 *     expected, exposures     as 1, 2 or 5 times a power of ten
 *     shops, linked accounts, the same elsewhere   as 0, 1, 3, 10, 30, …
 *     the other requests      all alike, with the ratio of abuse to fault by which they
 *                             say what they said, to a log-odd
 *     what a ring said        as -3, 0, 3 or 6 log-odds
 *     account age, delay      as the lower end of the class that they are in
 *     the score               to 1/2 of log-odds (from 3 on 1, at most 6), but never on
 *                             the other side of another answer's border; rank and q to
 *                             1, 2, 5, …
 *     the category            counts to two digits (this buyer is left out of them)
 *     reasons                 the commonest; of returns and verdicts nothing
 *     pictures, words         of other shops the nearest, without a day
 *
 * Which of the two steps around a number is told is drawn, by its place between them,
 * from a secret text of this shop and buyer: always the same at one shop, so that many
 * packs tell no more than one, and another at the next.  What is the shop's own, and the
 * model's, stays exact.  All sums are made again from the rounded inputs, so that
 * recomputing holds (rebut/recompute.h); what is then missing to the score as given
 * stands in inputs.rounding.
 */
#ifndef REBUT_PACK_EDITION_H
#define REBUT_PACK_EDITION_H

#include "rebut/pack.h"

/* Turn a platform's edition into the shop's, in place.  EINPUT when it is none, EDATA
 * when its inputs are out of the models' domain or its counts contradict each other,
 * ENOMEM; after a failure the pack is good for release only. */
REBUT_MUST_CHECK bool rebut_pack_shop_edition(struct rebut_pack *pack,
                                              struct rebut_error *err);

/* How the file of a shop's edition stands to one that is said to be its exact one. */
enum rebut_edition_match {
    REBUT_EDITION_FITS,
    REBUT_EDITION_NOT_SHOP,     /* the first is no shop's edition */
    REBUT_EDITION_NOT_PLATFORM, /* the second is no platform's */
    REBUT_EDITION_OTHER,        /* the hash is another file's */
    REBUT_EDITION_ALTERED,      /* it is that file; rounding it makes another pack */
    REBUT_EDITION_MATCHES
};
/* EIO, EDATA and ELIMIT of reading either file, ENOMEM. */
REBUT_MUST_CHECK bool rebut_pack_edition_match(const char *shop_path,
                                               const char *exact_path,
                                               enum rebut_edition_match *ret,
                                               struct rebut_error *err);

#endif
