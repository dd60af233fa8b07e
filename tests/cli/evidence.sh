#!/bin/sh
# Evidence packs: what is in them, what never is, and every number again.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" fit --input events.ndjson --output model.json --quiet || exit 1
"$REBUT" keygen --key-dir keys >keygen.out 2>&1 || exit 1
printf '%064d\n' 7 >keys/buyers.key
merchant=$(sed -n 's/.*"merchant_id":"\([^"]*\)".*/\1/p' events.ndjson | sort | uniq -c | sort -rn |
    awk 'NR == 1 { print $2 }')

# evidence ARGUMENT...: with the events, the model and the keys.
evidence() {
    run "$REBUT" evidence --input events.ndjson --model model.json --key-dir keys --quiet "$@"
}

for command in evidence recompute; do
    it "explains $command"
    run "$REBUT" "$command" --help
    expect_status 0
    expect_golden "evidence/$command-help.txt"
done

it 'refuses a line that says nothing, or too much'
evidence --output packs
expect_status 2
expect_err 'expected one of --request, --merchant and --queue'
evidence --output packs --queue --merchant m1
expect_status 2
evidence --queue
expect_status 2
expect_err 'expected --output DIR'
evidence --output packs --queue --forms json,doc
expect_status 2
expect_err "expected --forms of json, html, pdf or txt, got 'doc'"
evidence --output packs --queue --retain 0
expect_status 2
run "$REBUT" evidence --input events.ndjson --queue --output packs --previous model.json
expect_status 2
run "$REBUT" recompute
expect_status 2
evidence --output packs --request r-none
expect_status 3
expect_err "no request 'r-none'"
evidence --output packs --merchant m-none
expect_status 3
expect 'nothing written' test ! -e packs

it 'writes a pack for each request, once, and names no file after anybody'
evidence --output one --request r00000001 --request r00000002 --request r00000001
expect_status 0
expect_no_out
expect 'two packs' test "$(find one -name 'pack-*.json' | wc -l)" = 2
expect 'names of digits' sh -c '! ls one | grep -v "^pack-[0-9a-f]\{32\}\.json$" | grep -qv "^manifest\.[a-z]*$"'
run "$REBUT" verify one --keys keys/public.json --lang en
expect_status 0

it 'writes the same pack as ever, in both editions'
evidence --output exact --request r00000001 --request r00000002 --edition platform
expect_status 0
for pack in one/pack-*.json; do
    grep -q '"request_id":"r00000001"' "$pack" || continue
    expect_golden evidence/pack-shop.json "$pack"
    expect_golden evidence/pack.json "exact/$(basename "$pack")"
done
evidence --output packs --queue --edition court
expect_status 2
expect_err "expected --edition shop or platform, got 'court'"

it 'gives a shop the rounded edition, with the hash of the exact one as b2sum has it'
for pack in one/pack-*.json; do
    expect 'a shop edition' grep -q '"edition":"shop"' "$pack"
    hash=$(b2sum <"exact/$(basename "$pack")" | cut -d' ' -f1)
    expect 'the hash' grep -q "\"exact\":\"$hash\"" "$pack"
done
pack=$(basename "$(ls one/pack-*.json | head -n 1)")
other=$(basename "$(ls one/pack-*.json | tail -n 1)")
run "$REBUT" verify one --keys keys --lang en --exact exact
expect_status 0
expect_out 'exact edition: 2 packs checked, 0 do not fit'
run "$REBUT" verify "one/$pack" --keys keys --lang en --exact "exact/$pack" --json
expect_status 0
expect_out '"exact":\{"checked":1,"wrong":0\}'
run "$REBUT" verify "one/$pack" --keys keys --lang en --exact "exact/$other"
expect_status 1
expect_out 'carries the hash of another exact edition'
run "$REBUT" verify one --keys keys --lang en --exact one
expect_status 1
expect_out 'no platform.s edition'
run "$REBUT" verify one --keys keys --lang en --exact nowhere
expect_status 1
expect_out "cannot open 'nowhere'|cannot open 'nowhere/|nowhere"
run "$REBUT" recompute --quiet exact/pack-*.json one/pack-*.json
expect_status 0

