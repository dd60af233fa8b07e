#include "rebut/output.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_TRIES 100
#define PUBLIC ((mode_t)0666)
#define PRIVATE ((mode_t)0600)
#define CLOSED ((struct rebut_output){.fd = -1})

static bool fail_errno(const char *path, int cause, struct rebut_error *err)
{
    if (path == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot write standard output: %s",
                          strerror(cause));
    return rebut_fail(err, REBUT_EIO, "cannot write '%s': %s", path, strerror(cause));
}

static bool is_standard_output(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

/* The length of the folder's part of a path, with its slash; 0 for the current one. */
static int folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (int)(slash - path) + 1;
}

/* Give out->path's folder a new name, out->temp, by `make`; errno says why not. */
static bool take_temp_name(struct rebut_output *out, mode_t mode,
                           bool (*make)(struct rebut_output *out, const char *temp,
                                        mode_t mode))
{
    static unsigned count; /* only makes names differ; the system decides */
    for (int tries = 0; tries < TEMP_TRIES; tries++) {
        char *temp = NULL;
        if (asprintf(&temp, "%.*s.rebut-%ld-%u.tmp", folder_of(out->path), out->path,
                     (long)getpid(),
                     __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED)) < 0) {
            errno = ENOMEM;
            return false;
        }
        if (make(out, temp, mode)) {
            out->temp = temp;
            return true;
        }
        const int cause = errno;
        free(temp);
        errno = cause;
        if (cause != EEXIST)
            return false;
    }
    return false;
}

static bool make_named(struct rebut_output *out, const char *temp, mode_t mode)
{
    out->fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return out->fd >= 0;
}

#define FD_NAME_SIZE 32
static void fd_name(int fd, char ret_name[FD_NAME_SIZE])
{
    snprintf(ret_name, FD_NAME_SIZE, "/proc/self/fd/%d", fd);
}

/* A file without a name in that folder: killed, the program leaves nothing behind.  Not
 * every file system has it, and it gets its name by way of /proc. */
static bool open_nameless(struct rebut_output *out, mode_t mode)
{
    char *folder = NULL, name[FD_NAME_SIZE];
    const int size = folder_of(out->path);
    if (asprintf(&folder, "%.*s", size > 0 ? size : 1, size > 0 ? out->path : ".") < 0)
        return false;
    out->fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
    free(folder);
    if (out->fd < 0)
        return false;
    fd_name(out->fd, name);
    if (access(name, F_OK) == 0)
        return true;
    close(out->fd);
    out->fd = -1;
    return false;
}

static bool make_link(struct rebut_output *out, const char *temp, mode_t mode)
{
    (void)mode; /* it has one */
    char name[FD_NAME_SIZE];
    fd_name(out->fd, name);
    return linkat(AT_FDCWD, name, AT_FDCWD, temp, AT_SYMLINK_FOLLOW) == 0;
}

/* Open a new file in the folder of out->path that is put in its place by the commit. */
static bool open_temp(struct rebut_output *out, mode_t mode)
{
    out->aside = open_nameless(out, mode) || take_temp_name(out, mode, make_named);
    return out->aside;
}

