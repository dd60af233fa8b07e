#!/bin/sh
# Reviewers at work: claim, release, decide, undo, second review, settling, suppressing.
. "$(dirname "$0")/lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login anna rebut_reviewer
new_login bert rebut_reviewer
new_login engine rebut_engine

# ask LOGIN STATEMENT: keeps stdout, stderr and $status.
ask() {
    run as "$1" sql -c "$2"
}
expect_answer() {
    expect "the answer '$1', came '$(cat "$OUT" "$ERR")'" test "$(cat "$OUT")" = "$1"
}
# As if the time of claims, or of decisions, had passed.
pass_lease() {
    sql -c "UPDATE rebut.claims SET until = clock_timestamp(), claimed_at = clock_timestamp() - interval '1 hour'"
}
pass_grace() {
    sql -c "UPDATE rebut.decisions SET undo_until = clock_timestamp(), at = clock_timestamp() - interval '10 minutes'
            WHERE undone_at IS NULL AND settled_at IS NULL"
}

it 'hands out the next of the queue, to each reviewer others'
ask "$anna" "SELECT slot, request_id FROM rebut.claim(3)"
expect_answer '1|r01
2|r02
3|r03'
ask "$bert" "SELECT slot, request_id FROM rebut.claim(2, '1 hour')"
expect_answer '4|r04
5|r05'
expect_value 'half an hour and an hour' '30|60' "SELECT
    (SELECT extract(epoch FROM until - claimed_at)::int / 60 FROM rebut.claims WHERE request_id = 'r01'),
    (SELECT extract(epoch FROM until - claimed_at)::int / 60 FROM rebut.claims WHERE request_id = 'r04')"

it 'shows a reviewer what is free and what is in its own hands'
ask "$anna" "SELECT string_agg(request_id || CASE WHEN mine_until IS NULL THEN '' ELSE '*' END, ' ' ORDER BY slot)
    FROM rebut.queue"
expect_answer 'r01* r02* r03* r06 r07 r08 r09 r10'

it 'does not say which slots were drawn at random'
ask "$anna" 'SELECT selection FROM rebut.queue'
expect_err 'ERROR:  42703:'

it 'gives fewer when there are no more, and bounds what one may hold'
sql -c "UPDATE rebut.settings SET value = '9' WHERE key = 'claims_max'"
ask "$anna" 'SELECT count(*) FROM rebut.claim(7)'
expect_err 'ERROR:  RB009: you hold 3 requests and may hold 9, not 7 more'
ask "$anna" 'SELECT count(*) FROM rebut.claim(6)'
expect_answer 5
ask "$anna" "SELECT rebut.release(request_id) FROM rebut.queue WHERE slot > 5 AND mine_until IS NOT NULL"
expect_status 0
ask "$anna" 'SELECT count(*) FROM rebut.claim(0)'
expect_err 'ERROR:  RB006: expected a number of requests from 1'
ask "$anna" "SELECT count(*) FROM rebut.claim(1, '-1 hour')"
expect_err "ERROR:  RB006: expected a lease over 0 and at most '08:00:00', got '-01:00:00'"

it 'refuses to decide or release what another holds, or nobody'
ask "$bert" "SELECT rebut.decide('r01', 'abuse')"
expect_err "ERROR:  RB001: request 'r01' is held by '$anna' until"
ask "$bert" "SELECT rebut.release('r01')"
expect_err "ERROR:  RB002: request 'r01' is not in your hands"
ask "$bert" "SELECT rebut.decide('r07', 'abuse')"
expect_err "ERROR:  RB002: request 'r07' is not in your hands"
ask "$bert" "SELECT rebut.claim_request('r01')"
expect_err "ERROR:  RB001: request 'r01' is held by"
ask "$bert" "SELECT rebut.claim_request('nowhere')"
expect_err "ERROR:  RB007: there is no scored request 'nowhere'"

it 'refuses what is no verdict'
ask "$anna" "SELECT rebut.decide('r01', 'guilty')"
expect_err "ERROR:  RB006: expected verdict abuse, legitimate or unclear, got 'guilty'"
ask "$anna" "SELECT rebut.decide('r01', NULL)"
expect_err "ERROR:  RB006: expected verdict"
ask "$anna" "SELECT rebut.decide('r01', 'abuse', repeat('x', 16385))"
expect_err "ERROR:  RB006: expected a note of at most 16384 bytes"

