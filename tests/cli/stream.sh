#!/bin/sh
# rebut stream: the scores of the batch, whatever the order, the batches and the stops.
. "$(dirname "$0")/lib.sh"

T=2026-04-20T00:00:00+08:00
"$REBUT" simulate --orders 12000 --days 80 --seed 9 --output events.ndjson --truth truth.csv &&
    "$REBUT" fit --input events.ndjson --as-of $T --output model.json --quiet &&
    "$REBUT" score --input events.ndjson --as-of $T --model model.json --keep night \
        --output night.ndjson --quiet || exit 1
# What comes after the night; its events are in order of time and all of one offset.
awk -F'"' -v t="$T" '{ for (i = 1; i < NF; i++) if ($i == "at") { if ($(i + 2) > t) print; break } }' \
    events.ndjson >day.ndjson

stream() { "$REBUT" stream --model model.json --night night --quiet "$@"; }

# last FILE: the last revision of each request, sorted.
last() {
    sed -E 's/^\{"partition":[0-9]+,"position":\[[0-9]+,[0-9]+\],"revision":[0-9]+,"score":(.*)\}$/\1/' "$1" |
        awk -F'"request_id":"' '{ split($2, id, "\""); line[id[1]] = $0 }
            END { for (i in line) print line[i] }' | sort
}

# disorder SEED SPAN: lines up to SPAN places late, one in twenty of them twice.
disorder() {
    awk -v seed="$1" -v span="$2" 'BEGIN { srand(seed) }
        { printf "%d\t%s\n", NR + int(rand() * span), $0 }
        rand() < .05 { printf "%d\t%s\n", NR + int(rand() * span), $0 }' |
        sort -n -s -k 1,1 | cut -f 2-
}

it 'says what it needs'
run stream --help
expect_status 0
expect_golden score/stream-help.txt
run "$REBUT" stream --model model.json
expect_status 2
expect_err 'expected --model FILE and --night FILE'
run stream --lateness soon
expect_status 2
expect_err "expected --lateness with a unit .*, got 'soon'"
run stream --from outbox
expect_status 2
expect_err 'expected --store with --from outbox or kafka'

it 'gives each request the score that the batch gives it as of its own time, to the byte'
"$REBUT" score --input events.ndjson --night night --model model.json \
    --since 2026-04-20T00:00:01+08:00 --quiet --output batch.ndjson || exit 1
sort batch.ndjson >batch
stream <day.ndjson >scores.ndjson
last scores.ndjson >streamed
expect_same batch streamed
expect 'a hundred at least' test "$(wc -l <batch)" -ge 100
expect 'each once' test "$(wc -l <scores.ndjson)" = "$(wc -l <batch)"

it 'says of the last request that a night knew what the night said itself'
request=$(tail -n 1 batch.ndjson | sed -E 's/.*"request_id":"([^"]*)".*/\1/')
asked=$(tail -n 1 batch.ndjson | sed -E 's/.*"requested_at":"([^"]*)".*/\1/')
"$REBUT" score --input events.ndjson --as-of "$asked" --model model.json --keep then --quiet \
    --output then.ndjson || exit 1
"$REBUT" score --input events.ndjson --as-of "$asked" --night then --model model.json --quiet \
    --since "$asked" --output back.ndjson || exit 1
grep "\"request_id\":\"$request\"" then.ndjson >then-line
grep "\"request_id\":\"$request\"" back.ndjson >back-line
expect_same then-line back-line
expect 'it is there' test -s then-line

for seed in 1 2 3; do
    it "ends at the same scores with events in disorder and some twice ($seed)"
    disorder $seed 120 <day.ndjson >mixed.ndjson
    stream <mixed.ndjson >mixed-scores.ndjson
    last mixed-scores.ndjson >mixed
    expect_same batch mixed
    expect 'and had to revise some' grep -q '"revision":[1-9]' mixed-scores.ndjson
done

it 'revises less when it waits'
stream --wait 12h <mixed.ndjson >waited.ndjson
last waited.ndjson >mixed
expect_same batch mixed
expect 'fewer' test "$(wc -l <waited.ndjson)" -lt "$(wc -l <mixed-scores.ndjson)"

it 'gives what it holds back when nothing comes any more'
mkfifo quiet
asked=$(grep -n '"refund_only"' day.ndjson | head -n 1 | cut -d: -f 1)
"$REBUT" stream --model model.json --night night --quiet --wait 12h --idle 1s <quiet >held.ndjson &
pid=$!
exec 3>quiet
head -n "$asked" day.ndjson >&3
tries=0
while [ ! -s held.ndjson ] && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
expect 'there it is, though the wait is not over' test "$(wc -l <held.ndjson)" = 1
tail -n "+$((asked + 1))" day.ndjson >&3
exec 3>&-
wait $pid
last held.ndjson >mixed
expect_same batch mixed

it 'puts aside what it cannot use, says why, and goes on'
{
    head -n 50 day.ndjson
    echo 'not json'
    echo '{"type":"request","at":"2026-04-21T00:00:00Z","request_id":"rx","order_id":"nobody","kind":"refund_only","reason":"other","amount":100}'
    echo '{"type":"shipment","at":"2020-01-01T00:00:00Z","order_id":"o000000001","carrier":"x"}'
    tail -n +51 day.ndjson
} >spoilt.ndjson
stream --dead-letters dead.ndjson <spoilt.ndjson >spoilt-scores.ndjson
last spoilt-scores.ndjson >mixed
expect_same batch mixed
expect 'three' test "$(wc -l <dead.ndjson)" = 3
expect 'no JSON' grep -q '"line":51,"reason":"not_json"' dead.ndjson
expect 'an orphan' grep -q '"line":52,"reason":"orphan"' dead.ndjson
expect 'too late' grep -q '"line":53,"reason":"too_late"' dead.ndjson

