#!/bin/sh
# What evidence costs: packs as JSON and HTML, and as PDF, and whether memory is constant.
#
#   evidence.sh BUILD
#
#   SMALL   packs of the first row and of the PDFs (1000)
#   LARGE   packs of the second (10000)
#   ORDERS  of the simulated platform (400000): enough requests for LARGE packs
#   CPU     the one core it all runs on (0)
#   FOLDER  where packs are written, about 500 MB (a temporary one)
#
# CPU seconds, user and system, and peak memory by GNU time.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
SMALL=${SMALL:-1000}
LARGE=${LARGE:-10000}
ORDERS=${ORDERS:-400000}
CPU=${CPU:-0}

folder=$(mktemp -d ${FOLDER:+-p "$FOLDER"})
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"

# row PACKS FORMS: a line of the table; fails when other than PACKS were written.
row() {
    rm -rf packs
    sync
    /usr/bin/time -o time.txt -f '%U | %S | %M' taskset -c "$CPU" "$build/rebut" evidence \
        --input events.ndjson --model model.json --queue --fdr 1 --budget "$1" \
        --forms "$2" --output packs --quiet 2>/dev/null
    written=$(find packs -name "pack-*.${2##*,}" | wc -l)
    if [ "$written" -ne "$1" ]; then
        echo "evidence.sh: expected $1 packs and found $written" >&2
        exit 1
    fi
    echo "| $1 | $2 | $(awk '{ $5 = int($5 / 1024) } 1' time.txt) | $(du -sm packs | cut -f 1) |"
}

"$build/rebut" simulate --orders "$ORDERS" --days 180 --seed 8 --output events.ndjson
"$build/rebut" fit --input events.ndjson --output model.json --quiet

echo '| packs | forms | user s | system s | peak MB | MB on disk |'
echo '|---:|---|---:|---:|---:|---:|'
row 1 json
row "$SMALL" json,html
row "$LARGE" json,html
row 1 pdf
row "$((SMALL / 10))" pdf
row "$SMALL" pdf
