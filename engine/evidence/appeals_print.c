/* The account of appeals as tables for a person. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "appeals_sums.h"
#include "rebut/hidden.h"
#include "rebut/table.h"

#define NAME 44
#define CELL (-12)
#define ROWS_MAX 40 /* of a table; the JSON has all */

struct printer {
    struct rebut_output *out;
    bool zh;
};

/* A macro, so that the compiler holds formats of both languages against their figures. */
#define SAY(to, chinese, english) ((to)->zh ? (chinese) : (english))

/* A text of the file's, cut to its bytes' room at a whole character, harmless on a
 * terminal. */
static void put_name(const struct printer *to, struct rebut_text text, int width)
{
    char plain[REBUT_APPEALS_TEXT_MAX + 1];
    size_t used = 0;
    for (size_t at = 0; at < text.size && at < sizeof plain - 1;) {
        const size_t start = at;
        const uint32_t letter = rebut_text_next(text, &at);
        if (rebut_is_hidden(letter))
            plain[used++] = '?';
        else
            memcpy(plain + used, text.data + start, at - start), used += at - start;
    }
    plain[used] = '\0';
    rebut_output_padded(
        to->out, text.data == NULL ? SAY(to, "（未写）", "(not stated)") : plain, width);
}

static void put_count(const struct printer *to, int64_t count)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, count);
    rebut_output_padded(to->out, text, CELL);
}

/* Yuan, to the fen; "-" where nothing is known. */
static void put_money(const struct printer *to, int64_t fen, int64_t known)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64 ".%02d", fen / 100, (int)(fen % 100));
    rebut_output_padded(to->out, known > 0 ? text : "-", CELL - 4);
}

static void put_success(const struct printer *to, const struct rebut_pack_rate *rate)
{
    char text[64] = "-";
    if (rate->orders > 0)
        snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", rate->rate, rate->low,
                 rate->high);
    rebut_output_padded(to->out, text, -24);
}

static void heading(const struct printer *to, const char *zh, const char *en)
{
    rebut_output_print(to->out, "\n%s\n", SAY(to, zh, en));
}

static void print_statuses(const struct printer *to, const struct appeals_sum *sum)
{
    static const char *const words[REBUT_APPEAL_STATUSES][2] = {
        {"可申诉，尚未提交", "opened, not submitted"},
        {"已提交，待结果", "submitted, not decided"},
        {"成功", "won"},
        {"失败", "lost"},
        {"过期未提交", "expired"}};
    rebut_output_padded(to->out, "", NAME);
    rebut_output_padded(to->out, SAY(to, "件数", "appeals"), CELL);
    rebut_output_padded(to->out, SAY(to, "金额（元）", "yuan"), CELL - 4);
    rebut_output_padded(to->out, SAY(to, "金额已知", "known of"), CELL);
    rebut_output_print(to->out, "\n");
    for (int i = 0; i < REBUT_APPEAL_STATUSES; i++) {
        rebut_output_padded(to->out, SAY(to, words[i][0], words[i][1]), NAME);
        put_count(to, sum->count[i]);
        put_money(to, sum->amount[i], sum->amount_known[i]);
        put_count(to, sum->amount_known[i]);
        rebut_output_print(to->out, "\n");
    }
    rebut_output_padded(to->out, SAY(to, "追回", "recovered"), NAME);
    put_count(to, sum->count[REBUT_APPEAL_WON]);
    put_money(to, sum->recovered, sum->recovered_known);
    put_count(to, sum->recovered_known);
    rebut_output_print(to->out, "\n%s",
                       SAY(to, "成功率（成功 / 成功与失败，90% 区间；过期不计）：",
                           "success (won of won and lost, 90 % interval; expired are "
                           "left out): "));
    rebut_output_print(to->out, "%" PRId64 " / %" PRId64, sum->success.requests,
                       sum->success.orders);
    put_success(to, &sum->success);
    rebut_output_print(to->out, "\n");
}

static void print_groups(const struct printer *to, bool reasons,
                         const struct appeals_group *groups, uint32_t count)
{
    static const char *const heads[][2] = {
        {"件数", "appeals"}, {"成功", "won"}, {"失败", "lost"}};
    if (reasons)
        heading(to, "按平台与理由", "By platform and reason");
    else
        heading(to, "按平台", "By platform");
    rebut_output_padded(to->out, "", NAME);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        rebut_output_padded(to->out, SAY(to, heads[i][0], heads[i][1]), CELL);
    rebut_output_padded(to->out, SAY(to, "追回（元）", "recovered"), CELL - 4);
    rebut_output_padded(to->out, SAY(to, "成功率", "success"), -24);
    rebut_output_print(to->out, "\n");
    for (uint32_t i = 0; i < count && i < ROWS_MAX; i++) {
        const struct appeals_sum *sum = &groups[i].sum;
        int64_t all = 0;
        for (int s = 0; s < REBUT_APPEAL_STATUSES; s++)
            all += sum->count[s];
        put_name(to, groups[i].platform, reasons ? 0 : NAME);
        if (reasons) {
            rebut_output_print(to->out, " · ");
            put_name(to, groups[i].reason, 0);
            rebut_output_print(to->out, "\n");
            rebut_output_padded(to->out, "", NAME);
        }
        put_count(to, all);
        put_count(to, sum->count[REBUT_APPEAL_WON]);
        put_count(to, sum->count[REBUT_APPEAL_LOST]);
        put_money(to, sum->recovered, sum->recovered_known);
        put_success(to, &sum->success);
        rebut_output_print(to->out, "\n");
    }
    if (count > ROWS_MAX)
        rebut_output_print(to->out,
                           SAY(to, "另有 %" PRIu32 " 行，见 --json\n",
                               "%" PRIu32 " more rows: see --json\n"),
                           count - ROWS_MAX);
}

