#!/bin/sh
# rebut stream over Kafka: the scores of the batch, to the byte, with one, two, three and
# five workers that come and go and are killed.  STREAM_KILLS=100 for more (default 6).
. "$(dirname "$0")/lib.sh"
new_broker
new_database
new_login engine rebut_engine
. "$TOP/tests/support/stream.sh"
make_world
look_back night model.json $AFTER expected
printf '%s\n' "bootstrap.servers=$KAFKA" session.timeout.ms=1500 heartbeat.interval.ms=300 \
    topic.metadata.refresh.interval.ms=1000 >kafka.conf

# produce FROM COUNT: that part of the day.
produce() {
    tail -n "+$1" day.keyed | head -n "$2" | "$stream_topic" "$KAFKA" "$topic" produce 2>produce.err ||
        fail "expected the events to be taken: $(cat produce.err)"
}
# start NUMBER [OPTION...]: a worker beside us, as $pid.
start() {
    log=worker-$topic-$1
    shift
    env PGUSER="$engine" "$REBUT" stream --model model.json --night night --from kafka --store '' \
        --stream "$topic" --kafka-config kafka.conf --topic "$topic" --group "$topic" \
        --state "live-$topic" --snapshot-every 300ms "$@" 2>>"$log" &
    pid=$!
    db_sessions="$db_sessions $pid"
}
begin() {
    topic=$1
    new_topic "$topic" 3
    mkdir "live-$topic"
    sql -q -c 'TRUNCATE rebut.stream_scores'
}
# Wait until the positions of all partitions add up to all that was produced.
drained() {
    tries=0
    while [ $tries -lt 900 ]; do
        done=$(value "SELECT coalesce(sum(major + 1), 0) FROM rebut.stream_positions WHERE stream = '$topic' AND major >= 0")
        [ "$done" != "$1" ] || return 0
        sleep .1
        tries=$((tries + 1))
    done
    echo "# $done of $1 are done"
    return 1
}
expect_batch() {
    expect_records expected
    expect_value 'no dead letters' 0 "SELECT count(*) FROM rebut.dead_letters WHERE stream = '$topic'"
}

for count in 1 2 3 5; do
    it "gives the scores of the batch with $count workers that come one after the other"
    begin "scores$count"
    pids='' n=0
    while [ $n -lt $count ]; do
        produce $((n * (lines / count) + 1)) $((lines / count))
        start $n
        pids="$pids $pid"
        n=$((n + 1))
        [ $count = 1 ] || sleep 1
    done
    [ $((lines % count)) = 0 ] || produce $((lines / count * count + 1)) $((lines % count))
    expect 'all of it is done' drained "$lines"
    # shellcheck disable=SC2086
    kill -TERM $pids
    # shellcheck disable=SC2086
    wait $pids
    expect_batch
done

it 'does so while workers are killed and paused'
begin faults
kills=${STREAM_KILLS:-6}
start a && a=$pid
start b && b=$pid
part=$((lines / kills + 1)) n=0
while [ $n -lt "$kills" ]; do
    produce $((n * part + 1)) $part
    sleep "1.$((n * 7 % 6))"
    case $((n % 3)) in
    0) kill -9 "$a" && start a && a=$pid ;;
    1) kill -9 "$b" && start b && b=$pid ;;
    2) kill -STOP "$a" && sleep 3 && kill -CONT "$a" ;;
    esac
    n=$((n + 1))
done
expect 'all of it is done' drained "$lines"
kill -TERM "$a" "$b"
wait "$a" "$b"
expect_batch

it 'puts dead letters straight into a topic, with the reason, before it commits'
new_topic dead 1
begin letters
produce 1 200
printf '%s\n' '{"buyer":"b1","nonsense":1}' '{"buyer":"b2"' | "$stream_topic" "$KAFKA" "$topic" produce
start a --dead-letters kafka:dead && a=$pid
expect 'all of it is done' drained 202
kill -TERM "$a"
wait "$a"
expect_value 'none in the table' 0 "SELECT count(*) FROM rebut.dead_letters WHERE stream = '$topic'"
"$stream_topic" "$KAFKA" dead show 2 | sort >shown
expect "both with their reasons: $(cat shown)" test "$(grep -c "rebut-reason=[a-z_]* .*rebut-position=[0-9]*,0 .* {" shown)" = 2
