#include "stream_night.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rebut/nights.h"

#define LOOK_MS 200 /* how soon the thread sees that it is asked or stopped */

/* Of the next night.  The thread works in NONE and OLD, the stream in the others. */
enum turn {
    TURN_NONE,   /* there is none yet */
    TURN_READY,  /* to be taken up */
    TURN_FAILED, /* `why` is to be told */
    TURN_MISSED, /* the same, of the one in use */
    TURN_OLD     /* the one before is to be freed */
};

struct rebut_stream_night {
    struct rebut_stream_night_options options;
    struct rebut_tonight nights[2]; /* the one in use, and the next or the last */
    struct rebut_announced rows[2];
    int now;
    struct rebut_stream_night_facts facts;
    /* The thread's, until a turn is the stream's. */
    struct rebut_store *store;
    struct rebut_error why;
    const char *what; /* failed: the word to log */
    int64_t told;     /* of this night it was told that it cannot be taken up */
    struct rebut_nights_stamp refused; /* its files, when they were not those announced */
    bool missed;         /* and of the one in use, that it is not there any more */
    bool unreachable;    /* and that the database is away */
    int64_t asked_at_ms; /* when the database was last asked; 0: ask now */
    pthread_t thread;
    bool has_thread;
    atomic_int turn;
    atomic_bool stop, again;
};

/* ---- reading one ---- */

static bool open_files(struct rebut_tonight *ret, const char *folder,
                       const struct rebut_announced *row, struct rebut_error *err)
{
    char *state = rebut_nights_path(folder, row->state_file);
    char *model = rebut_nights_path(folder, row->model_file);
    const bool ok = state == NULL || model == NULL
                        ? rebut_fail_memory(err, "a night")
                        : rebut_nights_check(folder, row, err) &&
                              rebut_tonight_open(ret, state, model, err);
    free(state);
    free(model);
    return ok;
}

static bool open_one(struct rebut_stream_night *night, struct rebut_tonight *ret,
                     const struct rebut_announced *row, struct rebut_error *err)
{
    const struct rebut_stream_night_options *options = &night->options;
    return options->nights == NULL
               ? rebut_tonight_open(ret, options->night, options->model, err)
               : open_files(ret, options->nights, row, err);
}

/* Told already, and nothing has changed: not to be read again at every look.  What may
 * pass by itself (memory, a disk) is tried again, and not told again. */
static bool is_refused(const struct rebut_stream_night *night,
                       const struct rebut_announced *row,
                       const struct rebut_nights_stamp *stamp)
{
    return row->id != 0 && row->id == night->told &&
           memcmp(stamp, &night->refused, sizeof *stamp) == 0;
}

/* Is it to be told? */
static bool refuse(struct rebut_stream_night *night, const struct rebut_announced *row,
                   const struct rebut_nights_stamp *stamp, enum rebut_code code)
{
    static const struct rebut_nights_stamp none = {.inode = {UINT64_MAX, UINT64_MAX}};
    const bool passing = code != REBUT_EDATA;
    const bool told = row->id != 0 && row->id == night->told && passing;
    night->told = row->id;
    night->refused = passing ? none : *stamp;
    return !told;
}

static bool connect_to(struct rebut_stream_night *night, struct rebut_error *err)
{
    if (night->store != NULL)
        return true;
    if (rebut_store_open(&night->store, night->options.store, "stream nights", err) &&
        rebut_schema_require(night->store, err) &&
        rebut_store_run(night->store, "LISTEN rebut_nights", err))
        return true;
    rebut_store_close(night->store);
    night->store = NULL;
    return false;
}

/* The newest that can be read; those that cannot are told. */
static bool open_first(struct rebut_stream_night *night, struct rebut_error *err)
{
    struct rebut_error why = {0};
    if (night->options.nights == NULL)
        return open_one(night, &night->nights[0], NULL, err);
    if (!connect_to(night, err))
        return false;
    for (int before = 0; before < REBUT_NIGHTS_KEPT; before++) {
        struct rebut_announced *row = &night->rows[0];
        if (!rebut_nights_newest(night->store, before, row, err))
            return false;
        if (row->id == 0)
            break;
        why = (struct rebut_error){0};
        const struct rebut_nights_stamp stamp =
            rebut_nights_stamp(night->options.nights, row);
        if (open_one(night, &night->nights[0], row, &why)) {
            if (before > 0)
                rebut_log(night->options.log, "warning", "night_older_used",
                          ",\"night\":%" PRId64 ",\"newer\":%d", row->id, before);
            return true;
        }
        rebut_log_error(night->options.log, "night_not_taken_up", &why);
        night->facts.failed++;
        if (before == 0)
            (void)refuse(night, row, &stamp, why.code);
    }
    if (why.code != REBUT_OK)
        return rebut_fail(err, why.code, "%s", why.message);
    return rebut_fail(err, REBUT_ETRY,
                      "no night is announced in rebut.nights: 'rebut nightly --keep' "
                      "makes one");
}

