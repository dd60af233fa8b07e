/* The outbox: rows below the oldest transaction under way, partition by partition. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/feeds.h"
#include "rebut/store.h"
#include "statements.h"

#define ROWS_A_READ 8192 /* of all partitions together */
#define LIST_SIZE 1024   /* 32 numbers of 20 digits */
#define MS INT64_C(1000)
#define SOON_MS                                                                          \
    20 /* after a notification: what it told of may stand above an open transaction */

enum { PARTITIONS = REBUT_OUTBOX_PARTITIONS };

struct place {
    bool held, paused;
    struct rebut_position at; /* of the last row given */
};

struct outbox {
    struct rebut_feed feed;
    struct rebut_outbox_options options; /* its texts copied */
    char *texts[3];
    struct rebut_store *store; /* NULL: to be opened */
    struct place places[PARTITIONS];
    int held;
    int64_t lease_due, poll_due;
    int look_ms; /* from this look to the next: short after a notification, then longer
                    and longer */
    bool told, full; /* something may be there; the last read was cut short */
    int64_t lag;
    uint32_t turn[PARTITIONS], give_back[PARTITIONS]; /* give_back: at the next call */
    size_t turn_count, give_back_count;
    struct rebut_rows rows; /* of the batch that was given */
    struct rebut_message *messages;
    size_t room;
};

/* ---- lists as parameters ---- */

enum list { LIST_PARTITION, LIST_XID, LIST_SEQ };

/* {1,2,3} of the partitions that are to be read. */
static int list_of(const struct outbox *outbox, enum list what, char list[LIST_SIZE])
{
    int used = 0, count = 0;
    for (int i = 0; i < PARTITIONS; i++) {
        const struct place *place = &outbox->places[i];
        if (!place->held || place->paused)
            continue;
        const int64_t xid = place->at.major < 0 ? 0 : place->at.major;
        used += snprintf(list + used, (size_t)(LIST_SIZE - used), "%c%" PRId64,
                         count == 0 ? '{' : ',',
                         what == LIST_PARTITION ? i
                         : what == LIST_XID     ? xid
                                                : place->at.minor);
        count++;
    }
    snprintf(list + used, (size_t)(LIST_SIZE - used), count == 0 ? "{}" : "}");
    return count;
}

/* ---- connection ---- */

static void disconnect(struct outbox *outbox)
{
    rebut_store_close(outbox->store);
    outbox->store = NULL;
}

static bool connect_to(struct outbox *outbox, struct rebut_error *err)
{
    if (outbox->store != NULL)
        return true;
    if (!rebut_store_open(&outbox->store, outbox->options.conninfo, "outbox", err))
        return false;
    outbox->told = true;
    outbox->lease_due = 0;
    if (rebut_store_run(outbox->store, "LISTEN rebut_outbox", err) &&
        rebut_store_prepare(outbox->store, "read", rebut_sql_outbox_read, err) &&
        rebut_store_prepare(outbox->store, "lag", rebut_sql_outbox_lag, err) &&
        rebut_store_prepare(outbox->store, "lease", rebut_sql_outbox_lease, err))
        return true;
    disconnect(outbox);
    return false;
}

/* After ETRY begin with a new connection. */
static bool failed(struct outbox *outbox, const struct rebut_error *err)
{
    if (err == NULL || err->code == REBUT_ETRY)
        disconnect(outbox);
    return false;
}

/* ---- leases ---- */

static bool give_back(struct outbox *outbox, bool leave, struct rebut_error *err)
{
    char list[LIST_SIZE] = "{}";
    int used = 0;
    for (size_t i = 0; i < outbox->give_back_count; i++)
        used += snprintf(list + used, (size_t)(LIST_SIZE - used), "%c%" PRIu32 "%s",
                         i == 0 ? '{' : ',', outbox->give_back[i],
                         i + 1 == outbox->give_back_count ? "}" : "");
    const char *const parameters[] = {outbox->options.stream, outbox->options.worker,
                                      list, leave ? "true" : "false"};
    if (!rebut_store_do(outbox->store, rebut_sql_outbox_release, parameters, 4, NULL,
                        err))
        return false;
    outbox->give_back_count = 0;
    return true;
}

