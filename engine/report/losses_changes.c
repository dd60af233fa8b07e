/* What has changed, what compares badly, and what changing it would save. */
#include <inttypes.h>
#include <stdio.h>

#include "losses_pages.h"

#define SHOWN 15u
#define NAME 32

static void rise_row(struct pages *to, const struct rebut_loss_rise *rise)
{
    struct paper *paper = &to->paper;
    char text[PAPER_NAME];
    paper_cell(paper, "%s", paper_name(rise->sku, NAME, text));
    if (to->losses->merchant_index == REBUT_NONE)
        paper_cell(paper, "%s", paper_name(rise->merchant, NAME, text));
    paper_cell(paper, "%s", pages_day(rise->since, text));
    paper_cell(paper, "%.1f / %.1f", rise->before, rise->before_expected);
    paper_cell(paper, "%.1f / %.1f", rise->after, rise->after_expected);
    paper_cell(paper, "%s", pages_ratio(&rise->ratio, text));
    paper_cell(paper, "%.3f", rise->q);
    paper_cell(paper, "%s", pages_yuan(rise->shop, text));
    paper_cell(paper, "%s", pages_yuan(rise->saving.part, text));
    paper_cell(paper, "%s", pages_range(&rise->saving, rise->shop, text));
}

static void rises(struct pages *to)
{
    struct paper *paper = &to->paper;
    const struct rebut_losses *losses = to->losses;
    const bool platform = losses->merchant_index == REBUT_NONE;
    paper_say(paper, PAPER_HEADING, "%s",
              PAGES_SAY(to, "问题率上升的商品", "Items whose fault rose"));
    if (losses->rises_tested == 0) {
        paper_say(paper, PAPER_PARAGRAPH, "%s",
                  PAGES_SAY(to, "没有一个商品有足够的问题可以检验。",
                            "No item has faults enough to be tested."));
        return;
    }
    paper_say(
        paper, PAPER_NOTE,
        PAGES_SAY(
            to,
            "对 %u 个商品逐窗口（14天）作精确二项检验，按窗口数 Bonferroni 校正，"
            "再按商品作 Benjamini-Hochberg（5%%）。问题数只计可信买家的非滥用部分。",
            "Items tested: %u, window by window (14 days) by the exact binomial, "
            "Bonferroni over windows, Benjamini-Hochberg over items at 5 %%. "
            "Faults are of trusted buyers, less what looks like abuse."),
        losses->rises_tested);
    if (losses->rises.count == 0) {
        paper_say(paper, PAPER_PARAGRAPH, "%s",
                  PAGES_SAY(to, "没有发现。", "None found."));
        return;
    }
    paper_table(paper, platform ? 10 : 9, "");
    paper_cell(paper, "%s", PAGES_SAY(to, "商品", "item"));
    if (platform)
        paper_cell(paper, "%s", PAGES_SAY(to, "商家", "merchant"));
    paper_cell(paper, "%s", PAGES_SAY(to, "自", "since"));
    paper_cell(paper, "%s", PAGES_SAY(to, "之前 实际/预期", "before, seen/exp."));
    paper_cell(paper, "%s", PAGES_SAY(to, "之后 实际/预期", "after, seen/exp."));
    paper_cell(paper, "%s", PAGES_SAY(to, "倍数(90%)", "ratio (90 %)"));
    paper_cell(paper, "q");
    paper_cell(paper, "%s", PAGES_SAY(to, "此后店铺部分(元)", "shop's part since"));
    paper_cell(paper, "%s", PAGES_SAY(to, "恢复可省", "back: saves"));
    paper_cell(paper, "%s", PAGES_SAY(to, "90%区间", "90 %"));
    for (uint32_t i = 0; i < losses->rises.count && i < SHOWN; i++)
        rise_row(to, &losses->rises.data[i]);
}

