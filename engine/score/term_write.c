/* The terms of a score as JSON. */
#include <math.h>

#include "rebut/score_write.h"
#include "say.h"

#define TERM_SIZE (200 + REBUT_DOUBLE_SIZE + 6 * REBUT_FIGURE_SIZE + REBUT_SENTENCE_SIZE)

static char *put_figures(char *at, const struct rebut_term *term)
{
    at = stpcpy(stpcpy(at, "{\"name\":\""), rebut_term_name(term->id));
    at = stpcpy(at, "\",\"log_odds\":");
    at += rebut_decimal_text(term->log_odds, at);
    at = stpcpy(at, ",\"observed\":");
    at += rebut_say_json(at, term->observed);
    at = stpcpy(at, ",\"expected\":");
    at += rebut_say_json(at, term->expected);
    at = stpcpy(at, ",\"n\":");
    return at + rebut_say_count(at, term->n);
}

/* Where what was seen lies in the range of nine in ten: a shop's, an item's and the
 * weeks' ratio, else the term's own figure.  Nothing where there is no such range. */
static char *put_usual(char *at, const struct rebut_scores *scores,
                       const struct rebut_term *term)
{
    const bool ratio = term->id == REBUT_TERM_MERCHANT || term->id == REBUT_TERM_ITEM ||
                       term->id == REBUT_TERM_RECENT;
    const double own[2] = {term->low, term->high};
    const double *usual = term->id == REBUT_TERM_RECENT          ? scores->usual_recent
                          : term->id == REBUT_TERM_CIRCUMSTANCES ? scores->usual_rate
                                                                 : own;
    if (!(isfinite(usual[0]) && isfinite(usual[1])))
        return at;
    const double seen = ratio ? exp(-term->raw) : term->observed;
    if (!isfinite(seen))
        return at;
    at = stpcpy(at, ",\"usual\":{\"seen\":");
    at += rebut_say_json(at, seen);
    at = stpcpy(at, ",\"low\":");
    at += rebut_say_json(at, usual[0]);
    at = stpcpy(at, ",\"high\":");
    at += rebut_say_json(at, usual[1]);
    return stpcpy(at, "}");
}

/* A whole term; its length.  Sentences are our own: valid UTF-8, nothing to escape. */
static size_t term_text(const struct rebut_scores *scores,
                        const struct rebut_score *score, const struct rebut_term *term,
                        enum rebut_language language, char ret_text[TERM_SIZE])
{
    char *at = put_usual(put_figures(ret_text, term), scores, term);
    at = stpcpy(at, ",\"sentence\":\"");
    rebut_term_sentence(scores, score, term, language, at);
    return (size_t)(stpcpy(at + strlen(at), "\"}") - ret_text);
}

/* Bit by bit: -0 is not written as 0 is. */
static bool same(const double *left, const double *right)
{
    return memcmp(left, right, sizeof *left) == 0;
}

static bool is_said(const struct rebut_said_mark *said, const struct rebut_term *term,
                    enum rebut_language language)
{
    return said->size > 0 && said->language == language && said->n == term->n &&
           same(&said->log_odds, &term->log_odds) &&
           same(&said->observed, &term->observed) &&
           same(&said->expected, &term->expected);
}

static bool write_term(const struct rebut_scores *scores, const struct rebut_score *score,
                       const struct rebut_term *term, enum rebut_language language,
                       struct rebut_output *out)
{
    const int mark = (int)term->id - REBUT_TERM_MARKS;
    struct rebut_said_mark *said = NULL;
    char text[TERM_SIZE];
    if (scores->said != NULL && mark >= 0 && mark < REBUT_MARKS)
        said =
            &scores->said
                 ->mark[mark][scores->inference->frame->claims[score->claim].bin[mark]];
    if (said != NULL && is_said(said, term, language))
        return rebut_output_write(out, said->text, said->size);
    const size_t size = term_text(scores, score, term, language, text);
    if (said != NULL && size <= sizeof said->text) {
        *said = (struct rebut_said_mark){.log_odds = term->log_odds,
                                         .observed = term->observed,
                                         .expected = term->expected,
                                         .n = term->n,
                                         .language = language,
                                         .size = (uint32_t)size};
        memcpy(said->text, text, size);
    }
    return rebut_output_write(out, text, size);
}

bool rebut_score_write_terms(const struct rebut_scores *scores,
                             const struct rebut_score *score,
                             enum rebut_language language, struct rebut_output *out)
{
    struct rebut_term terms[REBUT_TERMS];
    const int count = rebut_score_terms(scores, score, terms);
    rebut_output_write(out, "[", 1);
    for (int i = 0; i < count; i++) {
        if (i > 0)
            rebut_output_write(out, ",", 1);
        write_term(scores, score, &terms[i], language, out);
    }
    return rebut_output_write(out, "]", 1);
}
