# What the tests of 'rebut nightly' share, beside tests/db/lib.sh.
#
#     night ARGUMENT...           rebut nightly as $NIGHT_AS (default: the superuser);
#                                 keeps $status; its log is in $ERR
#     again ARGUMENT...           the same until no earlier session holds the lock
#     expect_log MEMBER VALUE     a log line has it: '"event":"read"', '"incremental":true'
#     expect_told                 every log line is JSON, and nothing of buyers is in them,
#                                 in the records of runs, or in the file $METRICS
#     expect_scores FILE [WORDS]  rebut.scores of the last run are what is in FILE, NDJSON of
#                                 'rebut score', and their order
#     expect_queue FILE           the same of rebut.queue_slots and 'rebut queue'
#     scores_to FILE              all of rebut.scores but the run, to the last bit
#     bare_schema NAME            eight tables of our columns without any constraint
#     fill NAME FILE              events of a file into such a schema, as they are, in one
#                                 transaction
#     wire RULE…                  a proxy with faults (tests/support/pg_proxy) before the
#                                 server: --store "host=$PWD/wire"
#     unplug                      ends it
NIGHT_AS=postgres

night() {
    run as "$NIGHT_AS" "$REBUT" nightly "$@"
}

# A killed client's server process lives until it notices.
again() {
    night_tries=0
    while night "$@"; [ "$status" = 75 ] && grep -q 'a nightly run ' "$ERR"; do
        night_tries=$((night_tries + 1))
        [ $night_tries -lt 300 ] || break
        sleep 0.1
    done
}

expect_log() {
    grep -qF -e "$1" "$ERR" && return
    fail "expected $1 in the log"
    lib_show stderr "$ERR"
}

# Ids of the simulator, and words that buyers wrote in it.
night_private="[^a-z0-9_][obr][0-9]{8,}|[^a-z0-9_][dap][0-9a-f]{10}[^0-9a-f]|家里|在吗"

expect_told() {
    cat "$ERR" >>all.log
    sed 's/\\/\\\\/g' "$ERR" >log.json
    sql -c 'CREATE TEMP TABLE log (line json)' -c "\\copy log from 'log.json'" \
        -c "SELECT count(line ->> 'event') FROM log" >log.out 2>&1 ||
        { fail 'expected every log line to be JSON' && lib_show log "$ERR"; }
    value "SELECT r::text FROM rebut.runs r" >runs.txt 2>/dev/null
    cat "$ERR" runs.txt ${METRICS:+"$METRICS"} >told.txt 2>/dev/null
    ! grep -Eq "${1:-$night_private}" told.txt ||
        { fail 'expected nothing of buyers' && grep -E "${1:-$night_private}" told.txt | head -n 3; }
}

# The file has 14 decimals, or 15 digits, of each number; of conformal_q 6 digits.  They
# are made by one multiplication, so the last may be off a little more than by half.
expect_scores() {
    cat >compare.sql <<'end'
\set ON_ERROR_STOP 1
SET extra_float_digits = 1;
CREATE FUNCTION pg_temp.near(x double precision, j json, ulp numeric DEFAULT 1e-14)
RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN x IS NULL OR j::text = 'null' THEN x IS NULL AND j::text = 'null'
        ELSE abs(x::text::numeric - j::text::numeric) <=
             0.6 * ulp * greatest(1, abs(x::text::numeric)) END $$;
CREATE TEMP TABLE file (j json);
\copy file from 'file.tsv'
CREATE TEMP VIEW here AS SELECT s.* FROM rebut.scores s JOIN (
    SELECT model_id, as_of FROM rebut.runs WHERE state = 'done' ORDER BY run_id DESC LIMIT 1) r
    USING (model_id, as_of);
SELECT count(*) FROM file;
SELECT 'row ' || coalesce((j ->> 'rank'), h.rank::text) FROM here h
    FULL JOIN file ON j ->> 'request_id' = h.request_id WHERE (
    h.rank::text = j ->> 'rank' AND h.order_id = j ->> 'order_id' AND
    h.buyer_id = j ->> 'buyer_id' AND h.merchant_id = j ->> 'merchant_id' AND
    h.requested_at = (j ->> 'requested_at')::timestamptz AND
    h.amount = (j ->> 'amount')::bigint AND pg_temp.near(h.probability, j -> 'probability') AND
    pg_temp.near(h.low, j -> 'interval' -> 0) AND pg_temp.near(h.high, j -> 'interval' -> 1) AND
    pg_temp.near(h.q_value, j -> 'q_value') AND pg_temp.near(h.conformal_q, j -> 'conformal_q', 1e-6) AND
    h.answer = j ->> 'answer' AND pg_temp.near(h.expected_recovery, j -> 'expected_recovery') AND
    pg_temp.near(h.log_odds, j -> 'log_odds') AND h.terms::text = (j -> 'terms')::text AND
    to_json(h.notes)::text = (j -> 'notes')::text AND h.model_id = j ->> 'model' AND
    h.as_of = (j ->> 'as_of')::timestamptz) IS NOT TRUE LIMIT 5;
end
    sed 's/\\/\\\\/g' "$1" >file.tsv
    sql -f compare.sql >compare.out 2>&1
    [ "$(cat compare.out)" = "$(wc -l <"$1")" ] && [ -s "$1" ] && return
    fail "expected in rebut.scores what is in $1${2:+ ($2)}"
    lib_show comparison compare.out
}

