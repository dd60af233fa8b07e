/* rebut/likelihood_ratio.h -- does this word belong to that group of texts?
 *
 * Source: Dunning, Computational Linguistics 19 (1993), 61-74.  Pure arithmetic.
 */
#ifndef REBUT_LIKELIHOOD_RATIO_H
#define REBUT_LIKELIHOOD_RATIO_H

#include <stdint.h>

/* Texts (or words) of a group and of the others, with the word and without it. */
struct rebut_word_counts {
    uint64_t with_here, without_here, with_elsewhere, without_elsewhere;
};

/* Twice the log likelihood ratio of "its own rate here" against "one rate for all", over
 * 0 where the word is commoner here, under 0 where it is rarer.  Its magnitude is
 * chi-square with one degree of freedom when there is no difference, for rare words
 * too.  0 when a side has nothing to compare. */
double rebut_word_likelihood(const struct rebut_word_counts *counts);

#endif
