/* A form's file: strict, every fact with its source, or null. */
#include <jansson.h>
#include <string.h>

#include "forms_parts.h"

/* A text of a file: not empty, not too long, nothing that moves a cursor. */
static bool read_text(const json_t *value, const char *place, const char **ret,
                      struct rebut_error *err)
{
    const char *text = json_string_value(value);
    const size_t size = text == NULL ? 0 : json_string_length(value);
    if (text == NULL)
        return rebut_fail(err, REBUT_EDATA, "%s: expected a text", place);
    if (size > REBUT_FORM_WORDS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "%s: longer than %d bytes", place,
                          REBUT_FORM_WORDS_MAX);
    if (size == 0)
        return rebut_fail(err, REBUT_EDATA, "%s: expected a text that is not empty",
                          place);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return rebut_fail(err, REBUT_EDATA, "%s: a control character", place);
    *ret = text;
    return true;
}

/* Exactly these members, `count` of them. */
static bool check_members(json_t *object, const char *const *members, size_t count,
                          const char *place, struct rebut_error *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    if (!json_is_object(object))
        return rebut_fail(err, REBUT_EDATA, "%s: expected an object", place);
    for (size_t i = 0; i < count; i++)
        if (json_object_get(object, members[i]) == NULL)
            return rebut_fail(err, REBUT_EDATA, "%s: expected a member '%s'", place,
                              members[i]);
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (i < count && strcmp(members[i], key) != 0)
            i++;
        if (i == count)
            return rebut_fail(err, REBUT_EDATA, "%s: unknown member '%.40s'", place, key);
    }
    return true;
}

static bool two_digits(const char *text, int most)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    const int number = 10 * (text[0] - '0') + text[1] - '0';
    return number >= 1 && number <= most;
}

/* YYYY, YYYY-MM or YYYY-MM-DD. */
static bool is_date(const char *text)
{
    const size_t size = strlen(text);
    return (size == 4 || size == 7 || size == 10) && text[0] == '2' &&
           strspn(text, "0123456789") == 4 &&
           (size == 4 || (text[4] == '-' && two_digits(text + 5, 12))) &&
           (size < 10 || (text[7] == '-' && two_digits(text + 8, 31)));
}

#define PLACE 120

/* One fact; its value, NULL when unknown, goes to *ret_value. */
static bool read_fact(json_t *fact, const char *place, struct rebut_form_fact *ret,
                      json_t **ret_value, struct rebut_error *err)
{
    static const char *const members[] = {"value", "source", "date"};
    char at[PLACE];
    if (!check_members(fact, members, 3, place, err))
        return false;
    json_t *value = json_object_get(fact, "value");
    const json_t *source = json_object_get(fact, "source");
    const json_t *date = json_object_get(fact, "date");
    *ret_value = NULL;
    if (json_is_null(value))
        return (json_is_null(source) && json_is_null(date)) ||
               rebut_fail(err, REBUT_EDATA,
                          "%s: expected no source and no date where the value is "
                          "unknown",
                          place);
    if (json_is_null(source) || json_is_null(date))
        return rebut_fail(err, REBUT_EDATA, "%s: a known value without %s", place,
                          json_is_null(source) ? "source" : "date");
    snprintf(at, sizeof at, "%.80s.source", place);
    if (!read_text(source, at, &ret->source, err))
        return false;
    snprintf(at, sizeof at, "%.80s.date", place);
    if (!read_text(date, at, &ret->date, err))
        return false;
    if (!is_date(ret->date))
        return rebut_fail(err, REBUT_EDATA,
                          "%s: expected YYYY, YYYY-MM or YYYY-MM-DD, got '%.20s'", at,
                          ret->date);
    ret->known = true;
    *ret_value = value;
    return true;
}

