-- What the reviewers' console needs beside: a case is handed to a senior, a second review
-- sees nothing of how the first ended, and the dashboard shows drift and money recovered.
--
-- A senior is a login in rebut_senior, or a token of role senior or admin.  A case that is
-- handed on leaves the queue; only a senior may claim it.  It stays handed on until it is
-- decided, or until who handed it on, or a senior, releases it while nobody holds it.
--
-- A new error beside those of 0005:
--     RB014  the case has been handed to a senior

DO $$
DECLARE
    pair text[];
BEGIN
    BEGIN
        CREATE ROLE rebut_senior NOLOGIN;
        COMMENT ON ROLE rebut_senior IS 'rebut: a reviewer to whom others hand cases';
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    FOREACH pair SLICE 1 IN ARRAY ARRAY[['rebut_reviewer', 'rebut_senior'],
        ['rebut_senior', 'rebut_admin'], ['rebut_senior', 'rebut_server']] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = pair[1]::regrole AND
                                  m.member = pair[2]::regrole);
        BEGIN -- another database of the cluster may do it this very moment
            EXECUTE format('GRANT %I TO %I', pair[1], pair[2]);
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
            NULL;
        END;
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA rebut TO rebut_senior;
ALTER TABLE rebut.tokens DROP CONSTRAINT tokens_role_check, ADD CONSTRAINT tokens_role_check
    CHECK (role IN ('reviewer', 'senior', 'merchant', 'auditor', 'admin'));
COMMENT ON COLUMN rebut.tokens.role IS 'reviewer, senior, merchant, auditor, admin: works as the group rebut_…';

CREATE FUNCTION rebut.is_senior() RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    token text := rebut.acting_token();
BEGIN
    IF token IS NOT NULL THEN
        RETURN (SELECT t.role IN ('senior', 'admin') FROM rebut.tokens t WHERE t.token_id = token);
    END IF;
    RETURN pg_has_role(rebut.actor(), 'rebut_senior', 'MEMBER');
END
$$;
COMMENT ON FUNCTION rebut.is_senior() IS 'May the caller take what was handed to a senior?';