/* ---- the thread ---- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void rest(void)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    nanosleep(&pause, NULL);
}

static void give(struct rebut_stream_night *night, enum turn turn, const char *what)
{
    night->what = what;
    atomic_store(&night->turn, turn);
}

/* The database is away: told once, until it is there again. */
static void lost(struct rebut_stream_night *night)
{
    rebut_store_close(night->store);
    night->store = NULL;
    if (!night->unreachable)
        give(night, TURN_FAILED, "nights_unreachable");
    night->unreachable = true;
}

/* Which one is in force, when it is time to ask?  A failure becomes a turn. */
static bool ask(struct rebut_stream_night *night, struct rebut_announced *ret)
{
    bool told = false;
    const bool again = atomic_exchange(&night->again, false);
    night->why = (struct rebut_error){0};
    *ret = (struct rebut_announced){0};
    if (night->store != NULL &&
        !rebut_store_wait(night->store, LOOK_MS, &told, &night->why)) {
        night->asked_at_ms = now_ms();
        lost(night);
        return false;
    }
    if (night->store == NULL)
        rest();
    if (!told && !again && now_ms() - night->asked_at_ms < night->options.poll_ms)
        return false;
    night->asked_at_ms = now_ms();
    if (!connect_to(night, &night->why) ||
        !rebut_nights_newest(night->store, 0, ret, &night->why)) {
        lost(night);
        return false;
    }
    night->unreachable = false;
    if (again) {
        night->told = 0;
        night->missed = false;
    }
    return true;
}

/* What is mapped stays: the one in use is kept.  Said once. */
static void miss(struct rebut_stream_night *night, const char *how)
{
    if (night->missed)
        return;
    night->missed = true;
    night->why = (struct rebut_error){0};
    (void)rebut_fail(&night->why, REBUT_EDATA,
                     "night %" PRId64 " %s: it is used until another one is announced",
                     night->rows[night->now].id, how);
    give(night, TURN_MISSED, "night_missed");
}

/* Is `row`, the newest that stands, to be taken up?  An older one only where ours was
 * withdrawn on purpose. */
static bool is_other(struct rebut_stream_night *night, const struct rebut_announced *row)
{
    const struct rebut_announced *ours = &night->rows[night->now];
    enum rebut_nights_fate fate = REBUT_NIGHTS_STANDS;
    if (rebut_nights_same(row, ours)) {
        if (rebut_nights_stamp(night->options.nights, ours).inode[0] != 0)
            night->missed = false;
        else
            miss(night, "has lost its file");
        return false;
    }
    if (row->id != 0 && row->made_at > ours->made_at)
        return true;
    if (!rebut_nights_fate(night->store, ours, &fate, &night->why)) {
        lost(night);
        return false;
    }
    if (row->id != 0 && fate == REBUT_NIGHTS_WITHDRAWN)
        return true;
    miss(night, fate == REBUT_NIGHTS_WITHDRAWN ? "was withdrawn, and no other stands"
                                               : "is not in rebut.nights any more");
    return false;
}

static void look(struct rebut_stream_night *night)
{
    const int next = !night->now;
    struct rebut_announced row = {0};
    if (night->options.nights != NULL) {
        if (!ask(night, &row) || !is_other(night, &row))
            return;
    } else if (!atomic_exchange(&night->again, false)) {
        rest();
        return;
    }
    struct rebut_nights_stamp stamp = {0};
    if (row.id != 0)
        stamp = rebut_nights_stamp(night->options.nights, &row);
    if (is_refused(night, &row, &stamp))
        return;
    night->why = (struct rebut_error){0};
    night->rows[next] = row;
    if (open_one(night, &night->nights[next], &row, &night->why))
        give(night, TURN_READY, NULL);
    else if (refuse(night, &row, &stamp, night->why.code))
        give(night, TURN_FAILED, "night_not_taken_up");
}

