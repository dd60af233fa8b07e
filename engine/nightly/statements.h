/* The statements of sql/queries that this room runs. */
#ifndef REBUT_NIGHTLY_STATEMENTS_H
#define REBUT_NIGHTLY_STATEMENTS_H

/* A line each, so that two who add one do not meet. */
extern const char rebut_sql_claims_settle[];
extern const char rebut_sql_doctor_drift[];
extern const char rebut_sql_doctor_last_run[];
extern const char rebut_sql_doctor_privileges[];
extern const char rebut_sql_doctor_server[];
extern const char rebut_sql_groups_copy[];
extern const char rebut_sql_identity[];
extern const char rebut_sql_model_adopt[];
extern const char rebut_sql_model_champion[];
extern const char rebut_sql_model_read[];
extern const char rebut_sql_model_retire[];
extern const char rebut_sql_read_begin[];
extern const char rebut_sql_run_abandon[];
extern const char rebut_sql_run_begin[];
extern const char rebut_sql_run_done[];
extern const char rebut_sql_run_end[];
extern const char rebut_sql_run_knows[];
extern const char rebut_sql_run_resume[];
extern const char rebut_sql_scored[];
extern const char rebut_sql_scores_pack[];
extern const char rebut_sql_scores_partition[];
extern const char rebut_sql_slots_copy[];
extern const char rebut_sql_slots_usual[];
extern const char rebut_sql_watermark[];
extern const char rebut_sql_xact[];
extern const char rebut_sql_xact_fate[];

#endif
