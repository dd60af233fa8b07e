/* rebut/letters.h -- bring dead letters back to where they came from.
 *
 * A message that could not be used waits, in a file or a table, until somebody has mended
 * what was wrong: a platform's bug, an order that was missing, a rule of ours.  Then it
 * is sent once more and gets a position of its own.  One that is still wrong comes back
 * as a new letter; one that meanwhile came another way is a duplicate, which changes
 * nothing.
 *
 *     file       ->  whatever `visit` does with it (standard output, a topic)
 *     table      ->  the same, at least once: marked when all were taken
 *     table      ->  outbox, exactly once: one statement
 *
 * A letter of which only the start was kept cannot be brought back; it is counted.
 */
#ifndef REBUT_LETTERS_H
#define REBUT_LETTERS_H

#include "rebut/store.h"
#include "rebut/text.h"

struct rebut_letter {
    struct rebut_text key;  /* {NULL, 0}: not known */
    struct rebut_text line; /* as it came */
    struct rebut_text reason;
};

struct rebut_letters_counts {
    uint64_t replayed, cut, other; /* cut: only the start was kept; other: not of the
                                      reason asked for, or no line of a rejects file */
};

/* Called for each; its texts live until it returns.  False stops with *err. */
typedef bool rebut_letter_visit(void *context, const struct rebut_letter *letter,
                                struct rebut_error *err);

/* Those of a file in the form of rebut/rejects.h, in its order; reason NULL: all.  The
 * file is left as it is.  EIO or ENOMEM. */
REBUT_MUST_CHECK bool rebut_letters_read(const char *path, const char *reason,
                                         rebut_letter_visit *visit, void *context,
                                         struct rebut_letters_counts *ret,
                                         struct rebut_error *err);

/* Those of a stream's rows in dead_letters that were not replayed, in the order of their
 * positions; `settle`, which may be NULL, is called before they are marked: flush there.
 * Another who replays at the same time gets ETRY. */
REBUT_MUST_CHECK bool
rebut_letters_query(struct rebut_store *store, const char *stream, const char *reason,
                    rebut_letter_visit *visit,
                    bool (*settle)(void *context, struct rebut_error *err), void *context,
                    struct rebut_letters_counts *ret, struct rebut_error *err);

/* The same into the outbox; letters that have no key, or are no UTF-8, are `other`. */
REBUT_MUST_CHECK bool rebut_letters_to_outbox(struct rebut_store *store,
                                              const char *stream, const char *reason,
                                              struct rebut_letters_counts *ret,
                                              struct rebut_error *err);

/* ---- a topic to send them to ---- */

struct rebut_topic;

/* `config_path` as in rebut/feeds.h.  Sending is idempotent and waits for all replicas.
 */
REBUT_MUST_CHECK bool rebut_topic_open(struct rebut_topic **ret, const char *config_path,
                                       const char *topic, struct rebut_error *err);

/* Copied, and on its way.  Same key, same partition (murmur2, as Java's clients do). */
REBUT_MUST_CHECK bool rebut_topic_send(struct rebut_topic *topic, struct rebut_text key,
                                       struct rebut_text line, struct rebut_error *err);

/* The same with headers; of those without a value none is made.  At most
 * REBUT_TOPIC_HEADERS. */
#define REBUT_TOPIC_HEADERS 8
struct rebut_topic_header {
    const char *name, *value; /* NULL value: none */
};
REBUT_MUST_CHECK bool rebut_topic_send_with(struct rebut_topic *topic,
                                            struct rebut_text key, struct rebut_text line,
                                            const struct rebut_topic_header *headers,
                                            size_t count, struct rebut_error *err);

/* How many messages were given up since it was last asked; it then counts anew.  What is
 * sent before and is not there must be sent again. */
uint64_t rebut_topic_lost(struct rebut_topic *topic);

/* Wait until all that was sent is there; ETRY when some is not after timeout_ms. */
REBUT_MUST_CHECK bool rebut_topic_flush(struct rebut_topic *topic, int timeout_ms,
                                        struct rebut_error *err);

void rebut_topic_close(struct rebut_topic *topic); /* NULL is allowed */

#endif