static void measure_lag(struct outbox *outbox)
{
    char lists[3][LIST_SIZE];
    struct rebut_rows rows = {0};
    for (int i = 0; i < 3; i++)
        list_of(outbox, (enum list)i, lists[i]);
    const char *const parameters[] = {lists[0], lists[1], lists[2]};
    outbox->lag = -1;
    if (rebut_store_execute(outbox->store, "lag", parameters, 3, &rows, NULL))
        outbox->lag = rebut_rows_integer(&rows, 0, 0);
    rebut_rows_release(&rows);
}

/* Of what the database says we have: 0 none of it, 1 ours, 2 ours but to be given back.
 */
static bool ask(struct outbox *outbox, char ret_ours[PARTITIONS], struct rebut_error *err)
{
    char lease[16];
    snprintf(lease, sizeof lease, "%d", outbox->options.lease_ms);
    const char *const parameters[] = {outbox->options.stream, outbox->options.worker,
                                      lease};
    struct rebut_rows rows;
    if (!rebut_store_execute(outbox->store, "lease", parameters, 3, &rows, err))
        return false;
    memset(ret_ours, 0, PARTITIONS);
    for (int row = 0; row < rows.count; row++) {
        const int64_t partition = rebut_rows_integer(&rows, row, 0);
        if (partition >= 0 && partition < PARTITIONS)
            ret_ours[partition] = rebut_rows_true(&rows, row, 1) ? 2 : 1;
    }
    rebut_rows_release(&rows);
    return true;
}

static void take_turn(struct outbox *outbox, const char ours[PARTITIONS],
                      enum rebut_feed_turn turn)
{
    outbox->turn_count = 0;
    for (uint32_t i = 0; i < PARTITIONS; i++) {
        struct place *place = &outbox->places[i];
        const bool meant = turn == REBUT_TURN_LOST      ? place->held && ours[i] == 0
                           : turn == REBUT_TURN_REVOKED ? place->held && ours[i] == 2
                                                        : !place->held && ours[i] == 1;
        if (!meant)
            continue;
        outbox->turn[outbox->turn_count++] = i;
        *place = (struct place){.held = turn == REBUT_TURN_ASSIGNED,
                                .at = REBUT_POSITION_NONE};
        outbox->held += place->held ? 1 : -1;
        if (turn == REBUT_TURN_REVOKED)
            outbox->give_back[outbox->give_back_count++] = i;
    }
}

/* Renew, and tell one thing that has changed; what else has is told at the next call. */
static bool renew(struct outbox *outbox, struct rebut_batch *ret, struct rebut_error *err)
{
    static const enum rebut_feed_turn turns[] = {REBUT_TURN_LOST, REBUT_TURN_REVOKED,
                                                 REBUT_TURN_ASSIGNED};
    char ours[PARTITIONS];
    if (!ask(outbox, ours, err))
        return false;
    for (uint32_t i = 0; i < PARTITIONS; i++)
        if (!outbox->places[i].held && ours[i] == 2)
            outbox->give_back[outbox->give_back_count++] = i;
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        take_turn(outbox, ours, turns[i]);
        if (outbox->turn_count == 0)
            continue;
        ret->turn = turns[i];
        ret->partitions = outbox->turn;
        ret->partition_count = outbox->turn_count;
        outbox->told = true;
        return true; /* and renew again at once: there may be more */
    }
    outbox->lease_due = outbox->options.now_us() + outbox->options.lease_ms * MS / 3;
    measure_lag(outbox);
    return true;
}

/* ---- rows ---- */

