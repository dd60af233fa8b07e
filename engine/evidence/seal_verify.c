/* All that is wrong with a bundle, not only the first thing. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder_file.h"
#include "rebut/intern.h"
#include "rebut/time.h"
#include "seal_parts.h"

#define MANIFEST_MAX ((size_t)1 << 29)
#define SIGNATURE_MAX ((size_t)4096)

struct check {
    const char *folder;
    const struct rebut_public_keys *keys;
    const char *only, *previous;
    struct rebut_verification *ret;
    struct manifest manifest;
    struct rebut_intern names; /* that the manifest has */
};

/* ---- the manifest and its signature ---- */

static bool read_manifest(struct check *check, struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    char *bytes = NULL;
    size_t size = 0;
    uint64_t whole = 0;
    struct rebut_error why = {0};
    if (!rebut_path_join(check->folder, REBUT_MANIFEST, path, err))
        return false;
    if (!rebut_file_read(path, MANIFEST_MAX, false, &bytes, &size, &why) ||
        !rebut_seal_hash(path, check->ret->hash, &whole, &why)) {
        free(bytes);
        rebut_seal_find(check->ret, REBUT_FAULT_NO_MANIFEST, REBUT_MANIFEST, "%.190s",
                        why.message);
        return true;
    }
    if (!rebut_manifest_read((struct rebut_text){bytes, size}, &check->manifest, &why))
        rebut_seal_find(check->ret, REBUT_FAULT_MANIFEST, REBUT_MANIFEST, "%.190s",
                        why.message);
    else
        snprintf(check->ret->as_of, sizeof check->ret->as_of, "%s",
                 check->manifest.as_of);
    free(bytes);
    return true;
}

/* The key's id and the signature of manifest.sig, or a finding. */
static bool read_signature(struct check *check, char ret_id[REBUT_KEY_ID_SIZE],
                           unsigned char ret[crypto_sign_BYTES])
{
    char path[REBUT_PATH_SIZE];
    char *text = NULL;
    size_t size = 0, got = 0;
    struct rebut_error why = {0};
    if (!rebut_path_join(check->folder, REBUT_SIGNATURE, path, &why) ||
        !rebut_file_read(path, SIGNATURE_MAX, false, &text, &size, &why)) {
        rebut_seal_find(check->ret, REBUT_FAULT_NO_SIGNATURE, REBUT_SIGNATURE, "%.190s",
                        why.message);
        return false;
    }
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    char *canonical =
        document == NULL ? NULL : json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
    const char *schema = json_string_value(json_object_get(document, "schema"));
    const char *id = json_string_value(json_object_get(document, "key"));
    const char *hex = json_string_value(json_object_get(document, "signature"));
    const bool ok =
        canonical != NULL && json_object_size(document) == 3 && schema != NULL &&
        strcmp(schema, REBUT_SIGNATURE_SCHEMA) == 0 && id != NULL &&
        strlen(id) == REBUT_KEY_ID_SIZE - 1 && hex != NULL &&
        strlen(hex) == 2 * crypto_sign_BYTES &&
        strspn(hex, "0123456789abcdef") == 2 * crypto_sign_BYTES &&
        sodium_hex2bin(ret, crypto_sign_BYTES, hex, strlen(hex), NULL, &got, NULL) == 0 &&
        size == strlen(canonical) + 1 && memcmp(text, canonical, size - 1) == 0 &&
        text[size - 1] == '\n';
    if (ok)
        memcpy(ret_id, id, REBUT_KEY_ID_SIZE);
    else
        rebut_seal_find(check->ret, REBUT_FAULT_SIGNATURE, REBUT_SIGNATURE,
                        "expected canonical JSON with schema " REBUT_SIGNATURE_SCHEMA
                        ", key and signature");
    free(canonical);
    json_decref(document);
    free(text);
    return ok;
}

