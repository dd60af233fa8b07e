/* Expert weights made neutral: a mark that all requests share says nothing. */
#include "mark_balance.h"

#include <math.h>

/* Share of abuse among requests at which a mark is neutral; between 0.05 and 0.4 no
 * weight moves by more than a tenth or two. */
#define ABUSE_SHARE 0.2
#define SHIFT_MAX 10.0
#define HALVINGS 60

/* Sum of f_fault over the bins when all weights move by `shift`: falls with it. */
static double fault_mass(const double *share, const double *weight, int bins,
                         double shift)
{
    double mass = 0;
    for (int bin = 0; bin < bins; bin++)
        mass += share[bin] / (1 - ABUSE_SHARE + ABUSE_SHARE * exp(weight[bin] + shift));
    return mass;
}

double rebut_mark_shift(const double *share, const double *weight, int bins)
{
    double low = -SHIFT_MAX, high = SHIFT_MAX;
    for (int halving = 0; halving < HALVINGS; halving++) {
        const double middle = (low + high) / 2;
        if (fault_mass(share, weight, bins, middle) > 1)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void rebut_balance_marks(const struct rebut_frame *frame, struct rebut_model *model)
{
    for (int mark = 0; mark < REBUT_MARKS && frame->claims_count > 0; mark++) {
        const int bins = rebut_mark_tables[mark].bins;
        double share[REBUT_MARK_BINS] = {0};
        for (uint32_t i = 0; i < frame->claims_count; i++)
            share[frame->claims[i].bin[mark]]++;
        for (int bin = 0; bin < bins; bin++)
            share[bin] /= frame->claims_count;
        const double shift = rebut_mark_shift(share, model->mark_weights[mark], bins);
        for (int bin = 0; bin < bins; bin++)
            model->mark_weights[mark][bin] += shift;
    }
}
