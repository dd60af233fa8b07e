-- A server that logs in once and speaks for many people ('rebut serve').
--
-- Its login is in rebut_server, which has no right but to ask who a caller is:
-- rebut.enter() takes the BLAKE2b hash of a token's or a session's secret and, when that
-- is one, sets for this transaction the role of the token and a seal, by which every
-- function and view of ours knows in whose name it works (rebut.actor()).
--
-- Who could forge it?  A seal is a keyed hash over the token's id, the server process and
-- the beginning of the transaction; the key is in rebut.server_key, which nobody may read
-- but the owner.  Whoever may run any statement as the server's login can neither speak
-- for somebody without that token's hash, nor keep a seal beyond its transaction, nor
-- read hashes.  Without a seal rebut.actor() refuses that login, and so do the queue, the
-- words of a case, claims and decisions; it is no merchant.  It can SET ROLE to
-- rebut_auditor and read what an auditor reads: guard its password as one.  The owner and
-- superusers can do all, as ever.

DO $$
DECLARE
    name  text;
    about text;
    pair  text[];
BEGIN
    FOR name, about IN VALUES
        ('rebut_server', 'rebut: asks who a caller is and works in its name'),
        ('rebut_admin', 'rebut: reviewer, auditor and loader, and gives out tokens')
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN %s', name,
                CASE name WHEN 'rebut_server' THEN 'NOINHERIT' ELSE '' END);
            EXECUTE format('COMMENT ON ROLE %I IS %L', name, about);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        ['rebut_reviewer', 'rebut_admin'], ['rebut_auditor', 'rebut_admin'],
        ['rebut_loader', 'rebut_admin'], ['rebut_reviewer', 'rebut_server'],
        ['rebut_merchant', 'rebut_server'], ['rebut_auditor', 'rebut_server'],
        ['rebut_admin', 'rebut_server']] LOOP
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
GRANT USAGE ON SCHEMA rebut TO rebut_server, rebut_admin;
GRANT SELECT ON rebut.migrations TO rebut_server, rebut_admin;

