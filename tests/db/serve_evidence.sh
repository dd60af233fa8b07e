#!/bin/sh
# Evidence packs over HTTP, of a platform that rebut has scored itself.
. "$(dirname "$0")/serve_lib.sh"
new_database
"$REBUT" simulate --orders 3000 --days 60 --seed 8 --output events.ndjson --truth truth.csv &&
    "$REBUT" load --input events.ndjson --quiet &&
    "$REBUT" nightly --quiet 2>nightly.log || { cat nightly.log && exit 1; }
merchant=$(value 'SELECT merchant_id FROM rebut.scores ORDER BY rank LIMIT 1')
request=$(value 'SELECT request_id FROM rebut.scores ORDER BY rank LIMIT 1')
stranger=$(value "SELECT request_id FROM rebut.scores WHERE merchant_id <> '$merchant' ORDER BY rank LIMIT 1")
"$REBUT" evidence --input events.ndjson --request "$request" --request "$stranger" --output packs --quiet 2>/dev/null || exit 1
new_login web rebut_server
new_token anna reviewer
new_token audi auditor
new_token shop merchant --merchant "$merchant"
start_server --evidence packs

it 'gives the pack itself, to the byte, and a page and a paper of it'
ask GET "/v1/requests/$request/evidence.json" "$anna_token"
expect_code 200
expect 'the same bytes' sh -c "cat packs/*.json | grep -qF \"\$(head -c 2000 '$OUT')\""
run "$REBUT" recompute "$OUT"
ask GET "/v1/requests/$request/evidence.html?lang=en" "$anna_token"
expect_code 200
expect_head 'content-type: text/html'
expect_head "content-security-policy: default-src 'none';.* sandbox"
expect_out '<html lang="en"'
ask GET "/v1/requests/$request/evidence.html" "$anna_token"
expect_out '<html lang="zh'
ask GET "/v1/requests/$request/evidence.pdf" "$anna_token"
expect_head 'content-type: application/pdf'
expect 'a paper' sh -c "head -c 5 '$OUT' | grep -q '%PDF-'"
expect_value 'in the trail' 4 "SELECT count(*) FROM rebut.audit WHERE action = 'read' AND subject = '$request'"

it 'gives a merchant its own, and of others as if there were none'
ask GET "/v1/requests/$request/evidence.json" "$shop_token"
expect_code 200
for id in "$stranger" nowhere; do
    ask GET "/v1/requests/$id/evidence.json" "$shop_token" -H 'X-Request-Id: the-same-id'
    expect_problem 404 no-such-thing
    cp "$OUT" "none.$id"
done
expect_same "none.$stranger" none.nowhere
ask GET "/v1/requests/$request/evidence.json" "$audi_token"
expect_problem 403 not-for-you

