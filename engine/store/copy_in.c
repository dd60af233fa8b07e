/* COPY BINARY, the way in: PostgreSQL documentation, COPY, "Binary Format". */
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "rebut/copy.h"
#include "rebut/time.h"

#define FLUSH_AT ((size_t)1 << 18)
#define TEXT_OID 25
#define HEAD_SIZE 19 /* of a stream: signature, flags, size of what follows */
/* PostgreSQL counts microseconds from 2000-01-01. */
#define EPOCH_US (INT64_C(946684800) * REBUT_SECOND)

static void flush(struct rebut_copy *copy)
{
    if (!copy->failed &&
        PQputCopyData(rebut_store_pq(copy->store), copy->buffer, (int)copy->used) != 1)
        copy->failed = true;
    copy->used = 0;
}

/* Room for `size` bytes more, or NULL when the writer has failed. */
static char *room_for(struct rebut_copy *copy, size_t size)
{
    if (copy->failed)
        return NULL;
    if (copy->used + size > copy->room && copy->used > 0 && !copy->held)
        flush(copy);
    if (copy->used + size > copy->room) {
        const size_t room = copy->held ? 2 * (copy->used + size) : size;
        char *larger = realloc(copy->buffer, room);
        if (larger == NULL) {
            copy->failed = copy->no_memory = true;
            return NULL;
        }
        copy->buffer = larger;
        copy->room = room;
    }
    char *place = copy->buffer + copy->used;
    copy->used += size;
    return copy->failed ? NULL : place;
}

static void put_16(char *to, int16_t value)
{
    const uint16_t wire = htobe16((uint16_t)value);
    memcpy(to, &wire, sizeof wire);
}

static void put_32(char *to, int32_t value)
{
    const uint32_t wire = htobe32((uint32_t)value);
    memcpy(to, &wire, sizeof wire);
}

static void put_64(char *to, uint64_t value)
{
    const uint64_t wire = htobe64(value);
    memcpy(to, &wire, sizeof wire);
}

static bool set_up(struct rebut_copy *copy, struct rebut_store *store, int columns,
                   struct rebut_error *err)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* and the NUL: 19 */
    _Static_assert(sizeof head == HEAD_SIZE, "the head of a stream");
    *copy = (struct rebut_copy){.store = store, .columns = columns, .room = 2 * FLUSH_AT};
    copy->buffer = malloc(copy->room);
    if (copy->buffer == NULL)
        return rebut_fail_memory(err, "rows on their way to the database");
    memcpy(room_for(copy, sizeof head), head, sizeof head);
    return true;
}

static bool start(struct rebut_store *store, const char *sql, struct rebut_error *err)
{
    PGresult *result = PQexec(rebut_store_pq(store), sql);
    const bool ok =
        PQresultStatus(result) == PGRES_COPY_IN || rebut_store_failed(store, result, err);
    PQclear(result);
    return ok;
}

bool rebut_copy_begin(struct rebut_copy *copy, struct rebut_store *store, const char *sql,
                      int columns, struct rebut_error *err)
{
    if (!set_up(copy, store, columns, err))
        return false;
    if (start(store, sql, err))
        return true;
    free(copy->buffer);
    *copy = (struct rebut_copy){0};
    return false;
}

bool rebut_copy_hold(struct rebut_copy *copy, struct rebut_store *store, int columns,
                     struct rebut_error *err)
{
    const bool ok = set_up(copy, store, columns, err);
    copy->held = true;
    return ok;
}

bool rebut_copy_row(struct rebut_copy *copy)
{
    if (copy->used >= FLUSH_AT && !copy->held)
        flush(copy);
    char *to = room_for(copy, 2);
    if (to == NULL)
        return false;
    put_16(to, (int16_t)copy->columns);
    copy->rows++;
    return true;
}

void rebut_copy_null(struct rebut_copy *copy)
{
    char *to = room_for(copy, 4);
    if (to != NULL)
        put_32(to, -1);
}

void rebut_copy_text(struct rebut_copy *copy, struct rebut_text text)
{
    if (text.data == NULL) {
        rebut_copy_null(copy);
        return;
    }
    char *to = room_for(copy, 4 + text.size);
    if (to == NULL)
        return;
    put_32(to, (int32_t)text.size);
    memcpy(to + 4, text.data, text.size);
}

static void put_eight(struct rebut_copy *copy, uint64_t value)
{
    char *to = room_for(copy, 12);
    if (to == NULL)
        return;
    put_32(to, 8);
    put_64(to + 4, value);
}

void rebut_copy_bigint(struct rebut_copy *copy, int64_t value)
{
    put_eight(copy, (uint64_t)value);
}

void rebut_copy_integer(struct rebut_copy *copy, int32_t value)
{
    char *to = room_for(copy, 8);
    if (to == NULL)
        return;
    put_32(to, 4);
    put_32(to + 4, value);
}

