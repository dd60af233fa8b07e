/* Dead letters of the table. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/letters.h"
#include "statements.h"

/* Hex of a cell into `room`, which is large enough.  {NULL, 0}: NULL. */
static struct rebut_text bytes_of(const struct rebut_rows *rows, int row, int column,
                                  char *room)
{
    const char *hex = rebut_rows_get(rows, row, column);
    size_t size = 0;
    if (hex == NULL || sodium_hex2bin((unsigned char *)room, strlen(hex) / 2 + 1, hex,
                                      strlen(hex), NULL, &size, NULL) != 0)
        return (struct rebut_text){NULL, 0};
    return (struct rebut_text){room, size};
}

static bool visit_row(const struct rebut_rows *rows, int row, rebut_letter_visit *visit,
                      void *context, struct rebut_letters_counts *counts,
                      struct rebut_error *err)
{
    if (rebut_rows_true(rows, row, 4)) {
        counts->cut++;
        return true;
    }
    const size_t key_size = rebut_rows_size(rows, row, 2) / 2 + 1;
    char *room = malloc(key_size + rebut_rows_size(rows, row, 3) / 2 + 1);
    if (room == NULL)
        return rebut_fail_memory(err, "a letter");
    const struct rebut_letter letter = {.key = bytes_of(rows, row, 2, room),
                                        .line = bytes_of(rows, row, 3, room + key_size),
                                        .reason =
                                            rebut_text_of(rebut_rows_get(rows, row, 1))};
    const bool ok = visit(context, &letter, err);
    counts->replayed += ok;
    free(room);
    return ok;
}

/* All that wait, a thousand at a time; *last is the number of the last. */
static bool visit_all(struct rebut_store *store, const char *stream, const char *reason,
                      rebut_letter_visit *visit, void *context, char last[24],
                      struct rebut_letters_counts *counts, struct rebut_error *err)
{
    struct rebut_rows rows = {0};
    bool ok = true;
    do {
        rebut_rows_release(&rows);
        const char *const parameters[] = {stream, reason, last};
        ok = rebut_store_query(store, rebut_sql_letters_waiting, parameters, 3, &rows,
                               err);
        for (int row = 0; ok && row < rows.count; row++) {
            ok = visit_row(&rows, row, visit, context, counts, err);
            snprintf(last, 24, "%s", rebut_rows_get(&rows, row, 0));
        }
    } while (ok && rows.count > 0);
    rebut_rows_release(&rows);
    return ok;
}

static bool lock(struct rebut_store *store, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(store, rebut_sql_letters_lock, NULL, 0, &rows, err))
        return false;
    const bool ok = rebut_rows_true(&rows, 0, 0);
    rebut_rows_release(&rows);
    return ok ||
           rebut_fail(err, REBUT_ETRY, "another is replaying dead letters; try again");
}

static bool finish(struct rebut_store *store, bool ok, struct rebut_error *err)
{
    if (ok)
        return rebut_store_run(store, "COMMIT", err);
    if (!rebut_store_run(store, "ROLLBACK", NULL))
        return false; /* the connection is lost, and the transaction with it */
    return false;
}

bool rebut_letters_query(struct rebut_store *store, const char *stream,
                         const char *reason, rebut_letter_visit *visit,
                         bool (*settle)(void *context, struct rebut_error *err),
                         void *context, struct rebut_letters_counts *ret,
                         struct rebut_error *err)
{
    *ret = (struct rebut_letters_counts){0};
    char last[24] = "0";
    const char *const parameters[] = {stream, reason, last};
    if (!rebut_store_run(store, "BEGIN", err))
        return false;
    const bool ok =
        lock(store, err) &&
        visit_all(store, stream, reason, visit, context, last, ret, err) &&
        (settle == NULL || settle(context, err)) &&
        rebut_store_do(store, rebut_sql_letters_mark, parameters, 3, NULL, err);
    return finish(store, ok, err);
}

bool rebut_letters_to_outbox(struct rebut_store *store, const char *stream,
                             const char *reason, struct rebut_letters_counts *ret,
                             struct rebut_error *err)
{
    *ret = (struct rebut_letters_counts){0};
    const char *const parameters[] = {stream, reason};
    struct rebut_rows rows = {0};
    if (!rebut_store_run(store, "BEGIN", err))
        return false;
    const bool ok =
        lock(store, err) &&
        rebut_store_query(store, rebut_sql_letters_to_outbox, parameters, 2, &rows, err);
    if (ok)
        *ret = (struct rebut_letters_counts){
            .replayed = (uint64_t)rebut_rows_integer(&rows, 0, 0),
            .cut = (uint64_t)rebut_rows_integer(&rows, 0, 1),
            .other = (uint64_t)rebut_rows_integer(&rows, 0, 2)};
    rebut_rows_release(&rows);
    return finish(store, ok, err);
}
