#include "audit_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* [word][English, Chinese] */
static const char *const words[AUDIT_WORDS][2] = {
    [AUDIT_TITLE] = {"Did what was stated come true?", "当初的判断应验了吗"},
    [AUDIT_LINES] = {"scores read", "读入得分"},
    [AUDIT_SUPERSEDED] = {"replaced by a later score", "被后来的得分取代"},
    [AUDIT_UNKNOWN] = {"not in the events", "事件中没有"},
    [AUDIT_UNJUDGED] = {"without a verdict", "没有复核结论"},
    [AUDIT_KNOWN] = {"judged before they were scored", "评分前已有结论"},
    [AUDIT_DISPUTED] = {"reviewers divided", "复核员意见相持"},
    [AUDIT_OUTSIDE] = {"judged at another time", "结论不在所选时间内"},
    [AUDIT_JUDGED] = {"judged", "有结论"},
    [AUDIT_ABUSE] = {"  as abuse", "  其中认定滥用"},
    [AUDIT_RANKED] = {"  ranked", "  其中按排序抽出"},
    [AUDIT_RANDOM] = {"  drawn at random", "  其中随机抽出"},
    [AUDIT_UNWEIGHED] = {"  for reasons of unknown chance", "  其中抽中概率未知"},
    [AUDIT_WEEKS] =
        {"Wrong accusations among judged ranked requests, by week of the verdict",
         "排序抽出且有结论的申请中冤枉的比例（按结论所在周）"},
    [AUDIT_WEEK] = {"week", "周"},
    [AUDIT_TOTAL] = {"all", "合计"},
    [AUDIT_N] = {"judged", "有结论"},
    [AUDIT_WRONG] = {"wrong", "冤枉"},
    [AUDIT_STATED] = {"stated", "预期"},
    [AUDIT_Q] = {"max q", "最大 q"},
    [AUDIT_REALISED] = {"realised", "实际"},
    [AUDIT_INTERVAL] = {"95% interval", "95% 区间"},
    [AUDIT_CORRECTED] = {"corrected", "校正后"},
    [AUDIT_ERROR_NOTE] = {"corrected for reviewers who err either way with probability",
                          "校正：复核员两个方向各以此概率出错"},
    [AUDIT_CLAMPED] = {"* cut off at 0 or 1", "* 截断在 0 或 1"},
    [AUDIT_NO_RANKED] = {"no ranked request was judged", "没有按排序抽出且有结论的申请"},
    [AUDIT_ESTIMATES] = {"Of all requests, corrected for who was reviewed",
                         "推算到全部申请（按抽中概率加权）"},
    [AUDIT_PREVALENCE] = {"share of abuse", "滥用占比"},
    [AUDIT_PRECISION] = {"precision of the ranked", "排序抽出部分的精确率"},
    [AUDIT_RECALL] = {"recall of the ranked", "排序抽出部分的召回率"},
    [AUDIT_PRECISION_Q] = {"precision at q <= 0.10", "q ≤ 0.10 的精确率"},
    [AUDIT_RECALL_Q] = {"recall at q <= 0.10", "q ≤ 0.10 的召回率"},
    [AUDIT_ESTIMATE] = {"estimate", "估计"},
    [AUDIT_FEW] = {"few verdicts on random draws, so what was not ranked is hardly known",
                   "随机抽出的结论太少，未入排序的部分几乎无从得知"},
    [AUDIT_RELIABILITY_RANDOM] = {"Stated against found, tenths of the random draws",
                                  "概率可靠性（随机抽出的十等分）"},
    [AUDIT_RELIABILITY_ALL] =
        {"Stated against found, tenths of all judged (fewer than 100 random draws)",
         "概率可靠性（全部有结论的十等分；随机抽出不足 100 条）"},
    [AUDIT_BIN] = {"probabilities", "概率"},
    [AUDIT_VENN] = {"p0 - p1", "p0 - p1"},
    [AUDIT_VENN_NOTE] =
        {"p0 - p1: what verdicts make of the stated mean (Venn-Abers), were one more "
         "such "
         "request honest or abuse; no 95% interval",
         "p0 - "
         "p1：按结论重新校准的概率（Venn-Abers），分别假设再来一条同分申请是正当或滥用；"
         "不是 95% 区间"},
    [AUDIT_VENN_BAND] = {"Venn-Abers p0 to p1", "Venn-Abers p0 至 p1"},
    [AUDIT_MAPS] = {"What the verdicts say the probabilities should be",
                    "按结论，概率本应是多少"},
    [AUDIT_MAPS_RANDOM] = {"from the random draws, judged / abuse",
                           "取自随机抽出的，有结论 / 滥用"},
    [AUDIT_MAPS_ALL] = {"from all judged (too few random draws), judged / abuse",
                        "取自全部有结论的（随机抽出的太少），有结论 / 滥用"},
    [AUDIT_MAPS_FEW] = {"too few verdicts of the rarer kind to say",
                        "较少的一类结论太少，无法判断"},
    [AUDIT_BETA_FEW] = {"beta: too few verdicts of the rarer kind",
                        "beta：较少的一类结论太少"},
    [AUDIT_TOO_FEW] = {": ", "："},
    [AUDIT_NEEDED] = {", needed: ", "，需要 "},
    [AUDIT_MAP] = {"map", "映射"},
    [AUDIT_PLATT_INTERCEPT] = {"Platt, intercept", "Platt 截距"},
    [AUDIT_PLATT_INTERCEPT_MEANS] =
        {"above 0: a stated 0.5 is too low, below 0: too high",
         "大于 0：给出的 0.5 偏低；小于 0：偏高"},
    [AUDIT_PLATT_SLOPE] = {"Platt, slope", "Platt 斜率"},
    [AUDIT_PLATT_SLOPE_MEANS] = {"below 1: too sure either way, above 1: not sure enough",
                                 "小于 1：两端都过于肯定；大于 1：不够肯定"},
    [AUDIT_BETA_C] = {"beta, c", "beta 参数 c"},
    [AUDIT_BETA_C_MEANS] = {"above 0: all are moved up, below 0: down",
                            "大于 0：整体上调；小于 0：整体下调"},
    [AUDIT_BETA_A] = {"beta, a", "beta 参数 a"},
    [AUDIT_BETA_A_MEANS] = {"below 1: the lowest are too low, above 1: too high",
                            "小于 1：最低的概率偏低；大于 1：偏高"},
    [AUDIT_BETA_B] = {"beta, b", "beta 参数 b"},
    [AUDIT_BETA_B_MEANS] = {"below 1: the highest are too high, above 1: too low",
                            "小于 1：最高的概率偏高；大于 1：偏低"},
    [AUDIT_PREFERRED] = {"preferred: ", "首选："},
    [AUDIT_MAP_STATED] = {"as stated", "保持原样"},
    [AUDIT_MAP_PLATT] = {"Platt", "Platt"},
    [AUDIT_MAP_BETA] = {"beta", "beta"},
    [AUDIT_AGREEMENT] = {"Agreement between reviewers", "复核员之间的一致性"},
    [AUDIT_PAIR] = {"reviewers", "复核员"},
    [AUDIT_PAIRS_ALL] = {"all pairs", "全部配对"},
    [AUDIT_AGREE] = {"agree", "一致"},
    [AUDIT_KAPPA] = {"kappa", "kappa"},
    [AUDIT_SE] = {"s.e.", "标准误"},
    [AUDIT_NO_PAIRS] = {"no request was judged by two reviewers", "没有两人复核过的申请"},
    [AUDIT_ERROR] = {"a verdict is wrong", "结论出错的概率"},
    [AUDIT_ERROR_FEW] = {"error of a verdict: too few requests reviewed twice",
                         "结论出错的概率：两人复核过的申请太少"},
    [AUDIT_TWICE] = {"requests reviewed twice", "两人复核过的申请"},
    [AUDIT_REVIEWER] = {"reviewer", "复核员"},
    [AUDIT_BY_REVIEWER_FEW] =
        {"errors by reviewer: too few requests reviewed by three (of 256 reviewers at "
         "most)",
         "各复核员的出错率：三人复核过的申请太少（复核员至多 256 名）"},
    [AUDIT_MISSED] = {"missed", "漏判"},
    [AUDIT_FALSE_ALARM] = {"accused", "误判"},
    [AUDIT_REVIEWER_NOTE] = {"missed: of abuse; accused: of honest requests; by Dawid "
                             "and Skene, drawn to the "
                             "common error; read the intervals as nine in ten",
                             "漏判：滥用判为正当；误判：正当判为滥用；Dawid-Skene "
                             "估计，向共同出错率收缩；区间宜按九成理解"},
    [AUDIT_GROUPS] = {"Wrong accusations by group, ranked requests",
                      "分群体的冤枉比例（排序抽出）"},
    [AUDIT_GROUP] = {"group", "群体"},
    [AUDIT_DRIFT] = {"Drift of the evidence: PSI since the fit, worth by the verdicts",
                     "证据的漂移：自拟合以来的 PSI，按结论应有的分量"},
    [AUDIT_PSI_COLUMN] = {"PSI", "PSI"},
    [AUDIT_HAVE] = {"requests", "涉及申请"},
    [AUDIT_WORTH] = {"worth", "分量"},
    [AUDIT_Z] = {"z", "z"},
    [AUDIT_Q_COLUMN] = {"q", "q"},
    [AUDIT_HEAVY] = {"counts too much", "分量过重"},
    [AUDIT_LIGHT] = {"counts too little", "分量过轻"},
    [AUDIT_WORTH_NOTE] =
        {"worth 1: as stated, 0: says nothing; score test with the whole calibrated "
         "anew, "
         "from 20 verdicts of each kind and 20 requests that have the term; named up to "
         "q 0.10",
         "分量 1：与给出的一致；0：已无信息。整体重新校准后的得分检验，两类结论各至少 20 "
         "条、"
         "涉及该项的申请至少 20 条；q ≤ 0.10 时标出"},
    [AUDIT_TERM] = {"term", "项"},
    [AUDIT_MOVED] = {"moved", "有变化"},
    [AUDIT_SHIFTED] = {"shifted", "明显变化"},
    [AUDIT_MONTHS] = {"Calibration by month: share found less mean stated",
                      "逐月校准：认定比例减去平均预期"},
    [AUDIT_MONTH] = {"month", "月"},
    [AUDIT_SHIFT] = {"shift", "偏差"},
    [AUDIT_RELIABILITY] = {"Reliability", "概率可靠性"},
    [AUDIT_X_STATED] = {"mean probability stated", "给出的平均概率"},
    [AUDIT_Y_FOUND] = {"share found abusive", "认定滥用的比例"},
    [AUDIT_TENTHS] = {"tenths, 95%", "十等分，95% 区间"},
    [AUDIT_PERFECT] = {"perfectly calibrated", "完全校准"},
    [AUDIT_PR] = {"Precision and recall, weighted", "精确率与召回率（加权）"},
    [AUDIT_PR_LINE] = {"judged requests", "有结论的申请"},
    [AUDIT_CHANCE] = {"by chance", "随机排序"},
    [AUDIT_X_RECALL] = {"recall", "召回率"},
    [AUDIT_Y_PRECISION] = {"precision", "精确率"},
    [AUDIT_CURVE] = {"Wrong accusations down the ranking", "沿排序向下的冤枉比例"},
    [AUDIT_X_RANK] = {"ranked requests judged, best first",
                      "排序抽出且有结论的申请，从高到低"},
    [AUDIT_Y_WRONG] = {"share wrongly accused", "冤枉的比例"},
    [AUDIT_LINE_REALISED] = {"realised", "实际"},
    [AUDIT_LINE_STATED] = {"stated", "预期"},
};

