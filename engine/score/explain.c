#include "rebut/explain.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Words of this page, both languages in one place. */
enum word {
    W_TITLE,
    W_ANSWER,
    W_PROBABILITY,
    W_TIMELINE,
    W_AGAINST,
    W_FOR,
    W_NEUTRAL,
    W_NONE,
    W_UNKNOWN,
    W_SUM,
    W_NOTICE,
    W_ORDERED,
    W_PROMISED,
    W_SHIPPED,
    W_DELIVERED,
    W_REQUESTED,
    W_AFTER_SIGNING,
    W_NOT_DELIVERED,
    W_NO_SHIPMENT,
    WORDS
};

static const char *const words[WORDS][2] = {
    [W_TITLE] = {"仅退款请求", "refund-only request"},
    [W_ANSWER] = {"结论", "answer"},
    [W_PROBABILITY] = {"滥用概率", "probability of abuse"},
    [W_TIMELINE] = {"经过", "What happened"},
    [W_AGAINST] = {"增加怀疑的事实", "What makes abuse likelier"},
    [W_FOR] = {"支持买家的事实", "What speaks for the buyer"},
    [W_NEUTRAL] = {"影响很小的事实", "What hardly matters"},
    [W_NONE] = {"（无）", "(nothing)"},
    [W_UNKNOWN] = {"尚不知道的", "What is not known"},
    [W_SUM] = {"各项之和（对数几率）", "sum of the lines (log-odds)"},
    [W_NOTICE] =
        {"本说明是统计证据，不是法律认定；是否滥用须由人判断。",
         "This is statistical evidence, not a legal finding; a person must decide."},
    [W_ORDERED] = {"下单", "ordered"},
    [W_PROMISED] = {"承诺发货时限", "promised to ship by"},
    [W_SHIPPED] = {"发货", "shipped"},
    [W_DELIVERED] = {"签收", "signed for"},
    [W_REQUESTED] = {"申请仅退款", "asked for a refund without return"},
    [W_AFTER_SIGNING] = {"签收后", "after signing"},
    [W_NOT_DELIVERED] = {"物流未显示签收", "the carrier shows no signature"},
    [W_NO_SHIPMENT] = {"没有发货记录", "no shipment is on record"},
};

static const char *const answers[REBUT_ANSWERS][2] = {
    [REBUT_LIKELY_ABUSE] = {"很可能是滥用", "likely abuse"},
    [REBUT_UNDETERMINED] = {"不能确定", "undetermined"},
    [REBUT_LIKELY_LEGITIMATE] = {"很可能正当", "likely legitimate"},
};

static const char *const reasons_zh[REBUT_REASONS] = {
    "",         "商品破损",     "质量问题", "与描述不符", "假冒商品", "发错商品",
    "少件漏件", "发货或配送迟", "未收到货", "降价",       "不想要了", "其他"};
static const char *const contacts_zh[REBUT_CONTACTS] = {
    "", "留言", "回复", "提出补发换货", "提出部分退款", "提出退货退款"};
static const char *const parties_zh[REBUT_PARTIES] = {"", "买家", "商家"};
static const char *const outcomes_zh[REBUT_OUTCOMES] = {"", "平台同意退款", "平台驳回",
                                                        "买家撤回"};
static const char *const signed_zh[REBUT_SIGNEDS] = {"", "本人", "快递柜", "他人"};

/* What is written, about what, for whom. */
struct page {
    const struct rebut_scores *scores;
    const struct rebut_score *score;
    const struct rebut_state *state;
    const struct rebut_request *request;
    const struct rebut_order *order;
    uint32_t request_index;
    enum rebut_language language;
    struct rebut_output *out;
};

static const char *say(const struct page *page, enum word word)
{
    return words[word][page->language];
}

static void line(const struct page *page, const char *text)
{
    rebut_output_print(page->out, "%s\n", text);
}

