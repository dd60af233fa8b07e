-- Scored requests of a run, the most suspicious first; by $1: answer $2, merchant $3, buyer $4, from $5 and before $6, of probability $7 and
-- more, decided $8 (NULL: any of them), of run $9; after key $10, id $11; $12 of them.
SELECT json_build_object('request_id', x.request_id, 'order_id', x.order_id,
           'merchant_id', x.merchant_id, 'requested_at', x.requested_at, 'amount', x.amount,
           'probability', x.probability, 'interval', json_build_array(x.low, x.high),
           'answer', x.answer, 'expected_recovery', x.expected_recovery, 'as_of', x.as_of,
           'buyer_id', x.buyer_id, 'rank', x.rank, 'q_value', x.q_value, 'decided', x.decided,
           'holder', x.holder)::text,
       x.key, x.request_id
  FROM (SELECT s.*, s.rank AS key
          FROM rebut.case_list AS s) AS x
 WHERE x.run_id = $9::bigint
   AND ($1::text IS NULL OR true)
   AND ($2::text IS NULL OR x.answer = $2)
   AND ($3::text IS NULL OR x.merchant_id = $3)
   AND ($4::text IS NULL OR x.buyer_id = $4)
   AND ($5::timestamptz IS NULL OR x.requested_at >= $5)
   AND ($6::timestamptz IS NULL OR x.requested_at < $6)
   AND ($7::float8 IS NULL OR x.probability >= $7)
   AND ($8::boolean IS NULL OR x.decided = $8)
   AND ($10::int IS NULL OR (x.key, x.request_id) > ($10::int, $11::text))
 ORDER BY x.key, x.request_id
 LIMIT $12::int
