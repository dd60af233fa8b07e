#!/bin/sh
# How many events a second does `rebut stream` take from Kafka, its scores into PostgreSQL?
#
#   stream_kafka.sh BUILD ORDERS ROUNDS [STREAM...]    day, thin (default)
#
# The events are those of stream.sh ORDERS (its `day`, scored as it comes, and its `thin`, with
# about 5 % of the events scored), keyed by buyer, in a topic of a real Apache Kafka.  Workers
# take its partitions, are stopped while it is filled, and go on together: the clock runs from then
# to the commit of the last position.  Broker, database (fsync on) and workers share the machine
# and its cores.
#
#   WORKERS    (1 2) how many workers share the topic's partitions
#   PARTITIONS (4)
#   FOLDER     of the events, kept and used again; default: a temporary one
#
# CPU seconds are of workers, broker and database each, in that time.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
orders=${2:?is the number of orders}
rounds=${3:?is the number of rounds}
shift 3
PARTITIONS=${PARTITIONS:-4}
[ $# -gt 0 ] || set -- thin
cd "$(dirname "$0")/.."
top=$(pwd)
rebut=$build/rebut
kafka_client=$build/tests/programs/stream_topic
[ -x "$kafka_client" ] || { echo "stream_kafka.sh: no '$kafka_client'; 'make programs' builds it" >&2 && exit 1; }

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

# Every partition is somebody's, and nothing has changed for two seconds.
settled() {
    before='' quiet=0
    for _ in $(seq 600); do
        epochs=$(sql -v stream="$topic" <<'end'
SELECT count(*), sum(epoch) FROM rebut.stream_positions WHERE stream = :'stream'
end
        )
        quiet=$((quiet + 1))
        [ "$epochs" = "$before" ] || quiet=0
        [ $quiet -lt 20 ] || [ "${epochs%|*}" != "$PARTITIONS" ] || return 0
        before=$epochs
        sleep 0.1
    done
    echo "stream_kafka.sh: the partitions found no workers ($epochs)" >&2
    exit 1
}

# measure STREAM COUNT LINES: COUNT workers, until all LINES are done.
measure() {
    topic=$1.$2.$(date +%s%N)
    "$kafka_client" "$kafka" "$topic" create "$PARTITIONS"
    workers=''
    for _ in $(seq "$2"); do
        PGUSER=worker "$rebut" stream --model "$FOLDER/model.json" --night "$FOLDER/night" --from kafka --store '' \
            --stream "$topic" --group "$topic" --topic "$topic" --kafka-config "$temporary/kafka.conf" --quiet &
        workers="$workers $!"
    done
    settled
    # They sleep while the topic is filled.
    # shellcheck disable=SC2086
    kill -STOP $workers
    "$kafka_client" "$kafka" "$topic" produce <"$temporary/keyed" 2>/dev/null
    # shellcheck disable=SC2086
    before=$(ticks $workers) broker_before=$(ticks "$(cat "$broker/pid")") database_before=$(database_ticks)
    began=$(date +%s%N)
    # shellcheck disable=SC2086
    kill -CONT $workers
    ended=$(sql -v stream="$topic" -v lines="$3" -f "$temporary/watch.sql")
    # shellcheck disable=SC2086
    worker_ticks=$(($(ticks $workers) - before))
    broker_ticks=$(($(ticks "$(cat "$broker/pid")") - broker_before))
    database_ticks=$(($(database_ticks) - database_before))
    # shellcheck disable=SC2086
    kill -TERM $workers
    for worker in $workers; do wait "$worker"; done
    workers=''
    scores=$(sql -v stream="$topic" <<'end'
SELECT count(*) FROM rebut.stream_scores WHERE stream = :'stream'
end
    )
    awk -v stream="$1" -v workers="$2" -v lines="$3" -v began="$began" -v ended="$ended" -v scores="$scores" \
        -v w="$worker_ticks" -v b="$broker_ticks" -v d="$database_ticks" 'BEGIN {
            printf "%-5s %d worker(s): %9.0f events/s; %d scores stored; CPU s: workers %.2f, broker %.2f, database %.2f\n",
                stream, workers, lines / (ended - began / 1e9), scores, w / 100, b / 100, d / 100
        }'
}

printf '%s\n' "bootstrap.servers=$kafka" heartbeat.interval.ms=300 >"$temporary/kafka.conf"
# One session looks every 20 ms and says when all was done.
cat >"$temporary/watch.sql" <<'end'
SELECT set_config('watch.stream', :'stream', false), set_config('watch.lines', :'lines', false) \g /dev/null
DO $$
DECLARE
    began CONSTANT timestamptz := clock_timestamp();
BEGIN
    WHILE (SELECT sum(major + 1) FROM rebut.stream_positions
           WHERE stream = current_setting('watch.stream') AND major >= 0)
          IS DISTINCT FROM current_setting('watch.lines')::bigint LOOP
        IF clock_timestamp() > began + interval '10 minutes' THEN
            RAISE 'not all events are done after ten minutes';
        END IF;
        PERFORM pg_sleep(0.02);
        COMMIT;
    END LOOP;
END $$;
SELECT extract(epoch FROM clock_timestamp());
end
for stream in "$@"; do
    keyed "$stream" >"$temporary/keyed"
    lines=$(wc -l <"$temporary/keyed")
    echo "$stream: $lines events, load $(cut -d ' ' -f 1 /proc/loadavg)"
    for _ in $(seq "$rounds"); do
        for count in ${WORKERS:-1 2}; do measure "$stream" "$count" "$lines"; done
    done
done