/* Open out->path or a temporary beside it of at most `mode`; errno says why not. */
static bool open_path(struct rebut_output *out, mode_t mode)
{
    struct stat there;
    if (stat(out->path, &there) != 0)
        return errno == ENOENT && out->path[0] != '\0' && open_temp(out, mode);
    if (S_ISDIR(there.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!S_ISREG(there.st_mode)) {
        out->fd = open(out->path, O_WRONLY | O_CLOEXEC);
        return out->fd >= 0;
    }
    if (access(out->path, W_OK) != 0)
        return false;
    char *real = realpath(out->path, NULL);
    if (real == NULL)
        return false;
    free(out->path);
    out->path = real;
    return open_temp(out, mode == PRIVATE ? PRIVATE : there.st_mode & mode);
}

static bool open_any(struct rebut_output *out, const char *path, mode_t mode,
                     struct rebut_error *err)
{
    *out = CLOSED;
    out->room = REBUT_OUTPUT_BUFFER;
    out->buffer = malloc(out->room);
    if (out->buffer == NULL)
        return rebut_fail_memory(err, "an output buffer");
    if (is_standard_output(path)) {
        out->fd = STDOUT_FILENO;
        return true;
    }
    out->own = true;
    out->path = strdup(path);
    if (out->path != NULL && open_path(out, mode))
        return true;
    const int cause = out->path == NULL ? ENOMEM : errno;
    rebut_output_release(out);
    return fail_errno(path, cause, err);
}

bool rebut_output_open(struct rebut_output *out, const char *path,
                       struct rebut_error *err)
{
    return open_any(out, path, PUBLIC, err);
}

bool rebut_output_open_private(struct rebut_output *out, const char *path,
                               struct rebut_error *err)
{
    return open_any(out, path, PRIVATE, err);
}

/* Hand bytes to the system, all of them. */
static bool flush_bytes(struct rebut_output *out, const char *data, size_t size)
{
    while (size > 0 && out->cause == 0) {
        const ssize_t taken = write(out->fd, data, size);
        if (taken > 0) {
            data += taken;
            size -= (size_t)taken;
        } else if (taken == 0 || errno != EINTR) {
            out->cause = taken == 0 ? EIO : errno;
        }
    }
    return out->cause == 0;
}

static bool flush_buffer(struct rebut_output *out)
{
    const size_t size = out->used;
    out->used = 0;
    return flush_bytes(out, out->buffer, size);
}

bool rebut_output_memory(struct rebut_output *out, struct rebut_error *err)
{
    *out = CLOSED;
    out->memory = true;
    out->room = REBUT_OUTPUT_BUFFER;
    out->buffer = malloc(out->room);
    return out->buffer != NULL || rebut_fail_memory(err, "output");
}

/* Room in memory for `size` bytes more. */
static bool extend(struct rebut_output *out, size_t size)
{
    if (size <= out->room - out->used)
        return true;
    const size_t room =
        2 * out->room > out->used + size ? 2 * out->room : out->used + size;
    char *larger = realloc(out->buffer, room);
    if (larger == NULL) {
        out->cause = ENOMEM;
        return false;
    }
    out->buffer = larger;
    out->room = room;
    return true;
}

bool rebut_output_write(struct rebut_output *out, const void *data, size_t size)
{
    if ((out->fd < 0 && !out->memory) || out->cause != 0)
        return false;
    out->written += size;
    if (out->memory ? !extend(out, size)
                    : size > out->room - out->used && !flush_buffer(out))
        return false;
    if (size > out->room)
        return flush_bytes(out, data, size);
    if (size > 0)
        memcpy(out->buffer + out->used, data, size);
    out->used += size;
    return true;
}

bool rebut_output_text(struct rebut_output *out, struct rebut_text text)
{
    return rebut_output_write(out, text.data, text.size);
}

bool rebut_output_print(struct rebut_output *out, const char *format, ...)
{
    char small[512];
    va_list words, again;
    va_start(words, format);
    va_copy(again, words);
    char *large = NULL;
    const int size = vsnprintf(small, sizeof small, format, words);
    const bool fits = size >= 0 && (size_t)size < sizeof small;
    if (size < 0 || (!fits && vasprintf(&large, format, again) < 0)) {
        large = NULL;
        if (out->cause == 0)
            out->cause = size < 0 ? EINVAL : ENOMEM;
    }
    va_end(again);
    va_end(words);
    const bool done =
        out->cause == 0 && rebut_output_write(out, fits ? small : large, (size_t)size);
    free(large);
    return done;
}

/* The escape of a byte that must not stand in a JSON string, or NULL. */
static const char *json_escape(unsigned char byte, char room[8])
{
    static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    for (size_t i = 0; letters[i] != '\0'; i += 2) {
        if ((unsigned char)letters[i] == byte) {
            snprintf(room, 8, "\\%c", letters[i + 1]);
            return room;
        }
    }
    if (byte >= 0x20 && byte != 0x7f)
        return NULL;
    snprintf(room, 8, "\\u%04x", byte);
    return room;
}

bool rebut_output_json(struct rebut_output *out, struct rebut_text text)
{
    rebut_output_write(out, "\"", 1);
    size_t valid = rebut_text_valid_utf8(text);
    size_t start = 0; /* of the run not yet written */
    for (size_t at = 0; at < text.size; at++) {
        const unsigned char byte = (unsigned char)text.data[at];
        if (at != valid && byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f)
            continue; /* nearly all */
        char room[8];
        const char *instead = at == valid
                                  ? "\xef\xbf\xbd"
                                  : json_escape((unsigned char)text.data[at], room);
        if (instead == NULL)
            continue;
        rebut_output_write(out, text.data + start, at - start);
        rebut_output_write(out, instead, strlen(instead));
        start = at + 1;
        if (at == valid)
            valid = start + rebut_text_valid_utf8((struct rebut_text){text.data + start,
                                                                      text.size - start});
    }
    if (start < text.size)
        rebut_output_write(out, text.data + start, text.size - start);
    return rebut_output_write(out, "\"", 1);
}

size_t rebut_double_text(double value, char ret_text[REBUT_DOUBLE_SIZE])
{
    if (!isfinite(value)) {
        memcpy(ret_text, "null", 5);
        return 4;
    }
    int size = 0;
    for (int digits = 15; digits <= 17; digits++) {
        size = snprintf(ret_text, REBUT_DOUBLE_SIZE, "%.*g", digits, value);
        if (strtod(ret_text, NULL) == value)
            break;
    }
    return (size_t)size;
}

bool rebut_output_double(struct rebut_output *out, double value)
{
    char text[REBUT_DOUBLE_SIZE];
    return rebut_output_write(out, text, rebut_double_text(value, text));
}

#define DECIMALS 14
#define DECIMALS_ONE 1e14

size_t rebut_decimal_text(double value, char ret_text[REBUT_DOUBLE_SIZE])
{
    const double size = fabs(value);
    if (!isfinite(value)) {
        memcpy(ret_text, "null", 5);
        return 4;
    }
    if (value == 0 && !signbit(value)) {
        memcpy(ret_text, "0", 2);
        return 1;
    }
    if (!(size >= 1e-4 && size < 1e4))
        return (size_t)snprintf(ret_text, REBUT_DOUBLE_SIZE, "%.15g", value);
    char text[REBUT_DOUBLE_SIZE];
    int at = REBUT_DOUBLE_SIZE;
    uint64_t units = (uint64_t)(size * DECIMALS_ONE + .5);
    int places = DECIMALS;
    for (; places > 0 && units % 10 == 0; places--)
        units /= 10;
    if (places > 0) {
        for (; places > 0; places--, units /= 10)
            text[--at] = (char)('0' + units % 10);
        text[--at] = '.';
    }
    do {
        text[--at] = (char)('0' + units % 10);
        units /= 10;
    } while (units > 0);
    if (value < 0)
        text[--at] = '-';
    memcpy(ret_text, text + at, (size_t)(REBUT_DOUBLE_SIZE - at));
    ret_text[REBUT_DOUBLE_SIZE - at] = '\0';
    return (size_t)(REBUT_DOUBLE_SIZE - at);
}

bool rebut_output_decimal(struct rebut_output *out, double value)
{
    char text[REBUT_DOUBLE_SIZE];
    return rebut_output_write(out, text, rebut_decimal_text(value, text));
}

/* Make the new name itself durable; a file system that cannot is no failure. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder == NULL)
        return;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static bool close_own(struct rebut_output *out)
{
    const int fd = out->fd;
    out->fd = -1;
    if (!out->own || fd < 0)
        return true;
    /* After EINTR the descriptor is gone all the same on Linux. */
    return close(fd) == 0 || errno == EINTR;
}