it 'brings dead letters back'
run "$REBUT" replay --dead-letters dead.ndjson --reason orphan
expect_status 0
expect_out '"request_id":"rx"'
expect 'that one' test "$(wc -l <"$OUT")" = 1
expect_err '1 sent once more, 0 cut short, 2 others'
run "$REBUT" replay --dead-letters dead.ndjson --to outbox
expect_status 2
run "$REBUT" replay --help
expect_golden score/replay-help.txt

it 'answers before the next line comes'
mkfifo in
stream <in >answered.ndjson &
exec 3>in
asked=$(grep -n '"refund_only"' day.ndjson | head -n 1 | cut -d: -f 1)
head -n "$asked" day.ndjson >&3
tries=0
while [ ! -s answered.ndjson ] && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
expect 'there it is' test "$(wc -l <answered.ndjson)" = 1
exec 3>&-
wait

it 'finishes and exits 0 when it is told to stop'
"$REBUT" stream --model model.json --night night --quiet <in >stopped.ndjson &
pid=$!
exec 3>in
head -n "$asked" day.ndjson >&3
tries=0
while [ ! -s stopped.ndjson ] && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
kill -TERM $pid
wait $pid 2>/dev/null
expect 'exit 0' test $? = 0
exec 3>&-

it 'goes on after a kill from what it has kept, and from the one before when that is damaged'
half=$(($(wc -l <day.ndjson) / 2))
mkdir live
head -n $((half / 2)) day.ndjson | stream --state live >first.ndjson
expect 'it is kept' test -s live/partition-00000
head -n $half day.ndjson | tail -n +$((half / 2 + 1)) | stream --state live >second.ndjson
expect 'and the one before' test -s live/partition-00000.1
"$REBUT" stream --model model.json --night night --quiet --state live <in >killed.ndjson &
pid=$!
exec 3>in
tail -n +$((half + 1)) day.ndjson | head -n 3000 >&3
kill -KILL $pid
wait $pid 2>/dev/null
exec 3>&-
tail -n +$((half + 1)) day.ndjson | stream --state live >third.ndjson
cat first.ndjson second.ndjson third.ndjson >all.ndjson
last all.ndjson >mixed
expect_same batch mixed
truncate -s -100 live/partition-00000
"$REBUT" stream --model model.json --night night --state live <day.ndjson >fourth.ndjson 2>log
expect 'it says so' grep -q '"event":"snapshot_fell_back"' log
cat all.ndjson fourth.ndjson >five.ndjson
last five.ndjson >mixed
expect_same batch mixed

it 'takes up another night when it is told to, and keeps the old one when that is no good'
cp night changing
rm -f log
"$REBUT" stream --model model.json --night changing <in >answered.ndjson 2>log &
pid=$!
exec 3>in
tries=0
while ! grep -q partition_taken log && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
echo nonsense >changing
kill -HUP $pid
tries=0
while ! grep -q night_not_taken_up log && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
expect 'it says why' grep -q 'night_not_taken_up.*changing' log
cp then changing
kill -HUP $pid
tries=0
while [ "$(grep -c '"event":"night"' log)" != 2 ] && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
expect 'and takes the next' test "$(grep -c '"event":"night"' log)" = 2
exec 3>&-
wait $pid 2>/dev/null
expect 'exit 0' test $? = 0

it 'goes on without a snapshot when there is no room for one'
mkdir full
if ! mount -t tmpfs -o size=16k tmpfs full 2>/dev/null; then
    skip 'a full disk needs a mount'
else
    "$REBUT" stream --model model.json --night night --state full <day.ndjson >without.ndjson 2>log
    code=$?
    umount full
    expect 'exit 0' test $code = 0
    last without.ndjson >mixed
    expect_same batch mixed
    expect 'it says so' grep -q '"event":"snapshot_failed"' log
fi

it 'shows how it is on an address, without an id'
rm -f log
"$REBUT" stream --model model.json --night night --listen 127.0.0.1:0 <in >answered.ndjson 2>log &
pid=$!
exec 3>in
cat spoilt.ndjson >&3
tries=0
while [ "$(wc -l <answered.ndjson)" != "$(wc -l <batch)" ] && [ $tries -lt 600 ]; do sleep .1 && tries=$((tries + 1)); done
address=$(sed -n 's/.*"event":"listening","address":"\([^"]*\)".*/\1/p' log)
sleep 1
for page in healthz readyz metrics; do curl -s "$address/$page" >"$page"; done
exec 3>&-
wait $pid
expect 'healthy' grep -q '"ok"' healthz
expect 'ready' grep -q '"ok"' readyz
expect 'messages' grep -q "^rebut_stream_messages_total $(wc -l <spoilt.ndjson)$" metrics
expect 'refusals by reason' grep -q '^rebut_stream_refused_total{reason="not_json"} 1$' metrics
expect 'too late' grep -q '^rebut_stream_events_total{became="too_late"} 1$' metrics
expect 'scores' grep -q "^rebut_stream_scores_total{kind=\"first\"} $(wc -l <batch)$" metrics
expect 'all in the histogram' grep -q "^rebut_stream_score_seconds_count $(wc -l <batch)$" metrics
expect 'its end' test "$(tail -n 1 metrics)" = '# EOF'
expect 'no id in it or in the log' sh -c '! grep -Ewq "[bor][0-9]{8,10}" metrics log'
