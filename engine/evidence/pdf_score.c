/* The sum line by line, and the notice: 7 and 8. */
#include <inttypes.h>
#include <math.h>

#include "pack_figures.h"
#include "pdf_paper.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

static void put_probability(struct pdf_paper *paper)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    GString *text = pdf_cell(paper, 0);
    g_string_append(text, pdf_say(paper, "滥用概率 ", "Probability of abuse "));
    pdf_percent(text, score->probability);
    g_string_append(text, pdf_say(paper, "（90% 区间 ", " (90% interval "));
    pdf_range(text, score->low, score->high, true);
    g_string_append(text,
                    pdf_say(paper, "）；若审核到此为止，预计误伤比例（q 值）",
                            "); wrong accusations expected down to here (q-value) "));
    pdf_percent(text, score->q_value);
    if (isfinite(score->conformal_q)) {
        g_string_append(text, pdf_say(paper, "，不依赖概率的上界 ",
                                      ", bound without trust in the probability "));
        pdf_percent(text, score->conformal_q);
    }
    g_string_append_printf(
        text,
        pdf_say(paper, "；名次 %" PRId64 " / %" PRId64, "; rank %" PRId64 " of %" PRId64),
        score->rank, score->of);
    g_string_append(text, pdf_say(paper, "。", "."));
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
}

static double most_of(const struct rebut_pack_score *score)
{
    double most = 1;
    for (uint32_t i = 0; i < score->lines.count; i++)
        most = fmax(most, fabs(score->lines.list[i].log_odds));
    return most;
}

/* Of the model itself, and so on no side. */
static bool is_calibration(const struct rebut_pack_line *line)
{
    const char *name = rebut_term_name(REBUT_TERM_CALIBRATION);
    return rebut_text_equal(line->name, rebut_text_of(name));
}

#define HARDLY 0.05 /* log-odds, as every page has it */

enum side { SIDE_FOR, SIDE_AGAINST, SIDE_NEITHER, SIDE_CALIBRATION };

static enum side side_of(const struct rebut_pack_line *line)
{
    if (is_calibration(line))
        return SIDE_CALIBRATION;
    if (!(fabs(line->log_odds) >= HARDLY))
        return SIDE_NEITHER;
    return line->log_odds > 0 ? SIDE_AGAINST : SIDE_FOR;
}

/* The lines of one side, strongest first. */
static void put_lines(struct pdf_paper *paper, enum side side)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    const char *const titles[][2] = {
        [SIDE_FOR] = {"支持买家的事实", "What speaks for the buyer"},
        [SIDE_AGAINST] = {"增加怀疑的事实", "What adds suspicion"},
        [SIDE_NEITHER] = {rebut_case_say(REBUT_CASE_NEUTRAL, REBUT_CHINESE),
                          rebut_case_say(REBUT_CASE_NEUTRAL, REBUT_ENGLISH)},
        [SIDE_CALIBRATION] = {"校准：对模型本身的了解，不是对买家的",
                              "Calibration: of the model, not of the buyer"}};
    const struct pdf_table table = {
        .columns = 3,
        .width = {0.56, 0.32, 0.12},
        .right = {false, false, true},
        .head = {titles[side][paper->language],
                 pdf_say(paper, "支持买家（空心）｜增加怀疑（实心）",
                         "for the buyer (hollow) | against"),
                 pdf_say(paper, "对数几率", "log-odds")}};
    const double most = most_of(score);
    struct rebut_pack_line lines[REBUT_TERMS];
    const uint32_t count = rebut_pack_lines_shown(score, lines);
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct rebut_pack_line *line = &lines[i];
        if (side_of(line) != side)
            continue;
        if (!any)
            pdf_table_begin(paper, &table);
        any = true;
        if (line->sentence.zh.data != NULL)
            pdf_words(paper, pdf_cell(paper, 0), &line->sentence);
        else
            pdf_safe(pdf_cell(paper, 0), line->name);
        pdf_log_odds(pdf_cell(paper, 2), line->log_odds);
        paper->picture = (struct pdf_picture){
            .column = 1, .bar = true, .value = line->log_odds, .most = most};
        pdf_row(paper);
    }
    if (any)
        pdf_table_end(paper);
}

static void put_sum(struct pdf_paper *paper)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    GString *text = pdf_cell(paper, 0);
    if (paper->pack->header.edition == REBUT_EDITION_SHOP) {
        g_string_append(text,
                        pdf_say(paper, "取整造成的差额 ", "What rounding changed: "));
        pdf_log_odds(text, paper->pack->inputs.rounding);
        g_string_append(text, pdf_say(paper, "；", "; "));
    }
    g_string_append(
        text, pdf_say(paper, "各项之和（对数几率）：", "Sum of all lines (log-odds): "));
    pdf_log_odds(text, score->log_odds);
    g_string_append(text, pdf_say(paper, "，即概率 ", ", a probability of "));
    pdf_percent(text, score->probability);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_SUBHEADING, "P", 0);
}

static void put_list(struct pdf_paper *paper, const char *zh, const char *en,
                     const struct rebut_pack_words *list, uint32_t count)
{
    if (count == 0)
        return;
    pdf_subheading(paper, zh, en);
    for (uint32_t i = 0; i < count; i++) {
        pdf_words(paper, pdf_cell(paper, 0), &list[i]);
        pdf_bullet(paper);
    }
}

