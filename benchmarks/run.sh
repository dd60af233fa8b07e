#!/bin/sh
# Speed, memory and quality of detection.  `make bench` calls it with its build folder.
#
#   run.sh BUILD [parse] [request] [stages] [phases] [snapshot] [live] [peers] [quality]; all when none is named
#
#   SIZES    orders for the stages (100000 1000000); add 10000000 for the third decade:
#            7.5 GB of disk, 4 GB of memory and some minutes
#   LIVE_ORDERS, LIVE_BUYERS  of a stream's state (2500000, 250000: 460 MB)
#   ROUNDS   of each measurement (3)
#   PEERS    orders for the comparison with pandas (100000 1000000)
#   READERS  of the pandas script (its fastest)
#   FIGURES  a file for all figures as JSON lines (none)
#   PYTHON   with numpy, pandas and scikit-learn (/usr/bin/python3); tests/packages.measure
#
# Times are CPU seconds, so that a busy machine changes them little; caches are shared all
# the same, so measure on a quiet one.  Quality: SEEDS (3; quality/README.md has more).
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
shift
[ $# -gt 0 ] || set -- parse request stages phases snapshot live peers quality
cd "$(dirname "$0")/.."
here=benchmarks
# shellcheck source=benchmarks/lib.sh
. "$here/lib.sh"
SIZES=${SIZES:-100000 1000000}
ROUNDS=${ROUNDS:-3}
PEERS=${PEERS:-100000 1000000}
FIGURES=${FIGURES:-/dev/null}
PYTHON=${PYTHON:-/usr/bin/python3}
export PYTHON FIGURES

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

has_python() {
    "$PYTHON" -c 'import numpy, pandas, sklearn' 2>/dev/null && return
    echo "left out: '$PYTHON' lacks numpy, pandas or scikit-learn (tests/packages.measure)"
    return 1
}

run_parse() {
    compiled parse
    "$build/benchmarks/parse"
}

run_request() {
    compiled request
    "$build/benchmarks/request"
}

run_stages() {
    compiled stages
    files=
    for size in $SIZES; do
        files="$files $folder/$size.ndjson"
        "$build/rebut" simulate --orders "$size" --seed 1 --output "$folder/$size.ndjson"
    done
    to=$FIGURES
    [ "$to" != /dev/null ] || to=-
    # shellcheck disable=SC2086
    "$build/benchmarks/stages" "$build/rebut" "$ROUNDS" "$to" $files
    rm -f "$folder"/*.ndjson
}

run_phases() {
    compiled phases
    "$build/rebut" simulate --orders 1000000 --seed 1 --output "$folder/phases.ndjson"
    "$build/benchmarks/phases" "$folder/phases.ndjson"
    rm -f "$folder/phases.ndjson"
}

run_snapshot() {
    compiled snapshot
    for size in $SIZES; do
        "$build/rebut" simulate --orders "$size" --seed 1 --output "$folder/events.ndjson"
        "$build/benchmarks/snapshot" "$folder/events.ndjson" "$folder/state" "$ROUNDS"
        rm -f "$folder"/events.ndjson "$folder"/state "$folder"/state.1
    done
}

run_live() {
    compiled live
    "$build/benchmarks/live" "${LIVE_ORDERS:-2500000}" "${LIVE_BUYERS:-250000}"
}

run_peers() {
    has_python || return 0
    for orders in $PEERS; do
        echo "$orders orders:"
        # shellcheck disable=SC2086
        "$here/peers/compare.sh" "$build" "$orders" "$ROUNDS" ${READERS:-}
    done
}

run_quality() {
    has_python || return 0
    "$PYTHON" "$here/quality/campaign.py" "$build/rebut" "$folder/quality.ndjson" \
        --seeds "${SEEDS:-3}"
    cat "$folder/quality.ndjson" >>"$FIGURES"
    "$PYTHON" "$here/quality/table.py" "$folder/quality.ndjson"
}

for part in "$@"; do
    case $part in
    parse | request | stages | phases | snapshot | live | peers | quality) ;;
    *)
        echo "run.sh: no part '$part'; expected parse, request, stages, phases, snapshot, live, peers or quality" >&2
        exit 2
        ;;
    esac
    printf '\n== %s\n' "$part"
    "run_$part"
done
