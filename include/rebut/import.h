/* rebut/import.h -- events from the exports that a shop already has.
 *
 * A map (a JSON file; ready ones are in engine/source/maps, installed as
 * share/rebut/maps) says which columns feed which fields of which events.  Every row is
 * taken whole or set aside whole with a reason; nothing is dropped silently, and what
 * comes out passes the one validator of events.
 *
 *   "offset"      offset from UTC of all times: "+08:00" (mandatory; no daylight saving)
 *   "encoding"    "auto" (default), "utf-8", "gb18030"
 *   "delimiter"   "auto" (default), ",", ";", "tab"
 *   "skip_lines"  lines before the header
 *   "times"       formats tried in turn: strptime letters Y y m d H I M S f p z b, or
 *                 "excel" (serial days), "epoch", "epoch_ms"
 *   "decimal"     "." (default) or ",": the other one may separate thousands
 *   "minor_digits"  decimals of the currency's minor unit: 2 (default), 0 to 3
 *   "identical_rows"  "keep" (default) or "aside": a row whose bytes came before
 *   "aside"       [{"when": CONDITIONS, "reason": "word"}] rows that are no use
 *   "events"      [{"type": T, "when": CONDITIONS, "fields": {FIELD: VALUE},
 *                 "match": {"buyer_id": VALUE, "sku_id": VALUE, "quantity": VALUE}}]
 *                 every entry whose conditions hold makes an event of the row; a row
 *                 of which none holds is set aside as "no_rule"
 *   "comment"     allowed in every object
 *
 * CONDITIONS is one object or an array of which all must hold: {"column": C} with one of
 * "is" (a word or an array), "not", "starts", "starts_not", "empty": true|false, "below",
 * "above" (numbers).  A VALUE is a column's name or an object:
 *
 *   "column" | "columns" + "join" | "constant"   where the text comes from
 *   "prefix"     in front of it
 *   "ordinal"    true: "#2", "#3" … behind it in the second, third … row that asks for
 *                the same text; within a row the same text gets the same
 *   "values"     {text in the file: text in the event}; others are refused, or become
 *   "otherwise"  this
 *   "empty"      what an empty cell counts as (else the field is left out)
 *   "absolute"   true: the magnitude of a number
 *   "multiply"   a column whose number multiplies the money
 *
 * Times, money (decimal text to minor units, exactly, half away from zero; currency
 * signs, thousands separators, (1.00) and 1.00- are understood) and whole numbers are
 * converted by the field they feed.  Excel's ="123" and '123 lose their guard; an id
 * that a spreadsheet has rounded to 1.23E+17 is refused.
 *
 * "match" is for credit notes that name no order: the request gets the order_id of the
 * same buyer's latest order of the same sku at or before it of which something is left
 * unreturned, credit notes taken in order of time.  Without one: aside, "no_purchase".
 * Such a row may make no other event ("match_not_alone").
 */
#ifndef REBUT_IMPORT_H
#define REBUT_IMPORT_H

#include "rebut/csv.h"
#include "rebut/event.h"

#define REBUT_IMPORT_EVENTS_MAX 64000000
#define REBUT_IMPORT_REASONS_MAX 64

struct rebut_import_map;

/* Read a map.  Fails with EIO, ENOMEM or EDATA, naming what is wrong where. */
struct rebut_import_map *rebut_import_map_load(const char *path, struct rebut_error *err);
struct rebut_import_map *rebut_import_map_parse(struct rebut_text json,
                                                struct rebut_error *err);
void rebut_import_map_free(struct rebut_import_map *map);

/* How the map wants the file to be opened. */
struct rebut_csv_options rebut_import_map_options(const struct rebut_import_map *map);

/* A row that made no event.  Everything is borrowed for the call. */
struct rebut_aside {
    uint64_t line;
    const char *reason; /* of the map, of rebut_refusal, or "bad_row" "bad_time"
                           "bad_money" "negative" "bad_number" "bad_value" "rounded_id"
                           "duplicate" "no_rule" "no_purchase" "match_not_alone"
                           "too_long" */
    const char *field;  /* of the event, or "" */
    const char *expected;
    struct rebut_text came; /* the cell */
    struct rebut_text text; /* the row */
};

/* Where events (one line of JSON, no newline, in order of time) and rows set aside go;
 * false stops the import. */
struct rebut_import_sink {
    void *context;
    bool (*event)(void *context, struct rebut_text line);
    bool (*aside)(void *context, const struct rebut_aside *aside);
};

/* rows = taken + aside + blank. */
struct rebut_import_summary {
    uint64_t rows, taken, aside, blank;
    uint64_t events[REBUT_EVENT_TYPES];
    uint64_t matched;       /* credit notes that found their purchase */
    uint64_t matched_short; /* of those, returning more than was left of it */
    struct {
        char word[40];
        uint64_t rows;
    } reasons[REBUT_IMPORT_REASONS_MAX]; /* in the order of first use */
    size_t reason_count;
};

/* Import all rows of `csv` (opened, nothing read).  Fails with EDATA when a column of
 * the map is not there or twice, ELIMIT, ENOMEM, EIO when the sink stopped it.  The
 * events are held in memory until all rows are read: about half a KB each. */
REBUT_MUST_CHECK bool rebut_import_run(struct rebut_import_map *map,
                                       struct rebut_csv *csv,
                                       const struct rebut_import_sink *sink,
                                       struct rebut_import_summary *ret,
                                       struct rebut_error *err);

#endif