static bool read_both(json_t *value, const char *place, const char **ret_zh,
                      const char **ret_en, struct rebut_error *err)
{
    static const char *const members[] = {"zh", "en"};
    char at[PLACE];
    if (!check_members(value, members, 2, place, err))
        return false;
    snprintf(at, sizeof at, "%.80s.zh", place);
    if (!read_text(json_object_get(value, "zh"), at, ret_zh, err))
        return false;
    snprintf(at, sizeof at, "%.80s.en", place);
    return read_text(json_object_get(value, "en"), at, ret_en, err);
}

static bool read_words(json_t *fact, const char *place, struct rebut_form_words *ret,
                       struct rebut_error *err)
{
    char at[PLACE];
    json_t *value = NULL;
    snprintf(at, sizeof at, "%.80s.value", place);
    return read_fact(fact, place, &ret->fact, &value, err) &&
           (value == NULL || read_both(value, at, &ret->zh, &ret->en, err));
}

static bool read_number(json_t *fact, const struct form_number *member,
                        struct rebut_form_number *ret, struct rebut_error *err)
{
    json_t *value = NULL;
    if (!read_fact(fact, member->member, &ret->fact, &value, err))
        return false;
    if (value == NULL)
        return true;
    ret->value = json_integer_value(value);
    return (json_is_integer(value) && ret->value >= member->least &&
            ret->value <= member->most) ||
           rebut_fail(err, REBUT_EDATA,
                      "%s.value: expected null or a whole number from %lld to %lld",
                      member->member, (long long)member->least, (long long)member->most);
}

/* A list's length, within limits. */
static bool read_count(const json_t *list, const char *place, int least, int *ret,
                       struct rebut_error *err)
{
    if (!json_is_array(list))
        return rebut_fail(err, REBUT_EDATA, "%s: expected a list", place);
    if (json_array_size(list) > REBUT_FORM_LIST_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "%s: more than %d entries", place,
                          REBUT_FORM_LIST_MAX);
    *ret = (int)json_array_size(list);
    return *ret >= least ||
           rebut_fail(err, REBUT_EDATA, "%s: expected null or an entry", place);
}

static bool read_kinds(json_t *fact, struct rebut_form *form, struct rebut_error *err)
{
    char at[PLACE];
    json_t *list = NULL;
    if (!read_fact(fact, "kinds", &form->kinds_fact, &list, err))
        return false;
    if (list == NULL)
        return true;
    if (!read_count(list, "kinds.value", 1, &form->kind_count, err))
        return false;
    for (int i = 0; i < form->kind_count; i++) {
        snprintf(at, sizeof at, "kinds.value[%d]", i);
        if (!read_text(json_array_get(list, (size_t)i), at, &form->kinds[i], err))
            return false;
    }
    return true;
}

static bool read_reason(json_t *entry, const char *place, struct rebut_form_reason *ret,
                        struct rebut_error *err)
{
    static const char *const members[] = {"text", "proof"};
    char at[PLACE];
    if (!check_members(entry, members, 2, place, err))
        return false;
    snprintf(at, sizeof at, "%.80s.text", place);
    if (!read_text(json_object_get(entry, "text"), at, &ret->text, err))
        return false;
    const json_t *proof = json_object_get(entry, "proof");
    if (json_is_null(proof))
        return true;
    for (int i = REBUT_PROOF_NONE + 1; i < REBUT_PROOFS; i++)
        if (json_is_string(proof) &&
            strcmp(json_string_value(proof), rebut_words_proof[i]) == 0) {
            ret->proof = (enum rebut_form_proof)i;
            return true;
        }
    return rebut_fail(err, REBUT_EDATA,
                      "%s.proof: expected null, \"signed\" or \"picture\"", place);
}

static bool read_reasons(json_t *fact, struct rebut_form *form, struct rebut_error *err)
{
    char at[PLACE];
    json_t *list = NULL;
    if (!read_fact(fact, "reasons", &form->reasons_fact, &list, err))
        return false;
    if (list == NULL)
        return true;
    if (!read_count(list, "reasons.value", 1, &form->reason_count, err))
        return false;
    for (int i = 0; i < form->reason_count; i++) {
        snprintf(at, sizeof at, "reasons.value[%d]", i);
        if (!read_reason(json_array_get(list, (size_t)i), at, &form->reasons[i], err))
            return false;
    }
    return true;
}

