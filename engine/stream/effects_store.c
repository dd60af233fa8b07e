/* Effects in PostgreSQL, exactly once: one transaction for scores, dead letters and
 * positions, in which each partition's epoch must be the one it was taken with.
 *
 * Rows wait in memory, partition by partition, as COPY will send them, until a commit is
 * known to have happened.  One whose answer was lost is simply done again: scores replace
 * only lower revisions, letters are unique by position, positions are set to what they
 * are. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/copy.h"
#include "rebut/effects.h"
#include "rebut/grow.h"
#include "statements.h"

#define STREAM_MAX 64 /* bytes of its name */
#define SCORE_COLUMNS 19
#define LETTER_COLUMNS 10
#define PARTITIONS_MAX 65536

struct part {
    bool held, dirty; /* dirty: `done` is more than the database has */
    int64_t epoch;
    struct rebut_position stored, done; /* stored: when it was acquired */
    struct rebut_copy scores, letters;  /* made when they are needed */
};

struct effects {
    struct rebut_effects effects;
    char *conninfo, *stream;
    struct rebut_store *store;      /* NULL: to be opened */
    REBUT_ARRAY(struct part) parts; /* by number of the partition */
    size_t count;                   /* of effects that wait */
    struct rebut_copy **copies;     /* [parts.room], for sending */
    bool no_memory;
};

/* ---- connection ---- */

static void disconnect(struct effects *effects)
{
    rebut_store_close(effects->store);
    effects->store = NULL;
}

static bool connect_to(struct effects *effects, struct rebut_error *err)
{
    if (effects->store != NULL)
        return true;
    if (!rebut_store_open(&effects->store, effects->conninfo, "stream", err))
        return false;
    if (rebut_store_run(effects->store, rebut_sql_stream_stage, err) &&
        rebut_store_prepare(effects->store, "advance", rebut_sql_stream_advance, err) &&
        rebut_store_prepare(effects->store, "scores", rebut_sql_stream_scores_merge,
                            err) &&
        rebut_store_prepare(effects->store, "letters", rebut_sql_stream_letters_merge,
                            err))
        return true;
    disconnect(effects);
    return false;
}

/* After a failure: the connection as it was before, or none. */
static void back_out(struct effects *effects)
{
    if (effects->store != NULL && !rebut_store_run(effects->store, "ROLLBACK", NULL))
        disconnect(effects);
}

/* ---- partitions ---- */

static struct part *part_of(const struct effects *effects, uint32_t partition)
{
    return partition < effects->parts.count ? &effects->parts.data[partition] : NULL;
}

static bool make_part(struct effects *effects, uint32_t partition,
                      struct rebut_error *err)
{
    if (partition >= PARTITIONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "partition %" PRIu32 " is over %d",
                          partition, PARTITIONS_MAX - 1);
    while (effects->parts.count <= partition) {
        if (!REBUT_ARRAY_MORE(&effects->parts, 1, "partitions", err))
            return false;
        effects->parts.data[effects->parts.count++] = (struct part){0};
    }
    struct rebut_copy **copies =
        realloc(effects->copies, effects->parts.room * sizeof *copies);
    if (copies == NULL)
        return rebut_fail_memory(err, "partitions");
    effects->copies = copies;
    return true;
}

static void forget(struct effects *effects, struct part *part)
{
    effects->count -= part->scores.rows + part->letters.rows;
    rebut_copy_abandon(&part->scores);
    rebut_copy_abandon(&part->letters);
    *part = (struct part){0};
}

static void release(struct rebut_effects *base, uint32_t partition)
{
    struct effects *effects = (struct effects *)base;
    struct part *part = part_of(effects, partition);
    if (part != NULL)
        forget(effects, part);
}

static bool holds(const struct rebut_effects *base, uint32_t partition)
{
    const struct part *part = part_of((const struct effects *)base, partition);
    return part != NULL && part->held;
}

