/* rebut/audit.h -- did what was stated come true?
 *
 * Scores that were written before (by `rebut score` or `rebut queue`, one JSON object a
 * line) meet the verdicts that came after.  A verdict that was known when the score was
 * made judges nothing, and of several scores the last before the first word counts.
 * Each reviewer has one voice, the last; the majority decides; a tie decides nothing.
 *
 *     rebut_audit_init(&audit);
 *     ok = rebut_audit_read(&audit, &state, &job, err) &&
 *          rebut_audit_measure(&audit, err) && rebut_audit_print(&audit, lang, &out);
 *     rebut_audit_release(&audit);
 *
 * What was asked from reviewers says little of the rest unless one knows why they were
 * asked.  Ranked requests stand for themselves, random ones for 1 / propensity; where
 * the score file says what was drawn, both also for those drawn and not yet judged.
 * Nothing here names a buyer, merchant, order or request.
 */
#ifndef REBUT_AUDIT_H
#define REBUT_AUDIT_H

#include "rebut/audit_verdicts.h"
#include "rebut/grow.h"
#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/profile.h"
#include "rebut/state.h"

#define REBUT_AUDIT_BINS 10
#define REBUT_AUDIT_PAIRS 20      /* of reviewers that are shown */
#define REBUT_AUDIT_PAIR_CASES 10 /* in common, to be shown */
#define REBUT_AUDIT_FEW 30        /* fewer random verdicts say little */
#define REBUT_AUDIT_RANDOM 100    /* from so many on reliability is theirs alone */
#define REBUT_AUDIT_GROUP 5       /* smaller groups are pooled */
#define REBUT_AUDIT_QUEUE 0.10    /* q-value up to which a score accuses */
#define REBUT_AUDIT_PERIOD 12     /* "2026-W23", "2026-06", "all" */

struct rebut_audit_job {
    const char *const *scores; /* [score_count] paths, "-" is standard input */
    size_t score_count;
    int64_t from, to; /* of the verdict; [from, to) */
};

/* A scored request that was judged.  Texts are the state's. */
struct rebut_audit_item {
    double probability, q_value;
    double weight;        /* how many requests it stands for; 0: not known */
    double merchant;      /* log-odds of the term, NaN when the score has none */
    int64_t requested_at; /* microseconds UTC */
    int64_t judged_at;    /* the last voice */
    struct rebut_text region;
    uint32_t terms;             /* 1 + its row of term_values; 0: not in the score */
    uint8_t channel, selection; /* enums of rebut/event.h */
    uint8_t abuse;              /* 1 or 0: what the majority said */
    uint8_t one_order;          /* the score notes that the buyer has no other order */
    uint8_t own_selection;      /* the score file said why it was chosen */
};

/* What became of the scores; requests unless said otherwise. */
struct rebut_audit_counts {
    size_t lines;      /* scores read */
    size_t superseded; /* scores of a request that a later one replaces */
    size_t unknown;    /* not in the events */
    size_t unjudged, known, disputed,
        outside; /* no verdict; judged before; tie; window */
    size_t judged, abuse, random, ranked;
    size_t unweighed; /* judged, but neither ranked nor drawn with a known propensity */
};

/* Stated against realised wrong accusations among judged ranked requests. */
struct rebut_audit_period {
    char name[REBUT_AUDIT_PERIOD];
    size_t judged, wrong;
    double stated;    /* mean of 1 - probability */
    double q_value;   /* largest */
    double realised;  /* wrong / judged; NaN without judged */
    double corrected; /* for the reviewers' error, NaN when that is not known */
    struct rebut_interval range, corrected_range;
    bool clamped; /* the corrected share or its interval left [0, 1] */
};

struct rebut_audit_group {
    const char *kind; /* "merchant_fault", "one_order", "channel", "region", … */
    char name[72];    /* "low", "shelf", "CN-31", "other" … */
    size_t judged, wrong;
    double stated, rate;
    struct rebut_interval range;
};

