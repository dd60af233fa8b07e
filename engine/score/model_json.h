/* What the two files that write and read the model's document share. */
#ifndef REBUT_SCORE_MODEL_JSON_H
#define REBUT_SCORE_MODEL_JSON_H

#include <jansson.h>

#include "rebut/model.h"

/* A number of an object, in [low, high], or EDATA. */
REBUT_MUST_CHECK bool rebut_model_read_number(const json_t *object, const char *name,
                                              double low, double high, double *ret,
                                              struct rebut_error *err);

/* What verdicts have taught: top layer, confirmed-legitimate requests, profile. */
void rebut_model_write_learned(const struct rebut_model *model, json_t *document);
REBUT_MUST_CHECK bool rebut_model_read_learned(struct rebut_model *model,
                                               const json_t *document,
                                               struct rebut_error *err);

#endif
