-- A run knows as of when it scores: $1 run, $2 as of.  '--resume' takes it from there.
UPDATE rebut.runs
   SET as_of = to_timestamp(0) + ($2::bigint / 1000000) * interval '1 second'
                               + ($2::bigint % 1000000) * interval '1 microsecond'
 WHERE run_id = $1::bigint
