-- Deciding, undoing, settling and suppressing.  Errors and locks: 0005.

CREATE FUNCTION rebut.decide(request_id text, verdict text, note text DEFAULT NULL)
RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    claim  rebut.claims;
    before rebut.decisions;
    undo_until timestamptz;
BEGIN
    IF verdict IS NULL OR verdict NOT IN ('abuse', 'legitimate', 'unclear') THEN
        RAISE EXCEPTION 'expected verdict abuse, legitimate or unclear, got ''%''', left(verdict, 20)
            USING ERRCODE = 'RB006';
    END IF;
    IF octet_length(note) > 16384 THEN
        RAISE EXCEPTION 'expected a note of at most 16384 bytes, got %', octet_length(note)
            USING ERRCODE = 'RB006';
    END IF;
    PERFORM rebut.lock_request($1, true);

    SELECT * INTO claim FROM rebut.claims c WHERE c.request_id = $1;
    SELECT * INTO before FROM rebut.decisions d
    WHERE d.request_id = $1 AND d.undone_at IS NULL AND d.second = coalesce(claim.second, false);
    IF before.decision_id IS NOT NULL THEN
        RAISE EXCEPTION 'request ''%'' has been decided%', $1, CASE
            WHEN before.reviewer = session_user THEN ' by yourself' ELSE ' by another' END
            USING ERRCODE = 'RB003';
    END IF;
    -- A lease that ran out is still good while nobody else has taken the case.
    IF claim.reviewer <> session_user AND claim.until > clock_timestamp() THEN
        RAISE EXCEPTION 'request ''%'' is held by ''%'' until %', $1, claim.reviewer, claim.until
            USING ERRCODE = 'RB001';
    END IF;
    IF claim.reviewer IS DISTINCT FROM session_user THEN
        RAISE EXCEPTION 'request ''%'' is not in your hands', $1
            USING ERRCODE = 'RB002', HINT = 'Claim it first.';
    END IF;
    IF claim.second AND EXISTS (SELECT FROM rebut.decisions d WHERE d.request_id = $1 AND
            d.reviewer = session_user AND d.undone_at IS NULL) THEN
        RAISE EXCEPTION 'you have judged request ''%'' yourself', $1 USING ERRCODE = 'RB012';
    END IF;

    INSERT INTO rebut.decisions AS d (request_id, verdict, note, reviewer, at, undo_until,
        run_id, selection, propensity, second)
    VALUES ($1, $2, $3, session_user, clock_timestamp(),
        clock_timestamp() + rebut.setting('grace')::interval,
        claim.run_id, claim.selection, claim.propensity, claim.second)
    RETURNING d.undo_until INTO undo_until;
    DELETE FROM rebut.claims c WHERE c.request_id = $1;
    PERFORM rebut.record('decide', $1, json_build_object('verdict', $2,
        'second', claim.second, 'selection', claim.selection, 'undo_until', undo_until));
    RETURN undo_until;
END
$$;
COMMENT ON FUNCTION rebut.decide(text, text, text) IS
    'Decide a request in your hands: abuse, legitimate or unclear, and why; gives until when it may be undone';

CREATE FUNCTION rebut.undo(request_id text) RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    it    rebut.decisions;
    until timestamptz;
BEGIN
    PERFORM rebut.lock_request($1, true);
    SELECT * INTO it FROM rebut.decisions d
    WHERE d.request_id = $1 AND d.reviewer = session_user AND d.undone_at IS NULL
    ORDER BY d.decision_id DESC LIMIT 1;
    IF it.decision_id IS NULL THEN
        RAISE EXCEPTION 'there is no decision of yours on request ''%'' to undo', $1
            USING ERRCODE = 'RB004';
    END IF;
    IF it.settled_at IS NOT NULL OR it.undo_until <= clock_timestamp() THEN
        RAISE EXCEPTION 'the decision on request ''%'' could be undone until %', $1, it.undo_until
            USING ERRCODE = 'RB005', HINT = 'A second review may say otherwise.';
    END IF;
    UPDATE rebut.decisions d SET undone_at = clock_timestamp()
    WHERE d.decision_id = it.decision_id AND d.settled_at IS NULL;
    IF NOT FOUND THEN -- settled this very moment
        RAISE EXCEPTION 'the decision on request ''%'' could be undone until %', $1, it.undo_until
            USING ERRCODE = 'RB005';
    END IF;
    PERFORM rebut.record('undo', $1, json_build_object('verdict', it.verdict));
    -- The case is in the same hands again, as before the decision.
    until := clock_timestamp() + rebut.setting('lease')::interval;
    PERFORM rebut.take(ROW($1, session_user, clock_timestamp(), until, it.second,
                           it.run_id, it.selection, it.propensity));
    RETURN until;
