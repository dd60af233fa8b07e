/* rebut/evaluation.h -- how well did a ranking find abuse, and whom did it wrong?
 *
 * Scores (one JSON object a line: request_id, probability, optionally q_value and
 * requested_at) meet the truth (a CSV: request_id, day, abuse, buyer_kind, merchant_kind
 * and, where there, dorm, orders_of_buyer, region, channel).  A request of the truth that
 * has no score counts as probability 0 and is reported; a score without truth is passed
 * over and reported.  Everything is in the order of the truth, and ties of probability
 * stay in that order.
 *
 *     rebut_evaluation_init(&it);
 *     ok = rebut_evaluation_read(&it, scores, truth, &from, err) &&
 *          rebut_evaluation_measure(&it, err) && rebut_evaluation_print(&it, lang, &out);
 *     rebut_evaluation_release(&it);
 */
#ifndef REBUT_EVALUATION_H
#define REBUT_EVALUATION_H

#include "rebut/intern.h"
#include "rebut/language.h"
#include "rebut/metrics.h"
#include "rebut/output.h"
#include "rebut/time.h"

#define REBUT_EVALUATION_BINS 10
#define REBUT_EVALUATION_GROUPS_MAX 400
#define REBUT_EVALUATION_QUEUE 0.10 /* q-value up to which a request is in the queue */

/* From when on requests are judged: a day of the truth, or an instant, which is turned
 * into a day by the scores' own times. */
struct rebut_evaluation_from {
    double day;   /* -INFINITY: all */
    int64_t time; /* REBUT_TIME_NONE: by day */
};

/* `hits` of `tries`: honest requests flagged (false positives) or abuses flagged
 * (recall), where as many requests are flagged as are truly abusive. */
struct rebut_error_group {
    char name[64]; /* "all", "bad_merchant", "region:CN-31" … */
    size_t hits, tries;
    double rate;
    struct rebut_interval interval; /* Clopper-Pearson, 95% */
};

struct rebut_error_groups {
    struct rebut_error_group *data; /* [count], room for REBUT_EVALUATION_GROUPS_MAX */
    size_t count;
};

/* What the truth says about one request; words are indexes of `words`. */
struct rebut_subject {
    uint32_t buyer_kind, merchant_kind, region, channel; /* or REBUT_INTERN_NONE */
    bool dorm;
    bool one_order; /* the buyer has one order in all */
};

struct rebut_evaluation {
    /* What was read: arrays of `requests`, in the order of the truth. */
    size_t requests, abuse;
    size_t missing;                /* requests without a score: probability 0 */
    size_t unused;                 /* scores without a request judged here */
    double from_day;               /* -INFINITY: all */
    double *probability, *q_value; /* q_value 1 where not given */
    uint8_t *label;                /* 1 = abuse */
    uint8_t *flagged;              /* among the first `abuse` of the ranking */
    uint32_t *order, *work;
    struct rebut_subject *subjects;
    struct rebut_intern words;
    bool has_q;      /* some score had a q_value */
    bool has_orders; /* the truth has the column orders_of_buyer */

    /* What was measured; NAN where it cannot be (one class only). */
    struct rebut_ranking ranking;
    double auc, ap, brier, log_loss, ece;
    double p100, p300, pk; /* precision at 100, 300 and at `abuse` */
    double threshold;      /* lowest probability flagged */
    struct rebut_reliability reliability[REBUT_EVALUATION_BINS];
    size_t queue, queue_false;
    double fdp, stated;              /* realised; mean of 1 - probability there */
    struct rebut_interval fdp_range; /* Clopper-Pearson, 95% */
    struct rebut_error_groups false_positives, recall;
};

void rebut_evaluation_init(struct rebut_evaluation *it);
void rebut_evaluation_release(struct rebut_evaluation *it);

/* Fails with EDATA (a malformed line, a request twice, a column that is not there, no
 * scores, no requests from then on), EIO, ENOMEM or ELIMIT. */
REBUT_MUST_CHECK bool rebut_evaluation_read(struct rebut_evaluation *it,
                                            const char *scores_path,
                                            const char *truth_path,
                                            const struct rebut_evaluation_from *from,
                                            struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_evaluation_measure(struct rebut_evaluation *it,
                                               struct rebut_error *err);

/* Write what was measured; false when the output failed (its commit says why). */
bool rebut_evaluation_print(const struct rebut_evaluation *it,
                            enum rebut_language language, struct rebut_output *out);
bool rebut_evaluation_json(const struct rebut_evaluation *it, struct rebut_output *out);

/* One sheet as SVG: ROC, precision and recall, reliability, and the queue.  The same
 * bytes on every run with the same fonts.  Fails with ENOMEM or EIO. */
REBUT_MUST_CHECK bool rebut_evaluation_picture(const struct rebut_evaluation *it,
                                               enum rebut_language language,
                                               struct rebut_output *out,
                                               struct rebut_error *err);

#endif
