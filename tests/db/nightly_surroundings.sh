#!/bin/sh
# Schema, server, disks and state file are not as they should be: does a nightly run say
# which, with the right exit code, and leave nothing half-written?
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/support/night.sh"

new_database
new_login engine rebut_engine
NIGHT_AS=$engine
METRICS=metrics.prom
"$REBUT" simulate --orders 4000 --days 40 --seed 9 --output events.ndjson 2>/dev/null
"$REBUT" score --input events.ndjson --output scores.ndjson --quiet
"$REBUT" load --input events.ndjson --quiet

# refused CODE WORDS ARGUMENT...: one message, nothing written.
refused() {
    code=$1
    words=$2
    shift 2
    night --metrics metrics.prom "$@"
    expect_status "$code"
    grep -Eq "$words" "$ERR" || { fail "expected '$words'" && lib_show stderr "$ERR"; }
    expect 'one message' test "$(grep -c run_failed "$ERR")" = 1
    expect 'metrics of a failure' grep -qx 'rebut_nightly_success 0' metrics.prom
    expect_value 'nothing written' '0|0|0' "SELECT (SELECT count(*) FROM rebut.scores),
        (SELECT count(*) FROM rebut.queue_slots), (SELECT count(*) FROM rebut.models)"
    expect_told
}

it 'refuses a schema that is older, newer, or of other files'
sql -c "CREATE TABLE public.kept AS SELECT * FROM rebut.migrations"
sql -c "DELETE FROM rebut.migrations WHERE number = (SELECT max(number) FROM rebut.migrations)"
refused 3 "'rebut migrate' applies what is missing"
sql -c "DELETE FROM rebut.migrations" -c 'INSERT INTO rebut.migrations SELECT * FROM public.kept' \
    -c "INSERT INTO rebut.migrations (number, name, checksum) VALUES (9999, 'later', 'x')"
refused 3 "the database is of a newer rebut: it has migration 9999 'later'"
sql -c 'DELETE FROM rebut.migrations WHERE number = 9999' \
    -c "UPDATE rebut.migrations SET checksum = 'deadbeef' WHERE number = 2"
refused 3 'migration 2 .* was applied with another content'
sql -c "DELETE FROM rebut.migrations" -c 'INSERT INTO rebut.migrations SELECT * FROM public.kept'

it 'refuses a database without schema, one that is not there, a login and a server that are not'
old=$PGDATABASE
NIGHT_AS=postgres
PGDATABASE=postgres night
expect_status 3
expect_log "the database has no schema of rebut; 'rebut migrate' makes it"
PGDATABASE=$old
refused 1 'database \\"nowhere\\" does not exist' --store dbname=nowhere
refused 1 'role \\"nobody\\" does not exist' --store user=nobody
refused 75 'cannot connect to the database' --store host=/nowhere
refused 75 'cannot connect to the database' --store 'host=127.0.0.1 port=1'
refused 2 'cannot connect to the database: invalid connection option' --store nonsense=1
refused 2 'service' --store service=nowhere
NIGHT_AS=$engine

it 'refuses a login without privileges'
new_login stranger ''
NIGHT_AS=$stranger
refused 3 'permission denied for schema rebut'
sql -c "GRANT rebut_auditor TO $stranger"
refused 3 'permission denied'
NIGHT_AS=$engine

it 'gives way to timeouts of statements and locks'
sql -c "ALTER ROLE $engine SET statement_timeout = 1"
refused 75 '57014: canceling statement due to statement timeout'
sql -c "ALTER ROLE $engine RESET statement_timeout" -c "ALTER ROLE $engine SET lock_timeout = 100"
background holder postgres <<'end'
BEGIN; LOCK rebut.models IN SHARE MODE; SELECT pg_sleep(60);
end
wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'rebut.models'::regclass AND mode = 'ShareLock' AND granted"
refused 75 '55P03: canceling statement due to lock timeout'
value "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" >/dev/null
sql -c "ALTER ROLE $engine RESET lock_timeout" -c "ALTER ROLE $engine SET default_transaction_read_only = on"
refused 1 '25006: cannot execute .* in a read-only transaction'
sql -c "ALTER ROLE $engine RESET default_transaction_read_only"

it "survives the server's full disk in every write"
for table in models queue_slots runs; do
    sql <<end
CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
    IF tg_table_name <> 'runs' OR to_jsonb(NEW) ->> 'state' = 'done' THEN
        RAISE EXCEPTION 'could not extend file "base/5/1259": No space left on device' USING ERRCODE = '53100';
    END IF; RETURN NEW; END \$\$;
CREATE TRIGGER "full" BEFORE INSERT OR UPDATE ON rebut.$table FOR EACH ROW EXECUTE FUNCTION public.full();
end
    refused 75 '53100: could not extend file'
    expect_value 'the record' failed 'SELECT state FROM rebut.runs ORDER BY run_id DESC LIMIT 1'
    sql -c "DROP TRIGGER \"full\" ON rebut.$table" -c 'DROP FUNCTION public.full'
