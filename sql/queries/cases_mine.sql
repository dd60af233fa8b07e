-- What the caller holds: all, or those in $1; columns: enum rebut_cases_column.
SELECT slot, rank, request_id, order_id, buyer_id, merchant_id,
       (extract(epoch FROM requested_at) * 1000000)::bigint, amount, probability, low, high,
       q_value, conformal_q, answer, expected_recovery, log_odds,
       translate(terms::text, E'\n\r', '  '), to_json(notes), model_id,
       (extract(epoch FROM as_of) * 1000000)::bigint,
       (extract(epoch FROM until) * 1000000)::bigint, second
  FROM rebut.my_claims
 WHERE $1::text[] IS NULL OR request_id = ANY ($1::text[])
 ORDER BY second, slot, claimed_at, request_id
