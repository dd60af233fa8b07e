-- One round trip for systems that ask for scores, and appeals for the server.
--
-- rebut.web_scores() and rebut.web_pass() are rebut.enter() and what follows it in one
-- statement: each admits, sets role and seal, and reads and writes the audit trail in that
-- name.  They run with the caller's rights, so that after the role is set views and
-- row-level security judge as ever; nothing is kept from one call to the next, and a token
-- that is revoked is unknown to the next call.  Many requests of one caller are one call:
-- what a statement costs beside the rows, and the commit, is then paid once.
--
-- A read is flushed to the disk before it is answered when `durable`; otherwise within
-- three times wal_writer_delay (0.6 s), so that a power cut may take the last reads out
-- of the trail together with their answers.  It is for that transaction alone: decisions
-- are always flushed.

-- As before, but planned once a session: a function in SQL is planned anew by each call.
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

CREATE FUNCTION rebut.record_reads(subjects text[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    token text := rebut.acting_token();
    me    name := rebut.actor();
BEGIN
    IF token IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
    INSERT INTO rebut.audit (login, role, action, subject, token_id)
    SELECT me, current_setting('role'), 'read', s, token
    FROM unnest(subjects) s;
END
$$;
COMMENT ON FUNCTION rebut.record_reads(text[]) IS 'Write down that the caller has read these cases';

CREATE FUNCTION rebut.web_pass(kind text, id text, hash bytea, scope text, subject text,
    durable boolean, OUT token_id text, OUT role text, OUT may boolean) LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    it record;
BEGIN
    SELECT a.* INTO it FROM rebut.admit(web_pass.kind, web_pass.id, web_pass.hash) a;
    token_id := it.token_id;
    role := it.role;
    may := web_pass.scope = ANY (it.scopes);
    IF may IS NOT TRUE THEN RETURN; END IF;
    IF NOT durable THEN
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    -- With the caller's rights, because a definer's function may not set a role.
    PERFORM set_config('rebut.acting', it.seal, true), set_config('role', 'rebut_' || role, true);
    IF web_pass.subject IS NOT NULL THEN PERFORM rebut.record_read(web_pass.subject); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean) IS
    'Whose token or session is this, and may it do what has this scope? Then the transaction works in that name, and has read the subject; token_id NULL: nobody''s';

CREATE FUNCTION rebut.web_scores(kind text, id text, hash bytea, scope text, request_ids text[],
    durable boolean, OUT token_id text, OUT role text, OUT may boolean, OUT answers text[])
LANGUAGE plpgsql SET search_path = pg_catalog, rebut, pg_temp
-- A plan for this very number of ids would be made anew by each call, for 1 ms.
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    it   record;
    read text[];
BEGIN
    SELECT p.* INTO it FROM rebut.web_pass(web_scores.kind, web_scores.id, web_scores.hash,
        web_scores.scope, NULL, web_scores.durable) p;
    token_id := it.token_id;
    role := it.role;
    may := it.may;
    IF may IS NOT TRUE THEN RETURN; END IF;
    IF role = 'merchant' THEN
        SELECT array_agg(x.answer ORDER BY i.n), array_agg(i.id) FILTER (WHERE x.answer IS NOT NULL)
        INTO answers, read
        FROM unnest(web_scores.request_ids) WITH ORDINALITY AS i(id, n)
        LEFT JOIN (
            SELECT s.request_id, json_build_object('request_id', s.request_id, 'answer', s.answer,
                'probability', s.probability, 'interval', json_build_array(s.low, s.high),
                'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of,
                'model', s.model_id)::text AS answer
            FROM rebut.my_cases s WHERE s.request_id = ANY (web_scores.request_ids)) x
            ON x.request_id = i.id;
    ELSE
        SELECT array_agg(x.answer ORDER BY i.n), array_agg(i.id) FILTER (WHERE x.answer IS NOT NULL)
        INTO answers, read
        FROM unnest(web_scores.request_ids) WITH ORDINALITY AS i(id, n)
        LEFT JOIN LATERAL (
            -- OFFSET keeps the condition inside, where the index is.
            SELECT json_build_object('request_id', s.request_id, 'answer', s.answer,
                'probability', s.probability, 'interval', json_build_array(s.low, s.high),
                'log_odds', s.log_odds, 'notes', s.notes, 'as_of', s.as_of,
                'model', s.model_id)::text AS answer
            FROM rebut.request_score s WHERE s.request_id = i.id OFFSET 0) x ON true;
    END IF;
    IF read IS NOT NULL THEN PERFORM rebut.record_reads(read); END IF;
END
$$;
COMMENT ON FUNCTION rebut.web_scores(text, text, bytea, text, text[], boolean) IS
    'The latest scores of some requests, for whose token or session this is, and written to the audit trail; of answers NULL: there is none, or it is not theirs; token_id NULL: nobody''s';

REVOKE EXECUTE ON FUNCTION rebut.record_reads(text[]),
    rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_scores(text, text, bytea, text, text[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.web_pass(text, text, bytea, text, text, boolean),
    rebut.web_scores(text, text, bytea, text, text[], boolean) TO rebut_server;
GRANT EXECUTE ON FUNCTION rebut.record_reads(text[]) TO rebut_reviewer, rebut_auditor, rebut_merchant;

-- ---- appeals for the server
-- Merchants' keys too, and so only for whom the server acts: who logs in to the database
-- has no use for them.
CREATE OR REPLACE FUNCTION rebut.idempotency_begin(key text, digest bytea)
RETURNS TABLE (same boolean, status int, etag text, body text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    me name := rebut.actor();
BEGIN
    IF rebut.acting_token() IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
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
CREATE OR REPLACE FUNCTION rebut.idempotency_end(key text, status int, etag text, body text)
RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF rebut.acting_token() IS NULL THEN RAISE EXCEPTION 'only for the server' USING ERRCODE = '42501'; END IF;
    UPDATE rebut.idempotency i SET (status, etag, body) = ($2, $3, $4)
    WHERE i.login = rebut.actor() AND i.key = $1 AND i.status IS NULL;
    DELETE FROM rebut.idempotency i WHERE i.ctid = ANY (ARRAY(SELECT x.ctid FROM rebut.idempotency x
        WHERE x.at < now() - interval '1 day' ORDER BY x.at LIMIT 10 FOR UPDATE SKIP LOCKED));
END
$$;
GRANT EXECUTE ON FUNCTION rebut.idempotency_begin(text, bytea),
    rebut.idempotency_end(text, int, text, text) TO rebut_merchant;
