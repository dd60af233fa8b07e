/* How a shop's edition rounds: pure arithmetic. */
#ifndef REBUT_EVIDENCE_PACK_ROUND_H
#define REBUT_EVIDENCE_PACK_ROUND_H

#include <stdint.h>

/* 0, 1, 2, 5, 10, 20, 50, …: the nearest by ratio, and at most `most`. */
int64_t rebut_round_count(int64_t count, int64_t most);

/* The nearest 1, 2 or 5 times a power of ten by ratio; other than what is positive and
 * finite stays. */
double rebut_round_125(double value);

/* To so many decimal digits; what is not finite stays. */
double rebut_round_digits(double value, int digits);

/* The lower end of the class that it is in; REBUT_TIME_NONE stays.  Ages: 0, 30, 90, 180
 * days, 1 and 2 years, the classes of the model's factor.  Delays: 0, 1, 6 and 24 hours,
 * 3, 7, 14 and 30 days. */
int64_t rebut_round_age(int64_t age);
int64_t rebut_round_delay(int64_t delay);

/* Log-odds to quarters, or finer where that would be on the other side of a border:
 * `above` and up, or `below` and down, are other answers (NaN: none is). */
double rebut_round_between(double log_odds, double above, double below);

#endif
