#!/bin/sh
# The API as callers of each role meet it.
. "$(dirname "$0")/serve_lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_token anna reviewer
new_token bert reviewer
new_token shop merchant --merchant m1
new_token audi auditor
new_token root admin
new_token narrow reviewer --scope queue:read
json='Content-Type: application/json'
start_server --rate 100000 --burst 100000

it 'is alive and ready, and says what it counts'
ask GET /healthz ''
expect_code 200
ask GET /readyz ''
expect_json .status ok
ask GET /metrics ''
expect_head 'content-type: application/openmetrics-text'
expect_out '^rebut_http_requests_total\{method="GET",route="/healthz",status="2xx"\} 1$'
expect 'its end' test "$(tail -n 1 "$OUT")" = '# EOF'

it 'sends what keeps browsers from mischief, and an id with every answer'
ask GET /v1/queue "$anna_token" -H 'X-Request-Id: my-own.id_7'
expect_head 'x-request-id: my-own.id_7$'
expect_head "content-security-policy: default-src 'self';.*frame-ancestors 'none'"
expect_head 'x-content-type-options: nosniff'
expect_head 'cache-control: no-store'
for id in 'short' 'with blank in it' 'evil"quote' "$(printf '%065d' 0)"; do
    ask GET /healthz '' -H "X-Request-Id: $id"
    expect_head 'x-request-id: [0-9a-f]{32}$'
done

it 'answers unknown, wrong, expired and revoked tokens alike'
"$REBUT" token create --role auditor --login gone >gone
"$REBUT" token create --role auditor --login late >late
"$REBUT" token revoke "$(cut -d_ -f2 gone)" || fail 'expected to revoke it'
sql -c "UPDATE rebut.tokens SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
    WHERE login = 'late'"
id=$(echo "$anna_token" | cut -d_ -f2)
for token in "$(cat gone)" "$(cat late)" "rebut_${id}_$(printf '%043d' 0)" \
    "rebut_zzzzzzzzzzzz_$(printf '%043d' 0)" "rebut_${id}" nonsense "rebutses${anna_token#rebut}"; do
    ask GET /v1/session "$token" -H 'X-Request-Id: the-same-id'
    expect_problem 401 who-are-you
    expect_head 'www-authenticate: Bearer'
    cp "$OUT" "told.$((told = ${told:-0} + 1))"
    expect_same told.1 "told.$told"
done
ask GET /v1/session '' -H 'X-Request-Id: the-same-id'
expect_same told.1 "$OUT"
ask GET /v1/session '' -H 'X-Request-Id: the-same-id' -H 'Authorization: Basic YTpi'
expect_same told.1 "$OUT"

it 'says who one is'
ask GET /v1/session "$shop_token"
expect_code 200
expect_json '[.login, .role, .merchant_ids[0], .csrf] | tostring' '["shop","merchant","m1",null]'

it 'lists the queue page by page'
ask GET '/v1/queue?limit=4' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r01 r02 r03 r04'
next=$(jq -r .next "$OUT")
ask GET "/v1/queue?limit=4&cursor=$next" "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r05 r06 r07 r08'
ask GET "/v1/queue?limit=4&cursor=$(jq -r .next "$OUT")" "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r09 r10'
expect_json .next null
ask GET '/v1/queue?sort=amount&limit=3&merchant=m2' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r10 r08 r06'
expect 'no word of how it was drawn' sh -c "! grep -q 'selection\|random\|propensity' '$OUT'"

it 'takes no cursor that it has not given to this caller for this list'
for cursor in x "${next}x" "${next%?}" "$(echo "$next" | tr a-y b-z)" "$(printf '%0400d' 0)" '%00' ''; do
    ask GET "/v1/queue?limit=4&cursor=$cursor" "$anna_token"
    expect_code 400
