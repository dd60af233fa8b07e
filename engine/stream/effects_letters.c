/* Dead letters to a topic, in front of other effects.
 *
 * They wait in memory until a commit: sent, there, and only then the effects behind are
 * committed, with the positions.  A letter is sent again only when it is not known to be
 * there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/effects.h"
#include "rebut/feeds.h"
#include "rebut/grow.h"
#include "rebut/letters.h"

#define FLUSH_MS 10000
#define CUT_FROM 900000 /* bytes: brokers take 1,048,588 with key and headers */

struct letter {
    struct letter *next;
    uint32_t partition;
    enum { LETTER_NEW, LETTER_SENT, LETTER_THERE } how;
    const char *reason;
    struct rebut_position position;
    uint64_t bytes;
    char *texts[3]; /* field, expected, came; NULL: none */
    size_t key_size, line_size;
    bool has_key;
    char data[]; /* key, line */
};

struct letters {
    struct rebut_effects effects;
    struct rebut_effects *behind;
    struct rebut_topic *topic;
    char *stream;
    REBUT_ARRAY(struct rebut_position) stored; /* by number of the partition */
    struct letter *first, **last;
    size_t count, bytes;
    bool no_memory;
};

/* ---- waiting ---- */

static void free_letter(struct letter *letter)
{
    for (int i = 0; i < 3; i++)
        free(letter->texts[i]);
    free(letter);
}

/* Those of a partition, or (NULL) all. */
static void forget(struct letters *letters, const uint32_t *partition)
{
    struct letter **at = &letters->first;
    while (*at != NULL) {
        struct letter *letter = *at;
        if (partition != NULL && letter->partition != *partition) {
            at = &letter->next;
            continue;
        }
        *at = letter->next;
        letters->count--;
        letters->bytes -= letter->key_size + letter->line_size;
        free_letter(letter);
    }
    letters->last = at;
}

static bool copy_text(const char *text, char **ret)
{
    *ret = text == NULL ? NULL : strdup(text);
    return text == NULL || *ret != NULL;
}

static struct letter *copy_letter(const struct rebut_dead_letter *dead)
{
    const struct rebut_message *message = dead->message;
    const size_t line_size =
        message->line.size > CUT_FROM ? REBUT_STREAM_LINE_HEAD : message->line.size;
    struct letter *letter = calloc(1, sizeof *letter + message->key.size + line_size);
    if (letter == NULL)
        return NULL;
    letter->partition = message->partition;
    letter->reason = dead->reason;
    letter->position = message->position;
    letter->bytes = message->bytes;
    letter->has_key = message->key.data != NULL;
    letter->key_size = message->key.size;
    letter->line_size = line_size;
    if (message->key.size > 0)
        memcpy(letter->data, message->key.data, message->key.size);
    if (line_size > 0)
        memcpy(letter->data + message->key.size, message->line.data, line_size);
    if (copy_text(dead->field, &letter->texts[0]) &&
        copy_text(dead->expected, &letter->texts[1]) &&
        copy_text(dead->came, &letter->texts[2]))
        return letter;
    free_letter(letter);
    return NULL;
}

static bool dead(struct rebut_effects *base, const struct rebut_dead_letter *dead)
{
    struct letters *letters = (struct letters *)base;
    const uint32_t partition = dead->message->partition;
    if (!letters->behind->holds(letters->behind, partition) ||
        partition >= letters->stored.count ||
        rebut_position_compare(dead->position, letters->stored.data[partition]) <= 0)
        return true;
    struct letter *letter = copy_letter(dead);
    if (letter == NULL) {
        letters->no_memory = true;
        return false;
    }
    *letters->last = letter;
    letters->last = &letter->next;
    letters->count++;
    letters->bytes += letter->key_size + letter->line_size;
    return true;
}

/* ---- sending ---- */

static bool send(struct letters *letters, struct letter *letter, struct rebut_error *err)
{
    char partition[16], position[48], bytes[24];
    snprintf(partition, sizeof partition, "%" PRIu32, letter->partition);
    snprintf(position, sizeof position, "%" PRId64 ",%" PRId64, letter->position.major,
             letter->position.minor);
    snprintf(bytes, sizeof bytes, "%" PRIu64, letter->bytes);
    const struct rebut_topic_header headers[] = {
        {"rebut-stream", letters->stream}, {"rebut-reason", letter->reason},
        {"rebut-field", letter->texts[0]}, {"rebut-expected", letter->texts[1]},
        {"rebut-came", letter->texts[2]},  {"rebut-partition", partition},
        {"rebut-position", position},      {"rebut-bytes", bytes}};
    const struct rebut_text key = {letter->has_key ? letter->data : NULL,
                                   letter->key_size};
    const struct rebut_text line = {letter->data + letter->key_size, letter->line_size};
    return rebut_topic_send_with(letters->topic, key, line, headers,
                                 sizeof headers / sizeof *headers, err);
}