static bool commit(struct rebut_output *out, bool force, struct rebut_error *err)
{
    if (out->fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot write: the output is not open");
    flush_buffer(out);
    if (out->cause == 0 && out->aside && force && fsync(out->fd) != 0)
        out->cause = errno;
    if (out->cause == 0 && out->aside && out->temp == NULL &&
        !take_temp_name(out, 0, make_link))
        out->cause = errno;
    if (!close_own(out) && out->cause == 0)
        out->cause = errno;
    if (out->cause == 0 && out->aside && rename(out->temp, out->path) != 0)
        out->cause = errno;
    if (out->cause != 0)
        return fail_errno(out->path, out->cause, err);
    if (out->temp != NULL) {
        free(out->temp);
        out->temp = NULL;
        if (force)
            sync_folder(out->path);
    }
    return true;
}

bool rebut_output_commit(struct rebut_output *out, struct rebut_error *err)
{
    return commit(out, true, err);
}

bool rebut_output_place(struct rebut_output *out, struct rebut_error *err)
{
    return commit(out, false, err);
}

bool rebut_output_force(const char *folder, struct rebut_error *err)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(folder, errno, err);
    const bool ok = syncfs(fd) == 0;
    const int cause = errno;
    close(fd);
    return ok || fail_errno(folder, cause, err);
}

void rebut_output_release(struct rebut_output *out)
{
    if (out->buffer == NULL && out->path == NULL)
        return;
    close_own(out);
    if (out->temp != NULL)
        unlink(out->temp);
    free(out->temp);
    free(out->path);
    free(out->buffer);
    *out = CLOSED;
}
