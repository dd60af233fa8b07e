-- All about request $1, for an auditor: no words of buyers.
SELECT json_build_object('request_id', s.request_id, 'order_id', s.order_id, 'buyer_id', s.buyer_id,
           'merchant_id', s.merchant_id, 'requested_at', s.requested_at, 'amount', s.amount,
           'score', json_build_object('answer', s.answer, 'probability', s.probability,
               'interval', json_build_array(s.low, s.high), 'q_value', s.q_value,
               'conformal_q', s.conformal_q, 'rank', s.rank, 'log_odds', s.log_odds,
               'expected_recovery', s.expected_recovery, 'notes', s.notes, 'model', s.model_id,
               'as_of', s.as_of),
           'appeal', (SELECT CASE WHEN count(*) > 0 THEN json_build_object(
                   'asked_at', max(a.at) FILTER (WHERE a.status = 'submitted'),
                   'answer_by', max(a.answer_by), 'expires_at', max(a.expires_at),
                   'ended', min(a.status) FILTER (WHERE a.status IN ('won', 'lost', 'expired')),
                   'ended_at', max(a.at) FILTER (WHERE a.status IN ('won', 'lost', 'expired')),
                   'recovered', max(a.recovered)) END
               FROM rebut.appeals a WHERE a.request_id = s.request_id),
           'terms', s.terms,
           'versions', (SELECT json_agg(json_build_object('as_of', h.as_of, 'model', h.model_id,
                   'probability', h.probability, 'interval', json_build_array(h.low, h.high),
                   'answer', h.answer, 'rank', h.rank) ORDER BY h.as_of DESC)
               FROM rebut.score_history h WHERE h.request_id = s.request_id),
           'decisions', (SELECT coalesce(json_agg(json_build_object('verdict', d.verdict,
                   'note', d.note, 'at', d.at, 'second', d.second, 'reviewer', d.reviewer,
                   'selection', d.selection, 'propensity', d.propensity, 'undo_until', d.undo_until,
                   'undone_at', d.undone_at) ORDER BY d.decision_id), '[]')
               FROM rebut.decisions d WHERE d.request_id = s.request_id))::text,
       rebut.request_version(s.request_id, false)
  FROM rebut.request_score AS s
 WHERE s.request_id = $1
