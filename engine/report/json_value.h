/* Members of a JSON object after its first, as evaluation, audit and comparison write
 * them. */
#ifndef REBUT_REPORT_JSON_VALUE_H
#define REBUT_REPORT_JSON_VALUE_H

#include "rebut/metrics.h"
#include "rebut/output.h"

static inline void json_value(struct rebut_output *out, const char *name, double number)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_double(out, number);
}

static inline void json_interval(struct rebut_output *out, const char *low,
                                 const char *high, struct rebut_interval range)
{
    json_value(out, low, range.low);
    json_value(out, high, range.high);
}

/* `"name":[`, and what separates its members. */
static inline void json_list(struct rebut_output *out, const char *name)
{
    rebut_output_print(out, ",\"%s\":[", name);
}

static inline const char *json_between(size_t index)
{
    return index == 0 ? "" : ",";
}

#endif