done
ask GET "/v1/queue?limit=4&sort=amount&cursor=$next" "$anna_token"
expect_problem 400 bad-cursor
ask GET "/v1/queue?limit=4&cursor=$next" "$bert_token"
expect_problem 400 bad-cursor
ask GET "/v1/requests?limit=4&cursor=$next" "$anna_token"
expect_problem 400 bad-cursor

it 'lists requests by filter, and the same cursors hold'
ask GET '/v1/requests?limit=2&sort=newest&merchant=m1' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r11 r09'
ask GET "/v1/requests?limit=2&sort=newest&merchant=m1&cursor=$(jq -r .next "$OUT")" "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r07 r05'
ask GET '/v1/requests?probability=0.9' "$audi_token"
expect_json '.items | length' 2
ask GET '/v1/requests?since=2026-11-06T10:00:00Z&until=2026-11-06T12:00:00%2B00:00' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' 'r10 r11'
ask GET '/v1/requests?buyer=b03' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' r03

it 'refuses what the table does not say, and tells what was expected'
ask GET '/v1/queue?limit=0' "$anna_token"
expect_problem 400 bad-parameter
expect_json .detail "expected 'limit' with a whole number from 1 to 200, got '0'"
expect_json .where 'query limit'
for query in limit=201 limit=x limit=1e3 limit=4\&limit=4 limit sort=up what=1 merchant= probability=2 \
    since=yesterday 'merchant=%ff' 'merchant=a%00b' 'merchant=%zz' 'merchant=%0d%0aSet-Cookie:x'; do
    ask GET "/v1/requests?$query" "$anna_token"
    expect_code 400
    expect_head 'content-type: application/problem'
    expect 'no header slipped in' sh -c "! grep -qi '^set-cookie' '$HEAD'"
done
ask PUT /v1/queue "$anna_token"
expect_problem 405 bad-method
expect_head 'allow: GET'
ask GET /v1/nothing "$anna_token"
expect_problem 404 no-such-path
for path in /v1/queue/ //v1/queue /v1/./queue /v1/../v1/queue /v1/%2e%2e/queue '/v1/requests/..%2f..%2fx' \
    /v1/requests/ /V1/queue '/v1/queue;a=b' '/v1/requests/a/b/c/d/e/f/g/h/i/j/k/l/m'; do
    ask GET "$path" "$anna_token"
    expect "refused: $path, came $code" test "$code" = 404 -o "$code" = 400
done

it 'shows a case that the source has no more'
sql <<'end'
BEGIN;
ALTER TABLE rebut.requests DISABLE TRIGGER append_only;
DELETE FROM rebut.requests WHERE request_id = 'r12';
ALTER TABLE rebut.requests ENABLE TRIGGER append_only;
COMMIT;
end
ask GET /v1/requests/r12 "$anna_token"
expect_code 200
expect_json '[.score.rank, .state, .timeline] | tostring' '[12,null,[]]'

it 'shows a case, its words only to who has it in hand, and writes down who read it'
ask GET /v1/requests/r01 "$anna_token"
expect_code 200
expect_json '[.request_id, .score.probability, (.timeline | length), .state.mine] | tostring' '["r01",0.95,0,false]'
expect_value 'said so' "anna r01" "SELECT login || ' ' || subject FROM rebut.audit WHERE action = 'read' ORDER BY audit_id DESC LIMIT 1"
ask POST /v1/requests/r01/claim "$anna_token" -H "$json" -d '{"minutes":10}'
expect_json .state claimed
tag=$(etag)
ask GET /v1/requests/r01 "$anna_token"
expect 'the version of the claim' test "$(etag)" = "$tag"
expect_json '[.timeline[].type] | join(" ")' 'order shipment delivery contact request'
expect_json '.timeline[4].detail.text' 'words of the buyer of o01'
ask GET /v1/requests/r01 "$bert_token"
expect_json '[(.timeline | length), .state.holder] | tostring' '[0,"anna"]'
ask GET /v1/requests/nowhere "$anna_token"
expect_problem 404 no-such-thing

