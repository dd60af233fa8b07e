#!/bin/sh
# How near to bare COPY do reading and loading come?
#
#   store.sh BUILD [ORDERS]      1000000 when not said; ROUNDS=3; KEEP=FILE of events
#
# A cluster to throw away, the same columns, the same constraints and indexes.  What others
# do on the machine falls on time gone, so CPU seconds are told as well: of the server's
# processes and of ours.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
orders=${2:-1000000}
cd "$(dirname "$0")/.."
ROUNDS=${ROUNDS:-3}
TYPES='orders shipments deliveries prices contacts requests outcomes verdicts'
folder=$(mktemp -d)
PGHOST=$(tests/support/pg_tmp start)
PGUSER=postgres
export PGHOST PGUSER
trap 'tests/support/pg_tmp stop "$PGHOST"; rm -rf "$folder"' EXIT INT TERM

mkdir -p "$build/benchmarks"
compile=$(cut -d '|' -f 1 "$build/settings")
link=$(cut -d '|' -f 2 "$build/settings")
libraries=$(cut -d '|' -f 3 "$build/settings")
eval "$compile" -c benchmarks/ingest.c -o "$build/benchmarks/ingest.o"
eval "$link" -o "$build/benchmarks/ingest" "$build/benchmarks/ingest.o" "$build/librebut.a" \
    "$libraries"

sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

# CPU clock ticks of the backends that have ended, by the postmaster's account.
ticks() { awk '{ print $16 + $17 }' "/proc/$(head -n 1 "$PGHOST/data/postmaster.pid")/stat"; }

# timed WORDS COMMAND...
timed() {
    words=$1
    shift
    before=$(ticks)
    /usr/bin/env bash -c 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>"$0"' "$folder/said" "$@" \
        2>"$folder/time"
    [ ! -s "$folder/said" ] || cat "$folder/said" >&2
    sleep 0.2 # until the backend is gone
    after=$(ticks)
    awk -v words="$words" -v ticks=$((after - before)) '{
        printf "%-34s %7.2f s gone  %7.2f s CPU here  %7.2f s CPU server\n", words, $1, $2 + $3,
            ticks / 100 }' "$folder/time"
}

# columns TABLE [all]: what is read, or all that is loaded.
columns() {
    sql -c "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = 'rebut.$1'::regclass AND attnum > 0 AND attname <> 'xid'
               AND ('${2:-}' = 'all' OR attname NOT IN ('title', 'tracking_id', 'weight_g', 'digest'))"
}

bare_out() {
    for table in $TYPES; do
        printf '%s\n' "\\copy (SELECT $(columns "$table") FROM rebut.$table) TO '/dev/null' (FORMAT BINARY)"
    done >"$folder/out.sql"
}

bare_in() {
    for table in $TYPES; do
        sql -c "\\copy rebut.$table ($(columns "$table" all)) TO '$folder/$table' (FORMAT BINARY)"
        printf '%s\n' "\\copy rebut.$table ($(columns "$table" all)) FROM '$folder/$table' (FORMAT BINARY)"
    done >"$folder/in.sql"
}

events=${KEEP:-$folder/events.ndjson}
[ -s "$events" ] || "$build/rebut" simulate --orders "$orders" --seed 1 --output "$events"
new() {
    sql -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS shop' -c 'CREATE DATABASE shop'
    PGDATABASE=shop
    export PGDATABASE
    "$build/rebut" migrate 2>/dev/null
}
round=0
while [ $round -lt "$ROUNDS" ]; do
    round=$((round + 1))
    new
    timed 'load' "$build/rebut" load --input "$events" --quiet
    [ -s "$folder/in.sql" ] || { bare_out && bare_in; }
    timed 'bare COPY out' psql -Xq -f "$folder/out.sql"
    timed 'ingest from the store' "$build/benchmarks/ingest" -d ''
    timed 'ingest from the file' "$build/benchmarks/ingest" "$events"
    timed 'load again' "$build/rebut" load --input "$events" --quiet
    new
    timed 'bare COPY in' psql -Xq -f "$folder/in.sql"
done
