#!/bin/sh
# The stream over Kafka: a real broker in, PostgreSQL out, once each whatever happens.
. "$(dirname "$0")/lib.sh"
new_broker
new_database
new_login engine rebut_engine
worker=$BUILD_TESTS/programs/stream_worker

# options NAME LINE...: a file for --kafka-config.
options() {
    options_file=$1
    shift
    printf '%s\n' "bootstrap.servers = $KAFKA" '# short, so that the tests are' session.timeout.ms=1500 \
        heartbeat.interval.ms=300 reconnect.backoff.max.ms=500 topic.metadata.refresh.interval.ms=1000 \
        "$@" >"$options_file"
}
options cooperative
options eager partition.assignment.strategy=range
kind=cooperative

# use TOPIC: one of three partitions, a stream of that name, and its snapshots.
use() {
    topic=$1
    new_topic "$topic" 3
    mkdir "snapshots-$topic"
    sql -c 'TRUNCATE rebut.stream_scores' # the key is the request's, whatever its stream
}
work() {
    env PGUSER="$engine" "$worker" --feed kafka --effects store --kafka-config $kind --topic "$topic" \
        --stream "$topic" --folder "snapshots-$topic" --save-every 300 "$@"
}
# start LOG OPTION...: beside us, as $pid.
start() {
    log=$1
    shift
    env PGUSER="$engine" "$worker" --feed kafka --effects store --kafka-config $kind --topic "$topic" \
        --stream "$topic" --folder "snapshots-$topic" --save-every 300 "$@" 2>"$log" &
    pid=$!
    db_sessions="$db_sessions $pid"
}
# taken COUNT LOG...: until so many partitions were taken, each time counted.
taken() {
    taken_count=$1
    shift
    taken_tries=0
    while [ "$(cat "$@" | grep -c '"event":"partition_taken"')" -lt "$taken_count" ]; do
        taken_tries=$((taken_tries + 1))
        [ $taken_tries -lt 300 ] || {
            fail "expected $taken_count partitions to be taken: $(cat "$@")"
            return 1
        }
        sleep 0.1
    done
}

it 'gives each event once'
use plain
fill plain 1 5000
run work --idle-ms 4000
expect_status 0
expect_undisturbed plain
run work --idle-ms 4000
expect 'nothing again' grep -q '"messages":0,' "$ERR"

it 'puts a message that is none aside, with its key'
echo 'nonsense' | "$stream_topic" "$KAFKA" plain produce
run work --idle-ms 4000
expect_value 'one letter' 'no_buyer none nonsense' "SELECT reason || ' ' || convert_from(key, 'UTF8') || ' ' ||
    convert_from(line, 'UTF8') FROM rebut.dead_letters"

it 'brings a letter back to the topic'
run env PGUSER="$engine" "$BUILD_TESTS/programs/stream_replay" topic '' plain cooperative plain
expect_err '^1 0 0$'
run work --idle-ms 4000
expect_value 'dead again, elsewhere' '2 1' "SELECT count(*) || ' ' || count(replayed_at) FROM rebut.dead_letters"

it 'loses and doubles nothing when killed between handling and committing'
next=5001
for kill in 900 1 400; do
    fill plain $next $((next + 999))
    next=$((next + 1000))
    run work --kill-at $kill
    expect "killed at $kill" test $status != 0
done
run work --idle-ms 4000
expect_status 0
expect_undisturbed plain

it 'fences a worker that was paused past its session'
use paused
fill paused 1 6000
start paused.log --pause-at 1500 --idle-ms 4000
paused=$pid
taken 3 paused.log
run work --idle-ms 4000
expect 'another has taken over' grep -q '"event":"partition_taken"' "$ERR"
expect_undisturbed paused
kill -CONT $paused
wait $paused
expect "the fence to fire: $(cat paused.log)" grep -q '"event":"fenced"' paused.log
expect 'it goes on' grep -q '"event":"done"' paused.log
expect_undisturbed paused

it 'goes on when the broker was killed'
use broken
fill broken 1 2000
start broken.log --idle-ms 40000
taken 3 broken.log
broker kill
sleep 2
broker restart
fill broken 2001 4000
wait_for "SELECT count(*) = 200 FROM rebut.stream_scores WHERE stream = 'broken'"
kill "$pid" && wait "$pid"
expect_undisturbed broken

it 'goes on when PostgreSQL was killed'
use crashed
fill crashed 1 2000
start crashed.log --idle-ms 40000
taken 3 crashed.log
kill_postgres
fill crashed 2001 4000
sleep 1
start_postgres
wait_for "SELECT count(*) = 200 FROM rebut.stream_scores WHERE stream = 'crashed'"
kill "$pid" && wait "$pid"
expect 'that it tried again' grep -q '"event":"retry"' crashed.log
expect_undisturbed crashed

for kind in cooperative eager; do
    it "shares partitions among one, two, three and five workers who come and go ($kind)"
    use "many-$kind"
    first=1
    for count in 1 2 3 5; do
        pids='' logs='' idle=6000
        # Two wait for each other, however long the group takes: these are told to stop.
        [ $count != 2 ] || idle=60000
        for i in $(seq $count); do
            start "$kind-$count-$i.log" --idle-ms $idle
            pids="$pids $pid" logs="$logs $kind-$count-$i.log"
            fill "many-$kind" $first $((first + 499))
            first=$((first + 500))
        done
        if [ $count = 2 ]; then
            for log in $logs; do taken 1 "$log"; done
            # shellcheck disable=SC2086
            kill -TERM $pids
        fi
        [ $count -lt 3 ] || kill -9 "$pid"
        # shellcheck disable=SC2086
        wait $pids
    done
    run work --idle-ms 4000
    expect_status 0
    expect_undisturbed "many-$kind"
    expect 'two that shared' test "$(grep -l '"event":"partition_taken"' $kind-2-*.log | wc -l)" = 2
done
kind=cooperative

it 'says when the broker no longer has what comes next'
use gone
fill gone 1 600
run work --idle-ms 4000
fill gone 601 1200
for partition in 0 1 2; do
    end=$(value "SELECT major + 30 FROM rebut.stream_positions WHERE stream = 'gone' AND partition = $partition")
    "$stream_topic" "$KAFKA" gone cut $partition "$end"
done
run work --idle-ms 4000
expect_status 3
expect_err 'no longer has'

it 'keeps secrets out of its words'
options secret 'sasl.password=hunter2' sasl.username
kind=secret
run work --idle-ms 4000
expect_status 2
expect_err "secret', line 8: expected key=value"
options secret 'sasl.password=hunter2' 'fetch.wait.max.ms=hunter2'
run work --idle-ms 500
expect_err "secret', line 8: librdkafka does not take the value of property 'fetch.wait.max.ms'"
expect 'no secret' sh -c "! grep -q hunter2 '$ERR'"
