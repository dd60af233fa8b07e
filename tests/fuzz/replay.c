/* Run a fuzz target on every file of the folders and files named: a corpus as a test,
 * with any compiler.
 *
 *     fuzz_json tests/fuzz/corpus/json
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replayed;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        fseek(file, 0, SEEK_SET) != 0) {
        perror(path);
        exit(1);
    }
    /* Just the file's size, so that the sanitizer sees any look beyond. */
    uint8_t *data = malloc(size == 0 ? 1 : (size_t)size);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    replayed++;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        struct dirent **entries = NULL;
        const int found = scandir(arguments[i], &entries, visible, alphasort);
        if (found < 0)
            replay_file(arguments[i]);
        for (int j = 0; j < found; j++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", arguments[i], entries[j]->d_name);
            replay_file(path);
            free(entries[j]);
        }
        free(entries);
    }
    printf("%u inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
