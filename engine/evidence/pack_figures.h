/* Figures of a pack that are made from other figures of it: the same code states them
 * and finds them again. */
#ifndef REBUT_EVIDENCE_PACK_FIGURES_H
#define REBUT_EVIDENCE_PACK_FIGURES_H

#include "rebut/pack.h"

/* From requests and orders: rate and its Jeffreys interval. */
struct rebut_pack_rate rebut_pack_rate_of(int64_t requests, int64_t orders);
/* From requests and the sum of 1 - probability. */
struct rebut_pack_share rebut_pack_share_of(int64_t requests, double fault);
/* From one level: its ratio, Gamma interval, and the normal range at that level. */
struct rebut_pack_fault rebut_pack_fault_of(const struct rebut_pack_level *level);
/* From the windows of merchant and item: their product, no interval. */
struct rebut_pack_fault rebut_pack_recent_of(const struct rebut_pack_level *merchant,
                                             const struct rebut_pack_level *item);
/* `count` over `expected` and its exact Poisson interval. */
void rebut_pack_ratio_of(int64_t count, double expected, double *ret_ratio,
                         double *ret_low, double *ret_high);
/* share, low and high of a bin from judged and abuse. */
void rebut_pack_bin_of(struct rebut_pack_bin *bin);
/* By how much the log-odds would have to move to leave the answer. */
double rebut_pack_margin_of(const struct rebut_pack_score *score);
/* Does the shop's own record explain the requests?  Its fault, or the item's, or that
 * of these weeks is at least half as much again as is usual and surely above it, or two
 * or more witnesses asked for the same. */
bool rebut_pack_explains(const struct rebut_pack_shop *shop);
/* A share in percent as sentences, pages and paper have it, into `text`, which it
 * returns: one decimal, and nothing is 0 % or 100 % that only comes near. */
#define REBUT_PACK_PERCENT 32
const char *rebut_pack_percent(double share, char text[REBUT_PACK_PERCENT]);
/* The lines of the sum as a reader is shown them, into ret, and how many: the marks that
 * each say that there is no text are one line with their sum. */
uint32_t rebut_pack_lines_shown(const struct rebut_pack_score *score,
                                struct rebut_pack_line ret[REBUT_TERMS]);
/* Of the matches in a pack a reader is shown the nearest; the JSON has all it lists. */
#define REBUT_PACK_SHOWN 20
/* Log-odds with their sign, or "0.00"; the same. */
const char *rebut_pack_log_odds(double value, char text[REBUT_PACK_PERCENT]);
#define REBUT_PACK_FAULTY 1.5
#define REBUT_PACK_WITNESSES 2

#endif
