#!/bin/sh
# How near to bare COPY does a night of `rebut nightly` come, and how far behind are an
# expert's pandas by read_sql and the same features in SQL?
#
#   nightly.sh BUILD [ORDERS [ROUNDS [PEER...]]]      1000000, 3; PEER: pandas, sql
#
# A cluster to throw away (nightly.conf), the events of `rebut simulate`, and in every round,
# in turns:
#   copy         bare COPY BINARY: out of the very columns that rebut reads, taken from the
#                server's log, and in of the same scores into a like table; one connection
#   out, in      its two halves, told apart as well
#   copy_lz4     the same with long texts packed as rebut nightly asks for it
#   full         rebut nightly: all is read, fitted, scored, written
#   champion     the same without fitting: the model in use judges
#   incremental  the same from yesterday's state file and the last hundredth of the events
#   pandas, sql  nightly_pandas.py, nightly.sql
# EVENTS names a file of events; FIGURES gets JSON lines.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
orders=${2:-1000000}
rounds=${3:-3}
if [ $# -gt 3 ]; then shift 3; else set --; fi
cd "$(dirname "$0")/../.."
here=benchmarks/peers
PYTHON=${PYTHON:-/usr/bin/python3}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
FIGURES=${FIGURES:-/dev/null}

folder=$(mktemp -d)
chmod 755 "$folder"
PG_TMP_SETTINGS=$here/nightly.conf
export PG_TMP_SETTINGS
PGHOST=$(tests/support/pg_tmp start)
PGUSER=postgres PGDATABASE=shop
export PGHOST PGUSER PGDATABASE
trap 'tests/support/pg_tmp stop "$PGHOST"; rm -rf "$folder"' EXIT INT TERM

sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
say() { echo "$*" >&2; }

# timed NAME COMMAND...
timed() {
    name=$1
    shift
    PGDATA=$PGHOST/data "$PYTHON" $here/timed.py "$name" "$orders" "$@" >>"$folder/runs"
    tail -n 1 "$folder/runs"
}

# Nothing is scored yet.
clear_scores() {
    sql -c 'SET client_min_messages = warning' \
        -c 'TRUNCATE rebut.scores, rebut.queue_slots, rebut.groups' \
        -c 'UPDATE rebut.runs SET model_id = NULL' -c 'DELETE FROM rebut.models' \
        -c 'CHECKPOINT'
}

# ---- the tables: 99 of 100 events, a state file, then the rest ----

events=${EVENTS:-$folder/events.ndjson}
[ -n "${EVENTS:-}" ] ||
    "$build/rebut" simulate --orders "$orders" --seed 1 --output "$events"
lines=$(wc -l <"$events")
sql -d postgres -c 'CREATE DATABASE shop'
"$build/rebut" migrate 2>/dev/null
old=$((lines - lines / 100))
head -n $old "$events" | timed load_99 "$build/rebut" load --input - --quiet
sql -c 'VACUUM ANALYZE'
"$build/rebut" nightly --state "$folder/yesterday" --quiet
tail -n +$((old + 1)) "$events" | timed load_1 "$build/rebut" load --input - --quiet
sql -c 'VACUUM ANALYZE'
[ -n "${EVENTS:-}" ] || rm "$events"

# ---- what a bare COPY of the same would be ----

clear_scores
PGOPTIONS='-c log_statement=all' "$build/rebut" nightly --quiet
sed -n 's/.*statement: COPY \((SELECT .*)\) TO STDOUT (FORMAT BINARY).*/\\copy \1 TO '"'\/dev\/null'"' (FORMAT BINARY)/p' \
    "$PGHOST/data/server.log" >"$folder/out.sql"
[ "$(wc -l <"$folder/out.sql")" = 8 ] || { say 'expected eight statements in the log'; exit 1; }
# A table of its own with the same constraints and indexes as a month's partition.
month=$(sql -c "SELECT c.oid::regclass FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
                 WHERE inhparent = 'rebut.scores'::regclass AND
                       EXISTS (SELECT FROM rebut.scores s WHERE s.tableoid = c.oid)")
sql -c "CREATE TABLE public.scores_bare (LIKE $month INCLUDING ALL)" \
    -c "\\copy $month TO '$folder/scores' (FORMAT BINARY)"
printf '%s\n' "\\copy public.scores_bare FROM '$folder/scores' (FORMAT BINARY)" >"$folder/in.sql"
cat "$folder/out.sql" "$folder/in.sql" >"$folder/copy.sql"
{ echo "SET default_toast_compression = 'lz4';" && cat "$folder/copy.sql"; } >"$folder/copy_lz4.sql"

sql -F ' ' -c "SELECT 'requests scored', count(*) FROM $month" \
    -c "SELECT relname, reltuples::bigint, pg_size_pretty(pg_table_size(oid)) FROM pg_class
         WHERE relnamespace = 'rebut'::regnamespace AND relname IN ('orders', 'shipments',
               'deliveries', 'prices', 'contacts', 'requests', 'outcomes', 'verdicts')"
ls -l "$folder/scores" | awk '{ printf "scores %.1f MB, ", $5 / 1e6 }'
ls -l "$folder/yesterday" | awk '{ printf "state file %.1f MB\n", $5 / 1e6 }'

# ---- rounds ----

peer() {
    case $1 in
    pandas) timed pandas "$PYTHON" $here/nightly_pandas.py ;;
    sql) timed sql psql -Xq -v ON_ERROR_STOP=1 -f $here/nightly.sql ;;
    *) say "expected pandas or sql, got '$1'" && exit 2 ;;
    esac
    sql -c 'SET client_min_messages = warning' -c 'DROP SCHEMA IF EXISTS peer CASCADE'
}

round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    for half in copy out in copy_lz4; do
        sql -c 'TRUNCATE public.scores_bare' -c 'CHECKPOINT'
        timed $half psql -Xq -v ON_ERROR_STOP=1 -f "$folder/$half.sql"
    done
    clear_scores
    timed full "$build/rebut" nightly --quiet
    sql -c 'TRUNCATE rebut.scores, rebut.queue_slots, rebut.groups' -c 'CHECKPOINT'
    timed champion "$build/rebut" nightly --model champion --quiet
    clear_scores
    cp "$folder/yesterday" "$folder/today"
    timed incremental "$build/rebut" nightly --state "$folder/today" --quiet
    for name in "$@"; do
        peer "$name"
    done
done
cat "$folder/runs" >>"$FIGURES"
"$PYTHON" $here/timed.py --summary "$folder/runs" copy clock

# ---- memory: the target, from what is in the tables ----

peak=$(awk -F '"peak_mb": ' '/"full"/ { if ($2 + 0 > most) most = $2 + 0 } END { print most }' \
    "$folder/runs")
sql -F ' ' -c "SELECT count(*), count(DISTINCT buyer_id), sum(octet_length(order_id))
                 FROM rebut.orders" |
    awk -v peak="$peak" '{ rest = peak * 1e6 - $3
        printf "%d orders, %d buyers, ids %.1f bytes; full peaks at %.0f MB: ", $1, $2, $3 / $1, peak
        printf "%.0f bytes an order beside its id where 96 + 200 a buyer is %.0f\n",
            rest / $1, 96 + 200 * $2 / $1 }'
