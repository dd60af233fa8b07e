/* The sum, line by line, and the notice: sections 7 and 8. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "pack_figures.h"
#include "rebut/case_page.h"

#define HARDLY 0.05 /* log-odds, as every page has it */

enum side { SIDE_FOR, SIDE_AGAINST, SIDE_NEITHER, SIDE_CALIBRATION, SIDES };

static enum side side_of(const struct rebut_pack_line *line)
{
    const char *calibration = rebut_term_name(REBUT_TERM_CALIBRATION);
    if (rebut_text_equal(line->name, rebut_text_of(calibration)))
        return SIDE_CALIBRATION;
    if (!(fabs(line->log_odds) >= HARDLY))
        return SIDE_NEITHER;
    return line->log_odds > 0 ? SIDE_AGAINST : SIDE_FOR;
}

static double most_of(const struct rebut_pack_score *score)
{
    double most = 1;
    for (uint32_t i = 0; i < score->lines.count; i++)
        most = fmax(most, fabs(score->lines.list[i].log_odds));
    return most;
}

static void lines_of(const struct page *page, enum side side, const char *title)
{
    const struct rebut_pack_score *score = &page->pack->score;
    const char *const heads[] = {
        say(page, "对数几率", "log-odds"),
        say(page, "事实（括号内为常见情形）", "fact (and what is normal)"), NULL};
    const double most = most_of(score);
    struct rebut_pack_line lines[REBUT_TERMS];
    const uint32_t count = rebut_pack_lines_shown(score, lines);
    char value[REBUT_PACK_PERCENT];
    uint32_t written = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct rebut_pack_line *line = &lines[i];
        if (side_of(line) != side)
            continue;
        if (written++ == 0)
            rebut_html_table(page, title, heads);
        rebut_output_print(page->out, "<tr><td class=\"k\">%s",
                           rebut_pack_log_odds(line->log_odds, value));
        rebut_html_bar(page, line->log_odds, most);
        rebut_output_print(page->out, "</td><td>");
        rebut_html_words(page, &line->sentence);
        rebut_html_end_row(page);
    }
    if (written > 0)
        rebut_html_end_table(page);
    else if (side == SIDE_FOR || side == SIDE_AGAINST)
        rebut_output_print(page->out, "<p>%s%s</p>\n", title,
                           rebut_case_say(REBUT_CASE_NONE, page->language));
}

static void words_list(const struct page *page, enum rebut_case_word title,
                       const struct rebut_pack_words *list, uint32_t count)
{
    if (count == 0)
        return;
    rebut_output_print(page->out, "<h3>%s</h3>\n", rebut_case_say(title, page->language));
    rebut_html_list(page, list, count);
}

/* The bin of this request's own probability. */
static bool is_own(const struct rebut_pack_bin *bin, double probability)
{
    return probability >= bin->from &&
           (probability < bin->to || (bin->to >= 1 && probability <= bin->to));
}

static void reliability_row(const struct page *page, const struct rebut_pack_bin *bin)
{
    struct rebut_output *out = page->out;
    rebut_output_print(
        out,
        "<tr><td>%.0f–%.0f%%%s</td><td class=\"k\">%" PRId64 " / %" PRId64 "</td><td>",
        100 * bin->from, 100 * bin->to,
        is_own(bin, page->pack->score.probability)
            ? say(page, " <strong>←本请求</strong>", " <strong>← this one</strong>")
            : "",
        bin->abuse, bin->judged);
    rebut_html_range(page, &(struct range){.point = bin->share,
                                           .low = bin->low,
                                           .high = bin->high,
                                           .mark = bin->predicted,
                                           .most = 1,
                                           .share = true});
    rebut_html_end_row(page);
}

static void reliability(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    const char *const heads[] = {
        say(page, "所述概率", "probability stated"),
        say(page, "滥用 / 已审核", "abuse / judged"),
        say(page, "其中滥用（90% 区间）", "abuse among them (90% interval)"), NULL};
    rebut_output_print(page->out, "<h3>%s</h3>\n",
                       say(page, "模型是否可靠", "Is the model right?"));
    if (score->reliability.count == 0) {
        rebut_output_print(page->out, "<p>%s</p>\n",
                           say(page, "尚无审核结果可以对照。",
                               "No request has been judged that could be compared."));
        return;
    }
    rebut_html_table(page,
                     say(page, "所述概率与审核员后来的认定",
                         "What was stated, and what reviewers found later"),
                     heads);
    for (uint32_t i = 0; i < score->reliability.count; i++)
        reliability_row(page, &score->reliability.list[i]);
    rebut_html_end_table(page);
    rebut_html_legend(page, say(page, "所述概率的平均", "the mean of what was stated"));
}

