/* What would change the answer: from the figures that a pack states. */
#include <math.h>

#include "pack_figures.h"
#include "pack_words.h"

static void add_change(struct rebut_pack *pack, struct rebut_pack_words words)
{
    struct rebut_pack_words *put = REBUT_PACK_MORE(pack, &pack->score.change);
    if (put != NULL)
        *put = words;
}

static void add_both(struct rebut_pack *pack, const char *zh, const char *en)
{
    const struct rebut_pack_words words = {rebut_pack_print(pack, "%s", zh),
                                           rebut_pack_print(pack, "%s", en)};
    add_change(pack, words);
}

/* The lines, strongest first, each of which alone carries the answer. */
static void add_carriers(struct rebut_pack *pack, double margin, bool down)
{
    int count = 0;
    for (uint32_t i = 0; i < pack->score.lines.count; i++) {
        const struct rebut_pack_line *line = &pack->score.lines.list[i];
        const double taken = down ? line->log_odds : -line->log_odds;
        if (rebut_pack_term_of(line->name) == REBUT_TERM_CALIBRATION || taken <= 0 ||
            taken < fabs(margin))
            continue;
        const struct rebut_pack_words words = {
            rebut_pack_print(pack, "若不成立：%s", line->sentence.zh.data),
            rebut_pack_print(pack, "if not so: %s", line->sentence.en.data)};
        add_change(pack, words);
        count++;
    }
    if (count == 0)
        add_both(pack, "任何单独一项都不足以改变", "no single line is enough by itself");
}

void rebut_pack_say_change(struct rebut_pack *pack)
{
    const struct rebut_pack_score *score = &pack->score;
    if (isnan(score->margin)) {
        add_both(pack, "本批请求中没有别的结论可比",
                 "no request of this list has another answer to compare");
        return;
    }
    const bool down = score->answer == REBUT_LIKELY_ABUSE || score->margin < 0;
    add_change(pack, PACK_SAY(pack, "对数几率再变动 %+.2f 以上",
                              "log-odds that move by %+.2f or more", score->margin));
    add_carriers(pack, score->margin, down);
    const double error = pack->inputs.reviewer_error;
    const double step = log1p(-error) - log(error);
    const bool enough = step >= fabs(score->margin);
    const struct rebut_pack_words words = {
        rebut_pack_print(pack, "一名审核员裁定为%s：变动 %+.2f，%s",
                         down ? "正当" : "滥用", down ? -step : step,
                         enough ? "足以改变结论" : "仍不足以改变结论"),
        rebut_pack_print(pack, "one reviewer who calls it %s: %+.2f, %s",
                         down ? "legitimate" : "abuse", down ? -step : step,
                         enough ? "which is enough" : "which is not enough alone")};
    add_change(pack, words);
}
