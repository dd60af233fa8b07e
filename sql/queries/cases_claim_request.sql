-- Take request $1 for $2 minutes, from the queue or beside it.
SELECT ARRAY[$1::text], rebut.claim_request($1, make_interval(mins => $2::integer))
