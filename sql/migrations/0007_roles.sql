-- Who may do what.  Group roles without login, made if the cluster has none: a login
-- gets its rights by GRANT rebut_reviewer TO anna.  Everything is closed to PUBLIC.
--
--     rebut_engine    reads events, writes models, runs, scores, queues, groups
--     rebut_loader    adds events
--     rebut_reviewer  reads the reviewers' views, writes by functions alone
--     rebut_merchant  reads rebut.my_cases and nothing else
--     rebut_auditor   reads what was scored, decided and done; no words of buyers
--     rebut_merchant_rows  nobody's: the owner of the function behind my_cases

DO $$
DECLARE
    name  text;
    about text;
BEGIN
    FOR name, about IN VALUES
        ('rebut_engine', 'rebut: reads events, writes runs and scores'),
        ('rebut_loader', 'rebut: adds events'),
        ('rebut_reviewer', 'rebut: works on the queue'),
        ('rebut_merchant', 'rebut: sees the cases of its own merchants'),
        ('rebut_auditor', 'rebut: sees what was scored, decided and done'),
        ('rebut_merchant_rows', 'rebut: reads a merchant''s scores; grant it to nobody')
    LOOP
        -- Roles belong to the cluster: another database may have made it, even just now.
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', name, about);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

REVOKE ALL ON SCHEMA rebut FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA rebut FROM PUBLIC;
GRANT USAGE ON SCHEMA rebut
    TO rebut_engine, rebut_loader, rebut_reviewer, rebut_merchant, rebut_auditor, rebut_merchant_rows;
GRANT SELECT ON rebut.migrations TO rebut_engine, rebut_loader, rebut_reviewer, rebut_auditor;

-- ---- engine and loader
GRANT SELECT ON rebut.orders, rebut.shipments, rebut.deliveries, rebut.prices, rebut.contacts,
    rebut.requests, rebut.outcomes, rebut.verdicts, rebut.decisions, rebut.suppressions,
    rebut.settings, rebut.models, rebut.runs, rebut.scores, rebut.queue_slots, rebut.groups
    TO rebut_engine;
GRANT INSERT ON rebut.models, rebut.runs, rebut.scores, rebut.queue_slots, rebut.groups
    TO rebut_engine;
GRANT UPDATE (role) ON rebut.models TO rebut_engine;
GRANT UPDATE (state, ended_at, as_of, since, model_id, config, watermark, counts, message)
    ON rebut.runs TO rebut_engine;
GRANT EXECUTE ON FUNCTION rebut.scores_partition(date), rebut.settle_decisions() TO rebut_engine;
GRANT SELECT, INSERT ON rebut.orders, rebut.shipments, rebut.deliveries, rebut.prices,
    rebut.contacts, rebut.requests, rebut.outcomes, rebut.verdicts TO rebut_loader;

-- ---- reviewer
GRANT SELECT ON rebut.queue, rebut.request_score, rebut.buyer_record, rebut.merchant_record,
    rebut.case_events, rebut.my_decisions TO rebut_reviewer;
GRANT EXECUTE ON FUNCTION rebut.claim(int, interval), rebut.claim_request(text, interval),
    rebut.claim_second(int, interval), rebut.release(text), rebut.decide(text, text, text),
    rebut.undo(text), rebut.suppress(text, text, text, timestamptz), rebut.lift(bigint)
    TO rebut_reviewer;

-- ---- auditor.  It checks whether people were treated alike and by the rules; for that
-- it needs accounts and shops as ids, and the reviewers' notes.  It does not need what
-- buyers wrote or photographed, nor devices, addresses and payments.
GRANT SELECT ON rebut.models, rebut.runs, rebut.scores, rebut.queue_slots, rebut.groups,
    rebut.claims, rebut.decisions, rebut.suppressions, rebut.settings, rebut.merchant_logins,
    rebut.audit, rebut.verdicts, rebut.outcomes, rebut.request_score, rebut.queue_run
    TO rebut_auditor;
GRANT SELECT (at, request_id, order_id, kind, reason, amount) ON rebut.requests TO rebut_auditor;

