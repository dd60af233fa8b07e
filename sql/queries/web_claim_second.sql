-- Take $1 that others have decided for $2 minutes.
SELECT json_build_object('items', coalesce(json_agg(json_build_object('request_id', c.request_id,
           'slot', NULL, 'until', c.until, 'second', true)), '[]'))::text
  FROM rebut.claim_second($1::integer, make_interval(mins => $2::integer)) AS c
