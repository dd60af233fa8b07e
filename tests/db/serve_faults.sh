#!/bin/sh
# The server in bad company, and when what it stands on goes away.
. "$(dirname "$0")/serve_lib.sh"
own_cluster
new_database
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_token anna reviewer
traffic="timeout 60 python3 $TOP/tests/db/traffic.py"
command -v python3 >/dev/null || {
    it 'meets bad company'
    skip 'there is no python3'
    exit 0
}
# count WHAT: how many requests of the load had this end.
count() {
    jq -r ".[\"$1\"] // 0" load.out
}

it 'refuses an address that others can reach without TLS, and what is none'
for where in 0.0.0.0:0 '[::]:0' nowhere localhost:0 127.0.0.1 127.0.0.1:99999 'unix:'; do
    run as "$web" timeout 5 "$REBUT" serve --listen "$where"
    expect_status 2
done
run "$REBUT" serve --tls-cert x
expect_status 2
expect_err 'expected both --tls-cert and --tls-key'

it 'says why it cannot begin'
run as "$web" timeout 20 "$REBUT" serve --listen 127.0.0.1:0 --store host=/nonexistent
expect_status 75
new_login stranger ''
run as "$stranger" timeout 5 "$REBUT" serve --listen 127.0.0.1:0
expect_status 3

it 'speaks TLS 1.2 and 1.3 and nothing older'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 \
    -subj /CN=localhost 2>/dev/null
start_server --tls-cert cert.pem --tls-key key.pem
for version in 1.2 1.3; do
    expect "TLS $version" test "$(curl -sk --tlsv$version --tls-max $version "$address/healthz")" = '{"status":"ok"}'
done
expect 'no TLS 1.1' sh -c "! curl -sk --tlsv1.0 --tls-max 1.1 --ciphers 'DEFAULT:@SECLEVEL=0' '$address/healthz'"
curl -sk -D head -o /dev/null -X POST -H 'Content-Type: application/json' -d "{\"token\":\"$anna_token\"}" "$address/v1/session"
expect 'a cookie for TLS alone' grep -qi '^set-cookie: .*; Secure' head
expect 'and no way back' grep -qi '^strict-transport-security:' head
stop_server
expect_status 0

it 'listens on a Unix socket, alone, and leaves nothing behind'
rm -f address # of the server before
(PGUSER=$web exec "$REBUT" serve --listen "unix:$PWD/sock" >address 2>server.log) &
server=$!
db_sessions="$db_sessions $server"
for _ in $(seq 100); do [ -s address ] || sleep 0.1; done
expect 'an answer' test "$(curl -s --unix-socket sock http://x/healthz)" = '{"status":"ok"}'
run as "$web" timeout 5 "$REBUT" serve --listen "unix:$PWD/sock"
expect_status 1
expect_err 'something is there'
stop_server
expect_status 0
expect 'no socket' test ! -e sock