-- ---- merchant
CREATE FUNCTION rebut.my_merchants() RETURNS text[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
    -- session_user is who logged in; SET ROLE does not change it.
    SELECT coalesce(array_agg(l.merchant_id), '{}') FROM rebut.merchant_logins l
    WHERE l.login = session_user
$$;
REVOKE EXECUTE ON FUNCTION rebut.my_merchants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.my_merchants() TO rebut_merchant_rows;
COMMENT ON FUNCTION rebut.my_merchants() IS 'The merchants of the login; for our own functions';

-- Without a policy a role sees no row.  COPY into a table with row security is refused to
-- all but the owner: the engine copies into the partition (rebut.scores_partition).
ALTER TABLE rebut.scores ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine ON rebut.scores TO rebut_engine USING (true) WITH CHECK (true);
CREATE POLICY auditor ON rebut.scores FOR SELECT TO rebut_auditor USING (true);
CREATE POLICY merchant ON rebut.scores FOR SELECT TO rebut_merchant_rows
    USING (merchant_id = ANY ((SELECT rebut.my_merchants())::text[])); -- asked once, not a row
-- No buyer_id; and no rank, q-value or run, which tell of the cases of others.
GRANT SELECT (request_id, order_id, merchant_id, requested_at, amount, as_of, model_id,
    probability, low, high, answer, expected_recovery, log_odds, notes, terms)
    ON rebut.scores TO rebut_merchant_rows;
GRANT SELECT (model_id, role) ON rebut.models TO rebut_merchant_rows;

-- A function and not a plain view, because a view's plan shows how many rows there are of
-- others; it runs as a role under the policy, because then a mistake in it shows no more.
CREATE FUNCTION rebut.my_case_rows()
RETURNS TABLE (request_id text, order_id text, merchant_id text, requested_at timestamptz,
    amount bigint, as_of timestamptz, model_id text, probability double precision,
    low double precision, high double precision, answer text,
    expected_recovery double precision, log_odds double precision, notes text[], terms json)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, rebut, pg_temp SET row_security = on AS $$
    SELECT DISTINCT ON (s.request_id) s.request_id, s.order_id, s.merchant_id, s.requested_at,
        s.amount, s.as_of, s.model_id, s.probability, s.low, s.high, s.answer,
        s.expected_recovery, s.log_odds, s.notes, s.terms
    FROM rebut.scores s
    WHERE s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger')
    ORDER BY s.request_id, s.as_of DESC, s.model_id
$$;
REVOKE EXECUTE ON FUNCTION rebut.my_case_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.my_case_rows() TO rebut_merchant;
COMMENT ON FUNCTION rebut.my_case_rows() IS 'The latest score of each request at the merchants of the login';

CREATE VIEW rebut.my_cases WITH (security_barrier) AS SELECT * FROM rebut.my_case_rows();
GRANT SELECT ON rebut.my_cases TO rebut_merchant;
COMMENT ON VIEW rebut.my_cases IS 'For a merchant: its own cases and their reasons, without the buyers';
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT a.attname, col_description('rebut.scores'::regclass, b.attnum) AS words
              FROM pg_attribute a JOIN pg_attribute b ON b.attname = a.attname
              WHERE a.attrelid = 'rebut.my_cases'::regclass AND
                    b.attrelid = 'rebut.scores'::regclass LOOP
        EXECUTE format('COMMENT ON COLUMN rebut.my_cases.%I IS %L', it.attname, it.words);
    END LOOP;
END
$$;

-- A migration by one who is no superuser gives a function away only as a member of its
-- new owner, who may create in the schema; both only for this moment.
DO $$
DECLARE
    mine boolean := pg_has_role(current_user, 'rebut_merchant_rows', 'MEMBER');
BEGIN
    IF NOT mine THEN
        EXECUTE format('GRANT rebut_merchant_rows TO %I', current_user);
    END IF;
    GRANT CREATE ON SCHEMA rebut TO rebut_merchant_rows;
    ALTER FUNCTION rebut.my_case_rows() OWNER TO rebut_merchant_rows;
    REVOKE CREATE ON SCHEMA rebut FROM rebut_merchant_rows;
    IF NOT mine THEN
        EXECUTE format('REVOKE rebut_merchant_rows FROM %I', current_user);
    END IF;
END
$$;