bool rebut_explain_find(const struct rebut_scores *scores, struct rebut_text request_id,
                        const struct rebut_score **ret_score, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_intern *ids = &frame->state->request_ids;
    const uint32_t index =
        rebut_intern_find(ids, request_id, rebut_intern_hash(ids, request_id));
    if (index == REBUT_INTERN_NONE)
        return rebut_fail(err, REBUT_EDATA, "no request '%.*s' up to the as-of time",
                          (int)(request_id.size < 64 ? request_id.size : 64),
                          request_id.data);
    for (uint32_t i = 0; i < scores->count; i++)
        if (frame->claims[scores->list[i].claim].request == index) {
            *ret_score = &scores->list[i];
            return true;
        }
    return rebut_fail(
        err, REBUT_EDATA,
        frame->state->requests.data[index].kind == REBUT_KIND_REFUND_ONLY
            ? "request '%.*s' is not among those that were scored"
            : "request '%.*s' is a return with goods sent back, which is not judged",
        (int)(request_id.size < 64 ? request_id.size : 64), request_id.data);
}

/* "2天3小时" or "2 d 3 h" into `text`. */
static void write_span(int64_t microseconds, enum rebut_language language, char *text,
                       size_t size)
{
    const bool zh = language == REBUT_CHINESE;
    const int64_t minutes = microseconds / REBUT_MINUTE;
    const int64_t hours = minutes / 60, days = hours / 24;
    if (days >= 1)
        snprintf(text, size,
                 zh ? "%" PRId64 "天%" PRId64 "小时" : "%" PRId64 " d %" PRId64 " h",
                 days, hours % 24);
    else if (hours >= 1)
        snprintf(text, size,
                 zh ? "%" PRId64 "小时%" PRId64 "分" : "%" PRId64 " h %" PRId64 " min",
                 hours, minutes % 60);
    else
        snprintf(text, size, zh ? "%" PRId64 "分钟" : "%" PRId64 " min", minutes);
}

/* One entry of the timeline: when, what, and how long after the order. */
static void entry(const struct page *page, int64_t at, const char *what, const char *more)
{
    char when[REBUT_TIME_SIZE], span[64];
    rebut_time_format(at, 8 * 60, when);
    when[16] = '\0';
    when[10] = ' ';
    write_span(at >= page->order->at ? at - page->order->at : page->order->at - at,
               page->language, span, sizeof span);
    rebut_output_print(page->out, "  %s  %s%s%s", when, what, more[0] != '\0' ? "  " : "",
                       more);
    if (at != page->order->at)
        rebut_output_print(page->out, "  (%s%s)", at > page->order->at ? "+" : "-", span);
    line(page, "");
}

struct moment {
    int64_t at;
    int kind; /* order of equal times */
    char what[160];
    char more[200];
};

static int compare_moments(const void *left, const void *right)
{
    const struct moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->kind - b->kind;
}

#define MOMENTS_MAX 64

static struct moment *add_moment(struct moment *moments, int *count, int64_t at, int kind)
{
    if (*count == MOMENTS_MAX)
        return NULL;
    moments[*count] = (struct moment){.at = at, .kind = kind};
    return &moments[(*count)++];
}

static void add_order(const struct page *page, struct moment *moments, int *count)
{
    const struct rebut_order *order = page->order;
    struct moment *moment = add_moment(moments, count, order->at, 0);
    snprintf(moment->what, sizeof moment->what, "%s", say(page, W_ORDERED));
    const struct rebut_text category =
        order->category == 0
            ? REBUT_TEXT("")
            : rebut_intern_text(&page->state->categories, order->category - 1);
    snprintf(moment->more, sizeof moment->more, "%.*s %s %.2f", (int)category.size,
             category.data, rebut_words_channel[order->channel],
             (double)order->amount / 100);
    if (order->shipped_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->shipped_s * REBUT_SECOND, 1);
        snprintf(moment->what, sizeof moment->what, "%s", say(page, W_SHIPPED));
        const struct rebut_text carrier =
            order->carrier == 0
                ? REBUT_TEXT("")
                : rebut_intern_text(&page->state->carriers, order->carrier - 1);
        snprintf(moment->more, sizeof moment->more, "%.*s", (int)carrier.size,
                 carrier.data);
    }
    if (order->delivered_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->delivered_s * REBUT_SECOND, 2);
        snprintf(moment->what, sizeof moment->what, "%s", say(page, W_DELIVERED));
        snprintf(moment->more, sizeof moment->more, "%s",
                 page->language == REBUT_CHINESE
                     ? signed_zh[order->signed_by]
                     : rebut_words_signed_by[order->signed_by]);
    }
    if (order->promised_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->promised_s * REBUT_SECOND, 1);
        snprintf(moment->what, sizeof moment->what, "%s", say(page, W_PROMISED));
    }
}

