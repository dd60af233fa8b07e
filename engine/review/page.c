/* The case of one request, from the database, for the person who decides. */
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"

const char *rebut_review_cell(const struct rebut_rows *rows, int row, int column)
{
    const char *text = rebut_rows_get(rows, row, column);
    return text == NULL ? "" : text;
}

void rebut_review_minute(const struct rebut_rows *rows, int row, int column,
                         char ret_text[REBUT_MINUTE_SIZE])
{
    ret_text[0] = '\0';
    if (rebut_rows_get(rows, row, column) == NULL)
        return;
    rebut_time_format(rebut_rows_integer(rows, row, column), 8 * 60, ret_text);
    ret_text[16] = '\0';
    ret_text[10] = ' ';
}

static double figure(const struct rebut_rows *rows, int row, int column)
{
    double value = 0;
    return rebut_text_double(rebut_text_of(rebut_review_cell(rows, row, column)), &value)
               ? value
               : 0;
}

/* ---- who is where ---- */

static enum rebut_answer answer_of(const char *word)
{
    for (int i = 0; i < REBUT_ANSWERS; i++)
        if (strcmp(rebut_words_answer[i], word) == 0)
            return (enum rebut_answer)i;
    return REBUT_UNDETERMINED;
}

static void write_head(const struct rebut_rows *score, enum rebut_language language,
                       struct rebut_output *out)
{
    const struct rebut_case_head head = {
        .request_id = rebut_text_of(rebut_review_cell(score, 0, REBUT_CASES_REQUEST_ID)),
        .order_id = rebut_text_of(rebut_review_cell(score, 0, REBUT_CASES_ORDER_ID)),
        .merchant_id =
            rebut_text_of(rebut_review_cell(score, 0, REBUT_CASES_MERCHANT_ID)),
        .buyer_id = rebut_text_of(rebut_review_cell(score, 0, REBUT_CASES_BUYER_ID)),
        .answer = answer_of(rebut_review_cell(score, 0, REBUT_CASES_ANSWER)),
        .probability = figure(score, 0, REBUT_CASES_PROBABILITY),
        .low = figure(score, 0, REBUT_CASES_LOW),
        .high = figure(score, 0, REBUT_CASES_HIGH),
        .q_value = figure(score, 0, REBUT_CASES_Q_VALUE),
        .rank = (uint32_t)rebut_rows_integer(score, 0, REBUT_CASES_RANK),
        .as_of = rebut_rows_integer(score, 0, REBUT_CASES_AS_OF),
        .model = rebut_review_cell(score, 0, REBUT_CASES_MODEL)};
    rebut_case_write_head(&head, language, out);
}

enum hold { FREE, MINE, MINE_SECOND, MINE_OVER, OTHERS };

static enum hold hold_of(const struct rebut_rows *state)
{
    if (rebut_rows_get(state, 0, REBUT_HOLD_HOLDER) == NULL)
        return FREE;
    if (!rebut_rows_true(state, 0, REBUT_HOLD_MINE))
        return OTHERS;
    if (!rebut_rows_true(state, 0, REBUT_HOLD_LIVE))
        return MINE_OVER;
    return rebut_rows_true(state, 0, REBUT_HOLD_SECOND) ? MINE_SECOND : MINE;
}

static void write_hold(const struct rebut_rows *state, enum hold hold, bool zh,
                       struct rebut_output *out)
{
    char until[REBUT_MINUTE_SIZE];
    rebut_review_minute(state, 0, REBUT_HOLD_UNTIL, until);
    if (hold == FREE)
        rebut_output_print(out, zh ? "无人经手" : "in nobody's hands");
    else if (hold == OTHERS)
        rebut_output_print(out, zh ? "至 %s 由 %s 经手" : "until %s in the hands of %s",
                           until, rebut_review_cell(state, 0, REBUT_HOLD_HOLDER));
    else if (hold == MINE)
        rebut_output_print(out, zh ? "由您经手，至 %s" : "in your hands until %s", until);
    else if (hold == MINE_OVER)
        rebut_output_print(out,
                           zh ? "由您经手，已于 %s 到期，尚无他人接手"
                              : "in your hands, though since %s another may take it",
                           until);
    else
        rebut_output_print(out,
                           zh ? "由您复审，至 %s；不显示首次裁定"
                              : "in your hands until %s for a second review; the first "
                                "verdict is not shown",
                           until);
}

static void write_state(const struct rebut_rows *state, enum rebut_language language,
                        struct rebut_output *out)
{
    const bool zh = language == REBUT_CHINESE;
    const enum hold hold = hold_of(state);
    char suppressed[REBUT_MINUTE_SIZE];
    rebut_review_minute(state, 0, REBUT_HOLD_SUPPRESSED_UNTIL, suppressed);
    rebut_output_print(out, zh ? "状态：" : "state: ");
    write_hold(state, hold, zh, out);
    if (rebut_rows_true(state, 0, REBUT_HOLD_DECIDED) && hold != MINE_SECOND)
        rebut_output_print(out, zh ? "；已有裁定" : "; decided");
    if (suppressed[0] != '\0')
        rebut_output_print(out,
                           zh ? "；至 %s 不进入队列" : "; kept out of the queue until %s",
                           suppressed);
    rebut_output_print(out, "\n");
}

/* ---- reasons ---- */

