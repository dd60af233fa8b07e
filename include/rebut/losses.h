/* rebut/losses.h -- what did refund-only requests cost, and who could have helped it?
 *
 * The amount of every request in the scores is split, exactly, into pieces.  p is its
 * probability of abuse, as scored:
 *
 *     abuse             p A
 *     piece k of rest   (1 - p) A t_k,   t_k >= 0,  sum_k t_k = 1
 *
 * t comes from the model's own pieces.  An order of its circumstances has the fault
 * intensity mu v; its liftable part is M = exp(sum_f l_f), l_f = max(0, log lift_f):
 *
 *     fault    v, the merchant's and item's ratio to the average, the buyer left out
 *     shipped  multiplier of shipping against the promise, over that of "in_time", where
 *              the promise was broken when the request was made
 *     carrier  multiplier of carrier x category, over 1 (the average carrier)
 *     transit  multiplier of the time under way, over that of "under_3d"
 *     price    multiplier of the price drop, over that of "under_3%"
 *
 * 1 - 1/M is the share of such requests that would be missing without the lifts (the
 * attributable fraction); each f weighs (1 - 1/M) l_f / sum l, times `discord` where
 * the reason given speaks of something else.  The remaining 1/M goes by the reason:
 * `fidelity` of it to the reason's piece, the rest to "unknown", all of it where no
 * reason or "other" was given.  The weights are scaled to sum 1.
 *
 * Adding up: amounts are whole millionths of a fen (micro).  Piece k ends where the
 * rounded running sum of shares ends, the last at the whole amount: pieces of a request
 * sum to its amount as integers, and so does every table.  The abuse part is the scores'
 * expected recovery, to half a micro a request.
 *
 * Intervals, 90 %, conservative on purpose.  Requests' errors hang together (one base
 * rate, one merchant), so bounds are summed: of abuse [p_low A, p_high A] as scored; of
 * a piece from (1 - p_high) A min t to (1 - p_low) A max t, over fidelity in {.6, .95},
 * discord in {.05, .4} and v at both ends of its interval.  To this is added on each
 * side 1.645 sqrt(sum A^2 s (1 - s)), s the share: what happened is not its mean.
 *
 * No buyer is in a report, and of other merchants nothing in a merchant's but category
 * averages over at least 5 of them.
 */
#ifndef REBUT_LOSSES_H
#define REBUT_LOSSES_H

#include "rebut/losses_parts.h"

/* Fill *ret from the scores, which it borrows and which were opened with the same
 * `since`.  merchant.data NULL: the platform.  EDATA: no such merchant; EMATH: a
 * probability that is none; ENOMEM.  On failure *ret is empty. */
REBUT_MUST_CHECK bool rebut_losses_open(struct rebut_losses *ret,
                                        const struct rebut_scores *scores,
                                        struct rebut_text merchant, int64_t since,
                                        struct rebut_error *err);
void rebut_losses_close(struct rebut_losses *losses);

/* One request's amount, split.  False when its probability is none. */
bool rebut_loss_split_of(const struct rebut_scores *scores,
                         const struct rebut_score *score, struct rebut_loss_split *ret);

/* A sum's interval in micro fen, within 0 and its amount. */
struct rebut_loss_range rebut_loss_range_of(const struct rebut_loss_part *part,
                                            rebut_total amount);

/* Groups of fewer requests are put together as "few"; rates are drawn towards the
 * report's own by REBUT_LOSS_SHRINK orders, ratios towards 1 by 5 requests. */
#define REBUT_LOSS_FEW 5
#define REBUT_LOSS_SHRINK 50
/* The rate of a row, drawn towards `mean`. */
double rebut_loss_rate(const struct rebut_loss_row *row, double mean);

/* The same report in four forms, the same bytes from the same inputs.  PDF: A4, text
 * that can be searched, created at `as_of`.  False when a write failed (the commit says
 * why); PDF and HTML ENOMEM, EIO. */
bool rebut_losses_write_json(const struct rebut_losses *losses, struct rebut_output *out);
enum rebut_losses_form { REBUT_LOSSES_TEXT, REBUT_LOSSES_HTML, REBUT_LOSSES_PDF };
REBUT_MUST_CHECK bool rebut_losses_write(const struct rebut_losses *losses,
                                         enum rebut_losses_form form,
                                         enum rebut_language language,
                                         struct rebut_output *out,
                                         struct rebut_error *err);

#endif
