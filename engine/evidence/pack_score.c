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

static void put_change(struct pack_case *own)
{
    const struct rebut_pack_words episode = {
        rebut_pack_print(own->pack, "%s",
                         rebut_note_sentence(REBUT_NOTE_EPISODE, REBUT_CHINESE)),
        rebut_pack_print(own->pack, "%s",
                         rebut_note_sentence(REBUT_NOTE_EPISODE, REBUT_ENGLISH))};
    const unsigned forced = REBUT_NOTE_EPISODE | REBUT_NOTE_ONE_ORDER;
    struct rebut_pack_words *put = NULL;
    if ((own->score->notes & forced) != forced)
        rebut_pack_say_change(own->pack);
    else if ((put = REBUT_PACK_MORE(own->pack, &own->pack->score.change)) != NULL)
        *put = episode;
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
