-- One round trip for systems that ask for scores, and appeals for the server.
--
-- rebut.web_score() and rebut.web_pass() are rebut.enter() and what follows it in one
-- statement: each admits, sets role and seal, and reads and writes the audit trail in that
-- name.  They run with the caller's rights, so that after the role is set views and
-- row-level security judge as ever; nothing is kept from one call to the next, and a token
-- that is revoked is unknown to the next call.

-- ---- the seal, planned once a session: an SQL function is planned anew by each caller
CREATE OR REPLACE FUNCTION rebut.seal(token_id text) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    secret bytea := (SELECT k.key FROM rebut.server_key k);
BEGIN
    -- Twice, so that nobody makes a longer message of a shorter one.
    RETURN token_id || ':' || encode(sha256(secret || sha256(secret || convert_to(concat_ws('|',
        token_id, pg_backend_pid(), extract(epoch FROM transaction_timestamp())), 'UTF8'))), 'hex');
END
$$;
CREATE OR REPLACE FUNCTION rebut.same_hash(a bytea, b bytea) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    secret bytea := (SELECT k.key FROM rebut.server_key k);
BEGIN
    -- How long it takes says nothing: what is compared is unknown to who sent the hash.
    RETURN sha256(secret || a) = sha256(secret || b);
END
$$;
CREATE OR REPLACE FUNCTION rebut.record_read(subject text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    token text := rebut.acting_token();
BEGIN
    IF token IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
    INSERT INTO rebut.audit (login, role, action, subject, token_id)
    SELECT t.login, 'rebut_' || t.role, 'read', $1, token FROM rebut.tokens t WHERE t.token_id = token;
END
$$;

-- ---- in one statement
-- A read that the audit trail has is flushed to disk before it is answered when `durable`;
-- otherwise within wal_writer_delay * 3 (0.6 s), so that a power cut may take the last
-- reads out of the trail together with the answers.  It is for this transaction alone.
CREATE FUNCTION rebut.web_pass(kind text, id text, hash bytea, scope text, subject text,
    durable boolean, OUT token_id text, OUT role text, OUT login name, OUT may boolean) LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    SELECT a.* INTO it FROM rebut.admit(web_pass.kind, web_pass.id, web_pass.hash) a;
    token_id := it.token_id;
    IF token_id IS NULL THEN RETURN; END IF;
    role := it.role;
    login := it.login;
    may := web_pass.scope = ANY (it.scopes);
    IF NOT may THEN RETURN; END IF;
    PERFORM set_config('rebut.acting', it.seal, true), set_config('role', 'rebut_' || it.role, true);
    IF NOT durable THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
    IF web_pass.subject IS NOT NULL THEN PERFORM rebut.record_read(web_pass.subject); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean) IS
    'Whose token or session is this, and may it do what has this scope? Then it works in that name, and has read the subject';

CREATE FUNCTION rebut.web_score(kind text, id text, hash bytea, scope text, request_id text,
    durable boolean, OUT token_id text, OUT role text, OUT may boolean, OUT answer text) LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    SELECT p.* INTO it FROM rebut.web_pass(web_score.kind, web_score.id, web_score.hash,
        web_score.scope, NULL, web_score.durable) p;
    token_id := it.token_id;
    role := it.role;
    may := it.may;
    IF may IS NOT TRUE THEN RETURN; END IF;
    IF role = 'merchant' THEN
        SELECT json_build_object('request_id', s.request_id, 'answer', s.answer,
            'probability', s.probability, 'interval', json_build_array(s.low, s.high),
            'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of, 'model', s.model_id)::text
        INTO answer FROM rebut.my_cases s WHERE s.request_id = web_score.request_id;
    ELSE
        SELECT json_build_object('request_id', s.request_id, 'answer', s.answer,
            'probability', s.probability, 'interval', json_build_array(s.low, s.high),
            'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of, 'model', s.model_id)::text
        INTO answer FROM rebut.request_score s WHERE s.request_id = web_score.request_id;
    END IF;
    IF answer IS NOT NULL THEN PERFORM rebut.record_read(web_score.request_id); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_score(text, text, bytea, text, text, boolean) IS
    'The latest score of a request, for whose token or session this is, written to the audit trail; token_id NULL: nobody''s; answer NULL: there is none, or it is not theirs';

REVOKE EXECUTE ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_score(text, text, bytea, text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_score(text, text, bytea, text, text, boolean) TO rebut_server;

-- ---- appeals for the server
GRANT EXECUTE ON FUNCTION rebut.idempotency_begin(text, bytea),
    rebut.idempotency_end(text, int, text, text) TO rebut_merchant;