static void put_reliability(struct pdf_paper *paper)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    const struct pdf_table table = {
        .columns = 5,
        .width = {0.20, 0.12, 0.14, 0.20, 0.34},
        .right = {false, true, true, true},
        .head = {pdf_say(paper, "所述概率", "stated"), pdf_say(paper, "已审核", "judged"),
                 pdf_say(paper, "其中滥用", "abuse"),
                 pdf_say(paper, "90% 区间", "90% interval"),
                 pdf_say(paper, "虚线：所述", "dashed: stated")}};
    if (score->reliability.count == 0)
        return;
    pdf_room(paper, 60 + 22.0 * score->reliability.count); /* on one page */
    pdf_subheading(paper, "所述概率与审核结果",
                   "What was stated, and what reviewers found");
    pdf_table_begin(paper, &table);
    for (uint32_t i = 0; i < score->reliability.count; i++) {
        const struct rebut_pack_bin *bin = &score->reliability.list[i];
        g_string_append_printf(pdf_cell(paper, 0), "%.0f%%–%.0f%%", 100 * bin->from,
                               100 * bin->to);
        g_string_append_printf(pdf_cell(paper, 1), "%" PRId64, bin->judged);
        pdf_percent(pdf_cell(paper, 2), bin->share);
        pdf_range(pdf_cell(paper, 3), bin->low, bin->high, true);
        paper->picture = (struct pdf_picture){.column = 4,
                                              .value = bin->share,
                                              .low = bin->low,
                                              .high = bin->high,
                                              .mark = bin->predicted,
                                              .most = 1};
        pdf_row(paper);
    }
    pdf_table_end(paper);
}

/* By hash. */
static void put_versions(struct pdf_paper *paper)
{
    const struct rebut_pack_header *header = &paper->pack->header;
    const struct {
        const char *zh, *en;
        struct rebut_text text;
    } versions[] = {{"版本：程序 ", "Versions: engine ", header->engine},
                    {" · 模型 ", " · model ", header->model},
                    {" · 设置 ", " · settings ", header->config},
                    {" · 格式 ", " · format ", header->schema_hash},
                    {" · 措辞 ", " · wording ", header->wording},
                    {" · 精确版 BLAKE2b ", " · exact edition BLAKE2b ", header->exact}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (versions[i].text.data == NULL)
            continue;
        g_string_append(pdf_cell(paper, 0),
                        pdf_say(paper, versions[i].zh, versions[i].en));
        pdf_safe(pdf_cell(paper, 0), versions[i].text);
    }
    pdf_ink(paper, PDF_QUIET);
    pdf_paragraph(paper, PDF_SMALL, "P", 0);
}

static void put_notice(struct pdf_paper *paper)
{
    const struct rebut_pack_notice *notice = &paper->pack->notice;
    const struct pdf_table table = {
        .columns = 2,
        .width = {0.84, 0.16},
        .right = {false, true},
        .head = {pdf_say(paper, "已略去或遮盖", "Left out or redacted"),
                 pdf_say(paper, "数目", "number")}};
    pdf_heading(paper, "说明", "Notice");
    pdf_words(paper, pdf_cell(paper, 0), &notice->text);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    pdf_words(paper, pdf_cell(paper, 0), &notice->edition);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    if (notice->redactions.count > 0) {
        pdf_table_begin(paper, &table);
        for (uint32_t i = 0; i < notice->redactions.count; i++) {
            pdf_words(paper, pdf_cell(paper, 0), &notice->redactions.list[i].what);
            g_string_append_printf(pdf_cell(paper, 1), "%" PRId64,
                                   notice->redactions.list[i].count);
            pdf_row(paper);
        }
        pdf_table_end(paper);
    }
    g_string_append(pdf_cell(paper, 0), pdf_say(paper, "本材料保存至 ", "Kept until "));
    pdf_time(pdf_cell(paper, 0), notice->retain_until);
    g_string_append(pdf_cell(paper, 0),
                    pdf_say(paper, "，届时应予删除。", ", when it is to be deleted."));
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    g_string_append(
        pdf_cell(paper, 0),
        pdf_say(
            paper,
            "本文件由同名 JSON 生成，数字以其为准：用 rebut verify 核对签名，用 rebut "
            "recompute 重算每个数字。",
            "Made from the JSON of the same name, which counts: 'rebut verify' checks "
            "its signature, 'rebut recompute' makes every number again."));
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    put_versions(paper);
}

void pdf_score(struct pdf_paper *paper)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    pdf_heading(paper, "逐项计分", "The sum, line by line");
    put_probability(paper);
    put_lines(paper, SIDE_FOR);
    put_lines(paper, SIDE_AGAINST);
    put_lines(paper, SIDE_NEITHER);
    put_lines(paper, SIDE_CALIBRATION);
    put_sum(paper);
    put_list(paper, "怎样会改变结论", "What would change the answer", score->change.list,
             score->change.count);
    put_list(paper, "尚不知道的", "What is not known", score->missing.list,
             score->missing.count);
    put_reliability(paper);
    pdf_whole(paper, put_notice);
}
