/* What makes two programs read each other's images: they are one build. */
#include "image_parts.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct search {
    uintptr_t code; /* an address in the object that is looked for */
    unsigned char *build;
    bool found;
};

static size_t padded(size_t size)
{
    return (size + 3) / 4 * 4;
}

/* The build id among the notes of a segment. */
static void read_notes(struct search *search, const unsigned char *notes, size_t size)
{
    ElfW(Nhdr) note;
    for (size_t at = 0; at + sizeof note <= size;
         at += sizeof note + padded(note.n_namesz) + padded(note.n_descsz)) {
        memcpy(&note, notes + at, sizeof note);
        const size_t begin = at + sizeof note + padded(note.n_namesz);
        if (note.n_type != NT_GNU_BUILD_ID || begin + note.n_descsz > size)
            continue;
        const size_t most = note.n_descsz < IMAGE_BUILD ? note.n_descsz : IMAGE_BUILD;
        memcpy(search->build, notes + begin, most);
        search->found = true;
    }
}

static int look(struct dl_phdr_info *object, size_t size, void *context)
{
    struct search *search = context;
    bool here = false;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        const uintptr_t begin = object->dlpi_addr + part->p_vaddr;
        here = here || (part->p_type == PT_LOAD && search->code >= begin &&
                        search->code < begin + part->p_memsz);
    }
    for (int i = 0; here && i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_NOTE)
            read_notes(
                search,
                (const unsigned char *)(object->dlpi_addr + /* NOLINT: an address */
                                        part->p_vaddr),
                part->p_memsz);
    }
    return here;
}

bool rebut_image_head(const struct rebut_image_key *key, struct image_head *ret,
                      struct rebut_error *err)
{
    *ret = (struct image_head){.version = IMAGE_VERSION,
                               .order = IMAGE_ORDER,
                               .page = (uint32_t)sysconf(_SC_PAGESIZE),
                               .section_size = sizeof(struct rebut_image_section),
                               .key = *key};
    memcpy(ret->magic, IMAGE_MAGIC, sizeof ret->magic);
    struct search search = {.code = (uintptr_t)&rebut_image_head, .build = ret->build};
    (void)dl_iterate_phdr(look, &search);
    return search.found ||
           rebut_fail(err, REBUT_EINPUT, "the program was linked without a build id");
}

struct rebut_image_key rebut_image_sum(const struct image_head *head,
                                       const struct rebut_image_section *table,
                                       const struct image_foot *foot)
{
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    XXH3_128bits_update(&state, head, sizeof *head);
    XXH3_128bits_update(&state, table, foot->sections * sizeof *table);
    XXH3_128bits_update(&state, foot, offsetof(struct image_foot, low));
    const XXH128_hash_t sum = XXH3_128bits_digest(&state);
    return (struct rebut_image_key){sum.low64, sum.high64};
}

static bool add_bytes(int fd, size_t most, XXH3_state_t *sum)
{
    unsigned char buffer[16384];
    while (most > 0) {
        const ssize_t got = read(fd, buffer, most < sizeof buffer ? most : sizeof buffer);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return false;
        if (got < 0)
            continue;
        XXH3_128bits_update(sum, buffer, (size_t)got);
        most -= (size_t)got;
    }
    return true;
}

bool rebut_image_add_file(struct rebut_image_key *key, const char *path, size_t most,
                          struct rebut_error *err)
{
    XXH3_state_t state;
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &status) == 0;
    if (ok) {
        const uint64_t size = (uint64_t)status.st_size;
        XXH3_128bits_reset(&state);
        XXH3_128bits_update(&state, key, sizeof *key);
        XXH3_128bits_update(&state, &size, sizeof size);
        ok = add_bytes(fd, most, &state);
    }
    const int cause = errno;
    if (fd >= 0)
        close(fd);
    if (!ok)
        return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path, strerror(cause));
    const XXH128_hash_t sum = XXH3_128bits_digest(&state);
    *key = (struct rebut_image_key){sum.low64, sum.high64};
    return true;
}
