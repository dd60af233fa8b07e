-- The stream: positions that fence, scores as they are given, letters that are dead, and
-- an outbox into which a platform writes events in its own transactions.
--
-- Exactly once: a worker writes scores, dead letters and positions in one transaction,
-- and only where the epoch is still the one that it was given when it took the partition.
-- Whoever takes a partition raises the epoch; who had it before then updates no row.

CREATE TABLE rebut.stream_positions (
    stream    text NOT NULL CHECK (octet_length(stream) BETWEEN 1 AND 64),
    partition int NOT NULL CHECK (partition >= 0),
    epoch     bigint NOT NULL CHECK (epoch > 0),
    major     bigint NOT NULL DEFAULT -1,
    minor     bigint NOT NULL DEFAULT -1,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, partition)
) WITH (fillfactor = 50); -- so that a new version finds room beside the old
COMMENT ON TABLE rebut.stream_positions IS 'How far the effects of each partition of a stream are in';
COMMENT ON COLUMN rebut.stream_positions.stream IS 'The stream''s name';
COMMENT ON COLUMN rebut.stream_positions.partition IS 'Its partition';
COMMENT ON COLUMN rebut.stream_positions.epoch IS 'How often it was taken; only the last taker may write';
COMMENT ON COLUMN rebut.stream_positions.major IS 'The last message done: its offset, or its transaction; -1: none';
COMMENT ON COLUMN rebut.stream_positions.minor IS 'Its number in an outbox; else 0; -1: none';
COMMENT ON COLUMN rebut.stream_positions.at IS 'When that was written';

CREATE TABLE rebut.stream_scores (
    request_id        text NOT NULL,
    model_id          text NOT NULL,
    revision          int NOT NULL CHECK (revision >= 0),
    order_id          text NOT NULL,
    buyer_id          text NOT NULL,
    merchant_id       text NOT NULL,
    requested_at      timestamptz NOT NULL,
    as_of             timestamptz NOT NULL,
    amount            bigint NOT NULL,
    probability       double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    low               double precision NOT NULL CHECK (low BETWEEN 0 AND 1),
    high              double precision NOT NULL CHECK (high BETWEEN 0 AND 1),
    answer            text NOT NULL CHECK (answer IN ('likely_abuse', 'undetermined', 'likely_legitimate')),
    expected_recovery double precision NOT NULL CHECK (expected_recovery >= 0),
    log_odds          double precision NOT NULL,
    record            json NOT NULL,
    stream            text NOT NULL,
    partition         int NOT NULL,
    major             bigint NOT NULL,
    minor             bigint NOT NULL,
    written_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (request_id, model_id)
);
CREATE INDEX ON rebut.stream_scores (merchant_id, as_of DESC);
CREATE INDEX ON rebut.stream_scores USING brin (written_at);
COMMENT ON TABLE rebut.stream_scores IS 'Scores given as events came: of each request and model the last revision';
COMMENT ON COLUMN rebut.stream_scores.request_id IS 'The refund-only request';
COMMENT ON COLUMN rebut.stream_scores.model_id IS 'The model that gave it';
COMMENT ON COLUMN rebut.stream_scores.revision IS 'Counts the scores of this request, from 0; the one of the latest message stands';
COMMENT ON COLUMN rebut.stream_scores.order_id IS 'Its order';
COMMENT ON COLUMN rebut.stream_scores.buyer_id IS 'Who asks; no merchant sees this';
COMMENT ON COLUMN rebut.stream_scores.merchant_id IS 'Who sold';
COMMENT ON COLUMN rebut.stream_scores.requested_at IS 'When it was made';
COMMENT ON COLUMN rebut.stream_scores.as_of IS 'Events up to this time were known';
COMMENT ON COLUMN rebut.stream_scores.amount IS 'Asked for, in minor units (fen)';
COMMENT ON COLUMN rebut.stream_scores.probability IS 'That the request is abuse';
COMMENT ON COLUMN rebut.stream_scores.low IS 'Lower end of the 90 % interval of the probability';
COMMENT ON COLUMN rebut.stream_scores.high IS 'Upper end of the 90 % interval of the probability';
COMMENT ON COLUMN rebut.stream_scores.answer IS 'likely_abuse, undetermined, likely_legitimate';
COMMENT ON COLUMN rebut.stream_scores.expected_recovery IS 'Probability times amount, in fen';
COMMENT ON COLUMN rebut.stream_scores.log_odds IS 'Sum of the terms';
COMMENT ON COLUMN rebut.stream_scores.record IS 'The score whole, as it was given, to the byte';
COMMENT ON COLUMN rebut.stream_scores.stream IS 'The stream that it came of';
COMMENT ON COLUMN rebut.stream_scores.partition IS 'Its partition';
COMMENT ON COLUMN rebut.stream_scores.major IS 'The message whose handling gave it: offset or transaction';
COMMENT ON COLUMN rebut.stream_scores.minor IS 'Its number in an outbox; else 0';
COMMENT ON COLUMN rebut.stream_scores.written_at IS 'When it was written';

