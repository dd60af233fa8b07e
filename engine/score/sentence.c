/* Terms and notes in words, Chinese first. */
#include <math.h>

#include "rebut/score.h"
#include "say.h"

static void fault_sentence(const struct rebut_term *term, enum rebut_language language,
                           char *text, size_t size)
{
    const double ratio = exp(-term->raw);
    const bool merchant = term->id == REBUT_TERM_MERCHANT;
    if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "%s的问题率是同类的 %.2f 倍（可信买家的问题请求 %.1f 起，按同类应有 %.1f "
            "起；常见范围 %.2f–%.2f 倍）",
            merchant ? "商家" : "该商品在店内", ratio, term->observed, term->expected,
            term->low, term->high);
    else
        rebut_say(
            text, size,
            "%s goes wrong %.2f times as often as comparable ones (%.1f requests for a "
            "fault by trusted buyers, %.1f expected; usual range %.2f to %.2f)",
            merchant ? "the merchant" : "this item, within the shop,", ratio,
            term->observed, term->expected, term->low, term->high);
}

static void recent_sentence(const struct rebut_term *term, enum rebut_language language,
                            char *text, size_t size)
{
    const double ratio = exp(-term->raw);
    if (language == REBUT_CHINESE)
        rebut_say(text, size,
                  "下单前后两周内，该店及该商品的问题率是平时的 %.2f 倍（%.1f 起，应有 "
                  "%.1f 起）",
                  ratio, term->observed, term->expected);
    else
        rebut_say(
            text, size,
            "in the two weeks around the order the shop and the item went wrong %.2f "
            "times as often as otherwise (%.1f requests, %.1f expected)",
            ratio, term->observed, term->expected);
}

static void record_sentence(const struct rebut_term *term, enum rebut_language language,
                            char *text, size_t size)
{
    if (term->n <= 1)
        rebut_say(text, size, "%s",
                  language == REBUT_CHINESE
                      ? "买家只有这一个订单，没有其他记录可比"
                      : "this is the buyer's only order: there is no "
                        "record to compare");
    else if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "买家 %llu 个订单中另有 %.0f 起仅退款；普通买家在这些商家的这些订单上约有 "
            "%.2f 起（常见范围 %.2f–%.2f）",
            (unsigned long long)term->n, term->observed, term->expected, term->low,
            term->high);
    else
        rebut_say(
            text, size,
            "of the buyer's %llu orders %.0f others were refund-only requests; an "
            "ordinary buyer would have %.2f on these orders at these merchants (usual "
            "range %.2f to %.2f)",
            (unsigned long long)term->n, term->observed, term->expected, term->low,
            term->high);
}

static void readiness_sentence(const struct rebut_term *term,
                               enum rebut_language language, char *text, size_t size)
{
    if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "遇到问题时，该买家申请退款的倾向是一般人的 %.2f 倍（常见范围 %.2f–%.2f）",
            term->observed, term->low, term->high);
    else
        rebut_say(
            text, size,
            "when something goes wrong this buyer asks %.2f times as readily as others "
            "(usual range %.2f to %.2f)",
            term->observed, term->low, term->high);
}

static void ring_sentence(const struct rebut_term *term, enum rebut_language language,
                          char *text, size_t size)
{
    if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "与另外 %llu 个账号共用设备、地址或支付账户；依他们的记录，先验滥用概率由 "
            "%.1f%% 变为 %.1f%%",
            (unsigned long long)term->n, 100 * term->expected, 100 * term->observed);
    else
        rebut_say(text, size,
                  "shares a device, address or payment account with %llu others; their "
                  "records move the prior probability of abuse from %.1f%% to %.1f%%",
                  (unsigned long long)term->n, 100 * term->expected,
                  100 * term->observed);
}

/* The expected number of requests is the share of orders that have one, but for the
 * rarest circumstances, which expect more than one an order. */
static void circumstances_sentence(const struct rebut_term *term,
                                   enum rebut_language language, char *text, size_t size)
{
    const double share = term->observed < 1 ? term->observed : 1;
    if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "此类订单（类目、渠道、价格、物流等）在普通商家因问题仅退款的比率为 %.2f%%，"
            "全部订单平均 %.2f%%",
            100 * share, 100 * term->expected);
    else
        rebut_say(
            text, size,
            "orders like this (category, channel, price, logistics …) at an average "
            "merchant lead to a refund-only request for a fault in %.2f%% of cases; "
            "all orders in %.2f%%",
            100 * share, 100 * term->expected);
}

static void mark_sentence(const struct rebut_term *term, uint8_t bin,
                          enum rebut_language language, char *text, size_t size)
{
    const struct rebut_mark_bin *mark =
        &rebut_mark_tables[term->id - REBUT_TERM_MARKS].bin[bin];
    if (language == REBUT_CHINESE)
        rebut_say(text, size, "%s（全部仅退款请求中占 %.1f%%）", mark->zh,
                  100 * term->expected);
    else
        rebut_say(text, size, "%s (%.1f%% of all refund-only requests)", mark->en,
                  100 * term->expected);
}

