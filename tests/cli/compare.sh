#!/bin/sh
# A challenger against the champion, on a platform whose truth is known.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 20000 --seed 3 --output events.ndjson --truth truth.csv \
    2>simulated || exit 1
for day in 04-10 05-01; do
    "$REBUT" fit --input events.ndjson --as-of 2026-$day --output $day.json --quiet || exit 1
done
compare() { run "$REBUT" compare --input events.ndjson --quiet "$@"; }

it 'explains itself'
run "$REBUT" compare --help
expect_status 0
expect_golden compare/help.txt

it 'finds no difference between a model and itself'
compare --champion 05-01.json --challenger 05-01.json --truth truth.csv --lang en
expect_status 0
expect_out '^AUC .* \+0\.0000 +\+0\.0000 \.\. \+0\.0000$'
expect_out '^average precision .* \+0\.0000 +\+0\.0000 \.\. \+0\.0000$'
expect_out '^rankings agree \(Spearman\) +1\.0000$'
expect_out '^rankings agree \(Kendall\) +1\.0000$'
expect_out '^requests with another answer +0$'

it 'holds two models against the truth'
compare --champion 04-10.json --challenger 05-01.json --truth truth.csv --lang en --json out.json
expect_status 0
expect_out '^requests +924$'
expect_out '^AUC +0\.9[0-9]{3} +0\.9[0-9]{3} +[-+]0\.[0-9]{4} +[-+]0\.[0-9]{4} \.\. ?[-+]0\.'
expect_out '^Brier score +0\.0'
expect_out '^rankings agree \(Kendall\) +0\.9'
expect_out '^r[0-9]{8} .* -> '
"$REBUT" fit --input events.ndjson --output all.json --quiet
compare --champion 04-10.json --challenger all.json --truth truth.csv --lang en \
    --since 2026-05-01
expect_status 0
expect_out '^a model was fitted to events after that time'

it 'gives the AUC that evaluate gives for the same scores'
grep -v '"type":"verdict"' events.ndjson >silent.ndjson
run "$REBUT" compare --input silent.ndjson --champion 04-10.json --challenger 05-01.json \
    --truth truth.csv --quiet --lang en
cp "$OUT" table
"$REBUT" score --input silent.ndjson --model 05-01.json --quiet --output scores.ndjson
auc=$("$REBUT" evaluate --scores scores.ndjson --truth truth.csv | sed -n 's/^AUC *//p')
ap=$("$REBUT" evaluate --scores scores.ndjson --truth truth.csv | sed -n 's/^average precision *//p')
expect "an AUC of $auc" grep -Eq "^AUC +[0-9.]+ +$auc " table
expect "an average precision of $ap" grep -Eq "^average precision +[0-9.]+ +$ap " table

it 'lets no score know the verdict that judges it'
compare --champion 04-10.json --challenger 05-01.json --json with.json --lang en
expect_status 0
expect_out '^judged by verdicts after +2026-05-01'
awk '!/"type":"verdict"/ || /"at":"2026-0[34]/' events.ndjson >early.ndjson
run "$REBUT" compare --input early.ndjson --champion 04-10.json --challenger 05-01.json \
    --since 2026-05-01 --truth truth.csv --json early.json --quiet
compare --champion 04-10.json --challenger 05-01.json --since 2026-05-01 \
    --truth truth.csv --json late.json
sed 's/"as_of":"[^"]*"//' early.json >1.json
sed 's/"as_of":"[^"]*"//' late.json >2.json
expect_same 1.json 2.json

it 'refuses verdicts that a model may have seen'
compare --champion 04-10.json --challenger 05-01.json --since 2026-04-20
expect_status 3
expect_err 'may have seen the verdicts'
run "$REBUT" compare --input silent.ndjson --champion 04-10.json --challenger 05-01.json --quiet
expect_status 3
expect_err 'no request was judged after'

it 'writes the same bytes on every run'
compare --champion 04-10.json --challenger 05-01.json --json -
expect_status 0
cp "$OUT" first
compare --champion 04-10.json --challenger 05-01.json --json -
expect_same first "$OUT"
compare --champion 04-10.json --challenger 05-01.json
expect_out '^挑战模型与现行模型'

it 'refuses what it cannot use'
run "$REBUT" compare --input events.ndjson --champion 04-10.json
expect_status 2
expect_err 'expected --champion and --challenger'
compare --champion nowhere.json --challenger 05-01.json
expect_status 1
echo request_id,label >bad.csv
compare --champion 04-10.json --challenger 05-01.json --truth bad.csv
expect_status 3
expect_err "'bad.csv': expected columns 'request_id' and 'abuse'"
{ cat truth.csv && sed -n 2p truth.csv; } >twice.csv
compare --champion 04-10.json --challenger 05-01.json --truth twice.csv
expect_status 3
expect_err 'a request_id that came before'
run sh -c '"$0" compare --input events.ndjson --champion 04-10.json --quiet \
    --challenger 05-01.json >/dev/full' "$REBUT"
expect_status 1
