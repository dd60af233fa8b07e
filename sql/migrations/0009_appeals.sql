-- Appeals: a merchant asks for a person, and what became of it.
--
-- One row an entry, the keys of the file that 'rebut appeals --appeals' reads: opened,
-- submitted, won or lost; or opened, expired.  The rules are those of include/rebut/appeals.h
-- and the two are held equal by tests/db/appeals.sh.  Nobody writes here but through
--
--     rebut.appeal(request, …)         a merchant, of its own request, now
--     rebut.appeal_record(request, …)  a reviewer or a loader: any entry, at any time
--
-- Whether an appeal was likely to succeed is learned from the score that stood when it was
-- submitted, which is kept with the entry: a later score may know how the appeal ended.
--
-- A new error beside those of 0005:
--     RB013  the entry contradicts what is known of the appeal

CREATE TABLE rebut.appeals (
    entry_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    request_id  text NOT NULL CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    merchant_id text NOT NULL CHECK (octet_length(merchant_id) BETWEEN 1 AND 64),
    status      text NOT NULL CHECK (status IN ('opened', 'submitted', 'won', 'lost', 'expired')),
    amount      bigint CHECK (amount BETWEEN 0 AND 1000000000000),
    recovered   bigint CHECK (recovered BETWEEN 0 AND 1000000000000),
    platform    text CHECK (octet_length(platform) BETWEEN 1 AND 255),
    form        text CHECK (octet_length(form) BETWEEN 1 AND 255),
    reason      text CHECK (octet_length(reason) BETWEEN 1 AND 255),
    expires_at  timestamptz CHECK (expires_at >= at AND expires_at < '10000-01-01Z'),
    answer_by   timestamptz,
    log_odds    double precision,
    score_as_of timestamptz,
    model_id    text,
    by          name NOT NULL DEFAULT session_user,
    written_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (recovered IS NULL OR status = 'won'),
    CHECK (expires_at IS NULL OR status = 'opened'),
    CHECK (num_nonnulls(answer_by, log_odds, score_as_of, model_id) = 0 OR status = 'submitted'),
    CHECK (num_nonnulls(log_odds, score_as_of, model_id) IN (0, 3))
);
-- What the functions see to holds whoever writes.
CREATE UNIQUE INDEX appeals_opened ON rebut.appeals (request_id, at) WHERE status = 'opened';
CREATE UNIQUE INDEX appeals_submitted ON rebut.appeals (request_id)
    WHERE status IN ('submitted', 'expired');
CREATE UNIQUE INDEX appeals_ended ON rebut.appeals (request_id)
    WHERE status IN ('won', 'lost', 'expired');
