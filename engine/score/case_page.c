/* What the pages about one request have in common; the timeline is in case_timeline.c. */
#include "rebut/case_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char *const words[REBUT_CASE_WORDS][2] = {
    [REBUT_CASE_TITLE] = {"仅退款请求", "refund-only request"},
    [REBUT_CASE_ANSWER] = {"结论", "answer"},
    [REBUT_CASE_PROBABILITY] = {"滥用概率", "probability of abuse"},
    [REBUT_CASE_TIMELINE] = {"经过", "What happened"},
    [REBUT_CASE_AGAINST] = {"增加怀疑的事实", "What makes abuse likelier"},
    [REBUT_CASE_FOR] = {"支持买家的事实", "What speaks for the buyer"},
    [REBUT_CASE_NEUTRAL] = {"影响很小的事实", "What hardly matters"},
    [REBUT_CASE_NONE] = {"（无）", "(nothing)"},
    [REBUT_CASE_CALIBRATION] = {"校准", "Calibration"},
    [REBUT_CASE_CHANGE] = {"怎样会改变结论", "What would change the answer"},
    [REBUT_CASE_UNKNOWN] = {"尚不知道的", "What is not known"},
    [REBUT_CASE_SUM] = {"各项之和（对数几率）", "sum of the lines (log-odds)"},
    [REBUT_CASE_NOTICE] =
        {"本说明是统计证据，不是法律认定；是否滥用须由人判断。",
         "This is statistical evidence, not a legal finding; a person must decide."},
    [REBUT_CASE_ORDERED] = {"下单", "ordered"},
    [REBUT_CASE_PROMISED] = {"承诺发货时限", "promised to ship by"},
    [REBUT_CASE_SHIPPED] = {"发货", "shipped"},
    [REBUT_CASE_DELIVERED] = {"签收", "signed for"},
    [REBUT_CASE_REQUESTED] = {"申请仅退款", "asked for a refund without return"},
    [REBUT_CASE_RETURN_REQUESTED] = {"申请退货退款", "asked to send the goods back"},
    [REBUT_CASE_AFTER_SIGNING] = {"签收后", "after signing"},
    [REBUT_CASE_NOT_DELIVERED] = {"物流未显示签收", "the carrier shows no signature"},
    [REBUT_CASE_NO_SHIPMENT] = {"没有发货记录", "no shipment is on record"},
    [REBUT_CASE_NO_EVIDENCE] = {"（不作为证据）", "(not used as evidence)"},
};

static const char *const answers[REBUT_ANSWERS][2] = {
    [REBUT_LIKELY_ABUSE] = {"很可能是滥用", "likely abuse"},
    [REBUT_UNDETERMINED] = {"不能确定", "undetermined"},
    [REBUT_LIKELY_LEGITIMATE] = {"很可能正当", "likely legitimate"},
};

const char *rebut_case_say(enum rebut_case_word word, enum rebut_language language)
{
    return words[word][language];
}

static void heading(enum rebut_case_word word, enum rebut_language language,
                    struct rebut_output *out)
{
    rebut_output_print(out, "\n%s\n", rebut_case_say(word, language));
}

/* "99.4%", and ">99.9%" where it would round to a certainty that nobody has. */
static const char *percent(double share, char text[16])
{
    if (share < 1 && share >= 0.9995)
        return ">99.9%";
    if (share > 0 && share < 0.0005)
        return "<0.1%";
    snprintf(text, 16, "%.1f%%", 100 * share);
    return text;
}

static const char *q_words(double q, char text[16])
{
    if (q < 0.0005)
        return "< 0.001";
    snprintf(text, 16, "= %.3f", q);
    return text;
}

