/* How much do service facts say about a merchant's fault?
 *
 * Poisson regression of the trusted soft fault counts on the logarithms of observed
 * over expected returns at each level and of the share shipped late: exponents of the
 * prior psi, in [0, 2].  No refund-only outcome is among the facts. */
#ifndef REBUT_SCORE_SERVICE_H
#define REBUT_SCORE_SERVICE_H

#include "rebut/infer.h"

/* Move model->service and service_scale by two Newton steps on the last pass's counts. */
void rebut_service_fit(const struct rebut_inference *inference,
                       struct rebut_model *model);

#endif
