#include "rebut/doctor.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "rebut/nightly.h"
#include "rebut/snapshot.h"
#include "rebut/store_events.h"
#include "statements.h"

#define SERVER_LEAST 150000 /* version number */
#define CLOCK_WATCH_S 5
#define CLOCK_ILL_S 60

struct visit {
    const struct rebut_doctor_job *job;
    struct rebut_store *store;
    bool has_schema;
    struct rebut_finding *finding; /* of the check at hand */
};

static void find(struct visit *visit, enum rebut_health health, const char *format, ...)
    REBUT_PRINTF(3, 4);

static void find(struct visit *visit, enum rebut_health health, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    vsnprintf(visit->finding->words, sizeof visit->finding->words, format, words);
    va_end(words);
    visit->finding->health = health;
}

static void find_error(struct visit *visit, const struct rebut_error *err)
{
    find(visit, REBUT_ILL, "%s", err->message);
}

/* A query of the check; false when it failed, which is then the finding. */
static bool ask(struct visit *visit, const char *sql, const char *const *parameters,
                int count, struct rebut_rows *ret)
{
    struct rebut_error err = {0};
    if (rebut_store_query(visit->store, sql, parameters, count, ret, &err))
        return true;
    find_error(visit, &err);
    return false;
}

/* ---- the checks ---- */

static void check_connection(struct visit *visit)
{
    struct rebut_error err = {0};
    struct rebut_rows rows;
    if (!rebut_store_open(&visit->store, visit->job->conninfo, "doctor", &err)) {
        find_error(visit, &err);
        return;
    }
    if (!ask(visit, rebut_sql_doctor_server, NULL, 0, &rows))
        return;
    const char *version = rebut_rows_get(&rows, 0, 1);
    if (rebut_rows_integer(&rows, 0, 0) < SERVER_LEAST)
        find(visit, REBUT_ILL, "PostgreSQL %.40s: expected 15 or later", version);
    else if (rebut_rows_true(&rows, 0, 3))
        find(visit, REBUT_ILL,
             "the server is a standby and takes no writes; name the primary");
    else
        find(visit, REBUT_WELL, "PostgreSQL %.40s as '%.64s'", version,
             rebut_rows_get(&rows, 0, 4));
    rebut_rows_release(&rows);
}

static void check_clock(struct visit *visit)
{
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_server, NULL, 0, &rows))
        return;
    const double apart =
        fabs((double)(rebut_rows_integer(&rows, 0, 2) - visit->job->now_us)) /
        REBUT_SECOND;
    rebut_rows_release(&rows);
    const enum rebut_health health = apart > CLOCK_ILL_S     ? REBUT_ILL
                                     : apart > CLOCK_WATCH_S ? REBUT_WATCH
                                                             : REBUT_WELL;
    find(visit, health, "%.1f s between this machine and the server%s", apart,
         health == REBUT_WELL ? "" : "; synchronise both");
}

static void check_schema(struct visit *visit)
{
    struct rebut_error err = {0};
    visit->has_schema = rebut_schema_require(visit->store, &err);
    if (visit->has_schema)
        find(visit, REBUT_WELL, "migration %d", rebut_migrations_count);
    else
        find_error(visit, &err);
}

static void check_privileges(struct visit *visit)
{
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_privileges, NULL, 0, &rows))
        return;
    const char *lacking = rebut_rows_get(&rows, 0, 0);
    if (lacking == NULL)
        find(visit, REBUT_WELL, "all that a nightly run needs");
    else
        find(visit, REBUT_ILL, "lacking %.250s; GRANT rebut_engine TO this login",
             lacking);
    rebut_rows_release(&rows);
}

