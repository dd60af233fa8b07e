/* The members of a pack's JSON, as tables: what the writer walks and the reader checks.
 *
 * Members stand in the order of their names' bytes, which is the order in the file. */
#ifndef REBUT_EVIDENCE_PACK_SHAPE_H
#define REBUT_EVIDENCE_PACK_SHAPE_H

#include "rebut/pack.h"

enum pack_kind {
    PACK_SCHEMA,   /* the constant REBUT_PACK_SCHEMA */
    PACK_SEAL,     /* null: a pack is sealed from outside (rebut/seal.h) */
    PACK_INTEGER,  /* int64 */
    PACK_INSTANT,  /* int64, null for REBUT_TIME_NONE; spans too */
    PACK_DECIMAL,  /* double, as a string; null for NaN */
    PACK_DECIMALS, /* double[limit] */
    PACK_FLAG,     /* bool */
    PACK_TEXT,     /* rebut_text, null when absent */
    PACK_WORD,     /* int, one of words[limit]; "" is null */
    PACK_WORDS,    /* rebut_pack_words: {"en":…,"zh":…}, null when absent */
    PACK_OBJECT,   /* a struct of `shape` */
    PACK_LIST      /* REBUT_PACK_LIST of `shape`, at most `limit` */
};

struct pack_shape;
struct pack_member {
    const char *name;
    enum pack_kind kind;
    size_t offset;
    uint32_t limit;
    const char *const *words;
    const struct pack_shape *shape;
};
struct pack_shape {
    size_t size; /* of the struct */
    const struct pack_member *members;
    size_t count;
};

extern const struct pack_shape rebut_pack_shape; /* of a struct rebut_pack */

/* The layout of every REBUT_PACK_LIST. */
struct pack_list {
    void *list;
    uint32_t count;
};

#endif
