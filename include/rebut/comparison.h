/* rebut/comparison.h -- would the challenger's scores be better than the champion's?
 *
 * Two models score the same events as of the same time.  Requests whose truth is known
 * say which ranks and which states probabilities better; all requests say how far the
 * two agree and for whom the answer changes.  Differences are challenger less champion.
 */
#ifndef REBUT_COMPARISON_H
#define REBUT_COMPARISON_H

#include "rebut/grow.h"
#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/paired.h"
#include "rebut/score.h"

#define REBUT_COMPARISON_BINS 10
#define REBUT_COMPARISON_MOVED 20

enum rebut_side { REBUT_CHAMPION, REBUT_CHALLENGER, REBUT_SIDES };

/* A refund-only request.  The id is the state's. */
struct rebut_compared {
    struct rebut_text request_id;
    uint32_t request, buyer; /* in the state */
    double probability[REBUT_SIDES];
    uint32_t rank[REBUT_SIDES];  /* from 1; 0 until scored */
    uint8_t answer[REBUT_SIDES]; /* enum rebut_answer */
    uint8_t truth;               /* 1 abuse, 0 not, REBUT_TRUTH_UNKNOWN */
};
#define REBUT_TRUTH_UNKNOWN 2

struct rebut_comparison_side {
    char version[REBUT_MODEL_VERSION_SIZE];
    int64_t as_of;              /* of the fit */
    double auc, ap, ece, brier; /* of requests whose truth is known; NaN */
};

struct rebut_comparison {
    REBUT_ARRAY(struct rebut_compared) list; /* by request id once measured */
    struct rebut_comparison_side side[REBUT_SIDES];
    int64_t as_of, since; /* scored as of; verdicts after `since` were left out */
    bool from_file;       /* the truth is a file's, not that of verdicts */
    bool seen;            /* a model was fitted later than `since` */
    size_t known, abuse;  /* requests with a truth */
    size_t before;        /* judged before `since`: they judge no model */
    size_t disputed;      /* reviewers divided */

    bool both_classes; /* else no AUC and no average precision */
    struct rebut_difference auc, ap;
    struct rebut_rank_agreement agreement;        /* of all requests */
    size_t changed[REBUT_ANSWERS][REBUT_ANSWERS]; /* [champion's][challenger's] */
    size_t changes;
    uint32_t moved[REBUT_COMPARISON_MOVED]; /* in list: largest change of probability */
    size_t moved_count;
};

void rebut_comparison_init(struct rebut_comparison *it);
void rebut_comparison_release(struct rebut_comparison *it);

/* Add every refund-only request of the sealed state, truth unknown. */
REBUT_MUST_CHECK bool rebut_comparison_requests(struct rebut_comparison *it,
                                                const struct rebut_state *state,
                                                struct rebut_error *err);

/* The truth from verdicts after it->since; those verdicts are then taken out of the
 * state, so that no score knows them.  With it->from_file they are only taken out. */
void rebut_comparison_verdicts(struct rebut_comparison *it, struct rebut_state *state);

/* The truth from a CSV with columns request_id and abuse (0 or 1).  EDATA, EIO. */
REBUT_MUST_CHECK bool rebut_comparison_truth(struct rebut_comparison *it,
                                             const struct rebut_state *state,
                                             const char *path, struct rebut_error *err);

/* What one model says of all requests. */
void rebut_comparison_scores(struct rebut_comparison *it, enum rebut_side side,
                             const struct rebut_scores *scores);

/* EDATA when no truth is known; ENOMEM. */
REBUT_MUST_CHECK bool rebut_comparison_measure(struct rebut_comparison *it,
                                               struct rebut_error *err);

bool rebut_comparison_print(const struct rebut_comparison *it,
                            enum rebut_language language, struct rebut_output *out);
bool rebut_comparison_json(const struct rebut_comparison *it, struct rebut_output *out);

#endif
