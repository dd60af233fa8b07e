-- What the engine found: models, runs, scores, queues and groups.
--
-- Scores are partitioned by the month of their as-of time, in UTC.  There is no default
-- partition: a month that nobody made fails loudly.  rebut.scores_partition() makes it.

CREATE TABLE rebut.models (
    model_id   text PRIMARY KEY CHECK (octet_length(model_id) BETWEEN 1 AND 128),
    document   json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    as_of      timestamptz NOT NULL,
    role       text NOT NULL DEFAULT 'challenger' CHECK (role IN ('champion', 'challenger', 'retired'))
);
CREATE UNIQUE INDEX models_one_champion ON rebut.models (role) WHERE role = 'champion';
COMMENT ON TABLE rebut.models IS 'Fitted models. At most one is the champion, whose scores people see';
COMMENT ON COLUMN rebut.models.model_id IS 'Hash of the content: the same model has the same id';
COMMENT ON COLUMN rebut.models.document IS 'The model file as ''rebut fit'' writes it';
COMMENT ON COLUMN rebut.models.created_at IS 'When it was stored';
COMMENT ON COLUMN rebut.models.as_of IS 'Events up to this time were fitted';
COMMENT ON COLUMN rebut.models.role IS 'champion, challenger (scores in its shadow), retired';

CREATE TABLE rebut.runs (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL,
    state       text NOT NULL DEFAULT 'running'
                CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'abandoned')),
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    as_of       timestamptz,
    since       timestamptz,
    model_id    text REFERENCES rebut.models,
    config      json,
    watermark   bigint,
    counts      json,
    message     text,
    backend_pid int DEFAULT pg_backend_pid(),
    host        text,
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK (state <> 'done' OR as_of IS NOT NULL)
);
CREATE INDEX runs_latest_done ON rebut.runs (as_of DESC, run_id DESC) WHERE state = 'done';
COMMENT ON TABLE rebut.runs IS 'Runs of the engine, one row each, whatever became of them';
COMMENT ON COLUMN rebut.runs.run_id IS 'The run';
COMMENT ON COLUMN rebut.runs.kind IS 'Which command: nightly, score, fit, load …';
COMMENT ON COLUMN rebut.runs.state IS 'running, done, failed, cancelled; abandoned: died without a word';
COMMENT ON COLUMN rebut.runs.started_at IS 'When it began';
COMMENT ON COLUMN rebut.runs.ended_at IS 'When it ended; NULL while it runs';
COMMENT ON COLUMN rebut.runs.as_of IS 'It used events up to this time';
COMMENT ON COLUMN rebut.runs.since IS 'It scored requests made from this time on; NULL: all';
COMMENT ON COLUMN rebut.runs.model_id IS 'The model it scored with';
COMMENT ON COLUMN rebut.runs.config IS 'Settings that its results depend on';
COMMENT ON COLUMN rebut.runs.watermark IS 'Rows with a smaller xid were read; the next run begins here';
COMMENT ON COLUMN rebut.runs.counts IS 'What was read, set aside and written, by kind';
COMMENT ON COLUMN rebut.runs.message IS 'Why it failed, or what people should know';
COMMENT ON COLUMN rebut.runs.backend_pid IS 'The server process of its session';
COMMENT ON COLUMN rebut.runs.host IS 'The machine it ran on';

-- No foreign keys: a check of each row would double the time of writing, and a run and
-- its scores are written in one transaction.  The key also finds a request's latest score.
CREATE TABLE rebut.scores (
    run_id            bigint NOT NULL,
    as_of             timestamptz NOT NULL,
    model_id          text NOT NULL,
    request_id        text NOT NULL,
    order_id          text NOT NULL,
    buyer_id          text NOT NULL,
    merchant_id       text NOT NULL,
    requested_at      timestamptz NOT NULL,
    amount            bigint NOT NULL,
    rank              int NOT NULL CHECK (rank > 0),
    probability       double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    low               double precision NOT NULL CHECK (low BETWEEN 0 AND 1),
    high              double precision NOT NULL CHECK (high BETWEEN 0 AND 1),
    q_value           double precision NOT NULL CHECK (q_value BETWEEN 0 AND 1),
    conformal_q       double precision CHECK (conformal_q BETWEEN 0 AND 1),
    answer            text NOT NULL CHECK (answer IN ('likely_abuse', 'undetermined', 'likely_legitimate')),
    expected_recovery double precision NOT NULL CHECK (expected_recovery >= 0),
    log_odds          double precision NOT NULL,
    notes             text[] NOT NULL,
    terms             json NOT NULL,
    PRIMARY KEY (request_id, as_of, model_id)
) PARTITION BY RANGE (as_of);
CREATE INDEX ON rebut.scores (run_id, rank);
CREATE INDEX ON rebut.scores (merchant_id, as_of DESC);
COMMENT ON TABLE rebut.scores IS 'Every score ever given, by month of as_of';
COMMENT ON COLUMN rebut.scores.run_id IS 'The run that gave it';
COMMENT ON COLUMN rebut.scores.as_of IS 'Events up to this time were known';
COMMENT ON COLUMN rebut.scores.model_id IS 'The model that gave it';
COMMENT ON COLUMN rebut.scores.request_id IS 'The refund-only request';
COMMENT ON COLUMN rebut.scores.order_id IS 'Its order';
COMMENT ON COLUMN rebut.scores.buyer_id IS 'Who asks; no merchant sees this';
COMMENT ON COLUMN rebut.scores.merchant_id IS 'Who sold';
COMMENT ON COLUMN rebut.scores.requested_at IS 'When it was made';
COMMENT ON COLUMN rebut.scores.amount IS 'Asked for, in minor units (fen)';
COMMENT ON COLUMN rebut.scores.rank IS 'Place in the run, 1 is the most suspicious';
COMMENT ON COLUMN rebut.scores.probability IS 'That the request is abuse';
COMMENT ON COLUMN rebut.scores.low IS 'Lower end of the 90 % interval of the probability';
COMMENT ON COLUMN rebut.scores.high IS 'Upper end of the 90 % interval of the probability';
COMMENT ON COLUMN rebut.scores.q_value IS 'Share of wrong accusations among this and all above';
COMMENT ON COLUMN rebut.scores.conformal_q IS 'The same, bounded without trust in any probability; NULL: unknown';
COMMENT ON COLUMN rebut.scores.answer IS 'likely_abuse, undetermined, likely_legitimate';
COMMENT ON COLUMN rebut.scores.expected_recovery IS 'Probability times amount, in fen';
COMMENT ON COLUMN rebut.scores.log_odds IS 'Sum of the terms';
COMMENT ON COLUMN rebut.scores.notes IS 'What a reader must know beside the number, as words';
COMMENT ON COLUMN rebut.scores.terms IS 'The reasons: array of name, log_odds, observed, expected, n, sentence';