-- ---- who may
CREATE TABLE rebut.server_key (one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (octet_length(key) = 32));
COMMENT ON TABLE rebut.server_key IS 'What seals are made with; a new key ends what is under way, no more';
COMMENT ON COLUMN rebut.server_key.one IS 'There is one';
COMMENT ON COLUMN rebut.server_key.key IS 'Never leaves the database';
INSERT INTO rebut.server_key (key) VALUES (sha256(uuid_send(gen_random_uuid()) ||
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

CREATE TABLE rebut.tokens (
    token_id     text PRIMARY KEY CHECK (token_id ~ '^[a-z0-9]{12}$'),
    hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
    role         text NOT NULL CHECK (role IN ('reviewer', 'merchant', 'auditor', 'admin')),
    login        name NOT NULL CHECK (login <> ''),
    merchant_ids text[] NOT NULL DEFAULT '{}',
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   name NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at < 'infinity'),
    revoked_at   timestamptz,
    last_used_at timestamptz,
    CHECK ((role = 'merchant') = (cardinality(merchant_ids) > 0))
);
COMMENT ON TABLE rebut.tokens IS 'Who may ask the server, as whom and for what';
COMMENT ON COLUMN rebut.tokens.token_id IS 'The part of a token that is no secret';
COMMENT ON COLUMN rebut.tokens.hash IS 'BLAKE2b-256 of the part that is';
COMMENT ON COLUMN rebut.tokens.role IS 'reviewer, merchant, auditor, admin: works as the group rebut_…';
COMMENT ON COLUMN rebut.tokens.login IS 'In whose name: the same person as the login of that name';
COMMENT ON COLUMN rebut.tokens.merchant_ids IS 'Of a merchant: whose cases it sees';
COMMENT ON COLUMN rebut.tokens.scopes IS 'What of the role''s rights it may use';
COMMENT ON COLUMN rebut.tokens.created_at IS 'Since when';
COMMENT ON COLUMN rebut.tokens.created_by IS 'Who gave it out';
COMMENT ON COLUMN rebut.tokens.expires_at IS 'Until when';
COMMENT ON COLUMN rebut.tokens.revoked_at IS 'Since when no longer; NULL: it is good';
COMMENT ON COLUMN rebut.tokens.last_used_at IS 'When it was last used, to the minute';

CREATE TABLE rebut.link_codes (
    code_id    text PRIMARY KEY CHECK (code_id ~ '^[a-z0-9]{12}$'),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    token_id   text NOT NULL REFERENCES rebut.tokens,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE rebut.link_codes IS 'Codes that open a session of a token, once each';
COMMENT ON COLUMN rebut.link_codes.code_id IS 'The part of a code that is no secret'; COMMENT ON COLUMN rebut.link_codes.hash IS 'BLAKE2b-256 of the part that is';
COMMENT ON COLUMN rebut.link_codes.token_id IS 'Whose session it opens'; COMMENT ON COLUMN rebut.link_codes.expires_at IS 'Until when';
COMMENT ON COLUMN rebut.link_codes.used_at IS 'When it was; then it is of no more use';

CREATE TABLE rebut.sessions (
    session_id text PRIMARY KEY CHECK (session_id ~ '^[a-z0-9]{12}$'),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    token_id   text NOT NULL REFERENCES rebut.tokens,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX ON rebut.sessions (expires_at);
COMMENT ON TABLE rebut.sessions IS 'Browsers that opened the console with a token or a code';
COMMENT ON COLUMN rebut.sessions.session_id IS 'The part of the cookie that is no secret'; COMMENT ON COLUMN rebut.sessions.hash IS 'BLAKE2b-256 of the part that is';
COMMENT ON COLUMN rebut.sessions.token_id IS 'In the name of this token'; COMMENT ON COLUMN rebut.sessions.created_at IS 'Since when';
COMMENT ON COLUMN rebut.sessions.expires_at IS 'Until when'; COMMENT ON COLUMN rebut.sessions.ended_at IS 'When somebody logged out';

CREATE TABLE rebut.idempotency (
    login      name,
    key        text CHECK (octet_length(key) BETWEEN 1 AND 128),
    digest     bytea NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    status     int,
    etag       text,
    body       text,
    PRIMARY KEY (login, key)
);
CREATE INDEX ON rebut.idempotency (at);
COMMENT ON TABLE rebut.idempotency IS 'What was answered under an Idempotency-Key, for a day';
COMMENT ON COLUMN rebut.idempotency.login IS 'Whose key'; COMMENT ON COLUMN rebut.idempotency.key IS 'The key';
COMMENT ON COLUMN rebut.idempotency.digest IS 'Of what was asked: the same key is for the same question'; COMMENT ON COLUMN rebut.idempotency.at IS 'When';
COMMENT ON COLUMN rebut.idempotency.status IS 'The answer''s status'; COMMENT ON COLUMN rebut.idempotency.etag IS 'Its version';
COMMENT ON COLUMN rebut.idempotency.body IS 'Its words';

-- ---- in whose name
CREATE FUNCTION rebut.seal(token_id text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
    -- Twice, so that nobody makes a longer message of a shorter one.
    SELECT token_id || ':' || encode(sha256(k.key || sha256(k.key || convert_to(concat_ws('|',
        token_id, pg_backend_pid(), extract(epoch FROM transaction_timestamp())), 'UTF8'))), 'hex')
    FROM rebut.server_key k
$$;
COMMENT ON FUNCTION rebut.seal(text) IS 'What says that this transaction works for a token; for our own functions';

CREATE FUNCTION rebut.acting_token() RETURNS text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    said text := current_setting('rebut.acting', true);
BEGIN
    IF coalesce(said, '') = '' THEN RETURN NULL; END IF;
    IF said IS DISTINCT FROM rebut.seal(split_part(said, ':', 1)) THEN
        RAISE EXCEPTION 'the setting ''rebut.acting'' is not by rebut.enter()' USING ERRCODE = '42501';
    END IF;
    RETURN split_part(said, ':', 1);
END
$$;
COMMENT ON FUNCTION rebut.acting_token() IS 'The token in whose name the transaction works; NULL: the login''s own';

CREATE FUNCTION rebut.actor() RETURNS name LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    token text := rebut.acting_token();
BEGIN
    IF token IS NOT NULL THEN
        RETURN (SELECT t.login FROM rebut.tokens t WHERE t.token_id = token);
    END IF;
    IF pg_has_role(session_user, 'rebut_server', 'MEMBER') AND
       NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) THEN
        RAISE EXCEPTION 'a server acts for nobody before rebut.enter()' USING ERRCODE = '42501';
    END IF;
    RETURN session_user;
END
$$;
COMMENT ON FUNCTION rebut.actor() IS 'Who does this: the login of the token that rebut.enter() took, else who logged in';

-- Everything that asked for session_user asks for the actor from now on.
DO $$
DECLARE
    it   record;
    text text;
BEGIN
    FOR it IN SELECT p.oid FROM pg_proc p
              WHERE p.pronamespace = 'rebut'::regnamespace AND p.prosrc ~ '\msession_user\M' AND
                    p.proname NOT IN ('actor', 'my_merchants') LOOP
        EXECUTE regexp_replace(pg_get_functiondef(it.oid), '\msession_user\M', 'rebut.actor()', 'g');
    END LOOP;
    -- In a view once a statement, and not once a row.
    FOR it IN SELECT c.oid, c.relname, c.reloptions FROM pg_class c
              WHERE c.relnamespace = 'rebut'::regnamespace AND c.relkind = 'v' AND
                    pg_get_viewdef(c.oid) ~* '\msession_user\M' ORDER BY c.oid LOOP
        text := regexp_replace(pg_get_viewdef(it.oid), '\msession_user\M',
            '(SELECT rebut.actor())', 'gi');
        EXECUTE format('CREATE OR REPLACE VIEW rebut.%I %s AS %s', it.relname,
            'WITH (' || nullif(array_to_string(it.reloptions, ', '), '') || ')', text);
    END LOOP;
END
$$;
ALTER TABLE rebut.audit ALTER COLUMN login SET DEFAULT rebut.actor();
ALTER TABLE rebut.suppressions ALTER COLUMN by SET DEFAULT rebut.actor();
ALTER TABLE rebut.audit ADD COLUMN token_id text;
ALTER TABLE rebut.audit ALTER COLUMN token_id SET DEFAULT rebut.acting_token();
COMMENT ON COLUMN rebut.audit.login IS 'Who: the login, or that of the token';
COMMENT ON COLUMN rebut.audit.token_id IS 'By which token; NULL: logged in to the database';

CREATE OR REPLACE FUNCTION rebut.my_merchants() RETURNS text[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
    SELECT coalesce(CASE WHEN a.token_id IS NULL
        -- session_user is who logged in; SET ROLE does not change it.
        THEN (SELECT array_agg(l.merchant_id) FROM rebut.merchant_logins l WHERE l.login = session_user)
        ELSE (SELECT t.merchant_ids FROM rebut.tokens t
              WHERE t.token_id = a.token_id AND t.role = 'merchant') END, '{}')
    FROM (SELECT rebut.acting_token() AS token_id) a
$$;

-- ---- coming in
CREATE FUNCTION rebut.same_hash(a bytea, b bytea) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
    -- How long it takes says nothing: what is compared is unknown to who sent the hash.
    SELECT sha256(k.key || a) = sha256(k.key || b) FROM rebut.server_key k
$$;
COMMENT ON FUNCTION rebut.same_hash(bytea, bytea) IS 'Are two hashes the same? For our own functions';

CREATE FUNCTION rebut.admit(kind text, id text, hash bytea)
RETURNS TABLE (token_id text, login name, role text, scopes text[], merchant_ids text[],
    expires_at timestamptz, seal text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it     rebut.tokens;
    stored bytea;
    ends   timestamptz;
BEGIN
    IF kind = 'session' THEN
        SELECT s.hash, s.expires_at INTO stored, ends FROM rebut.sessions s
        WHERE s.session_id = admit.id AND s.ended_at IS NULL;
        SELECT t.* INTO it FROM rebut.sessions s JOIN rebut.tokens t USING (token_id)
        WHERE s.session_id = admit.id;
    ELSE
        SELECT t.* INTO it FROM rebut.tokens t WHERE t.token_id = admit.id;
        stored := it.hash;
        ends := it.expires_at;
    END IF;
    -- The same is asked of one that is unknown, wrong, expired or revoked.
    IF rebut.same_hash(coalesce(stored, '\x'), coalesce(admit.hash, '\x00')) IS NOT TRUE OR
       it.revoked_at IS NOT NULL OR NOT (it.expires_at > now()) OR NOT (ends > now()) THEN
        RETURN;
    END IF;
    IF it.last_used_at IS NULL OR it.last_used_at < now() - interval '1 minute' THEN
        UPDATE rebut.tokens t SET last_used_at = now() WHERE t.token_id IN (
            SELECT x.token_id FROM rebut.tokens x WHERE x.token_id = it.token_id
            FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    RETURN QUERY SELECT it.token_id, it.login, it.role, it.scopes, it.merchant_ids, ends,
        rebut.seal(it.token_id);
END
$$;
COMMENT ON FUNCTION rebut.admit(text, text, bytea) IS 'Whose token or session is this? No row: nobody''s';

CREATE FUNCTION rebut.enter(kind text, id text, hash bytea)
RETURNS TABLE (token_id text, login name, role text, scopes text[], merchant_ids text[],
    expires_at timestamptz) LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    SELECT a.* INTO it FROM rebut.admit(enter.kind, enter.id, enter.hash) a;
    IF it.token_id IS NULL THEN RETURN; END IF;
    -- With the caller's rights, because a definer's function may not set a role.
    PERFORM set_config('rebut.acting', it.seal, true);
    PERFORM set_config('role', 'rebut_' || it.role, true);
    RETURN QUERY SELECT it.token_id, it.login, it.role, it.scopes, it.merchant_ids, it.expires_at;
END
$$;
COMMENT ON FUNCTION rebut.enter(text, text, bytea) IS
    'Work in the name of a token or session until the end of the transaction; no row: it is none';

CREATE FUNCTION rebut.open_session(kind text, id text, hash bytea, session_id text,
    session_hash bytea, lasting interval)
RETURNS TABLE (token_id text, expires_at timestamptz) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it   rebut.tokens;
    code rebut.link_codes;
BEGIN
    IF kind = 'code' THEN
        SELECT c.* INTO code FROM rebut.link_codes c WHERE c.code_id = open_session.id FOR UPDATE;
        IF rebut.same_hash(coalesce(code.hash, '\x'), coalesce(open_session.hash, '\x00')) IS NOT TRUE OR
           code.used_at IS NOT NULL OR NOT (code.expires_at > now()) THEN
            RETURN;
        END IF;
        UPDATE rebut.link_codes c SET used_at = now() WHERE c.code_id = code.code_id;
        SELECT t.* INTO it FROM rebut.tokens t WHERE t.token_id = code.token_id;
    ELSE
        SELECT t.* INTO it FROM rebut.tokens t WHERE t.token_id =
            (SELECT a.token_id FROM rebut.admit('token', open_session.id, open_session.hash) a);
    END IF;
    IF it.token_id IS NULL OR it.revoked_at IS NOT NULL OR NOT (it.expires_at > now()) THEN
        RETURN;
    END IF;
    DELETE FROM rebut.sessions s WHERE s.expires_at < now() - interval '7 days';
    INSERT INTO rebut.sessions (session_id, hash, token_id, expires_at)
    VALUES (open_session.session_id, open_session.session_hash, it.token_id,
        least(it.expires_at, now() + lasting));
    INSERT INTO rebut.audit (login, role, action, subject, token_id)
    VALUES (it.login, 'rebut_' || it.role, 'login', it.token_id, it.token_id);
    RETURN QUERY SELECT it.token_id, least(it.expires_at, now() + lasting);
END
$$;
COMMENT ON FUNCTION rebut.open_session(text, text, bytea, text, bytea, interval) IS
    'Open a session by a token or a one-time code; no row: it is none';

CREATE FUNCTION rebut.end_session(session_id text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    UPDATE rebut.sessions s SET ended_at = now()
    WHERE s.session_id = $1 AND s.token_id = rebut.acting_token() AND s.ended_at IS NULL;
    IF rebut.acting_token() IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
    PERFORM rebut.record('logout', rebut.acting_token(), NULL);
END
$$;
COMMENT ON FUNCTION rebut.end_session(text) IS 'End a session of the token that acts';

CREATE FUNCTION rebut.server_derived(purpose text) RETURNS bytea LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
    SELECT sha256(k.key || sha256(k.key || convert_to('derived ' || purpose, 'UTF8')))
    FROM rebut.server_key k
$$;
COMMENT ON FUNCTION rebut.server_derived(text) IS
    'A key that all servers of this database share, for marks of theirs such as cursors; not that of seals';

-- ---- giving out
CREATE FUNCTION rebut.create_token(token_id text, hash bytea, role text, login name,
    merchant_ids text[], scopes text[], expires_at timestamptz) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF expires_at IS NULL OR NOT (expires_at > now()) THEN
        RAISE EXCEPTION 'expected a time to come, got ''%''', expires_at USING ERRCODE = 'RB006';
    END IF;
    INSERT INTO rebut.tokens (token_id, hash, role, login, merchant_ids, scopes, created_by, expires_at)
    VALUES ($1, $2, $3, $4, coalesce($5, '{}'), $6, rebut.actor(), $7);
    PERFORM rebut.record('create_token', $1, json_build_object('role', $3, 'login', $4,
        'merchant_ids', $5, 'scopes', $6, 'expires_at', $7));
END
$$;
COMMENT ON FUNCTION rebut.create_token(text, bytea, text, name, text[], text[], timestamptz) IS 'Give out a token';

CREATE FUNCTION rebut.create_link(code_id text, hash bytea, token_id text, lasting interval)
RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF NOT (lasting > interval '0' AND lasting <= interval '7 days') THEN
        RAISE EXCEPTION 'expected at most 7 days, got ''%''', lasting USING ERRCODE = 'RB006';
    END IF;
    IF NOT EXISTS (SELECT FROM rebut.tokens t WHERE t.token_id = $3 AND t.revoked_at IS NULL) THEN
        RAISE EXCEPTION 'there is no token ''%''', $3 USING ERRCODE = 'RB007';
    END IF;
    DELETE FROM rebut.link_codes c WHERE c.expires_at < now() - interval '7 days';
    INSERT INTO rebut.link_codes (code_id, hash, token_id, expires_at) VALUES ($1, $2, $3, now() + lasting);
    PERFORM rebut.record('create_link', $3, json_build_object('until', now() + lasting));
    RETURN now() + lasting;
END
$$;
COMMENT ON FUNCTION rebut.create_link(text, bytea, text, interval) IS 'Give out a code that opens a session of a token, once';

CREATE FUNCTION rebut.revoke_token(token_id text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    UPDATE rebut.tokens t SET revoked_at = now() WHERE t.token_id = $1 AND t.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no token ''%'' in force', left($1, 20) USING ERRCODE = 'RB007';
    END IF;
    PERFORM rebut.record('revoke_token', $1, NULL);
END
$$;
COMMENT ON FUNCTION rebut.revoke_token(text) IS 'End a token, and its sessions, now';

CREATE VIEW rebut.token_list WITH (security_barrier) AS
SELECT t.token_id, t.role, t.login, t.merchant_ids, t.scopes, t.created_at, t.created_by,
    t.expires_at, t.revoked_at, t.last_used_at
FROM rebut.tokens t;
COMMENT ON VIEW rebut.token_list IS 'The tokens, without what they are known by';

-- ---- what the server does for a caller
-- Which version of a case somebody saw: another after any score, claim, decision or undoing.
CREATE FUNCTION rebut.request_version(request_id text, hold boolean) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF hold THEN
        PERFORM rebut.lock_request($1, true);
    END IF;
    RETURN (SELECT md5(concat_ws('|', s.request_id, s.run_id, s.as_of, s.model_id, c.reviewer,
            c.claimed_at, c.until, d.last, d.standing))
        FROM rebut.request_score s
        LEFT JOIN rebut.claims c ON c.request_id = s.request_id
        CROSS JOIN LATERAL (
            SELECT max(x.decision_id) AS last, count(*) FILTER (WHERE x.undone_at IS NULL) AS standing
            FROM rebut.decisions x WHERE x.request_id = s.request_id) d
        WHERE s.request_id = $1);
END
$$;
COMMENT ON FUNCTION rebut.request_version(text, boolean) IS
    'The version of a case, an ETag; and let nobody change it before the transaction ends; NULL: there is none';

CREATE FUNCTION rebut.record_read(subject text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF rebut.acting_token() IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
    PERFORM rebut.record('read', $1, NULL);
END
$$;
COMMENT ON FUNCTION rebut.record_read(text) IS 'Write down that the caller has read a case';

CREATE FUNCTION rebut.idempotency_begin(key text, digest bytea)
RETURNS TABLE (same boolean, status int, etag text, body text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    me name := rebut.actor();
BEGIN
    DELETE FROM rebut.idempotency i WHERE i.login = me AND i.key = idempotency_begin.key AND
        i.at < now() - interval '1 day';
    INSERT INTO rebut.idempotency AS i (login, key, digest)
    VALUES (me, idempotency_begin.key, idempotency_begin.digest)
    ON CONFLICT DO NOTHING; -- waits for one that is under way
    IF NOT FOUND THEN
        RETURN QUERY SELECT i.digest = idempotency_begin.digest, i.status, i.etag, i.body
        FROM rebut.idempotency i WHERE i.login = me AND i.key = idempotency_begin.key;
    END IF;
END
$$;
COMMENT ON FUNCTION rebut.idempotency_begin(text, bytea) IS
    'Take a key of the caller''s; a row: what was answered under it before';

CREATE FUNCTION rebut.idempotency_end(key text, status int, etag text, body text)
RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    UPDATE rebut.idempotency i SET (status, etag, body) = ($2, $3, $4)
    WHERE i.login = rebut.actor() AND i.key = $1 AND i.status IS NULL;
    DELETE FROM rebut.idempotency i WHERE i.ctid = ANY (ARRAY(SELECT x.ctid FROM rebut.idempotency x
        WHERE x.at < now() - interval '1 day' ORDER BY x.at LIMIT 10 FOR UPDATE SKIP LOCKED));
END
$$;
COMMENT ON FUNCTION rebut.idempotency_end(text, int, text, text) IS 'Keep what was answered under a key';

-- ---- what it reads for reviewers
CREATE VIEW rebut.score_history WITH (security_barrier) AS
SELECT s.request_id, s.as_of, s.run_id, s.model_id, s.rank, s.probability, s.low, s.high, s.q_value,
    s.answer, s.log_odds
FROM rebut.scores s
WHERE s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger') AND
      NOT EXISTS (SELECT FROM rebut.claims c
                  JOIN rebut.decisions d ON d.request_id = c.request_id AND
                      NOT d.second AND d.undone_at IS NULL
                  WHERE c.request_id = s.request_id AND c.reviewer = (SELECT rebut.actor()) AND
                        c.second AND s.as_of >= d.undo_until);
COMMENT ON VIEW rebut.score_history IS 'All scores of a request, as request_score has the latest. Ask with request_id = …';

CREATE VIEW rebut.listed_run AS SELECT r.run_id FROM rebut.queue_run r;
COMMENT ON VIEW rebut.listed_run IS 'The run whose queue people work on';
CREATE VIEW rebut.case_list WITH (security_barrier) AS
SELECT s.request_id, s.order_id, s.buyer_id, s.merchant_id, s.requested_at, s.amount, s.as_of,
    s.model_id, s.run_id, s.rank, s.probability, s.low, s.high, s.q_value, s.answer,
    s.expected_recovery,
    EXISTS (SELECT FROM rebut.decisions d WHERE d.request_id = s.request_id AND
            d.undone_at IS NULL) AS decided,
    (SELECT c.reviewer FROM rebut.claims c
     WHERE c.request_id = s.request_id AND c.until > now()) AS holder
FROM rebut.scores s
WHERE s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger') AND
      NOT EXISTS (SELECT FROM rebut.claims c
                  JOIN rebut.decisions d ON d.request_id = c.request_id AND
                      NOT d.second AND d.undone_at IS NULL
                  WHERE c.request_id = s.request_id AND c.reviewer = (SELECT rebut.actor()) AND
                        c.second AND s.as_of >= d.undo_until)
ORDER BY s.rank; -- within, because nothing of who asks reaches the inside of a barrier
COMMENT ON VIEW rebut.case_list IS 'What runs have scored. Ask with run_id = …, by rank';
COMMENT ON COLUMN rebut.case_list.decided IS 'Somebody has decided it';
COMMENT ON COLUMN rebut.case_list.holder IS 'Who holds it; NULL: nobody';
CREATE VIEW rebut.buyer_requests WITH (security_barrier) AS
SELECT o.buyer_id, q.request_id, q.order_id, o.merchant_id, q.at AS requested_at, q.kind, q.reason,
    q.amount, s.probability, s.answer
FROM rebut.source_orders o
JOIN rebut.source_requests q ON q.order_id = o.order_id
LEFT JOIN LATERAL (SELECT x.probability, x.answer FROM rebut.request_score x
                   WHERE x.request_id = q.request_id OFFSET 0) s ON true;
COMMENT ON VIEW rebut.buyer_requests IS 'What a buyer has asked for, without words. Ask with buyer_id = …';
CREATE VIEW rebut.buyer_groups WITH (security_barrier) AS
SELECT member AS buyer_id, g.run_id, g.group_no, g.kind, g.members, g.detail
FROM rebut.groups g CROSS JOIN LATERAL unnest(g.members) AS member
WHERE g.run_id = (SELECT max(x.run_id) FROM rebut.groups x);
COMMENT ON VIEW rebut.buyer_groups IS 'Rings of the last run that found any, a row a member. Ask with buyer_id = …';
CREATE VIEW rebut.model_list WITH (security_barrier) AS
SELECT m.model_id, m.role, m.as_of, m.created_at FROM rebut.models m;
COMMENT ON VIEW rebut.model_list IS 'The models, without what is in them';

CREATE FUNCTION rebut.summary(days int) RETURNS json LANGUAGE sql STABLE
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
        WHERE d.undone_at IS NULL AND NOT d.second AND d.at > now() - make_interval(days => days))
    SELECT json_build_object(
        'days', days,
        'run', (SELECT row_to_json(r) FROM run r),
        'queue', (SELECT json_build_object('open', count(*),
            'held', count(*) FILTER (WHERE EXISTS (SELECT FROM rebut.claims c
                WHERE c.request_id = o.request_id AND c.until > now())),
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
        'agreement', (SELECT json_build_object('pairs', count(*),
            'agree', count(*) FILTER (WHERE a.verdict = b.verdict))
            FROM rebut.decisions a JOIN rebut.decisions b ON b.request_id = a.request_id AND b.second
            WHERE NOT a.second AND a.undone_at IS NULL AND b.undone_at IS NULL AND
                  b.at > now() - make_interval(days => days)),
        'runs', (SELECT coalesce(json_agg(x ORDER BY x.run_id DESC), '[]') FROM (
            SELECT r.run_id, r.kind, r.state, r.started_at, r.ended_at, r.as_of, r.model_id, r.counts
            FROM rebut.runs r ORDER BY r.run_id DESC LIMIT 14) x))
$$;
COMMENT ON FUNCTION rebut.summary(int) IS 'Figures of the last so many days: queue, decisions, stated and realised, agreement, runs';

-- Of those that are ours: a function given away (0007) is not.
DO $$
BEGIN
    EXECUTE (SELECT string_agg(format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', p.oid::regprocedure), '')
             FROM pg_proc p WHERE p.pronamespace = 'rebut'::regnamespace AND p.proacl IS NULL);
END
$$;
REVOKE ALL ON rebut.server_key, rebut.tokens, rebut.link_codes, rebut.sessions,
    rebut.idempotency, rebut.token_list, rebut.score_history, rebut.case_list, rebut.buyer_requests,
    rebut.buyer_groups, rebut.model_list, rebut.listed_run FROM PUBLIC;
GRANT SELECT ON rebut.score_history, rebut.case_list, rebut.buyer_requests, rebut.buyer_groups,
    rebut.model_list, rebut.listed_run TO rebut_reviewer;
GRANT SELECT ON rebut.score_history, rebut.case_list, rebut.model_list, rebut.listed_run TO rebut_auditor;
GRANT EXECUTE ON FUNCTION rebut.summary(int) TO rebut_reviewer, rebut_auditor;
GRANT EXECUTE ON FUNCTION rebut.enter(text, text, bytea), rebut.admit(text, text, bytea),
    rebut.open_session(text, text, bytea, text, bytea, interval),
    rebut.server_derived(text) TO rebut_server;
GRANT EXECUTE ON FUNCTION rebut.actor(), rebut.request_version(text, boolean)
    TO rebut_reviewer, rebut_auditor;
GRANT EXECUTE ON FUNCTION rebut.end_session(text), rebut.record_read(text)
    TO rebut_reviewer, rebut_auditor, rebut_merchant;
GRANT EXECUTE ON FUNCTION rebut.idempotency_begin(text, bytea),
    rebut.idempotency_end(text, int, text, text) TO rebut_reviewer;
GRANT EXECUTE ON FUNCTION rebut.create_token(text, bytea, text, name, text[], text[], timestamptz),
    rebut.create_link(text, bytea, text, interval), rebut.revoke_token(text) TO rebut_admin;
GRANT SELECT ON rebut.token_list TO rebut_admin, rebut_auditor;

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
             ORDER BY t.relname = CASE v.relname WHEN 'token_list' THEN 'tokens' WHEN 'buyer_groups' THEN 'groups'
                          WHEN 'model_list' THEN 'models' WHEN 'buyer_requests' THEN 'requests' ELSE 'scores' END DESC, t.relname LIMIT 1),
            CASE a.attname WHEN 'requested_at' THEN 'When it was made' END) AS words
        FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid
        WHERE v.relnamespace = 'rebut'::regnamespace AND v.relkind = 'v' AND a.attnum > 0 AND
              v.relname IN ('token_list', 'score_history', 'case_list', 'buyer_requests', 'buyer_groups',
                  'model_list', 'listed_run') AND
              col_description(v.oid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN rebut.%I.%I IS %L', it.relname, it.attname, it.words);
    END LOOP;
END
$$;
