/* A night and what is made of it, under server->night_lock. */
#ifndef REBUT_SERVER_NIGHT_H
#define REBUT_SERVER_NIGHT_H

#include "rebut/pack_make.h"
#include "rebut/scorer.h"
#include "server_parts.h"

struct rebut_server_night {
    struct rebut_tonight tonight;
    struct rebut_pack_maker *maker;
    uint32_t *place; /* [requests] in the night's list, or REBUT_NONE */
    unsigned char secret[REBUT_PACK_SECRET];
};

/* The pack of a request of the night, which lives as long as the night; not found: it has
 * no score there. */
REBUT_MUST_CHECK bool rebut_server_night_pack(struct rebut_server_night *night,
                                              const char *id, struct rebut_pack *ret,
                                              bool *ret_found, struct rebut_error *err);

#endif
