/* The statements of sql/queries that this room runs. */
#ifndef REBUT_NIGHTLY_STATEMENTS_H
#define REBUT_NIGHTLY_STATEMENTS_H

extern const char rebut_sql_claims_settle[], rebut_sql_doctor_drift[],
    rebut_sql_doctor_last_run[], rebut_sql_doctor_privileges[], rebut_sql_doctor_server[],
    rebut_sql_groups_copy[], rebut_sql_identity[], rebut_sql_model_adopt[],
    rebut_sql_model_champion[], rebut_sql_model_read[], rebut_sql_model_retire[],
    rebut_sql_read_begin[], rebut_sql_run_abandon[], rebut_sql_run_begin[],
    rebut_sql_run_done[], rebut_sql_run_end[], rebut_sql_run_resume[], rebut_sql_scored[],
    rebut_sql_scores_partition[], rebut_sql_slots_copy[], rebut_sql_slots_usual[],
    rebut_sql_watermark[];

#endif
