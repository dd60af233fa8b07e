/* rebut/audit_verdicts.h -- what verdicts say of the calibration, of those who gave them
 * and of each term of the score: parts of struct rebut_audit (rebut/audit.h).
 *
 * Where verdicts are too few a figure is NaN, not a guess.  How many are enough:
 *
 * calibration: 10 of the rarer kind a parameter (Peduzzi et al., J. Clin. Epidemiol. 49
 * (1996), 1373-1379), slopes drawn to 1 give or take 1.  Which of the maps is preferred
 * is for the least BIC to say (Schwarz 1978): -2 log-likelihood + parameters * log n.
 *
 * error of a verdict: 30 requests reviewed twice, as many as the prior counts for.
 *
 * reviewers one by one: pairs alone cannot tell a reviewer who misses from one who
 * accuses (rebut/agreement.h), so 30 requests that three or more judged; and a rate only
 * where the reviewer judged 10 requests of the class, as many as its prior counts for.
 */
#ifndef REBUT_AUDIT_VERDICTS_H
#define REBUT_AUDIT_VERDICTS_H

#include "rebut/agreement.h"
#include "rebut/survey.h"
#include "rebut/text.h"
#include "rebut/worth.h"

#define REBUT_AUDIT_BAND 100          /* steps of the picture's Venn-Abers band */
#define REBUT_AUDIT_KIND 10           /* verdicts of the rarer kind, a parameter */
#define REBUT_AUDIT_REVIEW_PAIRS 30   /* to state an error of verdicts */
#define REBUT_AUDIT_REVIEW_TRIPLES 30 /* to state it by reviewer */
#define REBUT_AUDIT_REVIEW_CLASS                                                         \
    10                         /* expected requests of a class, to state its rate        \
                                */
#define REBUT_AUDIT_MOVED 20   /* requests that have a term, to judge it */
#define REBUT_AUDIT_DRIFT 0.10 /* q-value up to which a term has drifted */

/* A figure with its 95 % interval. */
struct rebut_audit_figure {
    double value, low, high;
};

enum rebut_audit_map {
    REBUT_AUDIT_AS_STATED, /* p */
    REBUT_AUDIT_PLATT,     /* logit = intercept + slope logit p */
    REBUT_AUDIT_BETA,      /* logit = c + a log p - b log(1 - p) */
    REBUT_AUDIT_MAPS
};

/* From the random draws if they are enough for Platt's map, else from all judged. */
struct rebut_audit_calibration {
    size_t judged, abuse;
    bool random;
    bool known[REBUT_AUDIT_MAPS];       /* else too few */
    double bic[REBUT_AUDIT_MAPS];       /* NaN where not known */
    struct rebut_audit_figure platt[2]; /* intercept, slope */
    struct rebut_audit_figure beta[3];  /* c, a, b */
    enum rebut_audit_map preferred;     /* as stated when no other is known */
};

/* Two reviewers' last words on one request; 1 = abuse. */
struct rebut_audit_pair_case {
    uint16_t reviewer[2]; /* as in verdicts, the first by name first */
    uint8_t word[2];
};

struct rebut_audit_agreement {
    struct rebut_text reviewer[2];
    struct rebut_kappa kappa;
};

/* Of one reviewer.  The intervals take the classes of the requests as known, and so are
 * too narrow: nominally 95 %, they held the truth 87 to 97 times of 100 in simulations of
 * four reviewers on 30 to 300 requests. */
struct rebut_audit_reviewer {
    struct rebut_text name;
    size_t judged; /* requests that another reviewer judged too */
    struct rebut_audit_figure missed, false_alarm;
};

/* How often a verdict is wrong. */
struct rebut_audit_reviews {
    size_t pairs, differing; /* requests reviewed twice: their first two reviewers */
    size_t triples;          /* requests that three or more judged */
    struct rebut_audit_figure error;
    bool by_reviewer; /* enough to say it by reviewer */
};

/* One term, by the verdicts on requests whose score file has terms. */
struct rebut_audit_term {
    size_t moved; /* requests where it is not at its commonest value */
    struct rebut_worth worth;
    double q_value; /* Benjamini-Hochberg over the terms that were tested; NaN: not */
};

#endif