static void add_request(const struct page *page, struct moment *moments, int *count)
{
    const struct rebut_order *order = page->order;
    struct moment *moment = add_moment(moments, count, page->request->at, 3);
    char after[100] = "";
    const int64_t signed_at = order->at + order->delivered_s * REBUT_SECOND;
    if (order->delivered_s != REBUT_SECONDS_NONE && signed_at <= page->request->at) {
        char span[64];
        write_span(page->request->at - signed_at, page->language, span, sizeof span);
        if (page->language == REBUT_CHINESE)
            snprintf(after, sizeof after, "，%s%s", say(page, W_AFTER_SIGNING), span);
        else
            snprintf(after, sizeof after, ", %s %s", span, say(page, W_AFTER_SIGNING));
    }
    snprintf(moment->what, sizeof moment->what, "%s", say(page, W_REQUESTED));
    snprintf(moment->more, sizeof moment->more, "%s %.2f%s",
             page->language == REBUT_CHINESE ? reasons_zh[page->request->reason]
                                             : rebut_words_reason[page->request->reason],
             (double)page->request->amount / 100, after);
}

static void add_contacts(const struct page *page, struct moment *moments, int *count)
{
    const struct rebut_state *state = page->state;
    const bool zh = page->language == REBUT_CHINESE;
    uint32_t low = 0, high = state->contacts.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (state->contacts.data[middle].order < page->request->order)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < state->contacts.count &&
           state->contacts.data[low].order == page->request->order;
         low++) {
        const struct rebut_contact *contact = &state->contacts.data[low];
        struct moment *moment = add_moment(moments, count, contact->at, 4);
        if (moment == NULL)
            return;
        snprintf(moment->what, sizeof moment->what, zh ? "%s%s" : "%s: %s",
                 zh ? parties_zh[contact->party] : rebut_words_party[contact->party],
                 zh ? contacts_zh[contact->kind]
                    : rebut_words_contact_kind[contact->kind]);
    }
}

/* What the platform decided is told, and is no evidence. */
static void add_outcomes(const struct page *page, struct moment *moments, int *count)
{
    const struct rebut_state *state = page->state;
    const bool zh = page->language == REBUT_CHINESE;
    for (uint32_t i = 0; i < state->outcomes.count; i++) {
        const struct rebut_outcome_seen *seen = &state->outcomes.data[i];
        if (seen->request != page->request_index)
            continue;
        struct moment *moment = add_moment(moments, count, seen->at, 5);
        if (moment == NULL)
            return;
        snprintf(moment->what, sizeof moment->what, "%s",
                 zh ? outcomes_zh[seen->outcome] : rebut_words_outcome[seen->outcome]);
        snprintf(moment->more, sizeof moment->more, "%s",
                 zh ? "（不作为证据）" : "(not used as evidence)");
    }
}

