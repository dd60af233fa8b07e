/* Sentences about a lead. */
#include <inttypes.h>
#include <stdio.h>

#include "rebut/groups_write.h"

/* [English, Chinese].  The figures: benchmarks/quality/README.md, "Accounts that act
 * together". */
static const char *const caution[2] = {
    "A lead is for a person to look into: it is evidence against nobody and enters no "
    "score. In simulation 97 of 100 accounts listed were in one ring with the others of "
    "their group; of 105 platforms without rings 12 listed a pair, wrongly. Real "
    "platforms may differ: colleagues, families or a bad batch can look alike.",
    "线索供人工核查：它不是对任何人的证据，也不进入任何评分。"
    "模拟中每100个列出的账号约有97个与同组账号同属一个团伙；"
    "105个没有团伙的平台中有12个误列了成对的账号。"
    "真实平台可能不同：同事、家人或一批问题商品看起来也可能相似。"};

const char *rebut_groups_caution(enum rebut_language language)
{
    return caution[language == REBUT_CHINESE];
}

/* What may speak for members: said when `some` holds. */
struct fact {
    uint32_t count;
    bool some;
    const char *words[2]; /* after "5 of 26 requests", "5/26 起申请" */
};
#define FACTS 4

bool rebut_lead_for_members(const struct rebut_lead *lead, int index,
                            enum rebut_language language,
                            char ret_text[REBUT_GROUPS_SENTENCE_SIZE])
{
    const bool chinese = language == REBUT_CHINESE;
    const struct fact facts[FACTS] = {
        {lead->one_item,
         2 * lead->one_item >= lead->requests,
         {"are about one item: it may be a bad batch", "针对同一商品：可能是批次问题"}},
        {lead->witnessed,
         lead->witnessed > 0,
         {"have witnesses: buyers outside the group, with a record and not suspected, "
          "found the "
          "same wrong with the item within 14 days",
          "有旁证：组外有购买记录且不可疑的买家在14天内就同一商品提出同样理由"}},
        {lead->faulty,
         lead->faulty > 0,
         {"are at merchants or items with a fault 1.5 times the usual or more",
          "所在商家或商品的问题率为同类的1.5倍以上"}},
        {lead->judged_legitimate,
         lead->judged_legitimate > 0,
         {"were judged legitimate", "已裁定为正当"}}};
    for (int i = 0; i < FACTS; i++)
        if (facts[i].some && index-- == 0) {
            snprintf(ret_text, REBUT_GROUPS_SENTENCE_SIZE, "%" PRIu32 "%s%" PRIu32 "%s%s",
                     facts[i].count, chinese ? "/" : " of ", lead->requests,
                     chinese ? " 起申请" : " requests ", facts[i].words[chinese]);
            return true;
        }
    return false;
}
