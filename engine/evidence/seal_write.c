#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder_file.h"
#include "seal_parts.h"

#define READ_SIZE ((size_t)1 << 16)

bool rebut_seal_name(const char *name)
{
    const size_t size = strlen(name);
    return size >= 1 && size <= REBUT_SEAL_NAME_MAX && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789._-") == size &&
           strncmp(name, "manifest.", strlen("manifest.")) != 0;
}

size_t rebut_seal_signed(const char hash[REBUT_SEAL_HEX], char ret[REBUT_SIGNED_SIZE])
{
    return (size_t)snprintf(ret, REBUT_SIGNED_SIZE, REBUT_MANIFEST_SCHEMA "\n%s\n", hash);
}

static bool hash_open(int fd, const char *path, char ret_hex[REBUT_SEAL_HEX],
                      uint64_t *ret_bytes, struct rebut_error *err)
{
    crypto_generichash_state state;
    unsigned char hash[REBUT_SEAL_HASH], buffer[READ_SIZE];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    *ret_bytes = 0;
    for (;;) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path,
                              strerror(errno));
        if (got == 0)
            break;
        crypto_generichash_update(&state, buffer, (unsigned long long)got);
        *ret_bytes += (uint64_t)got;
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(ret_hex, REBUT_SEAL_HEX, hash, sizeof hash);
    return true;
}

bool rebut_seal_hash(const char *path, char ret_hex[REBUT_SEAL_HEX], uint64_t *ret_bytes,
                     struct rebut_error *err)
{
    struct stat there;
    /* No link is followed, and no FIFO is waited for. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    const bool regular = fstat(fd, &there) == 0 && S_ISREG(there.st_mode);
    const bool ok = regular ? hash_open(fd, path, ret_hex, ret_bytes, err)
                            : rebut_fail(err, REBUT_EIO, "'%s' is no regular file", path);
    close(fd);
    return ok;
}

bool rebut_seal_open(struct rebut_seal *seal, const char *folder,
                     const struct rebut_signer *signer,
                     const struct rebut_seal_about *about, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    *seal = (struct rebut_seal){.signer = signer, .about = *about, .out = {.fd = -1}};
    if (sodium_init() < 0)
        return rebut_fail(err, REBUT_EIO, "no source of randomness");
    seal->folder = strdup(folder);
    if (seal->folder == NULL)
        return rebut_fail_memory(err, "a seal");
    if (!rebut_path_join(folder, REBUT_MANIFEST, path, err) ||
        !rebut_output_open(&seal->out, path, err)) {
        rebut_seal_release(seal);
        return false;
    }
    rebut_output_print(&seal->out, "{\"as_of\":");
    rebut_output_json(&seal->out, rebut_text_of(about->as_of));
    rebut_output_print(&seal->out, ",\"engine\":\"" REBUT_VERSION "\",\"entries\":[");
    return true;
}

bool rebut_seal_add(struct rebut_seal *seal, const char *name, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE], hash[REBUT_SEAL_HEX];
    uint64_t bytes = 0;
    if (!rebut_seal_name(name))
        return rebut_fail(err, REBUT_EINPUT, "no name for a sealed file: '%.60s'", name);
    if (seal->total >= REBUT_SEAL_ENTRIES_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "more than %d files in a bundle",
                          REBUT_SEAL_ENTRIES_MAX);
    if (!rebut_path_join(seal->folder, name, path, err) ||
        !rebut_seal_hash(path, hash, &bytes, err))
        return false;
    seal->total++;
    rebut_output_print(&seal->out,
                       "%s{\"blake2b\":\"%s\",\"bytes\":%" PRIu64
                       ",\"file\":\"%s\",\"n\":%" PRIu64 "}",
                       seal->total > 1 ? "," : "", hash, bytes, name, seal->total);
    return seal->out.cause == 0 || rebut_output_commit(&seal->out, err);
}

static bool sign(const struct rebut_seal *seal, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE], hash[REBUT_SEAL_HEX], text[REBUT_SIGNED_SIZE];
    char hex[2 * crypto_sign_BYTES + 1], document[400];
    unsigned char signature[crypto_sign_BYTES];
    uint64_t bytes = 0;
    if (!rebut_path_join(seal->folder, REBUT_MANIFEST, path, err) ||
        !rebut_seal_hash(path, hash, &bytes, err))
        return false;
    const size_t size = rebut_seal_signed(hash, text);
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, size,
                         seal->signer->secret);
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    const int length = snprintf(document, sizeof document,
                                "{\"key\":\"%s\",\"schema\":\"" REBUT_SIGNATURE_SCHEMA
                                "\",\"signature\":\"%s\"}\n",
                                seal->signer->id, hex);
    return rebut_path_join(seal->folder, REBUT_SIGNATURE, path, err) &&
           rebut_file_write(path, document, (size_t)length, false, err);
}

/* The old signature goes first: a manifest is never seen beside one that is not its own
 * without being told. */
bool rebut_seal_commit(struct rebut_seal *seal, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    rebut_output_print(&seal->out, "],\"key\":\"%s\",\"model\":", seal->signer->id);
    rebut_output_json(&seal->out, rebut_text_of(seal->about.model));
    rebut_output_print(&seal->out, ",\"previous\":");
    if (seal->about.previous == NULL)
        rebut_output_print(&seal->out, "null");
    else
        rebut_output_json(&seal->out, rebut_text_of(seal->about.previous));
    rebut_output_print(
        &seal->out, ",\"schema\":\"" REBUT_MANIFEST_SCHEMA "\",\"total\":%" PRIu64 "}\n",
        seal->total);
    if (!rebut_path_join(seal->folder, REBUT_SIGNATURE, path, err))
        return false;
    if (unlink(path) != 0 && errno != ENOENT)
        return rebut_fail(err, REBUT_EIO, "cannot replace '%s': %s", path,
                          strerror(errno));
    return rebut_output_commit(&seal->out, err) && sign(seal, err);
}

void rebut_seal_release(struct rebut_seal *seal)
{
    rebut_output_release(&seal->out);
    free(seal->folder);
    seal->folder = NULL;
}
