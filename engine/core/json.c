#include "rebut/json.h"

#include "json_scan.h"
#include "json_read.h"

void rebut_json_init(struct rebut_json *json, struct rebut_text text, int nesting_max)
{
    *json = (struct rebut_json){
        .start = text.data,
        .at = text.data,
        .end = text.data + text.size,
        .nesting_max =
            nesting_max < REBUT_JSON_NESTING_MAX ? nesting_max : REBUT_JSON_NESTING_MAX,
    };
}

/* Check the array or object that starts at `p`; recursion is bounded by the limit. */
static const char *pass_container(struct rebut_json *json, const char *p);

/* ---- strings ---- */

bool rebut_json_fault_at(struct rebut_json *json, enum rebut_json_fault fault,
                         const char *at, const char *expected)
{
    if (json->fault == REBUT_JSON_FINE) {
        json->fault = fault;
        json->at = at;
        json->expected = expected;
    }
    return false;
}
