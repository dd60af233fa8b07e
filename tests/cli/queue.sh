#!/bin/sh
# The queue for reviewers, the terms for other learners, and verdicts that come back.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" fit --input events.ndjson --output model.json --quiet || exit 1

for command in queue terms; do
    it "explains $command"
    run "$REBUT" "$command" --help
    expect_status 0
    expect_golden "queue/$command-help.txt"
done

it 'refuses shares, budgets and groups that are none'
run "$REBUT" queue --input events.ndjson --fdr 1.5
expect_status 2
expect_err "expected --fdr from 0 to 1, got '1.5'"
run "$REBUT" queue --input events.ndjson --random nan
expect_status 2
run "$REBUT" queue --input events.ndjson --budget -3
expect_status 2
expect_err "expected --budget with a whole number"
run "$REBUT" queue --input events.ndjson --even all
expect_status 2
expect_err "expected --even none, record, merchant or both, got 'all'"

it 'fills the slots, ranked and random, and says what is expected of them'
run "$REBUT" queue --input events.ndjson --model model.json --budget 16 --random 0.25 \
    --since 2026-05-01
expect_status 0
cp "$OUT" queue.ndjson
expect 'sixteen slots' test "$(wc -l <queue.ndjson)" = 16
expect 'four at random' test "$(grep -c '"selection":"random"' queue.ndjson)" = 4
expect_err '16 slots: 12 ranked, 4 drawn at random'
sed 's/.*"request_id":"\([^"]*\)".*/\1/' queue.ndjson | sort >ids
sort -u ids >once
expect_same ids once

it 'gives the same queue again, and another draw for another seed'
run "$REBUT" queue --input events.ndjson --model model.json --budget 16 --random 0.25 \
    --since 2026-05-01 --quiet
expect_same "$OUT" queue.ndjson
run "$REBUT" queue --input events.ndjson --model model.json --budget 16 --random 0.25 \
    --since 2026-05-01 --quiet --seed 99
expect 'another draw' sh -c "! cmp -s '$OUT' queue.ndjson"

it 'has nothing that was judged: verdicts on the queue empty it'
sed 's/.*"selection":"\([a-z]*\)","propensity":\([^,]*\),.*"request_id":"\([^"]*\)".*/{"type":"verdict","at":"2026-06-30T00:00:00+08:00","request_id":"\3","verdict":"legitimate","by":"anna","selection":"\1","propensity":\2}/' \
    queue.ndjson >verdicts.ndjson
run "$REBUT" queue --input events.ndjson --input verdicts.ndjson --model model.json \
    --budget 20 --since 2026-05-01 --quiet
expect_status 0
sed 's/.*"request_id":"\([^"]*\)".*/\1/' "$OUT" | sort >next
expect 'no request twice' test -z "$(comm -12 ids next)"

it 'writes a row a request with its terms, and a verdict where there is one'
run "$REBUT" terms --input events.ndjson --model model.json --quiet
expect_status 0
expect_out '^request_id,requested_at,verdict,selection,circumstances,merchant,'
expect 'a row a request' test "$(tail -n +2 "$OUT" | wc -l)" = \
    "$(grep -c '"kind":"refund_only"' events.ndjson)"
expect 'some verdicts' grep -q ',abuse,random,' "$OUT"
expect 'no buyer' sh -c "! grep -q ',b[0-9]\{6\}' '$OUT'"

it 'learns from verdicts what the model file then carries'
expect 'a top layer' grep -q '"top":{"bins"' model.json
expect 'judged requests' grep -Eq '"judged":\{"appeal":[1-9]' model.json
run "$REBUT" score --input events.ndjson --quiet
cp "$OUT" fitted
run "$REBUT" score --input events.ndjson --model model.json --quiet
expect_same "$OUT" fitted

it 'names a challenger so that it is not taken for the model in use'
run "$REBUT" fit --input events.ndjson --challenger
expect_status 0
expect 'a challenger' sh -c 'ls challenger-*.json >/dev/null'
expect 'no other name' sh -c '! ls model-*.json 2>/dev/null'
expect_same "$(ls challenger-*.json)" model.json