CREATE TABLE rebut.dead_letters (
    letter_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream      text NOT NULL,
    partition   int NOT NULL,
    major       bigint NOT NULL,
    minor       bigint NOT NULL,
    reason      text NOT NULL,
    field       text,
    expected    text,
    came        text,
    key         bytea,
    line        bytea NOT NULL,
    bytes       bigint NOT NULL,
    written_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    replayed_at timestamptz,
    UNIQUE (stream, partition, major, minor)
);
COMMENT ON TABLE rebut.dead_letters IS 'Messages that could not be used, until somebody mends and replays them. Holds what buyers wrote';
COMMENT ON COLUMN rebut.dead_letters.letter_id IS 'Its number';
COMMENT ON COLUMN rebut.dead_letters.stream IS 'The stream that it came of';
COMMENT ON COLUMN rebut.dead_letters.partition IS 'Its partition';
COMMENT ON COLUMN rebut.dead_letters.major IS 'Where it stood: offset or transaction';
COMMENT ON COLUMN rebut.dead_letters.minor IS 'Its number in an outbox; else 0';
COMMENT ON COLUMN rebut.dead_letters.reason IS 'Why, as a word';
COMMENT ON COLUMN rebut.dead_letters.field IS 'Of which key';
COMMENT ON COLUMN rebut.dead_letters.expected IS 'What would have been right';
COMMENT ON COLUMN rebut.dead_letters.came IS 'What was there instead';
COMMENT ON COLUMN rebut.dead_letters.key IS 'By which it is partitioned: the buyer';
COMMENT ON COLUMN rebut.dead_letters.line IS 'The message; of one too long its start';
COMMENT ON COLUMN rebut.dead_letters.bytes IS 'How long all of it was';
COMMENT ON COLUMN rebut.dead_letters.written_at IS 'When it was put here';
COMMENT ON COLUMN rebut.dead_letters.replayed_at IS 'When it was sent once more; NULL: it was not';

