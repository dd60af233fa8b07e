/* Inside of recomputing: one number after another. */
#ifndef REBUT_EVIDENCE_RECOMPUTE_PARTS_H
#define REBUT_EVIDENCE_RECOMPUTE_PARTS_H

#include "pack_figures.h"
#include "pack_words.h"
#include "rebut/recompute.h"

struct checker {
    const struct rebut_pack *pack;
    rebut_recompute_visit *visit;
    void *context;
    struct rebut_recompute_sum sum;
    struct rebut_pack scratch; /* memory for sentences */
};

/* What the inputs make. */
struct made {
    double mu, nu, v[REBUT_LEVELS], average;
    struct rebut_others others, alone;
    double log_marks, log_verdict;
    struct rebut_term terms[REBUT_TERMS]; /* in the order of the scoring */
    int count;
    double raw, log_odds;
};
bool rebut_recompute_make(const struct rebut_pack *pack, struct made *ret,
                          struct rebut_error *err);

/* What the buyer's other requests say, with the ring's prior and without: `others` and
 * `alone` of it.  `scratch` holds memory. */
bool rebut_recompute_others(const struct rebut_pack_inputs *inputs, struct made *made,
                            struct rebut_pack *scratch, struct rebut_error *err);

/* Half the width of the log-odds' 90 % interval; a probability of log-odds. */
double rebut_recompute_half(const struct rebut_pack_inputs *inputs,
                            const struct made *made);
double rebut_recompute_logistic(double x);

/* A number: the nearest of its digits, or within `slack` where a difference of nearly
 * equal numbers has fewer. */
void rebut_check_number(struct checker *checker, double stated, double found,
                        double slack, const char *format, ...) REBUT_PRINTF(5, 6);
/* A whole number. */
void rebut_check_count(struct checker *checker, int64_t stated, int64_t found,
                       const char *format, ...) REBUT_PRINTF(4, 5);
/* A sentence in both languages. */
void rebut_check_words(struct checker *checker, struct rebut_pack_words stated,
                       struct rebut_pack_words found, const char *format, ...)
    REBUT_PRINTF(4, 5);

#endif
