#include "rebut/nights.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "statements.h"

#define CHUNK ((size_t)1 << 20)

char *rebut_nights_path(const char *folder, const char *file)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, file) < 0 ? NULL : path;
}

/* ---- digests ---- */

static bool hash_stream(FILE *in, void *chunk, char ret[REBUT_NIGHTS_HEX])
{
    XXH3_state_t state;
    size_t got = 0;
    XXH3_128bits_reset(&state);
    while ((got = fread(chunk, 1, CHUNK, in)) > 0)
        XXH3_128bits_update(&state, chunk, got);
    const XXH128_hash_t hash = XXH3_128bits_digest(&state);
    snprintf(ret, REBUT_NIGHTS_HEX, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
             (uint64_t)hash.low64);
    return !ferror(in);
}

static bool digest_of(const char *folder, const char *file, char ret[REBUT_NIGHTS_HEX],
                      struct rebut_error *err)
{
    char *path = rebut_nights_path(folder, file);
    void *chunk = malloc(CHUNK);
    FILE *in = NULL;
    bool ok = false;
    if (path == NULL || chunk == NULL) {
        rebut_fail_memory(err, "a night");
        goto done;
    }
    in = fopen(path, "rb");
    if (in == NULL || !hash_stream(in, chunk, ret)) {
        rebut_fail(err, errno == ENOENT ? REBUT_EDATA : REBUT_EIO,
                   "cannot read night '%s': %s", path, strerror(errno));
        goto done;
    }
    ok = true;
done:
    if (in != NULL)
        fclose(in);
    free(chunk);
    free(path);
    return ok;
}

static bool check_one(const char *folder, const char *file, const char *expected,
                      struct rebut_error *err)
{
    char came[REBUT_NIGHTS_HEX];
    if (!digest_of(folder, file, came, err))
        return false;
    return strcmp(came, expected) == 0 ||
           rebut_fail(err, REBUT_EDATA,
                      "night '%s/%s' is not the one announced: expected digest %s, "
                      "came %s",
                      folder, file, expected, came);
}

bool rebut_nights_check(const char *folder, const struct rebut_announced *night,
                        struct rebut_error *err)
{
    return check_one(folder, night->model_file, night->model_digest, err) &&
           check_one(folder, night->state_file, night->state_digest, err);
}

struct rebut_nights_stamp rebut_nights_stamp(const char *folder,
                                             const struct rebut_announced *night)
{
    const char *const files[] = {night->state_file, night->model_file};
    struct rebut_nights_stamp stamp = {0};
    for (int i = 0; i < 2; i++) {
        struct stat status;
        char *path = rebut_nights_path(folder, files[i]);
        if (path != NULL && stat(path, &status) == 0) {
            stamp.device[i] = status.st_dev;
            stamp.inode[i] = status.st_ino;
            stamp.size[i] = (uint64_t)status.st_size;
            stamp.changed_ns[i] =
                (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        }
        free(path);
    }
    return stamp;
}

bool rebut_nights_seal(const char *folder, struct rebut_announced *night,
                       struct rebut_error *err)
{
    return digest_of(folder, night->model_file, night->model_digest, err) &&
           digest_of(folder, night->state_file, night->state_digest, err);
}

/* ---- rows ---- */

static void copy_cell(const struct rebut_rows *rows, int column, char *ret, size_t size)
{
    const char *text = rebut_rows_get(rows, 0, column);
    snprintf(ret, size, "%s", text == NULL ? "" : text);
}

bool rebut_nights_newest(struct rebut_store *store, int before,
                         struct rebut_announced *ret, struct rebut_error *err)
{
    char number[16];
    const char *const parameters[] = {number};
    struct rebut_rows rows;
    snprintf(number, sizeof number, "%d", before);
    if (!rebut_store_ask(store, rebut_sql_nights_newest, parameters, 1, &rows, err))
        return false;
    *ret = (struct rebut_announced){0};
    if (rows.count == 1) {
        ret->id = rebut_rows_integer(&rows, 0, 0);
        copy_cell(&rows, 1, ret->state_file, sizeof ret->state_file);
        copy_cell(&rows, 2, ret->model_file, sizeof ret->model_file);
        copy_cell(&rows, 3, ret->state_digest, sizeof ret->state_digest);
        copy_cell(&rows, 4, ret->model_digest, sizeof ret->model_digest);
        copy_cell(&rows, 5, ret->model_id, sizeof ret->model_id);
        ret->as_of = rebut_rows_integer(&rows, 0, 6);
        ret->made_at = rebut_rows_integer(&rows, 0, 7);
    }
    rebut_rows_release(&rows);
    return true;
}

bool rebut_nights_fate(struct rebut_store *store, const struct rebut_announced *night,
                       enum rebut_nights_fate *ret, struct rebut_error *err)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, night->id);
    const char *const parameters[] = {id, night->state_digest};
    struct rebut_rows rows;
    if (!rebut_store_ask(store, rebut_sql_nights_fate, parameters, 2, &rows, err))
        return false;
    *ret = rows.count == 0                ? REBUT_NIGHTS_GONE
           : rebut_rows_true(&rows, 0, 0) ? REBUT_NIGHTS_WITHDRAWN
                                          : REBUT_NIGHTS_STANDS;
    rebut_rows_release(&rows);
    return true;
}