-- Bytes as text, or NULL where they are none: a letter is whatever came.
CREATE FUNCTION rebut.text_of(bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    RETURN convert_from($1, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.text_of(bytea) FROM PUBLIC;
COMMENT ON FUNCTION rebut.text_of(bytea) IS 'UTF-8 as text; NULL: it is not';

-- ---- the outbox.  A platform inserts (buyer_id, payload) in the transaction that makes
-- the event true.  It is read in the order (xid, seq), and only below the oldest
-- transaction still under way: all those below have ended, so nothing will appear there
-- any more.  A reading by seq alone loses what commits late.  See engine/stream/README.md.
CREATE TABLE rebut.outbox (
    partition  int NOT NULL GENERATED ALWAYS AS ((hashtextextended(buyer_id, 0) & 31)::int) STORED,
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq        bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    buyer_id   text NOT NULL CHECK (octet_length(buyer_id) BETWEEN 1 AND 64),
    payload    text NOT NULL CHECK (octet_length(payload) BETWEEN 1 AND 1048576),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (partition, xid, seq)
);
COMMENT ON TABLE rebut.outbox IS 'Events on their way to the stream, in 32 partitions by buyer';
COMMENT ON COLUMN rebut.outbox.partition IS 'By the buyer, 0 to 31';
COMMENT ON COLUMN rebut.outbox.xid IS 'The writing transaction; never given by the writer';
COMMENT ON COLUMN rebut.outbox.seq IS 'Order within it; never given by the writer';
COMMENT ON COLUMN rebut.outbox.buyer_id IS 'Whom it is about';
COMMENT ON COLUMN rebut.outbox.payload IS 'The event, one JSON object in one line';
COMMENT ON COLUMN rebut.outbox.written_at IS 'When it was written';

CREATE FUNCTION rebut.outbox_wake() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    PERFORM pg_notify('rebut_outbox', ''); -- once a transaction, however many rows
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.outbox_wake() FROM PUBLIC;
COMMENT ON FUNCTION rebut.outbox_wake() IS 'Trigger: wakes the workers that wait for the outbox';
CREATE TRIGGER wake AFTER INSERT ON rebut.outbox EXECUTE FUNCTION rebut.outbox_wake();

-- Rows that a stream has done with and that are older than `keep`: as long as the oldest
-- snapshot of a worker's state may be, because what comes after it is read again.
CREATE FUNCTION rebut.outbox_trim(stream text, keep interval) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM rebut.outbox o USING rebut.stream_positions p
    WHERE p.stream = $1 AND p.partition = o.partition AND p.major >= 0 AND
          (o.xid, o.seq) <= (p.major::text::xid8, p.minor) AND
          o.written_at < clock_timestamp() - $2;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.outbox_trim(text, interval) FROM PUBLIC;
COMMENT ON FUNCTION rebut.outbox_trim(text, interval) IS 'Deletes what a stream has done with and is older than that; gives how many';

-- ---- who reads which partition.  Leases only spread the work and end by themselves; that
-- two workers never both write is the epoch's matter.
CREATE TABLE rebut.stream_workers (
    stream text NOT NULL,
    worker text NOT NULL,
    until  timestamptz NOT NULL,
    PRIMARY KEY (stream, worker)
);
COMMENT ON TABLE rebut.stream_workers IS 'Workers at an outbox that have lately been heard of';
COMMENT ON COLUMN rebut.stream_workers.stream IS 'The stream''s name';
COMMENT ON COLUMN rebut.stream_workers.worker IS 'A name of its own making';
COMMENT ON COLUMN rebut.stream_workers.until IS 'Taken for dead when not heard of until then';

CREATE TABLE rebut.stream_leases (
    stream    text NOT NULL,
    partition int NOT NULL,
    worker    text NOT NULL,
    until     timestamptz NOT NULL,
    PRIMARY KEY (stream, partition)
);
COMMENT ON TABLE rebut.stream_leases IS 'Which worker reads which partition of an outbox';
COMMENT ON COLUMN rebut.stream_leases.stream IS 'The stream''s name';
COMMENT ON COLUMN rebut.stream_leases.partition IS 'The partition';
COMMENT ON COLUMN rebut.stream_leases.worker IS 'Who has it; empty: nobody';
COMMENT ON COLUMN rebut.stream_leases.until IS 'Anybody may take it afterwards';

-- Every worker, by its place in the order of names, has a share of its own, so that all
-- agree on it without talking: 32 partitions and 5 workers are 7, 7, 6, 6, 6.
CREATE FUNCTION rebut.stream_lease(stream text, worker text, partitions int, lease interval)
RETURNS TABLE (held int, extra boolean) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    now     timestamptz := clock_timestamp();
    workers int;
    place   int;
    share   int;
    have    int;
BEGIN
    INSERT INTO rebut.stream_workers AS w VALUES ($1, $2, now + $4)
        ON CONFLICT ON CONSTRAINT stream_workers_pkey DO UPDATE SET until = excluded.until;
    DELETE FROM rebut.stream_workers w WHERE (w.stream, w.worker) IN (
        SELECT x.stream, x.worker FROM rebut.stream_workers x
        WHERE x.stream = $1 AND x.until < now FOR UPDATE SKIP LOCKED);
    SELECT count(*), count(*) FILTER (WHERE w.worker < $2) INTO workers, place
        FROM rebut.stream_workers w WHERE w.stream = $1 AND w.until >= now;
    share := $3 / workers + (place < $3 % workers)::int;
    UPDATE rebut.stream_leases l SET until = now + $4 WHERE l.stream = $1 AND l.worker = $2;
    GET DIAGNOSTICS have = ROW_COUNT;
    IF have < share THEN
        INSERT INTO rebut.stream_leases AS l SELECT $1, p, '', '-infinity'
            FROM generate_series(0, $3 - 1) p ON CONFLICT DO NOTHING;
        UPDATE rebut.stream_leases l SET worker = $2, until = now + $4
        WHERE l.stream = $1 AND l.partition IN (
            SELECT x.partition FROM rebut.stream_leases x
            WHERE x.stream = $1 AND x.until < now AND x.worker <> $2 AND x.partition < $3
            ORDER BY x.partition LIMIT share - have FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN QUERY SELECT l.partition, row_number() OVER (ORDER BY l.partition) > share
        FROM rebut.stream_leases l WHERE l.stream = $1 AND l.worker = $2 ORDER BY 1;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.stream_lease(text, text, int, interval) FROM PUBLIC;
COMMENT ON FUNCTION rebut.stream_lease(text, text, int, interval) IS
    'Renews the leases of a worker and takes what is free, up to its share; extra: to be given back';

CREATE FUNCTION rebut.stream_release(stream text, worker text, partitions int[], leave boolean)
RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    UPDATE rebut.stream_leases l SET worker = '', until = '-infinity'
        WHERE l.stream = $1 AND l.worker = $2 AND ($4 OR l.partition = ANY ($3));
    IF $4 THEN
        DELETE FROM rebut.stream_workers w WHERE w.stream = $1 AND w.worker = $2;
    END IF;
    PERFORM pg_notify('rebut_outbox', '');
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.stream_release(text, text, int[], boolean) FROM PUBLIC;
COMMENT ON FUNCTION rebut.stream_release(text, text, int[], boolean) IS
    'Gives partitions of a worker back; leave: all of them, and the worker is gone';

-- ---- who may what
REVOKE ALL ON rebut.stream_positions, rebut.stream_scores, rebut.dead_letters, rebut.outbox,
    rebut.stream_workers, rebut.stream_leases FROM PUBLIC;
GRANT SELECT ON rebut.stream_positions, rebut.stream_scores, rebut.dead_letters, rebut.outbox,
    rebut.stream_workers, rebut.stream_leases TO rebut_engine;
GRANT INSERT ON rebut.stream_positions, rebut.stream_scores, rebut.dead_letters TO rebut_engine;
GRANT UPDATE ON rebut.stream_positions, rebut.stream_scores TO rebut_engine;
GRANT UPDATE (replayed_at) ON rebut.dead_letters TO rebut_engine;
GRANT INSERT (buyer_id, payload) ON rebut.outbox TO rebut_engine, rebut_loader;
GRANT EXECUTE ON FUNCTION rebut.stream_lease(text, text, int, interval),
    rebut.stream_release(text, text, int[], boolean), rebut.outbox_trim(text, interval), rebut.text_of(bytea)
    TO rebut_engine;
GRANT SELECT ON rebut.stream_positions, rebut.stream_scores TO rebut_auditor;

ALTER TABLE rebut.stream_scores ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine ON rebut.stream_scores TO rebut_engine USING (true) WITH CHECK (true);
CREATE POLICY auditor ON rebut.stream_scores FOR SELECT TO rebut_auditor USING (true);
