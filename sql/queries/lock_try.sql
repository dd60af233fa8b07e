-- Take the advisory lock $1, $2 for the session if nobody holds it.
SELECT pg_catalog.pg_try_advisory_lock($1::integer, $2::integer)