bool rebut_nights_same(const struct rebut_announced *a, const struct rebut_announced *b)
{
    return a->id == b->id && strcmp(a->state_digest, b->state_digest) == 0;
}

bool rebut_nights_begin(struct rebut_store *store, const char *folder,
                        struct rebut_announced *ret, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return rebut_fail(err, REBUT_EIO, "cannot make the folder '%s': %s", folder,
                          strerror(errno));
    if (!rebut_store_query(store, rebut_sql_nights_begin, NULL, 0, &rows, err))
        return false;
    *ret = (struct rebut_announced){.id = rebut_rows_integer(&rows, 0, 0)};
    snprintf(ret->state_file, sizeof ret->state_file, "night-%" PRId64 ".state", ret->id);
    snprintf(ret->model_file, sizeof ret->model_file, "night-%" PRId64 ".model.json",
             ret->id);
    rebut_rows_release(&rows);
    return true;
}

bool rebut_nights_announce(struct rebut_store *store, const struct rebut_announced *night,
                           struct rebut_error *err)
{
    char id[24], as_of[24];
    snprintf(id, sizeof id, "%" PRId64, night->id);
    snprintf(as_of, sizeof as_of, "%" PRId64, night->as_of);
    const char *const parameters[] = {id,
                                      night->state_file,
                                      night->state_digest,
                                      night->model_file,
                                      night->model_digest,
                                      night->model_id,
                                      as_of};
    return rebut_store_do(store, rebut_sql_nights_announce, parameters, 7, NULL, err);
}

/* ---- what goes ---- */

static void remove_file(const char *folder, const char *file)
{
    char *path = rebut_nights_path(folder, file);
    if (path != NULL)
        (void)unlink(path);
    free(path);
}

/* With its image (rebut/scorer.h), and one of the same name before it: numbers come again
 * after a database was restored. */
static void remove_with_image(const char *folder, const char *file)
{
    static const char *const endings[] = {"", ".image", ".1"};
    char name[REBUT_NIGHTS_NAME_SIZE + sizeof ".image"];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (snprintf(name, sizeof name, "%s%s", file, endings[i]) < (int)sizeof name)
            remove_file(folder, name);
}

void rebut_nights_discard(const char *folder, const struct rebut_announced *night)
{
    remove_with_image(folder, night->state_file);
    remove_file(folder, night->model_file);
}

bool rebut_nights_tidy(struct rebut_store *store, const char *folder,
                       struct rebut_error *err)
{
    char kept[16];
    const char *const parameters[] = {kept};
    struct rebut_rows rows;
    snprintf(kept, sizeof kept, "%d", REBUT_NIGHTS_KEPT);
    if (!rebut_store_query(store, rebut_sql_nights_withdraw, parameters, 1, &rows, err))
        return false;
    for (int row = 0; row < rows.count; row++)
        if (strchr(rebut_rows_get(&rows, row, 0), '/') == NULL)
            remove_with_image(folder, rebut_rows_get(&rows, row, 0));
    rebut_rows_release(&rows);
    return true;
}
