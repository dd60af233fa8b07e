#!/bin/sh
# Does a table's row mean what a file's line means, and is every row accounted for?
. "$(dirname "$0")/lib.sh"

score() { run "$REBUT" score --store '' --output scores.ndjson "$@"; }

# platform NAME: a schema of the platform's own, eight tables without any constraint.
platform() {
    sql -c "CREATE SCHEMA \"$1\"" || exit 1
    for table in orders shipments deliveries prices contacts requests outcomes verdicts; do
        echo "CREATE TABLE \"$1\".$table AS SELECT * FROM rebut.$table;"
    done >platform.sql
    sql -f platform.sql || exit 1
}

new_database empty
"$REBUT" migrate 2>/dev/null
"$REBUT" simulate --orders 5000 --seed 6 --output events.ndjson 2>/dev/null
"$REBUT" load --input events.ndjson --quiet
"$REBUT" score --input events.ndjson --output of_file.ndjson 2>of_file.err

it 'scores tables as it scores the file that was loaded, to the byte'
score
expect_status 0
expect_same of_file.ndjson scores.ndjson
expect 'the same account' cmp -s of_file.err "$ERR"

it 'packs evidence from tables as from the file'
"$REBUT" evidence --input events.ndjson --queue --quiet --output packs_of_file 2>warned
run "$REBUT" evidence --store '' --queue --quiet --output packs
expect_status 0
expect 'some packs' test "$(find packs -name 'pack-*.json' | wc -l)" -gt 10
expect 'the same packs' diff -r packs_of_file packs
expect 'the same warnings' cmp -s warned "$ERR"

it 'sees what was known at a time, as of it'
"$REBUT" score --input events.ndjson --as-of 2026-05-01 --quiet --output of_file_then.ndjson
score --as-of 2026-05-01 --quiet
expect_status 0
expect_same of_file_then.ndjson scores.ndjson

it 'reads views of a schema with any name, other types of the same meaning, fewer columns'
sql <<'end'
CREATE SCHEMA "Our ""shop"" 2";
CREATE DOMAIN public.who AS varchar(64);
CREATE TYPE public.way AS ENUM ('shelf', 'livestream', 'short_video', 'social', 'private_domain');
CREATE VIEW "Our ""shop"" 2".orders AS
    SELECT order_id::public.who, buyer_id, merchant_id::varchar, sku_id, category,
           channel::public.way, amount::integer, quantity::smallint, campaign, host_id,
           distributor, region, device_id, address_id, payment_id, promised_ship_at,
           account_created_at, at, 7 AS something_else
      FROM rebut.orders;
CREATE VIEW "Our ""shop"" 2".shipments AS SELECT order_id, at, carrier FROM rebut.shipments;
CREATE VIEW "Our ""shop"" 2".deliveries AS SELECT * FROM rebut.deliveries;
CREATE MATERIALIZED VIEW "Our ""shop"" 2".prices AS SELECT * FROM rebut.prices;
CREATE VIEW "Our ""shop"" 2".contacts AS SELECT * FROM rebut.contacts;
CREATE VIEW "Our ""shop"" 2".requests AS
    SELECT *, photos::varchar(16)[] AS photos2 FROM rebut.requests;
CREATE VIEW "Our ""shop"" 2".outcomes AS SELECT * FROM rebut.outcomes;
CREATE VIEW "Our ""shop"" 2".verdicts AS
    SELECT at, request_id, verdict, by, note, selection, propensity FROM rebut.verdicts;
end
score --source-schema 'Our "shop" 2' --quiet
expect_status 0
expect_no_err
expect_same of_file.ndjson scores.ndjson

it 'sets bad rows aside with table, row, reason and content, and goes on'
platform bad
sql <<'end'
INSERT INTO bad.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount)
    VALUES (NULL, 'x1', 'b', 'm', 's', 'c', 'shelf', 1),
           ('infinity', 'x2', 'b', 'm', 's', 'c', 'shelf', 1),
           ('-infinity', 'x3', 'b', 'm', 's', 'c', 'shelf', 1),
           ('4000-01-01 BC', 'x4', 'b', 'm', 's', 'c', 'shelf', 1),
           ('290000-01-01', 'x5', 'b', 'm', 's', 'c', 'shelf', 1),
           ('2026-03-01', 'x6', 'b', 'm', 's', 'c', 'shelf', -1),
           ('2026-03-01', NULL, 'b', 'm', 's', 'c', 'shelf', 1),
           ('2026-03-01', '', 'b', 'm', 's', 'c', 'shelf', 1),
           ('2026-03-01', repeat('x', 65), 'b', 'm', 's', 'c', 'shelf', 1),
           ('2026-03-01', 'x9', 'b', 'm', 's', 'c', 'market', 1),
           ('2026-03-01', repeat('x', 1100000), 'b', 'm', 's', 'c', 'shelf', 1);
INSERT INTO bad.requests (at, request_id, order_id, kind, reason, amount, photos)
    VALUES ('2026-03-01', 'y1', 'nowhere', 'refund_only', 'other', 1, NULL),
           ('2026-03-01', 'y2', 'nowhere', 'refund_only', 'other', 1, '{0123}'),
           ('2026-03-01', 'y3', 'nowhere', 'refund_only', 'other', 1, ARRAY[NULL::text]),
           ('2026-03-01', 'y4', 'nowhere', 'refund_only', 'other', 1,
            array_fill('0123456789abcdef'::text, ARRAY[33]));
INSERT INTO bad.verdicts (at, request_id, verdict, propensity)
    VALUES ('2026-03-01', 'y1', 'abuse', 'NaN'), ('2026-03-01', 'y1', 'abuse', 0);
