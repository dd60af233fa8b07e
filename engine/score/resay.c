/* A term's sentence in another language, from the sentence alone.
 *
 * Both languages say the same figures in the same order.  They are read out of the
 * sentence, and it is said again from them in both: where that gives the sentence itself,
 * to the byte, it has been understood, and the other one is its translation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/score.h"

#define FIGURES_MAX 8

/* The figures of a text, in their order; how many. */
static int read_figures(const char *text, double ret[FIGURES_MAX])
{
    int count = 0;
    for (const char *at = text; *at != '\0' && count < FIGURES_MAX;) {
        if (*at < '0' || *at > '9') {
            at++;
            continue;
        }
        char *end = NULL;
        ret[count++] = strtod(at, &end);
        at = end;
    }
    return count;
}

/* What the figures stand for, as sentence.c says them. */
static void fill(struct rebut_term *term, const double *f, int count)
{
    const double second = count > 1 ? f[1] : 0, third = count > 2 ? f[2] : 0;
    switch (term->id) {
    case REBUT_TERM_CIRCUMSTANCES:
        term->observed = f[0] / 100, term->expected = second / 100;
        break;
    case REBUT_TERM_MERCHANT:
    case REBUT_TERM_ITEM:
    case REBUT_TERM_RECENT:
        term->raw = -log(f[0]), term->observed = second, term->expected = third;
        term->low = count > 3 ? f[3] : 0, term->high = count > 4 ? f[4] : 0;
        break;
    case REBUT_TERM_RECORD:
        term->n = (uint64_t)f[0], term->observed = second, term->expected = third;
        term->low = count > 3 ? f[3] : 0, term->high = count > 4 ? f[4] : 0;
        break;
    case REBUT_TERM_READINESS:
        term->observed = f[0], term->low = second, term->high = third;
        break;
    case REBUT_TERM_RING:
        term->n = (uint64_t)f[0];
        term->expected = second / 100, term->observed = third / 100;
        break;
    case REBUT_TERM_CALIBRATION:
    case REBUT_TERM_VERDICT:
        term->n = (uint64_t)f[0], term->observed = second;
        break;
    default: /* the words of a mark may have figures of their own */
        term->expected = f[count - 1] / 100;
    }
}

static bool is_said(const struct rebut_term *term, uint8_t bin, const char *sentence,
                    enum rebut_language language, char ret_text[REBUT_SENTENCE_SIZE])
{
    for (int spoken = REBUT_CHINESE; spoken <= (int)REBUT_ENGLISH; spoken++) {
        rebut_term_say(term, bin, (enum rebut_language)spoken, ret_text);
        if (strcmp(ret_text, sentence) == 0) {
            rebut_term_say(term, bin, language, ret_text);
            return true;
        }
    }
    return false;
}

bool rebut_term_resay(const char *sentence, enum rebut_language language,
                      char ret_text[REBUT_SENTENCE_SIZE])
{
    double figures[FIGURES_MAX] = {0};
    const int count = read_figures(sentence, figures);
    for (int id = 0; id < REBUT_TERMS; id++) {
        const int mark = id - REBUT_TERM_MARKS;
        const bool is_mark = mark >= 0 && mark < REBUT_MARKS;
        struct rebut_term term = {.id = (enum rebut_term_id)id};
        fill(&term, figures, count > 0 ? count : 1);
        for (int bin = 0; bin < (is_mark ? REBUT_MARK_BINS : 1); bin++)
            if ((!is_mark || rebut_mark_tables[mark].bin[bin].zh != NULL) &&
                is_said(&term, (uint8_t)bin, sentence, language, ret_text))
                return true;
    }
    return false;
}
