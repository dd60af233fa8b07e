/* What happened, in the order of time, and the words for it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/case_page.h"

static const char *const reasons_zh[REBUT_REASONS] = {
    "",         "商品破损",     "质量问题", "与描述不符", "假冒商品", "发错商品",
    "少件漏件", "发货或配送迟", "未收到货", "降价",       "不想要了", "其他"};
static const char *const contacts_zh[REBUT_CONTACTS] = {
    "", "留言", "回复", "提出补发换货", "提出部分退款", "提出退货退款"};
static const char *const parties_zh[REBUT_PARTIES] = {"", "买家", "商家"};
static const char *const outcomes_zh[REBUT_OUTCOMES] = {"", "平台同意退款", "平台驳回",
                                                        "买家撤回"};
static const char *const signed_zh[REBUT_SIGNEDS] = {"", "本人", "快递柜", "他人"};

const char *rebut_case_reason(enum rebut_reason reason, enum rebut_language language)
{
    return language == REBUT_CHINESE ? reasons_zh[reason] : rebut_words_reason[reason];
}

const char *rebut_case_signed(enum rebut_signed_by by, enum rebut_language language)
{
    return language == REBUT_CHINESE ? signed_zh[by] : rebut_words_signed_by[by];
}

const char *rebut_case_outcome(enum rebut_outcome outcome, enum rebut_language language)
{
    return language == REBUT_CHINESE ? outcomes_zh[outcome]
                                     : rebut_words_outcome[outcome];
}

void rebut_case_contact(enum rebut_party party, enum rebut_contact_kind kind,
                        enum rebut_language language, char ret_text[REBUT_CASE_WHAT])
{
    if (language == REBUT_CHINESE)
        snprintf(ret_text, REBUT_CASE_WHAT, "%s%s", parties_zh[party], contacts_zh[kind]);
    else
        snprintf(ret_text, REBUT_CASE_WHAT, "%s: %s", rebut_words_party[party],
                 rebut_words_contact_kind[kind]);
}

void rebut_case_span(int64_t microseconds, enum rebut_language language,
                     char ret_text[REBUT_CASE_SPAN])
{
    const bool zh = language == REBUT_CHINESE;
    const int64_t minutes = microseconds / REBUT_MINUTE;
    const int64_t hours = minutes / 60, days = hours / 24;
    if (days >= 1)
        snprintf(ret_text, REBUT_CASE_SPAN,
                 zh ? "%" PRId64 "天%" PRId64 "小时" : "%" PRId64 " d %" PRId64 " h",
                 days, hours % 24);
    else if (hours >= 1)
        snprintf(ret_text, REBUT_CASE_SPAN,
                 zh ? "%" PRId64 "小时%" PRId64 "分" : "%" PRId64 " h %" PRId64 " min",
                 hours, minutes % 60);
    else
        snprintf(ret_text, REBUT_CASE_SPAN, zh ? "%" PRId64 "分钟" : "%" PRId64 " min",
                 minutes);
}

void rebut_case_asked(struct rebut_case_moment *moment, enum rebut_reason reason,
                      int64_t amount, int64_t signed_at, enum rebut_language language)
{
    char after[100] = "";
    if (signed_at != REBUT_TIME_NONE && signed_at <= moment->at) {
        const char *words = rebut_case_say(REBUT_CASE_AFTER_SIGNING, language);
        char span[REBUT_CASE_SPAN];
        rebut_case_span(moment->at - signed_at, language, span);
        if (language == REBUT_CHINESE)
            snprintf(after, sizeof after, "，%s%s", words, span);
        else
            snprintf(after, sizeof after, ", %s %s", span, words);
    }
    snprintf(moment->more, sizeof moment->more, "%s %.2f%s",
             rebut_case_reason(reason, language), (double)amount / 100, after);
}

/* When, what, how long after the order, and somebody's words beneath. */
static void write_moment(const struct rebut_case_moment *moment, int64_t ordered_at,
                         enum rebut_language language, struct rebut_output *out)
{
    char when[REBUT_TIME_SIZE], span[REBUT_CASE_SPAN];
    rebut_time_format(moment->at, 8 * 60, when);
    when[16] = '\0';
    when[10] = ' ';
    const bool later = moment->at >= ordered_at;
    rebut_case_span(later ? moment->at - ordered_at : ordered_at - moment->at, language,
                    span);
    rebut_output_print(out, "  %s  %s%s%s", when, moment->what,
                       moment->more[0] != '\0' ? "  " : "", moment->more);
    if (moment->at != ordered_at)
        rebut_output_print(out, "  (%s%s)", later ? "+" : "-", span);
    rebut_output_print(out, "\n%s", moment->words == NULL ? "" : moment->words);
}

static int compare_moments(const void *left, const void *right)
{
    const struct rebut_case_moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->kind - b->kind;
}

void rebut_case_write_timeline(struct rebut_case_moment *moments, int count,
                               int64_t ordered_at, enum rebut_language language,
                               struct rebut_output *out)
{
    qsort(moments, (size_t)count, sizeof *moments, compare_moments);
    rebut_output_print(out, "\n%s\n", rebut_case_say(REBUT_CASE_TIMELINE, language));
    for (int i = 0; i < count; i++)
        write_moment(&moments[i], ordered_at, language, out);
}