static void write_timeline(const struct page *page)
{
    struct moment moments[MOMENTS_MAX];
    int count = 0;
    add_order(page, moments, &count);
    add_request(page, moments, &count);
    add_contacts(page, moments, &count);
    add_outcomes(page, moments, &count);
    qsort(moments, (size_t)count, sizeof *moments, compare_moments);
    rebut_output_print(page->out, "\n%s\n", say(page, W_TIMELINE));
    for (int i = 0; i < count; i++)
        entry(page, moments[i].at, moments[i].what, moments[i].more);
    if (page->order->shipped_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n", say(page, W_NO_SHIPMENT));
    if (page->order->delivered_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n", say(page, W_NOT_DELIVERED));
}

static int stronger(const void *left, const void *right)
{
    const struct rebut_term *a = left, *b = right;
    if (fabs(a->log_odds) != fabs(b->log_odds))
        return fabs(a->log_odds) > fabs(b->log_odds) ? -1 : 1;
    return (int)a->id - (int)b->id;
}

#define HARDLY 0.05

/* The terms on one side: sign +1 against the buyer, -1 for, 0 hardly either. */
static void write_side(const struct page *page, const struct rebut_term *terms, int count,
                       int sign)
{
    static const enum word headings[] = {W_FOR, W_NEUTRAL, W_AGAINST};
    int written = 0;
    rebut_output_print(page->out, "\n%s\n", say(page, headings[sign + 1]));
    for (int i = 0; i < count; i++) {
        const int side = fabs(terms[i].log_odds) < HARDLY ? 0
                         : terms[i].log_odds > 0          ? 1
                                                          : -1;
        char sentence[REBUT_SENTENCE_SIZE];
        if (side != sign)
            continue;
        rebut_term_sentence(page->scores, page->score, &terms[i], page->language,
                            sentence);
        rebut_output_print(page->out, "  %+6.2f  %s\n", terms[i].log_odds, sentence);
        written++;
    }
    if (written == 0)
        rebut_output_print(page->out, "  %s\n", say(page, W_NONE));
}

static void write_header(const struct page *page)
{
    const struct rebut_score *score = page->score;
    const struct rebut_text id =
        rebut_intern_text(&page->state->request_ids, page->request_index);
    const struct rebut_text order =
        rebut_intern_text(&page->state->order_ids, page->request->order);
    const struct rebut_text merchant =
        rebut_intern_text(&page->state->merchant_ids, page->order->merchant);
    const struct rebut_text buyer =
        rebut_intern_text(&page->state->buyer_ids, page->order->buyer);
    char as_of[REBUT_TIME_SIZE];
    rebut_time_format(page->scores->inference->frame->as_of, 8 * 60, as_of);
    const bool zh = page->language == REBUT_CHINESE;
    rebut_output_print(page->out, "%s %.*s\n", say(page, W_TITLE), (int)id.size, id.data);
    rebut_output_print(page->out,
                       zh ? "订单 %.*s  商家 %.*s  买家 %.*s\n"
                          : "order %.*s  merchant %.*s  buyer %.*s\n",
                       (int)order.size, order.data, (int)merchant.size, merchant.data,
                       (int)buyer.size, buyer.data);
    rebut_output_print(page->out,
                       zh ? "%s：%s  （%s %.1f%%，区间 %.1f%%–%.1f%%）\n"
                          : "%s: %s  (%s %.1f%%, interval %.1f%% to %.1f%%)\n",
                       say(page, W_ANSWER), answers[score->answer][page->language],
                       say(page, W_PROBABILITY), 100 * score->probability,
                       100 * score->low, 100 * score->high);
    rebut_output_print(page->out,
                       zh ? "排名 %" PRIu32 "/%" PRIu32
                            "；若审核到此为止，预计误伤比例 q = %.3f\n"
                          : "rank %" PRIu32 " of %" PRIu32
                            "; reviewing down to here, the expected share of wrong "
                            "accusations is q = %.3f\n",
                       score->rank, page->scores->count, score->q_value);
    rebut_output_print(page->out, zh ? "截至 %s  模型 %s\n" : "as of %s  model %s\n",
                       as_of, page->scores->model->version);
}

static void write_unknown(const struct page *page)
{
    rebut_output_print(page->out, "\n%s\n", say(page, W_UNKNOWN));
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (page->score->notes >> i & 1)
            rebut_output_print(
                page->out, "  · %s\n",
                rebut_note_sentence((enum rebut_note)(1 << i), page->language));
    rebut_output_print(
        page->out, "  · %s\n",
        page->language == REBUT_CHINESE
            ? "开箱视频、聊天内容和实物状态不在数据中"
            : "no video of the opening, no chat and not the goods themselves "
              "were seen");
    rebut_output_print(page->out, "\n%s\n", say(page, W_NOTICE));
}

void rebut_explain(const struct rebut_scores *scores, const struct rebut_score *score,
                   enum rebut_language language, struct rebut_output *out)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t index = frame->claims[score->claim].request;
    const struct rebut_request *request = &frame->state->requests.data[index];
    const struct page page = {.scores = scores,
                              .score = score,
                              .state = frame->state,
                              .request = request,
                              .order = &frame->state->orders.data[request->order],
                              .request_index = index,
                              .language = language,
                              .out = out};
    struct rebut_term terms[REBUT_TERMS];
    const int count = rebut_score_terms(scores, score, terms);
    qsort(terms, (size_t)count, sizeof *terms, stronger);
    write_header(&page);
    write_timeline(&page);
    write_side(&page, terms, count, 1);
    write_side(&page, terms, count, -1);
    write_side(&page, terms, count, 0);
    rebut_output_print(out, "\n  %+6.2f  %s\n", score->log_odds, say(&page, W_SUM));
    write_unknown(&page);
}
