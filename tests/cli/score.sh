#!/bin/sh
# Options of score, fit, explain and forecast, and what they print.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 3000 --days 60 --seed 5 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" score --input events.ndjson --output scores.ndjson --quiet || exit 1
top=$(sed -n '1s/.*"request_id":"\([^"]*\)".*/\1/p' scores.ndjson)

it 'lists its commands'
run "$REBUT" --help
expect_status 0
expect_golden score/help.txt

for command in score fit explain forecast; do
    it "explains $command"
    run "$REBUT" "$command" --help
    expect_status 0
    expect_golden "score/$command-help.txt"
done

it 'refuses a command, an option, a value and a missing input, with exit code 2'
run "$REBUT" scoer
expect_status 2
expect_err "no command 'scoer'"
run "$REBUT" score --imput x
expect_status 2
run "$REBUT" score --input events.ndjson --format xml
expect_status 2
expect_err "expected '--format ndjson' or '--format csv', got 'xml'"
run "$REBUT" score --input events.ndjson --as-of yesterday
expect_status 2
expect_err "expected a time like '2026-06-30T00:00:00\+08:00'.*got 'yesterday'"
run "$REBUT" score
expect_status 2
expect_err 'expected --input PATH'
run "$REBUT" forecast --input events.ndjson --score-orders events.ndjson
expect_status 2
expect_err 'needs --as-of'

it 'ranks from 1, best first, one line a refund-only request'
expect 'every refund-only request once' test \
    "$(grep -c '"kind":"refund_only"' events.ndjson)" = "$(wc -l <scores.ndjson)"
sed 's/.*"rank":\([0-9]*\),.*/\1/' scores.ndjson >ranks
seq "$(wc -l <scores.ndjson)" >counted
expect_same ranks counted
sed 's/.*"probability":\([^,]*\),.*/\1/' scores.ndjson >given
sort -g -r -s given >sorted
expect_same given sorted

it 'says of each line with a usual range what was seen and where nine in ten are'
for name in circumstances merchant item recent buyer_record readiness; do
    expect "a range of '$name' in every score" test \
        "$(grep -Ec "\"name\":\"$name\",[^}]*,\"usual\":\{\"seen\":[0-9.e+-]+,\"low\":[0-9.e+-]+,\"high\":[0-9.e+-]+\}" scores.ndjson)" = "$(wc -l <scores.ndjson)"
done
expect 'none of a mark' sh -c "! grep -Eq '\"name\":\"delay\",[^}]*\"usual\"' scores.ndjson"
expect 'low below high' test "$(grep -o '"name":"circumstances".[^{]*"usual":{[^}]*}' scores.ndjson |
    sed 's/.*"low":\([^,]*\),"high":\([^}]*\)}/\1 \2/' | awk '!($1 < $2) { bad++ } END { print bad + 0 }')" = 0

it 'writes the same ranking as CSV'
run "$REBUT" score --input events.ndjson --format csv --quiet
expect_status 0
expect_out '^rank,request_id,order_id,buyer_id,merchant_id,requested_at,amount,probability'
cut -d , -f 2 "$OUT" | tail -n +2 >csv-ids
sed 's/.*"request_id":"\([^"]*\)".*/\1/' scores.ndjson >ids
expect_same csv-ids ids

it 'lists requests since a time only'
run "$REBUT" score --input events.ndjson --since 2026-04-10 --quiet
expect_status 0
expect 'none before it' sh -c "! grep -q '\"requested_at\":\"2026-0[1-3]' '$OUT'"
expect 'some after it' grep -q '"requested_at":"2026-04-1' "$OUT"

it 'accounts for every line on stderr, and not with --quiet'
run "$REBUT" score --input events.ndjson --output x.ndjson
expect_err "lines +$(wc -l <events.ndjson | sed ':a;s/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta')"
run "$REBUT" score --input events.ndjson --output x.ndjson --quiet
expect_no_err

it 'explains a request in Chinese and in English, without keys of the account'
run "$REBUT" explain --input events.ndjson --request "$top" --quiet
expect_status 0
expect_out '^仅退款请求'
expect_out '是否滥用须由人判断'
cp "$OUT" zh
run "$REBUT" explain --input events.ndjson --request "$top" --lang en --quiet
expect_status 0
expect_out 'a person must decide'
cat "$OUT" >>zh
order=$(grep '"type":"request"' events.ndjson | grep "\"$top\"" | sed 's/.*"order_id":"\([^"]*\)".*/\1/')
grep '"type":"order"' events.ndjson | grep "\"$order\"" | tr ',' '\n' |
    sed -n 's/.*"\(device\|address\|payment\)_id":"\([^"]*\)".*/\2/p' >keys
expect 'three keys' test "$(wc -l <keys)" = 3
expect 'none of them shown' sh -c '! grep -F -f keys zh'

it 'says which request it cannot explain'
run "$REBUT" explain --input events.ndjson --request nobody --quiet
expect_status 3
expect_err "no request 'nobody'"
return_id=$(grep '"kind":"return_refund"' events.ndjson | sed -n '1s/.*"request_id":"\([^"]*\)".*/\1/p')
run "$REBUT" explain --input events.ndjson --request "$return_id" --quiet
expect_status 3
expect_err 'which is not judged'

it 'refuses a model that is none'
echo '{"schema":"other"}' >bad.json
run "$REBUT" score --input events.ndjson --model bad.json --quiet
expect_status 3
expect_err "model 'bad.json': expected schema 'rebut-model-"
run "$REBUT" score --input events.ndjson --model nowhere.json --quiet
expect_status 1
expect_err "cannot read model 'nowhere.json'"

it 'gives recent orders an outlook by fault and by abuse'
run "$REBUT" forecast --input events.ndjson --quiet
expect_status 0
expect_out '^\{"rank":1,"order_id":"[^"]*","merchant_id":"[^"]*","placed_at":"[^"]*","amount":[0-9]*,"fault":[0-9.e-]*,"fault_interval":\[[0-9.e-]*,[0-9.e-]*\],"abuse":'

it 'holds its forecasts against what followed'
run "$REBUT" forecast --input events.ndjson --as-of 2026-04-10 --score-orders events.ndjson --splits 2
expect_status 0
expect_out '^\{"part":"1",'
expect_out '^\{"part":"all",.*"auc":0\.[0-9]+,"ap":'
expect_err 'AUC 0\.'

it 'refuses to score without orders'
grep '"type":"price"' events.ndjson >prices.ndjson
run "$REBUT" score --input prices.ndjson --quiet
expect_status 3
expect_err 'no orders up to the as-of time'
