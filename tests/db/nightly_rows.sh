#!/bin/sh
# Rows that are no event, in a platform's own tables without our constraints: is each set
# aside with its reason, and are the others scored as if it were not there?
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/support/night.sh"

new_database
new_login engine rebut_engine
NIGHT_AS=$engine
METRICS=metrics.prom
"$REBUT" simulate --orders 4000 --days 40 --seed 9 --output events.ndjson 2>/dev/null
"$REBUT" score --input events.ndjson --output scores.ndjson --quiet
bare_schema raw
fill raw events.ndjson
{
    echo 'CREATE SCHEMA shop;'
    for table in $night_tables; do echo "CREATE VIEW shop.$table AS SELECT * FROM raw.$table;"; done
    echo "GRANT USAGE ON SCHEMA shop TO $engine; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO $engine;"
} >views.sql
sql -f views.sql

# clean WORDS ARGUMENT...: everything as without the bad rows.
clean() {
    words=$1
    shift
    sql -c 'TRUNCATE rebut.scores'
    night --source-schema shop --again --rejects rejects.ndjson --metrics metrics.prom "$@"
    expect_status 0
    expect_scores scores.ndjson "$words"
    expect_told "$night_private|Zzz|zzz"
}

refused() {
    expect_value 'the reasons in the record' "$1" "SELECT counts -> 'refused' FROM rebut.runs
        ORDER BY run_id DESC LIMIT 1"
}

it 'scores views as the file'
clean 'views'
refused '{}'
expect 'an empty file of rejects' test ! -s rejects.ndjson

