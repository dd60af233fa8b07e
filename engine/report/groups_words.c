/* Sentences about a lead. */
#include <inttypes.h>
#include <stdio.h>

#include "rebut/groups_write.h"

/* [English, Chinese].  The figures: benchmarks/quality/README.md, "Accounts that act
 * together". */
static const char *const caution[2] = {
    "A lead is for a person to look into, not evidence against any account, and enters "
    "no "
    "score. In simulation @@ of 100 accounts listed were abusive and belonged to one "
    "ring; real platforms may differ, and colleagues, families or a bad batch can look "
    "alike.",
    "线索供人工核查，不是对任何账号的证据，也不进入任何评分。模拟中每100个列出的账号约有@"
    "@"
    "个确属同一滥用团伙；真实平台可能不同，同事、家人或同一批次问题商品也可能看起来相似"
    "。"};

const char *rebut_groups_caution(enum rebut_language language)
{
    return caution[language == REBUT_CHINESE];
}

/* What may speak for members: said when `some` holds. */
struct fact {
    uint32_t count, of;
    bool some;
    const char *words[2]; /* both figures, in this order */
};
#define FACTS 4

bool rebut_lead_for_members(const struct rebut_lead *lead, int index,
                            enum rebut_language language,
                            char ret_text[REBUT_GROUPS_SENTENCE_SIZE])
{
    const struct fact facts[FACTS] = {
        {lead->one_item,
         lead->requests,
         2 * lead->one_item >= lead->requests,
         {"%" PRIu32 " of %" PRIu32 " requests are about one item: it may be a bad batch",
          "%" PRIu32 "/%" PRIu32 " 起申请针对同一商品：可能是批次问题"}},
        {lead->witnessed,
         lead->requests,
         lead->witnessed > 0,
         {"%" PRIu32 " of %" PRIu32
          " requests have trusted witnesses: other buyers of the item complained of the "
          "same in the same days, more than is usual",
          "%" PRIu32 "/%" PRIu32
          " 起申请有可信买家佐证：同期购买同一商品者提出同样理由，多于通常比例"}},
        {lead->faulty,
         lead->requests,
         lead->faulty > 0,
         {"%" PRIu32 " of %" PRIu32
          " requests are at merchants or items with a fault 1.5 times the usual or more",
          "%" PRIu32 "/%" PRIu32 " 起申请所在商家或商品的问题率为同类的1.5倍以上"}},
        {lead->judged_legitimate,
         lead->requests,
         lead->judged_legitimate > 0,
         {"%" PRIu32 " of %" PRIu32 " requests were judged legitimate",
          "%" PRIu32 "/%" PRIu32 " 起申请已裁定为正当"}}};
    for (int i = 0; i < FACTS; i++)
        if (facts[i].some && index-- == 0) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(ret_text, REBUT_GROUPS_SENTENCE_SIZE,
                     facts[i].words[language == REBUT_CHINESE], facts[i].count,
                     facts[i].of);
#pragma GCC diagnostic pop
            return true;
        }
    return false;
}
