/* public.json:
 * {"keys":[{"id":…,"made_at_us":…,"public":HEX,"reason":…,"revoked_at_us":…}],
 * "schema":"rebut-keys-1"} */
#include "keys_public.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder_file.h"
#include "rebut/time.h"

#define SCHEMA "rebut-keys-1"
#define PUBLIC_FILE_MAX ((size_t)1 << 20)

bool rebut_public_keys_add(struct rebut_public_keys *keys,
                           const struct rebut_public_key *key, struct rebut_error *err)
{
    if (keys->count >= REBUT_KEYS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "more than %d keys", REBUT_KEYS_MAX);
    struct rebut_public_key *list = realloc(keys->list, (keys->count + 1) * sizeof *list);
    if (list == NULL)
        return rebut_fail_memory(err, "public keys");
    keys->list = list;
    list[keys->count++] = *key;
    return true;
}

static json_t *key_document(const struct rebut_public_key *key)
{
    char hex[65];
    const bool revoked = key->revoked_at != REBUT_TIME_NONE;
    sodium_bin2hex(hex, sizeof hex, key->key, sizeof key->key);
    return json_pack("{s:s, s:I, s:s, s:o, s:o}", "id", key->id, "made_at_us",
                     (json_int_t)key->made_at, "public", hex, "reason",
                     revoked ? json_string(key->reason) : json_null(), "revoked_at_us",
                     revoked ? json_integer(key->revoked_at) : json_null());
}

bool rebut_public_keys_save(const char *folder, const struct rebut_public_keys *keys,
                            struct rebut_error *err)
{
    char path[REBUT_PATH_SIZE];
    if (!rebut_path_join(folder, "public.json", path, err))
        return false;
    json_t *list = json_array();
    for (size_t i = 0; i < keys->count; i++)
        json_array_append_new(list, key_document(&keys->list[i]));
    json_t *document = json_pack("{s:o, s:s}", "keys", list, "schema", SCHEMA);
    char *text =
        document == NULL ? NULL : json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(document);
    if (text == NULL)
        return rebut_fail(err, REBUT_EINPUT,
                          "the public keys cannot be written as JSON: "
                          "is a reason no UTF-8?");
    const size_t size = strlen(text);
    text[size] = '\n'; /* over the NUL: written by size */
    const bool ok = rebut_file_write(path, text, size + 1, false, err);
    free(text);
    return ok;
}

static bool read_key(const json_t *document, struct rebut_public_key *ret)
{
    const char *id = json_string_value(json_object_get(document, "id"));
    const char *hex = json_string_value(json_object_get(document, "public"));
    const json_t *made = json_object_get(document, "made_at_us");
    const json_t *revoked = json_object_get(document, "revoked_at_us");
    const json_t *reason = json_object_get(document, "reason");
    char own[REBUT_KEY_ID_SIZE];
    size_t size = 0;
    *ret = (struct rebut_public_key){.revoked_at = REBUT_TIME_NONE};
    if (id == NULL || hex == NULL || !json_is_integer(made) ||
        sodium_hex2bin(ret->key, sizeof ret->key, hex, strlen(hex), NULL, &size, NULL) !=
            0 ||
        size != sizeof ret->key)
        return false;
    rebut_key_id(ret->key, own);
    if (strcmp(own, id) != 0 || !(json_is_null(revoked) || json_is_integer(revoked)))
        return false;
    memcpy(ret->id, own, sizeof own);
    ret->made_at = json_integer_value(made);
    if (json_is_integer(revoked))
        ret->revoked_at = json_integer_value(revoked);
    if (json_is_string(reason))
        snprintf(ret->reason, sizeof ret->reason, "%s", json_string_value(reason));
    return true;
}

static bool read_document(const json_t *document, struct rebut_public_keys *ret,
                          struct rebut_error *err)
{
    const char *schema = json_string_value(json_object_get(document, "schema"));
    const json_t *list = json_object_get(document, "keys");
    if (schema == NULL || strcmp(schema, SCHEMA) != 0 || !json_is_array(list))
        return rebut_fail(err, REBUT_EDATA,
                          "expected public keys of schema '" SCHEMA "'");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct rebut_public_key key;
        if (!read_key(json_array_get(list, i), &key))
            return rebut_fail(err, REBUT_EDATA,
                              "keys[%zu] is no public key, or its id is another's", i);
        if (!rebut_public_keys_add(ret, &key, err))
            return false;
    }
    return true;
}

bool rebut_public_keys_load(const char *path, struct rebut_public_keys *ret,
                            struct rebut_error *err)
{
    char file[REBUT_PATH_SIZE];
    char *text = NULL;
    size_t size = 0;
    struct stat there;
    json_error_t words;
    *ret = (struct rebut_public_keys){0};
    if (sodium_init() < 0)
        return rebut_fail(err, REBUT_EIO, "no source of randomness");
    const bool folder = stat(path, &there) == 0 && S_ISDIR(there.st_mode);
    if (folder && !rebut_path_join(path, "public.json", file, err))
        return false;
    if (!rebut_file_read(folder ? file : path, PUBLIC_FILE_MAX, false, &text, &size, err))
        return false;
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, &words);
    bool ok = document == NULL
                  ? rebut_fail(err, REBUT_EDATA, "no JSON (line %d)", words.line)
                  : read_document(document, ret, err);
    json_decref(document);
    free(text);
    if (!ok) {
        rebut_public_keys_release(ret);
        rebut_fail_context(err, "'%s'", folder ? file : path);
    }
    return ok;
}

void rebut_public_keys_release(struct rebut_public_keys *keys)
{
    free(keys->list);
    *keys = (struct rebut_public_keys){0};
}

const struct rebut_public_key *rebut_public_key_find(const struct rebut_public_keys *keys,
                                                     const char *id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->list[i].id, id) == 0)
            return &keys->list[i];
    return NULL;
}
