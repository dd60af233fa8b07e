#include "words.h"

#include <string.h>

#include "phrases.h"

struct writer {
    char *to;
    size_t used;
    const char *noun;
    struct dice dice;
};

static void put(struct writer *writer, const char *text)
{
    const size_t size = strlen(text);
    if (writer->used + size + 64 > WORDS_SIZE)
        return;
    memcpy(writer->to + writer->used, text, size);
    writer->used += size;
}

/* A phrase with its "%n" and "%d" filled in; any other "%" stands for itself. */
static void put_phrase(struct writer *writer, const char *phrase)
{
    for (; *phrase != '\0' && writer->used + 64 < WORDS_SIZE; phrase++) {
        if (phrase[0] == '%' && phrase[1] == 'n') {
            put(writer, writer->noun);
            phrase++;
        } else if (phrase[0] == '%' && phrase[1] == 'd') {
            writer->to[writer->used++] = (char)('2' + dice_below(&writer->dice, 7));
            phrase++;
        } else {
            writer->to[writer->used++] = *phrase;
        }
    }
}

static const char *pick(const char *const *list, uint64_t hash)
{
    return list[below_of(hash, (uint32_t)phrase_count(list))];
}

static void put_one(struct writer *writer, const char *const *list)
{
    put_phrase(writer, pick(list, dice_bits(&writer->dice)));
}

const char *sim_words_noun(const struct trade *trade, uint64_t sku)
{
    return pick(trade->nouns, hash_of(sku, 1));
}

size_t sim_words_title(char *to, const struct trade *trade, uint64_t sku)
{
    struct writer writer = {.to = to};
    const uint64_t form = hash_of(sku, 5);
    if ((form & 7) != 0)
        put(&writer, pick(sim_phrases[PHRASE_BRANDS], hash_of(sku, 2)));
    put(&writer, pick(trade->adjectives, hash_of(sku, 3)));
    if ((form >> 3 & 3) == 0)
        put(&writer, pick(trade->adjectives, hash_of(sku, 6)));
    put(&writer, sim_words_noun(trade, sku));
    if ((form >> 5 & 3) != 0) {
        put(&writer, " ");
        put(&writer, pick(trade->variants, hash_of(sku, 4)));
    }
    if ((form >> 7 & 1) != 0) {
        put(&writer, (form >> 8 & 1) != 0 ? " " : "");
        put(&writer, pick(sim_phrases[PHRASE_TAILS], hash_of(sku, 7)));
    }
    return writer.used;
}

static void put_core(struct writer *writer, const struct complaint *complaint)
{
    const struct trade *trade = complaint->trade;
    const char *const *of_trade = complaint->core == CORE_DAMAGED ? trade->damaged
                                  : complaint->core == CORE_MISDESCRIBED
                                      ? trade->misdescribed
                                      : trade->defective;
    switch (complaint->reason) {
    case REBUT_REASON_LATE_DELIVERY:
        put_one(writer, sim_phrases[PHRASE_LATE]);
        return;
    case REBUT_REASON_NOT_RECEIVED:
        put_one(writer, sim_phrases[PHRASE_NOT_RECEIVED]);
        return;
    case REBUT_REASON_MISSING_ITEM:
        put_one(writer, sim_phrases[PHRASE_MISSING]);
        return;
    case REBUT_REASON_WRONG_ITEM:
        put_one(writer, sim_phrases[PHRASE_WRONG]);
        return;
    case REBUT_REASON_COUNTERFEIT:
        put_one(writer, sim_phrases[PHRASE_COUNTERFEIT]);
        return;
    case REBUT_REASON_PRICE_DROP:
        put_one(writer, sim_phrases[PHRASE_PRICE_DROP]);
        return;
    case REBUT_REASON_CHANGED_MIND:
        put_one(writer, sim_phrases[PHRASE_CHANGED_MIND]);
        return;
    case REBUT_REASON_OTHER:
        put_one(writer, sim_phrases[PHRASE_OTHER]);
        return;
    default:
        put_one(writer, of_trade);
    }
}

static void put_plain(struct writer *writer, const struct complaint *complaint)
{
    struct dice *dice = &writer->dice;
    const char *stop = pick(sim_phrases[PHRASE_STOPS], complaint->style);
    const double polite = fraction_of(scramble(complaint->style));
    if (dice_chance(dice, .3 + .3 * polite)) {
        put_one(writer, sim_phrases[PHRASE_OPENERS]);
        put(writer, stop);
    }
    put_core(writer, complaint);
    if (dice_chance(dice, .12)) {
        put(writer, stop);
        put_core(writer, complaint);
    }
    if (dice_chance(dice, .32)) {
        put(writer, stop);
        put_one(writer, sim_phrases[PHRASE_DETAILS]);
    }
    if (dice_chance(dice, .25 + .45 * (1 - polite))) {
        put(writer, stop);
        put_one(writer, sim_phrases[PHRASE_DEMANDS]);
    }
    if (dice_chance(dice, .2))
        put_one(writer, sim_phrases[PHRASE_ENDS]);
}

size_t sim_words_complaint(char *to, const struct complaint *complaint)
{
    struct writer writer = {.to = to, .noun = complaint->noun, .dice = complaint->dice};
    switch (complaint->manner) {
    case MANNER_TERSE:
        put_one(&writer, sim_phrases[PHRASE_TERSE]);
        break;
    case MANNER_SCRIPT:
        put_phrase(&writer,
                   pick(sim_phrases[PHRASE_SCRIPTS], scramble(complaint->script)));
        put_one(&writer, sim_phrases[PHRASE_SCRIPT_ENDS]);
        break;
    case MANNER_LEGAL:
        put_one(&writer, sim_phrases[PHRASE_LEGAL]);
        break;
    case MANNER_PLAIN:
        put_plain(&writer, complaint);
        break;
    }
    return writer.used;
}

size_t sim_words_chat(char *to, enum chat chat, const char *noun, struct dice dice)
{
    struct writer writer = {.to = to, .noun = noun, .dice = dice};
    switch (chat) {
    case CHAT_ASK:
        put_one(&writer, sim_phrases[PHRASE_ASKS]);
        break;
    case CHAT_ANSWER:
        put_one(&writer, sim_phrases[PHRASE_ANSWERS]);
        break;
    case CHAT_REPLACE:
        put_one(&writer, sim_phrases[PHRASE_REPLACEMENTS]);
        break;
    case CHAT_PARTIAL:
        put_one(&writer, sim_phrases[PHRASE_PARTIALS]);
        break;
    case CHAT_RETURN:
        put_one(&writer, sim_phrases[PHRASE_RETURNS]);
        break;
    case CHAT_ACCEPT:
        put_one(&writer, sim_phrases[PHRASE_ACCEPTS]);
        break;
    case CHAT_REFUSE:
        put_one(&writer, sim_phrases[PHRASE_REFUSES]);
        break;
    }
    return writer.used;
}
