-- What reviewers do, each a function that runs with the owner's rights and leaves a line
-- in the audit trail.  A reviewer is a login (session_user): reviewers do not share one.
--
-- Errors of our own:
--     RB001  the case is in the hands of another
--     RB002  the case is not in your hands
--     RB003  the case has been decided
--     RB004  there is nothing to undo
--     RB005  it is too late to undo
--     RB006  an argument is out of range
--     RB007  there is no such request
--     RB008  the table only grows (0001)
--     RB009  you hold as many cases as you may
--     RB010  the transaction is not READ COMMITTED
--     RB011  a source schema does not fit (0004)
--     RB012  you have judged the case yourself
--
-- Whoever changes what is known of a request first takes the request's lock and only
-- then looks.  So two who decide at once come one after the other, and the second sees
-- what the first did.

CREATE FUNCTION rebut.lock_request(request_id text, wait boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    -- With an older snapshot the second would not see what the first did.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'expected isolation level ''read committed'', got ''%''',
            current_setting('transaction_isolation') USING ERRCODE = 'RB010';
    END IF;
    IF wait THEN
        PERFORM pg_advisory_xact_lock(1919247990, hashtext(request_id));
        RETURN true;
    END IF;
    RETURN pg_try_advisory_xact_lock(1919247990, hashtext(request_id));
END
$$;
COMMENT ON FUNCTION rebut.lock_request(text, boolean) IS
    'Keep others from a request until the end of the transaction; for our own functions';

CREATE FUNCTION rebut.check_claims(n int, INOUT lease interval) LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    most     int := rebut.setting('claims_max');
    longest  interval := rebut.setting('lease_max');
    held     int := (SELECT count(*) FROM rebut.claims c
                     WHERE c.reviewer = session_user AND c.until > clock_timestamp());
BEGIN
    lease := coalesce(lease, rebut.setting('lease')::interval);
    IF n IS NULL OR n < 1 THEN
        RAISE EXCEPTION 'expected a number of requests from 1, got ''%''', n
            USING ERRCODE = 'RB006';
    END IF;
    IF NOT (lease > interval '0' AND lease <= longest) THEN
        RAISE EXCEPTION 'expected a lease over 0 and at most ''%'', got ''%''', longest, lease
            USING ERRCODE = 'RB006';
    END IF;
    IF held + n > most THEN
        RAISE EXCEPTION 'you hold % requests and may hold %, not % more', held, most, n
            USING ERRCODE = 'RB009', HINT = 'Decide or release some.';
    END IF;
END
$$;
COMMENT ON FUNCTION rebut.check_claims(int, interval) IS
    'May the caller claim so many, for so long? For our own functions';

-- Put a locked request into the caller's hands, unless it is in another's.
CREATE FUNCTION rebut.take(want rebut.claims) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    taken boolean;
BEGIN
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
COMMENT ON FUNCTION rebut.take(rebut.claims) IS 'Write a claim; for our own functions';

CREATE FUNCTION rebut.claim(n int DEFAULT 1, lease interval DEFAULT NULL)
RETURNS TABLE (slot int, request_id text, until timestamptz) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    term interval := rebut.check_claims(n, lease);
    had  int := 0;
    it   record;
BEGIN
    FOR it IN
        SELECT q.* FROM rebut.queue_open q
        WHERE NOT EXISTS (SELECT FROM rebut.claims c
                          WHERE c.request_id = q.request_id AND c.until > clock_timestamp())
        ORDER BY q.slot
    LOOP
        EXIT WHEN had = n;
        CONTINUE WHEN NOT rebut.lock_request(it.request_id, false);
        -- Decided since the loop began?
        CONTINUE WHEN EXISTS (SELECT FROM rebut.decisions d
                              WHERE d.request_id = it.request_id AND d.undone_at IS NULL);
        until := clock_timestamp() + term;
        IF NOT EXISTS (SELECT FROM rebut.claims c
                       WHERE c.request_id = it.request_id AND c.until > clock_timestamp()) AND
           rebut.take(ROW(it.request_id, session_user, clock_timestamp(), until, false,
                          it.run_id, it.selection, it.propensity)) THEN
            slot := it.slot;
            request_id := it.request_id;
            had := had + 1;
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION rebut.claim(int, interval) IS
    'Take the next n requests of the queue into your hands, for the lease or the setting''s; fewer when there are no more';

CREATE FUNCTION rebut.claim_request(request_id text, lease interval DEFAULT NULL)
RETURNS timestamptz LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    term   interval := rebut.check_claims(1, lease);
    ends   timestamptz;
    holder rebut.claims;
    slot   rebut.queue_slots;
BEGIN
    PERFORM rebut.lock_request($1, true);
    IF NOT EXISTS (SELECT FROM rebut.scores s WHERE s.request_id = $1) THEN
        RAISE EXCEPTION 'there is no scored request ''%''', $1 USING ERRCODE = 'RB007';
    END IF;
    IF EXISTS (SELECT FROM rebut.decisions d
               WHERE d.request_id = $1 AND d.undone_at IS NULL AND NOT d.second) THEN
        RAISE EXCEPTION 'request ''%'' has been decided', $1 USING ERRCODE = 'RB003';
    END IF;
    ends := clock_timestamp() + term;
    SELECT * INTO holder FROM rebut.claims c WHERE c.request_id = $1;
    IF holder.reviewer = session_user THEN -- a longer lease; why it is looked at stays
        UPDATE rebut.claims c SET until = ends WHERE c.request_id = $1;
        PERFORM rebut.record('claim', $1, json_build_object('until', ends));
        RETURN ends;
    END IF;
    SELECT * INTO slot FROM rebut.queue_slots q
    WHERE q.request_id = $1 AND q.run_id = (SELECT r.run_id FROM rebut.queue_run r);
    -- Not in the queue: somebody has a reason of his own, and no draw put it there.
    IF NOT rebut.take(ROW($1, session_user, clock_timestamp(), ends, false, slot.run_id,
                          coalesce(slot.selection, 'appeal'), slot.propensity)) THEN
        RAISE EXCEPTION 'request ''%'' is held by ''%'' until %', $1, holder.reviewer, holder.until
            USING ERRCODE = 'RB001';
    END IF;
    RETURN ends;
END
$$;
COMMENT ON FUNCTION rebut.claim_request(text, interval) IS
    'Take one request by its id, from the queue or beside it (an appeal); gives until when';

CREATE FUNCTION rebut.release(request_id text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    PERFORM rebut.lock_request($1, true);
    DELETE FROM rebut.claims c WHERE c.request_id = $1 AND c.reviewer = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'request ''%'' is not in your hands', $1 USING ERRCODE = 'RB002';
    END IF;
    PERFORM rebut.record('release', $1, NULL);
END
$$;
COMMENT ON FUNCTION rebut.release(text) IS 'Give a request back undecided';

CREATE FUNCTION rebut.claim_second(n int DEFAULT 1, lease interval DEFAULT NULL)
RETURNS TABLE (request_id text, until timestamptz) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
#variable_conflict use_column
DECLARE
    term interval := rebut.check_claims(n, lease);
    had  int := 0;
    it   record;
BEGIN
    -- By hash, that is by lot: what is reviewed twice says how often reviewers err, and
    -- neither the case nor its verdict may have a say in it.
    FOR it IN
        SELECT d.* FROM rebut.decisions d
        WHERE NOT d.second AND d.undone_at IS NULL AND d.reviewer <> session_user AND
              d.undo_until <= clock_timestamp() AND
              d.at > clock_timestamp() - rebut.setting('second_window')::interval AND
              NOT EXISTS (SELECT FROM rebut.decisions x
                          WHERE x.request_id = d.request_id AND x.second AND x.undone_at IS NULL)
        ORDER BY hashtextextended(d.request_id, 0)
    LOOP
        EXIT WHEN had = n;
        CONTINUE WHEN NOT rebut.lock_request(it.request_id, false);
        until := clock_timestamp() + term;
        -- Held, or reviewed again since the loop began?
        IF NOT EXISTS (SELECT FROM rebut.claims c
                       WHERE c.request_id = it.request_id AND c.until > clock_timestamp()) AND
           NOT EXISTS (SELECT FROM rebut.decisions x
                       WHERE x.request_id = it.request_id AND x.second AND x.undone_at IS NULL) AND
           rebut.take(ROW(it.request_id, session_user, clock_timestamp(), until, true,
                          it.run_id, it.selection, it.propensity)) THEN
            request_id := it.request_id;
            had := had + 1;
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION rebut.claim_second(int, interval) IS
    'Take n requests that others have decided, drawn by lot, without their verdict';

-- Functions are open to everybody until they are closed; 0007 opens the right ones.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA rebut FROM PUBLIC;
