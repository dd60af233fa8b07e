#!/bin/sh
# How well did a ranking find abuse?  Figures, refusals, the picture.
. "$(dirname "$0")/lib.sh"

# 600 requests and scores for most of them, from a generator with whole numbers only.
awk 'function next_(n) { state = (state * 16807) % 2147483647; return int(state / 16) % n }
BEGIN {
    state = 2024
    split("honest claimant serial ring sleeper opportunist", kinds, " ")
    split("good bad poor", shops, " ")
    split("CN-ZJ CN-GD", regions, " ")
    split("shelf livestream", channels, " ")
    print "request_id,order_id,buyer_id,merchant_id,day,abuse,buyer_kind,merchant_kind," \
        "reason,amount,dorm,ring,region,channel,orders_of_buyer" >"truth.csv"
    for (i = 0; i < 600; i++) {
        kind = kinds[1 + (next_(2) ? next_(6) : next_(2))]
        abuse = kind != "honest" && kind != "claimant"
        shop = shops[1 + next_(3)]
        day = next_(1200) / 10
        dorm = next_(10) == 0
        region = regions[1 + next_(3)]
        channel = channels[1 + next_(2)]
        printf "r%d,o%d,b%d,m%d,%.1f,%d,%s,%s,quality,%d,%d,,%s,%s,%d\n", i, i, i % 97, \
            i % 13, day, abuse, kind, shop, 100 + i, dorm, region, channel, \
            1 + next_(3) >"truth.csv"
        p = (abuse ? 45 : 5) + next_(50) + (shop == "bad" ? 12 : 0) - 5
        p = p < 0 ? 0 : p > 100 ? 100 : p
        q = p > 50 ? next_(8) : 20
        if (i % 29 != 3)
            printf "{\"request_id\":\"r%d\",\"probability\":%.2f,\"q_value\":%.3f," \
                "\"requested_at\":%.0f}\n", i, p / 100, q / 50, \
                1767225600000 + day * 86400000 >"scores.ndjson"
    }
    print "{\"request_id\":\"stranger\",\"probability\":0.5}" >"scores.ndjson"
}'

it 'prints figures that an independent judge computed from the same files'
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --from-day 30
expect_status 0
expect_out '^requests +475$'
expect_out '^truly abusive +169$'
expect_out '^without a score .* 16$'
expect_out '^scores not used +121$'
expect_out '^AUC +0\.9543$'
expect_out '^average precision +0\.9402$'
expect_out '^precision at 100 +1\.0000$'
expect_out '^precision at 300 +0\.5533$'
expect_out '^calibration error \(10 bins\) +0\.1703$'
expect_out '^Brier score +0\.1115$'
expect_out '^requests in it +138$'
expect_out '^false alarms +18 +0\.1304  '
expect_out '^all +22 +306  0\.0719  '
expect_out '^buyers of bad merchants .*  0\.2245  '
expect_out '^buyers of good merchants .*  0\.0000   0\.0000 - 0\.0'
expect_out '^frequent but honest claimants .*  0\.0855  '
expect_out '^dormitory addresses .*  0\.0690  '
expect_out '^serial .*  0\.8600  '
expect_out '^ring .*  0\.9744  '
expect_out '^sleeper .*  0\.8049  '
expect_out '^opportunist .*  0\.8462  '
expect_out '^buyers with one order '
expect_out '^region: CN-GD '
expect_out '^channel: shelf '
expect_no_err

it 'finds the day of a time by the times of the scores'
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --from 2026-01-31
expect_status 0
expect_out '^from day +30$'
expect_out '^AUC +0\.9543$'

it 'gives the same figures as JSON'
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --from-day 30 --json -
expect_status 0
expect_out '^\{"requests":475,"abuse":169,"missing":16,"unused":121,"from_day":30,"auc":0\.954'
expect_out '"queue":138,"queue_false":18,"fdp":0\.1304'
expect_out '\{"group":"all","flagged":22,"of":306,"rate":0\.0718'
expect_out '"group":"region:CN-ZJ"'

it 'draws the same picture on every run, and speaks Chinese'
for time in 1 2; do
    run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --lang zh \
        --picture $time.svg --json $time.json
    expect_status 0
done
expect_out '^平均精确率 +0\.9'
expect_same 1.svg 2.svg
expect_same 1.json 2.json
expect 'an SVG' grep -q '<svg ' 1.svg
expect 'nothing but the inputs and outputs' sh -c 'test "$(ls -A | wc -l)" = 6'

