/* rebut/forecast.h -- which orders will come back as refund-only requests, and why?
 *
 * For an order, before it is shipped: the expected number of refund-only requests over
 * its life, by fault (mu v E[u]) and by abuse (nu E[a]), from the same model and the
 * same records as the scores, as of one time.  It tells a merchant what to pack on
 * video, to insure, or to look into; it accuses nobody: an order has done nothing.
 *
 * What is not known before shipping (carrier delays, later prices) is taken at its
 * average.  Fault has a Gamma interval from what is known of the merchant and of the
 * buyer's readiness; abuse one from the buyer's exact posterior.
 */
#ifndef REBUT_FORECAST_H
#define REBUT_FORECAST_H

#include "rebut/infer.h"
#include "rebut/output.h"

struct rebut_outlook {
    double fault, fault_low, fault_high; /* expected requests, 90 % interval */
    double abuse, abuse_low, abuse_high;
    double probability;       /* of any: 1 - exp(-(fault + abuse)) */
    double by_buyer, by_item; /* shrunken refund rates, to be compared with */
};

struct rebut_forecaster;

/* A forecaster over a finished inference, which it borrows with frame and model. */
REBUT_MUST_CHECK bool rebut_forecaster_new(struct rebut_forecaster **ret,
                                           const struct rebut_inference *inference,
                                           const struct rebut_model *model,
                                           struct rebut_error *err);
void rebut_forecaster_free(struct rebut_forecaster *forecaster);

/* Orders of `later` (a sealed state of its own, or the one the frame is of) are looked
 * up in the forecaster's records by their ids.  Call once before rebut_forecast. */
REBUT_MUST_CHECK bool rebut_forecaster_look_at(struct rebut_forecaster *forecaster,
                                               const struct rebut_state *later,
                                               struct rebut_error *err);

/* The outlook of one order of the state looked at; the intervals, which cost about
 * 100 us, only where asked for (else 0). */
struct rebut_outlook rebut_forecast(const struct rebut_forecaster *forecaster,
                                    uint32_t order, bool intervals);

/* How well did it forecast?  Orders of the state looked at with `after` < at <= `until`
 * are judged by whether a refund-only request followed, in `splits` equal parts of
 * that time (1 to 12). */
struct rebut_forecast_split {
    int64_t from, to;
    uint64_t orders, requested;
    double expected;            /* sum of probabilities */
    double auc, ap;             /* of the forecast; NaN where one class is missing */
    double auc_buyer, ap_buyer; /* of a shrunken refund rate by buyer, */
    double auc_item, ap_item;   /* and by item */
};

/* Fill ret[splits + 1]: the parts, then the whole.  EDATA when there are no orders. */
REBUT_MUST_CHECK bool rebut_forecast_judge(const struct rebut_forecaster *forecaster,
                                           int64_t after, int64_t until, int splits,
                                           struct rebut_forecast_split *ret,
                                           struct rebut_error *err);

/* Write orders with from <= at <= to that have no refund-only request, the largest
 * probability first, as NDJSON: rank order_id merchant_id placed_at amount fault
 * fault_interval abuse abuse_interval probability as_of model. */
REBUT_MUST_CHECK bool rebut_forecast_write(const struct rebut_forecaster *forecaster,
                                           int64_t from, int64_t to,
                                           struct rebut_output *out,
                                           struct rebut_error *err);

#endif