static bool acquire(struct rebut_effects *base, uint32_t partition,
                    struct rebut_position *ret_stored, struct rebut_error *err)
{
    struct effects *effects = (struct effects *)base;
    release(base, partition);
    if (!make_part(effects, partition, err) || !connect_to(effects, err))
        return false;
    char number[16];
    snprintf(number, sizeof number, "%" PRIu32, partition);
    const char *const parameters[] = {effects->stream, number};
    struct rebut_rows rows;
    if (!rebut_store_query(effects->store, rebut_sql_stream_acquire, parameters, 2, &rows,
                           err)) {
        back_out(effects);
        return false;
    }
    *ret_stored = (struct rebut_position){rebut_rows_integer(&rows, 0, 1),
                                          rebut_rows_integer(&rows, 0, 2)};
    effects->parts.data[partition] =
        (struct part){.held = true,
                      .epoch = rebut_rows_integer(&rows, 0, 0),
                      .stored = *ret_stored,
                      .done = *ret_stored};
    rebut_rows_release(&rows);
    return true;
}

/* ---- what waits ---- */

/* The partition if this effect is one to be kept; NULL: drop it. */
static struct part *wanted(const struct effects *effects, uint32_t partition,
                           struct rebut_position position, bool unprompted)
{
    struct part *part = part_of(effects, partition);
    if (part == NULL || !part->held ||
        (!unprompted && rebut_position_compare(position, part->stored) <= 0))
        return NULL;
    return part;
}

static bool begin_row(struct effects *effects, struct rebut_copy *copy, int columns)
{
    if (copy->buffer == NULL && !rebut_copy_hold(copy, NULL, columns, NULL)) {
        effects->no_memory = true;
        return false;
    }
    effects->count++;
    return rebut_copy_row(copy);
}

static bool score(struct rebut_effects *base, const struct rebut_stream_score *score)
{
    struct effects *effects = (struct effects *)base;
    struct part *part =
        wanted(effects, score->partition, score->position, score->unprompted);
    if (part == NULL)
        return true;
    struct rebut_copy *copy = &part->scores;
    if (!begin_row(effects, copy, SCORE_COLUMNS))
        return false;
    rebut_copy_integer(copy, (int32_t)score->partition);
    rebut_copy_bigint(copy, score->position.major);
    rebut_copy_bigint(copy, score->position.minor);
    rebut_copy_integer(copy, (int32_t)score->revision);
    rebut_copy_text(copy, score->request_id);
    rebut_copy_text(copy, score->order_id);
    rebut_copy_text(copy, score->buyer_id);
    rebut_copy_text(copy, score->merchant_id);
    rebut_copy_text(copy, score->model_id);
    rebut_copy_text(copy, score->answer);
    rebut_copy_time(copy, score->requested_at);
    rebut_copy_time(copy, score->as_of);
    rebut_copy_bigint(copy, score->amount);
    rebut_copy_double(copy, score->probability);
    rebut_copy_double(copy, score->low);
    rebut_copy_double(copy, score->high);
    rebut_copy_double(copy, score->expected_recovery);
    rebut_copy_double(copy, score->log_odds);
    rebut_copy_text(copy, score->json);
    return !copy->failed;
}

static bool dead(struct rebut_effects *base, const struct rebut_dead_letter *letter)
{
    struct effects *effects = (struct effects *)base;
    const struct rebut_message *message = letter->message;
    struct part *part = wanted(effects, message->partition, letter->position, false);
    if (part == NULL)
        return true;
    struct rebut_copy *copy = &part->letters;
    if (!begin_row(effects, copy, LETTER_COLUMNS))
        return false;
    rebut_copy_integer(copy, (int32_t)message->partition);
    rebut_copy_bigint(copy, message->position.major);
    rebut_copy_bigint(copy, message->position.minor);
    rebut_copy_text(copy, rebut_text_of(letter->reason));
    rebut_copy_text(copy, rebut_text_of(letter->field));
    rebut_copy_text(copy, rebut_text_of(letter->expected));
    rebut_copy_text(copy, rebut_text_of(letter->came));
    rebut_copy_text(copy, message->key);
    rebut_copy_text(copy, message->line.data == NULL ? REBUT_TEXT("") : message->line);
    rebut_copy_bigint(copy, (int64_t)message->bytes);
    return !copy->failed;
}