static bool write_reasons(const struct rebut_case_sheet *sheet,
                          enum rebut_language language, struct rebut_output *out)
{
    const struct rebut_rows *terms = &sheet->terms;
    const char *calibration = rebut_term_name(REBUT_TERM_CALIBRATION);
    struct rebut_case_line *lines = calloc((size_t)terms->count + 1, sizeof *lines);
    if (lines == NULL)
        return false;
    for (int row = 0; row < terms->count; row++)
        lines[row] = (struct rebut_case_line){
            figure(terms, row, 1),
            strcmp(rebut_review_cell(terms, row, 0), calibration) == 0,
            rebut_review_cell(terms, row, 2)};
    rebut_case_write_lines(lines, terms->count,
                           figure(&sheet->score, 0, REBUT_CASES_LOG_ODDS), language, out);
    free(lines);
    return true;
}

/* The words of the stored array: ["one_order","turned"]. */
static unsigned notes_of(const char *words)
{
    unsigned notes = 0;
    for (int i = 0; i < REBUT_NOTE_KINDS; i++) {
        char quoted[64];
        const enum rebut_note note = (enum rebut_note)(1 << i);
        snprintf(quoted, sizeof quoted, "\"%s\"", rebut_note_word(note));
        notes |= strstr(words, quoted) == NULL ? 0U : (unsigned)note;
    }
    return notes;
}

/* ---- what the reader decided ---- */

static const char *verdict_of(const char *word, enum rebut_language language)
{
    static const char *const zh[REBUT_VERDICTS] = {[REBUT_VERDICT_ABUSE] = "滥用",
                                                   [REBUT_VERDICT_LEGITIMATE] = "正当",
                                                   [REBUT_VERDICT_UNCLEAR] = "不能判断"};
    for (int i = 1; language == REBUT_CHINESE && i < REBUT_VERDICTS; i++)
        if (strcmp(rebut_words_verdict[i], word) == 0)
            return zh[i];
    return word;
}

static void write_decision(const struct rebut_rows *decisions, int row,
                           enum rebut_language language, struct rebut_output *out)
{
    const bool zh = language == REBUT_CHINESE;
    char at[REBUT_MINUTE_SIZE], until[REBUT_MINUTE_SIZE], undone[REBUT_MINUTE_SIZE];
    rebut_review_minute(decisions, row, REBUT_DECISION_AT, at);
    rebut_review_minute(decisions, row, REBUT_DECISION_UNDO_UNTIL, until);
    rebut_review_minute(decisions, row, REBUT_DECISION_UNDONE_AT, undone);
    rebut_output_print(
        out, "  %s  %s", at,
        verdict_of(rebut_review_cell(decisions, row, REBUT_DECISION_VERDICT), language));
    if (rebut_rows_true(decisions, row, REBUT_DECISION_SECOND))
        rebut_output_print(out, zh ? "  复审" : "  second review");
    if (undone[0] != '\0')
        rebut_output_print(out, zh ? "  已于 %s 撤销" : "  undone at %s", undone);
    else if (rebut_rows_true(decisions, row, REBUT_DECISION_OPEN))
        rebut_output_print(out, zh ? "  可撤销至 %s" : "  may be undone until %s", until);
    else
        rebut_output_print(out, zh ? "  已不能撤销" : "  final");
    rebut_output_print(out, "\n");
    rebut_review_quote(rebut_review_cell(decisions, row, REBUT_DECISION_NOTE), out);
}

static void write_decisions(const struct rebut_rows *decisions,
                            enum rebut_language language, struct rebut_output *out)
{
    if (decisions->count == 0)
        return;
    rebut_output_print(out, "\n%s\n",
                       language == REBUT_CHINESE ? "您的裁定" : "What you decided");
    for (int row = 0; row < decisions->count; row++)
        write_decision(decisions, row, language, out);
}

/* ---- the page ---- */

static bool write_page(const struct rebut_case_sheet *sheet, enum rebut_language language,
                       struct rebut_output *out, struct rebut_error *err)
{
    write_head(&sheet->score, language, out);
    write_state(&sheet->state, language, out);
    write_decisions(&sheet->decisions, language, out);
    if (sheet->events.count == 0)
        rebut_output_print(
            out, "\n%s\n  %s\n", rebut_case_say(REBUT_CASE_TIMELINE, language),
            language == REBUT_CHINESE
                ? "（经手或已裁定此案者可见）"
                : "(shown to whoever has the case in hand or has decided it)");
    else if (!rebut_review_timeline(sheet, language, out, err))
        return false;
    if (!write_reasons(sheet, language, out))
        return rebut_fail_memory(err, "a page");
    rebut_review_records(sheet, language, out);
    rebut_case_write_unknown(
        notes_of(rebut_review_cell(&sheet->score, 0, REBUT_CASES_NOTES)), NULL, language,
        out);
    return true;
}

bool rebut_review_page(const struct rebut_case_sheet *sheet, enum rebut_language language,
                       struct rebut_output *out, struct rebut_error *err)
{
    struct rebut_output page;
    if (!rebut_output_memory(&page, err))
        return false;
    bool ok = write_page(sheet, language, &page, err);
    if (ok && page.cause != 0)
        ok = rebut_fail_memory(err, "a page");
    if (ok)
        rebut_review_plain((struct rebut_text){page.buffer, page.used}, out);
    rebut_output_release(&page);
    return ok;
}
