/* A reviewer's connection: what 'rebut queue --store', 'show' and 'decide' share. */
#ifndef REBUT_CMD_DESK_H
#define REBUT_CMD_DESK_H

#include "rebut/output.h"
#include "rebut/store.h"

#define REBUT_DESK_STORE_HELP                                                            \
    "  --store CONNINFO  libpq's: 'dbname=shop host=db1', a URI, or 'service=rebut'\n"

/* Connect as "rebut PURPOSE" and make sure that the schema is this program's. */
REBUT_MUST_CHECK bool rebut_desk_open(struct rebut_store **ret, const char *conninfo,
                                      const char *purpose, struct rebut_error *err);

/* A whole number from 1 to `most`; EUSAGE names the option. */
REBUT_MUST_CHECK bool rebut_desk_count(const char *option, const char *value,
                                       int64_t most, struct rebut_error *err);

/* A request's id: 1 to 64 bytes of UTF-8; EUSAGE. */
REBUT_MUST_CHECK bool rebut_desk_request(const char *value, struct rebut_error *err);

#endif
