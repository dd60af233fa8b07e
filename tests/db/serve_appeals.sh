#!/bin/sh
# A merchant asks for a person over HTTP, and who sees it.
. "$(dirname "$0")/serve_lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_token anna reviewer
new_token shop merchant --merchant m1
new_token other merchant --merchant m2
new_token audi auditor
json='Content-Type: application/json'
start_server --rate 100000 --burst 100000
own=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id = 'm1' ORDER BY rank LIMIT 1")
second=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id = 'm1' ORDER BY rank OFFSET 1 LIMIT 1")
others=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id = 'm2' ORDER BY rank LIMIT 1")

it 'starts the clock when a merchant asks, once'
ask POST /v1/appeals "$shop_token" -H "$json" -H 'Idempotency-Key: key-00001' -d "{\"request_id\":\"$own\",\"reason\":\"质量\"}"
expect_code 201
expect_json '[.request_id, .again] | tostring' "[\"$own\",false]"
expect_json '(.answer_by[0:19] + "Z" | fromdate) - (.asked_at[0:19] + "Z" | fromdate)' 259200
cp "$OUT" first
ask POST /v1/appeals "$shop_token" -H "$json" -H 'Idempotency-Key: key-00001' -d "{\"request_id\":\"$own\",\"reason\":\"质量\"}"
expect_code 201
expect_head 'idempotency-replayed: true'
expect_same first "$OUT"
ask POST /v1/appeals "$shop_token" -H "$json" -H 'Idempotency-Key: key-00001' -d "{\"request_id\":\"$second\"}"
expect_problem 422 key-used
ask POST /v1/appeals "$shop_token" -H "$json" -d "{\"request_id\":\"$own\"}"
expect_code 200
expect_json .again true
expect_json .asked_at "$(jq -r .asked_at first)"
expect_value 'one submitted' 1 "SELECT count(*) FROM rebut.appeals WHERE status = 'submitted'"

it 'gives the same answer about the request of another and about none'
ask POST /v1/appeals "$shop_token" -H "$json" -H 'X-Request-Id: the-same-id' -d "{\"request_id\":\"$others\"}"
expect_problem 404 no-such-thing
sed "s/$others/ID/" "$OUT" >told.others
ask POST /v1/appeals "$shop_token" -H "$json" -H 'X-Request-Id: the-same-id' -d '{"request_id":"nobodys"}'
expect_problem 404 no-such-thing
sed 's/nobodys/ID/' "$OUT" >told.none
expect_same told.others told.none

it 'is for merchants'
for token in "$anna_token" "$audi_token"; do
    ask POST /v1/appeals "$token" -H "$json" -d "{\"request_id\":\"$own\"}"
    expect_problem 403 not-for-you
done
ask POST /v1/appeals '' -H "$json" -d "{\"request_id\":\"$own\"}"
expect_problem 401 who-are-you

it 'holds what is sent against the limits'
ask POST /v1/appeals "$shop_token" -H "$json" -d '{}'
expect_problem 400 bad-parameter
ask POST /v1/appeals "$shop_token" -H "$json" -d "{\"request_id\":\"$second\",\"reason\":\"$(printf '%0256d' 0)\"}"
expect_problem 400 bad-parameter
ask POST /v1/appeals "$shop_token" -H "$json" -d "{\"request_id\":\"$second\",\"answer_by\":\"2020-01-01T00:00:00Z\"}"
expect_problem 400 unknown-parameter

it 'refuses when the window is over'
sql -c "SELECT rebut.appeal_record('$second', 'opened', now() - interval '9 days', NULL, NULL, NULL, NULL, NULL, now() - interval '1 day')" >/dev/null
ask POST /v1/appeals "$shop_token" -H "$json" -d "{\"request_id\":\"$second\"}"
expect_problem 409 too-late

it 'shows each merchant its own, reviewers what waits, auditors all'
ask POST /v1/appeals "$other_token" -H "$json" -d "{\"request_id\":\"$others\"}"
expect_code 201
ask GET /v1/appeals "$shop_token"
expect_json '[.items[] | [.request_id, .state]] | sort | tostring' "$(printf '[["%s","waiting"],["%s","opened"]]' "$own" "$second" | jq -c sort)"
ask GET '/v1/appeals?merchant=m2' "$shop_token"
expect_json '.items | length' 0
ask GET '/v1/appeals?limit=1' "$anna_token"
expect_json '[.items[].request_id] | join(" ")' "$own"
ask GET "/v1/appeals?limit=1&cursor=$(jq -r .next "$OUT")" "$anna_token"
expect_json '[.items[].request_id, .next] | tostring' "[\"$others\",null]"
ask GET '/v1/appeals?state=opened' "$audi_token"
expect_json '[.items[].request_id] | join(" ")' "$second"
ask GET '/v1/appeals' "$audi_token"
expect_json '.items | length' 3

it 'shows on the case what became of its appeal, but to a reviewer only that it waits'
ask GET "/v1/requests/$own" "$anna_token"
expect_json '.appeal.asked_at' "$(jq -r .asked_at first)"
expect_json '.appeal.reason' '质量'
sql -c "SELECT rebut.appeal_record('$own', 'won', now(), NULL, 700)" >/dev/null
ask GET "/v1/requests/$own" "$anna_token"
expect_json .appeal null
ask GET /v1/appeals "$anna_token"
expect_json '[.items[].request_id] | join(" ")' "$others"
ask GET "/v1/requests/$own" "$shop_token"
expect_json '[.appeal.ended, .appeal.recovered] | tostring' '["won",700]'
ask GET "/v1/requests/$own" "$audi_token"
expect_json .appeal.ended won
ask GET '/v1/appeals?state=won' "$shop_token"
expect_json '[.items[] | [.request_id, .recovered]] | tostring' "[[\"$own\",700]]"
stop_server
