#!/bin/sh
# The reviewers' console in a browser: tests/browser/console.mjs against two databases,
# one of the simulator's and one whose every text tries to be something else.
#
# playwright-core and axe-core come by npm, once, into a cache folder; without node, npm's
# network or Chromium the test is skipped and says so.  REBUT_SHOTS=FOLDER keeps pictures.
. "$(dirname "$0")/../db/lib.sh"
HERE=$TOP/tests/browser
CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/rebut-browser-1.61.1-4.14.1
servers=

browser_end() {
    browser_code=$?
    # shellcheck disable=SC2086
    [ -z "$servers" ] || kill $servers 2>/dev/null
    # shellcheck disable=SC2086
    [ -z "$servers" ] || wait $servers 2>/dev/null
    (exit $browser_code)
    db_end
}
trap browser_end EXIT

it 'has what it needs: node, npm and Chromium'
missing=
command -v node >/dev/null && command -v npm >/dev/null || missing='there is no node with npm here'
[ -x "$CHROMIUM" ] || missing="there is no $CHROMIUM (Debian: chromium)"
if [ -z "$missing" ] && [ ! -e "$CACHE/done" ]; then
    # shellcheck disable=SC2015
    mkdir -p "$CACHE" && timeout 120 npm install --prefix "$CACHE" --no-audit --no-fund \
        --ignore-scripts --silent playwright-core@1.61.1 axe-core@4.14.1 >npm.log 2>&1 &&
        : >"$CACHE/done" || missing='npm cannot fetch playwright-core (no network?)'
fi
if [ -n "$missing" ]; then
    skip "$missing"
    exit 0
fi

it 'has all the words that the program writes, in both languages'
run node "$HERE/words.mjs" "$TOP"
cat "$OUT"
expect_status 0

it 'shows reviewers, merchants and auditors what they may see, and lets a person decide'
# world NAME EVENTS: a database of its own, scored, its night kept, with a server whose
# address is in NAME.url.
world() {
    new_database
    new_login web rebut_server
    run "$REBUT" load --quiet --input "$2" && [ "$status" = 0 ] &&
        run "$REBUT" nightly --quiet --budget 60 --fdr 0.3 --keep "nights.$1"
    expect_status 0
    serve "$1" --night "nights.$1/night-1.state" --model "nights.$1/night-1.model.json" --key-dir keys
}

# serve NAME [OPTION...]: a server of the database there is, its address in NAME.url.
serve() {
    serve_name=$1
    shift
    (PGUSER=$web && export PGUSER && exec "$REBUT" serve --listen 127.0.0.1:0 \
        --rate 100000 --burst 100000 "$@" >"$serve_name.url" 2>"$serve_name.log") &
    servers="$servers $!"
    serve_tries=0
    until [ -s "$serve_name.url" ] || [ $serve_tries -ge 100 ]; do
        serve_tries=$((serve_tries + 1))
        sleep 0.1
    done
}

# token ROLE LOGIN [OPTION...]: prints it.
token() {
    token_role=$1 token_login=$2
    shift 2
    "$REBUT" token create --role "$token_role" --login "$token_login" "$@"
}

"$REBUT" simulate --orders 12000 --seed 7 --output plain.ndjson || exit 1
"$REBUT" simulate --orders 3000 --seed 3 --output tame.ndjson || exit 1
node "$HERE/hostile.mjs" <tame.ndjson >hostile.ndjson || exit 1
"$REBUT" keygen --key-dir keys >keygen.out 2>&1 || exit 1

world hostile hostile.ndjson
hostile_reviewer=$(token reviewer 'eve')
hostile_auditor=$(token auditor 'eva')
hostile_database=$PGDATABASE

world plain plain.ndjson
run sql -f "$HERE/history.sql"
expect_status 0
shop=$(value 'SELECT merchant_id FROM rebut.request_score GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1')
ring=$(value 'SELECT s.request_id FROM rebut.buyer_groups g JOIN rebut.request_score s USING (buyer_id) ORDER BY 1 LIMIT 1')
packed=$(value "SELECT request_id FROM rebut.request_score WHERE request_id <> '$ring' ORDER BY rank LIMIT 1")
# Of the shop, and in nobody's hands: what it appeals in Chinese and in English.
appealed=$(value "SELECT json_build_object('zh', min(request_id), 'en', max(request_id)) FROM (
    SELECT request_id FROM rebut.request_score AS s WHERE merchant_id = '$shop' AND request_id <> '$ring'
       AND NOT EXISTS (SELECT FROM rebut.queue_open AS q WHERE q.request_id = s.request_id)
       AND NOT EXISTS (SELECT FROM rebut.decisions AS d WHERE d.request_id = s.request_id)
       AND NOT EXISTS (SELECT FROM rebut.appeals AS a WHERE a.request_id = s.request_id)
     ORDER BY rank LIMIT 2) AS two")
buyers=$(value "SELECT json_object_agg(request_id, buyer_id) FROM rebut.request_score WHERE merchant_id = '$shop'")
# A case for the picture in README: abuse likely, its buyer's and its merchant's words there.
shown=$(value "SELECT s.request_id FROM rebut.request_score AS s JOIN rebut.requests AS r USING (request_id)
    JOIN rebut.queue_open AS q USING (request_id)
    WHERE s.probability BETWEEN 0.9 AND 0.98 AND length(r.text) > 20 AND s.request_id <> '$ring' ORDER BY s.rank LIMIT 1")
serve bare

cat >world.json <<json
{"plain": "$(cat plain.url)", "bare": "$(cat bare.url)", "appealed": $appealed, "buyers": $buyers, "hostile": "$(cat hostile.url)",
 "anna": "$(token reviewer anna)", "bo": "$(token reviewer bo)",
 "anna_en": "$(token reviewer anna_en)", "bo_en": "$(token reviewer bo_en)",
 "auditor": "$(token auditor audrey)", "admin": "$(token admin ada)", "senior": "$(token senior sun)",
 "merchant": "$(token merchant shop --merchant "$shop")",
 "link": "$(token reviewer lin --link)", "shop": "$shop", "shown": "$shown", "ring": "$ring", "ring_buyer": "$(value "SELECT buyer_id FROM rebut.request_score WHERE request_id = '$ring'")", "packed": "$packed",
 "eve": "$hostile_reviewer", "eva": "$hostile_auditor"}
json
REBUT_NODE_MODULES=$CACHE/node_modules CHROMIUM=$CHROMIUM WORLD=$PWD/world.json
export REBUT_NODE_MODULES CHROMIUM WORLD
run timeout 600 node "$HERE/console.mjs"
cat "$OUT"
expect_status 0

it 'writes no word of a buyer to its log'
PGDATABASE=$hostile_database
expect_value 'texts in the hostile world' t "SELECT count(*) > 0 FROM rebut.requests WHERE text LIKE '%<script>%'"
grep -q 'script>' hostile.log && fail 'expected no text of a request in the log'
true
