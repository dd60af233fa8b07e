-- A run begins: $1 as of and $2 since (microseconds since 1970, or null), $3 settings.
INSERT INTO rebut.runs (kind, state, started_at, as_of, since, config, backend_pid, host)
VALUES ('nightly', 'running', clock_timestamp(),
        to_timestamp(0) + ($1::bigint / 1000000) * interval '1 second'
           + ($1::bigint % 1000000) * interval '1 microsecond',
        to_timestamp(0) + ($2::bigint / 1000000) * interval '1 second'
           + ($2::bigint % 1000000) * interval '1 microsecond',
        $3::json, pg_backend_pid(), $4)
RETURNING run_id
