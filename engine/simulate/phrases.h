/* phrases.h -- what complaints, titles and chats of every trade have in common.
 *
 * "%n" stands for the goods, "%d" for a small number; any other "%" for itself.
 */
#ifndef REBUT_SIMULATE_PHRASES_H
#define REBUT_SIMULATE_PHRASES_H

#include <stddef.h>

#define PHRASES_MAX 26

enum phrase {
    PHRASE_BRANDS, /* of titles: invented */
    PHRASE_TAILS,  /* of titles */
    PHRASE_LATE,   /* the rest of a complaint, by reason */
    PHRASE_NOT_RECEIVED,
    PHRASE_MISSING,
    PHRASE_WRONG,
    PHRASE_COUNTERFEIT,
    PHRASE_PRICE_DROP,
    PHRASE_CHANGED_MIND,
    PHRASE_OTHER,
    PHRASE_TERSE,   /* a complaint in a word */
    PHRASE_OPENERS, /* around the complaint */
    PHRASE_DETAILS,
    PHRASE_DEMANDS,
    PHRASE_STOPS, /* between the parts */
    PHRASE_ENDS,
    PHRASE_SCRIPTS, /* texts that go round; a word or two differ */
    PHRASE_SCRIPT_ENDS,
    PHRASE_LEGAL, /* claimants quote the law */
    PHRASE_ASKS,  /* chat */
    PHRASE_ANSWERS,
    PHRASE_REPLACEMENTS,
    PHRASE_PARTIALS,
    PHRASE_RETURNS,
    PHRASE_ACCEPTS,
    PHRASE_REFUSES,
    PHRASES /* how many lists there are */
};

/* Lists that end with NULL. */
extern const char *const sim_phrases[PHRASES][PHRASES_MAX];

static inline size_t phrase_count(const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    return count;
}

#endif
