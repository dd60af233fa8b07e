/* rebut/score.h -- ranked refund-only requests, each with reasons that add up.
 *
 * From an inference to what people read: for each request a probability of abuse with
 * an interval, a q-value, one of three answers, and terms whose log-odds sum to the
 * request's (to the last bit: the log-odds are defined as that sum).
 */
#ifndef REBUT_SCORE_H
#define REBUT_SCORE_H

#include "rebut/infer.h"
#include "rebut/language.h"
#include "rebut/term.h"
#include "rebut/turns.h"

enum rebut_answer {
    REBUT_LIKELY_ABUSE,
    REBUT_UNDETERMINED,
    REBUT_LIKELY_LEGITIMATE,
    REBUT_ANSWERS
};
extern const char *const rebut_words_answer[REBUT_ANSWERS];

/* One line of the explanation.  What observed, expected and n count is in the term's
 * sentence; a figure that a term does not have is NaN (observed, expected). */
struct rebut_term {
    enum rebut_term_id id;
    double log_odds;
    double raw; /* the model's own, before verdicts weighed it; 0 of calibration */
    double observed, expected;
    double low, high; /* the normal range of `observed`, 90 %; NaN when there is none */
    uint64_t n;
};

/* What a reader must know beside the number. */
enum rebut_note {
    REBUT_NOTE_BASE_RATE = 1,  /* fewer than 200 verdicts: the base rate is assumed */
    REBUT_NOTE_ONE_ORDER = 2,  /* the buyer has no other order: no record */
    REBUT_NOTE_EPISODE = 4,    /* the merchant's requests came in a burst from accounts
                                  without a record: attack or bad batch, not told apart */
    REBUT_NOTE_FEW_ORDERS = 8, /* the merchant has little trusted history */
    REBUT_NOTE_TURNED = 16,    /* the buyer has turned, before this order or with it */
    REBUT_NOTE_KINDS = 5
};

/* The lower quartile of a normal deviate. */
#define REBUT_PRUDENCE 0.6744897501960817

struct rebut_score {
    uint32_t claim; /* in frame->claims */
    uint32_t rank;  /* from 1 */
    double log_odds, probability;
    /* 90 % interval of the probability: uncertainty of the merchant's fault and of the
     * calibration, most of all of the base rate until verdicts on random draws fix it. */
    double low, high;
    double prudent; /* the probability's lower quartile, as far as calibration goes */
    /* Share of wrong accusations among this and all above, which holds with three
     * chances in four as far as the calibration is unknown (REBUT_PRUDENCE). */
    double q_value;
    /* The same share, bounded by what requests confirmed as legitimate look like, without
     * trust in any probability (rebut/honest.h).  NaN for a request that has been
     * judged, and where no legitimate one was. */
    double conformal_q;
    double expected_recovery; /* probability x amount, fen */
    enum rebut_answer answer;
    unsigned notes;
    struct rebut_turned turned; /* the buyer, with its alarm (rebut/turns.h) */
};

struct rebut_said;

struct rebut_scores {
    const struct rebut_inference *inference;
    const struct rebut_model *model;
    struct rebut_score *list; /* [count], best first */
    uint32_t count;
    uint32_t *by_claim; /* [claims]: place in the list, or REBUT_NONE */
    double bin_share[REBUT_MARKS][REBUT_MARK_BINS]; /* of all claims */
    double usual_fault[REBUT_LEVELS][2]; /* 5 % and 95 % of merchants, items … */
    double usual_readiness[2];           /* 5 % and 95 % of buyers */
    double usual_recent[2];              /* 5 % and 95 % of two weeks, about */
    double usual_rate[2];                /* 5 % and 95 % of orders: mu */
    double mean_fault_rate;              /* mu of the average order */
    uint32_t orders, claims;             /* of everybody: what shares and means are of */
    uint8_t *episode;        /* [merchants]: 1 where an attack episode is signalled */
    struct rebut_said *said; /* NULL, or what was written of marks (score_write.h): the
                                caller's */
};

/* Score the claims made at or after `since`. */
REBUT_MUST_CHECK bool rebut_scores_open(struct rebut_scores *ret,
                                        const struct rebut_inference *inference,
                                        const struct rebut_model *model, int64_t since,
                                        struct rebut_error *err);
/* The same claims, unjudged and in the order of the frame: for whoever wants terms only.
 */
REBUT_MUST_CHECK bool rebut_scores_list(struct rebut_scores *ret,
                                        const struct rebut_inference *inference,
                                        const struct rebut_model *model, int64_t since,
                                        struct rebut_error *err);
void rebut_scores_close(struct rebut_scores *scores);

/* The terms of one score, REBUT_TERMS at most; gives their number. */
int rebut_score_terms(const struct rebut_scores *scores, const struct rebut_score *score,
                      struct rebut_term ret_terms[REBUT_TERMS]);

#define REBUT_SENTENCE_SIZE 400
/* A term as a sentence that a person can check. */
void rebut_term_sentence(const struct rebut_scores *scores,
                         const struct rebut_score *score, const struct rebut_term *term,
                         enum rebut_language language,
                         char ret_text[REBUT_SENTENCE_SIZE]);

/* The same from the term alone and, of a mark, the bin. */
void rebut_term_say(const struct rebut_term *term, uint8_t bin,
                    enum rebut_language language, char ret_text[REBUT_SENTENCE_SIZE]);

/* The same from a sentence in either language; false when it is none of ours, or not
 * whole.
 */
bool rebut_term_resay(const char *sentence, enum rebut_language language,
                      char ret_text[REBUT_SENTENCE_SIZE]);

/* A note as a word (stable) and as a sentence. */
const char *rebut_note_word(enum rebut_note note);
const char *rebut_note_sentence(enum rebut_note note, enum rebut_language language);

/* The signal of an attack episode, by merchant: are requests too many from accounts
 * without a record, given how many came from the others and how the two compare
 * everywhere?  Exact conditional binomial test, Benjamini-Hochberg over merchants at
 * 5 %, five such requests at least. */
REBUT_MUST_CHECK bool rebut_episodes(const struct rebut_inference *inference,
                                     uint8_t *ret_episode, struct rebut_error *err);

#endif
