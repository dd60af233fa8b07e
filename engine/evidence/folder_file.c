#include "folder_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rebut/output.h"

bool rebut_path_join(const char *folder, const char *name, char ret[REBUT_PATH_SIZE],
                     struct rebut_error *err)
{
    const int size = snprintf(ret, REBUT_PATH_SIZE, "%s/%s", folder, name);
    return (size > 0 && size < REBUT_PATH_SIZE) ||
           rebut_fail(err, REBUT_ELIMIT, "the path of '%.60s' is too long", name);
}

static bool check(int fd, const char *path, size_t most, bool secret, size_t *ret_size,
                  struct rebut_error *err)
{
    struct stat there;
    if (fstat(fd, &there) != 0)
        return rebut_fail(err, REBUT_EIO, "cannot look at '%s': %s", path,
                          strerror(errno));
    if (!S_ISREG(there.st_mode))
        return rebut_fail(err, REBUT_EDATA, "expected a regular file at '%s'", path);
    if (secret && (there.st_mode & 077) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "'%s' is secret, and others may read it (mode %04o); "
                          "expected 0600",
                          path, (unsigned)there.st_mode & 07777U);
    if ((uint64_t)there.st_size > most)
        return rebut_fail(err, REBUT_ELIMIT, "'%s' has more than %zu bytes", path, most);
    *ret_size = (size_t)there.st_size;
    return true;
}

static bool fill(int fd, const char *path, char *to, size_t size, size_t *ret_used,
                 struct rebut_error *err)
{
    size_t used = 0;
    while (used < size) {
        const ssize_t got = read(fd, to + used, size - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path,
                              strerror(errno));
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *ret_used = used;
    return true;
}

bool rebut_file_read(const char *path, size_t most, bool secret, char **ret,
                     size_t *ret_size, struct rebut_error *err)
{
    size_t size = 0;
    char *bytes = NULL;
    *ret = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    bool ok = check(fd, path, most, secret, &size, err);
    if (ok) {
        bytes = malloc(size + 1);
        ok = bytes == NULL ? rebut_fail_memory(err, "a file")
                           : fill(fd, path, bytes, size, ret_size, err);
    }
    close(fd);
    if (!ok) {
        free(bytes);
        return false;
    }
    bytes[*ret_size] = '\0';
    *ret = bytes;
    return true;
}

bool rebut_file_write(const char *path, const char *bytes, size_t size, bool secret,
                      struct rebut_error *err)
{
    struct rebut_output out;
    if (!(secret ? rebut_output_open_private(&out, path, err)
                 : rebut_output_open(&out, path, err)))
        return false;
    rebut_output_write(&out, bytes, size);
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}
