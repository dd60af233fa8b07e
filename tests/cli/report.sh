#!/bin/sh
# What refunds cost a shop, and whose fault that was.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv ||
    exit 1
merchant=$(grep -o '"merchant_id":"[^"]*"' events.ndjson | cut -d'"' -f4 | sort | uniq -c |
    sort -rn | awk 'NR == 1 { print $2 }')

it 'explains itself'
run "$REBUT" report --help
expect_status 0
expect_golden report/help.txt

it 'refuses a line that names neither or both'
run "$REBUT" report --input events.ndjson
expect_status 2
run "$REBUT" report --input events.ndjson --platform --merchant "$merchant"
expect_status 2

it 'says who there is none of'
run "$REBUT" report --input events.ndjson --merchant nobody --quiet
expect_status 3

it 'adds up to what the scores say'
run "$REBUT" score --input events.ndjson --quiet
cp "$OUT" scores.ndjson
run "$REBUT" report --input events.ndjson --platform --format json --quiet
expect_status 0
cp "$OUT" platform.json
asked=$(grep -o '"amount":[0-9]*' scores.ndjson | cut -d: -f2 | awk '{ sum += $1 } END { printf "%d", sum }')
expect "the sum asked, $asked fen" grep -q "$asked" platform.json

it 'shows a shop nothing of others, and nobody any buyer'
grep -o '"buyer_id":"[^"]*"' events.ndjson | cut -d'"' -f4 | sort -u >buyers
grep -o '"merchant_id":"[^"]*"' events.ndjson | cut -d'"' -f4 | sort -u | grep -vx "$merchant" >others
for form in text json html; do
    run "$REBUT" report --input events.ndjson --merchant "$merchant" --format $form --quiet
    expect_status 0
    expect 'no buyer' sh -c "! grep -qFf buyers '$OUT'"
    expect 'no other shop' sh -c "! grep -qwFf others '$OUT'"
done
expect 'no script' sh -c "! grep -qi '<script' '$OUT'"

it 'is written in both languages, and as a document'
run "$REBUT" report --input events.ndjson --merchant "$merchant" --lang en --quiet
expect_out 'refund'
run "$REBUT" report --input events.ndjson --merchant "$merchant" --format pdf --output one.pdf --quiet
expect_status 0
run "$REBUT" report --input events.ndjson --merchant "$merchant" --format pdf --output two.pdf --quiet
expect_same one.pdf two.pdf
pdftotext one.pdf text
expect 'searchable Chinese' grep -q '仅退款' text
