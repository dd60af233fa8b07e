/* The words of an evaluation's table and picture, in English and Chinese. */
#ifndef REBUT_REPORT_EVALUATION_WORDS_H
#define REBUT_REPORT_EVALUATION_WORDS_H

#include "rebut/evaluation.h"

enum rebut_evaluation_word {
    WORD_TITLE,
    WORD_REQUESTS,
    WORD_FROM_DAY,
    WORD_ABUSE,
    WORD_MISSING,
    WORD_UNUSED,
    WORD_AUC,
    WORD_AP,
    WORD_P100,
    WORD_P300,
    WORD_PK,
    WORD_ECE,
    WORD_BRIER,
    WORD_LOG_LOSS,
    WORD_ONE_CLASS,
    WORD_QUEUE,
    WORD_QUEUE_NONE,
    WORD_QUEUE_SIZE,
    WORD_QUEUE_FDP,
    WORD_QUEUE_STATED,
    WORD_FALSE_POSITIVES,
    WORD_RECALL,
    WORD_THRESHOLD,
    WORD_GROUP,
    WORD_FLAGGED,
    WORD_OF,
    WORD_RATE,
    WORD_INTERVAL,
    WORD_ROC,
    WORD_FALSE_POSITIVE_RATE,
    WORD_TRUE_POSITIVE_RATE,
    WORD_PRECISION_RECALL,
    WORD_PRECISION,
    WORD_RECALL_AXIS,
    WORD_RELIABILITY,
    WORD_PREDICTED,
    WORD_OBSERVED,
    WORD_DECILES,
    WORD_QUEUE_PANEL,
    WORD_REVIEWED,
    WORD_FALSE_SHARE,
    WORD_REALISED,
    WORD_STATED,
    WORD_QUEUE_END,
    WORD_RANKING,
    WORD_CHANCE,
    WORD_PERFECT,
    WORDS
};

const char *rebut_evaluation_word(enum rebut_evaluation_word word,
                                  enum rebut_language language);

#define REBUT_GROUP_WORDS 96
/* A group's name for a person; the name itself where it has no other. */
void rebut_evaluation_group(const char *name, enum rebut_language language,
                            char ret[REBUT_GROUP_WORDS]);

#endif
