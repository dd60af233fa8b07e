-- What reviewers read.  Views that keep rows secret from the one who reads them are
-- security barriers: no function in a WHERE clause meets a row that is hidden.
--
-- They read events by source_orders and its sisters, which rebut.map_source() points at
-- our own tables or at those of the platform.

CREATE FUNCTION rebut.map_source(source name) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
DECLARE
    name    text;
    columns text;
    missing text;
BEGIN
    FOREACH name IN ARRAY ARRAY['orders', 'shipments', 'deliveries', 'prices', 'contacts',
                                'requests', 'outcomes', 'verdicts'] LOOP
        IF to_regclass(format('%I.%I', source, name)) IS NULL THEN
            RAISE EXCEPTION 'schema ''%'' has no ''%''', source, name
                USING ERRCODE = 'RB011', HINT = 'A type of event that a platform does not have is a view with no rows.';
        END IF;
        SELECT string_agg(format(CASE WHEN theirs.attname IS NULL THEN 'NULL::%2$s AS %1$I'
                   ELSE '%1$I::%2$s AS %1$I' END, ours.attname,
                   format_type(ours.atttypid, ours.atttypmod)), ', ' ORDER BY ours.attnum),
               string_agg(ours.attname, ', ') FILTER (WHERE ours.attnotnull AND theirs.attname IS NULL)
        INTO columns, missing
        FROM pg_attribute ours LEFT JOIN pg_attribute theirs
            ON theirs.attrelid = to_regclass(format('%I.%I', source, name)) AND
               theirs.attname = ours.attname AND theirs.attnum > 0 AND NOT theirs.attisdropped
        WHERE ours.attrelid = to_regclass('rebut.' || name) AND ours.attnum > 0 AND
              NOT ours.attisdropped AND ours.attname NOT IN ('xid', 'digest');
        IF missing IS NOT NULL THEN
            RAISE EXCEPTION 'view ''%.%'' lacks columns: %', source, name, missing
                USING ERRCODE = 'RB011';
        END IF;
        EXECUTE format('CREATE OR REPLACE VIEW rebut.source_%s AS SELECT %s FROM %I.%I',
            name, columns, source, name);
        EXECUTE format('COMMENT ON VIEW rebut.source_%s IS %L', name,
            format('The platform''s %s, from schema %s', name, source));
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.map_source(name) FROM PUBLIC;
COMMENT ON FUNCTION rebut.map_source(name) IS
    'Let the reviewers'' views read events from this schema; rebut nightly --source-schema names the same';
DO $$ BEGIN PERFORM rebut.map_source('rebut'); END $$;

CREATE VIEW rebut.request_score AS
SELECT DISTINCT ON (s.request_id)
    s.request_id, s.order_id, s.buyer_id, s.merchant_id, s.requested_at, s.amount, s.as_of,
    s.model_id, s.run_id, s.rank, s.probability, s.low, s.high, s.q_value, s.conformal_q,
    s.answer, s.expected_recovery, s.log_odds, s.notes, s.terms
FROM rebut.scores s
WHERE s.model_id NOT IN (SELECT m.model_id FROM rebut.models m WHERE m.role = 'challenger')
ORDER BY s.request_id, s.as_of DESC, s.run_id DESC;
COMMENT ON VIEW rebut.request_score IS 'The latest score of each request, challengers'' left out. Ask with request_id = …';

-- Which queue is the queue: of the latest as-of time, not of the latest run, because a
-- run for an older day is no news.
CREATE VIEW rebut.queue_run AS
SELECT r.run_id, r.as_of, r.model_id
FROM rebut.runs r
WHERE r.state = 'done' AND
      EXISTS (SELECT FROM rebut.queue_slots q WHERE q.run_id = r.run_id)
ORDER BY r.as_of DESC, r.run_id DESC
LIMIT 1;
COMMENT ON VIEW rebut.queue_run IS 'The run whose queue people work on';

-- All that is open, whoever holds it; with what reviewers are not told.
CREATE VIEW rebut.queue_open AS
SELECT q.run_id, q.slot, q.request_id, q.selection, q.propensity, s.order_id, s.buyer_id,
    s.merchant_id, s.requested_at, s.amount, s.as_of, s.model_id, s.probability, s.low, s.high,
    s.answer, s.expected_recovery, s.notes, s.terms
FROM rebut.queue_slots q
CROSS JOIN LATERAL (
    -- A run may leave alone what its model has scored before.
    SELECT x.* FROM rebut.scores x
    WHERE x.request_id = q.request_id AND
          x.as_of <= (SELECT r.as_of FROM rebut.queue_run r) AND
          x.model_id = (SELECT r.model_id FROM rebut.queue_run r)
    ORDER BY x.as_of DESC LIMIT 1) s
