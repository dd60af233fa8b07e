/* rebut/shingle.h -- a text as a set of pairs of neighbouring letters, and sets that are
 * nearly equal.
 *
 * Letters are what is left after NFKC and case folding (utf8proc) without punctuation,
 * digits, spaces and symbols: another comma, full-width type or another order number do
 * not make another text.  Two texts are near when their sets have 9 of 10 in common
 * (Jaccard).  Signatures are MinHash (Broder 1997): each of their numbers agrees with
 * the probability that is the sets' Jaccard index; with five bands of five, sets that
 * are just near meet in a band in 99 of 100 cases, sets with half in common in 15.
 */
#ifndef REBUT_SHINGLE_H
#define REBUT_SHINGLE_H

#include <stdbool.h>
#include <stdint.h>

#include "rebut/text.h"

#define REBUT_SHINGLES_MAX 256 /* of one text: its first letters */
#define REBUT_SHINGLE_BANDS 5
#define REBUT_SHINGLE_ROWS 5 /* numbers of a signature in a band */

/* The set of a text, ascending, into ret; gives its size. */
int rebut_shingles(struct rebut_text text, uint32_t ret[REBUT_SHINGLES_MAX]);

/* A number for the whole set: equal sets have equal ones. */
uint64_t rebut_shingle_digest(const uint32_t *set, int count);

/* A number for each band of the signature of a set that is not empty. */
void rebut_shingle_bands(const uint32_t *set, int count,
                         uint64_t ret[REBUT_SHINGLE_BANDS]);

/* Have the sets at least 9 of 10 in common? */
bool rebut_shingles_near(const uint32_t *a, int count_a, const uint32_t *b, int count_b);

#endif
