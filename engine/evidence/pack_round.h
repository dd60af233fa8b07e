/* How a shop's edition rounds: pure arithmetic.
 *
 * A number that two shops' packs have of one buyer would be the same number in both,
 * rounded or not.  So what lies between two steps goes to the upper one with a chance
 * that is its place between them, by ratio: `at` in (0, 1) is the draw, which differs by
 * shop; 0.5 is plain rounding. */
#ifndef REBUT_EVIDENCE_PACK_ROUND_H
#define REBUT_EVIDENCE_PACK_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "rebut/text.h"

/* A draw in (0, 1) for a number of its own (`what`), from a text that only the platform
 * has; 0.5 where that is absent. */
double rebut_round_draw(struct rebut_text secret, int what);

/* Fine: 0, 1, 2, 5, 10, 20, 50, …, else 0, 1, 3, 10, 30, …, and at most `most`. */
int64_t rebut_round_count(int64_t count, bool fine, int64_t most, double at);

/* 1, 2 or 5 times a power of ten; other than what is positive and finite stays. */
double rebut_round_125(double value, double at);

/* A multiple of `step`; what is not finite stays. */
double rebut_round_step(double value, double step, double at);

/* To so many decimal digits; what is not finite stays. */
double rebut_round_digits(double value, int digits);

/* The lower end of the class that it is in; REBUT_TIME_NONE stays.  Ages: 0, 30, 90, 180
 * days, 1 and 2 years, the classes of the model's factor.  Delays: 0, 1, 6 and 24 hours,
 * 3, 7, 14 and 30 days. */
int64_t rebut_round_age(int64_t age);
int64_t rebut_round_delay(int64_t delay);

/* Log-odds to steps of 1/2, beyond 3 of 1, and at most 6 (99.8 %), or finer where that
 * would be on the other side of a border: `above` and up, or `below` and down, are other
 * answers (NaN: none is). */
double rebut_round_between(double log_odds, double above, double below);

#endif
