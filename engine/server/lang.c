/* Sentences of terms, which are stored in the language of the run, in that of the caller.
 */
#include <string.h>

#include "rebut/json.h"
#include "rebut/score.h"
#include "server_parts.h"

#define NESTING_MAX 32

static void say(struct rebut_output *out, struct rebut_text sentence,
                enum rebut_language language)
{
    char stored[REBUT_SENTENCE_SIZE], text[REBUT_SENTENCE_SIZE];
    if (sentence.size < sizeof stored) {
        memcpy(stored, sentence.data, sentence.size);
        stored[sentence.size] = '\0';
        if (rebut_term_resay(stored, language, text)) {
            rebut_output_json(out, rebut_text_of(text));
            return;
        }
    }
    rebut_output_json(out, sentence);
}

/* Copy an object, and the arrays of objects in its members `terms`. */
static bool copy_object(struct rebut_json *json, struct rebut_output *out,
                        enum rebut_language language, bool within);

static bool copy_terms(struct rebut_json *json, struct rebut_output *out,
                       enum rebut_language language)
{
    const char *comma = "";
    rebut_output_print(out, "[");
    if (!rebut_json_open(json, REBUT_JSON_ARRAY))
        return false;
    while (rebut_json_next(json)) {
        rebut_output_print(out, "%s", comma);
        if (!copy_object(json, out, language, true))
            return false;
        comma = ",";
    }
    rebut_output_print(out, "]");
    return json->fault == REBUT_JSON_FINE;
}

static bool copy_value(struct rebut_json *json, struct rebut_output *out,
                       enum rebut_language language, bool is_said)
{
    struct rebut_json_value value;
    if (!rebut_json_value(json, &value))
        return false;
    if (value.kind != REBUT_JSON_STRING)
        rebut_output_text(out, value.text);
    else if (is_said)
        say(out, value.text, language);
    else
        rebut_output_json(out, value.text);
    return true;
}

static bool copy_object(struct rebut_json *json, struct rebut_output *out,
                        enum rebut_language language, bool within)
{
    struct rebut_text key;
    const char *comma = "";
    rebut_output_print(out, "{");
    if (!rebut_json_open(json, REBUT_JSON_OBJECT))
        return false;
    while (rebut_json_next_key(json, &key)) {
        const bool terms = !within && rebut_text_equal(key, REBUT_TEXT("terms")) &&
                           rebut_json_peek(json) == REBUT_JSON_ARRAY;
        const bool said =
            rebut_text_equal(key, within ? REBUT_TEXT("sentence") : REBUT_TEXT("reason"));
        rebut_output_print(out, "%s", comma);
        rebut_output_json(out, key);
        rebut_output_print(out, ":");
        if (!(terms ? copy_terms(json, out, language)
                    : copy_value(json, out, language, said)))
            return false;
        comma = ",";
    }
    rebut_output_print(out, "}");
    return json->fault == REBUT_JSON_FINE;
}

void rebut_server_write(struct rebut_http_call *call, const char *json)
{
    const char *word = rebut_http_value(call, "lang");
    const struct rebut_text text = rebut_text_of(json);
    enum rebut_language language = REBUT_CHINESE;
    struct rebut_json parser;
    const size_t begin = call->out.used;
    char *room = word == NULL || !rebut_language_parse(word, &language)
                     ? NULL
                     : rebut_http_keep(call, text);
    if (room != NULL) {
        rebut_json_init(&parser, text, NESTING_MAX);
        parser.room = room, parser.room_size = text.size;
        if (copy_object(&parser, &call->out, language, false))
            return;
        call->out.used = begin;
    }
    rebut_output_text(&call->out, text);
}