it 'keeps merchants apart: another one'"'"'s case is as none'
ask GET /v1/requests "$shop_token"
expect_json '[.items[].request_id] | sort | join(" ")' 'r01 r03 r05 r07 r09 r11'
expect 'no buyer' sh -c "! grep -q 'buyer\|b0' '$OUT'"
ask GET /v1/requests/r03 "$shop_token"
expect_json '[.request_id, .buyer_id, .score.rank, .score.q_value] | tostring' '["r03",null,null,null]'
for path in requests/r02 requests/nowhere merchants/m2/report merchants/nowhere/report; do
    ask GET "/v1/$path" "$shop_token" -H 'X-Request-Id: the-same-id'
    expect_problem 404 no-such-thing
    cp "$OUT" "none.${path%%/*}.$(basename "$(dirname "$path")$path" | tr / .)"
done
expect_same none.requests.r02 none.requests.nowhere
ask GET /v1/requests?merchant=m2 "$shop_token"
expect_json '.items | length' 0
ask GET /v1/merchants/m1/report "$shop_token"
expect_json '[.merchant_id, .months[0].requests] | tostring' '["m1",6]'
for path in /v1/queue /v1/buyers/b01 /v1/audit /v1/models /v1/metrics/summary; do
    ask GET $path "$shop_token"
    expect_problem 403 not-for-you
done
ask POST /v1/requests/r03/claim "$shop_token"
expect_problem 403 not-for-you

it 'narrows a role by the scopes of a token'
ask GET /v1/queue "$narrow_token"
expect_code 200
ask GET /v1/requests/r01 "$narrow_token"
expect_problem 403 not-for-you
ask GET /v1/audit "$anna_token"
expect_problem 403 not-for-you

it 'decides on the version that was read, once'
body='{"verdict":"abuse","note":"看过了"}'
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d "$body"
expect_problem 428 no-version
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d "$body" -H 'If-Match: "0123"'
expect_problem 412 other-version
expect_value 'nothing decided' 0 'SELECT count(*) FROM rebut.decisions'
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d "$body" -H "If-Match: $tag" -H 'Idempotency-Key: key-of-anna'
expect_code 200
expect_json .state decided
cp "$OUT" first
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d "$body" -H "If-Match: $tag" -H 'Idempotency-Key: key-of-anna'
expect_code 200
expect_head 'idempotency-replayed: true'
expect_same first "$OUT"
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d '{"verdict":"unclear"}' -H "If-Match: $tag" -H 'Idempotency-Key: key-of-anna'
expect_problem 422 key-used
ask POST /v1/requests/r01/decide "$anna_token" -H "$json" -d "$body" -H "If-Match: $tag"
expect_problem 409 decided
expect_value 'one' 1 'SELECT count(*) FROM rebut.decisions'
ask POST /v1/requests/r01/undo "$bert_token"
expect_problem 409 nothing-to-undo
ask POST /v1/requests/r01/undo "$anna_token"
expect_json .state claimed
ask POST /v1/requests/r01/release "$anna_token"
expect_json .state released
ask POST /v1/requests/r01/release "$anna_token"
expect_problem 409 not-in-hand

it 'lets one of two reviewers have a case, and tells the other'
for round in 1 2 3 4 5; do
    for who in anna bert; do
        eval "token=\$${who}_token"
        curl -s -o "$who.body" -w '%{http_code}\n' -X POST -H "Authorization: Bearer $token" \
            "$address/v1/requests/r0$round/claim" >"$who.code" &
        eval "${who}_pid=$!"
    done
    # shellcheck disable=SC2154
    wait "$anna_pid" "$bert_pid"
    expect "200 and 409, came $(cat anna.code bert.code | tr '\n' ' ')" \
        test "$(cat anna.code bert.code | sort | tr '\n' ' ')" = '200 409 '
    winner=anna
    [ "$(cat anna.code)" = 200 ] || winner=bert
    eval "token=\$${winner}_token"
    ask GET "/v1/requests/r0$round" "$token"
    tag=$(etag)
    for n in 1 2; do
        curl -s -o "$n.body" -w '%{http_code}\n' -X POST -H "Authorization: Bearer $token" -H "$json" \
            -H "If-Match: $tag" -d '{"verdict":"legitimate"}' "$address/v1/requests/r0$round/decide" >"$n.code" &
        eval "pid_$n=$!"
    done
    # shellcheck disable=SC2154
    wait "$pid_1" "$pid_2"
    expect 'one decides' test "$(cat 1.code 2.code | sort | tr '\n' ' ')" = '200 409 '
