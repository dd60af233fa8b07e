/* The expert's weights say by how much one bin of a mark outweighs another; what they
 * are together must be neutral.  If w is a log likelihood ratio then f_abuse = f_fault
 * exp(w) and both sum to one, and the bins' shares b of all requests are their mixture:
 *
 *     sum over bins of b / (1 - s + s exp(w + shift)) = 1,   s the share of abuse
 *
 * has one shift, which makes the weights such ratios.  A mark whose bin all requests
 * share then weighs nothing, and marks do not move the base rate. */
#ifndef REBUT_SCORE_MARK_BALANCE_H
#define REBUT_SCORE_MARK_BALANCE_H

#include "rebut/frame.h"

/* The shift for shares that sum to 1 and weights within 10 of each other. */
double rebut_mark_shift(const double *share, const double *weight, int bins);

/* Shift the model's mark weights by the frame's claims. */
void rebut_balance_marks(const struct rebut_frame *frame, struct rebut_model *model);

#endif
