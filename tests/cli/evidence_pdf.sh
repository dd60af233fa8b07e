#!/bin/sh
# The printed form of a pack: searchable, in both languages, the same bytes again.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 6000 --seed 4 --output plain.ndjson --truth truth.csv &&
    sed 's/"text":"/"text":"<b>\\u202e=cmd|'"'"' \& /' plain.ndjson >events.ndjson || exit 1

it 'writes a document beside each pack'
run "$REBUT" evidence --input events.ndjson --queue --budget 10 --forms json,pdf --output zh --quiet
expect_status 0
expect 'as many as packs' test "$(ls zh/*.pdf | wc -l)" = "$(ls zh/pack-*.json | wc -l)"
run "$REBUT" evidence --input events.ndjson --queue --budget 10 --forms pdf --lang en --output en --quiet
expect_status 0

it 'can be searched, and says that a person decides'
for page in zh/*.pdf; do
    pdftotext "$page" text
    expect 'the notice' grep -q '不是法律认定' text
    expect "the shop's own record" grep -q '店铺自身的记录' text
done
pdftotext "$(ls en/*.pdf | head -1)" text
expect 'English' grep -q 'a person decides' text

it 'begins the claims on the first sheet, and keeps the notice on one'
for page in zh/*.pdf; do
    pdftotext -f 1 -l 1 "$page" text
    expect "section 3 on sheet 1 of $page" grep -q '买家的说法与记录' text
    pdftotext "$page" text # a form feed ends each sheet
    expect "one sheet of $page" awk 'BEGIN { RS = "\f" }
        /本材料保存至/ { kept = NR } /版本：程序/ { versions = NR }
        /8 +说明/ { head = NR } END { exit !(kept && kept == versions && kept == head) }' text
done

it 'says that it is tagged, from the first page to the last'
for page in zh/*.pdf; do
    pdfinfo "$page" >info
    expect 'tagged' grep -q '^Tagged: *yes' info
done

it 'names no account, device, address, payment or other shop'
grep -o '"\(buyer\|device\|address\|payment\)_id":"[^"]*"' events.ndjson | cut -d'"' -f4 | sort -u >ids
for page in zh/*.pdf; do
    pdftotext "$page" text
    expect 'no id of the input' sh -c '! grep -qFf ids text'
done

it 'writes the same bytes again'
run "$REBUT" evidence --input events.ndjson --queue --budget 10 --forms json,pdf --output again --quiet
expect_status 0
expect 'the same folder' diff -r zh again
