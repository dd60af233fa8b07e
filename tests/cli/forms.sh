#!/bin/sh
# What platforms' forms take, and the text for one.
. "$(dirname "$0")/lib.sh"

it 'explains itself'
run "$REBUT" forms --help
expect_status 0
expect_golden forms/help.txt

it 'lists the forms in Chinese and in English'
run "$REBUT" forms
expect_status 0
expect_golden forms/all-zh.txt
run "$REBUT" forms --lang en
expect_status 0
expect_golden forms/all-en.txt

it 'prints what nobody knows as unknown'
run "$REBUT" forms jd --lang en
expect_status 0
expect 'no figure at all' sh -c '! grep -q "[0-9]" "$0"' "$OUT"

it 'writes a file that it reads again'
run "$REBUT" forms --json pinduoduo-after-sale
expect_status 0
cp "$OUT" own.json
run "$REBUT" forms --json own.json
expect_status 0
expect_same "$OUT" own.json

it 'names what is wrong in a file, and where'
sed 's/"value":300/"value":"300"/' own.json >bad.json
run "$REBUT" forms bad.json
expect_status 3
expect_err "'bad.json': text_limit.value: expected null or a whole number"
expect_no_out
run "$REBUT" forms nobody
expect_status 2
expect_err "no form 'nobody'"

"$REBUT" simulate --orders 6000 --seed 4 --output events.ndjson --truth truth.csv 2>/dev/null &&
    "$REBUT" keygen --key-dir keys >/dev/null 2>/dev/null || exit 1

it 'writes a text beside each pack, within the limit and signed'
run "$REBUT" evidence --input events.ndjson --queue --budget 40 --forms json,txt \
    --form pinduoduo-after-sale --key-dir keys --output packs --quiet
expect_status 0
expect 'as many texts as packs' test "$(ls packs/*.txt | wc -l)" = "$(ls packs/pack-*.json | wc -l)"
for file in packs/*.txt; do
    text=$(sed '1,/^----$/d' "$file")
    [ "$(printf %s "$text" | wc -m)" -le 300 ] || fail "$file: over 300"
    grep -q "^字数：$(printf %s "$text" | wc -m)，上限 300$" "$file" || fail "$file: another length is said"
done
run "$REBUT" verify packs --keys keys
expect_status 0

it 'holds no id and no accusation'
grep -oE '"(buyer|device|address|payment|order|request|merchant|sku)_id":"[^"]*"' events.ndjson |
    cut -d'"' -f4 | sort -u >ids
expect 'no id of the input' sh -c '! cat packs/*.txt | grep -qwFf ids'
expect 'no accusation' sh -c '! grep -lE "恶意|骗子|100%|保证" packs/*.txt'

it 'says that a limit is unknown, and takes a form from a file'
run "$REBUT" evidence --input events.ndjson --queue --budget 5 --forms txt --form jd \
    --output jd --quiet
expect_status 0
expect 'unknown' grep -q '上限未知' jd/*.txt
run "$REBUT" evidence --input events.ndjson --queue --budget 40 --forms json,txt \
    --form own.json --key-dir keys --output again --quiet
expect_status 0
for file in packs/*.txt; do
    expect_same "$file" "again/$(basename "$file")"
done

it 'wants a form with the text, and the text with a form'
run "$REBUT" evidence --input events.ndjson --queue --forms txt --output none
expect_status 2
expect_err 'expected --form NAME'
run "$REBUT" evidence --input events.ndjson --queue --form jd --output none
expect_status 2

it 'finds reasons on a simulated platform that packs prove, and says whose the picture was'
"$REBUT" simulate --orders 30000 --seed 7 --output platform.ndjson --truth truth.csv
run "$REBUT" evidence --input platform.ndjson --queue --budget 300 --forms json,txt \
    --form pinduoduo-after-sale --output proven --quiet
expect_status 0
expect 'signed for' grep -lq '^申诉理由：消费者反馈未收到商品，但实际已签收' proven/*.txt
expect 'the same picture' grep -lq '^申诉理由：消费者提供凭证与其他售后订单相同' proven/*.txt
expect 'of the buyer itself' grep -lq '更早见于该买家另一订单的售后申请' proven/*.txt
for file in $(grep -l '^申诉理由：消费者反馈未收到商品，但实际已签收' proven/*.txt); do
    grep -q '"kind":"signed","more":\({"en":"self"\|null\)' "${file%.txt}.json" || fail "$file: who signed?"
done
for file in $(grep -l '^申诉理由：消费者提供凭证与其他售后订单相同' proven/*.txt); do
    grep -q '"where":"\(other_buyer\|same_buyer\)"' "${file%.txt}.json" || fail "$file: which picture?"
done
