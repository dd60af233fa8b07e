#!/bin/sh
# What is left of a nightly run that was killed, stopped or cut off at any moment?  Nothing
# but its record: the next run writes what an undisturbed one writes.
#
# REBUT_FAULTS=50 is how many moments of each kind are tried; CI has fewer.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/support/night.sh"
faults=${REBUT_FAULTS:-4}
own_cluster
new_database
# What was committed stays when server processes are killed.  A sequence that was copied
# with a template while some of its numbers were logged ahead would begin again: a
# checkpoint makes the next number logged anew.
sql -c 'ALTER SYSTEM SET synchronous_commit = on' -c 'SELECT pg_reload_conf()' \
    -c CHECKPOINT >/dev/null
"$REBUT" simulate --orders 60000 --seed 11 --output events.ndjson 2>/dev/null
split -n l/4 events.ndjson part.

new_login engine rebut_engine
NIGHT_AS=$engine
"$REBUT" load --input part.aa --input part.ab --input part.ac --quiet
night --state state --metrics metrics.prom
cp state start
"$REBUT" load --input part.ad --quiet

# What an undisturbed second night leaves.
night --state state
scores_to undisturbed.txt
groups_to() {
    value "SELECT group_no, kind, members, detail FROM rebut.groups
        WHERE run_id = (SELECT max(run_id) FROM rebut.runs) ORDER BY 1" >"$1"
}
groups_to groups.txt
value "SELECT count(*) FROM rebut.queue_slots WHERE run_id = 2" >slots.txt

# As before the second night.
back() {
    PGUSER=postgres sql -c "DELETE FROM rebut.queue_slots WHERE run_id > 1" \
        -c "DELETE FROM rebut.groups WHERE run_id > 1" \
        -c "DELETE FROM rebut.scores WHERE run_id > 1" -c 'UPDATE rebut.runs SET model_id = NULL
            WHERE run_id > 1' -c "DELETE FROM rebut.runs WHERE run_id > 1" \
        -c "DELETE FROM rebut.models WHERE model_id NOT IN (SELECT model_id FROM rebut.runs)" \
        -c "UPDATE rebut.models SET role = 'champion'"
    rm -f state state.1 .rebut-*
    cp start state
}

# start ARGUMENT...: a run beside, $pid.
start() {
    (PGUSER=$NIGHT_AS && export PGUSER && exec "$REBUT" nightly --state state "$@") 2>log &
    pid=$!
}

ended() {
    status=0
    wait "$pid" || status=$?
    cp log "$ERR"
}

# Nothing half-written by a run that did not end well.
nothing_written() {
    expect_value 'no scores of it' 0 "SELECT count(*) FROM rebut.scores WHERE run_id NOT IN
        (SELECT run_id FROM rebut.runs WHERE state = 'done')"
    expect_value 'no groups of it' 0 "SELECT count(*) FROM rebut.groups WHERE run_id NOT IN
        (SELECT run_id FROM rebut.runs WHERE state = 'done')"
    expect_value 'no slots of it' 0 "SELECT count(*) FROM rebut.queue_slots WHERE run_id NOT IN
        (SELECT run_id FROM rebut.runs WHERE state = 'done')"
}

rerun() {
    again --state state "$@"
    expect_status 0
    expect_log '"incremental":true'
    expect_told
    scores_to now.txt
    cmp -s undisturbed.txt now.txt || fail "expected the scores of an undisturbed run $1"
    groups_to groups_now.txt
    expect_same groups.txt groups_now.txt
    expect_value 'one run with a queue' "$(cat slots.txt)" \
        "SELECT count(*) FROM rebut.queue_slots WHERE run_id = (SELECT max(run_id) FROM rebut.runs)"
    expect_value 'no run that seems to be under way' 0 \
        "SELECT count(*) FROM rebut.runs WHERE state = 'running'"
    expect_value 'no wrong ends' 0 "SELECT count(*) FROM rebut.runs WHERE
        (state = 'done') <> (counts ->> 'scored' IS NOT NULL AND message IS NULL)"
}

# hold TABLE, wait_for_it TABLE, let_go: whoever wants to write there waits for it.
hold() {
    (sql -c BEGIN -c "LOCK rebut.$1 IN SHARE MODE" -c 'SELECT pg_sleep(60)' >/dev/null 2>&1) &
    wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'rebut.$1'::regclass AND granted
        AND mode = 'ShareLock'"
}

wait_for_it() {
    wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'rebut.$1'::regclass AND NOT granted"
}

let_go() {
    value "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'
        AND pid <> pg_backend_pid()" >let_go.out
}