it 'carries selection and propensity of the slot into the decision, though the queue is another by then'
sql -c "INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
            VALUES ('nightly', 'done', now(), '2026-11-25Z', 'model-1');
        INSERT INTO rebut.queue_slots VALUES (2, 1, 'r03', 'ranked', 1, 0), (2, 2, 'r06', 'ranked', 1, 0),
            (2, 3, 'r12', 'random', 0.5, 0), (2, 4, 'r07', 'ranked', 1, 0)"
ask "$anna" "SELECT rebut.decide('r03', 'legitimate', '照片属实') > now() + interval '9 minutes'"
expect_answer t
expect_value 'the decision' "r03|legitimate|照片属实|$anna|1|random|0.25|f" "SELECT request_id, verdict, note,
    reviewer, run_id, selection, propensity, second FROM rebut.decisions"
expect_value 'no claim' 0 "SELECT count(*) FROM rebut.claims WHERE request_id = 'r03'"
ask "$anna" "SELECT string_agg(request_id, ' ' ORDER BY slot) FROM rebut.queue"
expect_answer 'r06 r12 r07'

it 'keeps the queue of the latest as-of time when an older day is run again'
sql -c "INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
            VALUES ('nightly', 'done', now(), '2026-11-23Z', 'model-1'), ('nightly', 'failed', now(), '2026-11-26Z', 'model-1');
        INSERT INTO rebut.queue_slots VALUES (3, 1, 'r11', 'ranked', 1, 0), (4, 1, 'r11', 'ranked', 1, 0)"
ask "$anna" "SELECT string_agg(request_id, ' ' ORDER BY slot) FROM rebut.queue"
expect_answer 'r06 r12 r07'

it 'undoes a decision within its grace time, and the case is in the same hands again'
ask "$bert" "SELECT rebut.undo('r03')"
expect_err "ERROR:  RB004: there is no decision of yours on request 'r03' to undo"
ask "$anna" "SELECT rebut.undo('r03') > now() + interval '29 minutes'"
expect_answer t
expect_value 'the claim of before' "$anna|random|0.25|f" "SELECT reviewer, selection, propensity, second
    FROM rebut.claims WHERE request_id = 'r03'"
ask "$anna" "SELECT rebut.undo('r03')"
expect_err "ERROR:  RB004:"
ask "$anna" "SELECT rebut.decide('r03', 'unclear') IS NOT NULL"
expect_answer t
ask "$anna" "SELECT verdict, undone_at IS NOT NULL FROM rebut.my_decisions ORDER BY decision_id"
expect_answer 'legitimate|t
unclear|f'

it 'settles nothing within the grace time'
ask "$engine" 'SELECT rebut.settle_decisions()'
expect_answer 0
expect_value 'no verdict' 0 'SELECT count(*) FROM rebut.verdicts'

it 'makes a verdict of a decision when its grace time is over, once'
pass_grace
ask "$anna" "SELECT rebut.undo('r03')"
expect_err "ERROR:  RB005: the decision on request 'r03' could be undone until"
ask "$engine" 'SELECT rebut.settle_decisions()'
expect_answer 1
ask "$engine" 'SELECT rebut.settle_decisions()'
expect_answer 0
expect_value 'the verdict, at the end of its grace time' "r03|unclear|$anna|random|0.25|t" "SELECT v.request_id,
    v.verdict, v.by, v.selection, v.propensity, v.at = d.undo_until FROM rebut.verdicts v
    JOIN rebut.decisions d USING (request_id) WHERE d.undone_at IS NULL"
ask "$anna" "SELECT rebut.undo('r03')"
expect_err "ERROR:  RB005:"

it 'hands out for a second review what others decided, and does not tell the verdict'
ask "$anna" 'SELECT request_id FROM rebut.claim_second(5)'
expect_answer ''
ask "$bert" "SELECT abuse + legitimate, refund_only FROM rebut.buyer_record WHERE buyer_id = 'b03'"
expect_answer '0|1'
ask "$bert" 'SELECT request_id FROM rebut.claim_second(5)'
expect_answer r03
ask "$bert" "SELECT count(*) FROM rebut.case_events WHERE request_id = 'r03' AND detail::text ~ 'unclear'"
expect_answer 0
ask "$bert" "SELECT rebut.decide('r03', 'legitimate') IS NOT NULL"
expect_answer t
pass_grace
ask "$engine" 'SELECT rebut.settle_decisions()'
expect_value 'two verdicts with one propensity' "unclear|0.25
legitimate|0.25" 'SELECT verdict, propensity FROM rebut.verdicts ORDER BY at'
ask "$bert" 'SELECT request_id FROM rebut.claim_second(5)'
expect_answer ''

