-- What 'rebut queue' and 'rebut show' read beside the views of 0004.

-- A score that came after the first decision has it among its terms, and its probability
-- follows it.  Who holds the request for a second review sees the score from before; so
-- this is a barrier now.
CREATE OR REPLACE VIEW rebut.request_score WITH (security_barrier) AS
SELECT DISTINCT ON (s.request_id)
    s.request_id, s.order_id, s.buyer_id, s.merchant_id, s.requested_at, s.amount, s.as_of,
    s.model_id, s.run_id, s.rank, s.probability, s.low, s.high, s.q_value, s.conformal_q,
    s.answer, s.expected_recovery, s.log_odds, s.notes, s.terms
FROM rebut.scores s
WHERE s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger') AND
      NOT EXISTS (SELECT FROM rebut.claims c
                  JOIN rebut.decisions d ON d.request_id = c.request_id AND
                      NOT d.second AND d.undone_at IS NULL
                  WHERE c.request_id = s.request_id AND c.reviewer = session_user AND
                        c.second AND s.as_of >= d.undo_until)
ORDER BY s.request_id, s.as_of DESC, s.run_id DESC;
COMMENT ON VIEW rebut.request_score IS 'The latest score of each request, challengers'' left out; in a second review the latest before the first. Ask with request_id = …';

CREATE VIEW rebut.my_claims WITH (security_barrier) AS
SELECT c.request_id, c.claimed_at, c.until, c.second, q.slot,
    s.order_id, s.buyer_id, s.merchant_id, s.requested_at, s.amount, s.as_of, s.model_id, s.rank,
    s.probability, s.low, s.high, s.q_value, s.conformal_q, s.answer, s.expected_recovery,
    s.log_odds, s.notes, s.terms
FROM rebut.claims c
LEFT JOIN rebut.queue_slots q ON q.run_id = c.run_id AND q.request_id = c.request_id
LEFT JOIN LATERAL (
    -- OFFSET keeps the condition inside, where the index is.
    SELECT x.* FROM rebut.request_score x WHERE x.request_id = c.request_id OFFSET 0) s ON true
WHERE c.reviewer = session_user AND c.until > now();
COMMENT ON VIEW rebut.my_claims IS 'What you hold, from the queue, beside it or for a second review, with its scores';

-- Who holds a case is no secret among reviewers, nor that it was decided; the verdict of
-- another is: anybody may get the case for a second review.
CREATE VIEW rebut.case_state WITH (security_barrier) AS
SELECT r.request_id, c.reviewer AS holder, c.until, coalesce(c.reviewer = session_user, false) AS mine,
    coalesce(c.second AND c.reviewer = session_user, false) AS second,
    EXISTS (SELECT FROM rebut.decisions d WHERE d.request_id = r.request_id AND
            d.undone_at IS NULL) AS decided,
    (SELECT max(x.until) FROM rebut.suppressions x
     WHERE x.until > now() AND (x.request_id = r.request_id OR x.buyer_id = o.buyer_id OR
           x.merchant_id = o.merchant_id)) AS suppressed_until
FROM rebut.source_requests r
LEFT JOIN rebut.source_orders o ON o.order_id = r.order_id
LEFT JOIN rebut.claims c ON c.request_id = r.request_id AND
    (c.until > now() OR c.reviewer = session_user);
COMMENT ON VIEW rebut.case_state IS 'Who holds a request and whether it is decided or kept out of the queue. Ask with request_id = …';
COMMENT ON COLUMN rebut.case_state.request_id IS 'The request';
COMMENT ON COLUMN rebut.case_state.holder IS 'Who holds it; NULL: nobody';
COMMENT ON COLUMN rebut.case_state.until IS 'Until when; your own may be over';
COMMENT ON COLUMN rebut.case_state.mine IS 'It is you';
COMMENT ON COLUMN rebut.case_state.second IS 'You hold it for a second review';
COMMENT ON COLUMN rebut.case_state.decided IS 'Somebody has decided it';
COMMENT ON COLUMN rebut.case_state.suppressed_until IS 'Until when it is kept out of the queue; NULL: it is not';

DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT a.attname, (SELECT col_description(b.attrelid, b.attnum) FROM pg_attribute b
                  WHERE b.attname = a.attname AND b.attrelid IN ('rebut.claims'::regclass,
                      'rebut.scores'::regclass, 'rebut.queue_slots'::regclass)
                  ORDER BY b.attrelid = 'rebut.claims'::regclass DESC LIMIT 1) AS words
              FROM pg_attribute a
              WHERE a.attrelid = 'rebut.my_claims'::regclass AND a.attnum > 0 LOOP
        EXECUTE format('COMMENT ON COLUMN rebut.my_claims.%I IS %L', it.attname, it.words);
    END LOOP;
END
$$;

REVOKE ALL ON rebut.my_claims, rebut.case_state FROM PUBLIC;
GRANT SELECT ON rebut.my_claims, rebut.case_state TO rebut_reviewer;
