#!/bin/sh
# A platform's own tables, mapped by sql/examples/platform_views.sql.
. "$(dirname "$0")/lib.sh"
new_database
sql -f "$TOP/tests/db/mall.sql"
new_login anna rebut_reviewer
new_login engine rebut_engine

it 'maps a platform that has tables of its own'
run sql -1 -f "$TOP/sql/examples/platform_views.sql"
expect_status 0
run sql -c "SELECT rebut.map_source('rebut_source')"
expect_status 0

it 'gives every column the type of rebut own tables'
expect_value 'none differs' '' "SELECT string_agg(v.relname || '.' || a.attname, ' ')
    FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid
    LEFT JOIN pg_attribute b ON b.attrelid = to_regclass('rebut.' || v.relname) AND b.attname = a.attname
    WHERE v.relnamespace = 'rebut_source'::regnamespace AND v.relkind = 'v' AND a.attnum > 0 AND
          coalesce(b.atttypid, 0) <> CASE a.atttypid WHEN 'varchar'::regtype THEN 'text'::regtype ELSE a.atttypid END"

it 'lets the engine read events with the right times, money and words'
as "$engine" sql -c "SET TimeZone = 'UTC'" -c 'SELECT at, order_id, buyer_id, merchant_id, category, channel, amount,
    quantity, region, account_created_at FROM rebut_source.orders ORDER BY at' >orders
cat >expected <<'end'
2026-11-01 00:00:00+00|SN20261101001|7001|301|食品.零食|livestream|5990|2|CN-ZJ|2020-09-13 12:26:40+00
2026-11-01 15:59:59+00|SN20261101002|7002|301|食品.零食|shelf|1|1|CN-GD|
2026-11-02 04:00:00+00|SN20261101005|7009|302||shelf|1000|1|CN-GD|
end
expect_same expected orders # the last, without its goods, is there to be set aside
expect 'equal devices, unequal addresses' test "$(as "$engine" sql -c 'SELECT count(DISTINCT device_id),
    count(DISTINCT address_id) FROM rebut_source.orders')" = '2|3'
expect 'a request' test "$(as "$engine" sql -c "SELECT kind, reason, amount, text, photos FROM rebut_source.requests
    WHERE request_id = 'RF1'")" = 'refund_only|quality|5990|有霉味|{0123456789abcdef,fedcba9876543210}'
expect 'an outcome' test "$(as "$engine" sql -c 'SELECT request_id, outcome, by FROM rebut_source.outcomes')" = 'RF1|granted|platform_auto'
expect 'a weight' test "$(as "$engine" sql -c 'SELECT weight_g FROM rebut_source.shipments')" = 1530
run as "$engine" sql -c 'SELECT * FROM mall.t_user'
expect_err 'ERROR:  42501: '

it 'is what rebut own tables would take'
for table in orders shipments deliveries requests; do
    columns=$(value "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attnum > 0 AND
        attrelid = 'rebut_source.$table'::regclass")
    run sql -c BEGIN -c "INSERT INTO rebut.$table ($columns) SELECT $columns FROM rebut_source.$table x
        WHERE (to_jsonb(x) ->> 'sku_id' IS NOT NULL) = ('$table' = 'orders')" -c ROLLBACK
    expect_status 0
done

it 'gives reviewers the records of the platform'
expect 'a buyer' test "$(as "$anna" sql -c "SELECT orders, paid, refund_only, legitimate FROM rebut.buyer_record
    WHERE buyer_id = '7001'")" = '1|5990|1|1'
expect 'a merchant' test "$(as "$anna" sql -c "SELECT orders, buyers, refund_only, return_refund FROM rebut.merchant_record
    WHERE merchant_id = '301'")" = '2|2|1|1'

it 'says what a schema lacks, and leaves the mapping as it was'
sql -c 'CREATE SCHEMA half; CREATE VIEW half.orders AS SELECT at, order_id, buyer_id FROM rebut_source.orders'
run sql -c "SELECT rebut.map_source('half')"
expect_err "ERROR:  RB011: view 'half.orders' lacks columns: merchant_id, sku_id, category, channel, amount"
run sql -c "SELECT rebut.map_source('nowhere')"
expect_err "ERROR:  RB011: schema 'nowhere' has no 'orders'"
expect 'a buyer still' test "$(as "$anna" sql -c "SELECT orders FROM rebut.buyer_record WHERE buyer_id = '7001'")" = 1

it 'goes back to tables of its own'
sql -c "SELECT rebut.map_source('rebut')" >/dev/null
expect 'none there' test "$(as "$anna" sql -c "SELECT count(*) FROM rebut.buyer_record WHERE buyer_id = '7001'")" = 0
run as "$anna" sql -c "SELECT rebut.map_source('half')"
expect_err 'ERROR:  42501: '
