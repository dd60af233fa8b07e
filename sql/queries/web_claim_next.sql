-- Take the next $1 of the queue for $2 minutes.
SELECT json_build_object('items', coalesce(json_agg(json_build_object('request_id', c.request_id,
           'slot', c.slot, 'until', c.until, 'second', false) ORDER BY c.slot), '[]'))::text
  FROM rebut.claim($1::integer, make_interval(mins => $2::integer)) AS c
