#!/bin/sh
# One score by id over HTTP: 'rebut serve' against node with pg and aiohttp with asyncpg.
#
#   serve.sh BUILD      SCORES=1000000 ORDERS=200000 (of the night) SECONDS_EACH=8 ROUNDS=3; NODE_MODULES=FOLDER with pg
#                       and @noble/hashes, PEER_PYTHON=python with aiohttp and asyncpg; a
#                       peer that is not there is left out
#
# A cluster to throw away with fsync on; wrk with 64 connections asks each server in turns
# for ids at random.  Server, database and wrk share the machine: only ratios of one run say
# something; CPU microseconds a request, of the server and of the database, bear more of what
# others do on the machine.  'bare' is the SELECT alone, 'whole' with token and audit trail, which
# 'rebut serve' always does.
set -eu
build=$(cd "${1:?is the folder of the program, such as build}" && pwd)
cd "$(dirname "$0")/.."
top=$(pwd)
SCORES=${SCORES:-1000000} ORDERS=${ORDERS:-200000} SECONDS_EACH=${SECONDS_EACH:-8} ROUNDS=${ROUNDS:-3}
PEER_PYTHON=${PEER_PYTHON:-python3}
folder=$(mktemp -d)
PGHOST=$(tests/support/pg_tmp start)
PGUSER=postgres
export PGHOST PGUSER
servers=''
finish() {
    cd /
    for server in $servers; do kill "$server" 2>/dev/null || :; done
    "$top/tests/support/pg_tmp" stop "$PGHOST"
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

sql -d postgres -c "ALTER SYSTEM SET fsync = on" -c "ALTER SYSTEM SET synchronous_commit = on" \
    -c "ALTER SYSTEM SET full_page_writes = on" -c "SELECT pg_reload_conf()" >/dev/null
PGDATABASE=$(tests/support/pg_tmp database "$PGHOST")
export PGDATABASE
cat >"$folder/fill.sql" <<'end'
SET synchronous_commit = off;
INSERT INTO rebut.orders (at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount)
SELECT timestamptz '2026-10-01Z' + n * interval '1 second', 'o' || n, 'b' || n % 200000, 'm' || n % 5000,
    's' || n % 30000, 'food', 'shelf', n % 9000 FROM generate_series(1, :scores) n;
INSERT INTO rebut.requests (at, request_id, order_id, kind, reason, amount)
SELECT at + interval '1 day', 'r' || substr(order_id, 2), order_id, 'refund_only', 'quality', amount FROM rebut.orders;
INSERT INTO rebut.models (model_id, document, as_of, role) VALUES ('model-1', '{}', '2026-10-01Z', 'champion');
SELECT rebut.scores_partition('2026-11-15');
INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
VALUES ('nightly', 'done', now(), '2026-11-15Z', 'model-1');
INSERT INTO rebut.scores SELECT r.run_id, r.as_of, 'model-1', q.request_id, o.order_id, o.buyer_id, o.merchant_id,
    q.at, q.amount, row_number() OVER (), 0.5, 0.1, 0.9, 0.1, NULL, 'undetermined', 10, 0.25, '{one_order}',
    '[{"name":"record","log_odds":2.1,"observed":2,"expected":0.2,"n":8,"sentence":"words"}]'
FROM rebut.runs r CROSS JOIN rebut.requests q JOIN rebut.orders o USING (order_id);
INSERT INTO rebut.queue_slots SELECT run_id, rank, request_id, 'ranked', 1, 0 FROM rebut.scores WHERE rank <= 50000;
VACUUM ANALYZE;
CHECKPOINT;
end
sql -v scores="$SCORES" -f "$folder/fill.sql" >/dev/null
sql -c 'CREATE ROLE web LOGIN IN ROLE rebut_server' 2>/dev/null || :
sql -c 'CREATE ROLE peer LOGIN IN ROLE rebut_server, rebut_engine'
token=$("$build/rebut" token create --role reviewer --login anna)
cat >"$folder/ask.lua" <<'lua'
local most = tonumber(os.getenv("SCORES"))
local path = os.getenv("ASK")
local bodies = {}
if os.getenv("BODIES") then
    for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
    wrk.headers["Content-Type"] = "application/json"
end
math.randomseed(os.time())
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
request = function()
    if #bodies > 0 then return wrk.format("POST", path, nil, bodies[math.random(#bodies)]) end
    return wrk.format("GET", path or "/v1/requests/r" .. math.random(most) .. "/score")
end
done = function(summary, latency)
    local bad = summary.errors.status + summary.errors.timeout + summary.errors.read
    io.write(string.format("%9.0f a second  p50 %6.2f ms  p99 %6.2f ms  %d bad\n",
        summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, bad))
end
lua

# started NAME FILE: the port in FILE, when it is there
started() {
    servers="$servers $!"
    echo "$!" >"$folder/pid.$1"
    for _ in $(seq 100); do
        [ ! -s "$2" ] || break
        sleep 0.1
    done
    [ -s "$2" ] || { echo "$1 did not start" >&2 && exit 1; }
}
# ticks PID, database: CPU clock ticks of a process; of all sessions
ticks() {
    awk '{ sum += $14 + $15 } END { print sum + 0 }' "/proc/$1/stat"
}
database() {
    for of in $(pgrep -f "postgres: .*(web|peer) $PGDATABASE"); do cat "/proc/$of/stat" 2>/dev/null; done |
        awk '{ sum += $14 + $15 } END { print sum + 0 }'
}
# ask NAME ADDRESS CONNECTIONS
ask() {
    process=$(cat "$folder/pid.$1")
    before=$(ticks "$process") server_before=$(database)
    TOKEN=$token SCORES=$SCORES wrk -t 1 -c "$3" -d "$SECONDS_EACH" -s "$folder/ask.lua" \
        "$2" >"$folder/said"
    count=$(awk '/ requests in / { print $1 }' "$folder/said")
    printf '%-15s%s  CPU %d + %d us\n' "$1" "$(tail -n 1 "$folder/said")" \
        $((($(ticks "$process") - before) * 10000 / count)) \
        $((($(database) - server_before) * 10000 / count))
}
cd "$folder"
"$build/rebut" simulate --orders "$ORDERS" --days 80 --seed 9 --output events.ndjson --truth truth.csv
T=2026-04-20T00:00:00+08:00
"$build/rebut" fit --input events.ndjson --as-of $T --output model.json --quiet
"$build/rebut" score --input events.ndjson --as-of $T --model model.json --keep night --output /dev/null --quiet
# What came after the night, a body a request: with all that its buyer did since.
python3 - <<'python' >bodies
import json
buyer, of, news, asked = {}, {}, {}, []
for line in open("events.ndjson"):
    event = json.loads(line)
    if event["type"] == "price":
        continue
    if event["type"] == "order":
        buyer[event["order_id"]] = event["buyer_id"]
    if event["type"] == "request":
        of[event["request_id"]] = event["order_id"]
    order = event.get("order_id") or of[event["request_id"]]
    if event["at"] > "2026-04-20T00:00:00+08:00":
        news.setdefault(buyer[order], []).append(line.strip())
        if event["type"] == "request" and event["kind"] == "refund_only":
            asked.append((event["request_id"], buyer[order]))
for request, who in asked[:5000]:
    print('{"request_id":"%s","events":[%s]}' % (request, ",".join(news[who])))
python
cd "$top"
PGUSER=web "$build/rebut" serve --listen 127.0.0.1:0 --rate 1000000 --burst 1000000 \
    --night "$folder/night" --model "$folder/model.json" ${THREADS:+--threads $THREADS} >"$folder/rebut" 2>/dev/null &
started rebut "$folder/rebut"
PGUSER=web "$build/rebut" serve --listen 127.0.0.1:0 --rate 1000000 --burst 1000000 \
    --read-audit durable >"$folder/durable" 2>/dev/null &
started durable "$folder/durable"
names='rebut durable'
for mode in bare whole; do
    if [ -n "${NODE_MODULES:-}" ]; then
        mkdir -p "$folder/node"
        cp benchmarks/peers/serve.mjs "$folder/node"
        ln -sfn "$NODE_MODULES" "$folder/node/node_modules"
        PGUSER=peer node "$folder/node/serve.mjs" $mode >"$folder/node_$mode" &
        started node_$mode "$folder/node_$mode"
        names="$names node_$mode"
    fi
    if "$PEER_PYTHON" -c 'import aiohttp, asyncpg' 2>/dev/null; then
        PGUSER=peer "$PEER_PYTHON" "$top/benchmarks/peers/serve_aiohttp.py" $mode \
            >"$folder/aiohttp_$mode" &
        started aiohttp_$mode "$folder/aiohttp_$mode"
        names="$names aiohttp_$mode"
    fi
done
address() {
    case $1 in rebut | durable) cat "$folder/$1" ;; *) echo "http://127.0.0.1:$(cat "$folder/$1")" ;; esac
}
for round in $(seq "$ROUNDS"); do
    echo "round $round, 64 connections"
    for name in $names; do
        ask "$name" "$(address "$name")" 64
    done
done
echo 'a page of 50 of the queue, one connection'
(export ASK='/v1/queue?limit=50' && ask rebut "$(address rebut)" 1)
echo 'a score made now, one connection, then eight'
(export ASK=/v1/score BODIES="$folder/bodies" && ask rebut "$(address rebut)" 1 && ask rebut "$(address rebut)" 8)