void rebut_case_write_head(const struct rebut_case_head *head,
                           enum rebut_language language, struct rebut_output *out)
{
    char as_of[REBUT_TIME_SIZE], of[32] = "", share[16], q[16];
    const bool zh = language == REBUT_CHINESE;
    rebut_time_format(head->as_of, 8 * 60, as_of);
    if (head->count > 0)
        snprintf(of, sizeof of, zh ? "/%" PRIu32 : " of %" PRIu32, head->count);
    rebut_output_print(out, "%s %.*s\n", rebut_case_say(REBUT_CASE_TITLE, language),
                       (int)head->request_id.size, head->request_id.data);
    rebut_output_print(out,
                       zh ? "订单 %.*s  商家 %.*s  买家 %.*s\n"
                          : "order %.*s  merchant %.*s  buyer %.*s\n",
                       (int)head->order_id.size, head->order_id.data,
                       (int)head->merchant_id.size, head->merchant_id.data,
                       (int)head->buyer_id.size, head->buyer_id.data);
    rebut_output_print(
        out,
        zh ? "%s：%s  （%s %s，区间 %.1f%%–%.1f%%）\n"
           : "%s: %s  (%s %s, interval %.1f%% to %.1f%%)\n",
        rebut_case_say(REBUT_CASE_ANSWER, language), answers[head->answer][language],
        rebut_case_say(REBUT_CASE_PROBABILITY, language),
        percent(head->probability, share), 100 * head->low, 100 * head->high);
    rebut_output_print(out,
                       zh ? "排名 %" PRIu32 "%s；若审核到此为止，预计误伤比例 q %s\n"
                          : "rank %" PRIu32
                            "%s; reviewing down to here, the expected share of wrong "
                            "accusations is q %s\n",
                       head->rank, of, q_words(head->q_value, q));
    rebut_output_print(out, zh ? "截至 %s  模型 %s\n" : "as of %s  model %s\n", as_of,
                       head->model);
}

#define HARDLY 0.05

static int side_of(const struct rebut_case_line *line)
{
    return fabs(line->log_odds) < HARDLY ? 0 : line->log_odds > 0 ? 1 : -1;
}

/* The lines on one side: +1 against the buyer, -1 for, 0 hardly either. */
static void write_side(const struct rebut_case_line *lines, int count, int side,
                       enum rebut_language language, struct rebut_output *out)
{
    static const enum rebut_case_word headings[] = {REBUT_CASE_FOR, REBUT_CASE_NEUTRAL,
                                                    REBUT_CASE_AGAINST};
    int written = 0;
    heading(headings[side + 1], language, out);
    for (int i = 0; i < count; i++) {
        if (side_of(&lines[i]) != side || lines[i].calibration)
            continue;
        rebut_output_print(out, "  %+6.2f  %s\n", lines[i].log_odds, lines[i].sentence);
        written++;
    }
    if (written == 0)
        rebut_output_print(out, "  %s\n", rebut_case_say(REBUT_CASE_NONE, language));
}

void rebut_case_write_lines(const struct rebut_case_line *lines, int count, double sum,
                            enum rebut_language language, struct rebut_output *out)
{
    write_side(lines, count, 1, language, out);
    write_side(lines, count, -1, language, out);
    write_side(lines, count, 0, language, out);
    heading(REBUT_CASE_CALIBRATION, language, out);
    for (int i = 0; i < count; i++)
        if (lines[i].calibration)
            rebut_output_print(out, "  %+6.2f  %s\n", lines[i].log_odds,
                               lines[i].sentence);
    rebut_output_print(out, "\n  %+6.2f  %s\n", sum,
                       rebut_case_say(REBUT_CASE_SUM, language));
}

static void write_turned(const struct rebut_turned *turned, enum rebut_language language,
                         struct rebut_output *out)
{
    char when[REBUT_TIME_SIZE];
    rebut_time_format(turned->since, 8 * 60, when);
    when[10] = '\0';
    rebut_output_print(
        out,
        language == REBUT_CHINESE
            ? "    自 %s 起；从不滥用的买家出现这种记录的概率不超过 %.2g%%\n"
            : "    since %s; one who never abuses has such a record with a "
              "chance of at most %.2g%%\n",
        when, 100 * turned->bound);
}

void rebut_case_write_unknown(unsigned notes, const struct rebut_turned *turned,
                              enum rebut_language language, struct rebut_output *out)
{
    heading(REBUT_CASE_UNKNOWN, language, out);
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (notes >> i & 1)
            rebut_output_print(out, "  · %s\n",
                               rebut_note_sentence((enum rebut_note)(1 << i), language));
    if (notes & REBUT_NOTE_TURNED && turned != NULL)
        write_turned(turned, language, out);
    rebut_output_print(
        out, "  · %s\n",
        language == REBUT_CHINESE
            ? "开箱视频、聊天内容和实物状态不在数据中"
            : "no video of the opening, no chat and not the goods themselves "
              "were seen");
    heading(REBUT_CASE_NOTICE, language, out);
}
