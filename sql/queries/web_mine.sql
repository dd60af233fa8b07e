-- What the caller holds.
SELECT json_build_object('items', coalesce(json_agg(json_build_object('slot', x.slot,
           'request_id', x.request_id, 'order_id', x.order_id, 'buyer_id', x.buyer_id,
           'merchant_id', x.merchant_id, 'requested_at', x.requested_at, 'amount', x.amount,
           'probability', x.probability, 'interval', json_build_array(x.low, x.high),
           'answer', x.answer, 'expected_recovery', x.expected_recovery, 'notes', x.notes,
           'as_of', x.as_of, 'mine_until', x.until, 'second', x.second, 'reason', NULL)
           ORDER BY x.second, x.slot, x.claimed_at, x.request_id), '[]'), 'next', NULL)::text
  FROM rebut.my_claims AS x
