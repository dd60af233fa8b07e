#include "reader_paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rebut/reader.h"

void rebut_reader_paths_release(struct paths *paths)
{
    for (uint32_t i = 0; i < paths->files.count; i++)
        free(paths->files.data[i]);
    free(paths->files.data);
    *paths = (struct paths){0};
}

/* Take over `name` (NULL: there was no memory for it). */
static bool add(struct paths *paths, char *name, struct rebut_error *err)
{
    if (name == NULL)
        return rebut_fail_memory(err, "the name of an input");
    if (paths->files.count == REBUT_INPUTS_MAX) {
        free(name);
        return rebut_fail(err, REBUT_ELIMIT,
                          "at most %d inputs at once, got more; join some into one",
                          REBUT_INPUTS_MAX);
    }
    if (!REBUT_ARRAY_MORE(&paths->files, 1, "inputs", err)) {
        free(name);
        return false;
    }
    paths->files.data[paths->files.count++] = name;
    return true;
}

static bool ends_in(const char *name, size_t *size, const char *end)
{
    const size_t length = strlen(end);
    if (*size <= length || memcmp(name + *size - length, end, length) != 0)
        return false;
    *size -= length;
    return true;
}

static bool is_event_file(const char *name)
{
    size_t size = strlen(name);
    if (name[0] == '.')
        return false;
    if (!ends_in(name, &size, ".gz"))
        ends_in(name, &size, ".zst");
    return ends_in(name, &size, ".ndjson") || ends_in(name, &size, ".jsonl");
}

static int compare_names(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

static bool list_folder(struct paths *paths, const char *folder, DIR *list,
                        struct rebut_error *err)
{
    const uint32_t first = paths->files.count;
    const size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    const struct dirent *entry = NULL;
    errno = 0;
    while ((entry = readdir(list)) != NULL) {
        char *name = NULL;
        if (!is_event_file(entry->d_name))
            continue;
        if (asprintf(&name, "%s%s%s", folder, slash, entry->d_name) < 0)
            name = NULL;
        if (!add(paths, name, err))
            return false;
        errno = 0;
    }
    if (errno != 0)
        return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", folder,
                          strerror(errno));
    if (paths->files.count == first)
        return rebut_fail(err, REBUT_EDATA,
                          "no event files in '%s': expected names that end in .ndjson or "
                          ".jsonl, also with .gz or .zst",
                          folder);
    qsort(paths->files.data + first, paths->files.count - first,
          sizeof *paths->files.data, compare_names);
    return true;
}

static bool add_folder(struct paths *paths, const char *folder, struct rebut_error *err)
{
    DIR *list = opendir(folder);
    if (list == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", folder,
                          strerror(errno));
    const bool ok = list_folder(paths, folder, list, err);
    closedir(list);
    return ok;
}

bool rebut_reader_paths(struct paths *paths, const char *const *given, size_t count,
                        struct rebut_error *err)
{
    bool standard_input = false;
    if (count == 0)
        return rebut_fail(err, REBUT_EUSAGE,
                          "no input: expected files or folders of events");
    for (size_t i = 0; i < count; i++) {
        struct stat there;
        const bool is_standard = strcmp(given[i], "-") == 0;
        if (is_standard && standard_input)
            return rebut_fail(err, REBUT_EUSAGE, "standard input can be read only once");
        standard_input = standard_input || is_standard;
        const bool is_folder =
            !is_standard && stat(given[i], &there) == 0 && S_ISDIR(there.st_mode);
        if (is_folder ? !add_folder(paths, given[i], err)
                      : !add(paths, strdup(given[i]), err))
            return false;
    }
    return true;
}
