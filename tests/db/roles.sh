#!/bin/sh
# Engine, loader, reviewer and auditor log in: each does its work, and no more.
. "$(dirname "$0")/lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login engine rebut_engine
new_login loader rebut_loader
new_login anna rebut_reviewer
new_login auditor rebut_auditor
new_login stranger ''
relations=$(value "SELECT 'rebut.' || quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'rebut'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY 1")

# may LOGIN PRIVILEGE: the relations that it may use so, as the server answers.
may() {
    case $2 in DELETE | TRUNCATE | TRIGGER) may_how=has_table_privilege ;; *) may_how=has_any_column_privilege ;; esac
    value "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
        WHERE relnamespace = 'rebut'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND
              $may_how('$1', oid, '$2')"
}
expect_may() {
    came=$(may "$1" "$2" 2>&1)
    [ "$came" = "$3" ] || fail "expected $2 on '$3', came '$came'"
}
refuses() {
    run as "$1" sql -c "$2"
    expect "42501 of $1 for: $2; came $(cat "$OUT" "$ERR")" grep -q 'ERROR:  42501: ' "$ERR"
}

it 'gives each role the tables that it needs'
expect_may "$engine" INSERT 'dead_letters groups models nights outbox queue_slots runs scores stream_positions stream_scores'
expect_may "$engine" UPDATE 'dead_letters models nights runs stream_positions stream_scores'
expect_may "$loader" INSERT 'contacts deliveries orders outbox outcomes prices requests shipments verdicts'
expect_may "$loader" SELECT 'contacts deliveries migrations orders outcomes prices requests shipments verdicts'
expect_may "$anna" SELECT 'appeals_waiting buyer_groups buyer_record buyer_requests case_events case_list case_state escalated listed_run merchant_record migrations model_list my_claims my_decisions queue request_score score_history'
expect_may "$auditor" SELECT 'appeals appeals_waiting audit case_list claims decisions escalations groups listed_run merchant_logins migrations model_list models nights outcomes queue_run queue_slots request_score requests runs score_history scores settings stream_positions stream_scores suppressions token_list verdicts'
expect_may "$stranger" SELECT ''
for login in $engine $loader $anna $auditor $stranger; do
    expect_may "$login" DELETE ''
    expect_may "$login" TRUNCATE ''
    expect_may "$login" TRIGGER ''
    [ "$login" = "$engine" ] || expect_may "$login" UPDATE ''
done
expect_may "$anna" INSERT ''
expect_may "$auditor" INSERT ''

it 'gives each role the functions that it needs'
for pair in "$engine:outbox_trim scores_partition settle_decisions stream_lease stream_release text_of" "$loader:appeal_record" "$stranger:" \
    "$auditor:actor end_session record_read record_reads request_version summary" \
    "$anna:actor appeal_record claim claim_request claim_second decide end_session escalate idempotency_begin idempotency_end is_senior lift record_read record_reads release request_version summary suppress undo wilson"; do
    expect_value "of ${pair%%:*}" "${pair#*:}" "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
        WHERE pronamespace = 'rebut'::regnamespace AND has_function_privilege('${pair%%:*}', oid, 'EXECUTE')"
done

it 'lets the engine read, make a month, copy scores into it and write a run'
as "$engine" sql -c 'COPY (SELECT request_id, order_id, text, photos FROM rebut.requests) TO STDOUT' >requests
expect 'twelve requests' test "$(wc -l <requests)" = 12
partition=$(as "$engine" sql -c "SELECT rebut.scores_partition('2026-12-24')")
cat >scores <<'end'
2,2026-12-24 00:00:00+00,model-1,r01,o01,b01,m1,2026-11-06 01:00:00+00,1000,1,0.5,0.1,0.9,0.1,,undetermined,500,0,{},[]
end
as "$engine" sql -c BEGIN -c "INSERT INTO rebut.runs (kind, as_of, model_id) VALUES ('nightly', '2026-12-24Z', 'model-1')" \
    -c "\\copy $partition (run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id, requested_at, amount, rank, probability, low, high, q_value, conformal_q, answer, expected_recovery, log_odds, notes, terms) FROM scores WITH CSV" \
    -c "INSERT INTO rebut.queue_slots VALUES (2, 1, 'r01', 'ranked', 1, 0)" \
    -c "UPDATE rebut.runs SET state = 'done', ended_at = now() WHERE run_id = 2" -c COMMIT ||
    fail 'expected the engine to write'
expect_value 'seen through the parent' 1 'SELECT count(*) FROM rebut.scores WHERE run_id = 2'
expect 'the engine to see all' test "$(as "$engine" sql -c 'SELECT count(*) FROM rebut.scores')" = 13
expect 'to promote a model' as "$engine" sql -c "UPDATE rebut.models SET role = 'retired' WHERE model_id = 'model-1'"

it 'refuses a COPY of the engine into the table above the partitions'
run as "$engine" sql -c 'COPY rebut.scores FROM STDIN'
expect_err 'ERROR:  0A000: COPY FROM not supported with row-level security'

it 'refuses the engine what is not its work'
refuses "$engine" "INSERT INTO rebut.verdicts (at, request_id, verdict, digest) VALUES (now(), 'r01', 'abuse', 1)"
refuses "$engine" "INSERT INTO rebut.orders (order_id) VALUES ('x')"
refuses "$engine" "UPDATE rebut.scores SET probability = 1"
refuses "$engine" "DELETE FROM $partition"
refuses "$engine" "UPDATE rebut.models SET document = '{}'"
refuses "$engine" "UPDATE rebut.settings SET value = '1 second'"
refuses "$engine" "SELECT rebut.decide('r01', 'abuse')"
refuses "$engine" "INSERT INTO rebut.audit (role, action, subject) VALUES ('x', 'x', 'x')"
refuses "$engine" "CREATE TABLE rebut.mine (n int)"