struct rebut_audit_month {
    char name[REBUT_AUDIT_PERIOD];
    size_t judged;
    double shift;                /* mean of verdict (1 = abuse) less probability */
    struct rebut_interval range; /* normal, 95 %; NaN with one verdict */
};

enum rebut_audit_estimate {
    REBUT_AUDIT_PREVALENCE,
    REBUT_AUDIT_PRECISION, /* of ranked requests */
    REBUT_AUDIT_RECALL,
    REBUT_AUDIT_PRECISION_Q, /* of those with a q-value up to REBUT_AUDIT_QUEUE */
    REBUT_AUDIT_RECALL_Q,
    REBUT_AUDIT_ESTIMATES
};

struct rebut_audit {
    struct rebut_audit_counts counts;
    /* Probability that a verdict is wrong, NaN: not known; set it before measuring. */
    double reviewer_error;
    REBUT_ARRAY(struct rebut_audit_item) items; /* in an order that input does not set */
    REBUT_ARRAY(struct rebut_audit_pair_case) cases;
    REBUT_ARRAY(struct rebut_vote) votes; /* on requests that two or more named judged */
    uint32_t vote_requests;
    REBUT_ARRAY(double) term_values; /* [rows][REBUT_RAW_TERMS] log-odds */
    const struct rebut_state *state; /* borrowed */
    double tertile[2];               /* of `merchant` over all scores */

    REBUT_ARRAY(struct rebut_audit_period) weeks;
    struct rebut_audit_period total;
    struct rebut_estimate estimates[REBUT_AUDIT_ESTIMATES];
    struct rebut_reliability reliability[REBUT_AUDIT_BINS];
    bool reliability_random; /* over random verdicts only */
    /* Venn-Abers p0 to p1 at a tenth's mean, and at i / REBUT_AUDIT_BAND, from the
     * same verdicts; NaN from fewer than REBUT_AUDIT_FEW. */
    struct rebut_interval venn[REBUT_AUDIT_BINS], band[REBUT_AUDIT_BAND + 1];
    struct rebut_audit_calibration calibration;
    double *probability; /* [judged] by item, and with them the ranking */
    uint8_t *label;
    uint32_t *order, *work;
    struct rebut_ranking ranking; /* of all items */
    struct rebut_audit_agreement agreement, pairs[REBUT_AUDIT_PAIRS];
    size_t pair_count;
    struct rebut_audit_reviews reviews;
    REBUT_ARRAY(struct rebut_audit_reviewer) reviewers;
    REBUT_ARRAY(struct rebut_audit_group) groups;
    REBUT_ARRAY(struct rebut_audit_month) months;
    bool has_terms; /* some judged request's score has its terms */
    struct rebut_audit_term terms[REBUT_RAW_TERMS];
    bool has_psi; /* set by the caller together with psi */
    double psi[REBUT_RAW_TERMS];
    int64_t since;     /* earliest request with a score */
    int64_t scored_at; /* the latest `as_of`, or REBUT_TIME_NONE */
};

void rebut_audit_init(struct rebut_audit *audit);
void rebut_audit_release(struct rebut_audit *audit);

/* EDATA (a malformed line, a request twice in a file, no score that a verdict judges),
 * EIO, ENOMEM, ELIMIT. The sealed state must live as long as the audit. */
REBUT_MUST_CHECK bool rebut_audit_read(struct rebut_audit *audit,
                                       const struct rebut_state *state,
                                       const struct rebut_audit_job *job,
                                       struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_audit_measure(struct rebut_audit *audit,
                                          struct rebut_error *err);

/* Write what was measured; false when the output failed (its commit says why). */
bool rebut_audit_print(const struct rebut_audit *audit, enum rebut_language language,
                       struct rebut_output *out);
bool rebut_audit_json(const struct rebut_audit *audit, struct rebut_output *out);

/* Reliability, precision and recall, and the queue, as SVG.  ENOMEM, EIO. */
REBUT_MUST_CHECK bool rebut_audit_picture(const struct rebut_audit *audit,
                                          enum rebut_language language,
                                          struct rebut_output *out,
                                          struct rebut_error *err);

#endif
