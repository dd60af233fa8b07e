/* Appeals in the database: its rows are lines of the file, read by the file's code. */
#include "rebut/appeals_store.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "appeals_entry.h"
#include "folder_file.h"

extern const char rebut_sql_appeal_ask[];
extern const char rebut_sql_appeal_record[];
extern const char rebut_sql_appeals[];
extern const char rebut_sql_appeals_mine[];
extern const char rebut_sql_appeals_seen[];

enum { LINE, REQUEST, LOG_ODDS };

/* ---- out of it ---- */

/* The statement that reads what the login may see; NULL: it may see nothing. */
static bool choose(struct rebut_store *store, const char **ret, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(store, rebut_sql_appeals_seen, NULL, 0, &rows, err))
        return false;
    const char *word = rebut_rows_get(&rows, 0, 0);
    *ret = word == NULL     ? NULL
           : word[0] == 'a' ? rebut_sql_appeals
                            : rebut_sql_appeals_mine;
    rebut_rows_release(&rows);
    return true;
}

bool rebut_appeals_seen(struct rebut_store *store, bool *ret_seen,
                        struct rebut_error *err)
{
    const char *statement = NULL;
    if (!choose(store, &statement, err))
        return false;
    *ret_seen = statement != NULL;
    return true;
}

static bool read_rows(struct rebut_store *store, struct rebut_rows *ret,
                      struct rebut_error *err)
{
    const char *statement = NULL;
    *ret = (struct rebut_rows){0};
    if (!choose(store, &statement, err))
        return false;
    if (statement == NULL)
        return rebut_fail(err, REBUT_EDATA,
                          "expected a login that may read appeals (rebut_engine, "
                          "rebut_auditor or rebut_merchant)");
    return rebut_store_query(store, statement, NULL, 0, ret, err);
}

static bool put_lines(const struct rebut_rows *rows, struct rebut_output *out)
{
    for (int row = 0; row < rows->count; row++)
        rebut_output_print(out, "%s\n", rebut_rows_get(rows, row, LINE));
    return out->cause == 0;
}

/* Of entries later than the as-of time there is no appeal, or one not yet submitted. */
static bool keep_log_odds(const struct rebut_rows *rows, struct rebut_appeals *appeals,
                          struct rebut_error *err)
{
    double *kept = malloc((appeals->count + (size_t)1) * sizeof *kept);
    if (kept == NULL)
        return rebut_fail_memory(err, "appeals");
    for (uint32_t i = 0; i < appeals->count; i++)
        kept[i] = (double)NAN;
    for (int row = 0; row < rows->count; row++) {
        const char *text = rebut_rows_get(rows, row, LOG_ODDS);
        const struct rebut_appeal *appeal =
            text == NULL
                ? NULL
                : rebut_appeals_find(appeals,
                                     rebut_text_of(rebut_rows_get(rows, row, REQUEST)));
        double value = 0;
        if (appeal == NULL || appeal->at[REBUT_APPEAL_SUBMITTED] == REBUT_TIME_NONE)
            continue;
        if (rebut_text_double(rebut_text_of(text), &value))
            kept[appeal - appeals->list] = value;
    }
    appeals->submitted_log_odds = kept;
    return true;
}

bool rebut_appeals_read(struct rebut_appeals *ret, struct rebut_store *store,
                        int64_t as_of, struct rebut_error *err)
{
    struct rebut_rows rows;
    struct rebut_output lines;
    *ret = (struct rebut_appeals){0};
    if (!read_rows(store, &rows, err))
        return false;
    bool ok = rebut_output_memory(&lines, err);
    if (ok) {
        ok = put_lines(&rows, &lines) || rebut_fail_memory(err, "appeals");
        ok = ok &&
             rebut_appeals_parse(ret, (struct rebut_text){lines.buffer, lines.used},
                                 as_of, err) &&
             keep_log_odds(&rows, ret, err);
        if (!ok)
            rebut_appeals_close(ret);
        rebut_output_release(&lines);
    }
    rebut_rows_release(&rows);
    return ok || rebut_fail_context(err, "the appeals of the database");
}

bool rebut_appeals_list(struct rebut_store *store, struct rebut_output *out,
                        struct rebut_error *err)
{
    struct rebut_rows rows;
    const bool ok = read_rows(store, &rows, err);
    if (ok)
        put_lines(&rows, out); /* a failure sticks in `out` */
    rebut_rows_release(&rows);
    return ok;
}

/* ---- into it ---- */

#define NUMBER_SIZE 24
#define PARAMETERS 9

/* A number as a parameter, NULL where it is `none`. */
static const char *number(int64_t value, int64_t none, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%" PRId64, value);
    return value == none ? NULL : text;
}