done

it 'hands out the next cases, and those of others a second time without their verdict'
ask POST /v1/queue/claim "$anna_token" -H "$json" -d '{"count":2}'
expect_json '[.items[].request_id] | join(" ")' 'r06 r07'
ask GET /v1/queue?view=mine "$anna_token"
expect_json '.items | length' 2
sql -c "UPDATE rebut.decisions SET at = at - interval '1 hour', undo_until = undo_until - interval '1 hour'"
sql -c "UPDATE rebut.decisions SET reviewer = 'carl'"
ask POST /v1/queue/claim "$anna_token" -H "$json" -d '{"kind":"second"}'
expect_json '.items[0].second' true
second=$(jq -r '.items[0].request_id' "$OUT")
ask GET "/v1/requests/$second" "$anna_token"
expect_json '[.state.second, (.decisions | length)] | tostring' '[true,0]'
expect_json '[.buyer.abuse, .buyer.legitimate] | tostring' '[0,0]'
expect 'no word of the first' sh -c "! grep -q carl '$OUT'"

it 'refuses bodies that are not what they should be'
for body in '{' '[]' '"x"' 'null' '{"verdict":1}' '{"verdict":"guilty"}' '{"verdict":"abuse","verdict":"abuse"}' \
    '{"verdict":"abuse","more":1}' '{"verdict":"abuse"}x' '{"verdict":"ab\u0000use"}' '{}' '{"note":"x"}' \
    "$(printf '%050d' 0 | sed 's/0/[/g')" '{"verdict":"abuse","note":"\ud800"}'; do
    ask POST /v1/requests/r06/decide "$anna_token" -H "$json" -H 'If-Match: *' -d "$body"
    expect_code 400
done
ask POST /v1/requests/r06/decide "$anna_token" -H 'Content-Type: text/plain' -H 'If-Match: *' -d '{"verdict":"abuse"}'
expect_problem 415 bad-media
head -c 1100000 /dev/zero | tr '\0' ' ' >large
ask POST /v1/requests/r06/decide "$anna_token" -H "$json" -H 'If-Match: *' -H 'Expect:' --data-binary @large
expect_problem 413 too-large
ask POST /v1/requests/r06/decide "$anna_token" -H "$json" -H 'If-Match: *' -H 'Expect:' -H 'Transfer-Encoding: chunked' --data-binary @large
expect_problem 413 too-large
ask GET /v1/queue "$anna_token" -d x
expect_problem 400 no-body-wanted
expect_value 'nothing decided' 0 "SELECT count(*) FROM rebut.decisions WHERE request_id = 'r06'"

it 'opens a session by a code once, and asks its scripts for more than a cookie'
code_text=$("$REBUT" token create --role reviewer --login dora --link)
ask POST /v1/session '' -H "$json" -d "{\"code\":\"$code_text\"}" -c jar
expect_code 201
expect_head 'set-cookie: rebut_session=.*HttpOnly; SameSite=Strict'
mark=$(jq -r .csrf "$OUT")
ask POST /v1/session '' -H "$json" -d "{\"code\":\"$code_text\"}"
expect_problem 401 who-are-you
ask GET /v1/session '' -b jar
expect_json '[.login, .csrf] | tostring' "[\"dora\",\"$mark\"]"
ask POST /v1/queue/claim '' -b jar
expect_problem 403 no-csrf-token
ask POST /v1/queue/claim '' -b jar -H 'X-CSRF-Token: wrong'
expect_problem 403 no-csrf-token
ask POST /v1/queue/claim '' -b jar -H "X-CSRF-Token: $mark"
expect_code 200
ask POST /v1/session '' -H "$json" -d "{\"token\":\"$anna_token\"}"
expect_code 201
for body in '{}' '{"token":"x","code":"y"}'; do
    ask POST /v1/session '' -H "$json" -d "$body"
    expect_code 400
