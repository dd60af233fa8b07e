/* The score: its lines in sentences, what would change the answer, what is missing. */
#include <math.h>
#include <stdlib.h>

#include "pack_figures.h"
#include "pack_words.h"

static int stronger(const void *left, const void *right)
{
    const struct rebut_term *a = left, *b = right;
    if (fabs(a->log_odds) != fabs(b->log_odds))
        return fabs(a->log_odds) > fabs(b->log_odds) ? -1 : 1;
    return (int)a->id - (int)b->id;
}

/* The terms to the digits that are stated, so that what is said of them follows. */
static void take_terms(struct pack_case *own)
{
    own->terms_count = rebut_score_terms(own->maker->scores, own->score, own->terms);
    for (int i = 0; i < own->terms_count; i++) {
        struct rebut_term *term = &own->terms[i];
        term->log_odds = rebut_pack_round(term->log_odds);
        term->raw = rebut_pack_round(term->raw);
        term->observed = rebut_pack_round(term->observed);
        term->expected = rebut_pack_round(term->expected);
        term->low = rebut_pack_round(term->low);
        term->high = rebut_pack_round(term->high);
    }
    qsort(own->terms, (size_t)own->terms_count, sizeof *own->terms, stronger);
}

static void put_lines(struct pack_case *own)
{
    for (int i = 0; i < own->terms_count; i++) {
        const struct rebut_term *term = &own->terms[i];
        const int mark = (int)term->id - REBUT_TERM_MARKS;
        struct rebut_pack_line *line =
            REBUT_PACK_MORE(own->pack, &own->pack->score.lines);
        if (line == NULL)
            return;
        *line = (struct rebut_pack_line){
            .name = rebut_pack_keep(own->pack, rebut_text_of(rebut_term_name(term->id))),
            .log_odds = term->log_odds,
            .raw = term->raw,
            .observed = term->observed,
            .expected = term->expected,
            .low = term->low,
            .high = term->high,
            .n = (int64_t)term->n};
        if (mark >= 0 && mark < REBUT_MARKS)
            line->bin = rebut_pack_keep(
                own->pack,
                rebut_text_of(rebut_mark_tables[mark].bin[own->claim->bin[mark]].name));
        line->sentence = rebut_pack_line_words(own->pack, line);
    }
}

static void add_change(struct pack_case *own, struct rebut_pack_words words)
{
    struct rebut_pack_words *put = REBUT_PACK_MORE(own->pack, &own->pack->score.change);
    if (put != NULL)
        *put = words;
}

static void add_both(struct pack_case *own, const char *zh, const char *en)
{
    const struct rebut_pack_words words = {rebut_pack_print(own->pack, "%s", zh),
                                           rebut_pack_print(own->pack, "%s", en)};
    add_change(own, words);
}

/* The lines, strongest first, each of which alone carries the answer. */
static void add_carriers(struct pack_case *own, double margin, bool down)
{
    int count = 0;
    for (uint32_t i = 0; i < own->pack->score.lines.count; i++) {
        const struct rebut_pack_line *line = &own->pack->score.lines.list[i];
        const double taken = down ? line->log_odds : -line->log_odds;
        if (own->terms[i].id == REBUT_TERM_CALIBRATION || taken <= 0 ||
            taken < fabs(margin))
            continue;
        const struct rebut_pack_words words = {
            rebut_pack_print(own->pack, "若不成立：%s", line->sentence.zh.data),
            rebut_pack_print(own->pack, "if not so: %s", line->sentence.en.data)};
        add_change(own, words);
        count++;
    }
    if (count == 0)
        add_both(own, "任何单独一项都不足以改变", "no single line is enough by itself");
}

static void put_change(struct pack_case *own)
{
    const struct rebut_pack_score *score = &own->pack->score;
    const unsigned forced = REBUT_NOTE_EPISODE | REBUT_NOTE_ONE_ORDER;
    if ((own->score->notes & forced) == forced) {
        add_both(own, rebut_note_sentence(REBUT_NOTE_EPISODE, REBUT_CHINESE),
                 rebut_note_sentence(REBUT_NOTE_EPISODE, REBUT_ENGLISH));
        return;
    }
    if (isnan(score->margin)) {
        add_both(own, "本批请求中没有别的结论可比",
                 "no request of this list has another answer to compare");
        return;
    }
    const bool down = score->answer == REBUT_LIKELY_ABUSE || score->margin < 0;
    add_change(own, PACK_SAY(own->pack, "对数几率再变动 %+.2f 以上",
                             "log-odds that move by %+.2f or more", score->margin));
    add_carriers(own, score->margin, down);
    const double error = own->pack->inputs.reviewer_error;
    const double step = log1p(-error) - log(error);
    const bool enough = step >= fabs(score->margin);
    const struct rebut_pack_words words = {
        rebut_pack_print(own->pack, "一名审核员裁定为%s：变动 %+.2f，%s",
                         down ? "正当" : "滥用", down ? -step : step,
                         enough ? "足以改变结论" : "仍不足以改变结论"),
        rebut_pack_print(own->pack, "one reviewer who calls it %s: %+.2f, %s",
                         down ? "legitimate" : "abuse", down ? -step : step,
                         enough ? "which is enough" : "which is not enough alone")};
    add_change(own, words);
}

static void put_missing(struct pack_case *own)
{
    struct rebut_pack_score *score = &own->pack->score;
    for (int i = 0; i <= REBUT_NOTE_KINDS; i++) {
        const enum rebut_note note = (enum rebut_note)(1 << i);
        const bool last = i == REBUT_NOTE_KINDS;
        if (!last && !(own->score->notes & note))
            continue;
        struct rebut_pack_words *put = REBUT_PACK_MORE(own->pack, &score->missing);
        if (put == NULL)
            return;
        put->zh = rebut_pack_print(own->pack, "%s",
                                   last ? "开箱视频、聊天内容和实物状态不在数据中"
                                        : rebut_note_sentence(note, REBUT_CHINESE));
        put->en = rebut_pack_print(
            own->pack, "%s",
            last ? "no video of the opening, no chat and not the goods themselves were "
                   "seen"
                 : rebut_note_sentence(note, REBUT_ENGLISH));
    }
}

static void put_reliability(struct pack_case *own)
{
    for (int i = 0; i < RELIABILITY_BINS; i++) {
        const struct rebut_pack_bin *bin = &own->maker->reliability[i];
        if (bin->judged == 0)
            continue;
        struct rebut_pack_bin *put =
            REBUT_PACK_MORE(own->pack, &own->pack->score.reliability);
        if (put == NULL)
            return;
        *put = *bin;
    }
}

void rebut_pack_put_score(struct pack_case *own)
{
    const struct rebut_score *score = own->score;
    struct rebut_pack_score *put = &own->pack->score;
    *put = (struct rebut_pack_score){.probability = rebut_pack_round(score->probability),
                                     .low = rebut_pack_round(score->low),
                                     .high = rebut_pack_round(score->high),
                                     .log_odds = rebut_pack_round(score->log_odds),
                                     .q_value = rebut_pack_round(score->q_value),
                                     .conformal_q = rebut_pack_round(score->conformal_q),
                                     .expected_recovery =
                                         rebut_pack_round(score->expected_recovery),
                                     .border_abuse = own->maker->border_abuse,
                                     .border_legitimate = own->maker->border_legitimate,
                                     .answer = (int)score->answer,
                                     .rank = score->rank,
                                     .of = own->maker->scores->count};
    put->margin = rebut_pack_margin_of(put);
    take_terms(own);
    put_lines(own);
    put_change(own);
    put_missing(own);
    put_reliability(own);
}
