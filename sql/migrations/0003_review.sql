-- What people do about scores: claims, decisions, suppressions; the settings of it, who
-- is which merchant, and the audit trail.  The functions that write here are in 0005.

CREATE TABLE rebut.audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    login    name NOT NULL DEFAULT session_user,
    role     name NOT NULL,
    action   text NOT NULL,
    subject  text NOT NULL,
    detail   json
);
CREATE INDEX ON rebut.audit (subject, at);
CREATE INDEX ON rebut.audit (login, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rebut.audit
    EXECUTE FUNCTION rebut.refuse_change();
COMMENT ON TABLE rebut.audit IS 'Who did what to which case, model or setting. Only grows';
COMMENT ON COLUMN rebut.audit.audit_id IS 'In the order of writing, which is not that of committing';
COMMENT ON COLUMN rebut.audit.at IS 'When';
COMMENT ON COLUMN rebut.audit.login IS 'Who logged in';
COMMENT ON COLUMN rebut.audit.role IS 'As which role: the login itself unless SET ROLE';
COMMENT ON COLUMN rebut.audit.action IS 'claim, release, decide, undo, settle …; or a table''s insert, update, delete';
COMMENT ON COLUMN rebut.audit.subject IS 'The request, model, setting or login that it was done to';
COMMENT ON COLUMN rebut.audit.detail IS 'The rest; nothing of what a buyer wrote';

CREATE FUNCTION rebut.record(action text, subject text, detail json) RETURNS boolean
LANGUAGE sql SET search_path = pg_catalog, rebut, pg_temp AS $$
    -- Inside a SECURITY DEFINER function current_user is the owner; this is the caller.
    INSERT INTO rebut.audit (role, action, subject, detail)
    VALUES (coalesce(nullif(current_setting('role'), 'none'), session_user), $1, $2, $3)
    RETURNING true
$$;
REVOKE EXECUTE ON FUNCTION rebut.record(text, text, json) FROM PUBLIC;
COMMENT ON FUNCTION rebut.record(text, text, json) IS 'Write a line of the audit trail; true';

CREATE FUNCTION rebut.record_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    before jsonb := to_jsonb(OLD) - 'document';
    after  jsonb := to_jsonb(NEW) - 'document';
BEGIN
    PERFORM rebut.record(tg_table_name || '.' || lower(tg_op),
        coalesce(after, before) ->> tg_argv[0],
        json_strip_nulls(json_build_object('before', before, 'after', after)));
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.record_change() FROM PUBLIC;
COMMENT ON FUNCTION rebut.record_change() IS
    'Trigger that writes changed rows of a small table to the audit trail';

CREATE TABLE rebut.settings (
    key   text PRIMARY KEY,
    value text NOT NULL,
    about text NOT NULL,
    CHECK (key NOT IN ('grace', 'lease', 'lease_max', 'second_window', 'suppress_max') OR
           value::interval > interval '0'),
    CHECK (key <> 'claims_max' OR value::int > 0)
);
COMMENT ON TABLE rebut.settings IS 'What a platform may set; changes are audited';
COMMENT ON COLUMN rebut.settings.key IS 'Which setting';
COMMENT ON COLUMN rebut.settings.value IS 'Its value';
COMMENT ON COLUMN rebut.settings.about IS 'What it means';
INSERT INTO rebut.settings (key, value, about) VALUES
    ('identity', gen_random_uuid(), 'Which database this is: a state file of another is not used'),
    ('grace', '10 minutes', 'A decision may be undone for so long; then it becomes a verdict'),
    ('lease', '30 minutes', 'A claim holds for so long unless the reviewer says otherwise'),
    ('lease_max', '8 hours', 'The longest that a reviewer may say'),
    ('claims_max', '100', 'How many requests one reviewer may hold'),
    ('second_window', '30 days', 'Decisions younger than this may be reviewed again'),
    ('suppress_max', '366 days', 'The longest that something may be kept out of the queue');

CREATE FUNCTION rebut.setting(key text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
    SELECT value FROM rebut.settings WHERE settings.key = $1
$$;
REVOKE EXECUTE ON FUNCTION rebut.setting(text) FROM PUBLIC;
COMMENT ON FUNCTION rebut.setting(text) IS 'The value of a setting';

CREATE TABLE rebut.merchant_logins (
    login       name,
    merchant_id text CHECK (octet_length(merchant_id) BETWEEN 1 AND 64),
    PRIMARY KEY (login, merchant_id)
);
COMMENT ON TABLE rebut.merchant_logins IS 'Which login may see which merchant''s cases';
COMMENT ON COLUMN rebut.merchant_logins.login IS 'The role that logs in: session_user, which SET ROLE does not change';
COMMENT ON COLUMN rebut.merchant_logins.merchant_id IS 'The merchant';

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON rebut.settings
    FOR EACH ROW EXECUTE FUNCTION rebut.record_change('key');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON rebut.merchant_logins
    FOR EACH ROW EXECUTE FUNCTION rebut.record_change('login');
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON rebut.models
    FOR EACH ROW EXECUTE FUNCTION rebut.record_change('model_id');

-- What the slot said is copied here, because the next night draws another queue while
-- the case is still in somebody's hands.
CREATE TABLE rebut.claims (
    request_id text PRIMARY KEY,
    reviewer   name NOT NULL,
    claimed_at timestamptz NOT NULL,
    until      timestamptz NOT NULL CHECK (until > claimed_at),
    second     boolean NOT NULL,
    run_id     bigint,
    selection  text NOT NULL CHECK (selection IN ('ranked', 'random', 'appeal')),
    propensity double precision CHECK (propensity > 0 AND propensity <= 1)
);
CREATE INDEX ON rebut.claims (reviewer);
COMMENT ON TABLE rebut.claims IS 'Who has which case in hand, and until when';
COMMENT ON COLUMN rebut.claims.request_id IS 'The request';
COMMENT ON COLUMN rebut.claims.reviewer IS 'Who holds it';
COMMENT ON COLUMN rebut.claims.claimed_at IS 'Since when';
COMMENT ON COLUMN rebut.claims.until IS 'Then another may take it';
COMMENT ON COLUMN rebut.claims.second IS 'It has been decided by another and is reviewed again';
COMMENT ON COLUMN rebut.claims.run_id IS 'The run whose queue it was taken from; NULL: from none';
COMMENT ON COLUMN rebut.claims.selection IS 'Why it is looked at: as in verdicts';
COMMENT ON COLUMN rebut.claims.propensity IS 'As in verdicts';

CREATE TABLE rebut.decisions (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  text NOT NULL CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    verdict     text NOT NULL CHECK (verdict IN ('abuse', 'legitimate', 'unclear')),
    note        text CHECK (octet_length(note) <= 16384),
    reviewer    name NOT NULL,
    at          timestamptz NOT NULL,
    undo_until  timestamptz NOT NULL CHECK (undo_until > at),
    run_id      bigint,
    selection   text NOT NULL CHECK (selection IN ('ranked', 'random', 'appeal')),
    propensity  double precision CHECK (propensity > 0 AND propensity <= 1),
    second      boolean NOT NULL,
    undone_at   timestamptz,
    settled_at  timestamptz,
    CHECK (undone_at IS NULL OR settled_at IS NULL)
);
-- One first and one second decision stand of a request, whatever the functions do.
CREATE UNIQUE INDEX decisions_standing ON rebut.decisions (request_id, second)
    WHERE undone_at IS NULL;
CREATE INDEX decisions_unsettled ON rebut.decisions (undo_until)
    WHERE undone_at IS NULL AND settled_at IS NULL;
CREATE INDEX ON rebut.decisions (reviewer, at);
CREATE INDEX ON rebut.decisions (at);
COMMENT ON TABLE rebut.decisions IS 'What reviewers decided. It becomes a verdict when it can no longer be undone';
COMMENT ON COLUMN rebut.decisions.decision_id IS 'The decision';
COMMENT ON COLUMN rebut.decisions.request_id IS 'The request';
COMMENT ON COLUMN rebut.decisions.verdict IS 'abuse, legitimate, unclear';
COMMENT ON COLUMN rebut.decisions.note IS 'Why, in the reviewer''s words';
COMMENT ON COLUMN rebut.decisions.reviewer IS 'Who decided';
COMMENT ON COLUMN rebut.decisions.at IS 'When';
COMMENT ON COLUMN rebut.decisions.undo_until IS 'Until when it may be undone; the time of the verdict';
COMMENT ON COLUMN rebut.decisions.run_id IS 'The run whose queue it came from; NULL: from none';
COMMENT ON COLUMN rebut.decisions.selection IS 'Why it was looked at: as in verdicts';
COMMENT ON COLUMN rebut.decisions.propensity IS 'As in verdicts';
COMMENT ON COLUMN rebut.decisions.second IS 'The second review of the request';
COMMENT ON COLUMN rebut.decisions.undone_at IS 'When it was undone';
COMMENT ON COLUMN rebut.decisions.settled_at IS 'When it became a verdict';

CREATE TABLE rebut.suppressions (
    suppression_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id     text,
    buyer_id       text,
    merchant_id    text,
    reason         text NOT NULL CHECK (reason ~ '\S' AND octet_length(reason) <= 16384),
    by             name NOT NULL DEFAULT session_user,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    until          timestamptz NOT NULL CHECK (until > at AND until < 'infinity'),
    CHECK (num_nonnulls(request_id, buyer_id, merchant_id) = 1)
);
CREATE INDEX ON rebut.suppressions (request_id, until) WHERE request_id IS NOT NULL;
CREATE INDEX ON rebut.suppressions (buyer_id, until) WHERE buyer_id IS NOT NULL;
CREATE INDEX ON rebut.suppressions (merchant_id, until) WHERE merchant_id IS NOT NULL;
COMMENT ON TABLE rebut.suppressions IS 'What is kept out of the queue, why and until when; it is scored all the same';
COMMENT ON COLUMN rebut.suppressions.suppression_id IS 'The suppression';
COMMENT ON COLUMN rebut.suppressions.request_id IS 'One request; or';
COMMENT ON COLUMN rebut.suppressions.buyer_id IS 'all of a buyer; or';
COMMENT ON COLUMN rebut.suppressions.merchant_id IS 'all at a merchant';
COMMENT ON COLUMN rebut.suppressions.reason IS 'Why';
COMMENT ON COLUMN rebut.suppressions.by IS 'Who said so';
COMMENT ON COLUMN rebut.suppressions.at IS 'When';
COMMENT ON COLUMN rebut.suppressions.until IS 'Until when; it always ends';