done
ask DELETE /v1/session '' -b jar -H "X-CSRF-Token: $mark"
expect_code 204
ask GET /v1/session '' -b jar
expect_problem 401 who-are-you

it 'tells a buyer'"'"'s record, the trail, models and figures'
ask GET /v1/buyers/b01 "$anna_token"
expect_json '[.record.orders, .requests[0].request_id] | tostring' '[1,"r01"]'
ask GET '/v1/audit?limit=3&login=anna' "$audi_token"
expect_json '[.items[].login] | unique | join(" ")' anna
ask GET "/v1/audit?limit=3&login=anna&cursor=$(jq -r .next "$OUT")" "$audi_token"
expect_json '.items | length' 3
ask GET /v1/models "$anna_token"
expect_json '[.items[].role] | sort | join(" ")' 'challenger champion'
ask GET '/v1/metrics/summary?days=7' "$audi_token"
expect_json '[.days, .queue.open, .decisions.all] | tostring' '[7,5,5]'

it 'takes events as rebut load does'
printf '%s\n' '{"type":"price","at":"2026-01-01T00:00:00Z","sku_id":"s1","price":100}' '{"type":"x"}' '' \
    '{"type":"price","at":"2026-01-01T00:00:00Z","sku_id":"s1","price":100}' >batch
for round in 1 2; do
    ask POST /v1/events "$root_token" -H 'Content-Type: application/x-ndjson' --data-binary @batch
    expect_code 200
    expect_json '[.lines, .blank, .refused.unknown_type, .set_aside[0].line, .set_aside[0].input] | tostring' '[4,1,1,2,null]'
done
expect_json '.duplicates.price' 2
expect_value 'once' 1 "SELECT count(*) FROM rebut.prices WHERE sku_id = 's1'"
ask POST /v1/events "$anna_token" -H 'Content-Type: application/x-ndjson' --data-binary @batch
expect_problem 403 not-for-you

it 'keeps what was asked about out of its log'
expect 'lines of JSON' sh -c "jq -e . server.log >/dev/null"
sed 's/"request_id":"[^"]*"//' server.log >said
for word in 'r0[0-9]' 'b0[0-9]' m1 看过了 rebut_ rebutlink anna "${anna_token##rebut_*_}"; do
    expect "no '$word'" sh -c "! grep -q -e '$word' said"
done
expect 'the route as a pattern' grep -q '"route":"GET /v1/requests/{id}","status":200,"us":[0-9]*,"request_id":"' server.log

it 'says the same of itself as it does'
ask GET /v1/openapi.json ''
expect_json .openapi 3.1.0
cp "$OUT" openapi.json
expect 'every route of the table, and no other' test "$(jq -r '.paths | to_entries[] | .key as $p | .value | keys[] | "\(.) \($p)"' openapi.json | wc -l)" \
    = "$(($(sed -n '/rebut_server_routes\[\]/,/^    {NULL/p' "$TOP/engine/server/routes.c" | grep -c '^    {"') + 4))"
expect 'no schema that is not there' test -z "$(jq -r '[.. | objects | .["$ref"]? // empty | sub("#/components/schemas/"; "")] - (.components.schemas | keys) | .[]' openapi.json)"
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect 'answers as the document says' python3 "$TOP/tests/db/contract.py" openapi.json "$address" "$root_token"
fi

it 'ends when it is told to'
stop_server
expect_status 0
expect 'its last word' sh -c "tail -n 1 server.log | grep -q '\"event\":\"ended\"'"