static void check_revoked(struct check *check, const struct rebut_public_key *key)
{
    int64_t as_of = 0;
    if (key->revoked_at == REBUT_TIME_NONE)
        return;
    const bool known = check->manifest.document != NULL &&
                       rebut_time_parse(rebut_text_of(check->manifest.as_of), &as_of);
    if (known && as_of < key->revoked_at)
        return;
    char at[REBUT_TIME_SIZE];
    rebut_time_format(key->revoked_at, 0, at);
    rebut_seal_find(check->ret, REBUT_FAULT_REVOKED, REBUT_SIGNATURE,
                    "key %s counts no longer since %s (%.80s)", key->id, at, key->reason);
}

static void check_signature(struct check *check)
{
    char id[REBUT_KEY_ID_SIZE], text[REBUT_SIGNED_SIZE];
    unsigned char signature[crypto_sign_BYTES];
    if (check->ret->hash[0] == '\0' || !read_signature(check, id, signature))
        return;
    memcpy(check->ret->key, id, sizeof id);
    const struct rebut_public_key *key = rebut_public_key_find(check->keys, id);
    if (key == NULL) {
        rebut_seal_find(check->ret, REBUT_FAULT_UNKNOWN_KEY, REBUT_SIGNATURE, "key %s",
                        id);
        return;
    }
    const size_t size = rebut_seal_signed(check->ret->hash, text);
    if (crypto_sign_verify_detached(signature, (const unsigned char *)text, size,
                                    key->key) != 0)
        rebut_seal_find(check->ret, REBUT_FAULT_SIGNATURE, REBUT_SIGNATURE,
                        "the signature of key %s is not of this manifest", id);
    if (check->manifest.document != NULL && strcmp(check->manifest.key, id) != 0)
        rebut_seal_find(check->ret, REBUT_FAULT_SIGNATURE, REBUT_SIGNATURE,
                        "the manifest names key %.16s, the signature %s",
                        check->manifest.key, id);
    check_revoked(check, key);
}

/* ---- what the manifest names ---- */

static void check_file(struct check *check, const struct entry *entry)
{
    char path[REBUT_PATH_SIZE], hash[REBUT_SEAL_HEX];
    uint64_t bytes = 0;
    struct rebut_error why = {0};
    if (check->only != NULL && strcmp(check->only, entry->file) != 0)
        return;
    check->ret->files++;
    if (!rebut_path_join(check->folder, entry->file, path, &why) ||
        !rebut_seal_hash(path, hash, &bytes, &why)) {
        rebut_seal_find(check->ret, REBUT_FAULT_MISSING, entry->file, "%.190s",
                        why.message);
        return;
    }
    if (entry->bytes < 0 || bytes != (uint64_t)entry->bytes)
        rebut_seal_find(check->ret, REBUT_FAULT_SIZE, entry->file,
                        "expected %" PRId64 " bytes, came %" PRIu64, entry->bytes, bytes);
    else if (strcmp(hash, entry->hash) != 0)
        rebut_seal_find(check->ret, REBUT_FAULT_CONTENT, entry->file,
                        "expected BLAKE2b %.16s…, came %.16s…", entry->hash, hash);
}

static bool check_entries(struct check *check, struct rebut_error *err)
{
    struct entry entry;
    bool ordered = true;
    for (size_t i = 0; rebut_manifest_entry(&check->manifest, i, &entry); i++) {
        uint32_t index = 0;
        const uint32_t before = check->names.count;
        if (entry.n != (int64_t)i + 1 && ordered) {
            rebut_seal_find(check->ret, REBUT_FAULT_SEQUENCE, REBUT_MANIFEST,
                            "expected number %zu, came %" PRId64, i + 1, entry.n);
            ordered = false; /* the rest would only say it again */
        }
        if (!rebut_seal_name(entry.file)) {
            rebut_seal_find(check->ret, REBUT_FAULT_NAME, REBUT_MANIFEST,
                            "entry %zu: no plain name", i + 1);
            continue;
        }
        const struct rebut_text name = rebut_text_of(entry.file);
        if (!rebut_intern_put(&check->names, name, rebut_intern_hash(&check->names, name),
                              &index, err))
            return false;
        if (index < before)
            rebut_seal_find(check->ret, REBUT_FAULT_NAME, entry.file, "named twice");
        else
            check_file(check, &entry);
    }
    if (check->manifest.total != (int64_t)check->manifest.count)
        rebut_seal_find(check->ret, REBUT_FAULT_TOTAL, REBUT_MANIFEST,
                        "expected %" PRId64 " entries, came %zu", check->manifest.total,
                        check->manifest.count);
    return true;
}