static void calibration_sentence(const struct rebut_term *term,
                                 enum rebut_language language, char *text, size_t size)
{
    const unsigned long long judged = term->n;
    if (judged == 0)
        rebut_say(
            text, size, "%s",
            language == REBUT_CHINESE
                ? "尚无裁定：滥用的基础比率是假设，因此向五五开收缩"
                : "no verdicts yet: the base rate of abuse is an assumption, so the "
                  "odds are drawn towards even");
    else if (language == REBUT_CHINESE)
        rebut_say(
            text, size,
            "按 %llu 起已裁定的请求校准，其中随机抽取 %.0f 起；未知的部分向五五开收缩",
            judged, term->observed);
    else
        rebut_say(text, size,
                  "calibrated on %llu requests that were judged, %.0f of them drawn at "
                  "random; what is not known draws towards even odds",
                  judged, term->observed);
}

static void verdict_sentence(const struct rebut_term *term, enum rebut_language language,
                             char *text, size_t size)
{
    const unsigned long long reviewers = term->n;
    if (language == REBUT_CHINESE)
        rebut_say(text, size,
                  "%llu 名审核员已裁定，其中 %.0f 名认为是滥用（计入审核误差）",
                  reviewers, term->observed);
    else
        rebut_say(text, size,
                  "reviewers who judged it: %llu, of whom %.0f said abuse (with reviewer "
                  "error)",
                  reviewers, term->observed);
}

void rebut_term_say(const struct rebut_term *term, uint8_t bin,
                    enum rebut_language language, char ret_text[REBUT_SENTENCE_SIZE])
{
    char *const text = ret_text;
    const size_t size = REBUT_SENTENCE_SIZE;
    switch (term->id) {
    case REBUT_TERM_CIRCUMSTANCES:
        circumstances_sentence(term, language, text, size);
        break;
    case REBUT_TERM_MERCHANT:
    case REBUT_TERM_ITEM:
        fault_sentence(term, language, text, size);
        break;
    case REBUT_TERM_RECENT:
        recent_sentence(term, language, text, size);
        break;
    case REBUT_TERM_RECORD:
        record_sentence(term, language, text, size);
        break;
    case REBUT_TERM_READINESS:
        readiness_sentence(term, language, text, size);
        break;
    case REBUT_TERM_RING:
        ring_sentence(term, language, text, size);
        break;
    case REBUT_TERM_CALIBRATION:
        calibration_sentence(term, language, text, size);
        break;
    case REBUT_TERM_VERDICT:
        verdict_sentence(term, language, text, size);
        break;
    default:
        mark_sentence(term, bin, language, text, size);
    }
}

void rebut_term_sentence(const struct rebut_scores *scores,
                         const struct rebut_score *score, const struct rebut_term *term,
                         enum rebut_language language, char ret_text[REBUT_SENTENCE_SIZE])
{
    const int mark = (int)term->id - REBUT_TERM_MARKS;
    const uint8_t *bin = scores->inference->frame->claims[score->claim].bin;
    rebut_term_say(term, mark >= 0 && mark < REBUT_MARKS ? bin[mark] : 0, language,
                   ret_text);
}

struct note {
    enum rebut_note note;
    const char *word, *zh, *en;
};

static const struct note notes[REBUT_NOTE_KINDS] = {
    {REBUT_NOTE_BASE_RATE, "base_rate_assumed",
     "裁定不足200起，滥用的基础比率仍是假设，概率只宜用于排序",
     "fewer than 200 verdicts: the base rate of abuse is still an assumption, and the "
     "probability is good for ranking only"},
    {REBUT_NOTE_ONE_ORDER, "one_order",
     "买家没有其他订单，判断只依据商家、情况和本次请求",
     "the buyer has no other order: only the merchant, the circumstances and this "
     "request "
     "are known"},
    {REBUT_NOTE_EPISODE, "episode",
     "该商家的请求集中来自缺少记录的账号：可能是攻击，也可能是一批坏货，仅凭数据不能区分",
     "the merchant's requests come in a burst from accounts without a record: an attack "
     "or "
     "a bad batch, which the data alone do not tell apart"},
    {REBUT_NOTE_FEW_ORDERS, "few_orders",
     "商家的可信记录很少，其问题率主要来自同类商家的平均",
     "the merchant has little trusted history: its fault is mostly the average of its "
     "kind"},
    {REBUT_NOTE_TURNED, "turned",
     "该买家此前长期正常，后来的请求与从前明显不同：可能已转为滥用，也可能账号易手或遇上"
     "坏货",
     "the buyer was ordinary for long and then began to ask otherwise: it may have "
     "turned to "
     "abuse, the account may have changed hands, or it may have met bad goods"},
};

const char *rebut_note_word(enum rebut_note note)
{
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (notes[i].note == note)
            return notes[i].word;
    return "";
}

const char *rebut_note_sentence(enum rebut_note note, enum rebut_language language)
{
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (notes[i].note == note)
            return language == REBUT_CHINESE ? notes[i].zh : notes[i].en;
    return "";
}
