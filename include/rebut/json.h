/* rebut/json.h -- a strict pull parser for one JSON text in memory.
 *
 * The whole grammar of RFC 8259 and nothing beyond it: escapes with surrogate pairs,
 * valid UTF-8 only, no NUL (neither the byte nor \u0000), no lone surrogate, numbers
 * as the grammar has them, nesting up to a stated limit, nothing but white space
 * after the value.  It holds no memory: it walks the caller's bytes once, and gives
 * strings as pieces of them, or of the caller's room where they had escapes.
 *
 * It exists because the event path must be fast; documents and configuration are
 * read with jansson, against which a differential fuzz target holds this one.  Both
 * accept the same texts, but for nesting (the limit is the caller's) and the range of
 * numbers (a number stays text here, and whoever converts it sets the range).
 *
 *     struct rebut_json json;
 *     rebut_json_init(&json, text, 32);
 *     if (rebut_json_open(&json, REBUT_JSON_ARRAY))
 *         while (rebut_json_next(&json))
 *             if (rebut_json_value(&json, &value))
 *                 …
 *     if (!rebut_json_finish(&json))
 *         … json.fault, json.expected and json.at say why and where
 *
 * The first fault stands: every later call returns false and changes nothing, so one
 * check at the end is enough.  NULL room is allowed: then escapes in a string that
 * is asked for are the fault REBUT_JSON_ROOM.
 */
#ifndef REBUT_JSON_H
#define REBUT_JSON_H

#include "rebut/text.h"

#define REBUT_JSON_NESTING_MAX 64 /* the highest limit that may be asked for */
#define REBUT_JSON_KEYS_MAX 63

enum rebut_json_kind {
    REBUT_JSON_NONE, /* no value starts here */
    REBUT_JSON_STRING,
    REBUT_JSON_INTEGER, /* a number without fraction and exponent */
    REBUT_JSON_REAL,    /* any other number */
    REBUT_JSON_TRUE,
    REBUT_JSON_FALSE,
    REBUT_JSON_NULL,
    REBUT_JSON_ARRAY,
    REBUT_JSON_OBJECT
};

enum rebut_json_fault {
    REBUT_JSON_FINE,
    REBUT_JSON_SYNTAX,
    REBUT_JSON_UTF8,
    REBUT_JSON_NESTING,
    REBUT_JSON_ROOM /* no room for a string's decoded escapes */
};

/* A string's text is what it stands for; any other value's is its own spelling. */
struct rebut_json_value {
    struct rebut_text text;
    enum rebut_json_kind kind;
};

struct rebut_json {
    const char *start, *at, *end; /* at: the next byte, or where the fault is */
    char *room;                   /* for decoded strings: the caller sets these */
    size_t room_size, room_used;
    int nesting, nesting_max;
    bool fresh; /* just inside an array or object: no comma yet */
    enum rebut_json_fault fault;
    const char *expected; /* words for a fault */
};

/* Begin at the start of `text`, without room for decoded strings. */
void rebut_json_init(struct rebut_json *json, struct rebut_text text, int nesting_max);

/* The kind of the value that comes next, by its first byte; a number is INTEGER. */
enum rebut_json_kind rebut_json_peek(struct rebut_json *json);

/* Read the next value; an array or object is checked and given as it is spelled. */
bool rebut_json_value(struct rebut_json *json, struct rebut_json_value *ret_value);

/* Check the next value and step over it; takes no room. */
bool rebut_json_skip(struct rebut_json *json);

/* Step into the array or object that comes next.  Then _next (array) or _next_key
 * (object) before each value: true when there is one, false when the array or object
 * ended (and was stepped out of) or on a fault. */
bool rebut_json_open(struct rebut_json *json, enum rebut_json_kind kind);
bool rebut_json_next(struct rebut_json *json);
bool rebut_json_next_key(struct rebut_json *json, struct rebut_text *ret_key);

/* True when there was no fault and nothing but white space is left. */
bool rebut_json_finish(struct rebut_json *json);

/* A key that a caller knows: its plain bytes (at most 23), then '":', then zeros. */
struct rebut_json_key {
    char spelled[32];
    size_t size; /* without the '":' */
};
#define REBUT_JSON_KEY(name)                                                             \
    {                                                                                    \
        name "\":", sizeof(name) - 1                                                     \
    }

/* All of them.  `slots` is a perfect hash: the place of key i is (its first eight
 * bytes, little-endian, zero-padded) * multiplier >> 57, and holds i + 1.
 *
 * `order` is how the keys usually follow each other, the last by the first; a key may
 * be in it more than once.  When key i came unexpectedly, order[next[i]] is expected
 * behind it.  What stands as expected is read faster, and that is all. */
struct rebut_json_keys {
    const struct rebut_json_key *keys;
    size_t count;         /* at most REBUT_JSON_KEYS_MAX */
    const uint8_t *order; /* [order_size]: numbers of keys */
    const uint8_t *next;  /* [count]: places in order */
    size_t order_size;
    uint64_t multiplier;
    uint8_t slots[128];
};

/* Read the whole object that comes next: the value of known key i into ret_values[i]
 * and bit i of *ret_seen set; other values of ret_values stay as they are.  Of a key
 * that comes again the first value stands and the bit in *ret_repeated is set.
 * Unknown keys are checked and stepped over. */
bool rebut_json_members(struct rebut_json *json, const struct rebut_json_keys *keys,
                        struct rebut_json_value *ret_values, uint64_t *ret_seen,
                        uint64_t *ret_repeated);

#endif
