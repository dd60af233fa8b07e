/* Sums over appeals, for the table and the JSON. */
#ifndef REBUT_EVIDENCE_APPEALS_SUMS_H
#define REBUT_EVIDENCE_APPEALS_SUMS_H

#include "rebut/appeals_print.h"
#include "rebut/pack.h"

/* At most REBUT_APPEALS_LINES times REBUT_MONEY_MAX: 10^18 fen fit. */
struct appeals_sum {
    int64_t count[REBUT_APPEAL_STATUSES];
    int64_t amount[REBUT_APPEAL_STATUSES];       /* fen, of those where it is known */
    int64_t amount_known[REBUT_APPEAL_STATUSES]; /* how many those are */
    int64_t recovered, recovered_known;          /* of won */
    struct rebut_pack_rate success;              /* won of won and lost */
};

/* Those of one platform, or of one reason at one platform ({NULL, 0}: not stated). */
struct appeals_group {
    struct rebut_text platform, reason;
    struct appeals_sum sum;
};
struct appeals_sums {
    struct appeals_sum all;
    struct appeals_group *platforms, *reasons; /* by the text's bytes */
    uint32_t platforms_count, reasons_count;
    /* Opened and not submitted: places in the list, by deadline; first `passed` whose
     * deadline is before as_of, then `soon` within 48 hours. */
    uint32_t *due;
    uint32_t passed, soon;
};

REBUT_MUST_CHECK bool rebut_appeals_sums_open(struct appeals_sums *ret,
                                              const struct rebut_appeals *appeals,
                                              struct rebut_error *err);
void rebut_appeals_sums_close(struct appeals_sums *sums);

#endif