static bool read_remarks(json_t *list, struct rebut_form *form, struct rebut_error *err)
{
    char at[PLACE];
    if (!read_count(list, "remarks", 0, &form->remark_count, err))
        return false;
    for (int i = 0; i < form->remark_count; i++) {
        struct rebut_form_words *remark = &form->remarks[i];
        snprintf(at, sizeof at, "remarks[%d]", i);
        if (!read_words(json_array_get(list, (size_t)i), at, remark, err))
            return false;
        if (!remark->fact.known)
            return rebut_fail(err, REBUT_EDATA, "%s: a remark of nothing", at);
    }
    return true;
}

static bool read_names(json_t *document, struct rebut_form *form, struct rebut_error *err)
{
    const char *schema = json_string_value(json_object_get(document, "schema"));
    if (schema == NULL || strcmp(schema, REBUT_FORM_SCHEMA) != 0)
        return rebut_fail(err, REBUT_EDATA, "expected schema '" REBUT_FORM_SCHEMA "'");
    if (!read_text(json_object_get(document, "name"), "name", &form->name, err))
        return false;
    if (strspn(form->name, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
            strlen(form->name) ||
        strlen(form->name) > 40)
        return rebut_fail(err, REBUT_EDATA,
                          "name: expected at most 40 of a-z, 0-9 and '-'");
    return read_both(json_object_get(document, "platform"), "platform", &form->zh,
                     &form->en, err);
}

static bool read_document(json_t *document, struct rebut_form *form,
                          struct rebut_error *err)
{
    const char *members[6 + REBUT_FORM_NUMBERS + REBUT_FORM_WORDS] = {
        "schema", "name", "platform", "kinds", "reasons", "remarks"};
    size_t count = 6;
    for (int i = 0; i < REBUT_FORM_NUMBERS; i++)
        members[count++] = rebut_form_number_members[i].member;
    for (int i = 0; i < REBUT_FORM_WORDS; i++)
        members[count++] = rebut_form_words_members[i].member;
    if (!check_members(document, members, count, "the document", err) ||
        !read_names(document, form, err))
        return false;
    for (int i = 0; i < REBUT_FORM_NUMBERS; i++) {
        const struct form_number *member = &rebut_form_number_members[i];
        if (!read_number(json_object_get(document, member->member), member,
                         &form->numbers[i], err))
            return false;
    }
    for (int i = 0; i < REBUT_FORM_WORDS; i++) {
        const char *member = rebut_form_words_members[i].member;
        if (!read_words(json_object_get(document, member), member, &form->words[i], err))
            return false;
    }
    return read_kinds(json_object_get(document, "kinds"), form, err) &&
           read_reasons(json_object_get(document, "reasons"), form, err) &&
           read_remarks(json_object_get(document, "remarks"), form, err);
}

bool rebut_form_read(struct rebut_text bytes, const char *from, struct rebut_form *ret,
                     struct rebut_error *err)
{
    json_error_t words;
    struct rebut_form form = {0};
    if (bytes.size > REBUT_FORM_BYTES)
        return rebut_fail(err, REBUT_ELIMIT, "'%s': longer than %zu bytes", from,
                          REBUT_FORM_BYTES);
    form.document = json_loadb(bytes.data, bytes.size, JSON_REJECT_DUPLICATES, &words);
    if (form.document == NULL)
        return rebut_fail(err, REBUT_EDATA, "'%s', line %d: no JSON", from, words.line);
    if (!read_document(form.document, &form, err)) {
        rebut_form_release(&form);
        return rebut_fail_context(err, "'%s'", from);
    }
    *ret = form;
    return true;
}
