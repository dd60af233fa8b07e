-- One round trip for systems that ask for scores, and appeals for the server.
--
-- rebut.web_scores() and rebut.web_pass() are rebut.enter() and what follows it in one
-- statement: each admits, sets role and seal, and reads and writes the audit trail in that
-- name.  They run with the caller's rights, so that after the role is set views and
-- row-level security judge as ever; nothing is kept from one call to the next, and a token
-- that is revoked is unknown to the next call.

-- ---- the seal, planned once a session: an SQL function is planned anew by each caller
CREATE FUNCTION rebut.seal_by(secret bytea, token_id text) RETURNS text LANGUAGE sql STABLE AS $$
    -- Twice, so that nobody makes a longer message of a shorter one.
    SELECT token_id || ':' || pg_catalog.encode(pg_catalog.sha256(secret || pg_catalog.sha256(secret ||
        pg_catalog.convert_to(pg_catalog.concat_ws('|', token_id, pg_catalog.pg_backend_pid(),
            extract(epoch FROM pg_catalog.transaction_timestamp())), 'UTF8'))), 'hex')
$$;
REVOKE EXECUTE ON FUNCTION rebut.seal_by(bytea, text) FROM PUBLIC;
COMMENT ON FUNCTION rebut.seal_by(bytea, text) IS 'The seal of a token by this key; within other expressions it costs no call';
CREATE OR REPLACE FUNCTION rebut.seal(token_id text) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    secret bytea := (SELECT k.key FROM rebut.server_key k);
BEGIN
    RETURN rebut.seal_by(secret, token_id);
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
BEGIN
    PERFORM rebut.record_reads(ARRAY[subject]);
END
$$;

