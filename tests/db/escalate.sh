#!/bin/sh
# A reviewer hands a case to a senior; a second review sees nothing of the first.
. "$(dirname "$0")/serve_lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_login carl rebut_reviewer
new_login cora rebut_senior
new_token anna reviewer
new_token bert reviewer
new_token sina senior
new_token root admin
new_token audi auditor
json='Content-Type: application/json'
start_server --rate 100000 --burst 100000

it 'hands a case in hand to a senior, with a reason, and takes it out of the queue'
ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d '{"reason":"x"}'
expect_problem 409 not-in-hand
ask POST /v1/requests/r03/claim "$anna_token"
tag=$(etag)
for body in '{}' '{"reason":""}' '{"reason":1}' '{"reason":"x","more":1}'; do
    ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d "$body"
    expect_code 400
done
ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d '{"reason":"  "}'
expect_problem 422 out-of-range
ask POST /v1/requests/r03/escalate "$bert_token" -H "$json" -d '{"reason":"x"}'
expect_problem 409 held-by-another
ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d '{"reason":"x"}' -H 'If-Match: "0123"'
expect_problem 412 other-version
for _ in 1 2; do # the second is answered from the first
    ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d '{"reason":"两张照片"}' -H "If-Match: $tag" -H 'Idempotency-Key: hand-on-1'
    expect_json .state escalated
done
expect_value 'handed on once' 'anna|两张照片|random|0.25' 'SELECT by, reason, selection, propensity FROM rebut.escalations'
ask GET /v1/queue "$anna_token"
expect_json '[.items[].request_id] | index("r03")' null
ask GET '/v1/queue?view=mine' "$anna_token"
expect_json '.items | length' 0
ask GET '/v1/metrics/summary' "$audi_token"
expect_json '[.queue.open, .queue.escalated] | tostring' '[9,1]'
ask GET '/v1/audit?action=escalate' "$audi_token"
expect_json '[.items[].login, .items[].subject] | tostring' '["anna","r03"]'

it 'shows it to seniors and to who handed it on, and lets only a senior have it'
ask GET '/v1/queue?view=escalated' "$sina_token"
expect_json '[.items[] | .request_id, .escalated_by, .escalated_for, .own] | tostring' '["r03","anna","两张照片",false]'
ask GET '/v1/queue?view=escalated' "$root_token"
expect_json '.items | length' 1
ask GET '/v1/queue?view=escalated' "$anna_token"
expect_json '.items[0].own' true
ask GET '/v1/queue?view=escalated' "$bert_token"
expect_json '.items | length' 0
ask GET /v1/requests/r03 "$bert_token"
expect_json '[.state.escalated, .escalation] | tostring' '[true,null]'
for who in anna bert; do
    eval "token=\$${who}_token"
    ask POST /v1/requests/r03/claim "$token"
    expect_problem 409 escalated
done
ask POST /v1/queue/claim "$bert_token" -H "$json" -d '{"count":3}'
expect_json '[.items[].request_id] | join(" ")' 'r01 r02 r04'
run as "$carl" sql -c "SELECT rebut.claim_request('r03')"
expect_err 'ERROR:  RB014: request .r03. has been handed to a senior'
expect 'a login that is no senior to see nothing' test -z "$(as "$carl" sql -c 'SELECT request_id FROM rebut.escalated')"
expect 'a senior login to see it' test "$(as "$cora" sql -c 'SELECT request_id FROM rebut.escalated')" = r03

