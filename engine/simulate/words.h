/* words.h -- titles and complaints, as people write them.
 *
 * Every function writes UTF-8 that needs no JSON escape, no NUL, and returns how many
 * bytes; `to` has WORDS_SIZE.  The same arguments give the same words.
 */
#ifndef REBUT_SIMULATE_WORDS_H
#define REBUT_SIMULATE_WORDS_H

#include "dice.h"
#include "rebut/event.h"
#include "trades.h"

#define WORDS_SIZE 1024

enum manner {
    MANNER_PLAIN,  /* says what is wrong */
    MANNER_TERSE,  /* two or four characters */
    MANNER_SCRIPT, /* a text that goes round */
    MANNER_LEGAL,  /* quotes the law: claimants */
};

struct complaint {
    enum manner manner;
    enum rebut_reason reason;
    enum { CORE_DEFECTIVE, CORE_DAMAGED, CORE_MISDESCRIBED } core;
    const struct trade *trade; /* whose words are used */
    const char *noun;          /* of the goods */
    uint32_t script;           /* which of the texts that go round */
    struct dice dice;          /* decides the wording */
    uint64_t style;            /* of the writer: punctuation, politeness */
};

size_t sim_words_title(char *to, const struct trade *trade, uint64_t sku);
const char *sim_words_noun(const struct trade *trade, uint64_t sku);
size_t sim_words_complaint(char *to, const struct complaint *complaint);

/* A line of chat: a buyer asks, the merchant answers or offers, the buyer replies. */
enum chat {
    CHAT_ASK,
    CHAT_ANSWER,
    CHAT_REPLACE,
    CHAT_PARTIAL,
    CHAT_RETURN,
    CHAT_ACCEPT,
    CHAT_REFUSE
};
size_t sim_words_chat(char *to, enum chat chat, const char *noun, struct dice dice);

#endif