it 'reads nothing into what is no HTTP'
start_server --rate 100000 --burst 100000
bad() {
    printf "$1" >bytes
    $traffic raw "$address" bytes >"$OUT" 2>&1
    expect "refused or closed: $1; came $(head -c 200 "$OUT")" sh -c "! grep -aq '^HTTP/1.1 [23]' '$OUT'"
}
bad 'nonsense\r\n\r\n'
bad 'GET\r\n\r\n'
bad 'GET /healthz\r\n\r\n'
bad 'GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n'
bad 'GET http://other/healthz HTTP/1.1\r\nHost: x\r\n\r\n'
bad 'GET /healthz HTTP/1.1\r\n\r\n'
bad 'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'
bad 'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
bad 'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'
bad 'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n'
bad 'POST /v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'
bad 'GET /healthz%%00 HTTP/1.1\r\nHost: x\r\n\r\n'
bad 'GET /v1/\\..\\queue HTTP/1.1\r\nHost: x\r\n\r\n'
bad '\026\003\001\002\000\001\000\001'
head -c 100000 /dev/zero | tr '\0' a >long
{ printf 'GET /'; cat long; printf ' HTTP/1.1\r\nHost: x\r\n\r\n'; } >bytes
$traffic raw "$address" bytes >"$OUT"
expect 'a long line refused' sh -c "! grep -aq '^HTTP/1.1 [23]' '$OUT'"
{ printf 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: '; cat long; printf '\r\n\r\n'; } >bytes
$traffic raw "$address" bytes >"$OUT"
expect 'a long header refused' sh -c "! grep -aq '^HTTP/1.1 [23]' '$OUT'"
ask GET /healthz ''
expect_code 200

it 'answers others beside thousands of connections that say nothing'
stop_server
ulimit -n "$(ulimit -Hn)" 2>/dev/null
start_server
$traffic idle "$address" 3000 >"$OUT"
expect_out ' none$' # of one address only so many
(PGUSER=$web exec "$REBUT" serve --listen "unix:$PWD/sock" >address 2>server.log2) &
other=$!
db_sessions="$db_sessions $other"
for _ in $(seq 100); do [ -S sock ] || sleep 0.1; done
$traffic idle "unix:$PWD/sock" 10000 >"$OUT"
expect_out '^10000 200$'
kill "$other" && wait "$other"
ask GET /healthz ''
expect_code 200

it 'sends away who takes a byte at a time, or gives one'
stop_server
start_server --timeout 3 --rate 100000 --burst 100000
$traffic drip "$address" 20 >"$OUT"
expect "within six seconds, came $(cat "$OUT")" test "$(cat "$OUT")" -le 6
timeout 20 python3 "$TOP/tests/db/traffic.py" sip "$address" "$anna_token" /v1/openapi.json >/dev/null 2>&1 &
sip=$!
sleep 1
ask GET /metrics ''
expect_out '^rebut_http_connections 2$'
sleep 6
ask GET /metrics '' # what the system holds for the slow one is no longer ours
expect_out '^rebut_http_connections 1$'
kill $sip 2>/dev/null
wait $sip 2>/dev/null

it 'slows down who asks too often, and says for how long'
stop_server
start_server --rate 1 --burst 5 # 30 requests in 25 s, on the slowest machine
for _ in $(seq 30); do
    ask GET /v1/session "$anna_token"
done
expect_problem 429 too-often
expect_head 'retry-after: [1-9]'
stop_server

it 'lets nobody try many secrets'
start_server
for _ in $(seq 14); do
    ask POST /v1/session '' -H 'Content-Type: application/json' -d '{"token":"rebut_aaaaaaaaaaaa_0000000000000000000000000000000000000000000"}'
done
expect_problem 429 too-often
stop_server

it 'drops no request that it has accepted when it is told to end under load'
start_server --rate 1000000 --burst 1000000
$traffic load "$address" "$anna_token" 4 >load.out &
load=$!
sleep 1.5
stop_server
expect_status 0
wait $load
expect "no drops; came $(cat load.out)" test "$(count dropped)$(count cut)" = 00
expect 'work before' test "$(count 200)" -gt 50
expect 'refusals after' test "$(count refused)" -gt 0

it 'answers who had come before it was told to end, and asks only then'
start_server
$traffic late "$address" $server >"$OUT"
expect_out '^200$'
stop_server
expect_status 0

it 'drops no score either, which other threads answer'
start_server --rate 1000000 --burst 1000000
$traffic load "$address" "$anna_token" 4 16 /v1/requests/r01/score >load.out &
load=$!
sleep 1.5
stop_server
expect_status 0
wait $load
expect "no drops; came $(cat load.out)" test "$(count dropped)$(count cut)" = 00
expect 'work before' test "$(count 200)" -gt 50

it 'answers 503 while PostgreSQL restarts, and scores too'
start_server --rate 1000000 --burst 1000000
$traffic load "$address" "$anna_token" 8 4 /v1/requests/r01/score >load.out &
load=$!
sleep 1.5
kill -QUIT "$(head -n 1 "$PGHOST/data/postmaster.pid")"
sleep 1.5
"$PG_TMP" restart "$PGHOST" >/dev/null 2>&1
wait $load
expect "200 and 503 alone; came $(cat load.out)" test "$(jq -r 'keys | join(" ")' load.out)" = '200 503'
ask GET /v1/requests/r01/score "$anna_token"
expect_code 200
stop_server
expect_status 0

it 'answers 503 while PostgreSQL restarts, and goes on without a restart of its own'
start_server --rate 1000000 --burst 1000000
$traffic load "$address" "$anna_token" 8 4 >load.out &
load=$!
sleep 1.5
kill -QUIT "$(head -n 1 "$PGHOST/data/postmaster.pid")"
sleep 1.5
"$PG_TMP" restart "$PGHOST" >/dev/null 2>&1
wait $load
expect "200 and 503 alone; came $(cat load.out)" test "$(jq -r 'keys | join(" ")' load.out)" = '200 503'
ask GET /v1/queue "$anna_token"
expect_code 200
ask GET /readyz ''
expect_code 200
ask GET /metrics ''
expect_out '^rebut_store_refusals_total [1-9]'
stop_server
expect_status 0
