/* A reliability table as dots of a chart: share found over mean stated. */
#ifndef REBUT_REPORT_TENTHS_H
#define REBUT_REPORT_TENTHS_H

#include "rebut/chart.h"
#include "rebut/metrics.h"

/* A dot a bin that is not empty, with its 95 % interval; ret[bins].  EMATH. */
REBUT_MUST_CHECK bool rebut_tenths(const struct rebut_reliability *table, size_t bins,
                                   struct rebut_chart_point *ret, size_t *ret_count,
                                   struct rebut_error *err);

#endif
