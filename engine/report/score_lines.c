#include "score_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/csv.h"
#include "rebut/intern.h"
#include "rebut/time.h"

bool rebut_score_id(json_t *object, struct rebut_text *ret, struct rebut_error *err)
{
    json_t *id = json_object_get(object, "request_id");
    *ret = (struct rebut_text){json_string_value(id), json_string_length(id)};
    return (json_is_string(id) && ret->size > 0 && ret->size <= REBUT_INTERN_TEXT_MAX) ||
           rebut_fail(err, REBUT_EDATA, "expected 'request_id' of 1 to %d bytes",
                      REBUT_INTERN_TEXT_MAX);
}

bool rebut_score_share(json_t *object, const char *name, double otherwise, double *ret,
                       struct rebut_error *err)
{
    json_t *value = json_object_get(object, name);
    if (value == NULL || (json_is_null(value) && otherwise >= 0)) {
        *ret = otherwise;
        return otherwise >= 0 ||
               rebut_fail(err, REBUT_EDATA, "expected '%s', found none", name);
    }
    *ret = json_is_number(value) ? json_number_value(value) : -1;
    if (*ret >= 0 && *ret <= 1)
        return true;
    return rebut_fail(err, REBUT_EDATA, "expected '%s' from 0 to 1, got something else",
                      name);
}

int64_t rebut_score_time(json_t *value)
{
    int64_t time = REBUT_TIME_NONE;
    if (json_is_integer(value))
        return json_integer_value(value) >= 0 &&
                       json_integer_value(value) <= REBUT_TIME_MAX / 1000
                   ? json_integer_value(value) * 1000
                   : REBUT_TIME_NONE;
    const struct rebut_text text = rebut_text_of(json_string_value(value));
    return rebut_time_parse(text, &time) ? time : REBUT_TIME_NONE;
}

static bool take_line(struct rebut_text line, rebut_take_score *take, void *to,
                      struct rebut_error *err)
{
    if (rebut_csv_trim(line).size == 0)
        return true;
    if (line.size > REBUT_SCORES_LINE_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "a line of over %zu bytes",
                          REBUT_SCORES_LINE_MAX);
    json_error_t why;
    json_t *object = json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object)) {
        const bool whole = object != NULL;
        json_decref(object);
        return rebut_fail(err, REBUT_EDATA, "expected a JSON object, got %s",
                          whole ? "another JSON value" : why.text);
    }
    const bool taken = take(to, object, err);
    json_decref(object);
    return taken;
}

bool rebut_score_lines(const char *path, rebut_take_score *take, void *to,
                       struct rebut_error *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    uint64_t number = 0;
    bool ok = true;
    ssize_t size;
    while (ok && (errno = 0, size = getline(&line, &room, file)) >= 0) {
        number++;
        ok = take_line((struct rebut_text){line, (size_t)size}, take, to, err) ||
             rebut_fail_context(err, "'%s' line %" PRIu64, path, number);
    }
    if (ok && (ferror(file) || errno != 0))
        ok = rebut_fail(err, REBUT_EIO, "cannot read '%s': %s", path, strerror(errno));
    free(line);
    if (file != stdin)
        fclose(file);
    return ok;
}
