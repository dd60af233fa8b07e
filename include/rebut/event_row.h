/* rebut/event_row.h -- the input contract as columns: a row of a table is an event too.
 *
 * Of each type of event: which columns it has, and what may stand in them.  The columns
 * are the keys of the contract without `type` (that is the table), `at` first, then as
 * the contract names them.  A row is validated by the same limits and refused for the
 * same reasons, in the same words, as a line of JSON is:
 *
 *     no value in a mandatory column        missing_field
 *     a time outside the contract, and so an infinite one; a number likewise; NaN
 *                                           out_of_range
 *     a word of no vocabulary, an id of no bytes, a photo of other than 16 hex digits
 *                                           bad_value
 *     a text too long                       too_long
 *     a text that is no UTF-8, or has NUL   invalid_utf8, and the column's name
 *     a value of another kind, NULL among the photos
 *                                           wrong_type
 *
 * rebut_event_from_row, rebut_event_to_row and rebut_event_spell_row undo one another:
 * line, event and row say the same and have the same digest.
 */
#ifndef REBUT_EVENT_ROW_H
#define REBUT_EVENT_ROW_H

#include "rebut/event.h"

/* What the C side of a field is. */
enum rebut_shape {
    REBUT_SHAPE_TEXT,     /* struct rebut_text; limits in bytes */
    REBUT_SHAPE_INTEGER,  /* int64_t */
    REBUT_SHAPE_TIME,     /* int64_t microseconds; limits too */
    REBUT_SHAPE_WORD,     /* one of the enums of rebut/event.h, spelled as a text */
    REBUT_SHAPE_PHOTOS,   /* photos and photo_count; texts of 16 hex digits each */
    REBUT_SHAPE_FRACTION, /* double in (0, 1] */
};

struct rebut_column {
    const char *name;
    enum rebut_shape shape;
    bool mandatory;
    bool needed; /* the tables of the state do not come out the same without it */
};

#define REBUT_COLUMNS_MAX 24

/* At most REBUT_COLUMNS_MAX of each type; column 0 is `at`. */
size_t rebut_event_column_count(enum rebut_event_type type);
struct rebut_column rebut_event_column(enum rebut_event_type type, size_t column);

enum rebut_value_kind {
    REBUT_VALUE_NULL, /* SQL's NULL; also a column that is not there */
    REBUT_VALUE_TEXT,
    REBUT_VALUE_INTEGER,
    REBUT_VALUE_TIME, /* INT64_MAX and INT64_MIN: infinite */
    REBUT_VALUE_REAL,
    REBUT_VALUE_TEXTS
};

struct rebut_value {
    enum rebut_value_kind kind;
    union {
        struct rebut_text text;
        int64_t integer;
        int64_t time; /* microseconds since 1970, UTC */
        double real;
        struct {
            const struct rebut_text *data; /* [count]; {NULL, 0}: NULL */
            size_t count;
        } texts;
    };
};

/* Turn values[rebut_event_column_count(type)] into *ret; its texts are the row's own.
 * False with *refusal filled when the row is refused; *ret is then unspecified.
 * Allocates nothing. */
bool rebut_event_from_row(enum rebut_event_type type, const struct rebut_value *values,
                          struct rebut_event *ret, struct rebut_refusal *refusal);

/* A row, and the room that the digits of its photos take. */
struct rebut_event_row {
    struct rebut_value values[REBUT_COLUMNS_MAX];
    struct rebut_text photos[REBUT_PHOTOS_MAX];
    char digits[REBUT_PHOTOS_MAX][16];
};

/* The event's row, of rebut_event_column_count(event->type) columns: defaults filled
 * in, what is absent NULL.  Texts are borrowed from the event. */
void rebut_event_to_row(const struct rebut_event *event, struct rebut_event_row *ret);

/* The row as a line of JSON without newline, as rebut_event_parse reads it; NULLs are
 * left out.  Writes at most `room` bytes and returns how many the whole line has, as
 * snprintf does.  Bytes that are no UTF-8 stay as they are. */
size_t rebut_event_spell_row(enum rebut_event_type type, const struct rebut_value *values,
                             char *ret_line, size_t room);

#endif
