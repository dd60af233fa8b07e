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
expect "the sum asked, $asked fen" grep -q "\"total\":{\"requests\":$(wc -l <scores.ndjson),\"fen\":$asked," platform.json
recovery=$(grep -o '"expected_recovery":[0-9.e+-]*' scores.ndjson | cut -d: -f2 |
    awk '{ sum += $1 } END { printf "%.3f", sum }')
abuse=$(grep -o '"abuse":{"fen":[0-9.]*' platform.json | head -n 1 | cut -d: -f3)
expect "abuse of $recovery fen as expected by the scores, not $abuse" \
    awk "BEGIN { exit !($abuse - $recovery < .01 && $recovery - $abuse < .01) }"

it 'adds up what the queue shows'
run "$REBUT" queue --input events.ndjson --quiet --fdr 1 --random 0 --budget 100000
expect_status 0
figures='"request_id":"[^"]*"|"amount":[0-9]*|"expected_recovery":[0-9.e+-]*'
grep -oE "$figures" "$OUT" | paste - - - | sort >queue
grep -oE "$figures" scores.ndjson | paste - - - | sort >scores
expect 'a queue' test -s queue
expect 'nothing in the queue that the scores do not say' sh -c 'test -z "$(comm -23 queue scores)"'

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

it 'says the same to the byte, in both languages'
"$REBUT" simulate --orders 3000 --days 120 --seed 8 --output small.ndjson || exit 1
small=$(grep -o '"merchant_id":"[^"]*"' small.ndjson | cut -d'"' -f4 | sort | uniq -c |
    sort -rn | awk 'NR == 1 { print $2 }')
for lang in zh en; do
    for whose in "--merchant $small" --platform; do
        name=$(echo "$whose" | sed 's/^--//; s/ .*//')
        run "$REBUT" report --input small.ndjson $whose --lang $lang --quiet
        expect_status 0
        cp "$OUT" first
        run "$REBUT" report --input small.ndjson $whose --lang $lang --quiet
        expect_same first "$OUT"
        sed -E '2s/[0-9a-f]{32}/MODEL/' first >part # the figures are what counts
        expect_golden "report/$name.$lang.txt" part
        expect 'no space at the end of a line' sh -c '! grep -q " $" part'
    done
done
expect 'no Chinese in the English' sh -c '! grep -qP "\p{Han}" part'

it 'has all of it in JSON, the same in both languages'
run "$REBUT" report --input small.ndjson --merchant "$small" --format json --quiet
expect_status 0
cp "$OUT" zh.json
run "$REBUT" report --input small.ndjson --merchant "$small" --format json --lang en --quiet
expect_same zh.json "$OUT"
sed -E 's/"model":"[0-9a-f]{32}"/"model":"MODEL"/; s/,"(tables|pieces|rises_tested|sessions|late_shipments|category_averages)"/\n&/g
    s/\},\{/},\n{/g' zh.json >part
expect_golden report/merchant.json part