CREATE INDEX ON rebut.appeals (merchant_id, request_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rebut.appeals
    EXECUTE FUNCTION rebut.refuse_change();
COMMENT ON TABLE rebut.appeals IS 'What became of merchants'' appeals, an entry a row. Only grows';
COMMENT ON COLUMN rebut.appeals.entry_id IS 'In the order of writing';
COMMENT ON COLUMN rebut.appeals.at IS 'When it happened';
COMMENT ON COLUMN rebut.appeals.request_id IS 'The request that the merchant appeals about';
COMMENT ON COLUMN rebut.appeals.merchant_id IS 'Who appeals: the shop of the request''s order';
COMMENT ON COLUMN rebut.appeals.status IS 'opened (it may be appealed), submitted, won, lost, expired';
COMMENT ON COLUMN rebut.appeals.amount IS 'What is at stake, in minor units (fen)';
COMMENT ON COLUMN rebut.appeals.recovered IS 'What came back, of won only, in minor units (fen)';
COMMENT ON COLUMN rebut.appeals.platform IS 'Where it was appealed';
COMMENT ON COLUMN rebut.appeals.form IS 'With which form';
COMMENT ON COLUMN rebut.appeals.reason IS 'Which of the form''s reasons was chosen';
COMMENT ON COLUMN rebut.appeals.expires_at IS 'Until when it may be submitted, of opened only; NULL: nobody knows';
COMMENT ON COLUMN rebut.appeals.answer_by IS 'Until when a person should have answered, where the merchant asked by rebut.appeal';
COMMENT ON COLUMN rebut.appeals.log_odds IS 'Of submitted: of the latest score then; NULL: there was none';
COMMENT ON COLUMN rebut.appeals.score_as_of IS 'That score''s as-of time';
COMMENT ON COLUMN rebut.appeals.model_id IS 'The model that gave it';
COMMENT ON COLUMN rebut.appeals.by IS 'Who wrote the entry: the login';
COMMENT ON COLUMN rebut.appeals.written_at IS 'When it was written';

-- Our promise and no law's: what a platform tells its merchants.
ALTER TABLE rebut.settings ADD CHECK (key <> 'appeal_answer' OR value::interval > interval '0');
INSERT INTO rebut.settings (key, value, about) VALUES
    ('appeal_answer', '3 days', 'Within this time a person should answer a merchant''s appeal');

-- May this entry stand beside those there are?  'same': it is there already; else words
-- that say why not, or NULL.  The order in which entries arrive does not matter but for
-- this: none may come before the one that it rests on.
CREATE FUNCTION rebut.appeal_objection(want rebut.appeals) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    known  rebut.appeals;
    opened timestamptz;  -- the newest
    placed text;
    after  text := CASE WHEN want.status IN ('won', 'lost') THEN 'submitted' ELSE 'opened' END;
    since  timestamptz;
BEGIN
    SELECT max(a.at) FILTER (WHERE a.status = 'opened'), min(a.platform) INTO opened, placed
    FROM rebut.appeals a WHERE a.request_id = want.request_id;
    SELECT * INTO known FROM rebut.appeals a
    WHERE a.request_id = want.request_id AND a.status = want.status AND
          (a.status <> 'opened' OR a.at = want.at);
    IF known.entry_id IS NOT NULL THEN
        RETURN CASE WHEN (known.at, known.amount, known.recovered, known.platform, known.form,
                          known.reason, known.expires_at) IS NOT DISTINCT FROM
                         (want.at, want.amount, want.recovered, want.platform, want.form,
                          want.reason, want.expires_at)
               THEN 'same' ELSE format('it is known as ''%s'' with other content', want.status) END;
    END IF;
    IF want.platform <> placed THEN
        RETURN 'an earlier entry names another platform';
    END IF;
    SELECT * INTO known FROM rebut.appeals a
    WHERE a.request_id = want.request_id AND
          (a.status IN ('won', 'lost', 'expired') AND want.status <> 'opened' OR
           a.status = 'submitted' AND want.status = 'expired' OR
           a.status <> 'opened' AND a.at < want.at AND want.status = 'opened')
    ORDER BY a.at DESC LIMIT 1;
    IF known.entry_id IS NOT NULL THEN
        RETURN format('it was ''%s'' before', known.status);
    END IF;
    IF want.status = 'opened' THEN
        RETURN NULL;
    END IF;
    since := CASE after WHEN 'opened' THEN opened ELSE
        (SELECT a.at FROM rebut.appeals a
         WHERE a.request_id = want.request_id AND a.status = 'submitted') END;
    RETURN CASE WHEN since IS NULL THEN format('it was never ''%s''', after)
                WHEN since > want.at THEN format('it was ''%s'' later than this', after) END;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.appeal_objection(rebut.appeals) FROM PUBLIC;
COMMENT ON FUNCTION rebut.appeal_objection(rebut.appeals) IS
    'What speaks against an entry of an appeal; for our own functions';

-- Write an entry of a locked request, unless it is there: then false.
CREATE FUNCTION rebut.appeal_write(want rebut.appeals) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    objection text := rebut.appeal_objection(want);
    score     record;
BEGIN
    IF objection = 'same' THEN
        RETURN false;
    ELSIF objection IS NOT NULL THEN
        RAISE EXCEPTION 'appeal of ''%'' cannot be ''%'': %', want.request_id, want.status, objection
            USING ERRCODE = 'RB013';
    END IF;
    -- No condition on the time of writing: what a run of an earlier day adds later knows
    -- no more than that day did.
    SELECT s.log_odds, s.as_of, s.model_id INTO score
    FROM rebut.scores s
    WHERE want.status = 'submitted' AND s.request_id = want.request_id AND s.as_of <= want.at AND
          s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger')
    ORDER BY s.as_of DESC, s.run_id DESC LIMIT 1;
    INSERT INTO rebut.appeals (at, request_id, merchant_id, status, amount, recovered, platform,
        form, reason, expires_at, answer_by, log_odds, score_as_of, model_id)
    VALUES (want.at, want.request_id, want.merchant_id, want.status, want.amount, want.recovered,
        want.platform, want.form, want.reason, want.expires_at, want.answer_by,
        score.log_odds, score.as_of, score.model_id);
    PERFORM rebut.record('appeal.' || want.status, want.request_id, json_strip_nulls(
        json_build_object('at', want.at, 'merchant_id', want.merchant_id, 'amount', want.amount,
            'recovered', want.recovered, 'expires_at', want.expires_at,
            'answer_by', want.answer_by)));
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.appeal_write(rebut.appeals) FROM PUBLIC;
COMMENT ON FUNCTION rebut.appeal_write(rebut.appeals) IS 'Write an entry of an appeal; for our own functions';

CREATE FUNCTION rebut.appeal_texts(texts text[]) RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(texts) t WHERE octet_length(t) NOT BETWEEN 1 AND 255) THEN
        RAISE EXCEPTION 'expected platform, form and reason of 1 to 255 bytes'
            USING ERRCODE = 'RB006';
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.appeal_texts(text[]) FROM PUBLIC;
COMMENT ON FUNCTION rebut.appeal_texts(text[]) IS 'Check platform, form and reason; for our own functions';

