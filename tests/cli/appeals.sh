#!/bin/sh
# What became of appeals: the account, what it teaches, and deadlines in packs.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv &&
    "$REBUT" fit --input events.ndjson --output model.json --quiet &&
    "$REBUT" score --input events.ndjson --model model.json --output ranked.ndjson --quiet || exit 1

# 60 decided appeals, every fourth lost; one that is open, one that expired.
sed -n 's/.*"request_id":"\([^"]*\)".*/\1/p' ranked.ndjson | head -62 >ids
awk '
    function entry(id, status, day, more) {
        printf "{\"request_id\":\"%s\",\"status\":\"%s\",\"at\":\"2026-01-%02dT09:00:00+08:00\"%s}\n", id, status, day, more
    }
    NR == 61 { entry($0, "opened", 4, ",\"amount\":2990,\"expires_at\":\"2099-01-01T00:00:00+08:00\""); next }
    NR == 62 { entry($0, "opened", 4, ""); entry($0, "expired", 9, ""); next }
    { entry($0, "opened", 4, ",\"amount\":1000,\"platform\":\"pinduoduo\",\"reason\":\"消费者反馈未收到商品\"")
      entry($0, "submitted", 5, "")
      entry($0, NR % 4 ? "won" : "lost", 6, NR % 4 ? ",\"recovered\":1000" : "") }' ids >appeals.ndjson
open=$(sed -n 61p ids)

it 'prints the account as ever, in both languages and as JSON'
for lang in zh en; do
    run "$REBUT" appeals --appeals appeals.ndjson --input events.ndjson --model model.json --quiet --lang "$lang"
    expect_status 0
    expect_golden "evidence/appeals-$lang.txt" "$OUT"
done
run "$REBUT" appeals --appeals appeals.ndjson --input events.ndjson --model model.json --quiet --json
expect_status 0
expect_golden evidence/appeals.json "$OUT"

it 'takes entries in any order, and knows nothing later than the as-of time'
sort -r appeals.ndjson >turned.ndjson
run "$REBUT" appeals --appeals turned.ndjson --input events.ndjson --model model.json --quiet --json
expect_golden evidence/appeals.json "$OUT"
run "$REBUT" appeals --appeals appeals.ndjson --as-of 2026-01-05T00:00:00+08:00 --json
expect_status 0
expect 'none decided' grep -q '"won":{"count":0' "$OUT"

it 'learns nothing without scores, and says so'
run "$REBUT" appeals --appeals appeals.ndjson --lang en
expect_status 0
expect 'assumed' grep -q 'Assumed: it is P(abuse)' "$OUT"

it 'gives a pack its deadline, and the worklist the probability of success'
run "$REBUT" evidence --input events.ndjson --model model.json --quiet --request "$open" --request "$(head -1 ids)" \
    --appeals appeals.ndjson --worklist csv --output packs
expect_status 0
expect 'one deadline' test "$(grep -l '"expires_us":[0-9]' packs/pack-*.json | wc -l)" = 1
expect 'a deadline in the list' grep -q '2099-01-01' packs/worklist.csv
expect 'a probability learned' sh -c "tail -n +2 packs/worklist.csv | cut -d, -f19 | grep -vq 未知"

it 'refuses what contradicts itself, and names the line'
printf '%s\n' '{"request_id":"r1","status":"won","at":"2026-01-05T00:00:00+08:00"}' >bad.ndjson
run "$REBUT" appeals --appeals bad.ndjson
expect_status 3
expect_err 'line 1'
run "$REBUT" appeals --appeals none.ndjson
expect_err "none.ndjson"
run "$REBUT" appeals
expect_status 2