# In thousandths of a second; a run takes about 500.
moment() {
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    sleep "0.$(printf %03d $((seed / 65536 % 550)))"
}
seed=42

it "survives kill -9 of the program at $faults moments"
i=0
killed=0
while [ $killed -lt "$faults" ] && [ $i -lt $((5 * faults)) ]; do
    back
    start
    moment
    kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
    ended 2>/dev/null
    rerun
    i=$((i + 1))
done
expect "to have killed $faults" test $killed = "$faults"

it "survives kill -9 of a server process at $faults moments, with it of all sessions"
i=0
killed=0
while [ $killed -lt "$faults" ] && [ $i -lt $((5 * faults)) ]; do
    back
    start
    moment
    backend=$(value "SELECT pid FROM pg_stat_activity WHERE application_name = 'rebut nightly'
        ORDER BY random() LIMIT 1" 2>/dev/null)
    [ -z "$backend" ] || { kill -9 "$backend" 2>/dev/null && killed=$((killed + 1)); }
    ended
    case $status in 0 | 75) ;; *) fail "expected exit code 75, came $status" && lib_show log "$ERR" ;; esac
    wait_for 'SELECT NOT pg_is_in_recovery()'
    nothing_written
    rerun
    i=$((i + 1))
done
expect "to have killed $faults" test $killed = "$faults"

it "survives that its sessions are ended at $faults moments"
i=0
killed=0
while [ $killed -lt "$faults" ] && [ $i -lt $((5 * faults)) ]; do
    back
    start
    moment
    # Either one of them or both.
    [ "$(value "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = 'rebut nightly' AND (pid % 2 = $((i % 2)) OR $((i % 3)) = 0)")" = 0 ] ||
        killed=$((killed + 1))
    ended
    case $status in 0 | 75) ;; *) fail "expected exit code 75, came $status" && lib_show log "$ERR" ;; esac
    expect_told
    nothing_written
    rerun
    i=$((i + 1))
done
expect "to have ended $faults" test $killed = "$faults"

it 'survives kill -9 of the whole server'
i=0
while [ $i -lt $(((faults + 3) / 4)) ]; do
    back
    start
    moment
    kill -9 "$(head -n 1 "$PGHOST/data/postmaster.pid")"
    ended
    case $status in 0 | 75) ;; *) fail "expected exit code 75, came $status" && lib_show log "$ERR" ;; esac
    night --state state
    [ "$status" = 75 ] || fail "expected exit code 75 while there is no server, came $status"
    mv "$ERR" away.log
    "$PG_TMP" restart "$PGHOST"
    wait_for 'SELECT NOT pg_is_in_recovery()'
    nothing_written
    cp away.log "$ERR"
    expect_told
    rerun
    i=$((i + 1))
done

it 'takes the as-of time of the run that was killed'
back
hold models
start
wait_for_it models
kill -9 "$pid"
ended 2>/dev/null
let_go
cat >later.ndjson <<'end'
{"type":"order","at":"2026-12-01T00:00:00Z","order_id":"later","buyer_id":"b","merchant_id":"m","sku_id":"s","category":"food","channel":"shelf","amount":100}
end
"$REBUT" load --input later.ndjson --quiet
again --state state --resume
expect_status 0
scores_to now.txt
expect_same undisturbed.txt now.txt
expect_value 'the records' 'abandoned|done' "SELECT string_agg(state, '|' ORDER BY run_id)
    FROM rebut.runs WHERE run_id > 1"
night --resume
expect_status 2
expect_err 'nothing to resume'

# ---- signals

# stop SIGNAL WORDS: now, while it does that.
stop() {
    kill -s "$1" "$pid"
    since=$(date +%s%3N)
    ended
    took=$(($(date +%s%3N) - since))
    [ "$status" = 75 ] || fail "expected exit code 75 $2, came $status"
    [ $took -lt 2000 ] || fail "expected an end within 2 s $2, it took $took ms"
    expect_log 'stopped by a signal; nothing was written'
    expect_told
    expect_value "the record $2" 'cancelled|t|t' "SELECT state, ended_at IS NOT NULL,
        message = 'stopped by a signal; nothing was written' FROM rebut.runs
        WHERE run_id = (SELECT max(run_id) FROM rebut.runs)"
    nothing_written
}

