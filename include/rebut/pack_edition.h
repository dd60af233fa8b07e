/* rebut/pack_edition.h -- the edition of a pack that a shop may hold.
 *
 * A pure function of the platform's edition, so that whoever has the exact pack can see
 * that it is what stood behind the shop's:
 *
 *     rebut_pack_shop_edition(&pack, err)
 *
 * Of the buyer over all shops it tells
 *
 *     counts                 as 0, 1, 2, 5, 10, 20, 50, …, the nearest by ratio
 *     expected, exposures    likewise, of any size; those of abuse by those of fault
 *     the other requests     as so many, all with the same ratio of abuse to fault
 *     account age, delay     as the class that they are in
 *     what a ring said       to whole log-odds
 *     the score              to a quarter of log-odds, but never on the other side of
 *                            another answer's border; rank and q to two digits
 *     category               counts to two digits (this buyer is left out of them)
 *     pictures and words     elsewhere as counts, and the nearest, in classes, without
 *                            a day
 *
 * and orders, returns and undisputed ones as sums of these; of reasons the commonest
 * alone.  What is the shop's own, and the model's, stays exact.  All sums are made again
 * from the rounded inputs, so that recomputing holds (rebut/recompute.h); what is then
 * missing to the score as given stands in inputs.rounding.
 */
#ifndef REBUT_PACK_EDITION_H
#define REBUT_PACK_EDITION_H

#include "rebut/pack.h"

/* Turn a platform's edition into the shop's, in place.  EINPUT when it is none, EDATA
 * when its inputs are out of the models' domain, ENOMEM; after a failure the pack is good
 * for release only. */
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
