#!/bin/sh
# The stream over PostgreSQL: an outbox in, scores out, once each whatever happens.  The
# handler counts the messages of each buyer, so that one lost, doubled or turned around
# shows in every later score of that buyer.
. "$(dirname "$0")/lib.sh"
worker=$TOP/${BUILD:-build}/tests/programs/stream_worker
new_database
new_login engine rebut_engine
new_login loader rebut_loader
mkdir snapshots

# fill FROM TO: events n of 300 buyers, in one transaction.
fill() {
    as "$loader" sql -c "INSERT INTO rebut.outbox (buyer_id, payload)
        SELECT 'b' || n * 7919 % 300, format('{\"buyer\":\"b%s\",\"n\":%s}', n * 7919 % 300, n)
        FROM generate_series($1::bigint, $2) n"
}
# What scores must say: of every 20th event, the how manyth of its buyer it is.
expected="SELECT count(*) || ' ' || md5(string_agg('r' || n || ' ' || count, ',' ORDER BY n)) FROM (
    SELECT n, count(*) OVER (PARTITION BY buyer_id ORDER BY xid, seq) FROM (
        SELECT *, (payload::json ->> 'n')::int AS n FROM rebut.outbox WHERE payload LIKE '{%') x) y
    WHERE n % 20 = 0"
came="SELECT count(*) || ' ' || md5(string_agg(request_id || ' ' || (record ->> 'count'), ','
    ORDER BY substr(request_id, 2)::int)) FROM rebut.stream_scores"
expect_undisturbed() {
    expect_value 'the scores of an undisturbed run' "$(value "$expected")" "$came"
}
work() {
    env PGUSER="$engine" "$worker" --feed outbox --effects store --folder snapshots --lease-ms 900 "$@"
}
# start LOG OPTION...: beside us, as $pid.
start() {
    log=$1
    shift
    env PGUSER="$engine" "$worker" --feed outbox --effects store --folder snapshots --lease-ms 900 "$@" 2>"$log" &
    pid=$!
    db_sessions="$db_sessions $pid"
}
taken="SELECT count(*) = 32 FROM rebut.stream_leases WHERE worker <> ''"

it 'gives each event once, in order'
fill 1 5000
run work --idle-ms 1500
expect_status 0
expect_undisturbed
expect_value 'positions of all partitions' 32 'SELECT count(*) FROM rebut.stream_positions WHERE major > 0'
expect_value 'leases given back' 0 "SELECT count(*) FROM rebut.stream_leases WHERE worker <> ''"

it 'writes nothing twice when there is nothing new'
run work --idle-ms 1000
expect 'no messages' grep -q '"messages":0,' "$ERR"
expect_undisturbed

it 'loses and doubles nothing when killed between handling and committing'
next=5001
for kill in 700 1 1500 300 2000; do
    fill $next $((next + 899))
    next=$((next + 900))
    run work --kill-at $kill --save-every 200
    expect "killed at $kill" test $status != 0
done
run work --idle-ms 2500 --save-every 200
expect_status 0
expect 'snapshots were read' grep -q '"loads":[1-9]' "$ERR"
expect_undisturbed

it 'puts a message that is none aside, once, and goes on'
as "$loader" sql -c "INSERT INTO rebut.outbox (buyer_id, payload) VALUES ('b1', 'nonsense')"
run work --kill-at 1
run work --idle-ms 2500
expect_value 'one letter with its key' 'no_buyer b1 nonsense' "SELECT reason || ' ' ||
    convert_from(key, 'UTF8') || ' ' || convert_from(line, 'UTF8') FROM rebut.dead_letters"
expect_undisturbed

it 'brings letters back, once each'
sql -c "INSERT INTO rebut.dead_letters (stream, partition, major, minor, reason, key, line, bytes) VALUES
        ('test', 0, 1, 1, 'no_buyer', NULL, 'no key', 6), ('test', 0, 1, 2, 'no_buyer', 'b1', '\\xff', 1),
        ('test', 0, 1, 3, 'no_buyer', 'b1', 'cut', 2000000), ('other', 0, 1, 1, 'no_buyer', 'b1', 'x', 1)"
replay=$TOP/${BUILD:-build}/tests/programs/stream_replay
run env PGUSER="$engine" "$replay" outbox '' test conflict
expect_err '^0 0 0$'
run env PGUSER="$engine" "$replay" outbox '' test no_buyer
expect_err '^1 1 2$'
run env PGUSER="$engine" "$replay" outbox '' test
expect_err '^0 1 2$'
run work --idle-ms 2500
expect_value 'it is dead again, elsewhere' 2 "SELECT count(DISTINCT (major, minor)) FROM rebut.dead_letters
    WHERE line = 'nonsense'"
