/* Sentences of a pack that follow from figures in it, and from nothing else. */
#ifndef REBUT_EVIDENCE_PACK_WORDS_H
#define REBUT_EVIDENCE_PACK_WORDS_H

#include "pack_maker.h"

struct rebut_pack_words
rebut_pack_interval_words(struct rebut_pack *pack,
                          const struct rebut_pack_interval *interval);
struct rebut_pack_words rebut_pack_buyer_words(struct rebut_pack *pack,
                                               const struct rebut_pack_buyer *buyer);
struct rebut_pack_words rebut_pack_shop_words(struct rebut_pack *pack,
                                              const struct rebut_pack_shop *shop);

/* What others sent back of this item, and of its category. */
struct rebut_pack_words rebut_pack_returns_words(struct rebut_pack *pack,
                                                 const struct rebut_pack_shop *shop);
/* Sentences of what would change the answer, into score.change, which is empty. */
void rebut_pack_say_change(struct rebut_pack *pack);
/* What the edition is: notice.edition. */
struct rebut_pack_words rebut_pack_edition_words(struct rebut_pack *pack, int edition);

/* Which sentences these are: a hash of all of them, made of the same few figures, so that
 * a change of a word is another wording and nobody has to remember to raise a number. */
void rebut_pack_wording(char ret_text[REBUT_PACK_NAME]);

/* Where a fact of the sheet is from, as a word. */
const char *rebut_pack_source_word(int source, enum rebut_language language);

/* A word of the input contract in plain English: blanks for underlines. */
struct rebut_text rebut_pack_plain(struct rebut_pack *pack, const char *word);

/* A line's term, by its name; REBUT_TERMS when there is none such. */
enum rebut_term_id rebut_pack_term_of(struct rebut_text name);
/* The bin of a mark by its name, or -1. */
int rebut_pack_bin_named(int mark, struct rebut_text name);
/* What the line says; absent when its name or bin is none. */
struct rebut_pack_words rebut_pack_line_words(struct rebut_pack *pack,
                                              const struct rebut_pack_line *line);

#endif