static void print_due(const struct printer *to, const struct rebut_appeals *appeals,
                      const uint32_t *due, uint32_t count)
{
    char text[REBUT_TIME_SIZE];
    for (uint32_t i = 0; i < count && i < ROWS_MAX; i++) {
        const struct rebut_appeal *appeal = &appeals->list[due[i]];
        rebut_time_format(appeal->expires, 8 * 60, text);
        rebut_output_print(to->out, "%s  ", text);
        put_money(to, appeal->amount, appeal->amount >= 0);
        rebut_output_print(to->out, "  ");
        put_name(to, appeal->request_id, 0);
        rebut_output_print(to->out, "\n");
    }
    if (count == 0)
        rebut_output_print(to->out, "%s\n", SAY(to, "无", "none"));
    if (count > ROWS_MAX)
        rebut_output_print(to->out,
                           SAY(to, "另有 %" PRIu32 " 行，见 --json\n",
                               "%" PRIu32 " more rows: see --json\n"),
                           count - ROWS_MAX);
}

/* Of what time is P(abuse), and what follows from it? */
static void print_kept(const struct printer *to, bool kept)
{
    rebut_output_print(
        to->out, "%s\n",
        kept ? SAY(to, "滥用概率取自提交申诉时的评分",
                   "P(abuse) is that of the score when the appeal was submitted")
             : SAY(to,
                   "滥用概率是现在的评分，可能已含申诉之后的事实；斜率与误差因此偏于乐观",
                   "P(abuse) is that of now and may know what came after the appeal: "
                   "slope and error flatter"));
}

static void print_learned(const struct printer *to,
                          const struct rebut_appeals_learned *learned, bool scored)
{
    heading(to, "申诉成功的概率", "The probability that an appeal succeeds");
    if (!scored)
        rebut_output_print(
            to->out, "%s\n",
            SAY(to, "未给事件（--input），不知各申请的滥用概率，无从学习。",
                "No events (--input), so P(abuse) is not known and nothing "
                "is learned."));
    rebut_output_print(to->out,
                       SAY(to,
                           "已有结果且有评分：%" PRIu32 "（成功 %" PRIu32
                           "）；无评分：%" PRIu32 "\n",
                           "decided, with a score: %" PRIu32 " (won %" PRIu32
                           "); without: %" PRIu32 "\n"),
                       learned->decided, learned->won, learned->unscored);
    if (scored && learned->decided > 0)
        print_kept(to, learned->kept);
    if (learned->assumed)
        rebut_output_print(to->out,
                           SAY(to,
                               "假定：成功概率等于滥用概率；有结果的申诉不足 %d 件。\n",
                               "Assumed: it is P(abuse), as fewer than %d appeals are "
                               "decided.\n"),
                           REBUT_APPEALS_ENOUGH);
    else
        rebut_output_print(
            to->out, "logit P = %.3f (sd %.3f) + %.3f (sd %.3f) logit P(abuse)\n",
            learned->intercept, learned->intercept_sd, learned->slope, learned->slope_sd);
    if (isfinite(learned->brier))
        rebut_output_print(
            to->out,
            SAY(to, "平方误差：事先的成功概率 %.4f，滥用概率本身 %.4f\n",
                "squared error: as predicted beforehand %.4f, P(abuse) itself %.4f\n"),
            learned->brier, learned->brier_abuse);
}

bool rebut_appeals_print(const struct rebut_appeals *appeals, bool scored,
                         enum rebut_language language, struct rebut_output *out,
                         struct rebut_error *err)
{
    const struct printer to = {out, language == REBUT_CHINESE};
    struct appeals_sums sums;
    char as_of[REBUT_TIME_SIZE] = "-";
    if (!rebut_appeals_sums_open(&sums, appeals, err))
        return false;
    if (appeals->as_of != REBUT_TIME_NONE)
        rebut_time_format(appeals->as_of, 8 * 60, as_of);
    rebut_output_print(
        out,
        SAY(&to, "申诉 %" PRIu32 " 件，截至 %s\n\n", "%" PRIu32 " appeals as of %s\n\n"),
        appeals->count, as_of);
    print_statuses(&to, &sums.all);
    print_groups(&to, false, sums.platforms, sums.platforms_count);
    print_groups(&to, true, sums.reasons, sums.reasons_count);
    heading(&to, "48 小时内到期", "Due within 48 hours");
    print_due(&to, appeals, sums.due + sums.passed, sums.soon);
    heading(&to, "已过期限，未注明过期", "Deadline passed, not said to be expired");
    print_due(&to, appeals, sums.due, sums.passed);
    print_learned(&to, &appeals->learned, scored);
    rebut_appeals_sums_close(&sums);
    return true;
}
