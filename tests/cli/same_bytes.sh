#!/bin/sh
# The same facts give the same bytes, however they are named, split, ordered or told.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 6000 --days 60 --seed 21 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" score --input events.ndjson --output first.ndjson --quiet || exit 1

without_ids() {
    sed -E 's/"(request|order|buyer|merchant)_id":"[^"]*",//g' "$1"
}

it 'scores the same events twice to the same bytes'
run "$REBUT" score --input events.ndjson --output again.ndjson --quiet
expect_status 0
expect_same first.ndjson again.ndjson

it 'gives renamed ids the same scores'
sed -E 's/("[a-z]+_id":")(.)(.)([^"]+)"/\1\4\3x\2"/g' events.ndjson >renamed.ndjson
expect 'other bytes went in' sh -c '! cmp -s events.ndjson renamed.ndjson'
run "$REBUT" score --input renamed.ndjson --output renamed-scores.ndjson --quiet
expect_status 0
without_ids first.ndjson >first-bare
without_ids renamed-scores.ndjson >renamed-bare
expect_same first-bare renamed-bare

it 'reads files split in three, in any order and packed, to the same bytes'
mkdir parts
awk '{ print > ("parts/" NR % 3 ".ndjson") }' events.ndjson
gzip parts/1.ndjson
run "$REBUT" score --input parts --output parts.ndjson --quiet
expect_status 0
expect_same first.ndjson parts.ndjson
run "$REBUT" score --input parts/2.ndjson --input parts/1.ndjson.gz --input parts/0.ndjson \
    --output other.ndjson --quiet
expect_same first.ndjson other.ndjson

it 'reads events in disorder to the same bytes'
awk '{ print (NR * 7919) % 10007 "\t" $0 }' events.ndjson | sort -n -s -k 1,1 | cut -f 2- >mixed.ndjson
run "$REBUT" score --input mixed.ndjson --output mixed-scores.ndjson --quiet
expect_status 0
expect_same first.ndjson mixed-scores.ndjson

it 'counts repeated events and changes nothing'
awk '{ print } NR % 20 == 0' events.ndjson >twice.ndjson
run "$REBUT" score --input twice.ndjson --output twice-scores.ndjson
expect_status 0
expect_err 'duplicates +[1-9]'
expect_same first.ndjson twice-scores.ndjson

it 'takes no account of what happens later'
middle=$(sed -n '10000s/.*"at":"\([^"]*\)".*/\1/p' events.ndjson)
head -n 10000 events.ndjson >before.ndjson
run "$REBUT" score --input events.ndjson --as-of "$middle" --output as-of.ndjson --quiet
expect_status 0
awk -v t="\"at\":\"$middle\"" 'index($0, t) { last = NR } END { print last }' events.ndjson >last
head -n "$(cat last)" events.ndjson >before.ndjson
run "$REBUT" score --input before.ndjson --as-of "$middle" --output before-scores.ndjson --quiet
expect_same as-of.ndjson before-scores.ndjson

it 'takes no outcome for evidence'
grep -v '"type":"outcome"' events.ndjson >undecided.ndjson
last=$(tail -n 1 events.ndjson | sed 's/.*"at":"\([^"]*\)".*/\1/')
run "$REBUT" score --input undecided.ndjson --as-of "$last" --output undecided-scores.ndjson --quiet
expect_status 0
run "$REBUT" score --input events.ndjson --as-of "$last" --output decided-scores.ndjson --quiet
expect_same decided-scores.ndjson undecided-scores.ndjson

it 'scores by a model file as by the fit that made it'
run "$REBUT" fit --input events.ndjson --output model.json --quiet
expect_status 0
run "$REBUT" score --input events.ndjson --model model.json --output by-model.ndjson --quiet
expect_status 0
expect_same first.ndjson by-model.ndjson

it 'names a model by what is in it'
run "$REBUT" fit --input events.ndjson
expect_status 0
version=$(sed -n '1s/.*"model":"\([^"]*\)".*/\1/p' first.ndjson)
expect 'a file named by the version' test -s "model-$version.json"
expect_same model.json "model-$version.json"