it 'measures what can be measured of one class'
awk -F, 'NR == 1 || $6 == 0' truth.csv >honest.csv
run "$REBUT" evaluate --scores scores.ndjson --truth honest.csv --picture one.svg
expect_status 0
expect_out '^AUC +-$'
expect_out '^AUC and average precision need both'
run "$REBUT" evaluate --scores scores.ndjson --truth honest.csv --json -
expect_out '"auc":null,"ap":null'

# refused LINE-OF-SCORES WORDS: unusable scores are exit code 3, and say which line.
refused() {
    { head -n 1 scores.ndjson && printf '%s\n' "$1"; } >bad.ndjson
    run "$REBUT" evaluate --scores bad.ndjson --truth truth.csv --json out.json
    expect_status 3
    expect_err "^rebut evaluate: 'bad.ndjson' line 2: $2"
    expect_no_out
    expect 'no output' test ! -e out.json
}

it 'refuses scores that it cannot use'
refused '{"request_id":"r0","probability":0.5}' 'a request_id that came before'
refused '{"request_id":"x"' 'expected a JSON object, got'
refused '[1]' 'expected a JSON object, got another'
refused '{"probability":0.5}' "expected 'request_id'"
refused '{"request_id":"x"}' "expected 'probability', found none"
refused '{"request_id":"x","probability":1.5}' "expected 'probability' from 0 to 1"
refused '{"request_id":"x","probability":"0.5"}' "expected 'probability' from 0 to 1"
refused '{"request_id":"x","probability":0.5,"q_value":-1}' "expected 'q_value' from 0 to 1"
: >empty
run "$REBUT" evaluate --scores empty --truth truth.csv
expect_status 3
expect_err "'empty' has no scores"

it 'refuses a truth that it cannot use'
run "$REBUT" evaluate --scores scores.ndjson --truth empty
expect_status 3
expect_err "'empty': expected a header line, got an empty file"
{ cat truth.csv && sed -n 5p truth.csv; } >twice.csv
run "$REBUT" evaluate --scores scores.ndjson --truth twice.csv
expect_status 3
expect_err "'twice.csv': line 602: the request of line 5 again"
cut -d, -f 1-5,7- truth.csv >columns.csv
run "$REBUT" evaluate --scores scores.ndjson --truth columns.csv
expect_status 3
expect_err "expected one column 'abuse'"
sed '7s/,[01],/,yes,/' truth.csv >yes.csv
run "$REBUT" evaluate --scores scores.ndjson --truth yes.csv
expect_status 3
expect_err "'yes.csv': line 7: expected 0 or 1 in 'abuse'"
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --from-day 9999
expect_status 3
expect_err 'no requests from then on'

it 'says when a time cannot be turned into a day'
sed 's/,"requested_at":[0-9]*//' scores.ndjson >timeless.ndjson
run "$REBUT" evaluate --scores timeless.ndjson --truth truth.csv --from 2026-01-31
expect_status 3
expect_err "no score has a 'requested_at'"

it 'refuses a command line that says too little or too much'
run "$REBUT" evaluate --scores scores.ndjson
expect_status 2
expect_err "expected --scores and --truth; see 'rebut evaluate --help'"
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --from 2026-01-31 --from-day 3
expect_status 2
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --lang fr
expect_status 2
run "$REBUT" evaluate --nothing
expect_status 2
expect_err "no option '--nothing'"
run "$REBUT" evaluate --scores
expect_status 2
expect_err "expected a value after '--scores'"
run "$REBUT" evaluate --help
expect_status 0
expect_out '^usage: rebut evaluate'

it 'fails when nothing can take its output'
run sh -c '"$0" evaluate --scores scores.ndjson --truth truth.csv >/dev/full' "$REBUT"
expect_status 1
expect_err 'cannot write standard output: No space left on device'
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --picture /dev/full
expect_status 1
expect_err "cannot write '/dev/full': No space left on device"
run "$REBUT" evaluate --scores scores.ndjson --truth truth.csv --json nowhere/x.json
expect_status 1
expect_err "cannot write 'nowhere/x.json': No such file or directory"
run "$REBUT" evaluate --scores nowhere --truth truth.csv
expect_status 1
expect_err "cannot read 'nowhere': No such file or directory"