-- ---- handing on
CREATE TABLE rebut.escalations (
    escalation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id    text NOT NULL CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    by            name NOT NULL,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason        text NOT NULL CHECK (reason ~ '\S' AND octet_length(reason) <= 16384),
    run_id        bigint,
    selection     text NOT NULL CHECK (selection IN ('ranked', 'random', 'appeal')),
    propensity    double precision CHECK (propensity > 0 AND propensity <= 1),
    withdrawn_at  timestamptz,
    withdrawn_by  name,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE UNIQUE INDEX escalations_standing ON rebut.escalations (request_id) WHERE withdrawn_at IS NULL;
COMMENT ON TABLE rebut.escalations IS 'What reviewers handed to a senior, and why';
COMMENT ON COLUMN rebut.escalations.escalation_id IS 'In the order of writing';
COMMENT ON COLUMN rebut.escalations.request_id IS 'The request';
COMMENT ON COLUMN rebut.escalations.by IS 'Who handed it on';
COMMENT ON COLUMN rebut.escalations.at IS 'When';
COMMENT ON COLUMN rebut.escalations.reason IS 'Why, in the reviewer''s words';
COMMENT ON COLUMN rebut.escalations.run_id IS 'The run whose queue it came from; NULL: from none';
COMMENT ON COLUMN rebut.escalations.selection IS 'Why it was looked at: as in verdicts';
COMMENT ON COLUMN rebut.escalations.propensity IS 'As in verdicts';
COMMENT ON COLUMN rebut.escalations.withdrawn_at IS 'When it was given back to the queue; NULL: it was not';
COMMENT ON COLUMN rebut.escalations.withdrawn_by IS 'Who gave it back';

-- One decided is no longer waiting; when the decision is undone it waits again.
CREATE VIEW rebut.escalations_waiting AS
SELECT e.* FROM rebut.escalations e
WHERE e.withdrawn_at IS NULL AND
      NOT EXISTS (SELECT FROM rebut.decisions d
                  WHERE d.request_id = e.request_id AND d.undone_at IS NULL) AND
      NOT EXISTS (SELECT FROM rebut.source_verdicts v WHERE v.request_id = e.request_id);
COMMENT ON VIEW rebut.escalations_waiting IS 'What waits for a senior; for our own functions and views';

CREATE FUNCTION rebut.escalate(request_id text, reason text) RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    claim rebut.claims;
    me    name := rebut.actor();
    since timestamptz;
BEGIN
    IF reason IS NULL OR reason !~ '\S' OR octet_length(reason) > 16384 THEN
        RAISE EXCEPTION 'expected a reason, of at most 16384 bytes' USING ERRCODE = 'RB006';
    END IF;
    PERFORM rebut.lock_request($1, true);
    SELECT * INTO claim FROM rebut.claims c WHERE c.request_id = $1;
    IF claim.reviewer <> me AND claim.until > clock_timestamp() THEN
        RAISE EXCEPTION 'request ''%'' is held by ''%'' until %', $1, claim.reviewer, claim.until
            USING ERRCODE = 'RB001';
    END IF;
    IF claim.reviewer IS DISTINCT FROM me THEN
        RAISE EXCEPTION 'request ''%'' is not in your hands', $1
            USING ERRCODE = 'RB002', HINT = 'Claim it first.';
    END IF;
    -- Who judges a second time judges alone; who cannot says so.
    IF claim.second THEN
        RAISE EXCEPTION 'expected a first review; in a second one decide ''unclear'''
            USING ERRCODE = 'RB006';
    END IF;
    IF EXISTS (SELECT FROM rebut.decisions d
               WHERE d.request_id = $1 AND d.undone_at IS NULL AND NOT d.second) THEN
        RAISE EXCEPTION 'request ''%'' has been decided', $1 USING ERRCODE = 'RB003';
    END IF;
    IF EXISTS (SELECT FROM rebut.escalations e WHERE e.request_id = $1 AND e.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'request ''%'' has been handed to a senior', $1 USING ERRCODE = 'RB014';
    END IF;
    INSERT INTO rebut.escalations (request_id, by, reason, run_id, selection, propensity)
    VALUES ($1, me, $2, claim.run_id, claim.selection, claim.propensity)
    RETURNING at INTO since;
    DELETE FROM rebut.claims c WHERE c.request_id = $1;
    PERFORM rebut.record('escalate', $1, json_build_object('run_id', claim.run_id));
    RETURN since;
END
$$;
COMMENT ON FUNCTION rebut.escalate(text, text) IS
    'Hand a request in your hands to a senior, for a reason; gives since when';

-- As in 0005, but for what was handed on.
CREATE OR REPLACE FUNCTION rebut.take(want rebut.claims) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    taken boolean;
BEGIN
    IF NOT want.second AND NOT rebut.is_senior() AND
       EXISTS (SELECT FROM rebut.escalations_waiting e WHERE e.request_id = want.request_id) THEN
        RETURN false;
    END IF;
    INSERT INTO rebut.claims AS c VALUES (want.*)
    ON CONFLICT (request_id) DO UPDATE SET
        (reviewer, claimed_at, until, second, run_id, selection, propensity) =
        (want.reviewer, want.claimed_at, want.until, want.second, want.run_id,
         want.selection, want.propensity)
    WHERE c.until <= want.claimed_at OR c.reviewer = want.reviewer
    RETURNING true INTO taken;
    IF taken THEN
        PERFORM rebut.record(CASE WHEN want.second THEN 'claim_second' ELSE 'claim' END,
            want.request_id, json_build_object('until', want.until, 'run_id', want.run_id));
    END IF;
    RETURN coalesce(taken, false);
END
$$;

CREATE OR REPLACE FUNCTION rebut.claim_request(request_id text, lease interval DEFAULT NULL)
RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    term   interval := rebut.check_claims(1, lease);
    me     name := rebut.actor();
    ends   timestamptz;
    holder rebut.claims;
    slot   rebut.queue_slots;
    handed rebut.escalations;
BEGIN
    PERFORM rebut.lock_request($1, true);
    IF NOT EXISTS (SELECT FROM rebut.scores s WHERE s.request_id = $1) THEN
        RAISE EXCEPTION 'there is no scored request ''%''', $1 USING ERRCODE = 'RB007';
    END IF;
    IF EXISTS (SELECT FROM rebut.decisions d
               WHERE d.request_id = $1 AND d.undone_at IS NULL AND NOT d.second) THEN
        RAISE EXCEPTION 'request ''%'' has been decided', $1 USING ERRCODE = 'RB003';
    END IF;
    SELECT * INTO handed FROM rebut.escalations_waiting e WHERE e.request_id = $1;
    IF handed.escalation_id IS NOT NULL AND NOT rebut.is_senior() THEN
        RAISE EXCEPTION 'request ''%'' has been handed to a senior', $1 USING ERRCODE = 'RB014';
    END IF;
    ends := clock_timestamp() + term;
    SELECT * INTO holder FROM rebut.claims c WHERE c.request_id = $1;
    IF holder.reviewer = me THEN -- a longer lease; why it is looked at stays
        UPDATE rebut.claims c SET until = ends WHERE c.request_id = $1;
        PERFORM rebut.record('claim', $1, json_build_object('until', ends));
        RETURN ends;
    END IF;
    SELECT * INTO slot FROM rebut.queue_slots q
    WHERE q.request_id = $1 AND q.run_id = (SELECT r.run_id FROM rebut.queue_run r);
    -- What was handed on is looked at for the reason it was first.
    IF handed.escalation_id IS NOT NULL THEN
        slot.run_id := handed.run_id;
        slot.selection := handed.selection;
        slot.propensity := handed.propensity;
    END IF;
    -- Not in the queue: somebody has a reason of his own, and no draw put it there.
    IF NOT rebut.take(ROW($1, me, clock_timestamp(), ends, false, slot.run_id,
                          coalesce(slot.selection, 'appeal'), slot.propensity)) THEN
        RAISE EXCEPTION 'request ''%'' is held by ''%'' until %', $1, holder.reviewer, holder.until
            USING ERRCODE = 'RB001';
    END IF;
    RETURN ends;
END
$$;

-- What one holds goes back to where it was: to the queue, or to the seniors.  What one
-- has handed on and nobody holds goes back to the queue.
CREATE OR REPLACE FUNCTION rebut.release(request_id text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    me name := rebut.actor();
BEGIN
    PERFORM rebut.lock_request($1, true);
    DELETE FROM rebut.claims c WHERE c.request_id = $1 AND c.reviewer = me;
    IF FOUND THEN
        PERFORM rebut.record('release', $1, NULL);
        RETURN;
    END IF;
    UPDATE rebut.escalations e SET (withdrawn_at, withdrawn_by) = (clock_timestamp(), me)
    FROM rebut.escalations_waiting w
    WHERE e.escalation_id = w.escalation_id AND w.request_id = $1 AND
          (w.by = me OR rebut.is_senior()) AND
          NOT EXISTS (SELECT FROM rebut.claims c
                      WHERE c.request_id = $1 AND c.until > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'request ''%'' is not in your hands', $1 USING ERRCODE = 'RB002';
    END IF;
    PERFORM rebut.record('withdraw', $1, NULL);
END
$$;
COMMENT ON FUNCTION rebut.release(text) IS
    'Give a request back undecided; or take back that it was handed to a senior';

-- As in 0004, and without what was handed on.
CREATE OR REPLACE VIEW rebut.queue_open AS
SELECT q.run_id, q.slot, q.request_id, q.selection, q.propensity, s.order_id, s.buyer_id,
    s.merchant_id, s.requested_at, s.amount, s.as_of, s.model_id, s.probability, s.low, s.high,
    s.answer, s.expected_recovery, s.notes, s.terms
FROM rebut.queue_slots q
CROSS JOIN LATERAL (
    SELECT x.* FROM rebut.scores x
    WHERE x.request_id = q.request_id AND
          x.as_of <= (SELECT r.as_of FROM rebut.queue_run r) AND
          x.model_id = (SELECT r.model_id FROM rebut.queue_run r)
    ORDER BY x.as_of DESC LIMIT 1) s
WHERE q.run_id = (SELECT r.run_id FROM rebut.queue_run r) AND
      coalesce((SELECT false WHERE
          EXISTS (SELECT FROM rebut.decisions d
                  WHERE d.request_id = q.request_id AND d.undone_at IS NULL) OR
          EXISTS (SELECT FROM rebut.escalations e
                  WHERE e.request_id = q.request_id AND e.withdrawn_at IS NULL) OR
          EXISTS (SELECT FROM rebut.source_verdicts v WHERE v.request_id = q.request_id) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.request_id = q.request_id AND x.until > now()) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.buyer_id = s.buyer_id AND x.until > now()) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.merchant_id = s.merchant_id AND x.until > now())), true);
COMMENT ON VIEW rebut.queue_open IS 'What of the queue is neither decided, handed to a senior nor suppressed; for our own functions';

CREATE VIEW rebut.escalated WITH (security_barrier) AS
SELECT e.request_id, e.at AS escalated_at, e.by AS escalated_by, e.reason AS escalated_for,
    e.by = (SELECT rebut.actor()) AS own, c.reviewer AS holder, c.until, s.order_id, s.buyer_id,
    s.merchant_id, s.requested_at, s.amount, s.as_of, s.model_id, s.probability, s.low, s.high,
    s.answer, s.expected_recovery, s.notes
FROM rebut.escalations_waiting e
LEFT JOIN rebut.claims c ON c.request_id = e.request_id AND c.until > now()
LEFT JOIN LATERAL (SELECT x.* FROM rebut.request_score x
                   WHERE x.request_id = e.request_id OFFSET 0) s ON true
WHERE (SELECT rebut.is_senior()) OR e.by = (SELECT rebut.actor());
COMMENT ON VIEW rebut.escalated IS 'What waits for a senior: all of it for a senior, your own for others; the oldest first';
COMMENT ON COLUMN rebut.escalated.escalated_at IS 'When it was handed on';
COMMENT ON COLUMN rebut.escalated.escalated_by IS 'Who handed it on';
COMMENT ON COLUMN rebut.escalated.escalated_for IS 'Why';
COMMENT ON COLUMN rebut.escalated.own IS 'You did';
COMMENT ON COLUMN rebut.escalated.holder IS 'Which senior holds it; NULL: nobody';

CREATE OR REPLACE VIEW rebut.case_state WITH (security_barrier) AS
SELECT r.request_id, c.reviewer AS holder, c.until,
    coalesce(c.reviewer = (SELECT rebut.actor()), false) AS mine,
    coalesce(c.second AND c.reviewer = (SELECT rebut.actor()), false) AS second,
    EXISTS (SELECT FROM rebut.decisions d WHERE d.request_id = r.request_id AND
            d.undone_at IS NULL) AS decided,
    (SELECT max(x.until) FROM rebut.suppressions x
     WHERE x.until > now() AND (x.request_id = r.request_id OR x.buyer_id = o.buyer_id OR
           x.merchant_id = o.merchant_id)) AS suppressed_until,
    EXISTS (SELECT FROM rebut.escalations_waiting e WHERE e.request_id = r.request_id) AS escalated
FROM rebut.source_requests r
LEFT JOIN rebut.source_orders o ON o.order_id = r.order_id
LEFT JOIN rebut.claims c ON c.request_id = r.request_id AND
    (c.until > now() OR c.reviewer = (SELECT rebut.actor()));
COMMENT ON COLUMN rebut.case_state.escalated IS 'It waits for a senior';

-- What became of a request may follow the first verdict.
CREATE OR REPLACE VIEW rebut.case_events WITH (security_barrier) AS
SELECT r.request_id, e.at, e.type, json_strip_nulls(e.detail) AS detail
FROM rebut.source_requests r
CROSS JOIN LATERAL (
    SELECT x.at, 'order' AS type, json_build_object('order_id', x.order_id, 'buyer_id', x.buyer_id,
        'merchant_id', x.merchant_id, 'sku_id', x.sku_id, 'category', x.category,
        'channel', x.channel, 'amount', x.amount, 'quantity', x.quantity, 'title', x.title,
        'campaign', x.campaign, 'promised_ship_at', x.promised_ship_at) AS detail
    FROM rebut.source_orders x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'shipment', json_build_object('carrier', x.carrier, 'weight_g', x.weight_g)
    FROM rebut.source_shipments x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'delivery', json_build_object('signed_by', x.signed_by)
    FROM rebut.source_deliveries x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'contact', json_build_object('by', x.by, 'kind', x.kind, 'text', x.text)
    FROM rebut.source_contacts x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'request', json_build_object('request_id', x.request_id, 'kind', x.kind,
        'reason', x.reason, 'amount', x.amount, 'text', x.text, 'photos', x.photos)
    FROM rebut.source_requests x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'outcome', json_build_object('request_id', x.request_id, 'outcome', x.outcome,
        'by', x.by)
    FROM rebut.source_outcomes x
    WHERE x.request_id = r.request_id AND
          NOT EXISTS (SELECT FROM rebut.claims c WHERE c.request_id = r.request_id AND c.second AND
                      c.reviewer = (SELECT rebut.actor()))) e
WHERE EXISTS (SELECT FROM rebut.my_cases_in_hand h WHERE h.request_id = r.request_id);
COMMENT ON VIEW rebut.case_events IS
    'All that happened around an order, of cases that you hold or have decided; no verdicts, in a second review no outcome, no device, address or payment';

-- The ends of the interval go with the probability.
CREATE OR REPLACE VIEW rebut.buyer_requests WITH (security_barrier) AS
SELECT o.buyer_id, q.request_id, q.order_id, o.merchant_id, q.at AS requested_at, q.kind, q.reason,
    q.amount, s.probability, s.answer, s.low, s.high
FROM rebut.source_orders o
JOIN rebut.source_requests q ON q.order_id = o.order_id
LEFT JOIN LATERAL (SELECT x.probability, x.answer, x.low, x.high FROM rebut.request_score x
                   WHERE x.request_id = q.request_id OFFSET 0) s ON true;

CREATE OR REPLACE FUNCTION rebut.request_version(request_id text, hold boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF hold THEN
        PERFORM rebut.lock_request($1, true);
    END IF;
    RETURN (SELECT md5(concat_ws('|', s.request_id, s.run_id, s.as_of, s.model_id, c.reviewer,
            c.claimed_at, c.until, d.last, d.standing, e.last))
        FROM rebut.request_score s
        LEFT JOIN rebut.claims c ON c.request_id = s.request_id
        LEFT JOIN LATERAL (
            SELECT max(x.escalation_id) AS last FROM rebut.escalations x
            WHERE x.request_id = s.request_id AND x.withdrawn_at IS NULL) e ON true
        CROSS JOIN LATERAL (
            SELECT max(x.decision_id) AS last, count(*) FILTER (WHERE x.undone_at IS NULL) AS standing
            FROM rebut.decisions x WHERE x.request_id = s.request_id) d
        WHERE s.request_id = $1);
END
$$;

COMMENT ON COLUMN rebut.scores.terms IS
    'The reasons: array of name, log_odds, observed, expected, n, usual (seen, low, high: nine in ten), sentence';

-- The interval of Wilson, 95 %, of a share k of n; NULL without any.
CREATE FUNCTION rebut.wilson(k bigint, n bigint) RETURNS json LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
    SELECT json_build_array(greatest(0, (x.centre - x.half) / x.size), least(1, (x.centre + x.half) / x.size))
    FROM (SELECT k::float8 / n + 1.96 ^ 2 / (2 * n) AS centre, 1 + 1.96 ^ 2 / n AS size,
                 1.96 * sqrt((k::float8 / n) * (1 - k::float8 / n) / n + 1.96 ^ 2 / (4 * n::float8 ^ 2)) AS half
          WHERE n > 0 AND k BETWEEN 0 AND n) x
$$;
COMMENT ON FUNCTION rebut.wilson(bigint, bigint) IS 'The 95 % interval of a share k of n; NULL: there is none';

CREATE OR REPLACE FUNCTION rebut.summary(days int) RETURNS json LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
    WITH run AS (SELECT * FROM rebut.queue_run),
    open AS (SELECT q.request_id, q.expected_recovery, q.amount FROM rebut.queue_open q),
    -- What was decided first, with the latest score from before the decision was known.
    decided AS (
        SELECT d.request_id, d.verdict, d.at, d.reviewer, d.selection, s.probability, s.amount
        FROM rebut.decisions d
        LEFT JOIN LATERAL (
            SELECT x.probability, x.amount FROM rebut.scores x
            WHERE x.request_id = d.request_id AND x.as_of < d.undo_until AND x.model_id NOT IN
                (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger')
            ORDER BY x.as_of DESC LIMIT 1) s ON true
        WHERE d.undone_at IS NULL AND NOT d.second AND d.at > now() - make_interval(days => days)),
    paired AS (
        SELECT a.verdict AS first, b.verdict AS second
        FROM rebut.decisions a JOIN rebut.decisions b ON b.request_id = a.request_id AND b.second
        WHERE NOT a.second AND a.undone_at IS NULL AND b.undone_at IS NULL AND
              b.at > now() - make_interval(days => days)),
    nights AS (
        SELECT r.run_id, r.as_of, r.counts FROM rebut.runs r
        WHERE r.kind = 'nightly' AND r.state = 'done' ORDER BY r.run_id DESC LIMIT 8)
    SELECT json_build_object(
        'days', days,
        'run', (SELECT row_to_json(r) FROM run r),
        'queue', (SELECT json_build_object('open', count(*),
            'held', count(*) FILTER (WHERE EXISTS (SELECT FROM rebut.claims c
                WHERE c.request_id = o.request_id AND c.until > now())),
            'escalated', (SELECT count(*) FROM rebut.escalations_waiting),
            'amount', coalesce(sum(o.amount), 0),
            'expected_recovery', coalesce(sum(o.expected_recovery), 0)) FROM open o),
        'decisions', (SELECT json_build_object('all', count(*),
            'abuse', count(*) FILTER (WHERE verdict = 'abuse'),
            'legitimate', count(*) FILTER (WHERE verdict = 'legitimate'),
            'unclear', count(*) FILTER (WHERE verdict = 'unclear'),
            'abuse_amount', coalesce(sum(amount) FILTER (WHERE verdict = 'abuse'), 0)) FROM decided),
        'by_day', (SELECT coalesce(json_agg(x ORDER BY x.day), '[]') FROM (
            SELECT at::date AS day, count(*) AS decisions,
                count(*) FILTER (WHERE verdict = 'abuse') AS abuse,
                coalesce(sum(amount) FILTER (WHERE verdict = 'abuse'), 0) AS abuse_amount
            FROM decided GROUP BY 1) x),
        'false_discovery', (SELECT json_build_object('n', count(*),
            'stated', avg(1 - probability),
            'realised', avg((verdict = 'legitimate')::int)) FROM decided
            WHERE selection = 'ranked' AND verdict <> 'unclear' AND probability IS NOT NULL),
        'reliability', (SELECT coalesce(json_agg(x ORDER BY x.bin), '[]') FROM (
            SELECT least(floor(probability * 10), 9)::int AS bin, count(*) AS n,
                avg(probability) AS stated, avg((verdict = 'abuse')::int) AS realised
            FROM decided WHERE verdict <> 'unclear' AND probability IS NOT NULL GROUP BY 1) x),
        -- By chance: how often two would agree who judge blindly, each with the shares seen.
        'agreement', (SELECT json_build_object('pairs', count(*),
            'agree', count(*) FILTER (WHERE p.first = p.second),
            'by_chance', (SELECT sum(v.a * v.b)::float8 / nullif(sum(v.a) * sum(v.b), 0) FROM (
                SELECT count(*) FILTER (WHERE x.first = w) AS a, count(*) FILTER (WHERE x.second = w) AS b
                FROM paired x, unnest(ARRAY['abuse', 'legitimate', 'unclear']) w GROUP BY w) v))
            FROM paired p),
        'recovered', (SELECT json_build_object(
            'decided_abuse', (SELECT coalesce(sum(amount) FILTER (WHERE verdict = 'abuse'), 0) FROM decided),
            'appeals_won', count(*) FILTER (WHERE a.status = 'won'),
            'appeals_lost', count(*) FILTER (WHERE a.status IN ('lost', 'expired')),
            'by_appeals', coalesce(sum(a.recovered) FILTER (WHERE a.status = 'won'), 0))
            FROM rebut.appeals a WHERE a.at > now() - make_interval(days => days)),
        -- As 'rebut doctor' has it (sql/queries/doctor_drift.sql); the limit is REBUT_ALARM_PSI.
        'drift', (SELECT json_build_object('run_id', n.run_id, 'as_of', n.as_of,
            'term', n.counts ->> 'psi_term', 'psi', (n.counts ->> 'psi_most')::float8, 'limit', 0.25,
            'queue', (n.counts ->> 'bounded')::float8,
            'queue_usual', (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (g.counts ->> 'bounded')::float8)
                FROM nights g WHERE g.run_id < n.run_id))
            FROM nights n ORDER BY n.run_id DESC LIMIT 1),
        'runs', (SELECT coalesce(json_agg(x ORDER BY x.run_id DESC), '[]') FROM (
            SELECT r.run_id, r.kind, r.state, r.started_at, r.ended_at, r.as_of, r.model_id, r.counts
            FROM rebut.runs r ORDER BY r.run_id DESC LIMIT 14) x))
$$;

DO $$
BEGIN
    EXECUTE (SELECT string_agg(format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', p.oid::regprocedure), '')
             FROM pg_proc p WHERE p.pronamespace = 'rebut'::regnamespace AND p.proacl IS NULL);
END
$$;
REVOKE ALL ON rebut.escalations, rebut.escalations_waiting, rebut.escalated FROM PUBLIC;
GRANT SELECT ON rebut.escalated TO rebut_reviewer;
GRANT SELECT ON rebut.escalations TO rebut_auditor;
GRANT SELECT ON rebut.migrations TO rebut_senior;
GRANT EXECUTE ON FUNCTION rebut.escalate(text, text), rebut.is_senior(), rebut.wilson(bigint, bigint)
    TO rebut_reviewer;

-- A column of a view means what the table's column of that name means.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN
        SELECT v.relname, a.attname, coalesce(
            (SELECT col_description(t.oid, b.attnum) FROM pg_class t JOIN pg_attribute b ON b.attrelid = t.oid
             WHERE t.relnamespace = v.relnamespace AND t.relkind IN ('r', 'p') AND b.attname = a.attname AND
                   col_description(t.oid, b.attnum) IS NOT NULL
             ORDER BY t.relname = 'escalations' DESC, t.relname = 'scores' DESC, t.relname LIMIT 1)) AS words
        FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid
        WHERE v.relnamespace = 'rebut'::regnamespace AND v.relkind = 'v' AND a.attnum > 0 AND
              v.relname IN ('escalated', 'escalations_waiting', 'buyer_requests') AND
              col_description(v.oid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN rebut.%I.%I IS %L', it.relname, it.attname, it.words);
    END LOOP;
END
$$;