CREATE FUNCTION rebut.appeal(request_id text, reason text DEFAULT NULL, platform text DEFAULT NULL,
    form text DEFAULT NULL, OUT submitted_at timestamptz, OUT answer_by timestamptz, OUT again boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    want   rebut.appeals;
    stands rebut.appeals;
    window_end timestamptz;
BEGIN
    PERFORM rebut.appeal_texts(ARRAY[$2, $3, $4]);
    -- A request of another shop and one that is not there are one answer, before any lock.
    SELECT o.merchant_id, r.amount INTO want.merchant_id, want.amount
    FROM rebut.source_requests r JOIN rebut.source_orders o ON o.order_id = r.order_id
    WHERE r.request_id = $1 AND o.merchant_id = ANY (rebut.my_merchants());
    IF want.merchant_id IS NULL THEN
        RAISE EXCEPTION 'you have no request ''%''', left($1, 64) USING ERRCODE = 'RB007';
    END IF;
    PERFORM rebut.lock_request($1, true);

    SELECT * INTO stands FROM rebut.appeals a WHERE a.request_id = $1 AND a.status = 'submitted';
    again := stands.entry_id IS NOT NULL;
    IF again THEN
        submitted_at := stands.at;
        answer_by := stands.answer_by;
        RETURN;
    END IF;
    SELECT * INTO stands FROM rebut.appeals a WHERE a.request_id = $1 AND a.status = 'opened'
    ORDER BY a.at DESC LIMIT 1;
    -- Of what may be absent the newest entry that has it counts, as in the file.
    SELECT a.expires_at INTO window_end FROM rebut.appeals a
    WHERE a.request_id = $1 AND a.expires_at IS NOT NULL ORDER BY a.at DESC LIMIT 1;
    IF window_end < clock_timestamp() OR
       EXISTS (SELECT FROM rebut.appeals a WHERE a.request_id = $1 AND a.status = 'expired') THEN
        RAISE EXCEPTION 'it is too late to appeal about ''%''', $1 USING ERRCODE = 'RB005';
    END IF;

    want.request_id := $1;
    want.at := greatest(clock_timestamp(), stands.at);
    IF stands.entry_id IS NULL THEN
        want.status := 'opened';
        PERFORM rebut.appeal_write(want);
    END IF;
    want.status := 'submitted';
    want.reason := $2;
    want.platform := $3;
    want.form := $4;
    want.amount := coalesce((SELECT a.amount FROM rebut.appeals a WHERE a.request_id = $1 AND
        a.amount IS NOT NULL ORDER BY a.at DESC LIMIT 1), want.amount);
    want.answer_by := want.at + rebut.setting('appeal_answer')::interval;
    PERFORM rebut.appeal_write(want);
    submitted_at := want.at;
    answer_by := want.answer_by;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.appeal(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.appeal(text, text, text, text) TO rebut_merchant;
COMMENT ON FUNCTION rebut.appeal(text, text, text, text) IS
    'A merchant asks for a person to look at a request of its own: gives since when, until when there should be an answer, and whether it had asked before';

CREATE FUNCTION rebut.appeal_record(request_id text, status text, at timestamptz DEFAULT NULL,
    amount bigint DEFAULT NULL, recovered bigint DEFAULT NULL, platform text DEFAULT NULL,
    form text DEFAULT NULL, reason text DEFAULT NULL, expires_at timestamptz DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    want rebut.appeals;
BEGIN
    PERFORM rebut.appeal_texts(ARRAY[$6, $7, $8]);
    IF status IS NULL OR status NOT IN ('opened', 'submitted', 'won', 'lost', 'expired') THEN
        RAISE EXCEPTION 'expected opened, submitted, won, lost or expired, got ''%''', left(status, 20)
            USING ERRCODE = 'RB006';
    END IF;
    want.at := coalesce($3, clock_timestamp());
    IF NOT ($4 IS NULL OR $4 BETWEEN 0 AND 1000000000000) OR
       NOT ($5 IS NULL OR $5 BETWEEN 0 AND 1000000000000 AND status = 'won') OR
       NOT ($9 IS NULL OR $9 >= want.at AND $9 < '10000-01-01Z' AND status = 'opened') OR
       NOT (want.at >= '1970-01-01Z' AND want.at < '10000-01-01Z') THEN
        RAISE EXCEPTION 'expected money in fen, recovered of won, expires_at of opened and not before it'
            USING ERRCODE = 'RB006';
    END IF;
    SELECT o.merchant_id INTO want.merchant_id
    FROM rebut.source_requests r JOIN rebut.source_orders o ON o.order_id = r.order_id
    WHERE r.request_id = $1;
    IF want.merchant_id IS NULL THEN
        RAISE EXCEPTION 'there is no request ''%''', left($1, 64) USING ERRCODE = 'RB007';
    END IF;
    PERFORM rebut.lock_request($1, true);
    want.request_id := $1;
    want.status := $2;
    want.amount := $4;
    want.recovered := $5;
    want.platform := $6;
    want.form := $7;
    want.reason := $8;
    want.expires_at := $9;
    RETURN rebut.appeal_write(want);
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.appeal_record(text, text, timestamptz, bigint, bigint, text, text,
    text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.appeal_record(text, text, timestamptz, bigint, bigint, text, text,
    text, timestamptz) TO rebut_reviewer, rebut_loader;
COMMENT ON FUNCTION rebut.appeal_record(text, text, timestamptz, bigint, bigint, text, text, text,
    timestamptz) IS 'Write what became of an appeal; false when it was known already';

-- ---- who sees what
ALTER TABLE rebut.appeals ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine ON rebut.appeals FOR SELECT TO rebut_engine USING (true);
CREATE POLICY auditor ON rebut.appeals FOR SELECT TO rebut_auditor USING (true);
CREATE POLICY merchant ON rebut.appeals FOR SELECT TO rebut_merchant_rows
    USING (merchant_id = ANY ((SELECT rebut.my_merchants())::text[]));
REVOKE ALL ON rebut.appeals FROM PUBLIC;
GRANT SELECT ON rebut.appeals TO rebut_engine, rebut_auditor;
-- Not who at the platform wrote it.
GRANT SELECT (at, request_id, merchant_id, status, amount, recovered, platform, form, reason,
    expires_at, answer_by, log_odds) ON rebut.appeals TO rebut_merchant_rows;

-- As my_case_rows in 0007.
CREATE FUNCTION rebut.my_appeal_rows()
RETURNS TABLE (at timestamptz, request_id text, merchant_id text, status text, amount bigint,
    recovered bigint, platform text, form text, reason text, expires_at timestamptz,
    answer_by timestamptz, log_odds double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, rebut, pg_temp SET row_security = on AS $$
    SELECT a.at, a.request_id, a.merchant_id, a.status, a.amount, a.recovered, a.platform, a.form,
        a.reason, a.expires_at, a.answer_by, a.log_odds
    FROM rebut.appeals a
$$;
REVOKE EXECUTE ON FUNCTION rebut.my_appeal_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebut.my_appeal_rows() TO rebut_merchant;
COMMENT ON FUNCTION rebut.my_appeal_rows() IS 'The entries of appeals of the merchants of the login';

CREATE VIEW rebut.my_appeals WITH (security_barrier) AS SELECT * FROM rebut.my_appeal_rows();
GRANT SELECT ON rebut.my_appeals TO rebut_merchant;
COMMENT ON VIEW rebut.my_appeals IS 'For a merchant: what became of its own appeals';

-- Those that wait for a person, and no more: how an appeal ended is as good as a verdict,
-- and whoever gets the case for a second review must not know it.
CREATE VIEW rebut.appeals_waiting WITH (security_barrier) AS
SELECT a.request_id, a.merchant_id, a.at, a.answer_by, a.amount, a.platform, a.form, a.reason
FROM rebut.appeals a
WHERE a.status = 'submitted' AND
      NOT EXISTS (SELECT FROM rebut.appeals e
                  WHERE e.request_id = a.request_id AND e.status IN ('won', 'lost', 'expired'));
GRANT SELECT ON rebut.appeals_waiting TO rebut_reviewer, rebut_auditor;
COMMENT ON VIEW rebut.appeals_waiting IS
    'Appeals that nobody has answered; order by answer_by, take one with claim_request(request_id)';
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT v.attrelid::regclass AS view, v.attname,
                  col_description('rebut.appeals'::regclass, a.attnum) AS words
              FROM pg_attribute v JOIN pg_attribute a ON a.attname = v.attname
              WHERE v.attrelid IN ('rebut.my_appeals'::regclass, 'rebut.appeals_waiting'::regclass) AND
                    a.attrelid = 'rebut.appeals'::regclass AND v.attnum > 0 LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', it.view, it.attname, it.words);
    END LOOP;
END
$$;
DO $$
DECLARE
    mine boolean := pg_has_role(current_user, 'rebut_merchant_rows', 'MEMBER');
BEGIN
    IF NOT mine THEN
        EXECUTE format('GRANT rebut_merchant_rows TO %I', current_user);
    END IF;
    GRANT CREATE ON SCHEMA rebut TO rebut_merchant_rows;
    ALTER FUNCTION rebut.my_appeal_rows() OWNER TO rebut_merchant_rows;
    REVOKE CREATE ON SCHEMA rebut FROM rebut_merchant_rows;
    IF NOT mine THEN
        EXECUTE format('REVOKE rebut_merchant_rows FROM %I', current_user);
    END IF;
END
$$;