END
$$;
COMMENT ON FUNCTION rebut.undo(text) IS
    'Take back your decision within its grace time; the case is in your hands again, until the time given';

-- In one statement, without a lock a request: there may be many.  An undo that is under
-- way keeps its row until it commits; then the row is looked at again and left.
CREATE FUNCTION rebut.settle_decisions() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    settled bigint;
BEGIN
    WITH final AS (
        UPDATE rebut.decisions d SET settled_at = clock_timestamp()
        WHERE d.undone_at IS NULL AND d.settled_at IS NULL AND d.undo_until <= clock_timestamp()
        RETURNING d.*), written AS (
        -- At the time when it became final, not when it was made: what was known as of
        -- a time is then the same whenever one looks.
        INSERT INTO rebut.verdicts (at, request_id, verdict, by, note, selection, propensity, digest)
        SELECT f.undo_until, f.request_id, f.verdict, f.reviewer, f.note, f.selection, f.propensity,
            hashtextextended(concat_ws('|', 'verdict', f.decision_id, f.request_id, f.verdict,
                f.reviewer, extract(epoch FROM f.undo_until)), 0)
        FROM final f ORDER BY f.undo_until, f.decision_id)
    SELECT count(*) FILTER (WHERE rebut.record('settle', f.request_id,
        json_build_object('decision_id', f.decision_id))) INTO settled FROM final f;
    DELETE FROM rebut.claims c WHERE c.until < clock_timestamp() - interval '7 days';
    RETURN settled;
END
$$;
COMMENT ON FUNCTION rebut.settle_decisions() IS
    'Make verdicts of the decisions that can no longer be undone, and forget old claims; gives how many';

CREATE FUNCTION rebut.suppress(kind text, id text, reason text, until timestamptz)
RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    longest interval := rebut.setting('suppress_max');
    number  bigint;
BEGIN
    IF kind IS NULL OR kind NOT IN ('request', 'buyer', 'merchant') THEN
        RAISE EXCEPTION 'expected request, buyer or merchant, got ''%''', left(kind, 20)
            USING ERRCODE = 'RB006';
    END IF;
    IF id IS NULL OR octet_length(id) NOT BETWEEN 1 AND 64 THEN
        RAISE EXCEPTION 'expected the id of a % of 1 to 64 bytes', kind USING ERRCODE = 'RB006';
    END IF;
    IF reason IS NULL OR reason !~ '\S' OR octet_length(reason) > 16384 THEN
        RAISE EXCEPTION 'expected a reason, of at most 16384 bytes' USING ERRCODE = 'RB006';
    END IF;
    IF until IS NULL OR NOT (until > now() AND until <= now() + longest) THEN
        RAISE EXCEPTION 'expected a time in the next ''%'', got ''%''', longest, until
            USING ERRCODE = 'RB006';
    END IF;
    INSERT INTO rebut.suppressions (request_id, buyer_id, merchant_id, reason, until)
    VALUES (CASE kind WHEN 'request' THEN id END, CASE kind WHEN 'buyer' THEN id END,
            CASE kind WHEN 'merchant' THEN id END, reason, until)
    RETURNING suppression_id INTO number;
    PERFORM rebut.record('suppress', id, json_build_object('kind', kind,
        'suppression_id', number, 'until', until));
    RETURN number;
END
$$;
COMMENT ON FUNCTION rebut.suppress(text, text, text, timestamptz) IS
    'Keep a request, or all of a buyer or at a merchant, out of the queue until a time, for a reason; gives its number';

CREATE FUNCTION rebut.lift(suppression_id bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    id text;
BEGIN
    UPDATE rebut.suppressions s SET until = greatest(clock_timestamp(), s.at + interval '1 us')
    WHERE s.suppression_id = $1 AND s.until > clock_timestamp()
    RETURNING coalesce(s.request_id, s.buyer_id, s.merchant_id) INTO id;
    IF id IS NULL THEN
        RAISE EXCEPTION 'there is no suppression ''%'' in force', $1 USING ERRCODE = 'RB006';
    END IF;
    PERFORM rebut.record('lift', id, json_build_object('suppression_id', $1));
END
$$;
COMMENT ON FUNCTION rebut.lift(bigint) IS 'End a suppression now';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA rebut FROM PUBLIC;
