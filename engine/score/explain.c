#include "rebut/explain.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "explain_page.h"

static const char *const words[WORDS][2] = {
    [W_TITLE] = {"仅退款请求", "refund-only request"},
    [W_ANSWER] = {"结论", "answer"},
    [W_PROBABILITY] = {"滥用概率", "probability of abuse"},
    [W_TIMELINE] = {"经过", "What happened"},
    [W_AGAINST] = {"增加怀疑的事实", "What makes abuse likelier"},
    [W_FOR] = {"支持买家的事实", "What speaks for the buyer"},
    [W_NEUTRAL] = {"影响很小的事实", "What hardly matters"},
    [W_NONE] = {"（无）", "(nothing)"},
    [W_CALIBRATION] = {"校准", "Calibration"},
    [W_CHANGE] = {"怎样会改变结论", "What would change the answer"},
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

const char *rebut_page_say(const struct rebut_page *page, enum rebut_page_word word)
{
    return words[word][page->language];
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

static int stronger(const void *left, const void *right)
{
    const struct rebut_term *a = left, *b = right;
    if (fabs(a->log_odds) != fabs(b->log_odds))
        return fabs(a->log_odds) > fabs(b->log_odds) ? -1 : 1;
    return (int)a->id - (int)b->id;
}

#define HARDLY 0.05

/* The terms on one side: sign +1 against the buyer, -1 for, 0 hardly either. */
static void write_side(const struct rebut_page *page, const struct rebut_term *terms,
                       int count, int sign)
{
    static const enum rebut_page_word headings[] = {W_FOR, W_NEUTRAL, W_AGAINST};
    int written = 0;
    rebut_output_print(page->out, "\n%s\n", rebut_page_say(page, headings[sign + 1]));
    for (int i = 0; i < count; i++) {
        const int side = fabs(terms[i].log_odds) < HARDLY ? 0
                         : terms[i].log_odds > 0          ? 1
                                                          : -1;
        char sentence[REBUT_SENTENCE_SIZE];
        if (side != sign || terms[i].id == REBUT_TERM_CALIBRATION)
            continue;
        rebut_term_sentence(page->scores, page->score, &terms[i], page->language,
                            sentence);
        rebut_output_print(page->out, "  %+6.2f  %s\n", terms[i].log_odds, sentence);
        written++;
    }
    if (written == 0)
        rebut_output_print(page->out, "  %s\n", rebut_page_say(page, W_NONE));
}

/* The model's own doubt speaks neither for nor against anybody. */
static void write_calibration(const struct rebut_page *page,
                              const struct rebut_term *terms, int count)
{
    char sentence[REBUT_SENTENCE_SIZE];
    rebut_output_print(page->out, "\n%s\n", rebut_page_say(page, W_CALIBRATION));
    for (int i = 0; i < count; i++) {
        if (terms[i].id != REBUT_TERM_CALIBRATION)
            continue;
        rebut_term_sentence(page->scores, page->score, &terms[i], page->language,
                            sentence);
        rebut_output_print(page->out, "  %+6.2f  %s\n", terms[i].log_odds, sentence);
    }
}

static void write_header(const struct rebut_page *page)
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
    rebut_output_print(page->out, "%s %.*s\n", rebut_page_say(page, W_TITLE),
                       (int)id.size, id.data);
    rebut_output_print(page->out,
                       zh ? "订单 %.*s  商家 %.*s  买家 %.*s\n"
                          : "order %.*s  merchant %.*s  buyer %.*s\n",
                       (int)order.size, order.data, (int)merchant.size, merchant.data,
                       (int)buyer.size, buyer.data);
    rebut_output_print(page->out,
                       zh ? "%s：%s  （%s %.1f%%，区间 %.1f%%–%.1f%%）\n"
                          : "%s: %s  (%s %.1f%%, interval %.1f%% to %.1f%%)\n",
                       rebut_page_say(page, W_ANSWER),
                       answers[score->answer][page->language],
                       rebut_page_say(page, W_PROBABILITY), 100 * score->probability,
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

static void write_turned(const struct rebut_page *page)
{
    char when[REBUT_TIME_SIZE];
    rebut_time_format(page->score->turned.since, 8 * 60, when);
    when[10] = '\0';
    rebut_output_print(
        page->out,
        page->language == REBUT_CHINESE
            ? "    自 %s 起；从不滥用的买家出现这种记录的概率不超过 %.2g%%\n"
            : "    since %s; one who never abuses has such a record with a "
              "chance of at most %.2g%%\n",
        when, 100 * page->score->turned.bound);
}

static void write_unknown(const struct rebut_page *page)
{
    rebut_output_print(page->out, "\n%s\n", rebut_page_say(page, W_UNKNOWN));
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (page->score->notes >> i & 1)
            rebut_output_print(
                page->out, "  · %s\n",
                rebut_note_sentence((enum rebut_note)(1 << i), page->language));
    if (page->score->notes & REBUT_NOTE_TURNED)
        write_turned(page);
    rebut_output_print(
        page->out, "  · %s\n",
        page->language == REBUT_CHINESE
            ? "开箱视频、聊天内容和实物状态不在数据中"
            : "no video of the opening, no chat and not the goods themselves "
              "were seen");
    rebut_output_print(page->out, "\n%s\n", rebut_page_say(page, W_NOTICE));
}

void rebut_explain(const struct rebut_scores *scores, const struct rebut_score *score,
                   enum rebut_language language, struct rebut_output *out)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t index = frame->claims[score->claim].request;
    const struct rebut_request *request = &frame->state->requests.data[index];
    const struct rebut_page page = {.scores = scores,
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
    rebut_page_timeline(&page);
    write_side(&page, terms, count, 1);
    write_side(&page, terms, count, -1);
    write_side(&page, terms, count, 0);
    write_calibration(&page, terms, count);
    rebut_output_print(out, "\n  %+6.2f  %s\n", score->log_odds,
                       rebut_page_say(&page, W_SUM));
    rebut_page_change(&page, terms, count);
    write_unknown(&page);
}