sql -c "DELETE FROM rebut.dead_letters"
expect_undisturbed

it 'waits for a transaction that began earlier and commits later'
background late "$loader" <<'end'
BEGIN;
INSERT INTO rebut.outbox (buyer_id, payload) VALUES ('b7', '{"buyer":"b7","n":100000}');
SELECT pg_sleep(3);
COMMIT;
end
wait_for "SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = '$loader' AND query LIKE '%pg_sleep%' AND
    wait_event = 'PgSleep' AND datname = current_database()"
as "$loader" sql -c "INSERT INTO rebut.outbox (buyer_id, payload) VALUES ('b7', '{\"buyer\":\"b7\",\"n\":100020}')"
start log --idle-ms 5000
wait_for "$taken"
sleep 0.5
expect_value 'nothing while it is open' 0 "SELECT count(*) FROM rebut.stream_scores WHERE request_id IN ('r100000', 'r100020')"
wait_for "SELECT count(*) = 2 FROM rebut.stream_scores WHERE request_id IN ('r100000', 'r100020')"
expect_value 'the later number committed first' t "SELECT a.seq < b.seq AND a.xid < b.xid FROM rebut.outbox a, rebut.outbox b
    WHERE a.payload LIKE '%100000}' AND b.payload LIKE '%100020}'"
expect_undisturbed

it 'is woken and does not wait for its poll'
wait
start log --idle-ms 5000 --poll-ms 600000
wait_for "$taken"
sleep 0.3
fill 200001 200020
wait_for "SELECT count(*) = 1 FROM rebut.stream_scores WHERE request_id = 'r200020'"
expect_value 'long before it would have looked' 1 "SELECT count(*) FROM rebut.stream_scores
    WHERE request_id = 'r200020'"
wait

it 'is woken too soon, by what stands above an open transaction, and looks again'
wait
background older "$loader" <<'end'
BEGIN;
SELECT pg_current_xact_id();
SELECT pg_sleep(2);
COMMIT;
end
wait_for "SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = '$loader' AND query LIKE '%pg_sleep%' AND
    wait_event = 'PgSleep' AND datname = current_database()"
start log --idle-ms 8000 --poll-ms 600000
wait_for "$taken"
sleep 0.3
fill 200021 200040
sleep 0.5
expect_value 'nothing while it is open' 0 "SELECT count(*) FROM rebut.stream_scores WHERE request_id = 'r200040'"
wait_for "SELECT count(*) = 1 FROM rebut.stream_scores WHERE request_id = 'r200040'"
wait

it 'fences a worker that was paused past its lease'
fill 300001 302000
start paused.log --pause-at 1000 --idle-ms 3000
paused=$pid
wait_for "$taken"
sleep 2
run work --idle-ms 1500
kill -CONT $paused
wait $paused
expect 'the fence to fire' grep -q '"event":"fenced"' paused.log
expect 'it goes on' grep -q '"event":"done"' paused.log
expect_undisturbed

it 'shares partitions among two, three and five workers, who come and go'
for count in 2 3 5; do
    for i in $(seq $count); do
        start "worker-$count-$i.log" --idle-ms 2500 --save-every 500
    done
    wait_for "$taken"
    fill "${count}000001" "${count}002000"
    [ $count = 2 ] || kill -9 "$pid"
    wait
done
expect 'two workers had a share each' test "$(grep -l '"event":"partition_taken"' worker-2-*.log | wc -l)" = 2
run work --idle-ms 2500
expect_undisturbed

it 'replaces a score by a higher revision, and by no other'
sql -c "UPDATE rebut.stream_scores SET revision = 5, answer = 'likely_abuse'"
sql -c "UPDATE rebut.stream_positions SET major = -1, minor = -1"
rm -f snapshots/*
run work --idle-ms 2500 --revision 4
expect_value 'none is replaced' 0 "SELECT count(*) FROM rebut.stream_scores WHERE answer <> 'likely_abuse'"
sql -c "UPDATE rebut.stream_positions SET major = -1, minor = -1"
rm -f snapshots/*
run work --idle-ms 2500 --revision 6
expect_value 'all are' 0 "SELECT count(*) FROM rebut.stream_scores WHERE answer = 'likely_abuse' OR revision <> 6"
expect_undisturbed

it 'trims what is done and old'
expect_value 'nothing that is young' 0 "SELECT rebut.outbox_trim('test', '1 hour')"
rows=$(value 'SELECT count(*) FROM rebut.outbox')
expect_value 'all that is done' "$rows" "SELECT rebut.outbox_trim('test', '0')"
