/* What reading and writing the tables of events share.  Private to store. */
#ifndef REBUT_STORE_EVENTS_PARTS_H
#define REBUT_STORE_EVENTS_PARTS_H

#include "copy_out.h"
#include "rebut/event_row.h"
#include "rebut/store_events.h"

/* The types as they are read: what is named before what names it. */
extern const enum rebut_event_type rebut_store_order[REBUT_EVENT_TYPES];
extern const char *const rebut_store_tables[REBUT_EVENT_TYPES];

/* The columns of one table that are read: cell i is column columns[i] of the contract. */
struct relation {
    enum rebut_event_type type;
    char *name;   /* schema.table, for people */
    char *quoted; /* the same, for SQL */
    uint8_t columns[REBUT_COLUMNS_MAX];
    uint8_t shapes[REBUT_COLUMNS_MAX]; /* enum rebut_shape of each cell */
    int count;                         /* of cells */
    bool has_xid;
};

struct relations {
    struct relation list[REBUT_EVENT_TYPES];
    size_t count;
};

/* Look at the tables of a schema; see rebut_store_events_open. */
REBUT_MUST_CHECK bool rebut_store_relations(struct rebut_store *store,
                                            const struct rebut_store_events *events,
                                            struct relations *ret,
                                            struct rebut_error *err);
void rebut_store_relations_release(struct relations *relations);

/* Cells into values, those of columns that are not read stay; `photos` is where those of
 * an array go.  False when a cell is not of the size or form that its type has. */
bool rebut_store_values(const struct relation *relation, const struct cell *cells,
                        struct rebut_value *ret_values,
                        struct rebut_text photos[REBUT_PHOTOS_MAX + 1]);

/* Text that grows; `failed` sticks when there is no memory.  free(data). */
struct words {
    char *data;
    size_t size, room;
    bool failed;
};
void rebut_words_put(struct words *words, const char *format, ...) REBUT_PRINTF(2, 3);

/* A name in double quotes. */
void rebut_words_put_name(struct words *words, const char *name);

#endif
