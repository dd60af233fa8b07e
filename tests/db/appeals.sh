#!/bin/sh
# Appeals in the database: a merchant asks for a person, what became of it is recorded, and
# the account and what is learned are those of the file.
. "$(dirname "$0")/lib.sh"

new_database
sql -f "$TOP/tests/db/world.sql"
new_login shop rebut_merchant
new_login other rebut_merchant
new_login anna rebut_reviewer
new_login engine rebut_engine
new_login auditor rebut_auditor
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$shop', 'm1'), ('$other', 'm2')"

entries() { value 'SELECT count(*) FROM rebut.appeals'; }
record() { sql -c "SELECT rebut.appeal_record($1)" >/dev/null; }

it 'starts the clock when a merchant asks for a person, and writes who asked'
query "$shop" <<'end'
SELECT submitted_at <= clock_timestamp(), answer_by - submitted_at, again
FROM rebut.appeal('r01', 'goods were received');
end
expect_status 0
expect 'the answer' test "$(cat "$OUT")" = 't|3 days|f'
expect_value 'two entries' 'opened,submitted' \
    "SELECT string_agg(status, ',' ORDER BY entry_id) FROM rebut.appeals WHERE request_id = 'r01'"
expect_value 'the shop, the sum, the login' "m1|1000|$shop" \
    "SELECT DISTINCT merchant_id, amount, by FROM rebut.appeals WHERE request_id = 'r01'"
expect_value 'a line of the trail each' 'appeal.opened,appeal.submitted' \
    "SELECT string_agg(action, ',' ORDER BY audit_id) FROM rebut.audit
     WHERE subject = 'r01' AND login = '$shop'"

it 'keeps the score of that moment: the latest at or before it, no challenger'
expect_value 'of the run' 'model-1|1' "SELECT model_id, log_odds FROM rebut.appeals WHERE status = 'submitted'"
sql -c "SELECT FROM rebut.scores_partition('2099-01-01')" >/dev/null
for row in '2026-11-25Z,model-1,2.5' '2026-11-25 12:00Z,model-2,7' '2099-01-01Z,model-1,9'; do
    sql -c "INSERT INTO rebut.scores SELECT 1, '$(echo "$row" | cut -d, -f1)',
        '$(echo "$row" | cut -d, -f2)', request_id, order_id, buyer_id, merchant_id, requested_at,
        amount, rank, probability, low, high, q_value, conformal_q, answer, expected_recovery,
        $(echo "$row" | cut -d, -f3), notes, terms FROM rebut.scores
        WHERE as_of = '2026-11-24Z' AND model_id = 'model-1'"
done
query <<'end'
SELECT rebut.appeal_record('r03', 'opened', '2026-11-20Z');
SELECT rebut.appeal_record('r03', 'submitted', '2026-11-25 18:00Z');
SELECT rebut.appeal_record('r05', 'opened', '2026-11-20Z');
SELECT rebut.appeal_record('r05', 'submitted', '2026-11-23Z');
SELECT request_id, log_odds, score_as_of AT TIME ZONE 'UTC' FROM rebut.appeals
WHERE status = 'submitted' AND request_id <> 'r01' ORDER BY 1;
end
expect_status 0
expect 'the one before, and none' test "$(tail -2 "$OUT")" = 'r03|2.5|2026-11-25 00:00:00
r05||'

it 'says the same again to one who asks again, and writes nothing'
before=$(entries)
expect 'again' test "$(as "$shop" sql -c "SELECT again, submitted_at =
    (SELECT max(at) FROM rebut.my_appeals WHERE request_id = 'r01') FROM rebut.appeal('r01')")" = 't|t'
expect 'no more entries' test "$(entries)" = "$before"

it 'lets two who ask at once come one after the other'
background first "$shop" <<'end'
BEGIN;
SELECT again FROM rebut.appeal('r07');
SELECT pg_sleep(1);
COMMIT;
end
wait_for "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = '$shop' AND query LIKE '%pg_sleep%')"
expect 'the second to be told' test "$(as "$shop" sql -c "SELECT again FROM rebut.appeal('r07')")" = t
expect_value 'one submission' 1 "SELECT count(*) FROM rebut.appeals WHERE request_id = 'r07' AND status = 'submitted'"

