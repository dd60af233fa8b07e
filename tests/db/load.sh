#!/bin/sh
# Are event files in the tables after 'rebut load', each event once, or none of them?
. "$(dirname "$0")/lib.sh"

order() { # ID AT AMOUNT
    printf '{"type":"order","at":"%s","order_id":"%s","buyer_id":"b","merchant_id":"m","sku_id":"s","category":"food","channel":"shelf","amount":%s}\n' \
        "$2" "$1" "$3"
}

counts() {
    for table in orders shipments deliveries prices contacts requests outcomes verdicts; do
        value "SELECT '$table ' || count(*) FROM rebut.$table"
    done
}

new_database empty
"$REBUT" migrate 2>/dev/null
"$REBUT" simulate --orders 3000 --seed 4 --output events.ndjson 2>/dev/null

it 'loads every event into the table of its type'
run "$REBUT" load --input events.ndjson
expect_status 0
expect_no_out
expect_err "^loaded +$(wc -l <events.ndjson)\$"
for pair in order:orders shipment:shipments delivery:deliveries price:prices \
    contact:contacts request:requests outcome:outcomes verdict:verdicts; do
    expect_value "all of ${pair#*:}" "$(grep -c "^{\"type\":\"${pair%:*}\"" events.ndjson)" \
        "SELECT count(*) FROM rebut.${pair#*:}"
done

it 'keeps every field'
cat >fields.ndjson <<'end'
{"type":"order","at":"2026-03-01T00:00:13.000007+08:00","order_id":"f1","buyer_id":"b1","merchant_id":"m1","sku_id":"s1","category":"food.snack","channel":"private_domain","amount":12900,"quantity":3,"title":"坚果 \"1.2kg\"","campaign":"618","host_id":"h1","distributor":"hq/east","region":"CN-33","device_id":"d1","address_id":"a1","payment_id":"p1","promised_ship_at":"2026-03-03T00:00:13Z","account_created_at":-86400000}
{"type":"shipment","at":1772300000000,"order_id":"f1","carrier":"sf","tracking_id":"t1","weight_g":120}
{"type":"delivery","at":1772400000000,"order_id":"f1","signed_by":"locker"}
{"type":"request","at":1772500000000,"request_id":"q1","order_id":"f1","kind":"refund_only","reason":"damaged","amount":5,"text":"","photos":["0123456789ABCDEF","00000000000000ff"]}
{"type":"verdict","at":1772600000000,"request_id":"q1","verdict":"abuse","propensity":0.25}
end
run "$REBUT" load --input fields.ndjson --quiet
expect_status 0
expect_no_err
expect_value 'the order' \
    'f1|b1|m1|s1|food.snack|private_domain|12900|3|坚果 "1.2kg"|618|h1|hq/east|CN-33|d1|a1|p1|t|t|t' \
    "SELECT order_id, buyer_id, merchant_id, sku_id, category, channel, amount, quantity,
            title, campaign, host_id, distributor, region, device_id, address_id, payment_id,
            at = '2026-02-28T16:00:13.000007Z', promised_ship_at = '2026-03-03T00:00:13Z',
            account_created_at = '1969-12-31Z'
       FROM rebut.orders WHERE order_id = 'f1'"
expect_value 'shipment and delivery' 'sf|t1|120|locker' \
    "SELECT carrier, tracking_id, weight_g, signed_by
       FROM rebut.shipments JOIN rebut.deliveries USING (order_id) WHERE order_id = 'f1'"
expect_value 'the request' '{0123456789abcdef,00000000000000ff}|t' \
    "SELECT photos, text = '' FROM rebut.requests WHERE request_id = 'q1'"
expect_value 'the verdict' 'abuse|ranked|0.25|t|t' \
    "SELECT verdict, selection, propensity, by IS NULL, note IS NULL
       FROM rebut.verdicts WHERE request_id = 'q1'"

it 'changes nothing when a file is loaded again'
counts >before
run "$REBUT" load --input events.ndjson --input fields.ndjson --rejects none.ndjson
expect_status 0
expect_err "^duplicates +$(cat events.ndjson fields.ndjson | wc -l)\$"
expect 'nothing new' sh -c '! grep -q ^loaded "$1"' - "$ERR"
counts >after
expect_same before after
expect 'no rejects' test ! -s none.ndjson

it 'sets a conflict aside with its line and the reason, and lets the first stand'
{
    order c1 2026-01-05T00:00:00Z 5
    order c2 2026-01-05T00:00:00Z 5
} >first.ndjson
{
    order c1 2026-01-05T00:00:00Z 6
    order c2 2026-01-05T00:00:00Z 5
    order c3 2026-01-05T00:00:00Z 5
} >second.ndjson
run "$REBUT" load --input first.ndjson --quiet
run "$REBUT" load --input second.ndjson --rejects rejects.ndjson
expect_status 0
expect_err '^conflicts +1$'
expect_err '^duplicates +1$'
expect_err '^loaded +1$'
expect 'one reject' test "$(wc -l <rejects.ndjson)" = 1
expect 'the line' grep -q '^{"input":"second.ndjson","line":1,"reason":"conflict","field":"order_id"' rejects.ndjson
expect 'its content' grep -q '\\"amount\\":6,' rejects.ndjson
expect_value 'the first' 5 "SELECT amount FROM rebut.orders WHERE order_id = 'c1'"

it 'writes the earliest of one id, wherever it stands in the file'
{
    order e1 2026-01-06T00:00:00Z 2
    order e1 2026-01-05T00:00:00Z 1
    order e1 2026-01-07T00:00:00Z 3
    order e1 2026-01-05T00:00:00Z 1
} >mixed.ndjson
run "$REBUT" load --input mixed.ndjson --rejects rejects.ndjson
expect_status 0
expect_value 'the earliest' 1 "SELECT amount FROM rebut.orders WHERE order_id = 'e1'"
expect_err '^conflicts +2$'
expect_err '^duplicates +1$'
expect 'two rejects' test "$(wc -l <rejects.ndjson)" = 2

it 'sets aside lines that are no event, as scoring does'
{
    order g1 2026-01-05T00:00:00Z 1
    order g2 2026-01-05T00:00:00Z -1
    echo 'no json'
    echo
} >bad.ndjson
run "$REBUT" load --input bad.ndjson --rejects rejects.ndjson
expect_status 0
expect_err '^blank +1$'
expect_err '^refused +2$'
expect 'the reason' grep -q '"line":2,"reason":"out_of_range","field":"amount"' rejects.ndjson
expect 'the other' grep -q '"line":3,"reason":"not_json"' rejects.ndjson

it 'loads what names an order that is not there'
echo '{"type":"shipment","at":5,"order_id":"nowhere"}' >orphan.ndjson
run "$REBUT" load --input orphan.ndjson
expect_status 0
expect_err '^loaded +1$'

it 'writes nothing when it fails half way'
counts >before
"$REBUT" simulate --orders 20000 --seed 5 --output more.ndjson 2>/dev/null
gzip -k more.ndjson
head -c 900000 more.ndjson.gz >broken.ndjson.gz
run "$REBUT" load --input broken.ndjson.gz --quiet
expect_status 3
expect_err "cannot read 'broken.ndjson.gz'"
counts >after
expect_same before after

it 'writes nothing when the rejects cannot be written'
run "$REBUT" load --input second.ndjson --rejects /dev/full --quiet
expect_status 1
counts >after
expect_same before after

it 'needs the privilege to insert, and says so once'
new_login reader rebut_auditor
run as "$reader" "$REBUT" load --input first.ndjson --quiet
expect 'a failure' test "$status" != 0
expect_err '42501'
expect 'one line' test "$(wc -l <"$ERR")" = 1

it 'needs the schema'
new_database empty
run "$REBUT" load --input first.ndjson
expect_status 3
expect_err "'rebut migrate' makes it"

it 'takes a connection string, and says what it could not connect to'
run "$REBUT" load --input first.ndjson --store 'host=/nowhere dbname=x'
expect_status 75
expect_err '^rebut load: cannot connect to the database: '
run "$REBUT" load --input first.ndjson --store 'nonsense=1'
expect_status 2
