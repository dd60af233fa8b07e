#!/bin/sh
# rebut simulate as a user meets it: files that appear whole or not at all, and words.
. "$(dirname "$0")/lib.sh"

small() { "$REBUT" simulate --orders 3000 --days 40 "$@"; }

it 'writes events and truth to files, and nothing to stdout'
run small --output events.ndjson --truth truth.csv
expect_status 0
expect_no_out
expect_no_err
expect '3000 orders' test "$(grep -c '^{"type":"order"' events.ndjson)" = 3000
expect 'the columns of the truth' grep -qx 'request_id,order_id,buyer_id,merchant_id,day,abuse,buyer_kind,merchant_kind,reason,amount,dorm,ring,region,channel,orders_of_buyer,condition,late_hours' truth.csv
expect 'a row for each refund-only request' test "$(grep -c '"kind":"refund_only"' events.ndjson)" = "$(($(wc -l <truth.csv) - 1))"
expect 'no temporary file' test "$(ls -A | wc -l)" = 2

it 'gives the same bytes on stdout, and for the same seed'
run small --seed 1
expect_status 0
expect_same "$OUT" events.ndjson

it 'gives other bytes for another seed and another setting'
run small --seed 2
expect_status 0
expect 'other bytes' sh -c '! cmp -s "$1" events.ndjson' sh "$OUT"
run small --setting attack
expect_status 0
expect 'other bytes' sh -c '! cmp -s "$1" events.ndjson' sh "$OUT"

it 'packs what is called .gz or .zst'
run small --output events.ndjson.gz
expect_status 0
gzip -dc events.ndjson.gz >unpacked
expect_same unpacked events.ndjson
if command -v zstd >/dev/null; then
    run small --output events.ndjson.zst --truth truth.csv.zst
    expect_status 0
    zstd -dcq events.ndjson.zst >unpacked
    expect_same unpacked events.ndjson
    zstd -dcq truth.csv.zst >unpacked
    expect_same unpacked truth.csv
fi

it 'begins when it is told to, whatever the time zone'
run small --start 2026-10-01
expect_status 0
expect 'the first event on 1 October, 8 in the morning' sh -c 'head -n 1 "$1" | grep -q "\"at\":\"2026-10-01T08:"' sh "$OUT"
expect 'the festival of November' grep -q '"campaign":"double11"' "$OUT"

it 'leaves verdicts out on request'
run small --no-verdicts
expect_status 0
expect 'no verdict' sh -c '! grep -q "^{\"type\":\"verdict\"" "$1"' sh "$OUT"
grep -v '^{"type":"verdict"' events.ndjson >silent
expect_same "$OUT" silent

it 'says that the disk is full'
run small --output /dev/full
expect_status 1
expect_err "^rebut simulate: cannot write '/dev/full': No space left on device$"
run small --output packed.gz --truth /dev/full
expect_status 1
expect_err "^rebut simulate: cannot write '/dev/full': No space left on device$"
run sh -c '"$1" simulate --orders 3000 >/dev/full' sh "$REBUT"
expect_status 1
expect_err '^rebut simulate: cannot write standard output: No space left on device$'

it 'leaves the old file, and nothing else, when it cannot write all of the new one'
mkdir old
echo old >old/events.ndjson
run sh -c 'trap "" XFSZ; ulimit -f 64; "$1" simulate --orders 3000 --output old/events.ndjson' sh "$REBUT"
expect_status 1
expect_err "^rebut simulate: cannot write .*old/events.ndjson': File too large$"
expect 'the old file' test "$(cat old/events.ndjson)" = old
expect 'no temporary file' test "$(ls -A old)" = events.ndjson

it 'says that nobody reads any more'
{
    status=0
    "$REBUT" simulate --orders 200000 2>closed || status=$?
    echo $status >status
} | head -n 1 >first
expect 'exit code 1' test "$(cat status)" = 1
expect 'words about the pipe' grep -qx 'rebut simulate: cannot write standard output: Broken pipe' closed
expect 'the first line' grep -q '^{"type":' first

it 'names the folder that is not there'
run small --output nowhere/events.ndjson
expect_status 1
expect_err "^rebut simulate: cannot write 'nowhere/events.ndjson': No such file or directory$"

it 'refuses what it does not understand'
for wrong in '--orders 0' '--orders 1e6' '--orders 1000000001' '--days 0' '--days 3651' \
    '--seed -1' '--setting bas' '--start yesterday' '--speed 3' 'words' '--output' \
    '--truth -'; do
    # shellcheck disable=SC2086
    run "$REBUT" simulate $wrong
    expect_status 2
    expect_no_out
    expect_err "^rebut simulate: .*; see 'rebut simulate --help'$"
done
run small --output one --truth one
expect_status 2
expect_err "^rebut simulate: '--output' and '--truth' must differ"

it 'explains itself'
run "$REBUT" simulate --help
expect_status 0
expect_no_err
for setting in base rare weak rings counterfeit multiply attack; do
    expect_out "$setting"
    small --setting $setting --orders 50 >/dev/null || fail "no setting $setting"
done
