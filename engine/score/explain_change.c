/* What would change the answer. */
#include <math.h>

#include "explain_page.h"

/* The log-odds at which, in this list, an answer begins: the least of any likely abuse,
 * the most of any likely legitimate one; infinite where the list has none. */
struct borders {
    double abuse, legitimate;
};

static struct borders find_borders(const struct rebut_scores *scores)
{
    struct borders borders = {(double)INFINITY, -(double)INFINITY};
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_score *score = &scores->list[i];
        if (score->answer == REBUT_LIKELY_ABUSE)
            borders.abuse = fmin(borders.abuse, score->log_odds);
        if (score->answer == REBUT_LIKELY_LEGITIMATE)
            borders.legitimate = fmax(borders.legitimate, score->log_odds);
    }
    return borders;
}

/* By how much the log-odds would have to move to leave the answer: negative is down. */
static double margin_of(const struct rebut_score *score, struct borders borders)
{
    if (score->answer == REBUT_LIKELY_ABUSE)
        return borders.abuse - score->log_odds;
    if (score->answer == REBUT_LIKELY_LEGITIMATE)
        return borders.legitimate - score->log_odds;
    const double up = borders.abuse - score->log_odds;
    const double down = borders.legitimate - score->log_odds;
    if (!isfinite(up) || !isfinite(down))
        return isfinite(up) ? up : down;
    return fabs(up) < fabs(down) ? up : down;
}

/* The lines, strongest first, each of which alone carries the answer. */
static int write_lines(const struct rebut_page *page, const struct rebut_term *terms,
                       int count, double margin, bool down)
{
    const bool zh = page->language == REBUT_CHINESE;
    int written = 0;
    for (int i = 0; i < count; i++) {
        char sentence[REBUT_SENTENCE_SIZE];
        /* What refuting the line would do, counted in the direction that matters. */
        const double taken = down ? terms[i].log_odds : -terms[i].log_odds;
        if (terms[i].id == REBUT_TERM_CALIBRATION || taken <= 0 || taken < fabs(margin))
            continue;
        rebut_term_sentence(page->scores, page->score, &terms[i], page->language,
                            sentence);
        rebut_output_print(page->out, zh ? "  · 若不成立：%s\n" : "  · if not so: %s\n",
                           sentence);
        written++;
    }
    return written;
}

static void write_verdict(const struct rebut_page *page, double margin, bool down)
{
    const bool zh = page->language == REBUT_CHINESE;
    const double error = page->scores->model->reviewer_error;
    const double step = log1p(-error) - log(error);
    const bool enough = step >= fabs(margin);
    if (zh)
        rebut_output_print(page->out, "  · 一名审核员裁定为%s：变动 %+.2f，%s\n",
                           down ? "正当" : "滥用", down ? -step : step,
                           enough ? "足以改变结论" : "仍不足以改变结论");
    else
        rebut_output_print(page->out, "  · one reviewer who calls it %s: %+.2f, %s\n",
                           down ? "legitimate" : "abuse", down ? -step : step,
                           enough ? "which is enough" : "which is not enough alone");
}

void rebut_page_change(const struct rebut_page *page, const struct rebut_term *terms,
                       int count)
{
    const bool zh = page->language == REBUT_CHINESE;
    const double margin = margin_of(page->score, find_borders(page->scores));
    const bool down = page->score->answer == REBUT_LIKELY_ABUSE || margin < 0;
    rebut_output_print(page->out, "\n%s\n",
                       rebut_case_say(REBUT_CASE_CHANGE, page->language));
    const unsigned forced = REBUT_NOTE_EPISODE | REBUT_NOTE_ONE_ORDER;
    if ((page->score->notes & forced) == forced) {
        rebut_output_print(page->out, "  · %s\n",
                           rebut_note_sentence(REBUT_NOTE_EPISODE, page->language));
        return;
    }
    if (!isfinite(margin)) {
        rebut_output_print(page->out, "  · %s\n",
                           zh ? "本批请求中没有别的结论可比"
                              : "no request of this list has another answer to compare");
        return;
    }
    rebut_output_print(page->out,
                       zh ? "  · 对数几率再变动 %+.2f 以上\n"
                          : "  · log-odds that move by %+.2f or more\n",
                       margin);
    if (write_lines(page, terms, count, margin, down) == 0)
        rebut_output_print(page->out, "  · %s\n",
                           zh ? "任何单独一项都不足以改变"
                              : "no single line is enough by itself");
    write_verdict(page, margin, down);
}
