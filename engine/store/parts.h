/* What the files of this room share. */
#ifndef REBUT_STORE_PARTS_H
#define REBUT_STORE_PARTS_H

#include <libpq-fe.h>

#include "rebut/store.h"

PGconn *rebut_store_pq(struct rebut_store *store);

/* The statements that this connection has prepared, by their text's address. */
#define STORE_PREPARED_MAX 96
struct store_prepared {
    const char *texts[STORE_PREPARED_MAX];
    int count;
};
struct store_prepared *rebut_store_prepared(struct rebut_store *store);

/* Fail for what the result (or, without one, the connection) says.  Always false; the
 * result is left to the caller. */
bool rebut_store_failed(struct rebut_store *store, const PGresult *result,
                        struct rebut_error *err);

#endif
