#include "queue_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool take_share(const char *name, const char *value, double *ret,
                       struct rebut_error *err)
{
    return (rebut_text_double(rebut_text_of(value), ret) && *ret >= 0 && *ret <= 1) ||
           rebut_fail(err, REBUT_EUSAGE, "expected --%s from 0 to 1, got '%.20s'", name,
                      value);
}

static bool take_count(const char *name, const char *value, uint64_t most, uint64_t *ret,
                       struct rebut_error *err)
{
    char *end = NULL;
    *ret = strtoull(value, &end, 10);
    return (value[0] >= '0' && value[0] <= '9' && *end == '\0' && *ret <= most) ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected --%s with a whole number up to %" PRIu64 ", got '%.20s'",
                      name, most, value);
}

static bool take_even(const char *value, enum rebut_even *ret, struct rebut_error *err)
{
    for (int i = 0; i < REBUT_EVENS; i++)
        if (strcmp(value, rebut_words_even[i]) == 0) {
            *ret = (enum rebut_even)i;
            return true;
        }
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected --even none, record, merchant or both, got '%.20s'",
                      value);
}

bool rebut_queue_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    struct rebut_queue_wish *wish = own;
    uint64_t number = 0;
    switch (letter) {
    case REBUT_OPTION_FDR:
        return take_share("fdr", value, &wish->plan.fdr, err);
    case REBUT_OPTION_RANDOM:
        return take_share("random", value, &wish->plan.random_share, err);
    case REBUT_OPTION_BUDGET:
        if (!take_count("budget", value, 1000000000, &number, err))
            return false;
        wish->plan.budget = (uint32_t)number;
        return true;
    case REBUT_OPTION_SEED:
        wish->seeded = true;
        return take_count("seed", value, UINT64_MAX, &wish->plan.seed, err);
    default:
        return take_even(value, &wish->plan.even, err);
    }
}