it 'gives one answer for the request of another shop and for none'
for id in r02 none; do
    run as "$shop" sql -c "SELECT * FROM rebut.appeal('$id')"
    expect_err "ERROR:  RB007: you have no request '$id'"
done
expect_value 'nothing of r02' 0 "SELECT count(*) FROM rebut.appeals WHERE request_id = 'r02'"

it 'is too late after the window that the data gives, and not where nobody knows one'
record "'r09', 'opened', '2026-11-10Z', expires_at => '2026-11-12Z'"
run as "$shop" sql -c "SELECT * FROM rebut.appeal('r09')"
expect_err 'ERROR:  RB005: it is too late'
record "'r09', 'opened', '2026-11-11Z', expires_at => '2099-01-01Z'"
expect 'a window moved' as "$shop" sql -c "SELECT FROM rebut.appeal('r09')"

it 'shows a merchant its own, a reviewer what waits, the auditor all, and lets nobody write'
expect 'own' test "$(as "$shop" sql -c 'SELECT string_agg(DISTINCT merchant_id, $$,$$) FROM rebut.my_appeals')" = m1
expect 'none of the other' test "$(as "$other" sql -c 'SELECT count(*) FROM rebut.my_appeals')" = 0
record "'r03', 'won', '2026-11-26Z', recovered => 3000"
expect 'what waits' test "$(as "$anna" sql -c 'SELECT string_agg(request_id, $$ $$ ORDER BY request_id)
    FROM rebut.appeals_waiting')" = 'r01 r05 r07 r09'
expect 'all' test "$(as "$auditor" sql -c 'SELECT count(*) FROM rebut.appeals')" = "$(entries)"
for login in $shop $anna $engine $auditor; do
    run as "$login" sql -c "INSERT INTO rebut.appeals (at, request_id, merchant_id, status)
        VALUES (now(), 'r11', 'm1', 'opened')"
    expect_err 'ERROR:  42501'
done
run as "$shop" sql -c "SELECT rebut.appeal_record('r01', 'won')"
expect_err 'ERROR:  42501'
run sql -c 'UPDATE rebut.appeals SET recovered = 1'
expect_err "ERROR:  RB008: table 'appeals' only grows"

it 'tells a merchant of no other by plan, leak or word'
sql -c "SELECT rebut.appeal_record('r02', 'opened', '2026-11-20Z', reason => 'words of m2')" >/dev/null
cat >leak.sql <<'end'
CREATE FUNCTION pg_temp.leak(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
    $$ BEGIN RAISE NOTICE 'leak %', what; RETURN true; END $$;
SELECT count(*) FROM rebut.my_appeals a WHERE pg_temp.leak(a::text);
EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) SELECT * FROM rebut.my_appeals;
SELECT * FROM rebut.appeal('r01', repeat('x', 256));
end
run as "$shop" psql -X -q -At -v VERBOSITY=verbose -f leak.sql
expect 'its own' grep -q 'leak .*r01,m1' "$ERR"
expect 'none of the other' sh -c "! grep -q 'r02\|m2' '$OUT' '$ERR'"
expect 'a function in the plan' grep -q 'Function Scan on my_appeal_rows' "$OUT"
expect_err 'ERROR:  RB006: expected platform, form and reason of 1 to 255 bytes'

it 'lets a reviewer take the case and say how it ended'
expect 'taken' as "$anna" sql -c "SELECT FROM rebut.claim_request('r01')"
expect 'told' test "$(as "$anna" sql -c "SELECT rebut.appeal_record('r01', 'lost')")" = t
expect_value 'by whom' "$anna" "SELECT by FROM rebut.appeals WHERE request_id = 'r01' AND status = 'lost'"

