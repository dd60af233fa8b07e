/* Which purchase does a credit note without an order number give back? */
#ifndef REBUT_SOURCE_IMPORT_MATCH_H
#define REBUT_SOURCE_IMPORT_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

#define IMPORT_NO_PURCHASE UINT32_MAX

/* One purchase or credit note.  key: number of its buyer and sku together. */
struct import_trade {
    int64_t at;
    int64_t quantity; /* over 0; of a purchase: becomes what is left of it */
    uint32_t key;
    uint32_t serial;   /* place in the file: decides between equal times */
    uint32_t purchase; /* of a note: index into the sorted purchases, or NO_PURCHASE */
    bool is_short;     /* of a note: it gives back more than was left */
};

/* Notes in order of time take the latest purchase of their key, at or before their
 * time, of which something is left.  Sorts both arrays: purchases by key, notes by time.
 * Cost: n log n. */
REBUT_MUST_CHECK bool import_match(struct import_trade *purchases, size_t purchase_count,
                                   struct import_trade *notes, size_t note_count,
                                   struct rebut_error *err);

#endif