expect_queue() {
    value "SELECT json_agg(json_build_array(slot, q.request_id, selection,
        round(propensity::numeric, 11)) ORDER BY slot)
        FROM rebut.queue_slots q WHERE run_id = (SELECT max(run_id) FROM rebut.runs
        WHERE state = 'done')" | tr -d ' \n' >slots.txt
    sed 's/\\/\\\\/g' "$1" >file.tsv
    sql -c 'CREATE TEMP TABLE file (j json)' -c "\\copy file from 'file.tsv'" \
        -c "SELECT json_agg(json_build_array((j ->> 'slot')::int, j ->> 'request_id',
            j ->> 'selection', round((j ->> 'propensity')::double precision::numeric, 11))
            ORDER BY (j ->> 'slot')::int) FROM file" | tr -d ' \n' >queue.txt
    expect_same queue.txt slots.txt
    expect 'a queue' test -s slots.txt
}

scores_to() {
    value "SET extra_float_digits = 1; SELECT to_jsonb(s) - 'run_id' - 'terms', terms::text
        FROM rebut.scores s ORDER BY as_of, model_id, rank, request_id" >"$1"
}

night_tables='orders shipments deliveries prices contacts requests outcomes verdicts'

bare_schema() {
    {
        echo "CREATE SCHEMA $1;"
        for night_table in $night_tables; do
            echo "CREATE TABLE $1.$night_table AS SELECT * FROM rebut.$night_table WITH NO DATA;"
            echo "ALTER TABLE $1.$night_table ALTER xid SET DEFAULT
                      pg_current_xact_id()::text::bigint;"
        done
    } >bare.sql
    sql -f bare.sql || exit 1
}

fill_statements() {
    sed 's/\\/\\\\/g' "$2" >"$2.tsv"
    echo 'BEGIN; CREATE TEMP TABLE file (n bigserial, j json) ON COMMIT DROP;'
    printf '%s\n' "\\copy file (j) from '$2.tsv'"
    for night_table in $night_tables; do
        case $night_table in
        deliveries) night_type=delivery ;;
        *) night_type=${night_table%s} ;;
        esac
        echo "INSERT INTO $1.$night_table SELECT r.* FROM (SELECT * FROM file
            WHERE j ->> 'type' = '$night_type' ORDER BY n) f,
            json_populate_record(NULL::$1.$night_table, jsonb_set(f.j::jsonb, '{xid}',
            to_jsonb(pg_current_xact_id()::text::bigint))::json) r;"
    done
    echo 'COMMIT;'
}

fill() {
    fill_statements "$@" >fill.sql
    sql -f fill.sql || fail "cannot fill $1"
}

wire() {
    mkdir -p wire
    "$TOP/tests/support/pg_proxy" wire "$PGHOST" "$@" &
    proxy=$!
    tries=0
    until [ -S wire/.s.PGSQL.5432 ] || [ $tries -gt 500 ]; do tries=$((tries + 1)) && sleep 0.01; done
}

unplug() {
    kill $proxy
    wait $proxy 2>/dev/null
    rm -rf wire
}
