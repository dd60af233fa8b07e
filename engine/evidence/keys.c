/* The key folder: keys made, turned over, revoked; secrets loaded. */
#include "rebut/keys.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder_file.h"
#include "keys_public.h"
#include "rebut/time.h"

#define SECRET_FILE_MAX 1024

static bool ready(struct rebut_error *err)
{
    return sodium_init() >= 0 || rebut_fail(err, REBUT_EIO, "no source of randomness");
}

static bool write_hex(const char *folder, const char *name, const unsigned char *bytes,
                      size_t size, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE], hex[2 * 64 + 2];
    if (!rebut_path_join(folder, name, path, err))
        return false;
    sodium_bin2hex(hex, sizeof hex, bytes, size);
    hex[2 * size] = '\n';
    const bool ok = rebut_file_write(path, hex, 2 * size + 1, true, err);
    sodium_memzero(hex, sizeof hex);
    return ok;
}

static bool read_hex(const char *folder, const char *name, unsigned char *ret,
                     size_t size, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    char *text = NULL;
    size_t length = 0, got = 0;
    if (!rebut_path_join(folder, name, path, err) ||
        !rebut_file_read(path, SECRET_FILE_MAX, true, &text, &length, err))
        return false;
    const bool ok = length == 2 * size + 1 && text[2 * size] == '\n' &&
                    sodium_hex2bin(ret, size, text, 2 * size, NULL, &got, NULL) == 0 &&
                    got == size;
    sodium_memzero(text, length);
    free(text);
    return ok || rebut_fail(err, REBUT_EDATA, "'%s' is no key: expected %zu hex digits",
                            path, 2 * size);
}

static bool exists(const char *folder, const char *name)
{
    char path[REBUT_PATH_SIZE];
    struct stat there;
    return rebut_path_join(folder, name, path, NULL) && lstat(path, &there) == 0;
}

static bool make_folder(const char *folder, struct rebut_error *err)
{
    struct stat there;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return rebut_fail(err, REBUT_EIO, "cannot make '%s': %s", folder,
                          strerror(errno));
    if (stat(folder, &there) != 0 || !S_ISDIR(there.st_mode))
        return rebut_fail(err, REBUT_EIO, "'%s' is no folder", folder);
    return (there.st_mode & 077) == 0 ||
           rebut_fail(err, REBUT_EDATA,
                      "others may look into '%s' (mode %04o); expected 0700", folder,
                      (unsigned)there.st_mode & 07777U);
}

static bool make_buyers_secret(const char *folder, struct rebut_error *err)
{
    unsigned char secret[REBUT_BUYERS_SECRET];
    if (exists(folder, "buyers.key"))
        return true;
    randombytes_buf(secret, sizeof secret);
    const bool ok = write_hex(folder, "buyers.key", secret, sizeof secret, err);
    sodium_memzero(secret, sizeof secret);
    return ok;
}

void rebut_key_id(const unsigned char public[32], char ret[REBUT_KEY_ID_SIZE])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, public, 32, NULL, 0);
    sodium_bin2hex(ret, REBUT_KEY_ID_SIZE, hash, (REBUT_KEY_ID_SIZE - 1) / 2);
}

/* The secret first, then the public list, then which one signs: cut off anywhere, what
 * is named is there. */
static bool make_signer(const char *folder, int64_t now, char ret_id[REBUT_KEY_ID_SIZE],
                        struct rebut_error *err)
{
    struct rebut_public_keys keys = {0};
    struct rebut_public_key key = {.made_at = now, .revoked_at = REBUT_TIME_NONE};
    unsigned char secret[64];
    char name[64], path[REBUT_PATH_SIZE];
    crypto_sign_keypair(key.key, secret);
    rebut_key_id(key.key, key.id);
    snprintf(name, sizeof name, "signing-%s.key", key.id);
    bool ok =
        write_hex(folder, name, secret, sizeof secret, err) &&
        (!exists(folder, "public.json") || rebut_public_keys_load(folder, &keys, err)) &&
        rebut_public_keys_add(&keys, &key, err) &&
        rebut_public_keys_save(folder, &keys, err) &&
        rebut_path_join(folder, "current", path, err);
    if (ok) {
        char line[REBUT_KEY_ID_SIZE + 1];
        snprintf(line, sizeof line, "%s\n", key.id);
        ok = rebut_file_write(path, line, strlen(line), false, err);
    }
    sodium_memzero(secret, sizeof secret);
    rebut_public_keys_release(&keys);
    memcpy(ret_id, key.id, REBUT_KEY_ID_SIZE);
    return ok;
}

