#!/bin/sh
# How many events a second does `rebut stream` take from Kafka, its scores into PostgreSQL?
#
#   stream_kafka.sh BUILD ORDERS ROUNDS [STREAM...]    day, thin (default)
#
# The events are those of stream.sh ORDERS (its `day`, scored as it comes, and its `thin`, with
# about 5 % of the events scored), keyed by buyer, in a topic of a real Apache Kafka before the
# clock runs.  Broker, database (fsync on) and workers share the machine and its cores.
#
#   WORKERS    (1 2) how many workers share the topic's partitions
#   PARTITIONS (4)
#   FOLDER     of the events, kept and used again; default: a temporary one
#
# The rate is that of stored positions, from the first commit seen to the last, and `from start`
# has the start of the workers, the night and the group's first meeting in it.  CPU seconds are of
# workers, broker and database each.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
orders=${2:?is the number of orders}
rounds=${3:?is the number of rounds}
shift 3
[ $# -gt 0 ] || set -- thin
cd "$(dirname "$0")/.."
top=$(pwd)
rebut=$build/rebut
topic=$build/tests/programs/stream_topic
[ -x "$topic" ] || { echo "stream_kafka.sh: no '$topic'; 'make programs' builds it" >&2 && exit 1; }

temporary=$(mktemp -d)
FOLDER=${FOLDER:-$temporary}
export FOLDER
benchmarks/stream.sh "$build" "$orders" 1 data

broker='' PGHOST='' workers=''
finish() {
    cd /
    for worker in $workers; do kill -9 "$worker" 2>/dev/null || :; done
    [ -z "$broker" ] || "$top/tests/kafka/broker" stop "$broker"
    [ -z "$PGHOST" ] || "$top/tests/support/pg_tmp" stop "$PGHOST"
    rm -rf "$temporary"
}
trap finish EXIT
trap 'exit 1' INT TERM
broker=$(tests/kafka/broker start)
kafka=$(cat "$broker/bootstrap")
PGHOST=$(tests/support/pg_tmp start)
PGUSER=postgres
export PGHOST PGUSER
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
sql -d postgres -c "ALTER SYSTEM SET fsync = on" -c "ALTER SYSTEM SET synchronous_commit = on" \
    -c "ALTER SYSTEM SET full_page_writes = on" -c "SELECT pg_reload_conf()" >/dev/null
PGDATABASE=$(tests/support/pg_tmp database "$PGHOST")
export PGDATABASE
sql -c 'CREATE ROLE worker LOGIN IN ROLE rebut_engine'
postmaster=$(head -n 1 "$PGHOST/data/postmaster.pid")

# keyed STREAM: each event with the buyer of its order in front.
keyed() {
    awk -F'"' '
        function value(name,  i) { for (i = 1; i < NF; i++) if ($i == name) return $(i + 2); return "" }
        {
            order = value("order_id"); request = value("request_id"); type = value("type")
            if (type == "order") buyer[order] = value("buyer_id")
            if (type == "request") of[request] = order
            if (order == "") order = of[request]
        }
        FNR != NR && type != "price" { sub(/^\{/, "{\"buyer\":\"" buyer[order] "\","); print }
    ' "$FOLDER/history.ndjson" "$FOLDER/$1.ndjson"
}

# ticks PID...: clock ticks of CPU that they have used.
ticks() {
    for process in "$@"; do cat "/proc/$process/stat" 2>/dev/null || :; done | awk '{ sum += $14 + $15 } END { print sum + 0 }'
}
# Ended sessions are in their parent's account.
database_ticks() {
    ended=$(awk '{ print $16 + $17 }' "/proc/$postmaster/stat")
    # shellcheck disable=SC2046
    echo $((ended + $(ticks "$postmaster" $(pgrep -P "$postmaster"))))
}

# measure STREAM COUNT LINES: COUNT workers, until all LINES are done.
measure() {
    group=$1.$2.$(date +%s%N)
    broker_before=$(ticks "$(cat "$broker/pid")") database_before=$(database_ticks)
    began=$(date +%s%N)
    workers=''
    for _ in $(seq "$2"); do
        PGUSER=worker "$rebut" stream --model "$FOLDER/model.json" --night "$FOLDER/night" --from kafka --store '' \
            --stream "$group" --group "$group" --topic "$1" --kafka-config "$temporary/kafka.conf" --quiet &
        workers="$workers $!"
    done
    # One session looks every 10 ms and says when and how far.
    sql -v stream="$group" -v lines="$3" -f "$temporary/watch.sql" >"$temporary/seen"
    # shellcheck disable=SC2086
    worker_ticks=$(ticks $workers)
    broker_ticks=$(($(ticks "$(cat "$broker/pid")") - broker_before))
    database_ticks=$(($(database_ticks) - database_before))
    # shellcheck disable=SC2086
    kill -TERM $workers
    for worker in $workers; do wait "$worker"; done
    workers=''
    scores=$(sql -v stream="$group" <<'end'
SELECT count(*) FROM rebut.stream_scores WHERE stream = :'stream'
end
)
    awk -F'|' -v stream="$1" -v workers="$2" -v began="$began" -v scores="$scores" \
        -v w="$worker_ticks" -v b="$broker_ticks" -v d="$database_ticks" '
        NR == 1 { at = $1; done = $2 }
        END {
            printf "%-5s %d worker(s): %9.0f events/s, %9.0f from start; %d scores; CPU s: workers %.1f, broker %.1f, database %.1f\n",
                stream, workers, ($2 - done) / ($1 - at), $2 / ($1 - began / 1e9), scores, w / 100, b / 100, d / 100
        }' "$temporary/seen"
}

printf 'bootstrap.servers=%s\n' "$kafka" >"$temporary/kafka.conf"
cat >"$temporary/watch.sql" <<'end'
CREATE TEMP TABLE seen (at timestamptz, done bigint);
SELECT set_config('watch.stream', :'stream', false), set_config('watch.lines', :'lines', false) \g /dev/null
DO $$
DECLARE
    count bigint := 0;
    before bigint := 0;
    began timestamptz := clock_timestamp();
BEGIN
    WHILE before < current_setting('watch.lines')::bigint LOOP
        PERFORM pg_sleep(0.01);
        COMMIT;
        SELECT coalesce(sum(major + 1), 0) INTO count FROM rebut.stream_positions
        WHERE stream = current_setting('watch.stream') AND major >= 0;
        IF count > before THEN
            INSERT INTO seen VALUES (clock_timestamp(), count);
            before := count;
        ELSIF clock_timestamp() > began + interval '10 minutes' THEN
            RAISE 'only % events are done after ten minutes', count;
        END IF;
    END LOOP;
END $$;
SELECT extract(epoch FROM at), done FROM seen ORDER BY at;
end
for stream in "$@"; do
    "$topic" "$kafka" "$stream" create "${PARTITIONS:-4}"
    keyed "$stream" >"$temporary/keyed"
    lines=$(wc -l <"$temporary/keyed")
    "$topic" "$kafka" "$stream" produce <"$temporary/keyed"
    rm "$temporary/keyed"
    echo "$stream: $lines events, load $(cut -d ' ' -f 1 /proc/loadavg)"
    for _ in $(seq "$rounds"); do
        for count in ${WORKERS:-1 2}; do measure "$stream" "$count" "$lines"; done
    done
done
