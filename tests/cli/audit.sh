#!/bin/sh
# Earlier scores against later verdicts, on a platform whose truth is known.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 20000 --seed 3 --no-verdicts --output events.ndjson \
    --truth truth.csv 2>simulated || exit 1
"$REBUT" fit --input events.ndjson --as-of 2026-05-15 --output model.json --quiet || exit 1
"$REBUT" score --input events.ndjson --as-of 2026-05-15 --model model.json --quiet \
    --output scores.ndjson || exit 1

# The first 120 are the queue, of the rest every fifth is drawn; six of seven are judged,
# a third of them by two reviewers, of whom the second errs now and then.
awk 'function with(words) { sub(/}$/, "," words "}"); print }
    NR <= 120 { with("\"selection\":\"ranked\",\"propensity\":1") }
    NR > 120 && NR % 5 == 0 { with("\"selection\":\"random\",\"propensity\":0.2") }' \
    scores.ndjson >queue.ndjson
awk -F, 'function say(hour, by, abuse) {
    printf "{\"type\":\"verdict\",\"at\":\"2026-05-%02dT%d:00:00+08:00\"," \
        "\"request_id\":\"%s\",\"verdict\":\"%s\",\"by\":\"%s\"}\n", 16 + n % 14, hour, \
        id, abuse ? "abuse" : "legitimate", by }
    NR == FNR { abuse[$1] = $6; next }
    { match($0, /"request_id":"[^"]*"/); id = substr($0, RSTART + 14, RLENGTH - 15); n++
      if (n % 7 == 3) next
      say(10, "ann", abuse[id])
      if (n % 3 == 0) say(11, "bob", n % 21 == 0 ? !abuse[id] : abuse[id]) }' \
    truth.csv queue.ndjson >verdicts.ndjson
audit() { run "$REBUT" audit --input events.ndjson --input verdicts.ndjson --quiet "$@"; }

it 'explains itself'
run "$REBUT" audit --help
expect_status 0
expect_golden audit/help.txt

it 'states a share of wrong accusations whose interval covers the truth'
audit --scores queue.ndjson --json out.json --lang en
expect_status 0
expect_out '^judged +162$'
expect_out '^  ranked +98$'
expect_out '^2026-W2[0-9] +[0-9]+ +[0-9]+ +0\.[0-9]{4} +0\.[0-9]{4} +0\.[0-9]{4} +0\.[0-9]{4} - +0\.'
expect_out '^all +98 '
expect_out '^recall of the ranked +[0-9]+ +0\.'
expect_out 'fewer than 100 random draws'
expect_out '^ann / bob +56 +0\.8393 +0\.6'
expect_out '^channel: shelf +[0-9]'
expect_out '^2026-05 +162 '
awk -F, 'NR == FNR { abuse[$1] = $6; next }
    /"selection":"ranked"/ { match($0, /"request_id":"[^"]*"/)
        n++; wrong += !abuse[substr($0, RSTART + 14, RLENGTH - 15)] }
    END { print wrong / n }' truth.csv queue.ndjson >share
total=$(sed 's/.*"total":{\([^}]*\)}.*/\1/' out.json)
low=$(echo "$total" | sed 's/.*"low":\([^,]*\),.*/\1/')
high=$(echo "$total" | sed 's/.*"high":\([^,]*\),.*/\1/')
expect 'the truth between the bounds' awk -v low="$low" -v high="$high" \
    '{ exit !(low <= $1 && $1 <= high) }' share

it 'estimates how much abuse there is from ranked and drawn requests'
awk -F, 'NR == FNR { abuse[$1] = $6; next }
    { match($0, /"request_id":"[^"]*"/)
      n++; all += abuse[substr($0, RSTART + 14, RLENGTH - 15)] }
    END { print all / n }' truth.csv scores.ndjson >share
prevalence=$(sed 's/.*"prevalence":{\([^}]*\)}.*/\1/' out.json)
low=$(echo "$prevalence" | sed 's/.*"low":\([^,]*\),.*/\1/')
high=$(echo "$prevalence" | sed 's/.*"high":\([^,]*\).*/\1/')
expect 'the truth between the bounds' awk -v low="$low" -v high="$high" \
    '{ exit !(low <= $1 && $1 <= high) }' share

it 'names no buyer, merchant, order or request'
expect 'no ids' sh -c '! grep -Eq "\"[bmor][0-9]{5,}" out.json "$0"' "$OUT"

