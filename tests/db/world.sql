-- A queue to work on, for the tests in this folder: sql -f "$TOP/tests/db/world.sql"
--
-- Two merchants, m1 and m2; twelve refund-only requests r01 to r12 on orders o01 to o12 of
-- buyers b01 to b12, odd ones at m1; a champion and a run as of 2026-11-24 that drew slots
-- 1 to 10 of r01 to r10, of which r03 at random with propensity 0.25.
INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount, device_id)
SELECT timestamptz '2026-11-01Z' + n * interval '1 hour', 'o' || i, 'b' || i,
    'm' || 2 - n % 2, 's1', 'food.snack', 'shelf', 1000 * n, 'device-of-' || i
FROM (SELECT n, to_char(n, 'FM00') AS i FROM generate_series(1, 12) n) x;
INSERT INTO rebut.shipments (at, order_id, carrier, weight_g)
SELECT at + interval '1 day', order_id, 'sf', 500 FROM rebut.orders;
INSERT INTO rebut.deliveries (at, order_id, signed_by)
SELECT at + interval '3 days', order_id, 'self' FROM rebut.orders;
INSERT INTO rebut.requests (at, request_id, order_id, kind, reason, amount, text, photos)
SELECT at + interval '5 days', 'r' || substr(order_id, 2), order_id, 'refund_only', 'quality',
    amount, 'words of the buyer of ' || order_id, '{00112233445566ff}' FROM rebut.orders;
INSERT INTO rebut.contacts (at, order_id, by, kind, text, digest)
SELECT at + interval '4 days', order_id, 'buyer', 'message', 'secret complaint ' || order_id, 1
FROM rebut.orders;
INSERT INTO rebut.models (model_id, document, as_of, role) VALUES
    ('model-1', '{}', '2026-11-23Z', 'champion'), ('model-2', '{}', '2026-11-23Z', 'challenger');
INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
VALUES ('nightly', 'done', now(), '2026-11-24Z', 'model-1');
SELECT FROM rebut.scores_partition('2026-11-24');
INSERT INTO rebut.scores (run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id,
    requested_at, amount, rank, probability, low, high, q_value, answer, expected_recovery,
    log_odds, notes, terms)
SELECT 1, '2026-11-24Z', 'model-1', r.request_id, o.order_id, o.buyer_id, o.merchant_id, r.at,
    r.amount, n, 1 - n / 20.0, 0.1, 0.99, 0.05, 'undetermined', 10, 1, '{one_order}',
    json_build_array(json_build_object('name', 'record', 'sentence', 'reason of ' || r.request_id))
FROM rebut.requests r JOIN rebut.orders o USING (order_id)
CROSS JOIN LATERAL (SELECT substr(r.request_id, 2)::int AS n) x;
INSERT INTO rebut.queue_slots (run_id, slot, request_id, selection, propensity, place)
SELECT 1, n, 'r' || to_char(n, 'FM00'), CASE n WHEN 3 THEN 'random' ELSE 'ranked' END,
    CASE n WHEN 3 THEN 0.25 ELSE 1 END, n / 100.0
FROM generate_series(1, 10) n;
