-- The open queue as it was drawn ($1 says no more); at merchant $2, with answer $3 (NULL: any); after key $4, id $5; $6 of it.
SELECT json_build_object('slot', x.slot, 'request_id', x.request_id, 'order_id', x.order_id,
           'buyer_id', x.buyer_id, 'merchant_id', x.merchant_id, 'requested_at', x.requested_at,
           'amount', x.amount, 'probability', x.probability, 'interval',
           json_build_array(x.low, x.high), 'answer', x.answer,
           'expected_recovery', x.expected_recovery, 'notes', x.notes, 'as_of', x.as_of,
           'mine_until', x.mine_until, 'reason', (SELECT t ->> 'sentence'
               FROM json_array_elements(x.terms) t WHERE t ->> 'name' <> 'calibration'
               ORDER BY (t ->> 'log_odds')::float8 DESC NULLS LAST LIMIT 1))::text,
       x.key, x.request_id
  FROM (SELECT q.*, q.slot AS key
          FROM rebut.queue AS q) AS x
 WHERE ($1::text IS NULL OR true)
   AND ($2::text IS NULL OR x.merchant_id = $2)
   AND ($3::text IS NULL OR x.answer = $3)
   AND ($4::int IS NULL OR (x.key, x.request_id) > ($4::int, $5::text))
 ORDER BY x.key, x.request_id
 LIMIT $6::int
