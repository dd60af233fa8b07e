-- Take the next $1 requests of the queue for $2 minutes.
SELECT coalesce(array_agg(request_id), '{}') FROM rebut.claim($1::integer, make_interval(mins => $2::integer))