static bool make_room(struct outbox *outbox, size_t count, struct rebut_error *err)
{
    if (count <= outbox->room)
        return true;
    struct rebut_message *larger =
        realloc(outbox->messages, count * sizeof *outbox->messages);
    if (larger == NULL)
        return rebut_fail_memory(err, "messages");
    outbox->messages = larger;
    outbox->room = count;
    return true;
}

static struct rebut_text text_of(const struct rebut_rows *rows, int row, int column)
{
    return (struct rebut_text){rebut_rows_get(rows, row, column),
                               rebut_rows_size(rows, row, column)};
}

static void take_rows(struct outbox *outbox, struct rebut_batch *ret)
{
    const struct rebut_rows *rows = &outbox->rows;
    for (int row = 0; row < rows->count; row++) {
        const uint32_t partition = (uint32_t)rebut_rows_integer(rows, row, 0);
        const struct rebut_text line = text_of(rows, row, 4);
        struct rebut_message *message = &outbox->messages[row];
        *message = (struct rebut_message){.line = line,
                                          .key = text_of(rows, row, 3),
                                          .bytes = line.size,
                                          .position = {rebut_rows_integer(rows, row, 1),
                                                       rebut_rows_integer(rows, row, 2)},
                                          .partition = partition};
        outbox->places[partition % PARTITIONS].at = message->position;
    }
    ret->messages = outbox->messages;
    ret->count = (size_t)rows->count;
}

static bool read_rows(struct outbox *outbox, struct rebut_batch *ret,
                      struct rebut_error *err)
{
    char lists[3][LIST_SIZE], limit[16];
    int count = 0;
    for (int i = 0; i < 3; i++)
        count = list_of(outbox, (enum list)i, lists[i]);
    outbox->told = outbox->full = false;
    outbox->poll_due = outbox->options.now_us() + outbox->look_ms * MS;
    outbox->look_ms = outbox->look_ms < outbox->options.poll_ms / 2
                          ? 2 * outbox->look_ms
                          : outbox->options.poll_ms;
    if (count == 0)
        return true;
    const int most = ROWS_A_READ / count;
    snprintf(limit, sizeof limit, "%d", most);
    const char *const parameters[] = {lists[0], lists[1], lists[2], limit};
    if (!rebut_store_execute(outbox->store, "read", parameters, 4, &outbox->rows, err) ||
        !make_room(outbox, (size_t)outbox->rows.count, err))
        return false;
    take_rows(outbox, ret);
    outbox->full = outbox->rows.count >= most; /* perhaps of one partition alone */
    return true;
}

static int wait_ms(const struct outbox *outbox, int timeout_ms)
{
    const int64_t due =
        outbox->lease_due < outbox->poll_due ? outbox->lease_due : outbox->poll_due;
    const int64_t left = (due - outbox->options.now_us()) / MS + 1;
    return left < 0 ? 0 : left < timeout_ms ? (int)left : timeout_ms;
}

/* Until something is notified or due. */
static bool wait_for_more(struct outbox *outbox, int timeout_ms, struct rebut_error *err)
{
    if (!rebut_store_wait(outbox->store, wait_ms(outbox, timeout_ms), &outbox->told, err))
        return false;
    if (outbox->told && outbox->look_ms > SOON_MS)
        outbox->look_ms = SOON_MS;
    return true;
}

static bool try_next(struct outbox *outbox, int timeout_ms, struct rebut_batch *ret,
                     struct rebut_error *err)
{
    rebut_rows_release(&outbox->rows);
    if (!connect_to(outbox, err) ||
        (outbox->give_back_count > 0 && !give_back(outbox, false, err)))
        return false;
    if (outbox->options.now_us() >= outbox->lease_due) {
        if (!renew(outbox, ret, err) || ret->turn != REBUT_TURN_NONE)
            return ret->turn != REBUT_TURN_NONE;
    }
    if (!outbox->told && !outbox->full && !wait_for_more(outbox, timeout_ms, err))
        return false;
    ret->drained = true;
    if (!outbox->told && !outbox->full && outbox->options.now_us() < outbox->poll_due)
        return true;
    if (!read_rows(outbox, ret, err))
        return false;
    ret->drained = !outbox->full;
    return true;
}

