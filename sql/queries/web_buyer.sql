-- The record of buyer $1, what it asked for and whom it acts together with.
SELECT json_build_object('record', row_to_json(b),
           'requests', (SELECT coalesce(json_agg(json_build_object('request_id', r.request_id,
                   'order_id', r.order_id, 'merchant_id', r.merchant_id,
                   'requested_at', r.requested_at, 'kind', r.kind, 'reason', r.reason,
                   'amount', r.amount, 'probability', r.probability, 'answer', r.answer)
                   ORDER BY r.requested_at DESC, r.request_id), '[]')
               FROM (SELECT * FROM rebut.buyer_requests x WHERE x.buyer_id = $1
                      ORDER BY x.requested_at DESC, x.request_id LIMIT 200) AS r),
           'groups', (SELECT coalesce(json_agg(json_build_object('group_no', g.group_no,
                   'kind', g.kind, 'members', g.members, 'detail', g.detail)), '[]')
               FROM rebut.buyer_groups g WHERE g.buyer_id = $1))::text, NULL
  FROM rebut.buyer_record AS b
 WHERE b.buyer_id = $1
