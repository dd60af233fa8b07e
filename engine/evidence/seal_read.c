/* A manifest's bytes: strict, within limits, and canonical. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "seal_parts.h"

static bool hex(const json_t *value, size_t digits)
{
    const char *text = json_string_value(value);
    return text != NULL && json_string_length(value) == digits &&
           strspn(text, "0123456789abcdef") == digits;
}

static bool check_entry(const json_t *entry, size_t index, struct rebut_error *err)
{
    const json_t *file = json_object_get(entry, "file");
    if (json_object_size(entry) != 4 || !json_is_string(file) ||
        !json_is_integer(json_object_get(entry, "bytes")) ||
        !json_is_integer(json_object_get(entry, "n")) ||
        !hex(json_object_get(entry, "blake2b"), REBUT_SEAL_HEX - 1))
        return rebut_fail(err, REBUT_EDATA,
                          "entries[%zu]: expected blake2b (128 hex digits), bytes, file "
                          "and n",
                          index);
    return json_string_length(file) == strlen(json_string_value(file)) ||
           rebut_fail(err, REBUT_EDATA, "entries[%zu].file: a NUL in a name", index);
}

static bool check_members(const json_t *document, struct rebut_error *err)
{
    static const char *const texts[] = {"as_of", "engine", "key", "model", "schema"};
    const json_t *entries = json_object_get(document, "entries");
    const json_t *previous = json_object_get(document, "previous");
    if (!json_is_object(document) || json_object_size(document) != 8)
        return rebut_fail(err, REBUT_EDATA, "expected an object of eight members");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!json_is_string(json_object_get(document, texts[i])))
            return rebut_fail(err, REBUT_EDATA, "expected a string '%s'", texts[i]);
    if (strcmp(json_string_value(json_object_get(document, "schema")),
               REBUT_MANIFEST_SCHEMA) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "expected schema '" REBUT_MANIFEST_SCHEMA "'");
    if (!json_is_integer(json_object_get(document, "total")) || !json_is_array(entries) ||
        !(json_is_null(previous) || hex(previous, REBUT_SEAL_HEX - 1)))
        return rebut_fail(
            err, REBUT_EDATA,
            "expected entries, previous (null or 128 hex digits) and total");
    if (json_array_size(entries) > REBUT_SEAL_ENTRIES_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "more than %d entries",
                          REBUT_SEAL_ENTRIES_MAX);
    for (size_t i = 0; i < json_array_size(entries); i++)
        if (!check_entry(json_array_get(entries, i), i, err))
            return false;
    return true;
}

static bool check_canonical(const json_t *document, struct rebut_text bytes,
                            struct rebut_error *err)
{
    char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL)
        return rebut_fail_memory(err, "a manifest");
    const size_t size = strlen(text);
    const bool same = bytes.size == size + 1 && memcmp(bytes.data, text, size) == 0 &&
                      bytes.data[size] == '\n';
    free(text);
    return same || rebut_fail(err, REBUT_EDATA,
                              "not canonical: expected sorted keys, no blanks, a newline "
                              "at the end");
}

bool rebut_manifest_read(struct rebut_text bytes, struct manifest *ret,
                         struct rebut_error *err)
{
    json_error_t words;
    *ret = (struct manifest){0};
    json_t *document = json_loadb(bytes.data, bytes.size, JSON_REJECT_DUPLICATES, &words);
    if (document == NULL)
        return rebut_fail(err, REBUT_EDATA, "no JSON (byte %d)", words.position);
    if (!check_members(document, err) || !check_canonical(document, bytes, err)) {
        json_decref(document);
        return false;
    }
    *ret = (struct manifest){
        .document = document,
        .as_of = json_string_value(json_object_get(document, "as_of")),
        .key = json_string_value(json_object_get(document, "key")),
        .previous = json_string_value(json_object_get(document, "previous")),
        .total = json_integer_value(json_object_get(document, "total")),
        .count = json_array_size(json_object_get(document, "entries"))};
    return true;
}

bool rebut_manifest_entry(const struct manifest *manifest, size_t index,
                          struct entry *ret)
{
    const json_t *entry =
        json_array_get(json_object_get(manifest->document, "entries"), index);
    if (entry == NULL)
        return false;
    *ret = (struct entry){.file = json_string_value(json_object_get(entry, "file")),
                          .hash = json_string_value(json_object_get(entry, "blake2b")),
                          .bytes = json_integer_value(json_object_get(entry, "bytes")),
                          .n = json_integer_value(json_object_get(entry, "n"))};
    return true;
}

void rebut_manifest_release(struct manifest *manifest)
{
    json_decref(manifest->document);
    *manifest = (struct manifest){0};
}

bool rebut_seal_try(struct rebut_text bytes)
{
    struct manifest manifest;
    struct entry entry;
    if (!rebut_manifest_read(bytes, &manifest, NULL))
        return false;
    for (size_t i = 0; rebut_manifest_entry(&manifest, i, &entry); i++)
        (void)rebut_seal_name(entry.file);
    rebut_manifest_release(&manifest);
    return true;
}
