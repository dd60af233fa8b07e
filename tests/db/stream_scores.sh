#!/bin/sh
# rebut stream from an outbox into PostgreSQL: each score once and the batch's to the byte,
# whatever happens to the workers.  STREAM_KILLS=100 for more (default 6).
. "$(dirname "$0")/lib.sh"
new_database
new_login engine rebut_engine
new_login loader rebut_loader
. "$TOP/tests/support/stream.sh"
make_world
look_back night model.json $AFTER expected

# fill FROM COUNT: that part of the day into the outbox.
fill() {
    tail -n "+$1" day.tsv | head -n "$2" >part.tsv
    as "$loader" sql -c "\\copy rebut.outbox (buyer_id, payload) FROM 'part.tsv'"
}
# start NUMBER [OPTION...]: a worker beside us, as $pid.
start() {
    log=worker-$1
    shift
    env PGUSER="$engine" "$REBUT" stream --model model.json --night night --from outbox --store '' \
        --state live --snapshot-every 300ms "$@" 2>>"$log" &
    pid=$!
    db_sessions="$db_sessions $pid"
}
# Wait until everything in the outbox is done, up to a minute.
drained() {
    tries=0
    while [ $tries -lt 600 ]; do
        left=$(value "SELECT count(*) FROM rebut.outbox o LEFT JOIN rebut.stream_positions p
            ON p.partition = o.partition AND p.stream = 'rebut'
            WHERE p.major IS NULL OR (o.xid::text::bigint, o.seq) > (p.major, p.minor)")
        [ "$left" != 0 ] || return 0
        sleep .1
        tries=$((tries + 1))
    done
    echo "# $left of the outbox are left"
    return 1
}
mkdir live

it 'writes the scores of the batch, to the byte'
fill 1 "$lines"
start one
one=$pid
expect 'all of it is done' drained
kill -TERM "$one"
wait "$one"
expect 'and it exits 0' test $? = 0
expect_records expected
expect_value 'no dead letters' 0 'SELECT count(*) FROM rebut.dead_letters'

it 'does so again from nothing, with three workers of which one is killed now and then'
sql -q -c 'TRUNCATE rebut.stream_scores, rebut.stream_positions, rebut.outbox'
rm -rf live && mkdir live
kills=${STREAM_KILLS:-6}
start a && a=$pid
start b && b=$pid
start c && c=$pid
# Something is kept before the first one is killed.
begun=$((lines / 10))
for third in 0 1 2; do
    fill $((third * (begun / 3) + 1)) $((begun / 3))
    sleep .5
done
tries=0
while [ -z "$(ls live)" ] && [ $tries -lt 100 ]; do sleep .1 && tries=$((tries + 1)); done
begun=$((begun / 3 * 3))
part=$(((lines - begun) / kills + 1)) n=0
while [ $n -lt "$kills" ]; do
    fill $((begun + n * part + 1)) $part
    sleep "0.$((n * 7 % 6))"
    case $((n % 3)) in
    0) kill -9 "$a" && start "a$n" && a=$pid ;;
    1) kill -9 "$b" && start "b$n" && b=$pid ;;
    2) kill -STOP "$c" && sleep 1 && kill -CONT "$c" ;;
    esac
    n=$((n + 1))
done
expect 'all of it is done' drained
kill -TERM "$a" "$b" "$c"
wait "$a" "$b" "$c"
expect_records expected
expect_value 'no dead letters' 0 'SELECT count(*) FROM rebut.dead_letters'
expect 'workers began from what was kept' grep -q '"event":"partition_taken".*"from":[1-9]' worker-*

it 'replaces a score by what a later message makes of it, whoever counted more revisions'
sql -q -c 'UPDATE rebut.stream_scores SET revision = 9'
rm -rf live && mkdir live
request=$(tail -n 1 back.ndjson | sed -E 's/.*"request_id":"([^"]*)".*/\1/')
buyer=$(value "SELECT buyer_id FROM rebut.stream_scores WHERE request_id = '$request'")
value "SELECT record FROM rebut.stream_scores WHERE request_id = '$request'" >before
at=$(value "SELECT to_char(requested_at AT TIME ZONE 'UTC' - interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
    FROM rebut.stream_scores WHERE request_id = '$request'")
as "$loader" sql -c "INSERT INTO rebut.outbox (buyer_id, payload) VALUES ('$buyer', '{\"type\":\"order\",\"at\":\"$at\",\"order_id\":\"late1\",\"buyer_id\":\"$buyer\",\"merchant_id\":\"m00001\",\"sku_id\":\"m00001-s01\",\"category\":\"food.snack\",\"channel\":\"shelf\",\"amount\":900}')"
start e --lateness 90d && e=$pid
expect 'all of it is done' drained
kill -TERM "$e"
wait "$e"
expect_value 'a revision more' 10 "SELECT revision FROM rebut.stream_scores WHERE request_id = '$request'"
value "SELECT record FROM rebut.stream_scores WHERE request_id = '$request'" >after
expect 'another record' sh -c '! cmp -s before after'
expect_value 'and no other was touched' 1 'SELECT count(*) FROM rebut.stream_scores WHERE revision <> 9'

it 'brings dead letters back into the outbox, once'
fill_letter() {
    as "$loader" sql -c "INSERT INTO rebut.outbox (buyer_id, payload) VALUES ('b1', '{\"type\":\"delivery\",\"at\":\"2020-01-01T00:00:00Z\",\"order_id\":\"o000000001\"}')"
}
start d && d=$pid
fill_letter
expect 'all of it is done' drained
kill -TERM "$d"
wait "$d"
expect_value 'one letter' 'too_late' 'SELECT string_agg(reason, $$,$$) FROM rebut.dead_letters'
run env PGUSER="$engine" "$REBUT" replay --store '' --to outbox
expect_status 0
expect_err '1 sent once more'
run env PGUSER="$engine" "$REBUT" replay --store '' --to outbox
expect_err '0 sent once more'