static void session_row(struct pages *to, const struct rebut_loss_session *session)
{
    struct paper *paper = &to->paper;
    char text[PAPER_NAME];
    const struct rebut_loss_row row = {.number = session->channel, .depth = 1};
    if (session->channel != REBUT_CHANNEL_NONE)
        pages_key(to, REBUT_BY_CHANNEL, &row, NAME, text);
    else
        paper_name(session->host, NAME, text);
    paper_cell(paper, "%s", text);
    paper_cell(paper, "%" PRIu64, session->orders);
    paper_cell(paper, "%" PRIu64 " / %.1f", session->asked, session->asked_expected);
    paper_cell(paper, "%s", pages_ratio(&session->asked_ratio, text));
    paper_cell(paper, "%" PRIu64 " / %.1f", session->returned,
               session->returned_expected);
    paper_cell(paper, "%s", pages_ratio(&session->returned_ratio, text));
    paper_cell(paper, "%s", pages_yuan(session->saving.part, text));
    paper_cell(paper, "%s", pages_range(&session->saving, session->honest, text));
}

static void sessions(struct pages *to)
{
    struct paper *paper = &to->paper;
    const struct rebut_losses *losses = to->losses;
    paper_say(paper, PAPER_HEADING, "%s",
              PAGES_SAY(to, "直播和短视频与货架相比",
                        "Live stream and short video against the shelf"));
    paper_say(
        paper, PAPER_NOTE, "%s",
        PAGES_SAY(
            to,
            "屏幕上承诺了什么，就会退回什么。预期：同类目货架订单的比率；倍数按5起向1收缩"
            "。"
            "买家和商品也可能不同，倍数不等于原因。",
            "What was promised on screen is what comes back. Expected: the shelf's "
            "rates in the same categories; ratios are drawn towards 1 by 5 requests. "
            "Buyers and goods may differ too: a ratio is no cause."));
    if (losses->sessions.count == 0) {
        paper_say(paper, PAPER_PARAGRAPH, "%s",
                  PAGES_SAY(to, "没有足够的直播或短视频订单。",
                            "Too few orders from live streams or short videos."));
        return;
    }
    paper_table(paper, 8, "");
    paper_cell(paper, "%s", PAGES_SAY(to, "渠道、主播", "channel, host"));
    paper_cell(paper, "%s", PAGES_SAY(to, "订单", "orders"));
    paper_cell(paper, "%s", PAGES_SAY(to, "仅退款 实际/预期", "refund-only, seen/exp."));
    paper_cell(paper, "%s", PAGES_SAY(to, "倍数(90%)", "ratio (90 %)"));
    paper_cell(paper, "%s", PAGES_SAY(to, "退货 实际/预期", "returns, seen/exp."));
    paper_cell(paper, "%s", PAGES_SAY(to, "倍数(90%)", "ratio (90 %)"));
    paper_cell(paper, "%s", PAGES_SAY(to, "如货架可省(元)", "as the shelf: saves"));
    paper_cell(paper, "%s", PAGES_SAY(to, "90%区间", "90 %"));
    for (uint32_t i = 0; i < losses->sessions.count && i < SHOWN; i++)
        session_row(to, &losses->sessions.data[i]);
}

/* Figures of a pair as they stand in a sentence. */
struct spoken {
    uint64_t with, all;
    double percent;
    char ratio[PAGES_WORD], money[PAGES_WORD], range[PAGES_WORD];
};

static struct spoken spoken_of(const struct pages *to, const struct rebut_loss_pair *pair,
                               enum rebut_loss_piece piece)
{
    const struct rebut_loss_part *part = &to->losses->piece[piece];
    struct spoken spoken = {.with = pair->orders[1],
                            .all = pair->orders[0] + pair->orders[1]};
    if (spoken.all > 0)
        spoken.percent = 100 * (double)spoken.with / (double)spoken.all;
    pages_ratio(&pair->ratio, spoken.ratio);
    pages_yuan(part->part, spoken.money);
    pages_range(part, to->losses->total.amount, spoken.range);
    return spoken;
}

