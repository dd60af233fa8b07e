/* From the cells of a row to the fields of an event. */
#ifndef REBUT_SOURCE_IMPORT_ROW_H
#define REBUT_SOURCE_IMPORT_ROW_H

#include "import_map.h"
#include "rebut/grow.h"
#include "rebut/intern.h"

#define IMPORT_TEXT_MAX ((size_t)1 << 17) /* of a text put together from cells */

/* How many rows have asked for an id, and which was the last. */
struct import_ordinal {
    uint32_t times;
    uint64_t line;
};

/* The row being read, room to put texts together, and the ids of rows before. */
struct import_row {
    const struct rebut_import_map *map;
    const struct rebut_csv *csv;
    char *room; /* [IMPORT_TEXT_MAX] */
    struct rebut_intern ids;
    REBUT_ARRAY(struct import_ordinal) ordinals; /* by id */
};

/* Why the row makes no event; texts are borrowed from the row or static. */
struct import_refusal {
    const char *reason, *field;
    char expected[96];
    char kept[96]; /* what `came` points to where it is not a piece of the row */
    struct rebut_text came;
};

/* Do all conditions of the rule hold? */
bool import_row_matches(const struct import_row *row, const struct import_rule *rule);

/* The value as JSON; *ret NULL when the cell is empty and nothing stands in for it.
 * False: refused with *refusal, or (err->code) no memory. */
bool import_row_value(struct import_row *row, const struct import_value *value,
                      json_t **ret, struct import_refusal *refusal,
                      struct rebut_error *err);

#endif
