#include "evaluation_words.h"

#include <stdio.h>

/* [word][language] */
static const char *const words[WORDS][2] = {
    [WORD_TITLE] = {"How well the ranking finds abuse", "排序识别滥用的效果"},
    [WORD_REQUESTS] = {"requests", "申请数"},
    [WORD_FROM_DAY] = {"from day", "起始日"},
    [WORD_ABUSE] = {"truly abusive", "真实滥用"},
    [WORD_MISSING] = {"without a score (counted as 0)", "没有得分（按 0 计）"},
    [WORD_UNUSED] = {"scores not used", "未用到的得分"},
    [WORD_AUC] = {"AUC", "AUC"},
    [WORD_AP] = {"average precision", "平均精确率"},
    [WORD_P100] = {"precision at 100", "前 100 名精确率"},
    [WORD_P300] = {"precision at 300", "前 300 名精确率"},
    [WORD_PK] = {"precision at as many as abuse", "滥用数处精确率"},
    [WORD_ECE] = {"calibration error (10 bins)", "校准误差（10 组）"},
    [WORD_BRIER] = {"Brier score", "Brier 分数"},
    [WORD_LOG_LOSS] = {"log loss", "对数损失"},
    [WORD_ONE_CLASS] = {"AUC and average precision need both abuse and honest requests",
                        "AUC 与平均精确率需要同时有滥用和诚信的申请"},
    [WORD_QUEUE] = {"Queue at q <= 0.10", "复核队列（q ≤ 0.10）"},
    [WORD_QUEUE_NONE] = {"empty", "空"},
    [WORD_QUEUE_SIZE] = {"requests in it", "队列申请数"},
    [WORD_QUEUE_FDP] = {"false alarms", "误报"},
    [WORD_QUEUE_STATED] = {"expected by the scores", "得分所预期"},
    [WORD_FALSE_POSITIVES] = {"Honest requests flagged", "诚信申请被标记"},
    [WORD_RECALL] = {"Abuse flagged, by kind", "滥用被标记（按类型）"},
    [WORD_THRESHOLD] = {"as many flagged as are truly abusive: probability from",
                        "标记数等于真实滥用数，概率不低于"},
    [WORD_GROUP] = {"group", "群体"},
    [WORD_FLAGGED] = {"flagged", "被标记"},
    [WORD_OF] = {"of", "总数"},
    [WORD_RATE] = {"rate", "比率"},
    [WORD_INTERVAL] = {"95% interval", "95% 区间"},
    [WORD_ROC] = {"ROC", "ROC 曲线"},
    [WORD_FALSE_POSITIVE_RATE] = {"honest requests flagged", "诚信申请被标记的比例"},
    [WORD_TRUE_POSITIVE_RATE] = {"abuse flagged", "滥用被标记的比例"},
    [WORD_PRECISION_RECALL] = {"Precision and recall", "精确率与召回率"},
    [WORD_PRECISION] = {"precision", "精确率"},
    [WORD_RECALL_AXIS] = {"recall", "召回率"},
    [WORD_RELIABILITY] = {"Reliability", "概率可靠性"},
    [WORD_PREDICTED] = {"mean probability given", "给出的平均概率"},
    [WORD_OBSERVED] = {"share truly abusive", "实际滥用比例"},
    [WORD_DECILES] = {"tenths of the ranking, 95%", "排序十等分，95% 区间"},
    [WORD_QUEUE_PANEL] = {"False alarms down the queue", "队列中的误报比例"},
    [WORD_REVIEWED] = {"requests reviewed, best first", "按排序复核的申请数"},
    [WORD_FALSE_SHARE] = {"share that is honest", "其中诚信的比例"},
    [WORD_REALISED] = {"realised", "实际"},
    [WORD_STATED] = {"expected by the scores", "得分所预期"},
    [WORD_QUEUE_END] = {"q ≤ 0.10", "q ≤ 0.10"},
    [WORD_RANKING] = {"this ranking", "本排序"},
    [WORD_CHANCE] = {"by chance", "随机排序"},
    [WORD_PERFECT] = {"perfectly calibrated", "完全校准"},
};

/* Groups that have a name for a person: {name, English, Chinese}. */
static const char *const groups[][3] = {
    {"all", "all", "全部"},
    {"bad_merchant", "buyers of bad merchants", "劣质商家的买家"},
    {"good_merchant", "buyers of good merchants", "优质商家的买家"},
    {"claimant", "frequent but honest claimants", "常申请但诚信的买家"},
    {"dorm", "dormitory addresses", "宿舍地址的买家"},
    {"one_order", "buyers with one order", "只有一单的买家"},
    {"serial", "serial", "惯犯"},
    {"ring", "ring", "团伙"},
    {"sleeper", "sleeper", "潜伏型"},
    {"opportunist", "opportunist", "机会型"},
    {"channel:shelf", "channel: shelf", "渠道：货架"},
    {"channel:livestream", "channel: livestream", "渠道：直播"},
    {"channel:short_video", "channel: short video", "渠道：短视频"},
    {"channel:social", "channel: social", "渠道：社交"},
    {"channel:private_domain", "channel: private domain", "渠道：私域"},
};

const char *rebut_evaluation_word(enum rebut_evaluation_word word,
                                  enum rebut_language language)
{
    return words[word][language == REBUT_CHINESE];
}

void rebut_evaluation_group(const char *name, enum rebut_language language,
                            char ret[REBUT_GROUP_WORDS])
{
    static const char *const regions[2] = {"region: ", "地区："};
    const bool chinese = language == REBUT_CHINESE;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (strcmp(groups[i][0], name) == 0) {
            snprintf(ret, REBUT_GROUP_WORDS, "%s", groups[i][1 + chinese]);
            return;
        }
    }
    const bool region = strncmp(name, "region:", 7) == 0;
    snprintf(ret, REBUT_GROUP_WORDS, "%s%s", region ? regions[chinese] : "",
             region ? name + 7 : name);
}