static void check_source(struct visit *visit)
{
    struct rebut_error err = {0};
    struct rebut_source *source = NULL;
    const struct rebut_store_events events = {.schema = visit->job->source_schema};
    bool have_xid = false;
    const bool ok = rebut_store_run(visit->store, rebut_sql_read_begin, &err) &&
                    rebut_store_events_have_xid(visit->store, &events, &have_xid, &err) &&
                    rebut_store_events_open(&source, visit->store, &events, &err);
    rebut_source_close(source);
    const char *schema = events.schema == NULL ? "rebut" : events.schema;
    if (!ok)
        find_error(visit, &err);
    else if (!have_xid)
        find(visit, REBUT_WATCH,
             "schema '%.63s' has all tables, but no column 'xid' in each: every night "
             "reads all of them",
             schema);
    else
        find(visit, REBUT_WELL, "schema '%.63s' has all tables; only new rows are read",
             schema);
    struct rebut_error ignored = {0};
    if (!rebut_store_run(visit->store, "ROLLBACK", &ignored) && ok)
        find_error(visit, &ignored);
}

/* Room on the disk for another state file beside the one that is there. */
static void check_room(struct visit *visit, uint64_t size)
{
    struct statvfs disk;
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", visit->job->state_path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[1] = '\0';
    if (statvfs(slash == NULL ? "." : folder, &disk) != 0) {
        find(visit, REBUT_ILL, "cannot look into the folder of the state file");
        return;
    }
    const uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    const bool enough = room > 3 * size;
    find(visit, enough ? REBUT_WELL : REBUT_WATCH,
         "%" PRIu64 " MB, and %" PRIu64 " MB free beside it%s", size / 1000000,
         room / 1000000, enough ? "" : "; a new one is written before the old one goes");
}

static void check_state(struct visit *visit)
{
    struct rebut_error err = {0};
    struct rebut_state state;
    struct rebut_snapshot_about about = {0};
    struct stat there;
    if (!rebut_snapshot_exists(visit->job->state_path)) {
        find(visit, REBUT_WATCH,
             "not there yet: the next run reads everything and makes it");
        return;
    }
    rebut_state_init(&state, 0);
    if (!rebut_snapshot_load(visit->job->state_path, &state, &about, &err)) {
        find_error(visit, &err);
        return;
    }
    if (about.fell_back)
        find(visit, REBUT_WATCH, "damaged, the one before it is whole: %.300s",
             about.damage);
    else if (stat(visit->job->state_path, &there) == 0)
        check_room(visit, (uint64_t)there.st_size);
    rebut_snapshot_about_release(&about);
    rebut_state_release(&state);
}

static void check_last_run(struct visit *visit)
{
    char class[16], object[16];
    snprintf(class, sizeof class, "%d", REBUT_LOCK_CLASS);
    snprintf(object, sizeof object, "%d", REBUT_LOCK_NIGHTLY);
    const char *const lock[] = {class, object};
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_last_run, lock, 2, &rows))
        return;
    if (rows.count == 0) {
        find(visit, REBUT_WATCH, "there was none yet");
        rebut_rows_release(&rows);
        return;
    }
    const char *id = rebut_rows_get(&rows, 0, 0), *state = rebut_rows_get(&rows, 0, 1);
    const char *hours = rebut_rows_get(&rows, 0, 4);
    const double ago = hours == NULL ? (double)INFINITY : strtod(hours, NULL);
    const bool at_work = rebut_rows_true(&rows, 0, 5);
    if (strcmp(state, "running") == 0 && !at_work)
        find(visit, REBUT_ILL,
             "run %s of %s died without a word; 'rebut nightly --resume'", id,
             rebut_rows_get(&rows, 0, 3));
    else if (strcmp(state, "running") == 0)
        find(visit, REBUT_WELL, "run %s is at work since %s", id,
             rebut_rows_get(&rows, 0, 3));
    else if (strcmp(state, "done") != 0)
        find(visit, REBUT_ILL, "run %s of %s: %s: %.200s", id,
             rebut_rows_get(&rows, 0, 3), state, rebut_rows_get(&rows, 0, 2));
    else
        find(visit, ago > visit->job->late_hours ? REBUT_ILL : REBUT_WELL,
             "run %s ended %.1f hours ago%s", id, ago,
             ago > visit->job->late_hours ? "; is the timer on?" : "");
    rebut_rows_release(&rows);
}