it 'says when there is no pack yet, and takes none of another request'
other=$(value "SELECT request_id FROM rebut.scores WHERE request_id NOT IN ('$request', '$stranger') LIMIT 1")
ask GET "/v1/requests/$other/evidence.json" "$anna_token"
expect_problem 404 no-evidence
for file in packs/*.json; do
    grep -q "\"$stranger\"" "$file" && cp "$file" theirs
    grep -q "\"$request\"" "$file" && ours=$file
done
cp theirs "$ours"
ask GET "/v1/requests/$request/evidence.json" "$anna_token"
expect_problem 500 our-fault

it 'says what to write in the form of a platform'
cp theirs spare && rm "$ours" && "$REBUT" evidence --input events.ndjson --request "$request" --output packs --quiet 2>/dev/null
ask GET "/v1/requests/$request/form?platform=pinduoduo-after-sale&lang=en" "$anna_token"
expect_code 200
expect_json '.text | length > 40' true
expect_json '(.text | length) == .points' true
ask GET "/v1/requests/$request/form?platform=pinduoduo-after-sale" "$shop_token"
expect_code 200
ask GET "/v1/requests/$request/form" "$anna_token"
expect_problem 400 bad-parameter
for name in nowhere ../../etc/passwd /etc/passwd x.json; do
    ask GET "/v1/requests/$request/form?platform=$name" "$anna_token"
    expect_problem 400 bad-parameter
    expect_out 'pinduoduo-after-sale'
done
ask GET "/v1/requests/$stranger/form?platform=jd" "$shop_token"
expect_problem 404 no-such-thing

it 'makes the pack of the night where none lies in the folder: the one that rebut evidence writes'
stop_server
T=$(tail -n 1 events.ndjson | jq -r .at)
"$REBUT" fit --input events.ndjson --as-of $T --output model.json --quiet &&
    "$REBUT" score --input events.ndjson --as-of $T --model model.json --keep night --output /dev/null --quiet &&
    "$REBUT" evidence --input events.ndjson --as-of $T --model model.json --queue --budget 20 --fdr 0.9 --edition platform --output made --quiet 2>/dev/null || exit 1
mkdir empty
start_server --rate 100000 --burst 100000 --evidence empty --night night --model model.json
same=0
for pack in made/pack-*.json; do
    id=$(jq -r .header.request_id "$pack")
    ask GET "/v1/requests/$id/evidence.json" "$anna_token"
    cmp -s "$OUT" "$pack" && same=$((same + 1))
done
expect 'all of them' test "$same" -gt 5 -a "$same" = "$(ls made/pack-*.json | wc -l)"
ask GET "/v1/requests/$id/evidence.pdf?lang=en" "$anna_token"
expect_head 'content-type: application/pdf'
ask GET "/v1/requests/$id/form?platform=jd" "$anna_token"
expect_code 200
new_token owner merchant --merchant "$(value "SELECT merchant_id FROM rebut.scores WHERE request_id = '$id' LIMIT 1")"
ask GET "/v1/requests/$id/evidence.json" "$owner_token"
expect_problem 404 no-evidence
expect_value 'not read' 0 "SELECT count(*) FROM rebut.audit WHERE login = 'owner' AND action = 'read'"
stop_server
start_server --evidence made # exact ones in the folder, without keys as well
ask GET "/v1/requests/$id/evidence.json" "$owner_token"
expect_problem 404 no-evidence
ask GET "/v1/requests/$id/evidence.json" "$anna_token"
expect_code 200

it "gives a merchant the shop's edition, from the night and of an exact one in the folder, and a reviewer the exact one"
stop_server
"$REBUT" keygen --key-dir keys >keygen.out || exit 1
for edition in shop platform; do
    "$REBUT" evidence --input events.ndjson --as-of $T --model model.json --request "$id" --key-dir keys --edition $edition --output "$edition" --quiet 2>/dev/null || exit 1
done
for folder in empty platform; do
    start_server --evidence $folder --night night --model model.json --key-dir keys
    ask GET "/v1/requests/$id/evidence.json" "$owner_token"
    expect_same "$(ls shop/pack-*.json)" "$OUT"
    ask GET "/v1/requests/$id/evidence.json" "$anna_token"
    expect_same "$(ls platform/pack-*.json)" "$OUT"
    stop_server
done
start_server --evidence empty --night night --model model.json

it 'shows the cases that the nightly run made'
ask GET '/v1/queue?limit=1' "$anna_token"
expect_code 200
id=$(jq -r '.items[0].request_id' "$OUT")
ask POST "/v1/requests/$id/claim" "$anna_token"
ask GET "/v1/requests/$id" "$anna_token"
expect 'terms with sentences' test "$(jq '[.terms[] | select(.sentence | length > 0)] | length' "$OUT")" -gt 5
expect 'a sum of the terms' test "$(jq '((.terms | map(.log_odds) | add) - .score.log_odds) | fabs < 0.001' "$OUT")" = true
ask GET "/v1/requests/$id?lang=en" "$anna_token"
expect_json '[.terms[].sentence | select(test("\\p{Han}"))] | length' 0
expect_json '[.timeline[], .versions[]] | length > 2' true
ask GET "/v1/requests/$id?lang=zh" "$anna_token"
expect_json '[.terms[].sentence | select(test("\\p{Han}") | not)] | length' 0
ask GET '/v1/queue?limit=20&lang=en' "$anna_token"
expect_json '[.items[].reason // "" | select(test("\\p{Han}"))] | length' 0
ask GET '/v1/requests?limit=3&sort=recovery' "$anna_token"
expect_json '.items | length' 3
if python3 -c 'import jsonschema' 2>/dev/null; then
    new_token root admin
    ask GET /v1/openapi.json ''
    cp "$OUT" openapi.json
    stop_server
    start_server --rate 100000 --burst 100000 --night night --model model.json
    expect 'answers as the document says' python3 "$TOP/tests/db/contract.py" openapi.json "$address" "$root_token"
fi
stop_server
expect_status 0
