-- What waits for a senior: all of it for one, else the caller's own; the oldest first.
SELECT json_build_object('items', coalesce(json_agg(json_build_object('request_id', x.request_id,
           'order_id', x.order_id, 'buyer_id', x.buyer_id, 'merchant_id', x.merchant_id,
           'requested_at', x.requested_at, 'amount', x.amount, 'probability', x.probability,
           'interval', json_build_array(x.low, x.high), 'answer', x.answer,
           'expected_recovery', x.expected_recovery, 'notes', x.notes, 'as_of', x.as_of,
           'mine_until', CASE WHEN x.holder = rebut.actor() THEN x.until END,
           'holder', x.holder, 'escalated_at', x.escalated_at, 'escalated_by', x.escalated_by,
           'escalated_for', x.escalated_for, 'own', x.own, 'reason', NULL)
           ORDER BY x.escalated_at, x.request_id), '[]'), 'next', NULL)::text
  FROM (SELECT * FROM rebut.escalated AS e ORDER BY e.escalated_at, e.request_id LIMIT 200) AS x