it 'holds the rules of the file whatever comes, one entry after the other'
# What the program says of a file of up to three entries, and what the table says of them.
seen=0 refused=0
for last in opened submitted won lost expired; do
    for middle in '' opened submitted won lost expired; do
        for day in 2 3; do
            rm -f try.ndjson
            for pair in opened:2 "$middle:3" "$last:$day"; do
                [ -n "${pair%:*}" ] || continue
                printf '{"request_id":"r11","status":"%s","at":"2026-06-0%sT00:00:00Z","platform":"p"}\n' \
                    "${pair%:*}" "${pair#*:}" >>try.ndjson
            done
            file=0 table=0
            "$REBUT" appeals --appeals try.ndjson >/dev/null 2>&1 || file=1
            # None before the one that it rests on: as the program records a file.
            for word in opened submitted won lost expired; do
                grep "\"$word\"" try.ndjson
            done >ordered.ndjson
            {
                echo 'BEGIN;'
                sed "s/.*\"status\":\"\([a-z]*\)\",\"at\":\"\([^\"]*\)\".*/SELECT rebut.appeal_record('r11', '\1', '\2', platform => 'p');/" ordered.ndjson
                echo 'ROLLBACK;'
            } >try.sql
            sql -f try.sql >/dev/null 2>table.err || table=1
            seen=$((seen + 1)) refused=$((refused + file))
            [ $file = $table ] ||
                fail "expected one answer for $(tr '\n' ' ' <try.ndjson): file $file, table $table $(cat table.err)"
        done
    done
done
expect "some refused ($refused of $seen)" test $refused -gt 20 -a $refused -lt 55
run sql -c "SELECT rebut.appeal_record('r09', 'submitted', '2099-01-01Z', platform => 'x')"
expect_err "ERROR:  RB013: appeal of 'r09' cannot be 'submitted': it is known"

it 'asks for a person by the program too'
run as "$shop" "$REBUT" appeals --store '' --ask r11 --reason 消费者已签收 --lang en
expect_status 0
expect_out '^20.*\+08:00  asked for a person, a person should answer by 20'
run as "$shop" "$REBUT" appeals --store '' --ask r11 --lang en
expect_out 'had been asked before'
run as "$shop" "$REBUT" appeals --store '' --ask r02
expect_status 3
expect_err "you have no request 'r02'"
run as "$anna" "$REBUT" appeals --store ''
expect_status 3
expect_err 'expected a login that may read appeals'
run "$REBUT" appeals --store '' --list --ask r01
expect_status 2
run "$REBUT" appeals --appeals try.ndjson --list
expect_status 2

it 'gives a merchant its own account'
run as "$shop" "$REBUT" appeals --store '' --lang en
expect_status 0
expect_out '^6 appeals as of'
expect_out '^won +1 '
run as "$other" "$REBUT" appeals --store '' --lang en
expect_out '^1 appeals as of'

# ---- a platform, its appeals in a file and in the table
new_database
"$REBUT" simulate --orders 12000 --days 120 --seed 8 --output events.ndjson --truth truth.csv
"$REBUT" load --input events.ndjson 2>/dev/null
"$REBUT" nightly >/dev/null 2>&1 || fail 'expected a nightly run'
sql -c "SELECT document FROM rebut.models WHERE role = 'champion'" >model.json
"$REBUT" score --input events.ndjson --model model.json --output ranked.ndjson --quiet
as_of=$(sed -n '1s/.*"as_of":"\([^"]*\)".*/\1/p' ranked.ndjson)
# Submitted at the as-of time: then the score of that moment is the score of now.
sed -n 's/.*"request_id":"\([^"]*\)".*/\1/p' ranked.ndjson | awk 'NR % 4 == 1' | head -72 >ids
awk -v at="$as_of" '
    function entry(id, status, at, more) {
        printf "{\"request_id\":\"%s\",\"status\":\"%s\",\"at\":\"%s\"%s}\n", id, status, at, more
    }
    { entry($0, "opened", "2026-06-01T09:00:00.123456+08:00",
        ",\"amount\":" 1000 + NR ",\"platform\":\"平台 \\\"甲\\\"\",\"expires_at\":\"2099-01-01T00:00:00+08:00\"") }
    NR > 70 { next }
    { entry($0, "submitted", at, NR % 2 ? ",\"reason\":\"消费者反馈未收到商品\"" : ",\"form\":\"f\"")
      entry($0, NR % 4 ? "won" : "lost", at, NR % 4 ? ",\"recovered\":" 900 + NR : "") }' ids >appeals.ndjson
new_login loader rebut_loader