static void sum(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    struct rebut_output *out = page->out;
    char value[REBUT_PACK_PERCENT];
    rebut_html_facts(page, say(page, "合计", "Together"));
    const bool rounded = page->pack->header.edition == REBUT_EDITION_SHOP;
    if (rounded) {
        rebut_html_row(
            page,
            say(page, "取整造成的差额（对数几率）", "What rounding changed (log-odds)"),
            "");
        rebut_output_print(out, "%s",
                           rebut_pack_log_odds(page->pack->inputs.rounding, value));
        rebut_html_end_row(page);
    }
    rebut_html_row(page,
                   rounded
                       ? say(page, "各项与差额之和，即所给评分（对数几率）",
                             "Sum of all lines and this: the score as given (log-odds)")
                       : say(page, "各项之和（对数几率）", "Sum of all lines (log-odds)"),
                   "");
    rebut_output_print(out, "%s", rebut_pack_log_odds(score->log_odds, value));
    rebut_html_end_row(page);
    rebut_html_row(page,
                   say(page, "即滥用概率（90% 区间）", "Probability (90% interval)"), "");
    rebut_html_range(page, &(struct range){.point = score->probability,
                                           .low = score->low,
                                           .high = score->high,
                                           .mark = NAN,
                                           .most = 1,
                                           .share = true});
    rebut_html_end_row(page);
    rebut_html_row(page,
                   say(page, "审核到此为止的误伤比例（按模型）",
                       "Wrong accusations down to here, by the model"),
                   "");
    rebut_html_percent(page, score->q_value);
    rebut_html_end_row(page);
    if (!isnan(score->conformal_q)) {
        rebut_html_row(page,
                       say(page, "同上，不依赖模型概率的上限",
                           "The same, a bound that trusts no probability"),
                       "");
        rebut_html_percent(page, score->conformal_q);
        rebut_html_end_row(page);
    }
    rebut_html_end_table(page);
}

void rebut_html_score(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    rebut_html_heading(page, 7, "逐项计分", "The score, line by line");
    lines_of(page, SIDE_FOR,
             say(page, "支持买家的事实（向左，空心）",
                 "What speaks for the buyer (to the left, hollow)"));
    lines_of(page, SIDE_AGAINST,
             say(page, "增加怀疑的事实（向右，实心）",
                 "What makes abuse likelier (to the right, filled)"));
    lines_of(page, SIDE_NEITHER, rebut_case_say(REBUT_CASE_NEUTRAL, page->language));
    lines_of(page, SIDE_CALIBRATION,
             say(page, "校准：对模型本身的了解，不是对买家的",
                 "Calibration: what is known of the model, not of the buyer"));
    sum(page);
    words_list(page, REBUT_CASE_CHANGE, score->change.list, score->change.count);
    words_list(page, REBUT_CASE_UNKNOWN, score->missing.list, score->missing.count);
    reliability(page);
}

void rebut_html_notice(const struct page *page)
{
    const struct rebut_pack_notice *notice = &page->pack->notice;
    const struct rebut_pack_header *header = &page->pack->header;
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<section>\n");
    rebut_html_heading(page, 8, "说明", "Notice");
    rebut_output_print(out, "<p><strong>");
    rebut_html_words(page, &notice->text);
    rebut_output_print(out, "</strong></p>\n<p>");
    rebut_html_words(page, &notice->edition);
    rebut_output_print(out, "</p>\n<ul>\n");
    for (uint32_t i = 0; i < notice->redactions.count; i++) {
        rebut_output_print(out, "<li>%s", say(page, "已遮盖：", "Redacted: "));
        rebut_html_words(page, &notice->redactions.list[i].what);
        rebut_output_print(out, "%s%" PRId64 "%s</li>\n", say(page, "（", " ("),
                           notice->redactions.list[i].count, say(page, "）", ")"));
    }
    rebut_output_print(out, "<li>%s", say(page, "保存至 ", "Kept until "));
    rebut_html_time(page, notice->retain_until);
    rebut_output_print(
        out, "</li>\n<li>%s</li>\n</ul>\n",
        say(page,
            "本页由同名 JSON 生成，数字以其为准：用 rebut verify 核对签名，"
            "用 rebut recompute 重算每个数字。",
            "This page is made from the JSON of the same name, which counts: "
            "'rebut verify' checks its signature, 'rebut recompute' makes every "
            "number again."));
    rebut_html_facts(page, say(page, "版本（哈希）", "Versions, by hash"));
    rebut_html_text_row(page, say(page, "程序", "Engine"), header->engine);
    rebut_html_text_row(page, say(page, "模型", "Model"), header->model);
    rebut_html_text_row(page, say(page, "设置", "Settings"), header->config);
    rebut_html_text_row(page, say(page, "格式", "Format"), header->schema_hash);
    rebut_html_text_row(page, say(page, "措辞", "Wording"), header->wording);
    rebut_html_text_row(page, say(page, "精确版（BLAKE2b）", "Exact edition (BLAKE2b)"),
                        header->exact);
    rebut_html_end_table(page);
    rebut_output_print(out, "</section>\n");
}