static bool done(struct rebut_effects *base, uint32_t partition,
                 struct rebut_position position)
{
    struct part *part = wanted((struct effects *)base, partition, position, false);
    if (part == NULL || rebut_position_compare(position, part->done) <= 0)
        return true;
    part->done = position;
    part->dirty = true;
    return true;
}

static size_t pending(const struct rebut_effects *base, size_t *ret_bytes)
{
    const struct effects *effects = (const struct effects *)base;
    *ret_bytes = 0;
    for (uint32_t i = 0; i < effects->parts.count; i++)
        *ret_bytes +=
            effects->parts.data[i].scores.used + effects->parts.data[i].letters.used;
    return effects->count;
}

/* ---- commit ---- */

static bool is_concerned(const struct part *part)
{
    return part->held && (part->dirty || part->scores.rows > 0 || part->letters.rows > 0);
}

/* {1,2,3} of the concerned partitions; NULL: no memory. */
static char *list_of(const struct effects *effects, int64_t (*value)(const struct part *),
                     int *ret_count)
{
    const size_t room = (size_t)effects->parts.count * 24 + 3;
    char *list = malloc(room);
    size_t used = 0;
    *ret_count = 0;
    for (uint32_t i = 0; list != NULL && i < effects->parts.count; i++) {
        const struct part *part = &effects->parts.data[i];
        if (!is_concerned(part))
            continue;
        used += (size_t)snprintf(list + used, room - used, "%c%" PRId64,
                                 used == 0 ? '{' : ',', value == NULL ? i : value(part));
        (*ret_count)++;
    }
    if (list != NULL)
        snprintf(list + used, room - used, "%s", used == 0 ? "{}" : "}");
    return list;
}

static int64_t epoch_of(const struct part *part)
{
    return part->epoch;
}

static int64_t major_of(const struct part *part)
{
    return part->done.major;
}

static int64_t minor_of(const struct part *part)
{
    return part->done.minor;
}

/* The statement changed `rows`, fewer than it should: who is missing is another's. */
static bool fence(struct effects *effects, const struct rebut_rows *rows,
                  struct rebut_error *err)
{
    uint32_t which = 0;
    for (uint32_t i = 0; i < effects->parts.count; i++) {
        struct part *part = &effects->parts.data[i];
        bool found = !is_concerned(part);
        for (int row = 0; !found && row < rows->count; row++)
            found = rebut_rows_integer(rows, row, 0) == i;
        if (found)
            continue;
        forget(effects, part);
        which = i;
    }
    return rebut_fail(err, REBUT_EFENCED, "partition %" PRIu32 " is another worker's now",
                      which);
}

static bool advance(struct effects *effects, struct rebut_error *err)
{
    int count = 0;
    char *lists[] = {list_of(effects, NULL, &count), list_of(effects, epoch_of, &count),
                     list_of(effects, major_of, &count),
                     list_of(effects, minor_of, &count)};
    const char *const parameters[] = {effects->stream, lists[0], lists[1], lists[2],
                                      lists[3]};
    struct rebut_rows rows = {0};
    bool ok =
        lists[0] != NULL && lists[1] != NULL && lists[2] != NULL && lists[3] != NULL;
    if (!ok)
        rebut_fail_memory(err, "positions");
    ok = ok && rebut_store_execute(effects->store, "advance", parameters, 5, &rows, err);
    ok = ok && (rows.count == count || fence(effects, &rows, err));
    rebut_rows_release(&rows);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]);
    return ok;
}

