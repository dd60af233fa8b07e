#!/bin/sh
# The merchant's worklist: what to take up first, for people and for programs.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv &&
    "$REBUT" fit --input events.ndjson --output model.json --quiet &&
    "$REBUT" keygen --key-dir keys >keygen.out 2>&1 || exit 1

# evidence ARGUMENT...: with the events and the model.
evidence() {
    run "$REBUT" evidence --input events.ndjson --model model.json --quiet "$@"
}

it 'refuses a form that it does not know'
evidence --queue --output none --worklist csv,ods
expect_status 2
expect_err "expected --worklist of csv or xlsx, got 'ods'"
evidence --queue --output none --worklist ''
expect_status 2
expect 'nothing written' test ! -e none

it 'writes the same list as ever, in both languages'
for lang in zh en; do
    evidence --queue --budget 12 --fdr 1 --random 0 --output "few-$lang" --worklist csv --lang "$lang"
    expect_status 0
    expect_golden "evidence/worklist-$lang.csv" "few-$lang/worklist.csv"
done
expect 'no sheet that nobody asked for' test ! -e few-zh/worklist.xlsx

it 'has a row a pack, and is signed with them'
evidence --queue --budget 100 --fdr 1 --output packs --worklist csv,xlsx --key-dir keys --forms json,pdf
expect_status 0
tail -n +2 packs/worklist.csv | cut -d, -f15 | sort >listed
(cd packs && ls pack-*.pdf) >there
expect_same there listed
expect 'both in the manifest' sh -c "grep -q worklist.csv packs/manifest.json && grep -q worklist.xlsx packs/manifest.json"
run "$REBUT" verify packs --keys keys/public.json --lang en
expect_status 0

it 'says whose each request is, where a queue mixes shops'
expect 'the shops of the packs' test "$(tail -n +2 packs/worklist.csv | cut -d, -f3 | sort -u | tr '\n' ' ')" = \
    "$(tail -n +2 packs/worklist.csv | cut -d, -f13 | while read -r order; do
        grep -m 1 "\"type\":\"order\".*\"$order\"" events.ndjson; done | sed 's/.*"merchant_id":"\([^"]*\)".*/\1/' | sort -u | tr '\n' ' ')"
expect 'several' test "$(tail -n +2 packs/worklist.csv | cut -d, -f3 | sort -u | wc -l)" -gt 3

it 'is in the order of expected recovery where no deadline is known'
tail -n +2 packs/worklist.csv | cut -d, -f8 >money
expect 'the largest first' sort -rn -s -c money

it 'writes a workbook of strings and numbers, and no formula'
unzip -p packs/worklist.xlsx xl/worksheets/sheet1.xml >sheet.xml
echo >>sheet.xml
expect 'a row a pack' test "$(grep -o '</row>' sheet.xml | wc -l)" = 101
expect 'no formula' sh -c "! grep -q '<f>' sheet.xml"
expect 'on paper what one works by' sh -c "unzip -p packs/worklist.xlsx xl/workbook.xml | grep -q '_xlnm.Print_Area\".*\$A\$1:\$L\$101<'"
expect 'the head in sight' grep -q '<pane [^>]*state="frozen"' sheet.xml
sed 's/<row /\n&/g' sheet.xml | sed -n 's/^<row r="[0-9]*".*<c r="B[0-9]*"[^>]*><is><t>\([^<]*\).*/\1/p' | tail -n +2 >ids
tail -n +2 packs/worklist.csv | cut -d, -f2 >expected
expect_same expected ids
sed 's/<row /\n&/g' sheet.xml | sed -n 's/.*<c r="E[0-9]*" s="[0-9]*"><v>\([^<]*\)<.*/\1/p' |
    awk '{ printf "%.2f\n", $1 }' >amounts
tail -n +2 packs/worklist.csv | cut -d, -f5 >expected
expect_same expected amounts

it 'writes the same bytes again, at another time and in another time zone'
sleep 2
TZ=Asia/Shanghai
export TZ
evidence --queue --budget 100 --fdr 1 --output again --worklist xlsx,csv --key-dir keys --forms json,pdf
unset TZ
expect_same packs/worklist.xlsx again/worklist.xlsx
expect_same packs/worklist.csv again/worklist.csv

it 'runs nothing that stands in an id'
cat >hostile.ndjson <<'END'
{"type":"order","at":"2026-06-01T00:00:00+08:00","order_id":"+1+cmd","buyer_id":"b-x","merchant_id":"m-x","sku_id":"@SUM(1)","category":"c","channel":"shelf","quantity":1,"amount":100}
{"type":"request","at":"2026-06-02T00:00:00+08:00","request_id":"=cmd|' /C calc'!A0","order_id":"+1+cmd","kind":"refund_only","reason":"quality","amount":100,"text":"x"}
END
run "$REBUT" evidence --input events.ndjson --input hostile.ndjson --model model.json --quiet \
    --merchant m-x --output hostile --worklist csv,xlsx
expect_status 0
expect 'an apostrophe before each' grep -q "^1,\"'=cmd|' /C calc'!A0\",m-x,.*,\"'+1+cmd\",\"'@SUM(1)\",pack-" hostile/worklist.csv
unzip -p hostile/worklist.xlsx xl/worksheets/sheet1.xml >sheet.xml
expect 'a string' grep -q "t=\"inlineStr\"><is><t>=cmd|' /C calc'!A0</t>" sheet.xml
expect 'no formula' sh -c "! grep -q '<f>' sheet.xml"

# A limit on the size of files stands for a disk that is full.
it 'leaves no half sheet where there is no room'
run sh -c "trap '' XFSZ; ulimit -f 160; exec '$REBUT' evidence --input events.ndjson --model model.json \
    --quiet --queue --budget 400 --fdr 1 --output full --worklist xlsx"
expect_status 1
expect_err "cannot (make the worklist's sheet|write)"
expect 'packs' sh -c 'ls full/pack-*.json | grep -q .'
expect 'nothing else' sh -c '! ls -A full | grep -q -v "^pack-"'