it 'hides the first verdict from the records that the second reviewer reads'
ask "$anna" "SELECT rebut.decide('r01', 'abuse', 'same photo') IS NOT NULL"
pass_grace
ask "$engine" 'SELECT rebut.settle_decisions()'
ask "$anna" "SELECT abuse FROM rebut.merchant_record WHERE merchant_id = 'm1'"
expect_answer 1
ask "$bert" 'SELECT request_id FROM rebut.claim_second(1)'
expect_answer r01
ask "$bert" "SELECT (SELECT abuse FROM rebut.merchant_record WHERE merchant_id = 'm1'),
    (SELECT abuse FROM rebut.buyer_record WHERE buyer_id = 'b01')"
expect_answer '0|0'

it 'takes an appeal from beside the queue, as such'
ask "$anna" "SELECT rebut.claim_request('r11') IS NOT NULL, rebut.claim_request('r12') IS NOT NULL"
expect_answer 't|t'
expect_value 'their selection' 'r11|appeal|
r12|random|0.5' "SELECT request_id, selection, propensity FROM rebut.claims WHERE request_id IN ('r11', 'r12') ORDER BY 1"

it 'renews a claim without forgetting why the case is looked at'
ask "$anna" "SELECT rebut.claim_request('r02', '2 hours') > now() + interval '119 minutes'"
expect_answer t
expect_value 'still of the first queue' 'ranked|1|1' "SELECT selection, propensity, run_id
    FROM rebut.claims WHERE request_id = 'r02'"

it 'lets a late reviewer decide while nobody else has taken the case, and no longer'
pass_lease
ask "$anna" "SELECT rebut.decide('r11', 'abuse') IS NOT NULL"
expect_answer t
ask "$bert" "SELECT rebut.claim_request('r12') IS NOT NULL"
expect_answer t
ask "$anna" "SELECT rebut.decide('r12', 'abuse')"
expect_err "ERROR:  RB001: request 'r12' is held by '$bert'"

it 'lets one of two win who decide at once, and tells the other'
sql -c "UPDATE rebut.claims SET reviewer = '$bert', until = now() WHERE request_id = 'r02'"
ask "$anna" "SELECT rebut.claim_request('r02') IS NOT NULL"
background winner "$anna" <<'end'
BEGIN;
SELECT rebut.decide('r02', 'abuse') IS NOT NULL;
SELECT pg_sleep(1);
COMMIT;
end
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(1)%'
    AND datname = current_database()"
ask "$bert" "SELECT rebut.decide('r02', 'legitimate')"
expect_status 1
expect_err "ERROR:  RB003: request 'r02' has been decided by another"
ask "$anna" "SELECT rebut.decide('r02', 'legitimate')"
expect_err "ERROR:  RB003: request 'r02' has been decided by yourself"
expect_value 'one decision' abuse "SELECT string_agg(verdict, ' ') FROM rebut.decisions WHERE request_id = 'r02'"

it 'hands a request to one of two who claim at once, without waiting'
background holder "$anna" <<'end'
BEGIN;
SELECT request_id FROM rebut.claim(1);
SELECT pg_sleep(30);
COMMIT;
end
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%'
    AND datname = current_database()"
ask "$bert" "SET statement_timeout = '5s'; SELECT request_id FROM rebut.claim(1)"
expect_answer r07
expect 'r06 at the other' grep -qx r06 holder.out
sql -c "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE query LIKE 'SELECT pg_sleep(30)%' AND datname = current_database()" >/dev/null

it 'refuses to work in a transaction that does not see what others do'
run as "$bert" sql -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c "SELECT rebut.decide('r07', 'abuse')"
expect_err "ERROR:  RB010: expected isolation level 'read committed', got 'repeatable read'"

it 'leaves a decision that is being undone while others are settled'
sql -c "UPDATE rebut.settings SET value = '1 second' WHERE key = 'grace'"
background undoing "$bert" <<'end'
SELECT rebut.decide('r07', 'abuse') IS NOT NULL;
BEGIN;
SELECT rebut.undo('r07') IS NOT NULL;
SELECT pg_sleep(2.5);
COMMIT;
end
wait_for "SELECT count(*) > 0 FROM rebut.decisions WHERE request_id = 'r07' AND undo_until < clock_timestamp()"
expect_value 'only that one was due' 0 "SELECT rebut.settle_decisions()"
expect_value 'no verdict on it' 0 "SELECT count(*) FROM rebut.verdicts WHERE request_id = 'r07'"
expect_value 'undone' t "SELECT undone_at IS NOT NULL FROM rebut.decisions WHERE request_id = 'r07'"

