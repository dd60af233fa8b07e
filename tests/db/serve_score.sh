#!/bin/sh
# Scores for other systems: one that lies in the database, and one made now of events that
# nobody stores.
. "$(dirname "$0")/serve_lib.sh"
new_database
T=2026-04-20T00:00:00+08:00
"$REBUT" simulate --orders 6000 --days 80 --seed 9 --output events.ndjson --truth truth.csv &&
    "$REBUT" fit --input events.ndjson --as-of $T --output model.json --quiet &&
    "$REBUT" score --input events.ndjson --as-of $T --model model.json --keep night \
        --output night.ndjson --quiet &&
    "$REBUT" score --input events.ndjson --night night --model model.json \
        --since 2026-01-01T00:00:00Z --quiet --output batch.ndjson || exit 1
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_token anna reviewer
new_token shop merchant --merchant m1
new_token audi auditor
new_token root admin
new_token narrow reviewer --scope queue:read
cp night night.used
cp model.json model.used
start_server --rate 100000 --burst 100000 --night night.used --model model.used
json='Content-Type: application/json'

it 'gives the latest score of a request, to those who may see it'
ask GET /v1/requests/r01/score "$anna_token"
expect_code 200
expect_json 'keys | join(" ")' 'answer as_of interval log_odds model notes probability request_id'
expect_json .request_id r01
cp "$OUT" lean
ask GET /v1/requests/r01 "$anna_token"
expect_json '.score | [.answer, .probability, .interval, .log_odds, .notes, .as_of, .model] | tostring' \
    "$(jq -r '[.answer, .probability, .interval, .log_odds, .notes, .as_of, .model] | tostring' lean)"
ask GET /v1/requests/r01/score "$audi_token"
expect_code 200
own=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id = 'm1' LIMIT 1")
other=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id <> 'm1' LIMIT 1")
ask GET "/v1/requests/$own/score" "$shop_token"
expect_code 200

it 'gives a merchant the same answer for the request of another and for none'
ask GET "/v1/requests/$other/score" "$shop_token" -H 'X-Request-Id: the-same-id'
expect_problem 404 no-such-thing
cp "$OUT" others
ask GET /v1/requests/nobodys/score "$shop_token" -H 'X-Request-Id: the-same-id'
expect_same others "$OUT"

it 'turns away who is nobody, may not, or is no longer in force'
ask GET /v1/requests/r01/score ''
expect_problem 401 who-are-you
ask GET /v1/requests/r01/score "rebut_zzzzzzzzzzzz_$(printf '%043d' 0)"
expect_problem 401 who-are-you
ask GET /v1/requests/r01/score "$narrow_token"
expect_problem 403 not-for-you
ask POST /v1/score "$shop_token" -H "$json" -d '{"request_id":"r1"}'
expect_problem 403 not-for-you
new_token brief reviewer
ask GET /v1/requests/r01/score "$brief_token"
expect_code 200
"$REBUT" token revoke "$(echo "$brief_token" | cut -d_ -f2)" || fail 'expected to revoke it'
ask GET /v1/requests/r01/score "$brief_token"
expect_problem 401 who-are-you
sql -c "UPDATE rebut.tokens SET created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
    WHERE login = 'audi'"
ask GET /v1/requests/r01/score "$audi_token"
expect_problem 401 who-are-you

it 'writes down who has read what, and not what nobody got'
expect_value 'reads of anna' 1 "SELECT count(*) FROM rebut.audit a JOIN rebut.tokens t USING (token_id)
    WHERE a.action = 'read' AND a.subject = 'r01' AND a.login = 'anna' AND a.role = 'rebut_reviewer' AND
    a.audit_id = (SELECT min(audit_id) FROM rebut.audit WHERE action = 'read')"
expect_value 'reads of nobody' 0 "SELECT count(*) FROM rebut.audit WHERE subject IN ('nobodys', '$other') AND login = 'shop'"

it 'opens a session to a browser as well'
ask POST /v1/session '' -H "$json" -d "{\"token\":\"$anna_token\"}" -c jar
csrf=$(jq -r .csrf "$OUT")
ask GET /v1/requests/r01/score '' -b jar
expect_code 200
ask POST /v1/score '' -b jar -H "$json" -d '{"request_id":"r1"}'
expect_problem 403 no-csrf-token
ask POST /v1/score '' -b jar -H "X-CSRF-Token: $csrf" -H "$json" -d '{"request_id":"r1"}'
expect_problem 422 bad-events

it 'scores each request of the platform as the stream does, to the byte'
cat >all.py <<'end'
import http.client, json, random, sys, time, urllib.parse
address, token, lang = sys.argv[1:4]
night_end = "2026-04-20T00:00:00+08:00"
dice = random.Random(3)
orders, of_request, buyer_of, by_buyer, requests = {}, {}, {}, {}, []
for line in open("events.ndjson"):
    event = json.loads(line)
    kind = event["type"]
    if kind == "price":
        continue
    if kind == "order":
        buyer_of[event["order_id"]] = event["buyer_id"]
    if kind == "request":
        of_request[event["request_id"]] = event["order_id"]
    order = event.get("order_id") or of_request[event["request_id"]]
    by_buyer.setdefault(buyer_of[order], []).append(line.strip())
    if event["at"] <= night_end:
        continue