-- One condition, asked slot by slot: as five joins the planner expects next to nothing to
-- be left, and reads the whole queue for the sake of its first page.
WHERE q.run_id = (SELECT r.run_id FROM rebut.queue_run r) AND
      coalesce((SELECT false WHERE
          EXISTS (SELECT FROM rebut.decisions d
                  WHERE d.request_id = q.request_id AND d.undone_at IS NULL) OR
          EXISTS (SELECT FROM rebut.source_verdicts v WHERE v.request_id = q.request_id) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.request_id = q.request_id AND x.until > now()) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.buyer_id = s.buyer_id AND x.until > now()) OR
          EXISTS (SELECT FROM rebut.suppressions x
                  WHERE x.merchant_id = s.merchant_id AND x.until > now())), true);
COMMENT ON VIEW rebut.queue_open IS 'What of the queue is neither decided nor suppressed; for our own functions';

-- No barrier, which would read it all for one page: what another holds is hidden to be
-- out of the way; its score may be known (request_score).
CREATE VIEW rebut.queue AS
SELECT q.slot, q.request_id, q.order_id, q.buyer_id, q.merchant_id, q.requested_at, q.amount,
    q.as_of, q.model_id, q.probability, q.low, q.high, q.answer, q.expected_recovery, q.notes,
    q.terms, (SELECT c.until FROM rebut.claims c WHERE c.request_id = q.request_id AND
        c.until > now() AND c.reviewer = session_user) AS mine_until
FROM rebut.queue_open q
WHERE coalesce((SELECT c.reviewer = session_user FROM rebut.claims c
                WHERE c.request_id = q.request_id AND c.until > now()), true);
COMMENT ON VIEW rebut.queue IS 'What to look at next: not decided, not suppressed, not held by another; order by slot';
COMMENT ON COLUMN rebut.queue.mine_until IS 'Until when you hold it; NULL: free';

-- Verdicts, without those on cases in the reader's own hands: a second review is blind.
CREATE VIEW rebut.known_verdicts AS
SELECT v.request_id, v.verdict
FROM rebut.source_verdicts v
WHERE NOT EXISTS (SELECT FROM rebut.claims c
                  WHERE c.request_id = v.request_id AND c.reviewer = session_user);
COMMENT ON VIEW rebut.known_verdicts IS 'Verdicts that the reader may know; for our own views';

CREATE VIEW rebut.buyer_record AS
SELECT b.buyer_id, o.*, r.*
FROM (SELECT DISTINCT x.buyer_id FROM rebut.source_orders x) b
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, count(DISTINCT x.merchant_id) AS merchants, sum(x.amount) AS paid,
        min(x.at) AS first_order_at, max(x.at) AS last_order_at,
        min(x.account_created_at) AS account_created_at
    FROM rebut.source_orders x WHERE x.buyer_id = b.buyer_id) o
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE q.kind = 'refund_only') AS refund_only,
        count(*) FILTER (WHERE q.kind = 'return_refund') AS return_refund,
        coalesce(sum(q.amount) FILTER (WHERE q.kind = 'refund_only'), 0) AS refund_only_amount,
        max(q.at) AS last_request_at,
        count(*) FILTER (WHERE 'abuse' = ANY (v.words)) AS abuse,
        count(*) FILTER (WHERE 'legitimate' = ANY (v.words)) AS legitimate
    FROM rebut.source_orders x
    JOIN rebut.source_requests q ON q.order_id = x.order_id
    LEFT JOIN LATERAL (SELECT array_agg(k.verdict) AS words FROM rebut.known_verdicts k
                       WHERE k.request_id = q.request_id) v ON true
    WHERE x.buyer_id = b.buyer_id) r;
COMMENT ON VIEW rebut.buyer_record IS 'What a buyer has ordered and asked for. Ask with buyer_id = …';

CREATE VIEW rebut.merchant_record AS
SELECT m.merchant_id, o.*, r.*
FROM (SELECT DISTINCT x.merchant_id FROM rebut.source_orders x) m
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, count(DISTINCT x.buyer_id) AS buyers, sum(x.amount) AS paid,
        min(x.at) AS first_order_at, max(x.at) AS last_order_at
    FROM rebut.source_orders x WHERE x.merchant_id = m.merchant_id) o
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE q.kind = 'refund_only') AS refund_only,
        count(*) FILTER (WHERE q.kind = 'return_refund') AS return_refund,
        coalesce(sum(q.amount) FILTER (WHERE q.kind = 'refund_only'), 0) AS refund_only_amount,
        max(q.at) AS last_request_at,
        count(*) FILTER (WHERE 'abuse' = ANY (v.words)) AS abuse,
        count(*) FILTER (WHERE 'legitimate' = ANY (v.words)) AS legitimate
    FROM rebut.source_orders x
    JOIN rebut.source_requests q ON q.order_id = x.order_id
    LEFT JOIN LATERAL (SELECT array_agg(k.verdict) AS words FROM rebut.known_verdicts k
                       WHERE k.request_id = q.request_id) v ON true
    WHERE x.merchant_id = m.merchant_id) r;
