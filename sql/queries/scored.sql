-- What model $1 has scored; $2: as of another time does not count; $3 that time.
SELECT request_id FROM rebut.scores
 WHERE model_id = $1
   AND (NOT $2::boolean OR as_of = to_timestamp(0) + ($3::bigint / 1000000) * interval '1 second'
           + ($3::bigint % 1000000) * interval '1 microsecond')
