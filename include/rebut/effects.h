/* rebut/effects.h -- where what came of messages goes, and how it becomes visible.
 *
 *     standard output   at least once: after a kill the records since the caller's last
 *                       position may come again; each bears its position
 *     PostgreSQL        exactly once: one transaction for scores, dead letters and
 *                       positions, fenced by an epoch (see rebut/transport.h)
 */
#ifndef REBUT_EFFECTS_H
#define REBUT_EFFECTS_H

#include "rebut/transport.h"

/* A score: the record whole, and what has a column.  All borrowed. */
struct rebut_stream_score {
    struct rebut_position position; /* of the message whose handling gave it */
    uint32_t partition;
    uint32_t revision; /* of this request by this model, from 0: of one position's the
                          higher replaces */
    bool unprompted; /* time gave it and not a message: no replay, whatever `position` */
    struct rebut_text request_id, order_id, buyer_id, merchant_id, model_id, answer;
    int64_t requested_at, as_of; /* microseconds */
    int64_t amount;              /* fen */
    double probability, low, high, expected_recovery, log_odds;
    struct rebut_text json; /* one line without newline, an object that is not empty */
};

/* A message that cannot be used.  Words are ours and hold no text of anybody. */
struct rebut_dead_letter {
    const struct rebut_message *message;
    const char *reason;                  /* a word: "no_json", "conflict", "too_late" */
    const char *field, *expected, *came; /* as in rebut/rejects.h; NULL: none */
    struct rebut_position position;      /* of the message whose handling gave it */
};

struct rebut_effects {
    bool remembers; /* positions are stored; else `acquire` always gives NONE */

    /* Take over a partition: whoever had it before is fenced.  *ret_stored is where its
     * effects end, or REBUT_POSITION_NONE. */
    bool (*acquire)(struct rebut_effects *effects, uint32_t partition,
                    struct rebut_position *ret_stored, struct rebut_error *err);

    /* Add to what the next commit will make visible; copied.  Of a partition that is not
     * ours, or replayed: dropped.  A failure (false) sticks and is told by the commit. */
    bool (*score)(struct rebut_effects *effects, const struct rebut_stream_score *score);
    bool (*dead)(struct rebut_effects *effects, const struct rebut_dead_letter *letter);

    /* Everything of this partition up to `position` is handled. */
    bool (*done)(struct rebut_effects *effects, uint32_t partition,
                 struct rebut_position position);

    /* Make all of it visible, or none.  ETRY: nothing is known to have changed, nothing
     * is forgotten; call again (it connects anew; what was in already is not doubled).
     * REBUT_EFENCED: nothing has changed; of partitions for which `holds` is now false
     * all is forgotten, and another commit tries the rest. */
    bool (*commit)(struct rebut_effects *effects, struct rebut_error *err);
    bool (*holds)(const struct rebut_effects *effects, uint32_t partition);

    /* Forget the partition, and what was not committed of it. */
    void (*release)(struct rebut_effects *effects, uint32_t partition);

    /* Effects and bytes that wait for the commit. */
    size_t (*pending)(const struct rebut_effects *effects, size_t *ret_bytes);

    void (*close)(struct rebut_effects *effects); /* what is not committed vanishes */
};

/* Lines to a descriptor that stays the caller's (SIGPIPE ignored by the process):
 *
 *     {"partition":0,"position":[17,0],"revision":0,"score":{...}}
 *
 * each written whole at the commit.  Dead letters, in the form of rebut/rejects.h (input:
 * the partition's number, line: its position's), are appended to a file of mode 0600 and
 * forced to disk before the records are written; NULL: they vanish.  EIO or ENOMEM. */
REBUT_MUST_CHECK bool rebut_effects_output(struct rebut_effects **ret, int fd,
                                           const char *letters_path,
                                           struct rebut_error *err);

/* Tables stream_positions, stream_scores and dead_letters of schema rebut, for a stream
 * of this name (1 to 64 bytes).  Checks the schema.  Errors as rebut/store.h says. */
REBUT_MUST_CHECK bool rebut_effects_store(struct rebut_effects **ret,
                                          const char *conninfo, const char *stream,
                                          struct rebut_error *err);

/* Put a topic of Kafka in front of *effects, which are then this one's: dead letters go
 * there, everything else to those behind.  The message is the letter's value and its key
 * the key; why it is dead is in headers:
 *
 *     rebut-stream  rebut-reason  rebut-field  rebut-expected  rebut-came
 *     rebut-partition  rebut-position (MAJOR,MINOR)  rebut-bytes (of the whole line)
 *
 * A commit first sends them and waits until all replicas have them, and then commits what
 * is behind: so none is lost, and after a kill between the two it comes again, with the
 * same partition and position.  Of a line over 900,000 bytes the start is sent.  Fails as
 * rebut_topic_open and leaves *effects alone. */
REBUT_MUST_CHECK bool rebut_effects_letters(struct rebut_effects **effects,
                                            const char *config_path, const char *topic,
                                            const char *stream, struct rebut_error *err);

#endif