/* A text of the file as a string, one after the other in `*room`. */
static const char *string(struct rebut_text text, char **room)
{
    if (text.data == NULL)
        return NULL;
    char *start = *room;
    memcpy(start, text.data, text.size);
    start[text.size] = '\0';
    *room += text.size + 1;
    return start;
}

static bool record_entry(struct rebut_store *store, const struct appeal_entry *entry,
                         bool *ret_written, struct rebut_error *err)
{
    char texts[REBUT_ID_MAX + 3 * REBUT_APPEALS_TEXT_MAX + 4], *room = texts;
    char at[NUMBER_SIZE], amount[NUMBER_SIZE], recovered[NUMBER_SIZE],
        expires[NUMBER_SIZE];
    const char *const parameters[PARAMETERS] = {
        string(entry->request_id, &room),
        rebut_words_appeal[entry->status],
        number(entry->at, REBUT_TIME_NONE, at),
        number(entry->amount, -1, amount),
        number(entry->recovered, -1, recovered),
        string(entry->platform, &room),
        string(entry->form, &room),
        string(entry->reason, &room),
        number(entry->expires, REBUT_TIME_NONE, expires)};
    struct rebut_rows rows;
    if (!rebut_store_query(store, rebut_sql_appeal_record, parameters, PARAMETERS, &rows,
                           err))
        return rebut_fail_context(err, "line %" PRIu32, entry->line);
    *ret_written = rebut_rows_true(&rows, 0, 0);
    rebut_rows_release(&rows);
    return true;
}

/* Entries from `first` to the end or to the thousandth request, as one transaction; gives
 * where the next begins. */
static bool record_some(struct rebut_store *store, const struct appeal_entries *entries,
                        uint32_t *place, struct rebut_appeals_recorded *recorded,
                        struct rebut_error *err)
{
    const struct appeal_entry *all = entries->all.data;
    struct rebut_appeals_recorded now = {0};
    uint32_t requests = 0, i = *place;
    if (!rebut_store_run(store, "BEGIN ISOLATION LEVEL READ COMMITTED", err))
        return false;
    bool ok = true;
    for (; ok && i < entries->all.count; i++) {
        bool written = false;
        if (i == *place || !rebut_text_equal(all[i].request_id, all[i - 1].request_id))
            requests++;
        if (requests > REBUT_APPEALS_AT_ONCE)
            break;
        ok = record_entry(store, &all[i], &written, err);
        now.written += ok && written;
        now.known += ok && !written;
    }
    if (!ok) {
        struct rebut_error ignored = {0}; /* the cause is what went wrong before */
        (void)!rebut_store_run(store, "ROLLBACK", &ignored);
        return false;
    }
    if (!rebut_store_run(store, "COMMIT", err))
        return false;
    recorded->written += now.written;
    recorded->known += now.known;
    *place = i;
    return true;
}

bool rebut_appeals_record(struct rebut_store *store, const char *path,
                          struct rebut_appeals_recorded *ret, struct rebut_error *err)
{
    char *bytes = NULL, *decoded = NULL;
    size_t size = 0;
    struct appeal_entries entries = {0};
    struct rebut_appeals checked = {0};
    *ret = (struct rebut_appeals_recorded){0};
    bool ok = rebut_file_read(path, REBUT_APPEALS_BYTES, false, &bytes, &size, err);
    if (ok) {
        const struct rebut_text text = {bytes, size};
        decoded = malloc(size + 1);
        ok = decoded != NULL || rebut_fail_memory(err, "appeals");
        ok = ok && rebut_appeals_parse(&checked, text, REBUT_TIME_MAX, err) &&
             rebut_appeal_entries_read(text, decoded, &entries, err);
        for (uint32_t place = 0; ok && place < entries.all.count;)
            ok = record_some(store, &entries, &place, ret, err);
        ok = ok || rebut_fail_context(err, "'%s'", path);
    }
    rebut_appeals_close(&checked);
    rebut_appeal_entries_release(&entries);
    free(decoded);
    free(bytes);
    return ok;
}

bool rebut_appeals_ask(struct rebut_store *store, const char *request, const char *reason,
                       struct rebut_appeal_asked *ret, struct rebut_error *err)
{
    const char *const parameters[] = {request, reason};
    struct rebut_rows rows;
    if (!rebut_store_query(store, rebut_sql_appeal_ask, parameters, 2, &rows, err))
        return false;
    *ret = (struct rebut_appeal_asked){.submitted = rebut_rows_integer(&rows, 0, 0),
                                       .answer_by = rebut_rows_get(&rows, 0, 1) == NULL
                                                        ? REBUT_TIME_NONE
                                                        : rebut_rows_integer(&rows, 0, 1),
                                       .again = rebut_rows_true(&rows, 0, 2)};
    rebut_rows_release(&rows);
    return true;
}
