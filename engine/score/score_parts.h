/* How scores are made, part by part: score.c for a whole state, night_score.c for one
 * request against the list of the night. */
#ifndef REBUT_SCORE_SCORE_PARTS_H
#define REBUT_SCORE_SCORE_PARTS_H

#include "rebut/score.h"

/* Probability, interval, recovery and notes of a claim. */
void rebut_score_judge(const struct rebut_scores *scores, struct rebut_score *score);

/* The buyer's alarm, and the note where the order came with it or after it. */
void rebut_score_turn(const struct rebut_scores *scores, struct rebut_score *score,
                      const struct rebut_turned *turned);

/* The answer that q-value, interval and notes give. */
enum rebut_answer rebut_score_answer(const struct rebut_score *score);

/* Is the claim held against those confirmed as honest? */
bool rebut_score_is_tested(const struct rebut_scores *scores,
                           const struct rebut_score *score);

/* Best first: below 0 when `left`, of the scores `a`, comes before `right`, of `b`. */
int rebut_score_compare(const struct rebut_scores *a, const struct rebut_score *left,
                        const struct rebut_scores *b, const struct rebut_score *right);

#endif
