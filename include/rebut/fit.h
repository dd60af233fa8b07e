/* rebut/fit.h -- which numbers make the events likeliest?
 *
 * Expectation-maximisation: a pass of inference, then each group of numbers moved to
 * its best value given what the pass found, REBUT_FIT_PASSES times.  Marks are not
 * learned here (an unanchored fit would follow the largest cluster, professional
 * claimants for one): they keep the expert's weights until verdicts teach them.
 *
 * Until a few hundred verdicts exist the base rate of abuse is an assumption: shape
 * alone tells the two sources apart, weakly.  Every output says so.
 */
#ifndef REBUT_FIT_H
#define REBUT_FIT_H

#include "rebut/frame.h"
#include "rebut/infer.h"
#include "rebut/model.h"

#define REBUT_FIT_PASSES 5

/* Verdicts below which the base rate counts as an assumption. */
#define REBUT_VERDICTS_ENOUGH 200

/* Fit a model that has its levels (rebut_model_learn_levels) to the frame; the
 * inference is used as work space.  The model's version is not set. */
REBUT_MUST_CHECK bool rebut_fit(struct rebut_model *model,
                                struct rebut_inference *inference,
                                struct rebut_error *err);

#endif
