/* Why a line was refused, in words. */
#include "field.h"

#include <stdio.h>

#define CAME_MAX 60 /* bytes of the input that are shown */

const char *const rebut_words_refusal[REBUT_REFUSALS] = {
    "not_json",      "invalid_utf8", "nesting",      "missing_field",
    "wrong_type",    "bad_value",    "out_of_range", "unknown_type",
    "duplicate_key", "too_long",     "other"};

size_t rebut_refusal_number(const struct rebut_refusal *refusal)
{
    size_t number = 0;
    while (number < REBUT_REFUSALS - 1 &&
           strcmp(rebut_words_refusal[number], refusal->reason) != 0)
        number++;
    return number;
}

/* The bytes of `text` up to `most`, cut at a character and before what is no text. */
static struct rebut_text shown(struct rebut_text text, size_t most)
{
    if (text.size > most)
        text.size = most;
    text.size = rebut_text_valid_utf8(text);
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20)
            text.size = i;
    return text;
}

static void show_came(struct rebut_refusal *refusal, struct rebut_text came, bool quoted)
{
    const struct rebut_text part = shown(came, CAME_MAX);
    const char *quote = quoted ? "\"" : "";
    snprintf(refusal->came, sizeof refusal->came, "%s%.*s%s%s", quote, (int)part.size,
             part.size == 0 ? "" : part.data, part.size < came.size ? "\xe2\x80\xa6" : "",
             quote);
}

static bool refuse(struct rebut_refusal *refusal, const char *reason, const char *field)
{
    *refusal = (struct rebut_refusal){.reason = reason, .field = field};
    return false;
}

/* "one of buyer, merchant", ended by an ellipsis where there is no more room. */
static void show_words(const struct vocabulary *vocabulary, char ret_words[], size_t room)
{
    size_t used = (size_t)snprintf(ret_words, room, "one of ");
    const char *comma = "";
    for (unsigned i = 0; i < vocabulary->count; i++) {
        const char *word = vocabulary->words[i];
        if (word[0] == '\0')
            continue;
        const size_t size = strlen(comma) + strlen(word);
        if (used + size + sizeof ", \xe2\x80\xa6" > room) {
            snprintf(ret_words + used, room - used, "%s\xe2\x80\xa6", comma);
            return;
        }
        snprintf(ret_words + used, room - used, "%s%s", comma, word);
        used += size;
        comma = ", ";
    }
}

static void show_expected(struct rebut_refusal *refusal, const struct field *field)
{
    if (field->kind->expected == NULL)
        show_words(field->vocabulary, refusal->expected, sizeof refusal->expected);
    else
        snprintf(refusal->expected, sizeof refusal->expected, "%s",
                 field->kind->expected);
}

bool rebut_event_refuse(struct rebut_refusal *refusal, const char *reason,
                        const struct field *field, const struct rebut_json_value *came)
{
    refuse(refusal, reason, rebut_event_key_names[field->key]);
    show_expected(refusal, field);
    show_came(refusal, came->text, came->kind == REBUT_JSON_STRING);
    return false;
}

bool rebut_event_refuse_missing(struct rebut_refusal *refusal, const struct field *field)
{
    refuse(refusal, "missing_field", rebut_event_key_names[field->key]);
    show_expected(refusal, field);
    snprintf(refusal->came, sizeof refusal->came, "nothing");
    return false;
}

bool rebut_event_refuse_repeated(struct rebut_refusal *refusal, const struct field *field)
{
    refuse(refusal, "duplicate_key", rebut_event_key_names[field->key]);
    snprintf(refusal->expected, sizeof refusal->expected, "the key once");
    snprintf(refusal->came, sizeof refusal->came, "the key again");
    return false;
}

bool rebut_event_refuse_line(struct rebut_refusal *refusal, const char *reason,
                             const char *expected, struct rebut_text came)
{
    refuse(refusal, reason, "");
    snprintf(refusal->expected, sizeof refusal->expected, "%s", expected);
    if (came.size == 0)
        snprintf(refusal->came, sizeof refusal->came, "nothing");
    else
        show_came(refusal, came, false);
    return false;
}

bool rebut_event_refuse_fault(struct rebut_refusal *refusal,
                              const struct rebut_json *json)
{
    static const char *const reasons[] = {
        [REBUT_JSON_SYNTAX] = "not_json",
        [REBUT_JSON_UTF8] = "invalid_utf8",
        [REBUT_JSON_NESTING] = "nesting",
        [REBUT_JSON_ROOM] = "too_long",
    };
    refuse(refusal, reasons[json->fault], "");
    snprintf(refusal->expected, sizeof refusal->expected, "%s at byte %td",
             json->expected, json->at - json->start + 1);
    const struct rebut_text rest = {json->at, (size_t)(json->end - json->at)};
    if (rest.size == 0)
        snprintf(refusal->came, sizeof refusal->came, "the end of the line");
    else if (shown(rest, CAME_MAX).size == 0)
        snprintf(refusal->came, sizeof refusal->came, "byte 0x%02x",
                 (unsigned)(unsigned char)*json->at);
    else
        show_came(refusal, rest, false);
    return false;
}
