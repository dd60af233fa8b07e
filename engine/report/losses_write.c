/* A report of losses from first line to last. */
#include <inttypes.h>
#include <stdio.h>

#include "losses_pages.h"

static void begin(struct pages *to)
{
    const struct rebut_losses *losses = to->losses;
    const int64_t as_of = losses->scores->inference->frame->as_of;
    char name[PAPER_NAME], since[PAGES_WORD], until[PAGES_WORD];
    if (losses->merchant_index == REBUT_NONE)
        paper_say(
            &to->paper, PAPER_TITLE, "%s",
            PAGES_SAY(to, "平台仅退款损失报告", "Refund-only losses of the platform"));
    else
        paper_say(
            &to->paper, PAPER_TITLE,
            PAGES_SAY(to, "商家 %s 仅退款损失报告", "Refund-only losses of merchant %s"),
            paper_name(losses->merchant, 64, name));
    paper_say(&to->paper, PAPER_NOTE,
              PAGES_SAY(to, "期间 %s 至 %s（+08:00） · 模型 %s",
                        "From %s to %s (+08:00) · model %s"),
              losses->since == INT64_MIN ? PAGES_SAY(to, "最早记录", "the first record")
                                         : pages_day(losses->since, since),
              pages_day(as_of, until), losses->scores->model->version);
}

static void summary(struct pages *to)
{
    const struct rebut_losses *losses = to->losses;
    char money[PAGES_WORD], refused[PAGES_WORD];
    paper_say(
        &to->paper, PAPER_PARAGRAPH,
        PAGES_SAY(to,
                  "期间内仅退款申请 %" PRIu64 " 起，共 %s 元；其中 %" PRIu64
                  " 起（%s 元）已被驳回或撤回，未必损失。期间内下单 %" PRIu64
                  " 单，%" PRIu64 " 单有仅退款申请。",
                  "%" PRIu64 " refund-only requests of %s yuan in all; %" PRIu64
                  " of them (%s yuan) were denied or withdrawn and may not be lost. "
                  "%" PRIu64 " orders placed in the period, %" PRIu64
                  " with a refund-only request."),
        losses->total.requests, pages_yuan(losses->total.amount, money), losses->refused,
        pages_yuan(losses->refused_amount, refused), losses->orders, losses->asked);
    if (losses->scores->model->verdicts < 200)
        paper_say(&to->paper, PAPER_NOTE, "%s",
                  PAGES_SAY(to, "裁定不足200起，滥用的基础比率仍是假设，区间已计入。",
                            "Fewer than 200 verdicts: the base rate of abuse is an "
                            "assumption; the intervals allow for it."));
}

static void method(struct pages *to)
{
    paper_say(&to->paper, PAPER_HEADING, "%s",
              PAGES_SAY(to, "怎样算的", "How it was made"));
    paper_say(
        &to->paper, PAPER_NOTE, "%s",
        PAGES_SAY(
            to,
            "每起申请的金额按其滥用概率分出滥用部分；其余按模型自身的因子（商家与商品问题"
            "率、"
            "发货、在途、快递、降价）和所选理由拆分；理由只信八成，其余和说不清的列为无法"
            "判定。各部分相加恰等"
            "于总额。"
            "区间为保守的90%"
            "：各申请的界限直接相加，再加上随机波动。这是统计估计，不是对任何一起"
            "申请的认定；报告不含任何买家标识。",
            "Each request's amount is split by its probability of abuse; the rest by "
            "the model's own factors (fault of shop and item, shipping, transit, "
            "carrier, price drop) and the reason given; a reason is believed by "
            "four fifths, and the rest, like what cannot be told, is undetermined. Parts "
            "add up to the total exactly. Intervals are "
            "conservative at 90 %: requests' bounds are summed, and chance is added. "
            "This is an estimate and no finding about any request; no buyer is named."));
}

bool rebut_losses_write(const struct rebut_losses *losses, enum rebut_losses_form form,
                        enum rebut_language language, struct rebut_output *out,
                        struct rebut_error *err)
{
    struct pages to = {.losses = losses, .chinese = language == REBUT_CHINESE};
    bool ok = true;
    paper_init(&to.paper, language, losses->scores->inference->frame->as_of);
    begin(&to);
    summary(&to);
    if (losses->total.amount > 0) {
        paper_say(&to.paper, PAPER_HEADING, "%s",
                  PAGES_SAY(&to, "损失构成", "What it was lost to"));
        pages_draw_split(&to);
        pages_split(&to);
        pages_draw_trend(&to);
        pages_draw_items(&to);
    }
    pages_changes(&to);
    if (losses->total.requests > 0) {
        pages_merchants(&to);
        pages_tables(&to);
    }
    method(&to);
    if (to.paper.failed)
        ok = rebut_fail_memory(err, "a report");
    else if (form == REBUT_LOSSES_PDF)
        ok = paper_write_pdf(&to.paper, out, err);
    else if (form == REBUT_LOSSES_HTML)
        paper_write_html(&to.paper, out);
    else
        paper_write_text(&to.paper, out);
    paper_release(&to.paper);
    return ok;
}
