/* The audit's words in both languages. */
#ifndef REBUT_REPORT_AUDIT_WORDS_H
#define REBUT_REPORT_AUDIT_WORDS_H

#include "rebut/language.h"

enum rebut_audit_word {
    AUDIT_TITLE,
    AUDIT_LINES,
    AUDIT_SUPERSEDED,
    AUDIT_UNKNOWN,
    AUDIT_UNJUDGED,
    AUDIT_KNOWN,
    AUDIT_DISPUTED,
    AUDIT_OUTSIDE,
    AUDIT_JUDGED,
    AUDIT_ABUSE,
    AUDIT_RANKED,
    AUDIT_RANDOM,
    AUDIT_UNWEIGHED,
    AUDIT_WEEKS,
    AUDIT_WEEK,
    AUDIT_TOTAL,
    AUDIT_N,
    AUDIT_WRONG,
    AUDIT_STATED,
    AUDIT_Q,
    AUDIT_REALISED,
    AUDIT_INTERVAL,
    AUDIT_CORRECTED,
    AUDIT_ERROR_NOTE,
    AUDIT_CLAMPED,
    AUDIT_NO_RANKED,
    AUDIT_ESTIMATES,
    AUDIT_PREVALENCE,
    AUDIT_PRECISION,
    AUDIT_RECALL,
    AUDIT_PRECISION_Q,
    AUDIT_RECALL_Q,
    AUDIT_ESTIMATE,
    AUDIT_FEW,
    AUDIT_RELIABILITY_RANDOM,
    AUDIT_RELIABILITY_ALL,
    AUDIT_BIN,
    AUDIT_AGREEMENT,
    AUDIT_PAIR,
    AUDIT_PAIRS_ALL,
    AUDIT_AGREE,
    AUDIT_KAPPA,
    AUDIT_SE,
    AUDIT_NO_PAIRS,
    AUDIT_GROUPS,
    AUDIT_GROUP,
    AUDIT_PSI,
    AUDIT_TERM,
    AUDIT_MOVED,
    AUDIT_SHIFTED,
    AUDIT_MONTHS,
    AUDIT_MONTH,
    AUDIT_SHIFT,
    AUDIT_RELIABILITY,
    AUDIT_X_STATED,
    AUDIT_Y_FOUND,
    AUDIT_TENTHS,
    AUDIT_PERFECT,
    AUDIT_PR,
    AUDIT_PR_LINE,
    AUDIT_CHANCE,
    AUDIT_X_RECALL,
    AUDIT_Y_PRECISION,
    AUDIT_CURVE,
    AUDIT_X_RANK,
    AUDIT_Y_WRONG,
    AUDIT_LINE_REALISED,
    AUDIT_LINE_STATED,
    AUDIT_WORDS
};

const char *rebut_audit_word(enum rebut_audit_word word, enum rebut_language language);

#define REBUT_AUDIT_GROUP_WORDS 120
/* "channel: shelf" in the language; what has no translation as it is. */
void rebut_audit_group_words(const char *kind, const char *name,
                             enum rebut_language language,
                             char ret[REBUT_AUDIT_GROUP_WORDS]);

#endif
