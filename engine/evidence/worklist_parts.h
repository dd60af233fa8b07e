/* The worklist's rows and cells: what CSV and XLSX have in common. */
#ifndef REBUT_EVIDENCE_WORKLIST_PARTS_H
#define REBUT_EVIDENCE_WORKLIST_PARTS_H

#include "rebut/worklist.h"

/* What the records say of the reason that the buyer gave. */
enum worklist_records {
    WORKLIST_SILENT,
    WORKLIST_BEAR_OUT,
    WORKLIST_CONTRADICT,
    WORKLIST_DISAGREE, /* some this, some that */
    WORKLIST_RECORDS
};

struct rebut_worklist_row {
    char *texts;    /* one block: the id's bytes, then the five below */
    size_t id_size; /* of the id's bytes that ties are broken by */
    /* In the block, ready to show. */
    const char *request, *order, *merchant, *item, *file;
    int64_t asked, expected; /* fen; expected = asked x P */
    int64_t deadline;        /* or TIME_NONE */
    double probability, low, high, q_value, appeal;
    double weight, value; /* value: expected x weight, unrounded */
    bool has_expected;    /* neither P nor the probability is known: false */
    bool shop_explains;
    uint8_t reason, answer, records;
    uint32_t supports, contradicts; /* facts, of all claims */
};

/* First what one works by, which is what is printed; then the rest. */
enum worklist_column {
    WORKLIST_PLACE,
    WORKLIST_REQUEST,
    WORKLIST_MERCHANT,
    WORKLIST_REASON,
    WORKLIST_ASKED,
    WORKLIST_PROBABILITY,
    WORKLIST_ANSWER,
    WORKLIST_EXPECTED,
    WORKLIST_DEADLINE,
    WORKLIST_LEFT,
    WORKLIST_RECORD,
    WORKLIST_SHOP, /* the last of what is printed */
    WORKLIST_ORDER,
    WORKLIST_ITEM,
    WORKLIST_FILE,
    WORKLIST_LOW,
    WORKLIST_HIGH,
    WORKLIST_Q,
    WORKLIST_APPEAL,
    WORKLIST_WEIGHT,
    WORKLIST_SUPPORTS,
    WORKLIST_CONTRADICTS,
    WORKLIST_COLUMNS
};

enum worklist_kind {
    WORKLIST_TEXT,
    WORKLIST_COUNT,
    WORKLIST_YUAN,
    WORKLIST_SHARE,
    WORKLIST_HOURS,
    WORKLIST_FACTOR,
    WORKLIST_INSTANT, /* number: days since 1899-12-30 at +08:00, as spreadsheets count */
    WORKLIST_KINDS
};

/* `text` is what CSV shows; `number` what a sheet holds, of all kinds but TEXT. */
#define WORKLIST_CELL (REBUT_WORKLIST_TEXT + 64)
struct worklist_cell {
    enum worklist_kind kind;
    double number;
    char text[WORKLIST_CELL];
};

/* Put the rows in order. */
void worklist_sort(struct rebut_worklist *list);

const char *worklist_head(enum worklist_column column, enum rebut_language language);

/* The cell of row `place` (from 0) of the ordered list. */
void worklist_cell(const struct rebut_worklist *list, uint32_t place,
                   enum worklist_column column, enum rebut_language language,
                   struct worklist_cell *ret);

/* Anybody's text, made harmless and short; returns its length. */
size_t worklist_safe(struct rebut_text text, char ret[WORKLIST_CELL]);

/* Is a workbook's every part there to its end, and the sheet with `rows` rows? */
bool worklist_is_whole(const unsigned char *bytes, size_t size, uint32_t rows);

#endif