/* Rows of all partitions into the stage, and from there into the table. */
static bool send(struct effects *effects, bool letters, struct rebut_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < effects->parts.count; i++) {
        struct part *part = &effects->parts.data[i];
        struct rebut_copy *copy = letters ? &part->letters : &part->scores;
        if (copy->buffer != NULL && copy->rows > 0)
            effects->copies[count++] = copy;
    }
    if (count == 0)
        return true;
    const char *const parameters[] = {effects->stream};
    struct rebut_rows rows;
    if (!rebut_copy_send_kept(effects->copies, count, effects->store,
                              letters ? rebut_sql_stream_letters_copy
                                      : rebut_sql_stream_scores_copy,
                              err) ||
        !rebut_store_execute(effects->store, letters ? "letters" : "scores", parameters,
                             1, &rows, err))
        return false;
    rebut_rows_release(&rows);
    return true;
}

static void all_is_in(struct effects *effects)
{
    for (uint32_t i = 0; i < effects->parts.count; i++) {
        struct part *part = &effects->parts.data[i];
        part->dirty = false;
        if (part->scores.buffer != NULL)
            rebut_copy_forget(&part->scores);
        if (part->letters.buffer != NULL)
            rebut_copy_forget(&part->letters);
    }
    effects->count = 0;
}

static bool commit(struct rebut_effects *base, struct rebut_error *err)
{
    struct effects *effects = (struct effects *)base;
    bool concerned = false;
    for (uint32_t i = 0; i < effects->parts.count && !concerned; i++)
        concerned = is_concerned(&effects->parts.data[i]);
    if (effects->no_memory)
        return rebut_fail_memory(err, "effects");
    if (!concerned)
        return true;
    if (!connect_to(effects, err))
        return false;
    struct rebut_error cause = {0};
    if (rebut_store_run(effects->store, "BEGIN", &cause) && advance(effects, &cause) &&
        send(effects, false, &cause) && send(effects, true, &cause) &&
        rebut_store_run(effects->store, "COMMIT", &cause)) {
        all_is_in(effects);
        return true;
    }
    back_out(effects);
    return rebut_fail(err, cause.code, "%s", cause.message);
}

/* ---- made and closed ---- */

static void close_effects(struct rebut_effects *base)
{
    struct effects *effects = (struct effects *)base;
    for (uint32_t i = 0; i < effects->parts.count; i++)
        forget(effects, &effects->parts.data[i]);
    free(effects->parts.data);
    free(effects->copies);
    disconnect(effects);
    free(effects->conninfo);
    free(effects->stream);
    free(effects);
}

static const struct rebut_effects functions = {.remembers = true,
                                               .acquire = acquire,
                                               .score = score,
                                               .dead = dead,
                                               .done = done,
                                               .commit = commit,
                                               .holds = holds,
                                               .release = release,
                                               .pending = pending,
                                               .close = close_effects};

bool rebut_effects_store(struct rebut_effects **ret, const char *conninfo,
                         const char *stream, struct rebut_error *err)
{
    *ret = NULL;
    if (stream[0] == '\0' || strlen(stream) > STREAM_MAX)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected a stream's name of 1 to %d bytes, came %zu",
                          STREAM_MAX, strlen(stream));
    struct effects *effects = calloc(1, sizeof *effects);
    if (effects == NULL)
        return rebut_fail_memory(err, "effects");
    effects->effects = functions;
    effects->conninfo = strdup(conninfo == NULL ? "" : conninfo);
    effects->stream = strdup(stream);
    bool ok = (effects->conninfo != NULL && effects->stream != NULL) ||
              rebut_fail_memory(err, "effects");
    ok = ok && connect_to(effects, err) && rebut_schema_require(effects->store, err);
    if (!ok) {
        close_effects(&effects->effects);
        return false;
    }
    *ret = &effects->effects;
    return true;
}
