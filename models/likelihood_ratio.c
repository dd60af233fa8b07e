#include "rebut/likelihood_ratio.h"

#include <math.h>

/* observed * log(observed / expected), 0 for none */
static double term(double observed, double expected)
{
    return observed > 0 ? observed * log(observed / expected) : 0;
}

double rebut_word_likelihood(const struct rebut_word_counts *counts)
{
    const double a = (double)counts->with_here, b = (double)counts->without_here;
    const double c = (double)counts->with_elsewhere,
                 d = (double)counts->without_elsewhere;
    const double here = a + b, elsewhere = c + d, with = a + c, without = b + d;
    if (!(here > 0 && elsewhere > 0 && with > 0 && without > 0))
        return 0;
    const double all = here + elsewhere;
    const double twice =
        2 * (term(a, here * with / all) + term(b, here * without / all) +
             term(c, elsewhere * with / all) + term(d, elsewhere * without / all));
    return copysign(fmax(0, twice), a / here - c / elsewhere);
}