static void check_drift(struct visit *visit)
{
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_drift, NULL, 0, &rows))
        return;
    const char *term = rebut_rows_get(&rows, 0, 0), *psi = rebut_rows_get(&rows, 0, 1);
    if (psi == NULL)
        find(visit, REBUT_WELL, "no model before to hold it against");
    else
        find(visit, strtod(psi, NULL) > REBUT_ALARM_PSI ? REBUT_WATCH : REBUT_WELL,
             "largest stability index %.2g, of '%s' (over %.3g has shifted)",
             strtod(psi, NULL), term, REBUT_ALARM_PSI);
    rebut_rows_release(&rows);
}

static void check_queue(struct visit *visit)
{
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_drift, NULL, 0, &rows))
        return;
    const char *now = rebut_rows_get(&rows, 0, 2), *usual = rebut_rows_get(&rows, 0, 3);
    if (now == NULL || usual == NULL)
        find(visit, REBUT_WELL, "%s requests within the bound; nothing to compare with",
             now == NULL ? "no" : now);
    else
        find(visit,
             rebut_nightly_queue_alarm(strtod(now, NULL), strtod(usual, NULL))
                 ? REBUT_WATCH
                 : REBUT_WELL,
             "%s requests within the bound, usually %s", now, usual);
    rebut_rows_release(&rows);
}

static void check_rows(struct visit *visit)
{
    struct rebut_rows rows;
    if (!ask(visit, rebut_sql_doctor_drift, NULL, 0, &rows))
        return;
    const char *const kinds[] = {rebut_rows_get(&rows, 0, 4), rebut_rows_get(&rows, 0, 5),
                                 rebut_rows_get(&rows, 0, 6)};
    bool any = false;
    for (int i = 0; i < 3; i++)
        any = any || (kinds[i] != NULL && strcmp(kinds[i], "{}") != 0);
    if (any)
        find(visit, REBUT_WATCH,
             "the last run set rows aside: refused %.100s, orphans %.100s, conflicts "
             "%.100s; '--rejects FILE' says which",
             kinds[0], kinds[1], kinds[2]);
    else
        find(visit, REBUT_WELL, "the last run set no row aside");
    rebut_rows_release(&rows);
}

static const struct check {
    const char *name;
    bool schema; /* needs the schema */
    bool state;  /* needs a state file to be named */
    void (*look)(struct visit *visit);
} checks[] = {
    {"connection", false, false, check_connection},
    {"clock", false, false, check_clock},
    {"schema", false, false, check_schema},
    {"privileges", true, false, check_privileges},
    {"source", true, false, check_source},
    {"state file", false, true, check_state},
    {"last run", true, false, check_last_run},
    {"rows", true, false, check_rows},
    {"drift", true, false, check_drift},
    {"queue", true, false, check_queue},
};
#define CHECKS (sizeof checks / sizeof checks[0])
_Static_assert(CHECKS <= REBUT_FINDINGS_MAX, "room for a finding a check");

size_t rebut_doctor(const struct rebut_doctor_job *job,
                    struct rebut_finding ret_findings[REBUT_FINDINGS_MAX])
{
    struct visit visit = {.job = job};
    size_t count = 0;
    for (size_t i = 0; i < CHECKS; i++) {
        const struct check *check = &checks[i];
        if ((i > 0 && visit.store == NULL && !check->state) ||
            (check->schema && !visit.has_schema) ||
            (check->state && job->state_path == NULL))
            continue;
        ret_findings[count] = (struct rebut_finding){.check = check->name};
        visit.finding = &ret_findings[count++];
        check->look(&visit);
    }
    rebut_store_close(visit.store);
    return count;
}
