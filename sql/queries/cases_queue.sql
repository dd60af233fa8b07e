-- The open queue as the caller may see it; columns: enum rebut_cases_column.
SELECT slot, NULL, request_id, order_id, buyer_id, merchant_id,
       (extract(epoch FROM requested_at) * 1000000)::bigint, amount, probability, low, high,
       NULL, NULL, answer, expected_recovery, NULL,
       translate(terms::text, E'\n\r', '  '), to_json(notes), model_id,
       (extract(epoch FROM as_of) * 1000000)::bigint,
       (extract(epoch FROM mine_until) * 1000000)::bigint, NULL
  FROM rebut.queue
 ORDER BY slot