it 'stays with the seniors until it is decided, and waits again when that is undone'
ask POST /v1/requests/r03/claim "$sina_token"
expect_json .state claimed
expect_value 'the draw of the first' 'random|0.25' "SELECT selection, propensity FROM rebut.claims WHERE request_id = 'r03'"
ask GET /v1/requests/r03 "$sina_token"
expect_json '[.escalation.reason, (.timeline | length), .score.rank, .score.q_value, .versions[0].rank] | tostring' '["两张照片",5,null,null,null]'
ask POST /v1/requests/r03/release "$anna_token"
expect_problem 409 not-in-hand
ask POST /v1/requests/r03/release "$sina_token"
ask GET '/v1/queue?view=escalated' "$sina_token"
expect_json '[.items[0].request_id, .items[0].holder] | tostring' '["r03",null]'
ask POST /v1/requests/r03/claim "$sina_token"
ask POST /v1/requests/r03/decide "$sina_token" -H "$json" -d '{"verdict":"legitimate"}' -H 'If-Match: *'
expect_json .state decided
ask GET '/v1/queue?view=escalated' "$sina_token"
expect_json '.items | length' 0
ask POST /v1/requests/r03/undo "$sina_token"
ask POST /v1/requests/r03/release "$sina_token"
ask GET '/v1/queue?view=escalated' "$sina_token"
expect_json '.items | length' 1

it 'goes back to the queue when who handed it on, or a senior, takes it back'
ask POST /v1/requests/r03/release "$bert_token"
expect_problem 409 not-in-hand
ask POST /v1/requests/r03/release "$anna_token"
expect_json .state released
ask GET /v1/queue "$anna_token"
expect_json '[.items[].request_id] | index("r03") != null' true
ask POST /v1/requests/r03/claim "$anna_token"
ask POST /v1/requests/r03/escalate "$anna_token" -H "$json" -d '{"reason":"again"}'
expect_code 200
ask POST /v1/requests/r03/release "$sina_token"
expect_json .state released
expect_value 'two, both taken back' 'anna sina' "SELECT string_agg(withdrawn_by, ' ' ORDER BY escalation_id) FROM rebut.escalations"
expect_value 'in the trail' 2 "SELECT count(*) FROM rebut.audit WHERE action = 'withdraw'"

it 'shows a second review neither the outcome nor the rank, and has it judged alone'
ask POST /v1/requests/r05/claim "$bert_token"
ask POST /v1/requests/r05/decide "$bert_token" -H "$json" -d '{"verdict":"abuse","note":"bert said so"}' -H 'If-Match: *'
sql -c "INSERT INTO rebut.outcomes (at, request_id, outcome, by, digest) VALUES (now(), 'r05', 'denied', 'platform', 1)"
sql -c "UPDATE rebut.decisions SET at = at - interval '1 hour', undo_until = undo_until - interval '1 hour'"
ask POST /v1/queue/claim "$anna_token" -H "$json" -d '{"kind":"second"}'
expect_json '.items[0].request_id' r05
ask GET /v1/requests/r05 "$anna_token"
expect_json '[.state.second, (.timeline | length), .score.rank, .score.q_value] | tostring' '[true,5,null,null]'
expect 'nothing of the first' sh -c "! grep -q 'denied\|bert' '$OUT'"
ask GET /v1/requests/r05/evidence.json "$anna_token"
expect_problem 404 no-such-thing
ask GET /v1/requests/r05/evidence.json "$sina_token"
expect_problem 404 no-evidence
ask POST /v1/requests/r05/escalate "$anna_token" -H "$json" -d '{"reason":"x"}'
expect_problem 422 out-of-range
ask POST /v1/requests/r05/decide "$anna_token" -H "$json" -d '{"verdict":"unclear"}' -H 'If-Match: *'
ask GET /v1/requests/r05 "$anna_token"
expect_json '[.timeline[] | select(.type == "outcome") | .detail.outcome] | tostring' '["denied"]'
ask GET /v1/metrics/summary "$audi_token"
expect_json '[.agreement.pairs, .agreement.agree, .agreement.by_chance, .recovered.decided_abuse] | tostring' '[1,0,0,5000]'

it 'states a buyer'"'"'s ratio with its interval'
ask GET /v1/buyers/b01 "$anna_token"
expect_json '[.ratio.requests, .ratio.orders, .ratio.share, (.ratio.interval | map(. * 1000 | round))] | tostring' '[1,1,1,[207,1000]]'
expect_json '.requests[0].interval | tostring' '[0.1,0.99]'

it 'ends when it is told to'
stop_server
expect_status 0
