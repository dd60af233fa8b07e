/* rebut/learn.h -- what do the reviewers' verdicts teach?
 *
 * Verdicts are few, late, wrong now and then, and not on requests chosen at random.
 * Three things follow:
 *
 *   - the truth behind a verdict is latent: P(said abuse) = (1 - e) p + e (1 - p) with
 * the reviewers' error e.  Taken at its word, one mistake on a clear case would flatten
 *     every probability.  Solved by EM: soft truths, a regression on them, and e from
 *     how often verdicts then look wrong (two reviewers who disagree weigh most);
 *   - a request chosen for review is not like the others: the regression has a free
 *     intercept for each way of choosing but the random draw, and none of these enters
 *     a score.  So verdicts on chosen requests teach what distinguishes abuse, and only
 *     those on random draws how much of it there is;
 *   - few verdicts must not hurt: everything is shrunk to the pure model
 *     (rebut/top_layer.h).
 *
 * What was measured: benchmarks/quality/README.md.
 */
#ifndef REBUT_LEARN_H
#define REBUT_LEARN_H

#include "rebut/infer.h"
#include "rebut/model.h"

/* Teach model->top, reviewer_error and honest from the judged claims of
 * an inference that has ended with this model; what the error changes in the inference
 * wants it run again. Without any verdict these are as if nothing had been learned; the
 * profile of the terms is made all the same. Fails with ENOMEM, or EMATH (then the model
 * has learned nothing). */
REBUT_MUST_CHECK bool rebut_learn(struct rebut_model *model,
                                  const struct rebut_inference *inference,
                                  struct rebut_error *err);

/* Fit, infer, learn, and infer again with what the learned error of reviewers changes:
 * all that a model is made of.  The model has its levels; the inference ends as scoring
 * with that model would leave it.  The model's version is not set. */
REBUT_MUST_CHECK bool rebut_train(struct rebut_model *model,
                                  struct rebut_inference *inference,
                                  struct rebut_error *err);

#endif