it 'gives the same bytes again, over what was there, and from events in another order'
cp -r one before
evidence --output one --request r00000001 --request r00000002
expect_status 0
expect_same_folders() {
    diff -r "$1" "$2" >diff.out 2>&1 || fail "'$1' and '$2' differ: $(head -n 3 diff.out)"
}
expect_same_folders before one
sort events.ndjson >sorted.ndjson
run "$REBUT" evidence --input sorted.ndjson --model model.json --key-dir keys --quiet \
    --output other --request r00000002 --request r00000001
expect_status 0
for pack in one/pack-*.json; do
    expect_same "$pack" "other/$(basename "$pack")"
done

it 'writes those of a merchant since a time, and those of a queue'
evidence --output shop --merchant "$merchant" --since 2026-05-01
expect_status 0
expect 'only this shop' sh -c "! grep -L '\"merchant_id\":\"$merchant\"' shop/pack-*.json | grep -q ."
evidence --output all --merchant "$merchant"
expect 'more of all times' test "$(find all -name 'pack-*' | wc -l)" -gt "$(find shop -name 'pack-*' | wc -l)"
evidence --output queue --queue --budget 400 --fdr 1
expect_status 0
cp "$ERR" queue.err
expect 'four hundred' test "$(find queue -name 'pack-*.json' | wc -l)" = 400
run "$REBUT" queue --input events.ndjson --model model.json --budget 400 --fdr 1 --quiet
sed 's/.*"request_id":"\([^"]*\)".*/\1/' "$OUT" | sort >ids
sed 's/.*"request_id":"\([^"]*\)".*/\1/' queue/pack-*.json | sort >packed
expect_same ids packed

it 'warns where the shop itself explains the requests, and so does the pack'
grep -l '"explains":true' queue/pack-*.json | wc -l >explained
grep -c '店铺自身的记录可以解释此类请求' queue.err >warned
expect 'some of them' test "$(cat warned)" -gt 0
expect 'a warning each' test "$(cat explained)" -eq "$(cat warned)"
evidence --output english --queue --budget 400 --fdr 1 --lang en
expect_err "the shop's own record explains such requests"

it 'names no buyer, device, address, payment account or other shop'
LC_ALL=C
export LC_ALL
for field in buyer_id device_id address_id payment_id host_id; do
    sed -n "s/.*\"$field\":\"\([^\"]*\)\".*/\1/p" events.ndjson
done | sort -u >somebody
expect 'thousands of names' test "$(wc -l <somebody)" -gt 5000
grep -r -w -h -o -F -f somebody queue all one >found
expect 'none of them' test ! -s found
sed -n 's/.*"merchant_id":"\([^"]*\)".*/\1/p' events.ndjson | sort -u >shops
for shop in $(sed 's/.*"merchant_id":"\([^"]*\)".*/\1/' queue/pack-*.json | sort -u); do
    grep -v -x "$shop" shops >others
    grep -l "\"merchant_id\":\"$shop\"" queue/pack-*.json |
        xargs grep -w -h -o -F -f others >>strangers
done
expect 'no other shop' test ! -s strangers
expect 'the search to find what is there' grep -q -w -F -f shops queue/pack-*.json
LC_ALL=C.UTF-8
export LC_ALL

it 'gives a buyer another name at every shop'
sed 's/.*"pseudonym":"\([^"]*\)".*"merchant_id":"\([^"]*\)".*/\1 \2/' queue/pack-*.json | sort -u >names
expect 'no name at two shops' test -z "$(cut -d' ' -f1 names | uniq -d)"
run "$REBUT" evidence --input events.ndjson --model model.json --quiet --queue --output nameless
expect_status 0
expect 'none without a key' sh -c '! grep -L "\"pseudonym\":null" nameless/*.json | grep -q .'
expect 'and no manifest' test ! -e nameless/manifest.json

it 'makes every number of 400 packs again'
run "$REBUT" recompute --quiet queue/pack-*.json
expect_status 0
expect 'all of them' test "$(grep -c ': all [0-9]* figures agree$' "$OUT")" = 400
expect 'nothing else' test "$(wc -l <"$OUT")" = 400

