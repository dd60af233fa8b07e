#!/bin/sh
# CPU of the same job, from a file of events to a file of ranked requests, by rebut and by
# an expert's script in pandas and scikit-learn, alternated in the same run.
#
#   compare.sh BUILD ORDERS [ROUNDS [READER...]]
#
# READER: polars, orjson or json (of the script); default: the fastest that $PYTHON has.
# `pip install -r requirements.txt` has the two that Debian has not.  One line a run, then
# medians and ratios; FIGURES gets JSON lines.
set -eu
build=${1:?is the folder of the program, such as build}
orders=${2:?is the number of orders}
rounds=${3:-3}
if [ $# -gt 3 ]; then shift 3; else set --; fi
here=$(dirname "$0")
PYTHON=${PYTHON:-/usr/bin/python3}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1
export PYTHONDONTWRITEBYTECODE=1

if [ $# = 0 ]; then
    reader=json
    for name in orjson polars; do
        ! "$PYTHON" -c "import $name" 2>/dev/null || reader=$name
    done
    set -- $reader
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
FIGURES=${FIGURES:-/dev/null}
events=${EVENTS:-$folder/events.ndjson}
[ -n "${EVENTS:-}" ] ||
    "$build/rebut" simulate --orders "$orders" --seed 1 --output "$events"

# timed NAME COMMAND...: CPU seconds and peak memory of a command.
timed() {
    name=$1
    shift
    "$PYTHON" "$here/timed.py" "$name" "$orders" "$@" >>"$folder/runs"
    tail -n 1 "$folder/runs"
}

round=1
while [ "$round" -le "$rounds" ]; do
    timed rebut "$build/rebut" score --quiet --input "$events" --output "$folder/rebut.ndjson"
    for reader in "$@"; do
        timed "pandas_$reader" "$PYTHON" "$here/batch_pandas.py" "$events" \
            "$folder/pandas.ndjson" --reader "$reader"
    done
    round=$((round + 1))
done
cat "$folder/runs" >>"$FIGURES"
"$PYTHON" "$here/timed.py" --summary "$folder/runs"
