#include "tenths.h"

bool rebut_tenths(const struct rebut_reliability *table, size_t bins,
                  struct rebut_chart_point *ret, size_t *ret_count,
                  struct rebut_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < bins; i++) {
        const struct rebut_reliability *bin = &table[i];
        struct rebut_interval range;
        if (bin->count == 0)
            continue;
        if (!rebut_interval_proportion(bin->positives, bin->count, .95, &range, err))
            return false;
        ret[count++] =
            (struct rebut_chart_point){.x = bin->score_sum / (double)bin->count,
                                       .y = (double)bin->positives / (double)bin->count,
                                       .low = range.low,
                                       .high = range.high};
    }
    *ret_count = count;
    return true;
}
