/* Saving so that there is always a good file, and loading the best there is. */
#include "rebut/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rebut/output.h"
#include "snapshot_parts.h"

/* The names of the predecessor, and of the old file until it is that. */
struct names {
    char *previous, *old;
};

static bool make_names(const char *path, struct names *ret, struct rebut_error *err)
{
    *ret = (struct names){NULL, NULL};
    if (asprintf(&ret->previous, "%s.1", path) < 0)
        ret->previous = NULL;
    if (asprintf(&ret->old, "%s.1.tmp", path) < 0)
        ret->old = NULL;
    return (ret->previous != NULL && ret->old != NULL) ||
           rebut_fail_memory(err, "the name of a snapshot");
}

static void free_names(struct names *names)
{
    free(names->previous);
    free(names->old);
}

static bool fail_errno(const char *what, const char *path, struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EIO, "cannot %s '%s': %s", what, path, strerror(errno));
}

/* The file at `path`, if there is one, gets a second name, so that it outlives its being
 * replaced. */
static bool hold_old(const char *path, const struct names *names, bool *ret_held,
                     struct rebut_error *err)
{
    struct stat there;
    *ret_held = false;
    if (lstat(path, &there) != 0)
        return errno == ENOENT || fail_errno("look at", path, err);
    if (!S_ISREG(there.st_mode))
        return rebut_fail(err, REBUT_EIO, "cannot write '%s': expected a regular file",
                          path);
    if (unlink(names->old) != 0 && errno != ENOENT)
        return fail_errno("remove", names->old, err);
    if (link(path, names->old) != 0)
        return fail_errno("keep the old file as", names->old, err);
    *ret_held = true;
    return true;
}

static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    const int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return;
    (void)fsync(fd); /* a file system that cannot is no failure */
    close(fd);
}

/* The new file is on disk under its name before the predecessor is touched: if the old
 * file was damaged, the predecessor is the good one. */
static bool save_named(const struct rebut_state *state,
                       const struct rebut_snapshot_about *about, const char *path,
                       const struct names *names, struct rebut_error *err)
{
    struct rebut_output out;
    bool held = false;
    if (!hold_old(path, names, &held, err))
        return false;
    bool ok = rebut_output_open_private(&out, path, err);
    if (ok) {
        ok = rebut_snapshot_write(state, about, &out, err) &&
             rebut_output_commit(&out, err);
        rebut_output_release(&out);
    }
    if (held && ok) {
        ok = rename(names->old, names->previous) == 0 ||
             fail_errno("keep the old file as", names->previous, err);
        sync_folder(path);
    }
    if (held && !ok)
        unlink(names->old);
    return ok;
}

bool rebut_snapshot_save(const struct rebut_state *state,
                         const struct rebut_snapshot_about *about, const char *path,
                         struct rebut_error *err)
{
    struct names names;
    struct rebut_error why = {0};
    if (!rebut_snapshot_suits_machine(err))
        return false;
    if (state->sealed)
        return rebut_fail(err, REBUT_EINPUT,
                          "cannot save a state that is sealed: nothing could follow");
    if (!rebut_snapshot_check(state, about, &why))
        return rebut_fail(err, REBUT_EINPUT, "cannot save the state: %s", why.message);
    const bool ok =
        make_names(path, &names, err) && save_named(state, about, path, &names, err);
    free_names(&names);
    return ok;
}

bool rebut_snapshot_load(const char *path, struct rebut_state *state,
                         struct rebut_snapshot_about *ret_about, struct rebut_error *err)
{
    struct names names;
    struct rebut_error first = {0}, second = {0};
    *ret_about = (struct rebut_snapshot_about){0};
    if (!rebut_snapshot_suits_machine(err))
        return false;
    if (rebut_snapshot_read(path, state, ret_about, &first))
        return true;
    if (first.code != REBUT_EDATA && first.code != REBUT_EIO)
        return rebut_fail(err, first.code, "%s", first.message);
    bool ok = make_names(path, &names, err);
    if (ok && rebut_snapshot_read(names.previous, state, ret_about, &second)) {
        ret_about->fell_back = true;
        memcpy(ret_about->damage, first.message, sizeof ret_about->damage);
    } else if (ok) {
        ok = rebut_fail(err, first.code, "%.230s; %.230s", first.message, second.message);
    }
    free_names(&names);
    return ok;
}

bool rebut_snapshot_exists(const char *path)
{
    struct names names = {NULL, NULL};
    const bool found = access(path, F_OK) == 0 || (make_names(path, &names, NULL) &&
                                                   access(names.previous, F_OK) == 0);
    free_names(&names);
    return found;
}

void rebut_snapshot_about_release(struct rebut_snapshot_about *about)
{
    for (uint32_t i = 0; i < about->waiting.count; i++)
        free((void *)(uintptr_t)about->waiting.data[i].data);
    free(about->waiting.data);
    free(about->extra.data);
    *about = (struct rebut_snapshot_about){0};
}
