-- The latest score of request $1; columns: enum rebut_cases_column.
SELECT NULL, rank, request_id, order_id, buyer_id, merchant_id,
       (extract(epoch FROM requested_at) * 1000000)::bigint, amount, probability, low, high,
       q_value, conformal_q, answer, expected_recovery, log_odds,
       translate(terms::text, E'\n\r', '  '), to_json(notes), model_id,
       (extract(epoch FROM as_of) * 1000000)::bigint, NULL, NULL
  FROM rebut.request_score
 WHERE request_id = $1
