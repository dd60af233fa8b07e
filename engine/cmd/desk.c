#include "desk.h"

#include <inttypes.h>

#include "rebut/text.h"

bool rebut_desk_open(struct rebut_store **ret, const char *conninfo, const char *purpose,
                     struct rebut_error *err)
{
    if (!rebut_store_open(ret, conninfo, purpose, err))
        return false;
    if (rebut_schema_require(*ret, err))
        return true;
    rebut_store_close(*ret);
    *ret = NULL;
    return false;
}

bool rebut_desk_count(const char *option, const char *value, int64_t most,
                      struct rebut_error *err)
{
    int64_t count = 0;
    return (rebut_text_int64(rebut_text_of(value), &count) && count >= 1 &&
            count <= most) ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected --%s with a whole number from 1 to %" PRId64
                      ", got '%.20s'",
                      option, most, value);
}

bool rebut_desk_request(const char *value, struct rebut_error *err)
{
    const struct rebut_text id = rebut_text_of(value);
    return (id.size >= 1 && id.size <= 64 && rebut_text_valid_utf8(id) == id.size) ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected --request with an id of 1 to 64 bytes in UTF-8");
}