-- ---- in one statement
CREATE FUNCTION rebut.admit_for(kind text, id text, hash bytea, scope text,
    OUT token_id text, OUT role text, OUT may boolean, OUT seal text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    IF admit_for.kind = 'token' THEN
        SELECT t.token_id, t.role, t.scopes, t.last_used_at, rebut.seal_by(k.key, t.token_id) AS seal INTO it
        FROM rebut.tokens t, rebut.server_key k
        WHERE t.token_id = admit_for.id AND sha256(k.key || t.hash) = sha256(k.key || admit_for.hash) AND
              t.revoked_at IS NULL AND t.expires_at > now();
    END IF;
    -- Sessions, what is not known, and once a minute that a token is in use.
    IF admit_for.kind <> 'token' OR it.token_id IS NULL OR it.last_used_at IS NULL OR
       it.last_used_at < now() - interval '1 minute' THEN
        SELECT a.* INTO it FROM rebut.admit(admit_for.kind, admit_for.id, admit_for.hash) a;
    END IF;
    token_id := it.token_id;
    IF token_id IS NULL THEN RETURN; END IF;
    role := it.role;
    may := admit_for.scope = ANY (it.scopes);
    seal := it.seal;
END
$$;
COMMENT ON FUNCTION rebut.admit_for(text, text, bytea, text) IS
    'Whose token or session is this, and has it this scope? For web_pass() and web_score()';

-- A read that the audit trail has is flushed to disk before it is answered when `durable`;
-- otherwise within wal_writer_delay * 3 (0.6 s), so that a power cut may take the last
-- reads out of the trail together with the answers.  It is for this transaction alone.
CREATE FUNCTION rebut.web_pass(kind text, id text, hash bytea, scope text, subject text,
    durable boolean, OUT token_id text, OUT role text, OUT may boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    it := rebut.admit_for(web_pass.kind, web_pass.id, web_pass.hash, web_pass.scope);
    token_id := it.token_id;
    role := it.role;
    may := it.may;
    IF may IS NOT TRUE THEN RETURN; END IF;
    IF NOT durable THEN
        PERFORM pg_catalog.set_config('synchronous_commit', 'off', true);
    END IF;
    -- With the caller's rights, because a definer's function may not set a role.
    PERFORM pg_catalog.set_config('rebut.acting', it.seal, true);
    PERFORM pg_catalog.set_config('role', 'rebut_' || role, true);
    IF web_pass.subject IS NOT NULL THEN PERFORM rebut.record_read(web_pass.subject); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean) IS
    'Whose token or session is this, and may it do what has this scope? Then it works in that name, and has read the subject';

-- Many of one caller at once: what a statement costs beside the rows is paid once.
CREATE FUNCTION rebut.record_reads(subjects text[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    said text := current_setting('rebut.acting', true);
    it   record;
BEGIN
    -- What acting_token(), actor() and record() do, with one statement less each.
    SELECT t.login, t.role, t.token_id, k.key INTO it FROM rebut.tokens t, rebut.server_key k
    WHERE t.token_id = split_part(said, ':', 1);
    IF it.token_id IS NULL OR said IS DISTINCT FROM rebut.seal_by(it.key, it.token_id) THEN
        RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501';
    END IF;
    INSERT INTO rebut.audit (login, role, action, subject, token_id)
    SELECT it.login, 'rebut_' || it.role, 'read', s, it.token_id FROM unnest(subjects) s;
END
$$;
COMMENT ON FUNCTION rebut.record_reads(text[]) IS 'Write down that the caller has read these cases';
GRANT EXECUTE ON FUNCTION rebut.record_reads(text[]) TO rebut_reviewer, rebut_auditor, rebut_merchant;
REVOKE EXECUTE ON FUNCTION rebut.record_reads(text[]) FROM PUBLIC;

CREATE FUNCTION rebut.web_scores(kind text, id text, hash bytea, scope text, request_ids text[],
    durable boolean, OUT token_id text, OUT role text, OUT may boolean, OUT answers text[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    it   record;
    read text[];
BEGIN
    it := rebut.admit_for(web_scores.kind, web_scores.id, web_scores.hash, web_scores.scope);
    token_id := it.token_id;
    role := it.role;
    may := it.may;
    IF may IS NOT TRUE THEN RETURN; END IF;
    IF NOT durable THEN
        PERFORM pg_catalog.set_config('synchronous_commit', 'off', true);
    END IF;
    PERFORM pg_catalog.set_config('rebut.acting', it.seal, true);
    PERFORM pg_catalog.set_config('role', 'rebut_' || role, true);
    IF role = 'merchant' THEN
        SELECT array_agg(x.answer ORDER BY i.n), array_agg(i.id ORDER BY i.n) FILTER (WHERE x.answer IS NOT NULL)
        INTO answers, read
        FROM unnest(web_scores.request_ids) WITH ORDINALITY AS i(id, n)
        LEFT JOIN (SELECT s.request_id, json_build_object('request_id', s.request_id, 'answer', s.answer,
                'probability', s.probability, 'interval', json_build_array(s.low, s.high),
                'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of, 'model', s.model_id)::text AS answer
            FROM rebut.my_cases s WHERE s.request_id = ANY (web_scores.request_ids)) x ON x.request_id = i.id;
    ELSE
        SELECT array_agg(x.answer ORDER BY i.n), array_agg(i.id ORDER BY i.n) FILTER (WHERE x.answer IS NOT NULL)
        INTO answers, read
        FROM unnest(web_scores.request_ids) WITH ORDINALITY AS i(id, n)
        LEFT JOIN LATERAL (
            -- OFFSET keeps the condition inside, where the index is.
            SELECT json_build_object('request_id', s.request_id, 'answer', s.answer,
                'probability', s.probability, 'interval', json_build_array(s.low, s.high),
                'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of, 'model', s.model_id)::text AS answer
            FROM rebut.request_score s WHERE s.request_id = i.id OFFSET 0) x ON true;
    END IF;
    IF read IS NOT NULL THEN PERFORM rebut.record_reads(read); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_scores(text, text, bytea, text, text[], boolean) IS
    'The latest scores of some requests, for whose token or session this is, written to the audit trail; token_id NULL: nobody''s; of answers NULL: there is none, or it is not theirs';

REVOKE EXECUTE ON FUNCTION rebut.admit_for(text, text, bytea, text),
    rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_scores(text, text, bytea, text, text[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.admit_for(text, text, bytea, text),
    rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_scores(text, text, bytea, text, text[], boolean) TO rebut_server;

-- ---- appeals for the server
GRANT EXECUTE ON FUNCTION rebut.idempotency_begin(text, bytea),
    rebut.idempotency_end(text, int, text, text) TO rebut_merchant;
