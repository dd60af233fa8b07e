-- A run ended without result: $1 run, $2 state, $3 message, $4 counts.
UPDATE rebut.runs
   SET state = $2, ended_at = clock_timestamp(), message = $3, counts = $4::json
 WHERE run_id = $1::bigint
