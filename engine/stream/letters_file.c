/* Dead letters of a file: one JSON object a line (rebut/rejects.h). */
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/letters.h"

static struct rebut_text text_of(const json_t *value)
{
    if (!json_is_string(value))
        return (struct rebut_text){NULL, 0};
    return (struct rebut_text){json_string_value(value), json_string_length(value)};
}

/* The line of a letter; *ret_room is to be freed.  {NULL, 0}: it has none. */
static struct rebut_text line_of(const json_t *object, char **ret_room)
{
    const struct rebut_text plain = text_of(json_object_get(object, "text"));
    const struct rebut_text packed = text_of(json_object_get(object, "text_base64"));
    if (plain.data != NULL || packed.data == NULL)
        return plain;
    size_t size = 0;
    *ret_room = malloc(packed.size + 1);
    if (*ret_room == NULL ||
        sodium_base642bin((unsigned char *)*ret_room, packed.size + 1, packed.data,
                          packed.size, NULL, &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return (struct rebut_text){NULL, 0};
    return (struct rebut_text){*ret_room, size};
}

static bool visit_one(const json_t *object, const char *reason, rebut_letter_visit *visit,
                      void *context, struct rebut_letters_counts *counts,
                      struct rebut_error *err)
{
    char *room = NULL;
    const struct rebut_letter letter = {.key = text_of(json_object_get(object, "key")),
                                        .reason =
                                            text_of(json_object_get(object, "reason")),
                                        .line = line_of(object, &room)};
    bool ok = true;
    if (letter.line.data == NULL || letter.reason.data == NULL ||
        (reason != NULL && !rebut_text_equal(letter.reason, rebut_text_of(reason)))) {
        counts->other++;
    } else if (json_object_get(object, "bytes") != NULL) {
        counts->cut++;
    } else {
        ok = visit(context, &letter, err);
        counts->replayed += ok;
    }
    free(room);
    return ok;
}

bool rebut_letters_read(const char *path, const char *reason, rebut_letter_visit *visit,
                        void *context, struct rebut_letters_counts *ret,
                        struct rebut_error *err)
{
    *ret = (struct rebut_letters_counts){0};
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    ssize_t size = 0;
    bool ok = true;
    while (ok && (size = getline(&line, &room, file)) > 0) {
        json_t *object = json_loadb(line, (size_t)size, JSON_ALLOW_NUL, NULL);
        if (json_is_object(object))
            ok = visit_one(object, reason, visit, context, ret, err);
        else
            ret->other++;
        json_decref(object);
    }
    if (ok && ferror(file))
        ok = rebut_fail(err, REBUT_EIO, "cannot read '%s'", path);
    free(line);
    fclose(file);
    return ok;
}