it 'takes the reviewers'"'"' error from the model, or the command line, and drift from the model'
audit --scores queue.ndjson --model model.json --lang en
expect_status 0
expect_out '^corrected for reviewers who err either way with probability: 0\.0'
expect_out '^merchant +0\.0[0-9]+ +1[0-9]+ +-?[0-9]'
audit --scores queue.ndjson --error 0.3 --lang en
expect_out 'probability: 0\.3000'
expect_out '^\* cut off at 0 or 1'
audit --scores queue.ndjson --model model.json --json -
expect_out '"psi":\{"circumstances":0[.,]'

# part LANG: what verdicts say of calibration, reviewers and terms.
part() {
    run "$REBUT" audit --input events.ndjson --input verdicts.ndjson --input third.ndjson \
        --quiet --scores queue.ndjson --model model.json --lang "$1"
    awk 'BEGIN { RS = ""; ORS = "\n\n" } /p0 - p1|Platt|Dawid|kappa|PSI|reviewed twice|两人复核/' "$OUT" >part
}

it 'says what the probabilities should be, how often reviewers err, what terms are worth'
awk -F, 'NR == FNR { abuse[$1] = $6; next }
    { match($0, /"request_id":"[^"]*"/); id = substr($0, RSTART + 14, RLENGTH - 15); n++
      if (n % 3 != 0 || n % 7 == 3) next
      printf "{\"type\":\"verdict\",\"at\":\"2026-05-%02dT12:00:00+08:00\"," \
          "\"request_id\":\"%s\",\"verdict\":\"%s\",\"by\":\"cat\"}\n", 16 + n % 14,
          id, (n % 5 == 0 ? 1 : abuse[id]) ? "abuse" : "legitimate" }' \
    truth.csv queue.ndjson >third.ndjson
part en
expect_status 0
expect_golden audit/verdicts.en.txt part
part zh
expect_golden audit/verdicts.zh.txt part
audit --scores queue.ndjson --input third.ndjson --json -
expect_out '"calibration":\{"of":"all","judged":1[67][0-9],"abuse":[0-9]+,"few":false,"preferred":"'
expect_out '"p0":0[0-9.]*,"p1":'
expect_out '"reviewers":\[\{"reviewer":"ann","judged":[0-9]+,"missed":\{"value":0\.'
expect_out '"terms":\[\{"term":"circumstances","requests":[0-9]+,"worth":'

it 'says that verdicts are too few'
grep '"by":"ann"' verdicts.ndjson >ann.ndjson
run "$REBUT" audit --input events.ndjson --input ann.ndjson --scores queue.ndjson --quiet \
    --lang en
expect_status 0
expect_out '^no request was judged by two reviewers$'
sed -E 's/"terms":\[[^]]*\]/"terms":[]/' queue.ndjson >bare.ndjson
audit --scores bare.ndjson --lang en
expect_out '^errors by reviewer: too few requests reviewed by three .*: 0, needed: 30$'
expect 'no table of terms' sh -c '! grep -q ^worth "$0"' "$OUT"
audit --scores queue.ndjson --from 2026-05-20 --to 2026-05-22 --lang en
expect_out '^too few verdicts of the rarer kind to say: [0-9]+, needed: 20$'
expect_out '^error of a verdict: too few requests reviewed twice: [0-9]+, needed: 30$'
expect_out '^ring +- +[0-9]+ +- +- +- +-$'
audit --scores queue.ndjson --from 2026-05-20 --to 2026-05-22 --json -
expect_out '"few":true,"preferred":"as_stated"'
expect_out '"error":\{"value":null,"low":null,"high":null\},"reviewers":\[\]'

it 'takes the way of choosing from the verdicts when the scores do not have it'
sed 's/"by"/"selection":"random","propensity":0.5,"by"/' verdicts.ndjson >drawn.ndjson
run "$REBUT" audit --input events.ndjson --input drawn.ndjson --scores scores.ndjson \
    --lang en --quiet
expect_status 0
expect_out '^  ranked +0$'
expect_out '^  drawn at random +16[0-9]$'
expect_out '^no ranked request was judged'
expect_out 'tenths of the random draws'

it 'reads what rebut queue wrote'
"$REBUT" queue --input events.ndjson --as-of 2026-05-15 --model model.json --fdr 0.4 --budget 80 \
    --random 0.25 --quiet --output slots.ndjson || exit 1