it 'keeps out of the queue what is suppressed, until then'
sql -c "DELETE FROM rebut.claims; INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
            VALUES ('nightly', 'done', now(), '2026-11-27Z', 'model-1');
        INSERT INTO rebut.queue_slots SELECT 5, n, 'r' || to_char(n + 3, 'FM00'), 'ranked', 1, 0
            FROM generate_series(1, 7) n"
in_queue="SELECT string_agg(request_id, ' ' ORDER BY slot) FROM rebut.queue"
ask "$bert" "$in_queue"
expect_answer 'r04 r05 r06 r07 r08 r09 r10'
ask "$anna" "SELECT rebut.suppress('request', 'r04', 'settled by phone', now() + interval '1 day'),
    rebut.suppress('buyer', 'b08', 'in court', now() + interval '1 day'),
    rebut.suppress('merchant', 'm1', 'known bad batch', now() + interval '1 day')"
expect_answer '1|2|3'
ask "$bert" "$in_queue"
expect_answer 'r06 r10'
ask "$bert" 'SELECT request_id FROM rebut.claim(9)'
expect_answer 'r06
r10'
ask "$bert" 'SELECT rebut.lift(3)'
ask "$bert" "$in_queue"
expect_answer 'r05 r06 r07 r09 r10'
ask "$bert" 'SELECT rebut.lift(3)'
expect_err "ERROR:  RB006: there is no suppression '3' in force"
sql -c "UPDATE rebut.suppressions SET until = at + interval '1 us'"
ask "$bert" "$in_queue"
expect_answer 'r04 r05 r06 r07 r08 r09 r10'

it 'suppresses nothing without a reason, an end and an id'
ask "$anna" "SELECT rebut.suppress('order', 'o1', 'why', now() + interval '1 day')"
expect_err "ERROR:  RB006: expected request, buyer or merchant, got 'order'"
ask "$anna" "SELECT rebut.suppress('buyer', 'b1', '  ', now() + interval '1 day')"
expect_err 'ERROR:  RB006: expected a reason'
ask "$anna" "SELECT rebut.suppress('buyer', 'b1', 'why', 'infinity')"
expect_err 'ERROR:  RB006: expected a time in the next'
ask "$anna" "SELECT rebut.suppress('buyer', 'b1', 'why', NULL)"
expect_err 'ERROR:  RB006: expected a time in the next'
ask "$anna" "SELECT rebut.suppress('buyer', '', 'why', now() + interval '1 day')"
expect_err 'ERROR:  RB006: expected the id of a buyer'

it 'drops from the queue what got a verdict in another way'
sql -c "INSERT INTO rebut.verdicts (at, request_id, verdict, digest) VALUES (now(), 'r09', 'legitimate', 1)"
ask "$bert" "$in_queue"
expect_answer 'r04 r05 r06 r07 r08 r10'

it 'shows the words of a buyer to whom the case is in hand or was decided by'
ask "$anna" "SELECT count(*) FROM rebut.case_events WHERE request_id = 'r06'"
expect_answer 0
ask "$bert" "SELECT string_agg(type, ' ' ORDER BY at) FROM rebut.case_events WHERE request_id = 'r06'"
expect_answer 'order shipment delivery contact request'
ask "$anna" "SELECT detail ->> 'text' FROM rebut.case_events WHERE request_id = 'r01' AND type = 'contact'"
expect_answer 'secret complaint o01'
ask "$anna" "SELECT count(*) FROM rebut.case_events WHERE detail::text ~ 'device-of'"
expect_answer 0

it 'audits everything, under the name that logged in'
for action in claim claim_second release decide undo settle suppress lift; do
    expect_value "a line for $action" t "SELECT count(*) > 0 FROM rebut.audit WHERE action = '$action'"
done
expect_value 'who' "$anna|$anna|r03|random" "SELECT login, role, subject, detail ->> 'selection' FROM rebut.audit
    WHERE action = 'decide' ORDER BY audit_id LIMIT 1"
as "$bert" sql -c 'SET ROLE rebut_reviewer' -c "SELECT rebut.release('r06')"
expect_value 'as whom' "$bert|rebut_reviewer" "SELECT login, role FROM rebut.audit ORDER BY audit_id DESC LIMIT 1"
expect_value 'no words of a buyer or note' 0 "SELECT count(*) FROM rebut.audit
    WHERE detail::text ~ 'secret|words of|same photo'"
