#include "rebut/cases.h"

#include "statements.h"

bool rebut_cases_queue(struct rebut_store *store, struct rebut_rows *ret,
                       struct rebut_error *err)
{
    return rebut_store_query(store, rebut_sql_cases_queue, NULL, 0, ret, err);
}

bool rebut_cases_mine(struct rebut_store *store, const char *ids, struct rebut_rows *ret,
                      struct rebut_error *err)
{
    return rebut_store_query(store, rebut_sql_cases_mine, &ids, 1, ret, err);
}

/* Two statements: one that claims and reads would read with the eyes of before. */
bool rebut_cases_claim(struct rebut_store *store, enum rebut_claim_kind kind,
                       const char *what, const char *minutes, struct rebut_rows *ret,
                       struct rebut_error *err)
{
    static const char *const statements[] = {
        [REBUT_CLAIM_NEXT] = rebut_sql_cases_claim,
        [REBUT_CLAIM_SECOND] = rebut_sql_cases_claim_second,
        [REBUT_CLAIM_REQUEST] = rebut_sql_cases_claim_request};
    const char *const parameters[] = {what, minutes};
    struct rebut_rows claimed;
    *ret = (struct rebut_rows){0};
    if (!rebut_store_query(store, statements[kind], parameters, 2, &claimed, err))
        return false;
    const bool ok = rebut_cases_mine(store, rebut_rows_get(&claimed, 0, 0), ret, err);
    rebut_rows_release(&claimed);
    return ok;
}

/* One number from one row. */
static bool ask(struct rebut_store *store, const char *sql, const char *const *parameters,
                int count, int64_t *ret, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(store, sql, parameters, count, &rows, err))
        return false;
    *ret = rebut_rows_integer(&rows, 0, 0);
    rebut_rows_release(&rows);
    return true;
}

bool rebut_cases_decide(struct rebut_store *store, const char *request,
                        const char *verdict, const char *note, int64_t *ret_undo_until,
                        struct rebut_error *err)
{
    const char *const parameters[] = {request, verdict, note};
    return ask(store, rebut_sql_case_decide, parameters, 3, ret_undo_until, err);
}

bool rebut_cases_undo(struct rebut_store *store, const char *request, int64_t *ret_until,
                      struct rebut_error *err)
{
    return ask(store, rebut_sql_case_undo, &request, 1, ret_until, err);
}

bool rebut_cases_give_back(struct rebut_store *store, const char *request,
                           struct rebut_error *err)
{
    return rebut_store_do(store, rebut_sql_case_give_back, &request, 1, NULL, err);
}

static bool read_sheet(struct rebut_store *store, const char *request,
                       struct rebut_case_sheet *sheet, struct rebut_error *err)
{
    if (!rebut_store_query(store, rebut_sql_case_score, &request, 1, &sheet->score, err))
        return false;
    if (sheet->score.count == 0)
        return rebut_fail(err, REBUT_EDATA, "there is no scored request '%.64s'",
                          request);
    const char *const parties[] = {
        rebut_rows_get(&sheet->score, 0, REBUT_CASES_BUYER_ID),
        rebut_rows_get(&sheet->score, 0, REBUT_CASES_MERCHANT_ID)};
    return rebut_store_query(store, rebut_sql_case_terms, &request, 1, &sheet->terms,
                             err) &&
           rebut_store_query(store, rebut_sql_case_events, &request, 1, &sheet->events,
                             err) &&
           rebut_store_query(store, rebut_sql_case_records, parties, 2, &sheet->records,
                             err) &&
           rebut_store_query(store, rebut_sql_case_state, &request, 1, &sheet->state,
                             err) &&
           rebut_store_query(store, rebut_sql_case_decisions, &request, 1,
                             &sheet->decisions, err);
}

bool rebut_cases_sheet(struct rebut_store *store, const char *request,
                       struct rebut_case_sheet *ret, struct rebut_error *err)
{
    *ret = (struct rebut_case_sheet){0};
    if (!rebut_store_run(store, rebut_sql_case_snapshot, err))
        return false;
    bool ok = read_sheet(store, request, ret, err);
    ok = rebut_store_run(store, "ROLLBACK", ok ? err : NULL) && ok;
    if (!ok)
        rebut_case_sheet_release(ret);
    return ok;
}

void rebut_case_sheet_release(struct rebut_case_sheet *sheet)
{
    rebut_rows_release(&sheet->score);
    rebut_rows_release(&sheet->terms);
    rebut_rows_release(&sheet->events);
    rebut_rows_release(&sheet->records);
    rebut_rows_release(&sheet->state);
    rebut_rows_release(&sheet->decisions);
}