static bool next(struct rebut_feed *feed, int timeout_ms, struct rebut_batch *ret,
                 struct rebut_error *err)
{
    struct outbox *outbox = (struct outbox *)feed;
    struct rebut_error cause = {0};
    *ret = (struct rebut_batch){0};
    if (try_next(outbox, timeout_ms, ret, &cause))
        return true;
    failed(outbox, &cause);
    return rebut_fail(err, cause.code, "%s", cause.message);
}

/* ---- the rest ---- */

static struct place *place_of(struct outbox *outbox, uint32_t partition,
                              struct rebut_error *err)
{
    if (partition < PARTITIONS && outbox->places[partition].held)
        return &outbox->places[partition];
    rebut_fail(err, REBUT_EINPUT, "partition %" PRIu32 " is not ours", partition);
    return NULL;
}

static bool seek(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position, struct rebut_error *err)
{
    struct outbox *outbox = (struct outbox *)feed;
    struct place *place = place_of(outbox, partition, err);
    if (place == NULL)
        return false;
    place->at = position;
    outbox->told = true;
    return true;
}

static bool pause_feed(struct rebut_feed *feed, uint32_t partition, bool paused,
                       struct rebut_error *err)
{
    struct outbox *outbox = (struct outbox *)feed;
    struct place *place = place_of(outbox, partition, err);
    if (place == NULL)
        return false;
    place->paused = paused;
    outbox->told = true;
    return true;
}

static int64_t lag(const struct rebut_feed *feed)
{
    return ((const struct outbox *)feed)->lag;
}

static void close_feed(struct rebut_feed *feed)
{
    struct outbox *outbox = (struct outbox *)feed;
    rebut_rows_release(&outbox->rows);
    if (outbox->store != NULL && !give_back(outbox, true, NULL))
        outbox->held = 0; /* the leases will end by themselves */
    disconnect(outbox);
    for (int i = 0; i < 3; i++)
        free(outbox->texts[i]);
    free(outbox->messages);
    free(outbox);
}

static bool keep_options(struct outbox *outbox,
                         const struct rebut_outbox_options *options,
                         struct rebut_error *err)
{
    const char *const given[] = {options->conninfo == NULL ? "" : options->conninfo,
                                 options->stream, options->worker};
    for (int i = 0; i < 3; i++) {
        outbox->texts[i] = strdup(given[i]);
        if (outbox->texts[i] == NULL)
            return rebut_fail_memory(err, "an outbox");
    }
    outbox->options = *options;
    outbox->options.conninfo = outbox->texts[0];
    outbox->options.stream = outbox->texts[1];
    outbox->options.worker = outbox->texts[2];
    if (options->lease_ms == 0)
        outbox->options.lease_ms = 10000;
    if (options->poll_ms == 0)
        outbox->options.poll_ms = 1000;
    outbox->look_ms = outbox->options.poll_ms;
    return true;
}

bool rebut_feed_outbox(struct rebut_feed **ret,
                       const struct rebut_outbox_options *options,
                       struct rebut_error *err)
{
    *ret = NULL;
    struct outbox *outbox = calloc(1, sizeof *outbox);
    if (outbox == NULL)
        return rebut_fail_memory(err, "an outbox");
    outbox->feed = (struct rebut_feed){
        .next = next, .seek = seek, .pause = pause_feed, .lag = lag, .close = close_feed};
    outbox->lag = -1;
    if (!keep_options(outbox, options, err) || !connect_to(outbox, err) ||
        !rebut_schema_require(outbox->store, err)) {
        close_feed(&outbox->feed);
        return false;
    }
    *ret = &outbox->feed;
    return true;
}
