#!/bin/sh
# What does `rebut stream` do in a second, how soon does it answer, what does it hold?
#
#   stream.sh BUILD ORDERS ROUNDS [rate] [ping] [pace] [memory] [recovery]; all when none is named;
#   stream.sh BUILD ORDERS ROUNDS data      only makes the events and the night
#
# `rebut simulate` makes ORDERS orders (base, seed 1) over 120 days; the night is as of the
# 61st, the stream is what comes after: `day`, scored as it comes, and `thin`, with about 5 %
# of the events scored (stream_thin.awk).
#
#   rate      events a second of one core from standard input, beside parsing alone and
#             peers/stream.mjs and .py, in turns (stream_rates.py)
#   ping      a request is written alone: time to its answer, through pipes, beside pipes without work
#   pace      RATE events a second are due (100000), SECONDS long (20), with a snapshot every 2 s:
#             time from when a request was due to its answer (an open loop)
#   memory    resident bytes an event, from 10^6 and 4 * 10^6 events (MEMORY), and a buyer, from
#             10^6 orders of 10^5 and of 10^6 buyers
#   recovery  from the start to the first answer: over nights of RECOVERY orders (1000000;
#             10000000 takes minutes and some GB) without and with their images, and from a
#             partition's snapshot
#
#   FOLDER    of the events, kept and used again; default: a temporary one
#   PYTHON    (/usr/bin/python3) with orjson, if it may be; NODE (node)
#   BEFORE    put before each measured command of ping and pace, such as 'chrt -f 1' where other
#             work is on the machine
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
orders=${2:?is the number of orders}
rounds=${3:?is the number of rounds}
shift 3
[ $# -gt 0 ] || set -- rate ping pace memory recovery
cd "$(dirname "$0")/.."
here=benchmarks
# shellcheck source=benchmarks/lib.sh
. "$here/lib.sh"
rebut=$build/rebut
client=$build/benchmarks/stream_client
night=2026-05-01T00:00:00+08:00
FIGURES=${FIGURES:-/dev/null}
PYTHON=${PYTHON:-/usr/bin/python3}
export FIGURES PYTHON PYTHONDONTWRITEBYTECODE=1

folder=${FOLDER:-}
[ -n "$folder" ] || {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT INT TERM
}

# split FILE TIME: the lines up to TIME to history, those after to day.
split() {
    awk -F'"' -v t="$2" -v before="$folder/history.ndjson" -v after="$folder/day.ndjson" '
        { for (i = 1; i < NF; i++) if ($i == "at") { print >($(i + 2) > t ? after : before); break } }' "$1"
}

# A night: FILE TIME.  It is scored by the model of the first.
keep_night() {
    [ -e "$folder/model.json" ] ||
        "$rebut" fit --input "$1" --as-of "$2" --output "$folder/model.json" --quiet
    "$rebut" score --input "$1" --as-of "$2" --model "$folder/model.json" --keep "$3" --quiet --output /dev/null
}

prepare() {
    [ ! -e "$folder/thin.ndjson" ] || return 0
    "$rebut" simulate --orders "$orders" --seed 1 --output "$folder/events.ndjson"
    split "$folder/events.ndjson" $night
    rm "$folder/events.ndjson"
    keep_night "$folder/history.ndjson" $night "$folder/night"
    awk -F'"' -v keep=0.6 -f "$here/stream_thin.awk" "$folder/day.ndjson" "$folder/day.ndjson" >"$folder/thin"
    mv "$folder/thin" "$folder/thin.ndjson"
}

run_rate() {
    "$PYTHON" "$here/stream_rates.py" "$build" "$folder" $night "$rounds" day thin
}

# ping WORDS COMMAND...: in turns with what pipes alone cost.
ping() {
    echo "$1"
    shift
    # shellcheck disable=SC2086
    ${BEFORE:-} "$client" ping "${PINGS:-2000}" "$folder/day.ndjson" "$@"
}

run_ping() {
    for round in $(seq "$rounds"); do
        ping 'pipes alone:' "$client" echo
        ping 'rebut stream:' "$rebut" stream --model "$folder/model.json" --night "$folder/night" --quiet
    done
}

run_pace() {
    for snapshots in no yes; do
        rm -rf "$folder/state"
        mkdir "$folder/state"
        keep=
        [ $snapshots = no ] || keep="--state $folder/state --snapshot-every 2s"
        echo "snapshots: $snapshots"
        # shellcheck disable=SC2086
        ${BEFORE:-} "$client" pace "${RATE:-100000}" "${SECONDS_LONG:-20}" "$folder/day.ndjson" "$rebut" stream \
            --model "$folder/model.json" --night "$folder/night" --quiet $keep
    done
}

# A night of one minute, and all else a stream.
run_memory() {
    first=2026-03-01T02:00:00+08:00
    most=$(printf '%s\n' ${MEMORY:-1000000 4000000} | sort -n | tail -n 1)
    "$rebut" simulate --orders $((most / 3)) --seed 2 --output "$folder/all.ndjson"
    head -n "$most" "$folder/all.ndjson" >"$folder/most.ndjson"
    rm "$folder/all.ndjson"
    awk -F'"' -v t=$first '{ for (i = 1; i < NF; i++) if ($i == "at") { if ($(i + 2) > t) exit; print; break } }' \
        "$folder/most.ndjson" >"$folder/minute.ndjson"
    keep_night "$folder/minute.ndjson" $first "$folder/minute"
    for events in 0 ${MEMORY:-1000000 4000000}; do
        head -n "$events" "$folder/most.ndjson" >"$folder/some.ndjson"
        buyers=$(awk -F'"' '$4 == "order" && !($16 in seen) { seen[$16]; n++ } END { print n + 0 }' "$folder/some.ndjson")
        "$PYTHON" "$here/peers/timed.py" "$events events, $buyers buyers" "$events" "$rebut" stream --model "$folder/model.json" \
            --night "$folder/minute" --quiet <"$folder/some.ndjson"
    done
    # As many orders of ten times as many buyers.
    for buyers in 100000 1000000; do
        "$PYTHON" "$here/stream_buyers.py" 1000000 $buyers >"$folder/some.ndjson"
        "$PYTHON" "$here/peers/timed.py" "1000000 orders, $buyers buyers" 1000000 "$rebut" stream --model "$folder/model.json" \
            --night "$folder/minute" --quiet <"$folder/some.ndjson"
    done
    rm -f "$folder"/most.ndjson "$folder"/some.ndjson "$folder"/minute*
}

run_recovery() {
    printf '%s\n' \
        '{"type":"order","at":"2030-01-01T00:00:00Z","order_id":"new","buyer_id":"b","merchant_id":"m00001","sku_id":"m00001-s00","category":"food.snack","channel":"shelf","amount":1000}' \
        '{"type":"request","at":"2030-01-02T00:00:00Z","request_id":"new","order_id":"new","kind":"refund_only","reason":"quality","amount":1000}' \
        >"$folder/request.ndjson"
    for count in ${RECOVERY:-1000000}; do
        [ -e "$folder/night.$count" ] || {
            "$rebut" simulate --orders "$count" --seed 1 |
                "$rebut" score --input - --model "$folder/model.json" --keep "$folder/night.$count" --quiet --output /dev/null
        }
        for image in none cold $(seq "$rounds"); do
            case $image in
            none) rm -f "$folder/night.$count.image" && echo "a night of $count orders, scored anew and kept:" ;;
            cold)
                sync && dd if="$folder/night.$count.image" iflag=nocache count=0 status=none
                echo "a night of $count orders, mapped from the disk:"
                ;;
            *) echo "a night of $count orders, mapped:" ;;
            esac
            "$client" first "$folder/request.ndjson" "$rebut" stream --model "$folder/model.json" \
                --night "$folder/night.$count" --quiet
        done
        ls -l "$folder/night.$count" "$folder/night.$count.image"
    done
    # A stop and a new start with what was kept of the whole day; the input is read again and passed over.
    rm -rf "$folder/state"
    mkdir "$folder/state"
    "$rebut" stream --model "$folder/model.json" --night "$folder/night" --state "$folder/state" --quiet \
        <"$folder/day.ndjson" >/dev/null
    cat "$folder/day.ndjson" "$folder/request.ndjson" >"$folder/more.ndjson"
    mv "$folder/state" "$folder/kept"
    for round in $(seq "$rounds"); do
        rm -rf "$folder/state"
        cp -r "$folder/kept" "$folder/state"
        echo "a partition of $(wc -l <"$folder/day.ndjson") events:"
        "$client" first "$folder/more.ndjson" "$rebut" stream --model "$folder/model.json" --night "$folder/night" \
            --state "$folder/state" --quiet
    done
    ls -l "$folder/state"
    rm -rf "$folder/state" "$folder/kept" "$folder/more.ndjson"
}

compiled stream_parse
compiled stream_client
prepare
for part in "$@"; do
    case $part in
    data) continue ;;
    rate | ping | pace | memory | recovery) ;;
    *)
        echo "stream.sh: no part '$part'; expected rate, ping, pace, memory, recovery or data" >&2
        exit 2
        ;;
    esac
    printf '\n== %s, load %s\n' "$part" "$(cut -d ' ' -f 1 /proc/loadavg)"
    "run_$part"
done
