/* The statements of sql/queries that this room runs; see engine/store/statements.h. */
#ifndef REBUT_STREAM_STATEMENTS_H
#define REBUT_STREAM_STATEMENTS_H

extern const char rebut_sql_stream_acquire[], rebut_sql_stream_advance[],
    rebut_sql_stream_stage[], rebut_sql_stream_scores_copy[],
    rebut_sql_stream_scores_merge[], rebut_sql_stream_letters_copy[],
    rebut_sql_stream_letters_merge[];
extern const char rebut_sql_outbox_read[], rebut_sql_outbox_lag[],
    rebut_sql_outbox_lease[], rebut_sql_outbox_release[];
extern const char rebut_sql_letters_waiting[], rebut_sql_letters_mark[],
    rebut_sql_letters_lock[], rebut_sql_letters_to_outbox[];

#endif