static bool is_named(const struct check *check, const char *name)
{
    const struct rebut_text text = rebut_text_of(name);
    return strlen(name) <= REBUT_INTERN_TEXT_MAX &&
           rebut_intern_find(&check->names, text,
                             rebut_intern_hash(&check->names, text)) != REBUT_INTERN_NONE;
}

/* The manifest's own, and what a time stamping authority gives. */
static bool is_own(const char *name)
{
    static const char *const own[] = {
        ".", "..", REBUT_MANIFEST, REBUT_SIGNATURE, REBUT_STAMP_ASKED, REBUT_STAMP_GIVEN};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

static bool check_extra(struct check *check, struct rebut_error *err)
{
    DIR *folder = opendir(check->folder);
    if (folder == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot look into '%s': %s", check->folder,
                          strerror(errno));
    const struct dirent *entry = NULL;
    while ((entry = readdir(folder)) != NULL)
        if (!is_own(entry->d_name) && !is_named(check, entry->d_name)) {
            char shown[REBUT_SEAL_NAME_MAX + 1];
            snprintf(shown, sizeof shown, "%.60s", entry->d_name);
            for (char *c = shown; *c != '\0'; c++)
                if ((unsigned char)*c < 0x20 || *c == 0x7f)
                    *c = '?';
            rebut_seal_find(check->ret, REBUT_FAULT_EXTRA, shown, "not in the manifest");
        }
    closedir(folder);
    return true;
}

static void check_previous(struct check *check)
{
    const char *has = check->manifest.previous;
    if (check->previous == NULL)
        return;
    if (has == NULL || strcmp(has, check->previous) != 0)
        rebut_seal_find(check->ret, REBUT_FAULT_PREVIOUS, REBUT_MANIFEST,
                        "expected the manifest before to be %.16s…, it says %.16s",
                        check->previous, has == NULL ? "none" : has);
}

static void check_only(struct check *check)
{
    if (check->only != NULL && !is_named(check, check->only))
        rebut_seal_find(check->ret, REBUT_FAULT_EXTRA, check->only,
                        "not in the manifest");
}

bool rebut_seal_verify(const char *folder, const struct rebut_public_keys *keys,
                       const char *only, const char *previous,
                       struct rebut_verification *ret, struct rebut_error *err)
{
    *ret = (struct rebut_verification){0};
    struct check check = {
        .folder = folder, .keys = keys, .only = only, .previous = previous, .ret = ret};
    if (sodium_init() < 0)
        return rebut_fail(err, REBUT_EIO, "no source of randomness");
    ret->list = calloc(REBUT_FINDINGS_KEPT, sizeof *ret->list);
    if (ret->list == NULL)
        return rebut_fail_memory(err, "findings");
    rebut_intern_init(&check.names, 0);
    bool ok = read_manifest(&check, err);
    if (ok)
        check_signature(&check);
    ok = ok && rebut_seal_check_stamp(folder, ret, err);
    if (ok && check.manifest.document != NULL) {
        check_previous(&check);
        ok = check_entries(&check, err) && (only != NULL || check_extra(&check, err));
        if (ok)
            check_only(&check);
    }
    rebut_manifest_release(&check.manifest);
    rebut_intern_release(&check.names);
    if (!ok)
        rebut_verification_release(ret);
    return ok;
}

void rebut_verification_release(struct rebut_verification *verification)
{
    free(verification->list);
    verification->list = NULL;
    verification->count = 0;
}
