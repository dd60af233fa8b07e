-- All about request $1, for its merchant: no buyer, nothing of others.
SELECT json_build_object('request_id', s.request_id, 'order_id', s.order_id,
           'merchant_id', s.merchant_id, 'requested_at', s.requested_at, 'amount', s.amount,
           'score', json_build_object('answer', s.answer, 'probability', s.probability,
               'interval', json_build_array(s.low, s.high), 'log_odds', s.log_odds,
               'expected_recovery', s.expected_recovery, 'notes', s.notes, 'model', s.model_id,
               'as_of', s.as_of),
           'appeal', (SELECT CASE WHEN count(*) > 0 THEN json_build_object(
                   'asked_at', max(a.at) FILTER (WHERE a.status = 'submitted'),
                   'answer_by', max(a.answer_by), 'expires_at', max(a.expires_at),
                   'ended', min(a.status) FILTER (WHERE a.status IN ('won', 'lost', 'expired')),
                   'ended_at', max(a.at) FILTER (WHERE a.status IN ('won', 'lost', 'expired')),
                   'recovered', max(a.recovered)) END
               FROM rebut.my_appeals a WHERE a.request_id = s.request_id),
           'terms', s.terms)::text, NULL
  FROM rebut.my_cases AS s
 WHERE s.request_id = $1