wait_for_log() {
    tries=0
    until grep -q -e "$1" log; do
        tries=$((tries + 1))
        [ $tries -lt 1000 ] || { fail "expected $1 in the log" && return; }
        sleep 0.01
    done
}
sql -c "DELETE FROM rebut.orders WHERE order_id = 'later'" 2>/dev/null ||
    sql -c 'ALTER TABLE rebut.orders DISABLE TRIGGER append_only' \
        -c "DELETE FROM rebut.orders WHERE order_id = 'later'" \
        -c 'ALTER TABLE rebut.orders ENABLE TRIGGER append_only'

for signal in INT TERM; do
    it "ends by SIG$signal in every stage: settling, reading, fitting, scoring, writing, committing"
    back
    hold claims
    start
    wait_for_it claims
    stop $signal 'while it settles decisions'
    let_go
    rerun

    back
    sql -c 'CREATE SCHEMA slow' -c 'CREATE VIEW slow.prices AS SELECT * FROM rebut.prices WHERE
        pg_sleep(0.01) IS NOT NULL'
    for table in orders shipments deliveries contacts requests outcomes verdicts; do
        sql -c "CREATE VIEW slow.$table AS SELECT * FROM rebut.$table"
    done
    sql -c "GRANT USAGE ON SCHEMA slow TO $engine" -c "GRANT SELECT ON ALL TABLES IN SCHEMA slow TO $engine"
    start --source-schema slow
    wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%slow%prices%'"
    stop $signal 'while it reads'
    sql -c 'DROP SCHEMA slow CASCADE' 2>/dev/null
    rerun

    back
    start
    wait_for_log '"event":"read"'
    stop $signal 'while it fits'
    rerun

    back
    hold models
    start
    wait_for_it models
    stop $signal 'while it writes the model'
    let_go
    rerun

    back
    sql <<'end'
CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
CREATE TRIGGER slow BEFORE INSERT ON rebut.scores_2026_06 FOR EACH ROW EXECUTE FUNCTION public.slow();
end
    start
    wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY rebut.scores%'"
    stop $signal 'while it writes scores'
    sql -c 'DROP TRIGGER slow ON rebut.scores_2026_06' -c 'DROP FUNCTION public.slow'
    rerun

    back
    sql <<'end'
CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF NEW.state = ''done'' THEN PERFORM pg_sleep(30); END IF; RETURN NEW; END';
CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON rebut.runs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.slow();
end
    start
    wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query = 'COMMIT' AND
        wait_event = 'PgSleep'"
    stop $signal 'while it commits'
    sql -c 'DROP TRIGGER slow ON rebut.runs' -c 'DROP FUNCTION public.slow'
    rerun
done

it "survives signals, one after another, at $faults moments"
i=0
while [ $i -lt "$faults" ]; do
    back
    start
    moment
    for signal in TERM INT TERM TERM INT; do kill -s $signal "$pid" 2>/dev/null; done
    ended
    case $status in 0 | 75 | 130 | 143) ;; *) fail "expected exit code 75, came $status" && lib_show log "$ERR" ;; esac
    expect_told
    nothing_written
    expect_value 'no run without an end' 0 "SELECT count(*) FROM rebut.runs WHERE state = 'running'"
    rerun
    i=$((i + 1))
done

it 'keeps its session when idle ones are ended'
back
sql -c "ALTER ROLE $engine SET idle_session_timeout = 100"
rerun
sql -c "ALTER ROLE $engine RESET idle_session_timeout"

# ---- the wire

it 'says that it does not know when the answer to COMMIT is lost, and doubles nothing'
back
wire commit
night --state state --store "host=$PWD/wire"
unplug
expect_status 75
expect_log 'the answer to COMMIT was lost'
expect_told
expect_value 'it was written' done 'SELECT state FROM rebut.runs WHERE run_id =
    (SELECT max(run_id) FROM rebut.runs)'
rerun
expect_log '"scored":0,'

it 'survives a connection that is cut while it reads, and while it writes'
for rule in 'down 2000' 'down 100000' 'down 3000000' 'up 500' 'up 30000' 'up 2000000'; do
    back
    # shellcheck disable=SC2086
    wire $rule
    night --state state --store "host=$PWD/wire"
    unplug
    [ "$status" = 75 ] || fail "expected exit code 75 after $rule bytes, came $status"
    expect_log 'lost the connection'
    expect_told
    nothing_written
    rerun
done

it 'ends by a signal while a server does not answer'
back
wire silent
start --store "host=$PWD/wire"
sleep 0.3
kill -s TERM "$pid"
since=$(date +%s%3N)
ended
took=$(($(date +%s%3N) - since))
expect_status 75
[ $took -lt 2000 ] || fail "expected an end within 2 s, it took $took ms"
unplug