static void *watch(void *context)
{
    struct rebut_stream_night *night = context;
    while (!atomic_load(&night->stop))
        switch (atomic_load(&night->turn)) {
        case TURN_NONE:
            look(night);
            break;
        case TURN_OLD:
            rebut_tonight_close(&night->nights[!night->now]);
            atomic_store(&night->turn, TURN_NONE);
            break;
        default:
            rest();
        }
    return NULL;
}

/* Signals are the stream's: they end its waits. */
static bool start(struct rebut_stream_night *night, struct rebut_error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    night->has_thread = pthread_create(&night->thread, NULL, watch, night) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return night->has_thread || rebut_fail_memory(err, "a thread");
}

/* ---- the stream ---- */

static void note(struct rebut_stream_night *night)
{
    const struct rebut_tonight *tonight = &night->nights[night->now];
    const struct rebut_announced *row = &night->rows[night->now];
    char as_of[REBUT_TIME_SIZE];
    night->facts.id = row->id;
    night->facts.as_of = tonight->as_of;
    night->facts.made_at = row->made_at;
    night->facts.taken_up++;
    rebut_time_format(tonight->as_of, 0, as_of);
    rebut_log(
        night->options.log, "info", "night",
        ",\"night\":%" PRId64 ",\"as_of\":\"%s\",\"model\":\"%s\",\"orders\":%" PRIu32
        ",\"requests\":%" PRIu32 ",\"mapped\":%s",
        row->id, as_of, tonight->model.version, tonight->state.orders.count,
        tonight->state.requests.count, tonight->image.base != NULL ? "true" : "false");
    if (tonight->image_damage[0] != '\0') {
        struct rebut_error damage = {0};
        (void)rebut_fail(&damage, REBUT_EDATA, "%s", tonight->image_damage);
        rebut_log_error(night->options.log, "night_image", &damage);
    }
    if (tonight->damage[0] != '\0') {
        struct rebut_error damage = {0};
        (void)rebut_fail(&damage, REBUT_EDATA, "%s", tonight->damage);
        rebut_log_error(night->options.log, "night_fell_back", &damage);
    }
}

bool rebut_stream_night_tick(struct rebut_stream_night *night,
                             struct rebut_scorer *scorer, struct rebut_error *err)
{
    switch (atomic_load(&night->turn)) {
    case TURN_READY:
        if (!rebut_scorer_take_up(scorer, &night->nights[!night->now], err))
            return false;
        night->now = !night->now;
        note(night);
        night->missed = false;
        atomic_store(&night->turn, TURN_OLD);
        return true;
    case TURN_FAILED:
    case TURN_MISSED:
        rebut_log_error(night->options.log, night->what, &night->why);
        night->facts.failed += atomic_load(&night->turn) == TURN_FAILED;
        atomic_store(&night->turn, TURN_NONE);
        return true;
    default:
        return true;
    }
}

void rebut_stream_night_again(struct rebut_stream_night *night)
{
    atomic_store(&night->again, true);
}

const struct rebut_tonight *rebut_stream_night_now(const struct rebut_stream_night *night)
{
    return &night->nights[night->now];
}

struct rebut_stream_night_facts
rebut_stream_night_facts(const struct rebut_stream_night *night)
{
    return night->facts;
}

bool rebut_stream_night_open(struct rebut_stream_night **ret,
                             const struct rebut_stream_night_options *options,
                             struct rebut_error *err)
{
    struct rebut_stream_night *night = *ret = calloc(1, sizeof *night);
    if (night == NULL)
        return rebut_fail_memory(err, "a night");
    night->options = *options;
    if (options->poll_ms == 0)
        night->options.poll_ms = 10000;
    if (open_first(night, err)) {
        note(night);
        if (start(night, err))
            return true;
    }
    rebut_stream_night_close(night);
    *ret = NULL;
    return false;
}

void rebut_stream_night_close(struct rebut_stream_night *night)
{
    if (night == NULL)
        return;
    atomic_store(&night->stop, true);
    if (night->has_thread)
        pthread_join(night->thread, NULL);
    rebut_tonight_close(&night->nights[0]);
    rebut_tonight_close(&night->nights[1]);
    rebut_store_close(night->store);
    free(night);
}
