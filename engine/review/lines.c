/* Cases as JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include "parts.h"

enum kind {
    NUMBER,  /* as it is, true and false too */
    TEXT,    /* a JSON string */
    RAW,     /* JSON already */
    INSTANT, /* microseconds, to RFC 3339 */
    LOGICAL,
    SKIPPED /* written with its neighbour */
};

static const struct {
    const char *name;
    enum kind kind;
} members[REBUT_CASES_COLUMNS] = {
    [REBUT_CASES_SLOT] = {"slot", NUMBER},
    [REBUT_CASES_RANK] = {"rank", NUMBER},
    [REBUT_CASES_REQUEST_ID] = {"request_id", TEXT},
    [REBUT_CASES_ORDER_ID] = {"order_id", TEXT},
    [REBUT_CASES_BUYER_ID] = {"buyer_id", TEXT},
    [REBUT_CASES_MERCHANT_ID] = {"merchant_id", TEXT},
    [REBUT_CASES_REQUESTED_AT] = {"requested_at", INSTANT},
    [REBUT_CASES_AMOUNT] = {"amount", NUMBER},
    [REBUT_CASES_PROBABILITY] = {"probability", NUMBER},
    [REBUT_CASES_LOW] = {"interval", SKIPPED},
    [REBUT_CASES_HIGH] = {"interval", SKIPPED},
    [REBUT_CASES_Q_VALUE] = {"q_value", NUMBER},
    [REBUT_CASES_CONFORMAL_Q] = {"conformal_q", NUMBER},
    [REBUT_CASES_ANSWER] = {"answer", TEXT},
    [REBUT_CASES_EXPECTED_RECOVERY] = {"expected_recovery", NUMBER},
    [REBUT_CASES_LOG_ODDS] = {"log_odds", NUMBER},
    [REBUT_CASES_TERMS] = {"terms", RAW},
    [REBUT_CASES_NOTES] = {"notes", RAW},
    [REBUT_CASES_MODEL] = {"model", TEXT},
    [REBUT_CASES_AS_OF] = {"as_of", INSTANT},
    [REBUT_CASES_MINE_UNTIL] = {"mine_until", INSTANT},
    [REBUT_CASES_SECOND] = {"second", LOGICAL},
};

static void write_instant(const char *cell, struct rebut_output *out)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(strtoll(cell, NULL, 10), 0, text);
    rebut_output_print(out, "\"%s\"", text);
}

/* A number that PostgreSQL wrote: the shortest that reads back, or one that JSON has no
 * word for. */
static void write_number(const char *cell, struct rebut_output *out)
{
    double value = 0;
    if (strchr(cell, '.') == NULL && strchr(cell, 'e') == NULL)
        rebut_output_print(out, "%s", cell);
    else if (rebut_text_double(rebut_text_of(cell), &value))
        rebut_output_decimal(out, value);
    else
        rebut_output_print(out, "null");
}

static void write_value(enum kind kind, const char *cell, struct rebut_output *out)
{
    if (kind == NUMBER)
        write_number(cell, out);
    else if (kind == TEXT)
        rebut_output_json(out, rebut_text_of(cell));
    else if (kind == INSTANT)
        write_instant(cell, out);
    else if (kind == LOGICAL)
        rebut_output_print(out, "%s", cell[0] == 't' ? "true" : "false");
    else
        rebut_output_text(out, rebut_text_of(cell));
}

/* The members of one row, without braces. */
static void write_members(const struct rebut_rows *rows, int row,
                          struct rebut_output *out)
{
    bool any = false;
    for (int column = 0; column < REBUT_CASES_COLUMNS; column++) {
        const char *cell = rebut_rows_get(rows, row, column);
        if (cell == NULL || members[column].kind == SKIPPED)
            continue;
        rebut_output_print(out, "%s\"%s\":", any ? "," : "", members[column].name);
        write_value(members[column].kind, cell, out);
        any = true;
        if (column != REBUT_CASES_PROBABILITY)
            continue;
        rebut_output_print(out, ",\"interval\":[");
        write_number(rebut_review_cell(rows, row, REBUT_CASES_LOW), out);
        rebut_output_print(out, ",");
        write_number(rebut_review_cell(rows, row, REBUT_CASES_HIGH), out);
        rebut_output_print(out, "]");
    }
}

void rebut_review_lines(const struct rebut_rows *rows, struct rebut_output *out)
{
    for (int row = 0; row < rows->count; row++) {
        rebut_output_print(out, "{");
        write_members(rows, row, out);
        rebut_output_print(out, "}\n");
    }
}

/* The event as the input contract has it: type and at, then the other keys. */
static void write_events(const struct rebut_rows *events, struct rebut_output *out)
{
    rebut_output_print(out, ",\"events\":[");
    for (int row = 0; row < events->count; row++) {
        const char *rest = rebut_review_cell(events, row, REBUT_CASE_EVENT_JSON);
        rebut_output_print(out, "%s{\"type\":", row > 0 ? "," : "");
        rebut_output_json(
            out, rebut_text_of(rebut_review_cell(events, row, REBUT_CASE_EVENT_TYPE)));
        rebut_output_print(out, ",\"at\":");
        write_instant(rebut_review_cell(events, row, REBUT_CASE_EVENT_AT), out);
        if (rest[0] == '{' && rest[1] != '}')
            rebut_output_print(out, ",");
        rebut_output_text(out, rebut_text_of(rest[0] == '{' ? rest + 1 : "}"));
    }
    rebut_output_print(out, "]");
}

void rebut_review_json(const struct rebut_case_sheet *sheet, struct rebut_output *out)
{
    rebut_output_print(out, "{");
    write_members(&sheet->score, 0, out);
    if (sheet->state.count > 0) {
        rebut_output_print(out, ",\"state\":");
        rebut_output_text(
            out, rebut_text_of(rebut_review_cell(&sheet->state, 0, REBUT_HOLD_JSON)));
    }
    write_events(&sheet->events, out);
    for (int row = 0; row < sheet->records.count; row++) {
        rebut_output_print(out, ",\"%s_record\":",
                           rebut_review_cell(&sheet->records, row, REBUT_RECORD_WHO));
        rebut_output_text(out, rebut_text_of(rebut_review_cell(&sheet->records, row,
                                                               REBUT_RECORD_JSON)));
    }
    rebut_output_print(out, ",\"decisions\":[");
    for (int row = 0; row < sheet->decisions.count; row++) {
        rebut_output_print(out, row > 0 ? "," : "");
        rebut_output_text(out, rebut_text_of(rebut_review_cell(&sheet->decisions, row,
                                                               REBUT_DECISION_JSON)));
    }
    rebut_output_print(out, "]}\n");
}
