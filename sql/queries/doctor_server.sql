-- Version, the server's clock in microseconds, and whether it takes writes.
SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
       pg_catalog.pg_is_in_recovery(), current_user