# change NAME: the last digit of that member's first value in a copy of a pack, and never
# to a 0, which would be spelled otherwise.
pack=$(ls queue/pack-*.json | head -n 1)
change() {
    awk -v name="\"$1\":\"" '{
        at = index($0, name) + length(name)
        size = index(substr($0, at), "\"") - 1
        digit = substr($0, at + size - 1, 1)
        print substr($0, 1, at + size - 2) (digit == 5 ? 4 : (digit + 5) % 10) substr($0, at + size)
    }' "$pack" >changed.json
}
it 'names the number that was changed'
for name in probability expected_recovery_fen log_odds ratio; do
    change "$name"
    run "$REBUT" recompute --quiet changed.json
    expect_status 1
    expect_out "^DIFFERS  [a-z_.0-9]*(\[[0-9]+\]\.)?$name  stated .* recomputed "
    expect_out "^changed.json: [0-9]+ of [0-9]+ figures differ, the first is "
done
change probability
run "$REBUT" verify queue --keys keys/public.json
expect_status 0
cp changed.json "$pack"
run "$REBUT" verify queue --keys keys/public.json
expect 'verify to notice too' test "$status" != 0

it 'refuses what is no pack'
run "$REBUT" recompute events.ndjson
expect_status 3
run "$REBUT" recompute nowhere.json
expect_status 3
expect_err "cannot open 'nowhere.json'"
sed 's/"seal":null,//' changed.json >unsealed.json
run "$REBUT" recompute unsealed.json
expect_status 3
expect_err "'seal': missing"

it 'keeps hostile words as words'
long=$(head -c 12000 /dev/zero | tr '\0' 'x')
cat >hostile.ndjson <<END
{"type":"order","at":"2026-06-01T00:00:00+08:00","order_id":"o<b>1","buyer_id":"<script>","merchant_id":"m'\"&1","sku_id":"=cmd|'/c calc'!A1","category":"<img src=x onerror=alert(1)>","channel":"shelf","quantity":1,"amount":100,"device_id":"13900000000"}
{"type":"shipment","at":"2026-06-01T10:00:00+08:00","order_id":"o<b>1","carrier":"\u202egnp.exe\u0007"}
{"type":"request","at":"2026-06-02T00:00:00+08:00","request_id":"r</script>1","order_id":"o<b>1","kind":"refund_only","reason":"quality","amount":100,"text":"</script><script>alert(1)</script>\u202e\u0000\u001b[31m\\\\ \"$long\" 13900000000 <script>"}
{"type":"request","at":"2026-06-02T00:00:01+08:00","request_id":"r</script>2","order_id":"o<b>1","kind":"refund_only","reason":"quality","amount":100,"text":"</script><script>alert(1)</script>\u202e\u001b[31m\\\\ \"$long\" 13900000000 "}
END
run "$REBUT" evidence --input events.ndjson --input hostile.ndjson --model model.json --quiet \
    --request 'r</script>2' --output hostile --key-dir keys
expect_status 0
expect 'no byte that a terminal obeys' sh -c "! LC_ALL=C tr -d '\n' <\$(ls hostile/pack-*.json) | LC_ALL=C grep -q '[[:cntrl:]]'"
expect 'the words as they came' grep -q '"quote":"</script><script>alert(1)</script>.*xxxx' hostile/pack-*.json
expect 'but for the number' sh -c '! grep -q 13900000000 hostile/*'
expect 'which has a stand-in' grep -q 'x\\" \[\*\*\*\] "' hostile/pack-*.json
run "$REBUT" recompute --quiet hostile/pack-*.json
expect_status 0
run "$REBUT" verify hostile --keys keys/public.json
expect_status 0

it 'fails where it cannot write'
evidence --output events.ndjson/packs --queue
expect_status 1
run sh -c "'$REBUT' recompute one/pack-*.json >/dev/full"
expect_status 1

it 'names the prices, not the carrier, where a fall in price is what was claimed'
sed -n 's/.*"request_id":"\([^"]*\)".*"kind":"refund_only".*"reason":"price_drop".*/\1/p' events.ndjson | head -5 >drops
expect 'some' test -s drops
evidence $(sed 's/^/--request /' drops) --output drops.d
expect_status 0
expect 'prices in each' test "$(grep -l '"mark":"reason_logistics","sentence":{[^}]*},"source":"prices"' drops.d/pack-*.json | wc -l)" = "$(wc -l <drops)"