COMMENT ON VIEW rebut.merchant_record IS 'What a merchant has sold and was asked for. Ask with merchant_id = …';

-- The words of buyers are for those who have the case in hand or have decided it.
CREATE VIEW rebut.my_cases_in_hand AS
SELECT c.request_id FROM rebut.claims c WHERE c.reviewer = session_user AND c.until > now()
UNION
SELECT d.request_id FROM rebut.decisions d WHERE d.reviewer = session_user AND d.undone_at IS NULL;
COMMENT ON VIEW rebut.my_cases_in_hand IS 'Requests that the reader holds or has decided; for our own views';

CREATE VIEW rebut.case_events WITH (security_barrier) AS
SELECT r.request_id, e.at, e.type, json_strip_nulls(e.detail) AS detail
FROM rebut.source_requests r
CROSS JOIN LATERAL (
    SELECT x.at, 'order' AS type, json_build_object('order_id', x.order_id, 'buyer_id', x.buyer_id,
        'merchant_id', x.merchant_id, 'sku_id', x.sku_id, 'category', x.category,
        'channel', x.channel, 'amount', x.amount, 'quantity', x.quantity, 'title', x.title,
        'campaign', x.campaign, 'promised_ship_at', x.promised_ship_at) AS detail
    FROM rebut.source_orders x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'shipment', json_build_object('carrier', x.carrier, 'weight_g', x.weight_g)
    FROM rebut.source_shipments x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'delivery', json_build_object('signed_by', x.signed_by)
    FROM rebut.source_deliveries x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'contact', json_build_object('by', x.by, 'kind', x.kind, 'text', x.text)
    FROM rebut.source_contacts x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'request', json_build_object('request_id', x.request_id, 'kind', x.kind,
        'reason', x.reason, 'amount', x.amount, 'text', x.text, 'photos', x.photos)
    FROM rebut.source_requests x WHERE x.order_id = r.order_id
    UNION ALL
    SELECT x.at, 'outcome', json_build_object('request_id', x.request_id, 'outcome', x.outcome,
        'by', x.by)
    FROM rebut.source_outcomes x WHERE x.request_id = r.request_id) e
WHERE EXISTS (SELECT FROM rebut.my_cases_in_hand h WHERE h.request_id = r.request_id);
COMMENT ON VIEW rebut.case_events IS
    'All that happened around an order, of cases that you hold or have decided; no verdicts, no device, address or payment';

CREATE VIEW rebut.my_decisions WITH (security_barrier) AS
SELECT d.decision_id, d.request_id, d.verdict, d.note, d.at, d.second, d.undo_until, d.undone_at
FROM rebut.decisions d
WHERE d.reviewer = session_user;
COMMENT ON VIEW rebut.my_decisions IS 'What you have decided, and until when it may be undone';

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
             ORDER BY t.relname = replace(v.relname, 'source_', '') DESC, t.relname = 'scores' DESC,
                      t.relname = 'decisions' DESC, t.relname LIMIT 1),
            CASE a.attname
            WHEN 'orders' THEN 'How many orders' WHEN 'merchants' THEN 'At how many merchants'
            WHEN 'buyers' THEN 'Of how many buyers' WHEN 'paid' THEN 'Sum of the orders, in fen'
            WHEN 'first_order_at' THEN 'The first order' WHEN 'last_order_at' THEN 'The last order'
            WHEN 'refund_only' THEN 'How many requests to keep goods and money'
            WHEN 'return_refund' THEN 'How many requests to send the goods back'
            WHEN 'refund_only_amount' THEN 'Sum asked for with the goods kept, in fen'
            WHEN 'last_request_at' THEN 'The last request'
            WHEN 'abuse' THEN 'How many were found to be abuse'
            WHEN 'legitimate' THEN 'How many were found to be legitimate'
            WHEN 'type' THEN 'order, shipment, delivery, contact, request, outcome'
            WHEN 'detail' THEN 'The event''s other keys, as in the input contract' END) AS words
        FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid
        WHERE v.relnamespace = 'rebut'::regnamespace AND v.relkind = 'v' AND a.attnum > 0 AND
              col_description(v.oid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN rebut.%I.%I IS %L', it.relname, it.attname, it.words);
    END LOOP;
END
$$;
