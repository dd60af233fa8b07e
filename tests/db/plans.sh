#!/bin/sh
# What reviewers ask often is answered by index: 200,000 scores in three months.
. "$(dirname "$0")/lib.sh"
new_database
cat >fill.sql <<'end'
INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount)
SELECT timestamptz '2026-08-01Z' + n * interval '1 minute', 'o' || n, 'b' || n % 20000, 'm' || n % 500,
    's' || n % 3000, 'food', 'shelf', n % 9000 FROM generate_series(1, 70000) n;
INSERT INTO rebut.requests (at, request_id, order_id, kind, reason, amount)
SELECT at + interval '1 day', 'r' || substr(order_id, 2), order_id, 'refund_only', 'quality', amount FROM rebut.orders;
INSERT INTO rebut.models (model_id, document, as_of, role) VALUES ('model-1', '{}', '2026-09-01Z', 'champion');
SELECT rebut.scores_partition(d) FROM unnest('{2026-09-15,2026-10-15,2026-11-15}'::date[]) d;
-- Five runs, of 40,000 scores each.
INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
SELECT 'nightly', 'done', now(), d, 'model-1'
FROM unnest('{2026-09-20Z,2026-09-30Z,2026-10-15Z,2026-10-30Z,2026-11-15Z}'::timestamptz[]) d;
INSERT INTO rebut.scores SELECT r.run_id, r.as_of, 'model-1', q.request_id, o.order_id, o.buyer_id, o.merchant_id,
    q.at, q.amount, n, 1 - n / 40001.0, 0, 1, 0.1, NULL, 'undetermined', 10, 0, '{}', '[]'
FROM rebut.runs r CROSS JOIN generate_series(1, 40000) n
JOIN rebut.requests q ON q.request_id = 'r' || (n + r.run_id * 5000) JOIN rebut.orders o USING (order_id);
INSERT INTO rebut.queue_slots SELECT run_id, rank, request_id, 'ranked', 1, 0 FROM rebut.scores WHERE rank <= 5000;
INSERT INTO rebut.verdicts (at, request_id, verdict, by, digest)
SELECT now(), 'r' || n, 'legitimate', 'x', n FROM generate_series(1, 60000, 7) n;
INSERT INTO rebut.decisions (request_id, verdict, reviewer, at, undo_until, selection, second, settled_at)
SELECT 'r' || n, 'legitimate', 'x', now() - interval '2 days', now() - interval '1 day', 'ranked', false, now()
FROM generate_series(3, 60000, 11) n;
INSERT INTO rebut.suppressions (buyer_id, reason, until)
SELECT 'b' || n, 'x', now() + interval '1 day' FROM generate_series(1, 300) n;
ANALYZE;
end
sql -f fill.sql >/dev/null || exit 1
new_login anna rebut_reviewer
new_login shop rebut_merchant
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$shop', 'm7')"

# plan LOGIN QUERY: keeps its plan as $OUT; 'Never executed' says what was pruned.
plan() {
    run as "$1" sql -c "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $2"
    expect_status 0
}
expect_no_scan() {
    grep -E 'Seq Scan on (scores|orders|requests|verdicts|decisions|queue_slots)' "$OUT" |
        grep -v 'never executed' >scans
    [ ! -s scans ] && return
    fail 'expected no sequential scan'
    lib_show 'the plan' "$OUT"
}

it 'has 200,000 scores in three months'
expect_value 'as many' '200000|3' 'SELECT count(*), count(DISTINCT tableoid) FROM rebut.scores'

it 'gives a page of the queue, and the page after it, without a sequential scan'
plan "$anna" 'SELECT * FROM rebut.queue ORDER BY slot LIMIT 50'
expect_no_scan
expect 'a page' grep -q 'actual rows=50' "$OUT"
expect 'no sort of the whole queue' sh -c "! grep -q 'Sort Key.*slot' '$OUT'"
plan "$anna" 'SELECT * FROM rebut.queue WHERE slot > 500 ORDER BY slot LIMIT 50'
expect_no_scan

it 'gives the score of a request without a sequential scan'
plan "$anna" "SELECT * FROM rebut.request_score WHERE request_id = 'r27001'"
expect_no_scan
expect 'it' test "$(as "$anna" sql -c "SELECT run_id FROM rebut.request_score WHERE request_id = 'r27001'")" = 5

it 'gives the records of a buyer and a merchant without a sequential scan'
plan "$anna" "SELECT * FROM rebut.buyer_record WHERE buyer_id = 'b17'"
expect_no_scan
plan "$anna" "SELECT * FROM rebut.merchant_record WHERE merchant_id = 'm17'"
expect_no_scan

it 'gives the events of a case without a sequential scan'
as "$anna" sql -c 'SELECT FROM rebut.claim(3)'
plan "$anna" "SELECT * FROM rebut.case_events WHERE request_id = 'r27001'"
expect_no_scan

it 'claims out of a long queue in little time'
run as "$anna" sql -c "SET statement_timeout = '3s'; SELECT count(*) FROM rebut.claim(50)"
expect_out '^50$'

it 'gives a merchant its cases by index'
own="SELECT s.request_id FROM rebut.scores s WHERE s.merchant_id = ANY ((SELECT '{m7}'::text[])::text[])"
plan postgres "$own"
expect_no_scan
expect 'its cases' test "$(as "$shop" sql -c 'SELECT count(*) > 50 FROM rebut.my_cases')" = t

it 'reads the ranks of a run by index'
plan postgres 'SELECT * FROM rebut.scores WHERE run_id = 4 ORDER BY rank LIMIT 100'
expect_no_scan

it 'reads new events by their transaction, in the blocks where they are'
sql -c "SET enable_seqscan = off" -c "INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category,
    channel, amount) VALUES (now(), 'new', 'b', 'm', 's', 'c', 'shelf', 1)" -c 'ANALYZE rebut.orders'
last=$(value "SELECT xid FROM rebut.orders WHERE order_id = 'new'")
plan postgres "SELECT * FROM rebut.orders WHERE xid >= $last"
expect_out 'Bitmap Index Scan on orders_xid_idx'