it 'lets the loader add events, once each, and not read a score'
for _ in 1 2; do
    as "$loader" sql -c "INSERT INTO rebut.prices (at, sku_id, price, digest) VALUES ('2026-01-01Z', 's1', 1, 42)
        ON CONFLICT (sku_id, digest) DO NOTHING" || fail 'expected an event to be taken'
done
expect_value 'one' 1 'SELECT count(*) FROM rebut.prices'
refuses "$loader" 'SELECT * FROM rebut.scores'
refuses "$loader" "UPDATE rebut.prices SET price = 2"
refuses "$loader" 'SELECT * FROM rebut.decisions'

it 'refuses a reviewer every table, and the random slots and verdicts of others'
for relation in $relations; do
    case $relation in
    rebut.appeals_waiting | rebut.buyer_groups | rebut.buyer_record | rebut.buyer_requests | rebut.case_events | \
        rebut.case_list | rebut.case_state | rebut.escalated | rebut.listed_run | rebut.merchant_record | rebut.migrations | \
        rebut.model_list | rebut.my_claims | rebut.my_decisions | rebut.queue | \
        rebut.request_score | rebut.score_history) ;;
    *) echo "SELECT * FROM $relation;" ;;
    esac
    echo "DELETE FROM $relation;"
done >tries.sql
run as "$anna" psql -X -q -At -v VERBOSITY=verbose -f tries.sql
expect 'nothing but refusals (55000: a view of several tables)' test "$(grep -Ec 'ERROR:  (42501|55000)' "$ERR")" = "$(grep -c . tries.sql)"
expect_no_out
as "$anna" sql -c 'SELECT FROM rebut.claim(2)'
as "$anna" sql -c "SELECT rebut.decide('r01', 'abuse', 'a note of anna')" >/dev/null
new_login bert rebut_reviewer
cat >leak.sql <<'end'
CREATE FUNCTION pg_temp.leak(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
    $$ BEGIN RAISE NOTICE 'leak %', what; RETURN true; END $$;
SELECT count(*) FROM rebut.my_decisions d WHERE pg_temp.leak(d::text);
SELECT count(*) FROM rebut.case_events e WHERE pg_temp.leak(e::text);
end
run as "$bert" sql -f leak.sql
expect_status 0
expect 'no leak of a note or of words' \
    sh -c "! grep -Eq 'a note of|words of|complaint' '$ERR'"

it 'lets a reviewer see the case: score, buyer and merchant'
expect 'the latest score' test "$(as "$anna" sql -c "SELECT run_id, probability FROM rebut.request_score
    WHERE request_id = 'r02'")" = '1|0.9'
expect 'the buyer' test "$(as "$anna" sql -c "SELECT orders, merchants, paid, refund_only, return_refund, refund_only_amount
    FROM rebut.buyer_record WHERE buyer_id = 'b02'")" = '1|1|2000|1|0|2000'
expect 'the merchant' test "$(as "$anna" sql -c "SELECT orders, buyers, paid, refund_only, abuse
    FROM rebut.merchant_record WHERE merchant_id = 'm1'")" = '6|6|36000|6|0'

it 'does not show people the scores of a challenger'
sql -c "INSERT INTO rebut.scores SELECT run_id, as_of + interval '1 hour', 'model-2', request_id, order_id, buyer_id,
    merchant_id, requested_at, amount, rank, 0.001, low, high, q_value, conformal_q, answer, expected_recovery, log_odds,
    notes, terms FROM rebut.scores WHERE request_id IN ('r02', 'r03')"
expect 'the champion to a reviewer' test "$(as "$anna" sql -c "SELECT probability FROM rebut.request_score
    WHERE request_id = 'r02'")" = 0.9
new_login shop rebut_merchant
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$shop', 'm1')"
expect 'the champion to a merchant' test "$(as "$shop" sql -c "SELECT probability FROM rebut.my_cases
    WHERE request_id = 'r03'")" = 0.85

it 'lets an auditor see what was scored, decided and done, and no words of buyers'
expect 'scores' test "$(as "$auditor" sql -c 'SELECT count(*) FROM rebut.scores')" = 15
expect 'decisions' test "$(as "$auditor" sql -c 'SELECT note, selection FROM rebut.decisions')" = 'a note of anna|ranked'
expect 'the trail' test "$(as "$auditor" sql -c "SELECT count(*) FROM rebut.audit WHERE action = 'decide'")" = 1
expect 'requests' test "$(as "$auditor" sql -c 'SELECT count(reason) FROM rebut.requests')" = 12
refuses "$auditor" 'SELECT text FROM rebut.requests'
refuses "$auditor" 'SELECT photos FROM rebut.requests'
refuses "$auditor" 'SELECT * FROM rebut.contacts'
refuses "$auditor" 'SELECT device_id FROM rebut.orders'
refuses "$auditor" 'SELECT * FROM rebut.case_events'
refuses "$auditor" "SELECT rebut.decide('r02', 'abuse')"
refuses "$auditor" 'DELETE FROM rebut.audit'

it 'refuses one without a role even the schema'
refuses "$stranger" 'SELECT * FROM rebut.queue'
expect_err 'permission denied for schema rebut'
