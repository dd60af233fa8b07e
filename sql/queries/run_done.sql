-- A run is done, in the transaction of its scores: $1 run, $2 as of, $3 model, $4 watermark,
-- $5 counts.
UPDATE rebut.runs
   SET state = 'done', ended_at = clock_timestamp(), model_id = $3,
       as_of = to_timestamp(0) + ($2::bigint / 1000000) * interval '1 second'
           + ($2::bigint % 1000000) * interval '1 microsecond',
       watermark = $4::bigint, counts = $5::json
 WHERE run_id = $1::bigint
