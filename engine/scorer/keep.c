/* Partitions kept and restored.
 *
 * A snapshot under way is written by a child; this process goes on.  One that fails costs
 * only time after the next start, so it is told and tried again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "parts.h"

void rebut_scorer_too_long(uint64_t bytes, struct rebut_refusal *refusal)
{
    snprintf(refusal->expected, sizeof refusal->expected, "at most %zu bytes",
             REBUT_LINE_MAX);
    snprintf(refusal->came, sizeof refusal->came, "%" PRIu64 " bytes", bytes);
}

#define PATH_SIZE 4096

static bool path_of(const struct rebut_scorer *scorer, uint32_t partition,
                    char ret_path[PATH_SIZE], struct rebut_error *err)
{
    const int size = snprintf(ret_path, PATH_SIZE, "%s/partition-%05" PRIu32,
                              scorer->options.folder, partition);
    return size < PATH_SIZE - 8 ||
           rebut_fail(err, REBUT_EINPUT, "the path of --state is too long");
}

static bool exists(const char *path)
{
    char before[PATH_SIZE + 2];
    struct stat status;
    snprintf(before, sizeof before, "%s.1", path);
    return stat(path, &status) == 0 || stat(before, &status) == 0;
}

static void tell(const struct rebut_scorer *scorer, const char *event, uint32_t partition,
                 const char *words)
{
    struct rebut_error damage = {0};
    (void)rebut_fail(&damage, REBUT_EDATA, "partition %" PRIu32 ": %s", partition, words);
    rebut_log_error(scorer->options.log, event, &damage);
}

/* The snapshot at `path`, if it does not know more than was committed. */
static bool load(struct rebut_scorer *scorer, struct rebut_place *place, const char *path,
                 struct rebut_position stored, struct rebut_error *err)
{
    struct rebut_live_about about = {0};
    if (!rebut_live_load(path, &scorer->options.live, scorer->tonight->buyers,
                         &place->live, &about, err))
        return false;
    if (about.fell_back)
        tell(scorer, "snapshot_fell_back", place->partition, about.damage);
    const struct rebut_position at = {about.major, about.minor};
    if (!scorer->options.remembers)
        return true;
    if (rebut_position_compare(at, stored) <= 0) {
        place->last = at;
        return true;
    }
    tell(scorer, "snapshot_not_used", place->partition,
         "it is of later than the position that is stored; all is read again");
    rebut_live_free(place->live);
    place->live = NULL;
    return true;
}

bool rebut_scorer_restore(struct rebut_scorer *scorer, struct rebut_place *place,
                          struct rebut_position stored, struct rebut_error *err)
{
    char path[PATH_SIZE];
    place->last = REBUT_POSITION_NONE;
    place->saved_at = scorer->options.now_us();
    if (scorer->options.folder != NULL) {
        if (!path_of(scorer, place->partition, path, err))
            return false;
        if (exists(path) && !load(scorer, place, path, stored, err))
            return false;
    }
    return place->live != NULL || rebut_live_new(&place->live, &scorer->options.live,
                                                 scorer->tonight->buyers, err);
}

/* How a snapshot ended; one that failed is told. */
static void settle(struct rebut_scorer *scorer, struct rebut_place *place, bool ok,
                   const struct rebut_error *why)
{
    place->saved_at = scorer->options.now_us();
    if (ok) {
        scorer->counts.snapshots++;
        return;
    }
    place->changed = true;
    scorer->counts.snapshots_failed++;
    tell(scorer, "snapshot_failed", place->partition, why->message);
}

/* Has the one under way ended?  True when there is none any more. */
static bool poll_save(struct rebut_scorer *scorer, struct rebut_place *place, bool wait)
{
    struct rebut_error why = {0};
    bool done = true;
    if (place->save.child == 0)
        return true;
    const bool ok = rebut_live_save_end(&place->save, wait, &done, &why);
    if (ok && !done)
        return false;
    settle(scorer, place, ok, &why);
    return true;
}

bool rebut_scorer_save(struct rebut_scorer *scorer, struct rebut_place *place, bool now,
                       struct rebut_error *err)
{
    const struct rebut_live_about about = {.major = place->last.major,
                                           .minor = place->last.minor};
    struct rebut_error why = {0};
    char path[PATH_SIZE];
    if (scorer->options.folder == NULL || !poll_save(scorer, place, now) ||
        !place->changed)
        return true;
    if (!now && scorer->options.now_us() - place->saved_at < scorer->options.snapshot_us)
        return true;
    if (!path_of(scorer, place->partition, path, err))
        return false;
    place->changed = false;
    const bool ok =
        now ? rebut_live_save(place->live, &about, path, &why)
            : rebut_live_save_begin(place->live, &about, path, &place->save, &why);
    if (now || !ok)
        settle(scorer, place, ok, &why);
    return true;
}

bool rebut_scorer_take_up(struct rebut_scorer *scorer,
                          const struct rebut_tonight *tonight, struct rebut_error *err)
{
    scorer->tonight = tonight;
    for (uint32_t i = 0; i < scorer->places.count; i++) {
        struct rebut_place *place = &scorer->places.data[i];
        rebut_eye_close(place->eye);
        place->eye = NULL;
        rebut_live_take_up(place->live, tonight->buyers);
        if (!rebut_eye_open(&place->eye, tonight->night, err))
            return false;
    }
    return true;
}