static void late_pair(struct pages *to)
{
    const struct rebut_loss_pair *pair = &to->losses->late;
    const struct spoken say = spoken_of(to, pair, REBUT_PIECE_SHIPPED);
    if (say.with == 0 || say.with == say.all) {
        paper_say(&to->paper, PAPER_PARAGRAPH,
                  PAGES_SAY(to, "晚于承诺发货：%" PRIu64 "/%" PRIu64 " 单，无从比较。",
                            "Shipped later than promised: %" PRIu64 " of %" PRIu64
                            " orders; there is nothing to compare."),
                  say.with, say.all);
        return;
    }
    paper_say(
        &to->paper, PAPER_PARAGRAPH,
        PAGES_SAY(
            to,
            "晚于承诺发货：%" PRIu64 "/%" PRIu64 " 单（%.1f%%），其中 %" PRIu64
            " 单有仅退款申请，是按时发货的 %s 倍；归于晚发货的损失 %s 元（90%%：%s）。",
            "Shipped later than promised: %" PRIu64 " of %" PRIu64
            " orders (%.1f %%), %" PRIu64 " with a refund-only request, %s times as "
            "often as those in time; lost to it: %s yuan (90 %%: %s)."),
        say.with, say.all, say.percent, pair->asked[1], say.ratio, say.money, say.range);
}

static void drop_pair(struct pages *to)
{
    const struct rebut_loss_pair *pair = &to->losses->drops;
    const struct spoken say = spoken_of(to, pair, REBUT_PIECE_PRICE);
    char money[PAGES_WORD];
    if (say.with == 0 || say.with == say.all) {
        paper_say(&to->paper, PAPER_PARAGRAPH,
                  PAGES_SAY(to,
                            "下单后15天内降价3%%以上：%" PRIu64 "/%" PRIu64
                            " 单，无从比较。",
                            "Price fell by 3 %% or more within 15 days: %" PRIu64
                            " of %" PRIu64 " orders; there is nothing to compare."),
                  say.with, say.all);
        return;
    }
    paper_say(
        &to->paper, PAPER_PARAGRAPH,
        PAGES_SAY(
            to,
            "下单后15天内降价3%%以上：%" PRIu64 "/%" PRIu64 " 单（%.1f%%），其中 %" PRIu64
            " 单有仅退款申请，是其余订单的 %s 倍；归于降价的损失 %s 元（90%%：%s）。"
            "这些订单共比期内最低价多付 %s 元（价保若被要求的上限）。",
            "Price fell by 3 %% or more within 15 days: %" PRIu64 " of %" PRIu64
            " orders (%.1f %%), %" PRIu64 " with a refund-only request, %s times as "
            "often as the others; lost to it: %s yuan (90 %%: %s). Those orders paid %s "
            "yuan above the lowest price of the time (the most that price protection "
            "can ask for)."),
        say.with, say.all, say.percent, pair->asked[1], say.ratio, say.money, say.range,
        pages_yuan(pair->difference * 1000000, money));
}

static void pairs(struct pages *to)
{
    paper_say(
        &to->paper, PAPER_HEADING, "%s",
        PAGES_SAY(to, "发货与承诺、降价", "Shipping against the promise, price drops"));
    late_pair(to);
    drop_pair(to);
}

static void peers(struct pages *to)
{
    struct paper *paper = &to->paper;
    const struct rebut_losses *losses = to->losses;
    if (losses->peers.count == 0)
        return;
    paper_say(
        paper, PAPER_HEADING, "%s",
        PAGES_SAY(to, "与同类目其他商家的平均", "Beside the average of the category"));
    paper_table(
        paper, 3,
        PAGES_SAY(to, "仅退款申请率；其他商家不足5家或申请不足5起时不显示（少）",
                  "Refund-only rate; \"few\" where there are under 5 other merchants "
                  "or under 5 requests"));
    paper_cell(paper, "%s", PAGES_SAY(to, "类目", "category"));
    paper_cell(paper, "%s", PAGES_SAY(to, "本店", "own"));
    paper_cell(paper, "%s", PAGES_SAY(to, "其他商家平均", "others' average"));
    for (uint32_t i = 0; i < losses->peers.count; i++) {
        const struct rebut_loss_peer *peer = &losses->peers.data[i];
        const double rates[2] = {peer->own, peer->others};
        char name[PAPER_NAME];
        paper_cell(paper, "%s", paper_name(peer->category, NAME, name));
        for (int k = 0; k < 2; k++)
            if (rates[k] >= 0)
                paper_cell(paper, "%.2f%%", 100 * rates[k]);
            else
                paper_cell(paper, "%s", PAGES_SAY(to, "少", "few"));
    }
}

void pages_changes(struct pages *to)
{
    pages_savings(to);
    rises(to);
    sessions(to);
    pairs(to);
    peers(to);
}
