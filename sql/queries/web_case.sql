-- All about request $1, for a reviewer.  Who has it in hand is not told its rank, which would tell how it was
-- drawn.
SELECT json_build_object('request_id', s.request_id, 'order_id', s.order_id, 'buyer_id', s.buyer_id,
           'merchant_id', s.merchant_id, 'requested_at', s.requested_at, 'amount', s.amount,
           'score', json_build_object('answer', s.answer, 'probability', s.probability,
               'interval', json_build_array(s.low, s.high), 'q_value', CASE WHEN c.mine IS NOT TRUE THEN s.q_value END,
               'conformal_q', CASE WHEN c.mine IS NOT TRUE THEN s.conformal_q END,
               'rank', CASE WHEN c.mine IS NOT TRUE THEN s.rank END, 'log_odds', s.log_odds,
               'expected_recovery', s.expected_recovery, 'notes', s.notes, 'model', s.model_id,
               'as_of', s.as_of),
           'terms', s.terms,
           'timeline', (SELECT coalesce(json_agg(json_build_object('at', e.at, 'type', e.type,
                   'detail', e.detail) ORDER BY e.at, e.type, e.detail::text), '[]')
               FROM rebut.case_events e WHERE e.request_id = s.request_id),
           'versions', (SELECT json_agg(json_build_object('as_of', h.as_of, 'model', h.model_id,
                   'probability', h.probability, 'interval', json_build_array(h.low, h.high),
                   'answer', h.answer, 'rank', CASE WHEN c.mine IS NOT TRUE THEN h.rank END) ORDER BY h.as_of DESC)
               FROM rebut.score_history h WHERE h.request_id = s.request_id),
           'state', row_to_json(c),
           'escalation', (SELECT json_build_object('by', e.escalated_by, 'at', e.escalated_at,
                   'reason', e.escalated_for, 'own', e.own)
               FROM rebut.escalated e WHERE e.request_id = s.request_id),
           'buyer', (SELECT row_to_json(b) FROM rebut.buyer_record b WHERE b.buyer_id = s.buyer_id),
           'merchant', (SELECT row_to_json(m) FROM rebut.merchant_record m
               WHERE m.merchant_id = s.merchant_id),
           'groups', (SELECT coalesce(json_agg(json_build_object('group_no', g.group_no,
                   'kind', g.kind, 'members', g.members, 'detail', g.detail)), '[]')
               FROM rebut.buyer_groups g WHERE g.buyer_id = s.buyer_id),
           'appeal', (SELECT json_build_object('asked_at', a.at, 'answer_by', a.answer_by,
                   'amount', a.amount, 'reason', a.reason, 'platform', a.platform, 'form', a.form)
               FROM rebut.appeals_waiting a WHERE a.request_id = s.request_id),
           'decisions', (SELECT coalesce(json_agg(json_build_object('verdict', d.verdict,
                   'note', d.note, 'at', d.at, 'second', d.second, 'undo_until', d.undo_until,
                   'undone_at', d.undone_at) ORDER BY d.decision_id), '[]')
               FROM rebut.my_decisions d WHERE d.request_id = s.request_id))::text,
       rebut.request_version(s.request_id, false)
  FROM rebut.request_score AS s
  -- No row: the source has the request no more, but its score still stands.
  LEFT JOIN LATERAL (SELECT * FROM rebut.case_state x WHERE x.request_id = s.request_id OFFSET 0) AS c ON true
 WHERE s.request_id = $1
