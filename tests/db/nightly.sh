#!/bin/sh
# Does a nightly run write what 'rebut score' and 'rebut queue' say of the same events,
# however and in whatever order they came into the database?
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/support/night.sh"

new_database
"$REBUT" simulate --orders 4000 --days 40 --seed 5 --output events.ndjson 2>/dev/null
"$REBUT" score --input events.ndjson --output scores.ndjson --quiet
"$REBUT" queue --input events.ndjson --output queue.ndjson --quiet
new_login engine rebut_engine
NIGHT_AS=$engine

it 'scores tables as the file that was loaded, as a login without more rights than it needs'
"$REBUT" load --input events.ndjson --quiet
METRICS=metrics.prom
night --state state --metrics metrics.prom --rejects rejects.ndjson
expect_status 0
expect_no_out
expect_scores scores.ndjson
expect_queue queue.ndjson
expect_told
expect 'no rejects' test ! -s rejects.ndjson
expect_value 'the record' 'done|t|t|t' "SELECT state, ended_at >= started_at, message IS NULL,
    (counts ->> 'scored')::int = $(wc -l <scores.ndjson) FROM rebut.runs"
expect 'metrics' grep -qx 'rebut_nightly_success 1' metrics.prom
expect_value 'reasons packed by lz4 where the server has it' t "SELECT bool_and(
        pg_column_compression(terms) = CASE WHEN 'lz4' = ANY (enumvals) THEN 'lz4' ELSE 'pglz' END)
    FROM rebut.scores, pg_settings WHERE name = 'default_toast_compression'"
scores_to first.txt

it 'writes nothing twice when nothing is new'
night --state state
expect_status 0
expect_log '"incremental":true'
expect_log '"scored":0,'
scores_to second.txt
expect_same first.txt second.txt
expect_queue queue.ndjson
expect_told

it 'tells all and writes nothing in a dry run'
cp state state.before
night --state state --dry-run --again
expect_status 0
expect_value 'two runs' 2 'SELECT count(*) FROM rebut.runs'
expect_same state state.before

it 'scores with the model in use, with one of the table, and with one of a file'
rm -f state state.1
value "SELECT document FROM rebut.models WHERE role = 'champion'" >model.json
id=$(value "SELECT model_id FROM rebut.models WHERE role = 'champion'")
for model in champion "$id" ./model.json; do
    night --model "$model" --as-of 2026-04-08
    expect_status 0
    "$REBUT" score --input events.ndjson --model model.json --as-of 2026-04-08 --quiet \
        --output then.ndjson
    [ "$model" != champion ] || { night --model champion --as-of 2026-04-08 --again && expect_scores then.ndjson; }
done
expect_value 'one champion' 1 "SELECT count(*) FROM rebut.models WHERE role = 'champion'"
night --model nowhere
expect_status 3
expect_log "no model 'nowhere' in rebut.models"
expect_told

# ---- events as they come in reality

# Late, twice, before their order, one id with other content and a later or an earlier time;
# in no order within a night.
awk '{
    night = 1 + int(NR / 3300); k = NR * 7919 % 97
    if (k < 6) night += 2                                    # late
    if (/"type":"order"/ && k >= 12 && k < 18) night += 1    # its order comes a night later
    if (night > 4) night = 4
    print NR * 104729 % 100003 "\t" $0 >("n" night)
    if (k >= 6 && k < 12) print NR * 1299709 % 100003 "\t" $0 >("n" (night < 4 ? night + 1 : 4))
    if (/"type":"(order|request)"/ && k >= 20 && k < 24 && sub(/"amount":/, "&1") &&
        (k < 22 ? sub(/\+08:00","/, ".5&") : sub(/T[0-9:]*\+08:00","/, "T00:00:00+08:00\",\"")))
        print NR * 15485863 % 100003 "\t" $0 >("n" (night < 4 ? night + NR % 2 : 4))
}' events.ndjson
for n in 1 2 3 4; do sort -n "n$n" | cut -f 2- >"night$n.ndjson"; done

# expected N ARGUMENT...: what the events of the first N nights give.
expected() {
    n=$1
    shift
    set -- --quiet "$@"
    for i in 1 2 3 4; do
        [ "$i" -gt "$n" ] || set -- "$@" --input "night$i.ndjson"
    done
    "$REBUT" score --output scores.ndjson "$@"
    "$REBUT" queue --output queue.ndjson "$@"
}

# compare WORDS ARGUMENT...: the same with and without the state file, last the former.
compare() {
    words=$1
    shift
    sql -c 'TRUNCATE rebut.scores'
    night --source-schema shop "$@" --again
    expect_status 0
    expect_scores scores.ndjson "$words, all read"
    scores_to all.txt
    sql -c 'TRUNCATE rebut.scores'
    night --source-schema shop --state state "$@" --again
    expect_status 0
    expect_scores scores.ndjson "$words, from the state"
    expect_queue queue.ndjson
    scores_to new.txt
    expect_same all.txt new.txt
    expect_told
}

bare_schema shop
sql -c "GRANT USAGE ON SCHEMA shop TO $engine" -c "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO $engine"

it 'equals the file in the first night'
fill shop night1.ndjson
expected 1
compare 'night 1'
expect_log '"incremental":false'

it 'equals the file when events come late, twice, changed, or before their order'
fill shop night2.ndjson
expected 2
compare 'night 2'
expect_log '"incremental":true'

it 'equals the file as of a time that the state is behind, and the night after it'
fill shop night3.ndjson
expected 3 --as-of 2026-03-25T12:00:00.000001Z
compare 'as of a time' --as-of 2026-03-25T12:00:00.000001Z
expect_log '"incremental":true'
expected 3
compare 'night 3'
expect_log '"incremental":true'

it 'equals the file as of a time that the state has passed, and the night after it'
expected 3 --as-of 2026-03-20 --since 2026-03-10
compare 'as of a time before' --as-of 2026-03-20 --since 2026-03-10
expect_log 'it knows what came after the time asked for'
expect_log '"incremental":false'

it 'does not lose what was written before a run and committed after it'
sed '400q' night4.ndjson >late.ndjson
sed '1,400d' night4.ndjson >rest.ndjson
mkfifo gate
fill_statements shop late.ndjson | sed 's/^COMMIT;/\\! cat gate\nCOMMIT;/' >slow.sql
(PGAPPNAME=slow && export PGAPPNAME && sql -f slow.sql >slow.out 2>&1) &
slow=$!
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'slow' AND
    state = 'idle in transaction' AND query LIKE '%verdicts%'"
fill shop rest.ndjson
night --source-schema shop --state state
expect_status 0
echo >gate
wait $slow
expected 4
compare 'night 4'
expect_log '"incremental":true'

it 'reads all when a table has no xid, and says so'
sql -c 'ALTER TABLE shop.prices DROP xid'
compare 'without xid'
expect_log "the tables have no column 'xid'"
expect_log '"incremental":false'
sql -c 'ALTER TABLE shop.prices ADD xid bigint DEFAULT 0'

# ---- one at a time

it 'refuses a second run, and says who is at work'
background holder "$engine" <<'end'
SET application_name = 'rebut nightly';
SELECT pg_advisory_lock(1919247989, 2);
SELECT pg_sleep(60);
end
wait_for "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
before=$(value 'SELECT count(*) FROM rebut.runs')
night
expect_status 75
expect_log "a nightly run is under way: backend "
expect_log "of user '$engine'"
expect_value 'no record of it' "$before" 'SELECT count(*) FROM rebut.runs'
night --dry-run
expect_status 0
expect_told