awk -F, 'NR == FNR { abuse[$1] = $6; next }
    { match($0, /"request_id":"[^"]*"/); id = substr($0, RSTART + 14, RLENGTH - 15)
      printf "{\"type\":\"verdict\",\"at\":\"2026-05-20T10:00:00+08:00\"," \
          "\"request_id\":\"%s\",\"verdict\":\"%s\",\"by\":\"ann\"}\n", id,
          abuse[id] ? "abuse" : "legitimate" }' truth.csv slots.ndjson >said.ndjson
run "$REBUT" audit --input events.ndjson --input said.ndjson --scores slots.ndjson --quiet \
    --lang en
expect_status 0
random=$(grep -c '"selection":"random"' slots.ndjson)
expect 'some drawn at random' test "$random" -gt 0
expect_out "^judged +$(wc -l <slots.ndjson)\$"
expect_out "^  drawn at random +$random\$"
expect_out '^  for reasons of unknown chance +0$'

it 'counts what judges nothing'
audit --scores queue.ndjson --from 2026-05-20 --to 2026-05-25T00:00:00+08:00 --lang en
expect_status 0
expect_out '^judged at another time +[1-9]'
expect_out '^few verdicts on random draws'
"$REBUT" score --input events.ndjson --input verdicts.ndjson --model model.json --quiet \
    --output late.ndjson
audit --scores queue.ndjson --scores late.ndjson --lang en
expect_status 0
expect_out '^replaced by a later score +200$'
expect_out '^judged +162$'
audit --scores late.ndjson
expect_status 3
expect_err 'no score has a verdict that came after it: [0-9]+ without a verdict, 171 judged before'
run "$REBUT" audit --input events.ndjson --scores queue.ndjson --quiet
expect_status 3
expect_err 'no score has a verdict that came after it: 200 without a verdict'

it 'gives the same bytes whatever the order of reading'
audit --scores queue.ndjson --json 1.json --picture 1.svg
sort -r queue.ndjson >turned.ndjson
run "$REBUT" audit --input events.ndjson --input verdicts.ndjson --quiet \
    --scores turned.ndjson --json 2.json --picture 2.svg
expect_same 1.json 2.json
expect_same 1.svg 2.svg
expect_out '^当初的判断应验了吗$'

# refused LINE WORDS: an unusable line is exit code 3.
refused() {
    { head -n 1 queue.ndjson && printf '%s\n' "$1"; } >bad.ndjson
    audit --scores bad.ndjson
    expect_status 3
    expect_err "^rebut audit: 'bad.ndjson' line 2: $2"
    expect_no_out
}

it 'refuses scores that it cannot use'
first=$(sed -n '1s/.*"request_id":"\([^"]*\)".*/\1/p' queue.ndjson)
refused "{\"request_id\":\"$first\",\"probability\":0.5}" 'a request_id that came before'
refused '{"request_id":"x"' 'expected a JSON object, got'
refused '{"request_id":"x","probability":2}' "expected 'probability' from 0 to 1"
refused '{"request_id":"x","probability":0.5,"propensity":0}' "expected 'propensity' over 0"
refused '{"request_id":"x","probability":0.5,"propensity":1.5}' "expected 'propensity' over 0"
refused '{"request_id":"x","probability":0.5,"selection":"best"}' "expected 'selection'"
refused '{"request_id":"x","probability":0.5,"terms":[{"name":"ring","log_odds":5000}]}' \
    "expected 'log_odds' of 'ring' within 1000"
audit --scores nowhere
expect_status 1
expect_err "cannot read 'nowhere': No such file"
: >empty
audit --scores empty
expect_status 3
expect_err 'there are no scores'

it 'refuses a command line that it cannot use'
run "$REBUT" audit --input events.ndjson
expect_status 2
expect_err 'expected --scores FILE'
run "$REBUT" audit --input events.ndjson --scores queue.ndjson --error 0.5
expect_status 2
expect_err 'expected --error from 0 to 0.45'
run "$REBUT" audit --input - --scores queue.ndjson --model model.json
expect_status 2
expect_err 'read twice'

it 'fails when nothing can take its output'
run sh -c '"$0" audit --input events.ndjson --input verdicts.ndjson --quiet \
    --scores queue.ndjson >/dev/full' "$REBUT"
expect_status 1
expect_err 'No space left on device'
audit --scores queue.ndjson --picture /dev/full
expect_status 1
