/* One line of a score file, as the audit needs it. */
#include <math.h>

#include "audit_parts.h"
#include "rebut/score.h"
#include "score_lines.h"

#define TERM_MAX 1000.0 /* log-odds */

static bool read_selection(json_t *object, uint8_t *ret, struct rebut_error *err)
{
    json_t *value = json_object_get(object, "selection");
    *ret = REBUT_SELECTION_NONE;
    if (value == NULL || json_is_null(value))
        return true;
    const struct rebut_text word = rebut_text_of(json_string_value(value));
    for (int i = REBUT_SELECTION_RANKED; i <= REBUT_SELECTION_RANDOM; i++)
        if (rebut_text_equal(word, rebut_text_of(rebut_words_selection[i])))
            *ret = (uint8_t)i;
    return *ret != REBUT_SELECTION_NONE ||
           rebut_fail(err, REBUT_EDATA, "expected 'selection' ranked or random");
}

static bool read_propensity(json_t *object, double *ret, struct rebut_error *err)
{
    json_t *value = json_object_get(object, "propensity");
    *ret = 0;
    if (value == NULL || json_is_null(value))
        return true;
    *ret = json_is_number(value) ? json_number_value(value) : -1;
    return (*ret > 0 && *ret <= 1) ||
           rebut_fail(err, REBUT_EDATA, "expected 'propensity' over 0, at most 1");
}

/* A raw term's number, or REBUT_RAW_TERMS. */
static int term_of(struct rebut_text name)
{
    int id = 0;
    while (id < REBUT_RAW_TERMS && !rebut_text_equal(name, rebut_text_of(rebut_term_name(
                                                               (enum rebut_term_id)id))))
        id++;
    return id;
}

/* Log-odds of each term, NaN when the score has none; *ret_any when it has some. */
static bool read_terms(json_t *object, double ret[REBUT_RAW_TERMS], bool *ret_any,
                       struct rebut_error *err)
{
    size_t index;
    json_t *term;
    *ret_any = false;
    for (int id = 0; id < REBUT_RAW_TERMS; id++)
        ret[id] = (double)NAN;
    json_array_foreach(json_object_get(object, "terms"), index, term)
    {
        json_t *value = json_object_get(term, "log_odds");
        const int id =
            term_of(rebut_text_of(json_string_value(json_object_get(term, "name"))));
        if (!json_is_number(value) || id == REBUT_RAW_TERMS)
            continue;
        ret[id] = json_number_value(value);
        *ret_any = true;
        if (!(fabs(ret[id]) <= TERM_MAX))
            return rebut_fail(err, REBUT_EDATA, "expected 'log_odds' of '%s' within %g",
                              rebut_term_name((enum rebut_term_id)id), TERM_MAX);
    }
    return true;
}

static bool read_one_order(json_t *object)
{
    size_t index;
    json_t *note;
    json_array_foreach(json_object_get(object, "notes"), index, note)
    {
        const struct rebut_text word = rebut_text_of(json_string_value(note));
        if (rebut_text_equal(word, rebut_text_of(rebut_note_word(REBUT_NOTE_ONE_ORDER))))
            return true;
    }
    return false;
}

bool rebut_audit_line_read(json_t *object, struct rebut_audit_line *ret,
                           struct rebut_error *err)
{
    ret->as_of = rebut_score_time(json_object_get(object, "as_of"));
    ret->one_order = read_one_order(object);
    return rebut_score_id(object, &ret->id, err) &&
           rebut_score_share(object, "probability", -1, &ret->probability, err) &&
           rebut_score_share(object, "q_value", 1, &ret->q_value, err) &&
           read_selection(object, &ret->selection, err) &&
           read_propensity(object, &ret->propensity, err) &&
           read_terms(object, ret->terms, &ret->has_terms, err);
}
