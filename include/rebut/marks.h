/* rebut/marks.h -- what does the request itself show?
 *
 * A mark is a question about one request whose answer falls into a bin; each bin has a
 * weight, the log of how much likelier the answer is under abuse than under fault.
 * Before verdicts can teach them the weights are an expert's: weak, signed, at most
 * 3 either way, each with its reason in the table (engine/score/marks.c).  Adding a
 * mark is a name here, a row of that table, and the row's function.
 *
 * A mark knows the events up to the as-of time; never an outcome, never a verdict.
 */
#ifndef REBUT_MARKS_H
#define REBUT_MARKS_H

#include <stdint.h>

enum rebut_mark_id {
    REBUT_MARK_DELAY,     /* time from signing to asking */
    REBUT_MARK_TEXT,      /* text that does not fit the category */
    REBUT_MARK_WORDS,     /* text that does not fit the stated reason */
    REBUT_MARK_PHOTO,     /* the picture stands on another order too */
    REBUT_MARK_LOGISTICS, /* the reason against what the carrier recorded */
    REBUT_MARK_REPLY,     /* what became of the merchant's offer */
    REBUT_MARK_COPY,      /* another buyer wrote the same */
    REBUT_MARK_MIX,       /* the reason against what others find wrong with the goods */
    REBUT_MARK_CONCORD,   /* others who complained of the same in the same days */
    REBUT_MARK_AMOUNT,    /* asked against paid */
    REBUT_MARKS
};
#define REBUT_MARK_BINS 8
#define REBUT_MARK_WEIGHT_MAX 3.0

struct rebut_mark_bin {
    const char *name;    /* stable, for the model document */
    double weight;       /* the expert's */
    const char *zh, *en; /* the sentence that explain prints for this bin */
};

/* What marks are found from: engine/score/mark_context.h. */
struct rebut_mark_context;

struct rebut_mark_table {
    const char *name;
    const char *reason; /* why the expert weighs it so */
    /* The bin of a claim (in frame->claims), below `bins`. */
    uint8_t (*bin_of)(const struct rebut_mark_context *context, uint32_t claim);
    int bins;
    struct rebut_mark_bin bin[REBUT_MARK_BINS];
};

extern const struct rebut_mark_table rebut_mark_tables[REBUT_MARKS];

#endif
