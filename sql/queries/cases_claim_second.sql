-- Take $1 requests that others have decided for $2 minutes.
SELECT coalesce(array_agg(request_id), '{}') FROM rebut.claim_second($1::integer, make_interval(mins => $2::integer))