bool rebut_keys_make(const char *folder, bool rotate, int64_t now,
                     char ret_id[REBUT_KEY_ID_SIZE], struct rebut_error *err)
{
    if (!ready(err) || !make_folder(folder, err))
        return false;
    const bool there = exists(folder, "current");
    if (there && !rotate)
        return rebut_fail(err, REBUT_EUSAGE,
                          "'%s' has a key; --rotate makes another that signs from now on",
                          folder);
    if (!there && rotate)
        return rebut_fail(err, REBUT_EUSAGE, "'%s' has no key to turn over", folder);
    return make_buyers_secret(folder, err) && make_signer(folder, now, ret_id, err);
}

bool rebut_keys_revoke(const char *folder, const char *id, int64_t at, const char *reason,
                       struct rebut_error *err)
{
    struct rebut_public_keys keys;
    if (!rebut_public_keys_load(folder, &keys, err))
        return false;
    struct rebut_public_key *key =
        (struct rebut_public_key *)(uintptr_t)rebut_public_key_find(&keys, id);
    bool ok = key != NULL ||
              rebut_fail(err, REBUT_EUSAGE, "no key '%.20s' in '%s'", id, folder);
    if (ok && key->revoked_at != REBUT_TIME_NONE && key->revoked_at <= at)
        ok = rebut_fail(err, REBUT_EUSAGE, "key '%s' is revoked already", id);
    if (ok) {
        key->revoked_at = at;
        snprintf(key->reason, sizeof key->reason, "%s", reason);
        ok = rebut_public_keys_save(folder, &keys, err);
    }
    rebut_public_keys_release(&keys);
    return ok;
}

static bool read_current(const char *folder, char ret_id[REBUT_KEY_ID_SIZE],
                         struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    char *text = NULL;
    size_t size = 0;
    if (!rebut_path_join(folder, "current", path, err) ||
        !rebut_file_read(path, 64, false, &text, &size, err))
        return rebut_fail_context(err, "no key that signs; 'rebut keygen' makes one");
    const bool ok = size == REBUT_KEY_ID_SIZE && text[size - 1] == '\n' &&
                    strspn(text, "0123456789abcdef") == size - 1;
    if (ok)
        memcpy(ret_id, text, size - 1);
    ret_id[REBUT_KEY_ID_SIZE - 1] = '\0';
    free(text);
    return ok || rebut_fail(err, REBUT_EDATA, "'%s' names no key", path);
}

bool rebut_signer_load(const char *folder, struct rebut_signer *ret,
                       struct rebut_error *err)
{
    struct rebut_public_keys keys;
    char name[64];
    *ret = (struct rebut_signer){0};
    if (!ready(err) || !read_current(folder, ret->id, err) ||
        !rebut_public_keys_load(folder, &keys, err))
        return false;
    const struct rebut_public_key *key = rebut_public_key_find(&keys, ret->id);
    snprintf(name, sizeof name, "signing-%s.key", ret->id);
    bool ok = key != NULL || rebut_fail(err, REBUT_EDATA,
                                        "the key that signs, '%s', is not in "
                                        "'%s/public.json'",
                                        ret->id, folder);
    if (ok && key->revoked_at != REBUT_TIME_NONE)
        ok = rebut_fail(err, REBUT_EDATA,
                        "key '%s' is revoked; 'rebut keygen --rotate' makes another",
                        ret->id);
    ok = ok && read_hex(folder, name, ret->secret, sizeof ret->secret, err);
    /* The second half of the secret is the public key. */
    if (ok && memcmp(ret->secret + 32, key->key, 32) != 0)
        ok = rebut_fail(err, REBUT_EDATA, "'%s/%s' is not the secret of that key", folder,
                        name);
    rebut_public_keys_release(&keys);
    if (!ok)
        rebut_signer_wipe(ret);
    return ok;
}

void rebut_signer_wipe(struct rebut_signer *signer)
{
    sodium_memzero(signer, sizeof *signer);
}

bool rebut_buyers_secret_load(const char *folder, unsigned char ret[REBUT_BUYERS_SECRET],
                              struct rebut_error *err)
{
    return ready(err) && read_hex(folder, "buyers.key", ret, REBUT_BUYERS_SECRET, err);
}