/* Kinds and names of groups: {name, English, Chinese}. */
static const char *const groups[][3] = {
    {"merchant_fault", "merchant's fault", "商家问题率"},
    {"one_order", "buyer with one order", "只有一单的买家"},
    {"channel", "channel", "渠道"},
    {"region", "region", "地区"},
    {"selection", "chosen (all judged)", "抽出方式（全部有结论）"},
    {"delay", "verdict after", "多久后有结论"},
    {"low", "low", "低"},
    {"middle", "middle", "中"},
    {"high", "high", "高"},
    {"unknown", "unknown", "未知"},
    {"yes", "yes", "是"},
    {"no", "no", "否"},
    {"other", "other", "其他"},
    {"ranked", "ranked", "按排序"},
    {"random", "at random", "随机"},
    {"appeal", "appeal", "申诉"},
    {"same_day", "same day", "当天"},
    {"1_3_days", "1-3 days", "1–3 天"},
    {"4_7_days", "4-7 days", "4–7 天"},
    {"later", "later", "更久"},
    {"shelf", "shelf", "货架"},
    {"livestream", "livestream", "直播"},
    {"short_video", "short video", "短视频"},
    {"social", "social", "社交"},
    {"private_domain", "private domain", "私域"},
};

const char *rebut_audit_word(enum rebut_audit_word word, enum rebut_language language)
{
    return words[word][language == REBUT_CHINESE];
}

static const char *group_word(const char *name, bool chinese)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(groups[i][0], name) == 0)
            return groups[i][1 + chinese];
    return name;
}

void rebut_audit_group_words(const char *kind, const char *name,
                             enum rebut_language language,
                             char ret[REBUT_AUDIT_GROUP_WORDS])
{
    const bool chinese = language == REBUT_CHINESE;
    const bool plain = strcmp(kind, "region") == 0 && strcmp(name, "other") != 0 &&
                       strcmp(name, "unknown") != 0;
    snprintf(ret, REBUT_AUDIT_GROUP_WORDS, "%s%s%s", group_word(kind, chinese),
             chinese ? "：" : ": ", plain ? name : group_word(name, chinese));
}
