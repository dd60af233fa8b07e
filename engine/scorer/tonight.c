/* A night from disk: its image if it suits, else its snapshot scored anew, and then an
 * image of that for the next who asks. */
#include <stdio.h>
#include <string.h>

#include "rebut/output.h"
#include "rebut/scorer.h"
#include "rebut/snapshot.h"
#include "rebut/state_image.h"

#define PATH_SIZE 4096

struct files {
    const char *snapshot, *model;
    bool durable; /* the image is to be on the disk before it is told of */
};

/* ---- the image ---- */

static bool path_of(const struct files *files, char ret_path[PATH_SIZE],
                    struct rebut_error *err)
{
    return snprintf(ret_path, PATH_SIZE, "%s.image", files->snapshot) < PATH_SIZE ||
           rebut_fail(err, REBUT_EINPUT, "the path of the night is too long");
}

/* The head of a snapshot has the checksums of all its sections. */
static bool key_of(const struct files *files, struct rebut_image_key *ret,
                   struct rebut_error *err)
{
    *ret = (struct rebut_image_key){0};
    return rebut_image_add_file(ret, files->snapshot, REBUT_SNAPSHOT_HEAD, err) &&
           rebut_image_add_file(ret, files->model, SIZE_MAX, err);
}

static bool walk(struct rebut_tonight *tonight, struct rebut_image *image,
                 struct rebut_error *err)
{
    return rebut_image_value(image, "tonight", &tonight->as_of, sizeof tonight->as_of,
                             err) &&
           rebut_state_image(&tonight->state, image, err) &&
           rebut_live_night_image(&tonight->buyers, &tonight->state, image, err) &&
           rebut_night_image(&tonight->night, &tonight->state, &tonight->model, image,
                             err);
}

static void forget(struct rebut_tonight *tonight)
{
    if (tonight->image.base == NULL)
        return;
    rebut_image_forget(&tonight->image);
    (void)walk(tonight, &tonight->image, &(struct rebut_error){0}); /* cannot fail */
}

static bool write_part(void *context, const void *data, size_t size)
{
    return rebut_output_write(context, data, size);
}

/* Who waits to judge does not wait for the disk: what a power cut leaves in pieces is
 * found by its digests. */
static bool write_image(struct rebut_tonight *tonight, const struct files *files,
                        const struct rebut_image_key *key, uint64_t *ret_bytes,
                        struct rebut_error *err)
{
    char path[PATH_SIZE];
    struct rebut_image image = {0};
    struct rebut_output out;
    if (!path_of(files, path, err) || !rebut_output_open_private(&out, path, err))
        return false;
    const bool ok =
        rebut_image_begin(&image, write_part, &out, key, err) &&
        walk(tonight, &image, err) && rebut_image_end(&image, err) &&
        (files->durable ? rebut_output_commit(&out, err) : rebut_output_place(&out, err));
    *ret_bytes = out.written;
    rebut_image_release(&image);
    rebut_output_release(&out);
    return ok;
}

/* Only of what is still there under both names. */
static bool keep_image(struct rebut_tonight *tonight, const struct files *files,
                       const struct rebut_image_key *before, uint64_t *ret_bytes,
                       struct rebut_error *err)
{
    struct rebut_image_key key;
    if (!key_of(files, &key, err))
        return false;
    if (memcmp(&key, before, sizeof key) != 0)
        return rebut_fail(err, REBUT_ETRY, "night or model changed while it was read");
    return write_image(tonight, files, &key, ret_bytes, err);
}

static bool open_image(struct rebut_tonight *ret, const struct files *files,
                       const struct rebut_image_key *key, struct rebut_error *err)
{
    char path[PATH_SIZE];
    *ret = (struct rebut_tonight){0};
    rebut_state_init(&ret->state, 0);
    if (path_of(files, path, err) && rebut_image_open(&ret->image, path, key, err) &&
        rebut_model_load(files->model, &ret->model, err) && walk(ret, &ret->image, err) &&
        rebut_image_all_taken(&ret->image, err))
        return true;
    rebut_tonight_close(ret);
    return false;
}

/* ---- anew ---- */

static bool load_state(struct rebut_tonight *tonight, const char *snapshot,
                       struct rebut_error *err)
{
    struct rebut_snapshot_about about = {0};
    uint64_t duplicates[REBUT_EVENT_TYPES];
    if (!rebut_snapshot_load(snapshot, &tonight->state, &about, err))
        return false;
    tonight->as_of = about.as_of;
    if (about.fell_back)
        snprintf(tonight->damage, sizeof tonight->damage, "%s", about.damage);
    rebut_snapshot_about_release(&about);
    tonight->state.keeps_keys = true;
    return rebut_state_seal(&tonight->state, duplicates, err);
}

static bool open_anew(struct rebut_tonight *ret, const struct files *files,
                      struct rebut_error *err)
{
    *ret = (struct rebut_tonight){0};
    rebut_state_init(&ret->state, 0);
    if (load_state(ret, files->snapshot, err) &&
        rebut_model_load(files->model, &ret->model, err) &&
        rebut_live_night_open(&ret->buyers, &ret->state, err) &&
        rebut_night_open(&ret->night, &ret->state, &ret->model, ret->as_of, err))
        return true;
    rebut_tonight_close(ret);
    return false;
}

/* What is in this process's memory alone is given back for what all share. */
static bool change_to_image(struct rebut_tonight *tonight, const struct files *files,
                            const struct rebut_image_key *key, struct rebut_error *why,
                            struct rebut_error *err)
{
    rebut_tonight_close(tonight);
    return open_image(tonight, files, key, why) || open_anew(tonight, files, err);
}

bool rebut_tonight_open(struct rebut_tonight *ret, const char *snapshot,
                        const char *model, struct rebut_error *err)
{
    const struct files files = {snapshot, model, false};
    struct rebut_image_key key;
    uint64_t bytes = 0;
    struct rebut_error why = {0}, later = {0};
    const bool has_key = key_of(&files, &key, &why);
    if (has_key && open_image(ret, &files, &key, &why))
        return true;
    if (!open_anew(ret, &files, err))
        return false;
    if (has_key && ret->damage[0] == '\0' &&
        keep_image(ret, &files, &key, &bytes, &later) &&
        !change_to_image(ret, &files, &key, &later, err))
        return false;
    if (why.code == REBUT_OK)
        why = later;
    snprintf(ret->image_damage, sizeof ret->image_damage, "%s", why.message);
    return true;
}

bool rebut_tonight_keep(const char *snapshot, const char *model, uint64_t *ret_bytes,
                        struct rebut_error *err)
{
    const struct files files = {snapshot, model, true};
    struct rebut_image_key key;
    struct rebut_tonight tonight;
    *ret_bytes = 0;
    if (!key_of(&files, &key, err) || !open_anew(&tonight, &files, err))
        return false;
    const bool ok = tonight.damage[0] == '\0'
                        ? keep_image(&tonight, &files, &key, ret_bytes, err)
                        : rebut_fail(err, REBUT_EDATA, "%s", tonight.damage);
    rebut_tonight_close(&tonight);
    return ok;
}

void rebut_tonight_close(struct rebut_tonight *tonight)
{
    forget(tonight);
    rebut_night_close(tonight->night);
    rebut_live_night_close(tonight->buyers);
    rebut_model_release(&tonight->model);
    rebut_state_release(&tonight->state);
    rebut_image_release(&tonight->image);
    *tonight = (struct rebut_tonight){0};
}