link = http.client.HTTPConnection(urllib.parse.urlparse(address).netloc, timeout=30)
took, wrong, asked = [], 0, 0
for line in open("batch.ndjson"):
    record = json.loads(line)
    events = by_buyer[record["buyer_id"]]
    news = [e for e in events if json.loads(e)["at"] > night_end]
    some = events if asked % 3 == 0 else news
    dice.shuffle(some)
    body = '{"request_id":"%s","events":[%s]}' % (record["request_id"], ",".join(some))
    began = time.perf_counter()
    link.request("POST", "/v1/score?lang=" + lang, body.encode(), {"Authorization": "Bearer " + token,
        "Content-Type": "application/json"})
    answer = link.getresponse()
    text = answer.read().decode()
    took.append(time.perf_counter() - began)
    asked += 1
    if text != line:
        wrong += 1
        if wrong < 3:
            print(answer.status, text[:400], line[:400], sep="\n")
took.sort()
print("# %d asked, p50 %.2f ms, p99 %.2f ms" % (asked, took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3),
    file=sys.stderr)
print("%d wrong" % wrong)
sys.exit(asked < 100)
end
python3 all.py "$address" "$root_token" zh >all.out || fail 'expected a hundred requests'
expect_value 'all of them' '0 wrong' "SELECT '$(tail -n 1 all.out)'"

it 'stores nothing'
expect_value 'no more scores' 0 "SELECT count(*) FROM rebut.scores WHERE request_id IN (SELECT subject FROM rebut.audit
    WHERE login = 'root')"

it 'needs no events for a request of the night'
id=$(jq -r .request_id night.ndjson | head -n 1)
ask POST /v1/score "$anna_token" -H "$json" -d "{\"request_id\":\"$id\"}"
expect_code 200
grep -F "\"request_id\":\"$id\"" batch.ndjson >expected
expect_same expected "$OUT"

it 'says what is wrong with events'
# refused CODE KIND BODY WORDS
refused() {
    ask POST /v1/score "$anna_token" -H "$json" -d "$3"
    expect_problem "$1" "$2"
    expect_out "$4"
}
order='{"type":"order","at":"2026-05-01T00:00:00Z","order_id":"o1","buyer_id":"x","merchant_id":"m","sku_id":"s","amount":100,"quantity":1,"channel":"shelf","category":"food"}'
request='{"type":"request","at":"2026-05-02T00:00:00Z","request_id":"new","order_id":"o1","kind":"refund_only","reason":"quality","amount":100}'
refused 422 bad-events '{"request_id":"new"}' 'expected a refund-only request'
refused 422 bad-events '{"request_id":"new","events":[1]}' 'expected events that are objects'
refused 422 bad-events '{"request_id":"new","events":[{"type":"order"}]}' 'event 1: missing_field'
refused 422 bad-events "{\"request_id\":\"new\",\"events\":[$request]}" 'event 1: orphan'
refused 422 bad-events "{\"request_id\":\"new\",\"events\":[$order,$request,$(echo "$order" | sed s/:100/:101/)]}" 'event 3: conflict'
refused 400 bad-parameter '{"request_id":"new","events":{}}' 'to be an array'
refused 400 bad-parameter '{"events":[]}' "expected a member 'request_id'"
refused 400 bad-json '{"request_id":"new","events":[' 'byte'
ask POST /v1/score "$anna_token" -H "$json" -d "{\"request_id\":\"new\",\"events\":[$request,$order,$order]}"
expect_code 200
expect_json .request_id new

it 'takes up another night and model while it answers, and keeps the one it has when that is no good'
cp "$OUT" before
head -c 1000 night >night.used.new && mv night.used.new night.used
kill -HUP "$server"
for _ in $(seq 50); do grep -q '"event":"night".*error' server.log && break; sleep 0.1; done
ask POST /v1/score "$anna_token" -H "$json" -d "{\"request_id\":\"new\",\"events\":[$request,$order]}"
expect_same before "$OUT"
"$REBUT" score --input events.ndjson --as-of 2026-04-10T00:00:00+08:00 --model model.json --keep night.used.new \
    --output /dev/null --quiet && mv night.used.new night.used
kill -HUP "$server"
for _ in $(seq 50); do grep -q '"event":"night".*2026-04-09' server.log && break; sleep 0.1; done
ask POST /v1/score "$anna_token" -H "$json" -d "{\"request_id\":\"new\",\"events\":[$request,$order]}"
expect_code 200
expect 'another record' sh -c "! cmp -s before '$OUT'"
stop_server

it 'says so without a night'
start_server
ask POST /v1/score "$anna_token" -H "$json" -d '{"request_id":"r1"}'
expect_problem 503 no-night
run "$REBUT" serve --night night
expect_status 2
