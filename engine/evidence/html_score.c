/* The sum, line by line, and the notice: sections 7 and 8. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"

static double most_of(const struct rebut_pack_score *score)
{
    double most = 1;
    for (uint32_t i = 0; i < score->lines.count; i++)
        if (fabs(score->lines.list[i].log_odds) > most)
            most = fabs(score->lines.list[i].log_odds);
    return most;
}

/* Lines of one sign: what speaks for the buyer, or adds suspicion. */
static void lines_of(const struct page *page, bool against, const char *title)
{
    const struct rebut_pack_score *score = &page->pack->score;
    const char *const heads[] = {
        say(page, "对数几率", "log-odds"), "",
        say(page, "事实（括号内为常见情形）", "fact (and what is normal)"), NULL};
    const double most = most_of(score);
    rebut_html_table(page, title, heads);
    for (uint32_t i = 0; i < score->lines.count; i++) {
        const struct rebut_pack_line *line = &score->lines.list[i];
        if ((line->log_odds > 0) != against)
            continue;
        rebut_output_print(page->out, "<tr><td class=\"k\">%+.2f</td><td>",
                           line->log_odds);
        rebut_html_bar(page, line->log_odds, most);
        rebut_output_print(page->out, "</td><td>");
        rebut_html_words(page, &line->sentence);
        rebut_output_print(page->out, "</td></tr>\n");
    }
    rebut_output_print(page->out, "</tbody></table></div>\n");
}

static void words_list(const struct page *page, const char *title,
                       const struct rebut_pack_words *list, uint32_t count)
{
    if (count == 0)
        return;
    rebut_output_print(page->out, "<h3>%s</h3>\n<ul>", title);
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_print(page->out, "<li>");
        rebut_html_words(page, &list[i]);
        rebut_output_print(page->out, "</li>");
    }
    rebut_output_print(page->out, "</ul>\n");
}

static void reliability(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    const char *const heads[] = {
        say(page, "所述概率", "stated"), say(page, "已审核", "judged"),
        say(page, "其中滥用（90 % 区间）", "abuse among them (90 % interval)"),
        say(page, "虚线：所述", "dashed: stated"), NULL};
    if (score->reliability.count == 0)
        return;
    rebut_html_table(
        page,
        say(page, "所述概率与审核结果", "What was stated, and what reviewers found"),
        heads);
    for (uint32_t i = 0; i < score->reliability.count; i++) {
        const struct rebut_pack_bin *bin = &score->reliability.list[i];
        rebut_output_print(page->out, "<tr><td class=\"h\">");
        rebut_html_percent(page, bin->from);
        rebut_output_print(page->out, "–");
        rebut_html_percent(page, bin->to);
        rebut_output_print(page->out,
                           "</td><td class=\"k\">%" PRId64 "</td><td class=\"k\">",
                           bin->judged);
        rebut_html_percent(page, bin->share);
        rebut_output_print(page->out, " (");
        rebut_html_percent(page, bin->low);
        rebut_output_print(page->out, "–");
        rebut_html_percent(page, bin->high);
        rebut_output_print(page->out, ")</td><td>");
        rebut_html_range(
            page, &(struct range){bin->share, bin->low, bin->high, bin->predicted, 1});
        rebut_output_print(page->out, "</td></tr>\n");
    }
    rebut_output_print(page->out, "</tbody></table></div>\n");
}

void rebut_html_score(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    rebut_html_heading(page, "逐项计分", "The sum, line by line");
    lines_of(
        page, false,
        say(page, "支持买家的事实（空心）", "What speaks for the buyer (hollow bars)"));
    lines_of(page, true,
             say(page, "增加怀疑的事实（实心）", "What adds suspicion (filled bars)"));
    rebut_output_print(
        page->out, "<p>%s <strong>%+.2f</strong>%s",
        say(page, "各项之和（对数几率）：", "Sum of all lines (log-odds):"),
        score->log_odds, say(page, "，即概率 ", ", a probability of "));
    rebut_html_percent(page, score->probability);
    rebut_output_print(page->out, "</p>\n");
    words_list(page, say(page, "怎样会改变结论", "What would change the answer"),
               score->change.list, score->change.count);
    words_list(page, say(page, "尚不知道的", "What is not known"), score->missing.list,
               score->missing.count);
    reliability(page);
}

static void version(const struct page *page, const char *name, struct rebut_text text)
{
    rebut_output_print(page->out, "<tr><th scope=\"row\">%s</th><td>", name);
    rebut_html_text(page->out, text);
    rebut_output_print(page->out, "</td></tr>\n");
}

void rebut_html_notice(const struct page *page)
{
    const struct rebut_pack_notice *notice = &page->pack->notice;
    const struct rebut_pack_header *header = &page->pack->header;
    struct rebut_output *out = page->out;
    rebut_html_heading(page, "说明", "Notice");
    rebut_output_print(out, "<p>");
    rebut_html_words(page, &notice->text);
    rebut_output_print(out, "</p>\n<ul>\n");
    for (uint32_t i = 0; i < notice->redactions.count; i++) {
        rebut_output_print(out, "<li>%s", say(page, "已遮盖：", "Redacted: "));
        rebut_html_words(page, &notice->redactions.list[i].what);
        rebut_output_print(out, " (%" PRId64 ")</li>\n",
                           notice->redactions.list[i].count);
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
    rebut_output_print(out, "<div class=\"t\"><table><tbody>\n");
    version(page, say(page, "程序", "Engine"), header->engine);
    version(page, say(page, "模型", "Model"), header->model);
    version(page, say(page, "设置", "Settings"), header->config);
    version(page, say(page, "格式", "Format"), header->schema_hash);
    rebut_output_print(out, "</tbody></table></div>\n");
}
