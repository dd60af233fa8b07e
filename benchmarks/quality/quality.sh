#!/bin/sh
# How well does rebut find abuse, whom does it wrong, and what would simpler methods do?
#
#   quality.sh BUILD                        all settings of the simulator, SEEDS, ORDERS
#   quality.sh BUILD EVENTS TRUTH.csv       one platform of yours, EVENTS plain or .gz
#
# Judged are requests from FROM_DAY on; methods that learn from verdicts get those made
# before it.  METHODS chooses among them.  Figures are added to FIGURES as JSON lines;
# tables in Markdown go to standard output.
set -eu
build=${1:?is the folder of the program, such as build}
here=$(dirname "$0")
PYTHON=${PYTHON:-/usr/bin/python3}
SETTINGS=${SETTINGS:-base rare weak rings counterfeit multiply attack}
SEEDS=${SEEDS:-1 2 3}
ORDERS=${ORDERS:-100000}
FROM_DAY=${FROM_DAY:-92}
METHODS=${METHODS:-rate logistic boosting forest rebut rebut_verdicts}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
figures=$folder/all.ndjson
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 POLARS_MAX_THREADS=1
export PYTHONDONTWRITEBYTECODE=1

# judge SETTING SEED METHOD SCORES TRUTH: one line of figures.
judge() {
    "$build/rebut" evaluate --scores "$4" --truth "$5" --from-day "$FROM_DAY" --json - \
        >"$folder/figures.json"
    printf '{"setting":"%s","seed":%s,"method":"%s","figures":%s}\n' "$1" "$2" "$3" \
        "$(cat "$folder/figures.json")" >>"$figures"
}

# rank METHOD EVENTS: rebut's ranking, when the method is wanted.
rank() {
    case " $METHODS " in
    *" $1 "*) "$build/rebut" score --quiet --input "$2" --output "$folder/$1.ndjson" ;;
    esac
}

# world SETTING SEED EVENTS TRUTH: every method on one platform.
world() {
    "$PYTHON" "$here/until.py" "$3" "$FROM_DAY" "$folder/without.ndjson" \
        "$folder/with.ndjson"
    for method in $METHODS; do
        rm -f "$folder/$method.ndjson"
    done
    case $METHODS in
    *rate* | *logistic* | *boosting* | *forest*)
        "$PYTHON" "$here/baselines.py" "$folder/with.ndjson" "$folder"
        ;;
    esac
    rank rebut "$folder/without.ndjson"
    rank rebut_verdicts "$folder/with.ndjson"
    for method in $METHODS; do
        [ ! -e "$folder/$method.ndjson" ] ||
            judge "$1" "$2" "$method" "$folder/$method.ndjson" "$4"
    done
}

if [ $# -ge 3 ]; then
    world given 0 "$2" "$3"
else
    for setting in $SETTINGS; do
        for seed in $SEEDS; do
            echo "quality: $setting, seed $seed" >&2
            "$build/rebut" simulate --setting "$setting" --orders "$ORDERS" --seed "$seed" \
                --output "$folder/events.ndjson" --truth "$folder/truth.csv"
            world "$setting" "$seed" "$folder/events.ndjson" "$folder/truth.csv"
        done
    done
fi
cat "$figures" >>"${FIGURES:-/dev/null}"
"$PYTHON" "$here/table.py" "$figures"
