#!/bin/sh
# Accounts that act together, as leads for a person.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --setting rings --orders 20000 --seed 4 --output events.ndjson \
    --truth truth.csv || exit 1
"$REBUT" fit --input events.ndjson --output model.json --quiet || exit 1

it 'explains groups'
run "$REBUT" groups --help
expect_status 0
expect_golden groups/groups-help.txt

it 'refuses a form that is none'
run "$REBUT" groups --input events.ndjson --format csv
expect_status 2
expect_err "expected '--format ndjson' or '--format table', got 'csv'"

it 'prints a table in both languages'
for lang in en zh; do
    run "$REBUT" groups --input events.ndjson --model model.json --format table \
        --lang $lang
    expect_status 0
    expect_golden "groups/table-$lang.txt"
    expect_err 'requests of [0-9]+ accounts with a probability of 0.1 or more; [0-9]+ groups'
done

it 'writes an object a group, the same with the model it would fit and read backwards'
run "$REBUT" groups --input events.ndjson --model model.json --quiet
expect_status 0
expect_no_err
cp "$OUT" groups.ndjson
expect 'some groups' test -s groups.ndjson
expect 'a caution in each' test "$(grep -c '"caution":"线索供人工核查' groups.ndjson)" = \
    "$(wc -l <groups.ndjson)"
tac events.ndjson >backwards.ndjson
run "$REBUT" groups --input backwards.ndjson --quiet
expect_same "$OUT" groups.ndjson

it 'lists no account that is honest here, and each once'
tr '{' '\n' <groups.ndjson | sed -n 's/^"buyer_id":"\([^"]*\)".*/\1/p' | sort >listed
expect 'some accounts' test -s listed
sort -u listed >once
expect_same listed once
cut -d, -f3,7 truth.csv | grep -E ',(honest|claimant)$' | cut -d, -f1 | sort -u >honest
expect 'nobody honest' test -z "$(comm -12 listed honest)"

it 'leaves the scores as they are: a group enters none'
run "$REBUT" score --input events.ndjson --model model.json --quiet
expect 'no word of a group' sh -c "! grep -q '\"group' '$OUT'"

it 'says when there is none'
head -n 2000 events.ndjson >few.ndjson
run "$REBUT" groups --input few.ndjson
expect_status 0
expect_no_out
expect_err 'none found: no group is denser than chance makes'
run "$REBUT" groups --input few.ndjson --format table --lang en --quiet
expect_status 0
expect_out '^none found'
expect_no_err
run "$REBUT" groups --input events.ndjson --model model.json --since 2027-01-01 --quiet
expect_status 0
expect_no_out

it 'fails when nothing can be written'
if [ -w /dev/full ]; then
    run sh -c '"$0" groups --input events.ndjson --model model.json --quiet >/dev/full' \
        "$REBUT"
    expect_status 1
else
    skip 'there is no /dev/full'
fi