/* All that is not known to be there. */
static bool deliver(struct letters *letters, struct rebut_error *err)
{
    bool waits = false;
    for (struct letter *letter = letters->first; letter != NULL; letter = letter->next) {
        if (letter->how == LETTER_NEW) {
            if (!send(letters, letter, err))
                return false;
            letter->how = LETTER_SENT;
        }
        waits |= letter->how == LETTER_SENT;
    }
    if (!waits)
        return true;
    const bool there = rebut_topic_flush(letters->topic, FLUSH_MS, err);
    const bool again = rebut_topic_lost(letters->topic) > 0;
    for (struct letter *letter = letters->first; letter != NULL; letter = letter->next)
        if (letter->how == LETTER_SENT)
            letter->how = there ? LETTER_THERE : again ? LETTER_NEW : LETTER_SENT;
    return there;
}

static bool commit(struct rebut_effects *base, struct rebut_error *err)
{
    struct letters *letters = (struct letters *)base;
    if (letters->no_memory)
        return rebut_fail_memory(err, "dead letters");
    if (!deliver(letters, err))
        return false;
    struct rebut_error why = {0};
    const bool ok = letters->behind->commit(letters->behind, &why);
    if (ok)
        forget(letters, NULL);
    for (uint32_t i = 0; !ok && i < letters->stored.count; i++)
        if (!letters->behind->holds(letters->behind, i))
            forget(letters, &i);
    return ok || rebut_fail(err, why.code, "%s", why.message);
}

/* ---- passed on ---- */

static bool acquire(struct rebut_effects *base, uint32_t partition,
                    struct rebut_position *ret_stored, struct rebut_error *err)
{
    struct letters *letters = (struct letters *)base;
    forget(letters, &partition);
    if (!letters->behind->acquire(letters->behind, partition, ret_stored, err))
        return false;
    while (letters->stored.count <= partition) {
        if (!REBUT_ARRAY_MORE(&letters->stored, 1, "partitions", err))
            return false;
        letters->stored.data[letters->stored.count++] = REBUT_POSITION_NONE;
    }
    letters->stored.data[partition] = *ret_stored;
    return true;
}

static bool score(struct rebut_effects *base, const struct rebut_stream_score *score)
{
    struct letters *letters = (struct letters *)base;
    return letters->behind->score(letters->behind, score);
}

static bool done(struct rebut_effects *base, uint32_t partition,
                 struct rebut_position position)
{
    struct letters *letters = (struct letters *)base;
    return letters->behind->done(letters->behind, partition, position);
}

static bool holds(const struct rebut_effects *base, uint32_t partition)
{
    const struct letters *letters = (const struct letters *)base;
    return letters->behind->holds(letters->behind, partition);
}

static void release(struct rebut_effects *base, uint32_t partition)
{
    struct letters *letters = (struct letters *)base;
    forget(letters, &partition);
    letters->behind->release(letters->behind, partition);
}

static size_t pending(const struct rebut_effects *base, size_t *ret_bytes)
{
    const struct letters *letters = (const struct letters *)base;
    const size_t count = letters->behind->pending(letters->behind, ret_bytes);
    *ret_bytes += letters->bytes;
    return count + letters->count;
}

static void close_letters(struct rebut_effects *base)
{
    struct letters *letters = (struct letters *)base;
    forget(letters, NULL);
    free(letters->stored.data);
    free(letters->stream);
    rebut_topic_close(letters->topic);
    if (letters->behind != NULL)
        letters->behind->close(letters->behind);
    free(letters);
}

static const struct rebut_effects functions = {.acquire = acquire,
                                               .score = score,
                                               .dead = dead,
                                               .done = done,
                                               .commit = commit,
                                               .holds = holds,
                                               .release = release,
                                               .pending = pending,
                                               .close = close_letters};

bool rebut_effects_letters(struct rebut_effects **effects, const char *config_path,
                           const char *topic, const char *stream, struct rebut_error *err)
{
    struct letters *letters = calloc(1, sizeof *letters);
    if (letters == NULL)
        return rebut_fail_memory(err, "dead letters");
    letters->effects = functions;
    letters->effects.remembers = (*effects)->remembers;
    letters->last = &letters->first;
    letters->stream = strdup(stream);
    if (letters->stream == NULL
            ? !rebut_fail_memory(err, "dead letters")
            : !rebut_topic_open(&letters->topic, config_path, topic, err)) {
        close_letters(&letters->effects);
        return false;
    }
    letters->behind = *effects;
    *effects = &letters->effects;
    return true;
}
