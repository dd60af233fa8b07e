#!/bin/sh
# The page of a pack: whole, by itself, and safe.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 6000 --seed 4 --output plain.ndjson --truth truth.csv &&
    sed 's/"text":"/"text":"<script>alert(1)<\/script>\\u202e=cmd|'"'"' \& /; s/"sku_id":"/"sku_id":"<b>x<\/b>/g' \
        plain.ndjson >events.ndjson && "$REBUT" keygen --key-dir keys 2>/dev/null >/dev/null || exit 1

it 'writes a page beside each pack, in the language asked for'
for lang in zh en; do
    run "$REBUT" evidence --input events.ndjson --queue --budget 25 --forms json,html \
        --key-dir keys --lang $lang --output $lang --quiet
    expect_status 0
    expect 'as many pages as packs' test "$(ls $lang/*.html | wc -l)" = "$(ls $lang/pack-*.json | wc -l)"
    run "$REBUT" verify $lang --keys keys
    expect_status 0
done
expect 'Chinese' grep -q '<html lang="zh-CN">' zh/*.html
expect 'English' grep -q '<html lang="en">' en/*.html

it 'shows markup as text, runs nothing and asks for nothing'
expect 'no script' sh -c '! grep -liE "<script|<iframe|<img|javascript:|onerror=|http://|https://" zh/*.html en/*.html'
expect 'the text is there' grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' zh/*.html
expect 'no bold from an item' sh -c '! grep -l "<b>x" zh/*.html'
expect 'what turns the writing is named' grep -q 'U+202E' zh/*.html
expect 'no raw override' sh -c '! grep -l "$(printf "\342\200\256")" zh/*.html'

it 'names no account, device, address, payment or other shop'
grep -o '"\(buyer\|device\|address\|payment\)_id":"[^"]*"' events.ndjson | cut -d'"' -f4 | sort -u >ids
expect 'no id of the input' sh -c '! cat zh/*.html en/*.html | grep -qFf ids'

it 'has every tag closed'
for page in zh/*.html; do
    for tag in table tbody tr td th ul li bdi svg div main h2 h3; do
        opened=$(grep -oE "<$tag[ >]" "$page" | wc -l)
        closed=$(grep -oF "</$tag>" "$page" | wc -l)
        [ "$opened" = "$closed" ] || fail "$page: $opened <$tag>, $closed </$tag>"
    done
done

it 'writes the same bytes again'
run "$REBUT" evidence --input events.ndjson --queue --budget 25 --forms json,html \
    --key-dir keys --output again --quiet
expect_status 0
expect 'the same folder' diff -r zh again