it 'records a file once however often, and gives it back the same'
run as "$loader" "$REBUT" appeals --store '' --record appeals.ndjson
expect_status 0
expect_err "^$(grep -c . appeals.ndjson) entries written, 0 known already"
sort -R --random-source=events.ndjson appeals.ndjson >turned.ndjson
run as "$loader" "$REBUT" appeals --store '' --record turned.ndjson
expect_err "^0 entries written, $(grep -c . appeals.ndjson) known already"
run "$REBUT" appeals --store '' --list --output listed.ndjson
expect_status 0
run "$REBUT" appeals --store '' --record listed.ndjson
expect_err '^0 entries written'
for file in appeals listed; do
    "$REBUT" appeals --appeals $file.ndjson --as-of "$as_of" --json >$file.json
done
expect 'the same account' cmp appeals.json listed.json

it 'has the same account and learns the same as the file'
"$REBUT" appeals --appeals appeals.ndjson --input events.ndjson --model model.json --quiet \
    --as-of "$as_of" --json | sed 's/"abuse_as_of":"now"//' >file.json
"$REBUT" appeals --store '' --as-of "$as_of" --json | sed 's/"abuse_as_of":"submission"//' >table.json
expect 'the same, to the byte' cmp file.json table.json
expect 'something learned' grep -q '"assumed":false,"scored":true,"decided":70' table.json

it 'gives packs and worklist the same deadlines and probabilities as the file'
new_login engine rebut_engine
for form in file table; do
    set -- --store ''
    [ $form = table ] || set -- --store '' --appeals appeals.ndjson
    run as "$engine" "$REBUT" evidence "$@" --model model.json --quiet --request "$(tail -1 ids)" \
        --request "$(head -1 ids)" --worklist csv --lang en --output "packs-$form"
    expect_status 0
done
expect 'the same folders' diff -rq packs-file packs-table
expect 'a deadline' grep -q '2099-01-01' packs-table/worklist.csv
run as "$loader" "$REBUT" evidence --store '' --model model.json --request "$(head -1 ids)" --output packs-none
expect_status 0
expect_err 'this login may not read appeals'

it 'writes packs without deadlines for a login that the schema is closed to'
new_login stranger ''
sql -c "CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO $stranger"
for table in orders shipments deliveries prices contacts requests outcomes verdicts; do
    sql -c "CREATE VIEW shop.$table AS SELECT * FROM rebut.$table; GRANT SELECT ON shop.$table TO $stranger"
done
run as "$stranger" "$REBUT" evidence --store '' --source-schema shop --model model.json \
    --request "$(tail -1 ids)" --output packs-shop
expect_status 0
expect_err 'this login may not read appeals'

it 'learns from the score at submission, not from what came after'
sql -c "SELECT FROM rebut.scores_partition('2026-12-01')" >/dev/null
sql -c "INSERT INTO rebut.scores SELECT run_id, '2026-12-01Z', model_id, request_id, order_id, buyer_id,
    merchant_id, requested_at, amount, rank, probability, low, high, q_value, conformal_q, answer,
    expected_recovery, 9, notes, terms FROM rebut.scores"
"$REBUT" appeals --store '' --as-of 2026-12-24T00:00:00Z --json | grep -o '"probability".*' |
    sed 's/"abuse_as_of":"submission"//' >later.json
grep -o '"probability".*' table.json >then.json
expect 'no figure moved' cmp then.json later.json
run "$REBUT" appeals --store '' --lang en
expect_out 'P\(abuse\) is that of the score when the appeal was submitted'

it 'writes nothing of a file that contradicts itself or the table'
before=$(entries)
printf '%s\n' '{"request_id":"r1","status":"won","at":"2026-01-05T00:00:00+08:00"}' >bad.ndjson
run "$REBUT" appeals --store '' --record bad.ndjson
expect_status 3
expect_err "bad.ndjson.*line 1.*expected 'submitted' before 'won'"
printf '{"request_id":"%s","status":"opened","at":"2026-05-05T00:00:00+08:00","platform":"乙"}\n' "$(head -1 ids)" >bad.ndjson
run "$REBUT" appeals --store '' --record bad.ndjson
expect_status 3
expect_err 'another platform'
printf '%s\n' '{"request_id":"nobody","status":"opened","at":"2026-05-05T00:00:00+08:00"}' >bad.ndjson
run "$REBUT" appeals --store '' --record bad.ndjson
expect_status 3
expect_err "there is no request 'nobody'"
expect 'nothing written' test "$(entries)" = "$before"
