/* COPY BINARY, the way out: PostgreSQL documentation, COPY, "Binary Format". */
#include "copy_out.h"

#include <inttypes.h>
#include <stdlib.h>

#define SIGNATURE "PGCOPY\n\377\r\n" /* and the NUL behind it */
#define SIGNATURE_SIZE 11

bool rebut_copy_out_begin(struct copy_out *copy, struct rebut_store *store,
                          const char *sql, const char *name, struct rebut_error *err)
{
    *copy = (struct copy_out){.store = store, .name = name};
    PGresult *result = PQexec(rebut_store_pq(store), sql);
    copy->open = PQresultStatus(result) == PGRES_COPY_OUT;
    if (!copy->open) {
        rebut_store_failed(store, result, err);
        rebut_fail_context(err, "cannot read '%s'", name);
    }
    PQclear(result);
    return copy->open;
}

bool rebut_copy_out_head(struct rebut_text *message)
{
    if (message->size < SIGNATURE_SIZE + 8 ||
        memcmp(message->data, SIGNATURE, SIGNATURE_SIZE) != 0)
        return false;
    const uint32_t flags = (uint32_t)load_32(message->data + SIGNATURE_SIZE);
    const int32_t more = load_32(message->data + SIGNATURE_SIZE + 4);
    const size_t size = SIGNATURE_SIZE + 8;
    /* Flags in the upper half change how what follows is to be read. */
    if (flags >> 16 != 0 || more < 0 || (size_t)more > message->size - size)
        return false;
    message->data += size + (size_t)more;
    message->size -= size + (size_t)more;
    return true;
}

bool rebut_copy_out_cells(struct rebut_text tuple, struct cell *ret_cells, int count)
{
    const char *at = tuple.data, *end = tuple.data + tuple.size;
    if (tuple.size < 2 || load_16(at) != count)
        return false;
    at += 2;
    for (int i = 0; i < count; i++) {
        if (end - at < 4)
            return false;
        const int32_t size = load_32(at);
        at += 4;
        if (size < -1 || (size > 0 && end - at < size))
            return false;
        ret_cells[i] = (struct cell){at, size};
        at += size > 0 ? size : 0;
    }
    return at == end;
}

static bool fail_at(const struct copy_out *copy, struct rebut_error *err)
{
    return rebut_fail_context(err, "reading '%s', behind row %" PRIu64, copy->name,
                              copy->rows);
}

static bool fail_broken(struct copy_out *copy, const char *what, struct rebut_error *err)
{
    rebut_fail(err, REBUT_EIO, "expected COPY BINARY data, came %s", what);
    return fail_at(copy, err);
}

/* No data is left: has the server said that this was all? */
static bool read_end(struct copy_out *copy, struct rebut_error *err)
{
    PGconn *connection = rebut_store_pq(copy->store);
    PGresult *result = NULL;
    bool ok = false;
    copy->open = false;
    while ((result = PQgetResult(connection)) != NULL) {
        ok = PQresultStatus(result) == PGRES_COMMAND_OK;
        if (!ok)
            rebut_store_failed(copy->store, result, err);
        else if (strtoull(PQcmdTuples(result), NULL, 10) != copy->rows)
            ok = rebut_fail(err, REBUT_EIO, "the server counts %s rows",
                            PQcmdTuples(result));
        PQclear(result);
    }
    return ok || rebut_store_failed(copy->store, NULL, err) || fail_at(copy, err);
}

/* A message's head, if it is the first; then it holds a row, the end's mark or nothing.
 */
static bool take_message(struct copy_out *copy, struct copy_row *row,
                         struct rebut_error *err)
{
    if (!copy->head && !rebut_copy_out_head(&row->tuple))
        return fail_broken(copy, "something else", err);
    copy->head = true;
    const bool mark = row->tuple.size == 2 && load_16(row->tuple.data) == -1;
    if (mark || row->tuple.size == 0) {
        PQfreemem(row->message);
        *row = (struct copy_row){0};
        return true;
    }
    copy->rows++;
    return true;
}

bool rebut_copy_out_next(struct copy_out *copy, struct copy_row *ret_row, bool *ret_end,
                         struct rebut_error *err)
{
    *ret_row = (struct copy_row){0};
    *ret_end = false;
    while (ret_row->message == NULL) {
        const int size = PQgetCopyData(rebut_store_pq(copy->store), &ret_row->message, 0);
        if (size == -1) {
            *ret_end = true;
            return read_end(copy, err);
        }
        if (size < 0) {
            rebut_store_failed(copy->store, NULL, err);
            return fail_at(copy, err);
        }
        copy->bytes += (uint64_t)size;
        ret_row->tuple = (struct rebut_text){ret_row->message, (size_t)size};
        if (!take_message(copy, ret_row, err)) {
            PQfreemem(ret_row->message);
            return false;
        }
    }
    return true;
}

void rebut_copy_out_abandon(struct copy_out *copy)
{
    char *message = NULL;
    PGresult *result = NULL;
    if (!copy->open)
        return;
    PGconn *connection = rebut_store_pq(copy->store);
    copy->open = false;
    rebut_store_cancel(copy->store);
    while (PQgetCopyData(connection, &message, 0) > 0)
        PQfreemem(message);
    while ((result = PQgetResult(connection)) != NULL)
        PQclear(result);
}
