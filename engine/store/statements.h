/* The statements of sql/queries that this room runs; the text is compiled in, so one that
 * is missing does not link. */
#ifndef REBUT_STORE_STATEMENTS_H
#define REBUT_STORE_STATEMENTS_H

extern const char rebut_sql_event_columns[], rebut_sql_lock_holder[],
    rebut_sql_lock_try[], rebut_sql_schema_applied[], rebut_sql_schema_create[],
    rebut_sql_schema_exists[], rebut_sql_schema_record[];
extern const char rebut_sql_case_decide[], rebut_sql_case_decisions[],
    rebut_sql_case_events[], rebut_sql_case_give_back[], rebut_sql_case_records[],
    rebut_sql_case_score[], rebut_sql_case_snapshot[], rebut_sql_case_state[],
    rebut_sql_case_terms[], rebut_sql_case_undo[], rebut_sql_cases_claim[],
    rebut_sql_cases_claim_request[], rebut_sql_cases_claim_second[],
    rebut_sql_cases_mine[], rebut_sql_cases_queue[];
extern const char rebut_sql_nights_announce[], rebut_sql_nights_begin[],
    rebut_sql_nights_fate[], rebut_sql_nights_newest[], rebut_sql_nights_withdraw[];

#endif
