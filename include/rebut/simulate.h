/* rebut/simulate.h -- a platform whose truth is known, of any size.
 *
 * Makes the events of an invented platform (rebut/event.h has the contract) and, beside
 * them, what really happened behind each refund-only request.  Parcels have a
 * hidden condition, merchants a hidden diligence, buyers a temperament and a purse;
 * requests follow from their decisions.  None of rebut's own equations is used here:
 * a detector that does well on these events was not handed its own assumptions.
 *
 *     struct rebut_simulation plan;
 *     rebut_simulation_init(&plan);
 *     plan.orders = 1000000;
 *     if (!rebut_simulate(&plan, &events, &truth, &counts, err))
 *         return false;
 *
 * The same plan gives the same bytes, whatever the compiler.  Events are made in order of
 * time and handed out at once: memory holds the parcels under way, a few bytes a buyer
 * and the merchants (10^6 orders: 9 MB; 10^8: 500 MB), never the orders.
 */
#ifndef REBUT_SIMULATE_H
#define REBUT_SIMULATE_H

#include "rebut/error.h"
#include "rebut/time.h"

#define REBUT_SIMULATE_ORDERS_MAX UINT64_C(1000000000)
#define REBUT_SIMULATE_DAYS_MAX 3650

struct rebut_simulation {
    const char *setting; /* a name from rebut_simulate_settings */
    uint64_t orders;     /* 1 to REBUT_SIMULATE_ORDERS_MAX, exactly as many are made */
    uint32_t days;       /* 1 to REBUT_SIMULATE_DAYS_MAX; nothing happens after them */
    uint64_t seed;
    int64_t start;    /* microseconds UTC, a whole second */
    bool no_verdicts; /* leave the reviewers' events out; nothing else changes */
};

/* base, 100,000 orders, 120 days from 2026-03-01T00:00:00+08:00, seed 1. */
void rebut_simulation_init(struct rebut_simulation *plan);

/* What kinds of platform there are; the last has a NULL name. */
struct rebut_simulate_setting_name {
    const char *name, *summary;
};
extern const struct rebut_simulate_setting_name rebut_simulate_settings[];

/* Where bytes go: whole lines, many at a time.  `write` returns false with *err filled
 * when they cannot be taken, which ends the simulation. */
struct rebut_simulate_sink {
    bool (*write)(void *to, const char *data, size_t size, struct rebut_error *err);
    void *to;
};

struct rebut_simulate_counts {
    uint64_t orders, events;
    uint64_t refund_only, abuse; /* requests; abuse is a part of refund_only */
    uint64_t return_refund, verdicts;
};

/* Write the events as NDJSON to `events` and, unless it is NULL, one CSV row for each
 * refund-only request to `truth`, headed by the names of its columns.  Fails with
 * EUSAGE (unknown setting), EINPUT (a number out of range), ENOMEM, or what a sink
 * said.  On failure the sinks may have taken a part. */
REBUT_MUST_CHECK bool rebut_simulate(const struct rebut_simulation *plan,
                                     const struct rebut_simulate_sink *events,
                                     const struct rebut_simulate_sink *truth,
                                     struct rebut_simulate_counts *ret,
                                     struct rebut_error *err);

#endif