CREATE FUNCTION rebut.scores_partition(month date) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month::timestamp)::date;
    name  text := format('scores_%s', to_char(first, 'YYYY_MM'));
BEGIN
    IF month IS NULL OR month NOT BETWEEN '1970-01-01' AND '9999-12-31' THEN
        RAISE EXCEPTION 'expected a month from 1970 to 9999, got ''%''', month
            USING ERRCODE = 'RB006';
    END IF;
    IF to_regclass('rebut.' || name) IS NOT NULL THEN
        RETURN 'rebut.' || name;
    END IF;
    PERFORM pg_advisory_xact_lock(1919247989, 3);
    -- Not by to_regclass, which remembers that there was none before the wait.
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'rebut'::regnamespace AND
                   c.relname = name) THEN
        -- Attaching, other than CREATE … PARTITION OF, lets others read meanwhile.
        EXECUTE format('CREATE TABLE rebut.%I (LIKE rebut.scores
            INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format('ALTER TABLE rebut.scores ATTACH PARTITION rebut.%I
            FOR VALUES FROM (%L) TO (%L)', name, first::timestamp AT TIME ZONE 'UTC',
            (first + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('COMMENT ON TABLE rebut.%I IS %L', name,
            'Scores as of ' || to_char(first, 'YYYY-MM') || ' UTC');
        -- COPY into a table with row-level security is refused; the partition has none.
        EXECUTE format('GRANT SELECT, INSERT ON rebut.%I TO rebut_engine', name);
    END IF;
    RETURN 'rebut.' || name;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.scores_partition(date) FROM PUBLIC;
COMMENT ON FUNCTION rebut.scores_partition(date) IS
    'Make the partition of a day''s month if it is not there; gives its name, the target of COPY';

CREATE TABLE rebut.queue_slots (
    run_id     bigint NOT NULL REFERENCES rebut.runs,
    slot       int NOT NULL CHECK (slot > 0),
    request_id text NOT NULL,
    selection  text NOT NULL CHECK (selection IN ('ranked', 'random')),
    propensity double precision NOT NULL CHECK (propensity > 0 AND propensity <= 1),
    place      double precision,
    PRIMARY KEY (run_id, slot),
    UNIQUE (run_id, request_id)
);
COMMENT ON TABLE rebut.queue_slots IS 'The queue that a run drew: what people should look at, in this order';
COMMENT ON COLUMN rebut.queue_slots.run_id IS 'The run';
COMMENT ON COLUMN rebut.queue_slots.slot IS 'Place in the queue, from 1';
COMMENT ON COLUMN rebut.queue_slots.request_id IS 'The request';
COMMENT ON COLUMN rebut.queue_slots.selection IS 'ranked, or random: reviewers are not told which';
COMMENT ON COLUMN rebut.queue_slots.propensity IS 'The chance that it had to get a slot in this way';
COMMENT ON COLUMN rebut.queue_slots.place IS 'Share of its stratum''s honest requests flagged with it';

CREATE TABLE rebut.groups (
    run_id   bigint NOT NULL REFERENCES rebut.runs,
    group_no int NOT NULL CHECK (group_no > 0),
    kind     text NOT NULL,
    members  text[] NOT NULL CHECK (cardinality(members) > 1),
    detail   json,
    PRIMARY KEY (run_id, group_no)
);
CREATE INDEX ON rebut.groups USING gin (members);
COMMENT ON TABLE rebut.groups IS 'Rings: accounts that a run found to act together';
COMMENT ON COLUMN rebut.groups.run_id IS 'The run';
COMMENT ON COLUMN rebut.groups.group_no IS 'Number within the run';
COMMENT ON COLUMN rebut.groups.kind IS 'What binds them';
COMMENT ON COLUMN rebut.groups.members IS 'The buyer ids';
COMMENT ON COLUMN rebut.groups.detail IS 'The figures that show it';