done
value "SELECT rebut.scores_partition('2026-04-09')" >/dev/null
sql <<'end'
CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.rank = 100 THEN
    RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$;
CREATE TRIGGER "full" BEFORE INSERT ON rebut.scores_2026_04 FOR EACH ROW EXECUTE FUNCTION public.full();
end
refused 75 '53100: could not extend file'
sql -c 'DROP TRIGGER "full" ON rebut.scores_2026_04' -c 'DROP FUNCTION public.full'

it 'fails when rejects or metrics cannot be written, and says which'
refused 1 'cannot write .*nowhere/rejects' --rejects nowhere/rejects
sql -c "ALTER TABLE rebut.prices DROP CONSTRAINT prices_price_check" \
    -c "INSERT INTO rebut.prices (at, sku_id, price, digest) VALUES ('2026-03-11Z', 's', -5, 0)"
refused 1 "cannot write '/dev/full': No space left on device" --rejects /dev/full
METRICS=
night --metrics /dev/full
expect_status 1
expect_log "cannot write '/dev/full': No space left on device"
expect_log '"event":"metrics_not_written"'
expect_value 'the scores are there' 'done|t' "SELECT state, (SELECT count(*) FROM rebut.scores) = $(wc -l <scores.ndjson)
    FROM rebut.runs ORDER BY run_id DESC LIMIT 1"

# state WORDS: all is read, for this reason, and the scores are right.
state() {
    sql -c 'TRUNCATE rebut.scores'
    night --state state --again
    expect_status 0
    grep -Eq "$1" "$ERR" || { fail "expected '$1'" && lib_show stderr "$ERR"; }
    expect_scores scores.ndjson "$1"
    expect_told
}

it 'scores without a state file when that cannot be written, and says so'
for path in nowhere/state /dev/full .; do
    sql -c 'TRUNCATE rebut.scores'
    night --state $path --again
    expect_status 0
    expect_log '"event":"state_file_not_written"'
    expect_scores scores.ndjson "$path"
    expect_told
done
if [ "$(id -u)" = 0 ] && mkdir tiny && mount -t tmpfs -o size=64k tmpfs tiny 2>/dev/null; then
    night --state tiny/state --again
    expect_status 0
    expect_log 'No space left on device'
    expect 'nothing left of it' test -z "$(ls -A tiny)"
    umount tiny
fi

it 'reads all when the state file is cut off, damaged, unreadable, or another file'
state '"incremental":false'
state '"incremental":true'
state '"incremental":true'
cp state good
truncate -s 100000 state
state '"event":"state_file_damaged"'
expect_log '"incremental":true'
for damage in 'truncate -s 0' 'truncate -s 100' 'cp events.ndjson' 'sed -i s/o0000/o0001/'; do
    cp good state
    cp good state.1
    case $damage in cp*) cp events.ndjson state && cp events.ndjson state.1 ;; *) $damage state state.1 ;; esac
    state '"event":"state_file_unusable"'
    expect_log '"incremental":false'
done
rm -f state state.1
mkdir state
state '"incremental":false'
rmdir state 2>/dev/null

it 'reads all when the state file is of another database, or newer than this one'
cp good state
rm -f state.1
first=$PGDATABASE
sql -d postgres -c "CREATE DATABASE ${first}_copy TEMPLATE $first"
db_databases="$db_databases ${first}_copy"
PGDATABASE=${first}_copy
state 'it is of another database or schema'
expect_log '"incremental":false'
PGDATABASE=$first
state 'it is of another database or schema'
expect_log '"incremental":false'

it 'goes on from a state file that is older than yesterday'
cp good state
sql -c "INSERT INTO rebut.prices (at, sku_id, price, digest) VALUES ('2026-03-11Z', 's', 5, 1)"
night --again
sql -c "ALTER TABLE rebut.prices DISABLE TRIGGER append_only" -c "DELETE FROM rebut.prices WHERE sku_id = 's'" \
    -c 'ALTER TABLE rebut.prices ENABLE TRIGGER append_only'
state '"incremental":true'

it 'tells an event of the future, and keeps its microseconds'
sql -c 'TRUNCATE rebut.scores' -c "INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel,
    amount) VALUES ('2926-03-11T00:00:00.000007Z', 'x', 'b', 'm', 's', 'food', 'shelf', 5)"
for times in 1 2; do
    night --again
    expect_status 0
    expect_log '"event":"last_event_in_future","as_of":"2926-03-11T00:00:00.000007Z"'
done
expect_value 'one as-of time' '2926-03-11 00:00:00.000007+00' "SET timezone = 'UTC'; SELECT as_of FROM rebut.scores
    UNION SELECT as_of FROM rebut.runs WHERE run_id = (SELECT max(run_id) FROM rebut.runs)
    UNION SELECT as_of FROM rebut.models WHERE role = 'champion'"
