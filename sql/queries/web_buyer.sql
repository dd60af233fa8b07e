-- The record of buyer $1, what it asked for and whom it acts together with.
SELECT json_build_object('record', row_to_json(b),
           -- Of all orders, with Wilson's interval of 95 %; and as the latest score has it: how many were
           -- asked for beside the one scored, and how many an ordinary buyer would have on these orders.
           'ratio', json_build_object('requests', b.refund_only, 'orders', b.orders,
               'share', b.refund_only::float8 / nullif(b.orders, 0),
               'interval', rebut.wilson(least(b.refund_only, b.orders), b.orders)),
           'usual', (SELECT json_build_object('as_of', s.as_of, 'observed', t -> 'observed',
                   'expected', t -> 'expected', 'usual', t -> 'usual')
               FROM (SELECT x.request_id FROM rebut.buyer_requests x
                      WHERE x.buyer_id = $1 AND x.answer IS NOT NULL
                      ORDER BY x.requested_at DESC, x.request_id LIMIT 1) AS q
               JOIN LATERAL (SELECT * FROM rebut.request_score y WHERE y.request_id = q.request_id OFFSET 0) AS s ON true
              CROSS JOIN json_array_elements(s.terms) AS t
              WHERE t ->> 'name' = 'buyer_record'),
           'requests', (SELECT coalesce(json_agg(json_build_object('request_id', r.request_id,
                   'order_id', r.order_id, 'merchant_id', r.merchant_id,
                   'requested_at', r.requested_at, 'kind', r.kind, 'reason', r.reason,
                   'amount', r.amount, 'probability', r.probability,
                   'interval', CASE WHEN r.probability IS NOT NULL THEN json_build_array(r.low, r.high) END,
                   'answer', r.answer)
                   ORDER BY r.requested_at DESC, r.request_id), '[]')
               FROM (SELECT * FROM rebut.buyer_requests x WHERE x.buyer_id = $1
                      ORDER BY x.requested_at DESC, x.request_id LIMIT 200) AS r),
           'groups', (SELECT coalesce(json_agg(json_build_object('group_no', g.group_no,
                   'kind', g.kind, 'members', g.members, 'detail', g.detail)), '[]')
               FROM rebut.buyer_groups g WHERE g.buyer_id = $1))::text, NULL
  FROM rebut.buyer_record AS b
 WHERE b.buyer_id = $1
