/* rebut/pack_make.h -- packs from scores, one by one.
 *
 *     if (!rebut_pack_maker_open(&maker, &scores, &plan, err))
 *         return false;
 *     for each score:
 *         rebut_pack_make(maker, score, &pack, err) … rebut_pack_release(&pack)
 *     rebut_pack_maker_close(maker);
 *
 * What every pack needs is counted once: a pack then costs what its buyer's record is
 * long, and no memory but its own.  The same scores and plan give the same packs,
 * whatever the order of making.
 */
#ifndef REBUT_PACK_MAKE_H
#define REBUT_PACK_MAKE_H

#include "rebut/pack.h"

#define REBUT_PACK_SECRET 32    /* bytes of the key of pseudonyms */
#define REBUT_PACK_PSEUDONYM 19 /* "b-", 16 letters and NUL */
#define REBUT_PACK_NAME 33      /* 32 hex digits and NUL */
#define REBUT_PACK_RETAIN_DAYS 180

struct rebut_appeals;

struct rebut_pack_plan {
    const unsigned char *secret; /* [REBUT_PACK_SECRET], borrowed; NULL: no pseudonyms */
    int retain_days;             /* after the as-of time; 1 to 3650 */
    /* For the deadlines: as of no later than the scores, outlives the maker; NULL: none.
     */
    const struct rebut_appeals *appeals;
    /* Zero is the shop's: who says nothing gets the one that tells less. */
    enum rebut_pack_edition edition;
};

struct rebut_pack_maker;

/* `scores` hold all claims and outlive the maker, which changes nothing in them but uses
 * the inference's scratch: one maker an inference.  EINPUT for a plan out of range,
 * ENOMEM. */
REBUT_MUST_CHECK bool rebut_pack_maker_open(struct rebut_pack_maker **ret,
                                            const struct rebut_scores *scores,
                                            const struct rebut_pack_plan *plan,
                                            struct rebut_error *err);
void rebut_pack_maker_close(struct rebut_pack_maker *maker);

/* The pack of one score of the list.  ELIMIT for a buyer with over REBUT_PACK_RECORD_MAX
 * requests, ENOMEM; *ret is empty on failure. */
REBUT_MUST_CHECK bool rebut_pack_make(struct rebut_pack_maker *maker,
                                      const struct rebut_score *score,
                                      struct rebut_pack *ret, struct rebut_error *err);

/* The buyer as one merchant's packs name it: BLAKE2b of the id, keyed with BLAKE2b of
 * "buyer" and the merchant's id, keyed with the secret.  Two merchants' names of a buyer
 * have nothing in common that can be seen without the secret. */
void rebut_pack_pseudonym(const unsigned char secret[REBUT_PACK_SECRET],
                          struct rebut_text merchant_id, struct rebut_text buyer_id,
                          char ret_text[REBUT_PACK_PSEUDONYM]);

/* The middle of a pack's file name, "pack-….json": a hash of the request's id. */
void rebut_pack_name(struct rebut_text request_id, char ret_text[REBUT_PACK_NAME]);

#endif