it 'sets bad rows aside, counts them by reason, and scores the others as if they were not there'
sql <<'end'
CREATE TEMP TABLE good AS SELECT * FROM raw.orders ORDER BY order_id LIMIT 1;
CREATE FUNCTION pg_temp.bad(n int, change jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO raw.orders SELECT r.* FROM good, jsonb_populate_record(NULL::raw.orders,
        to_jsonb(good) || jsonb_build_object('order_id', 'Zzz' || n) || change) r $$;
\o bad.out
SELECT pg_temp.bad(1, '{"at": null}'), pg_temp.bad(2, '{"buyer_id": null}'),
    pg_temp.bad(3, '{"amount": null}'), pg_temp.bad(4, '{"order_id": null}'),
    pg_temp.bad(5, '{"amount": -1}'), pg_temp.bad(6, '{"amount": 9223372036854775807}'),
    pg_temp.bad(7, '{"at": "0001-01-01T00:00:00Z"}'), pg_temp.bad(8, '{"at": "infinity"}'),
    pg_temp.bad(9, '{"at": "-infinity"}'), pg_temp.bad(10, '{"at": "20000-01-01T00:00:00Z"}'),
    pg_temp.bad(11, '{"at": "4713-12-01T00:00:00Z BC"}'), pg_temp.bad(12, '{"channel": "zzz"}'),
    pg_temp.bad(13, '{"channel": ""}'), pg_temp.bad(14, '{"order_id": ""}'),
    pg_temp.bad(15, jsonb_build_object('order_id', repeat('Zzz', 22))),
    pg_temp.bad(16, jsonb_build_object('buyer_id', repeat('界', 22))),
    pg_temp.bad(17, '{"quantity": 0}'), pg_temp.bad(18, '{"category": ""}'),
    pg_temp.bad(19, '{"account_created_at": "infinity"}'),
    pg_temp.bad(20, '{"promised_ship_at": "0001-01-01T00:00:00Z"}');
INSERT INTO raw.requests (at, request_id, order_id, kind, reason, amount, photos)
    SELECT '2026-03-10Z', 'Zzz' || n, (SELECT order_id FROM good), 'refund_only', 'damaged', 5, photos
    FROM (VALUES (1, ARRAY['zzz']), (2, ARRAY[NULL]::text[]), (3, array_fill('0123456789abcdef'::text, ARRAY[33])),
                 (4, ARRAY['0123456789abcdeg']), (5, ARRAY[''])) v (n, photos);
INSERT INTO raw.requests (at, request_id, order_id, kind, reason, amount)
    SELECT '2026-03-10Z', 'Zzz6', (SELECT order_id FROM good), 'zzz', 'damaged', 5;
INSERT INTO raw.requests (at, request_id, order_id, kind, reason, amount, text)
    SELECT '2026-03-10Z', 'Zzz7', (SELECT order_id FROM good), 'refund_only', 'damaged', 5, repeat('Zzz', 30000);
INSERT INTO raw.verdicts (at, request_id, verdict, propensity)
    SELECT '2026-03-11Z', request_id, 'abuse', p FROM
    (SELECT request_id FROM raw.requests LIMIT 1) r, (VALUES (0::float8), (-1), (2), ('NaN'), ('Infinity')) v (p);
INSERT INTO raw.prices (at, sku_id, price) VALUES ('2026-03-11Z', NULL, 5), ('2026-03-11Z', 'Zzz', -5);
end
clean 'bad rows'
value "SELECT counts -> 'refused' FROM rebut.runs ORDER BY run_id DESC LIMIT 1" >refused.json
expect 'a line for each' test "$(wc -l <rejects.ndjson)" = 34
sed 's/.*"reason":"\([a-z_]*\)".*/\1/' rejects.ndjson | sort | uniq -c |
    awk '{ printf "%s%s:%s", (NR > 1 ? "," : ""), $2, $1 }' >reasons.txt
sed 's/\\/\\\\/g' rejects.ndjson >rejects.tsv
expect 'every reject to be JSON with table, row, reason, field' test "$(sql \
    -c 'CREATE TEMP TABLE r (j json)' -c "\\copy r from 'rejects.tsv'" -c "SELECT count(*) FROM r
        WHERE j ->> 'input' ~ '^shop\\.(orders|requests|verdicts|prices)\$' AND
        (j ->> 'line')::int > 0 AND j ->> 'reason' <> '' AND j ->> 'expected' <> ''")" = 34
refused "$(sort reasons.txt >/dev/null && sql -c 'CREATE TEMP TABLE r (j json)' \
    -c "\\copy r from 'rejects.tsv'" -c "SELECT '{' || string_agg(format('\"%s\":%s', reason, n), ',' ORDER BY place)
        || '}' FROM (SELECT j ->> 'reason' AS reason, count(*) AS n FROM r GROUP BY 1) s
        JOIN (SELECT key, row_number() OVER () AS place FROM json_object_keys('$(cat refused.json)') key) k
        ON k.key = s.reason")"

it 'sets orphans and changed duplicates aside'
sql <<'end'
INSERT INTO raw.shipments (at, order_id) VALUES ('2026-03-10Z', 'Zzz-nowhere');
INSERT INTO raw.contacts (at, order_id, by, kind, text) VALUES ('2026-03-10Z', 'Zzz-nowhere', 'buyer', 'message', 'Zzz');
INSERT INTO raw.outcomes (at, request_id, outcome) VALUES ('2026-03-10Z', 'Zzz-nowhere', 'granted');
INSERT INTO raw.orders SELECT (jsonb_populate_record(o, jsonb_build_object('amount', amount + 1,
    'at', at + interval '1 second'))).* FROM raw.orders o WHERE order_id > 'o00000000' ORDER BY at LIMIT 7;
INSERT INTO raw.orders SELECT o.* FROM raw.orders o WHERE order_id LIKE 'o0000030%';
end
clean 'orphans'
expect_value 'the counts' '{"shipment":1,"contact":1,"outcome":1}|{"order":7}|100' "SELECT counts -> 'orphans',
    counts -> 'conflicts', counts -> 'duplicates' ->> 'order' FROM rebut.runs ORDER BY run_id DESC LIMIT 1"

it 'reads them once, and not again when only new rows are read'
clean 'the first night' --state state
sql -c "INSERT INTO raw.prices (at, sku_id, price) VALUES ('2026-03-11Z', 'Zzz', -5)"
clean 'the second night' --state state
expect_log '"incremental":true'
expect 'one line of what is new, and the orphans' test "$(wc -l <rejects.ndjson)" = 4

it 'goes on when text is not in the encoding that the database says'
sql -c "UPDATE pg_database SET encoding = pg_char_to_encoding('SQL_ASCII') WHERE datname = current_database()"
printf 'INSERT INTO raw.requests (at, request_id, order_id, kind, reason, amount, text)
    SELECT at, E'"'Zzz9'"', order_id, '"'refund_only', 'damaged', 5, E'Zzz \\\\xff\\\\xfe'"' FROM raw.orders
    WHERE order_id > '"'o000'"' LIMIT 1;
    INSERT INTO raw.prices (at, sku_id, price) VALUES ('"'2026-03-11Z', E'Zzz\\\\xc3', 5"');\n' >ascii.sql
PGCLIENTENCODING=SQL_ASCII sql -f ascii.sql
sql -c "UPDATE pg_database SET encoding = pg_char_to_encoding('UTF8') WHERE datname = current_database()"
clean 'no UTF-8'
expect 'both rejects' test "$(grep -c invalid_utf8 rejects.ndjson)" = 2


# ---- the tables' shape

# shape SQL WORDS: after this the run says so, and writes nothing; then it is undone.
shape() {
    runs=$(value 'SELECT count(*) FROM rebut.scores')
    sql -c "$1"
    night --source-schema shop
    expect_status 3
    expect_log "$2"
    expect 'one message' test "$(grep -c run_failed "$ERR")" = 1
    expect_value 'nothing written' "$runs" 'SELECT count(*) FROM rebut.scores'
    expect_value 'the record' failed 'SELECT state FROM rebut.runs ORDER BY run_id DESC LIMIT 1'
    expect_told
}

it 'names schema, table and column of what is not as expected'
shape 'ALTER VIEW shop.orders RENAME TO elsewhere' "there is no table or view 'shop.orders'"
sql -c 'ALTER VIEW shop.elsewhere RENAME TO orders'
shape 'ALTER VIEW shop.orders RENAME COLUMN amount TO paid' "'shop.orders.amount'"
sql -c 'ALTER VIEW shop.orders RENAME COLUMN paid TO amount'
shape "DROP VIEW shop.prices; CREATE VIEW shop.prices AS SELECT at::text, sku_id, price FROM raw.prices;
    GRANT SELECT ON shop.prices TO $engine" "expected 'shop.prices.at' to be timestamp with time zone, it is text"
sql -c "DROP VIEW shop.prices; CREATE VIEW shop.prices AS SELECT * FROM raw.prices; GRANT SELECT ON shop.prices TO $engine"
shape "REVOKE SELECT ON shop.requests FROM $engine" "no privilege to read 'shop.requests.at'"
sql -c "GRANT SELECT ON shop.requests TO $engine"
shape "REVOKE USAGE ON SCHEMA shop FROM $engine" "permission denied for schema shop"
sql -c "GRANT USAGE ON SCHEMA shop TO $engine"
night --source-schema nowhere
expect_status 3
expect_log "'nowhere.orders'"

it 'tells an error inside a view by the table, without what it says of a row'
sql -c "CREATE OR REPLACE FUNCTION public.check_it(t timestamptz) RETURNS timestamptz LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''bad row of buyer b1158111691''; END'" \
    -c "DROP VIEW shop.prices; CREATE VIEW shop.prices AS SELECT public.check_it(at) AS at, sku_id, price FROM raw.prices;
        GRANT SELECT ON shop.prices TO $engine"
night --source-schema shop
expect_status 1
expect_log "shop.prices"
expect_log 'P0001'
expect_told
sql -c "DROP VIEW shop.prices; CREATE VIEW shop.prices AS SELECT at, sku_id, (price / (price - price))::bigint AS price FROM raw.prices;
        GRANT SELECT ON shop.prices TO $engine"
night --source-schema shop
expect_status 1
expect_log '22012'
expect_log "shop.prices"
expect_told
