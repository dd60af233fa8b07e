/* The statements of sql/queries that this room runs; the text is compiled in, so one that
 * is missing does not link. */
#ifndef REBUT_STORE_STATEMENTS_H
#define REBUT_STORE_STATEMENTS_H

extern const char rebut_sql_event_columns[], rebut_sql_lock_holder[],
    rebut_sql_lock_try[], rebut_sql_schema_applied[], rebut_sql_schema_create[],
    rebut_sql_schema_exists[], rebut_sql_schema_record[];

#endif