void rebut_copy_time(struct rebut_copy *copy, int64_t time)
{
    if (time == REBUT_TIME_NONE)
        rebut_copy_null(copy);
    else
        put_eight(copy, (uint64_t)(time - EPOCH_US));
}

void rebut_copy_double(struct rebut_copy *copy, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isfinite(value))
        put_eight(copy, bits);
    else
        rebut_copy_null(copy);
}

void rebut_copy_bool(struct rebut_copy *copy, bool value)
{
    char *to = room_for(copy, 5);
    if (to == NULL)
        return;
    put_32(to, 1);
    to[4] = value;
}

void rebut_copy_texts(struct rebut_copy *copy, const struct rebut_text *texts, int count)
{
    size_t size = count == 0 ? 12 : 20;
    for (int i = 0; i < count; i++)
        size += 4 + texts[i].size;
    char *to = room_for(copy, 4 + size);
    if (to == NULL)
        return;
    put_32(to, (int32_t)size);
    put_32(to + 4, count == 0 ? 0 : 1); /* dimensions */
    put_32(to + 8, 0);                  /* no nulls */
    put_32(to + 12, TEXT_OID);
    if (count == 0)
        return;
    put_32(to + 16, count);
    put_32(to + 20, 1); /* the first index */
    to += 24;
    for (int i = 0; i < count; i++) {
        put_32(to, (int32_t)texts[i].size);
        memcpy(to + 4, texts[i].data, texts[i].size);
        to += 4 + texts[i].size;
    }
}

/* What the server says at the end, and nothing left to read. */
static bool read_end(struct rebut_copy *copy, struct rebut_error *err)
{
    bool ok = true;
    PGresult *result = NULL;
    while ((result = PQgetResult(rebut_store_pq(copy->store))) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && ok)
            ok = rebut_store_failed(copy->store, result, err);
        PQclear(result);
    }
    return ok;
}

/* Everything is given to libpq: end the stream. */
static bool finish(struct rebut_copy *copy, struct rebut_error *err)
{
    char *to = room_for(copy, 2);
    if (to != NULL) {
        put_16(to, -1);
        flush(copy);
    }
    bool ok = !copy->failed;
    if (copy->no_memory)
        rebut_fail_memory(err, "rows on their way to the database");
    const char *give_up = ok ? NULL : "the rows could not be written";
    if (PQputCopyEnd(rebut_store_pq(copy->store), give_up) != 1)
        ok = rebut_store_failed(copy->store, NULL, err);
    ok = read_end(copy, err) && ok;
    return ok || rebut_fail(err, REBUT_EIO, "the rows could not be written");
}

bool rebut_copy_end(struct rebut_copy *copy, struct rebut_error *err)
{
    const bool ok = finish(copy, err);
    free(copy->buffer);
    copy->buffer = NULL;
    return ok;
}

bool rebut_copy_send(struct rebut_copy *copy, const char *sql, struct rebut_error *err)
{
    if (copy->no_memory)
        return rebut_fail_memory(err, "rows on their way to the database");
    if (copy->rows == 0)
        return true;
    if (!start(copy->store, sql, err) || !finish(copy, err))
        return false;
    copy->used = HEAD_SIZE; /* which is still there */
    copy->rows = 0;
    return true;
}

static bool put_kept(const struct rebut_copy *copy, size_t from)
{
    return copy->rows == 0 ||
           PQputCopyData(rebut_store_pq(copy->store), copy->buffer + from,
                         (int)(copy->used - from)) == 1;
}

bool rebut_copy_send_kept(struct rebut_copy *const *copies, size_t count,
                          struct rebut_store *store, const char *sql,
                          struct rebut_error *err)
{
    static const char trailer[] = {'\xff', '\xff'};
    const struct rebut_copy *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (copies[i]->no_memory)
            return rebut_fail_memory(err, "rows on their way to the database");
        copies[i]->store = store;
        if (first == NULL && copies[i]->rows > 0)
            first = copies[i];
    }
    if (first == NULL)
        return true;
    if (!start(store, sql, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = put_kept(copies[i], copies[i] == first ? 0 : HEAD_SIZE);
    PGconn *connection = rebut_store_pq(store);
    ok = ok && PQputCopyData(connection, trailer, sizeof trailer) == 1;
    if (PQputCopyEnd(connection, ok ? NULL : "the rows could not be written") != 1)
        ok = rebut_store_failed(store, NULL, err);
    ok = read_end(copies[0], err) && ok;
    return ok || rebut_fail(err, REBUT_ETRY, "the rows could not be written");
}

void rebut_copy_forget(struct rebut_copy *copy)
{
    copy->used = HEAD_SIZE;
    copy->rows = 0;
}

void rebut_copy_abandon(struct rebut_copy *copy)
{
    if (copy->held) {
        free(copy->buffer);
        copy->buffer = NULL;
    }
    if (copy->buffer == NULL)
        return;
    copy->failed = true;
    if (!rebut_copy_end(copy, NULL))
        copy->used = 0;
}