end
score --source-schema bad --rejects rejects.ndjson
expect_status 0
expect_same of_file.ndjson scores.ndjson
expect_err '^refused +16$'
expect_err '^orphans +1$'
expect 'a reject each' test "$(wc -l <rejects.ndjson)" = 17
rejected() { # ROW REASON FIELD TABLE
    expect "row $1 of $4 to be $2 in '$3'" \
        grep -q "^{\"input\":\"bad.$4\",\"line\":$1,\"reason\":\"$2\",\"field\":\"$3\"" rejects.ndjson
}
rejected 5001 missing_field at orders
for row in 5002 5003 5004 5005; do
    rejected $row out_of_range at orders
done
rejected 5006 out_of_range amount orders
rejected 5007 missing_field order_id orders
rejected 5008 bad_value order_id orders
rejected 5009 too_long order_id orders
rejected 5010 bad_value channel orders
rejected 5011 too_long '' orders
expect 'the row as an object' grep -q '"text":"{\\"type\\":\\"order\\",\\"at\\":\\"infinity\\",\\"order_id\\":\\"x2\\",' rejects.ndjson
expect 'the start of the long one' grep -q 'xxx","bytes":1100' rejects.ndjson
expect 'an orphan' grep -q '"reason":"orphan","field":"order_id".*\\"request_id\\":\\"y1\\"' rejects.ndjson
expect 'the infinite time' grep -q '"came":"\\"infinity\\""' rejects.ndjson

it 'tells bad rows whatever the time asked for'
score --source-schema bad --rejects rejects.ndjson --as-of 2026-05-01
expect_status 0
expect_err '^refused +16$'

it 'lets the earlier of two with one id stand, and shows the other'
platform twice
sql <<'end'
INSERT INTO twice.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount)
    VALUES ('2026-03-02', 'z1', 'b', 'm', 's', 'c', 'shelf', 1),
           ('2026-03-01', 'z1', 'b', 'm', 's', 'c', 'shelf', 2),
           ('2026-03-03', 'z1', 'b', 'm', 's', 'c', 'shelf', 3);
end
score --source-schema twice --rejects rejects.ndjson
expect_status 0
expect_err '^conflicts +2$'
expect 'the one that came first' grep -q '^{"input":"twice.orders","line":5001,"reason":"conflict".*\\"amount\\":1}' rejects.ndjson
expect 'the one that came last' grep -q '^{"input":"twice.orders","line":5003,"reason":"conflict".*\\"amount\\":3}' rejects.ndjson

refuses() { # STATEMENT MESSAGE: of a schema changed by the statement
    sql -c 'DROP SCHEMA IF EXISTS shape CASCADE' 2>/dev/null
    platform shape
    sql -c "$1"
    score --source-schema shape --quiet
    expect_status 3
    expect_err "^rebut score: $2\$"
}

it 'says which table or column is missing or of another type, and what it expected'
refuses 'DROP TABLE shape.prices' "there is no table or view 'shape.prices': expected one, be it empty"
refuses 'ALTER TABLE shape.orders DROP buyer_id' "expected a column 'shape.orders.buyer_id' of type text"
refuses 'ALTER TABLE shape.orders ALTER amount TYPE numeric(12,2)' \
    "expected 'shape.orders.amount' to be bigint, it is numeric\(12,2\)"
refuses 'ALTER TABLE shape.requests ALTER at TYPE timestamp' \
    "expected 'shape.requests.at' to be timestamp with time zone, it is timestamp without time zone"
refuses 'ALTER TABLE shape.requests ALTER photos TYPE text' "expected 'shape.requests.photos' to be text\[\], it is text"

it 'says what it may not read'
new_login eye
as postgres sql -c "GRANT USAGE ON SCHEMA twice TO $eye; GRANT SELECT ON ALL TABLES IN SCHEMA twice TO $eye; REVOKE SELECT ON twice.requests FROM $eye"
run as "$eye" "$REBUT" score --store '' --source-schema twice --quiet
expect_status 3
expect_err "^rebut score: no privilege to read 'twice.requests.at': expected SELECT on it$"

breaks() { # EXPRESSION: in the campaign of order o000003000
    sql -c 'DROP SCHEMA IF EXISTS broken CASCADE' 2>/dev/null
    platform broken
    sql <<end
ALTER TABLE broken.orders RENAME TO stored;
CREATE VIEW broken.orders AS
    SELECT at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount,
           CASE WHEN order_id = 'o000003000' THEN $1 ELSE campaign END AS campaign
      FROM broken.stored;
end
    rm -f scores.ndjson
    score --source-schema broken --quiet --rejects rejects.ndjson
}

it 'says where a server that fails has come to, and writes no scores'
breaks "(1 / (length(order_id) - 10))::text"
expect_status 1
expect_err "reading 'broken.orders', behind row [0-9]+: database error 22012"
expect 'no scores' test ! -e scores.ndjson

it 'says where it was when the connection was lost'
breaks 'pg_terminate_backend(pg_backend_pid())::text'
expect_status 75
expect_err "reading 'broken.orders', behind row [0-9]+: "
expect 'no scores' test ! -e scores.ndjson

it 'does not take an empty database for one with events'
new_database empty
"$REBUT" migrate 2>/dev/null
score --quiet
expect_status 3
expect_err "no events in 'rebut.orders' and 7 more: expected rows"

it 'says that there is no schema'
new_database empty
score --quiet
expect_status 3
expect_err "there is no table or view 'rebut.orders'"
