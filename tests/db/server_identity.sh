#!/bin/sh
# A server's login works in the name of whose token it has, and of nobody else: what its
# password, or a statement slipped into it, is worth.
. "$(dirname "$0")/lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login web rebut_server
new_login anna rebut_reviewer
new_login shop rebut_merchant
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$web', 'm1'), ('$shop', 'm2')"

hash_of() {
    printf "'\\\\x%064d'" "$1"
}
# token ID HASH ROLE LOGIN MERCHANTS EXPIRES
token() {
    sql -c "SELECT rebut.create_token('$1', $(hash_of "$2"), '$3', '$4', '$5', '{cases:read}', $6)" >/dev/null
}
soon="now() + interval '1 hour'"
token aaaaaaaaaaaa 1 reviewer "$anna" '{}' "$soon"
token bbbbbbbbbbbb 2 reviewer bert '{}' "$soon"
token mmmmmmmmmmmm 3 merchant mall '{m1}' "$soon"
token uuuuuuuuuuuu 4 auditor audi '{}' "$soon"
token dddddddddddd 5 admin root '{}' "$soon"
enter_anna="SELECT login FROM rebut.enter('token', 'aaaaaaaaaaaa', $(hash_of 1));"
enter_mall="SELECT login FROM rebut.enter('token', 'mmmmmmmmmmmm', $(hash_of 3));"

# refused WORDS: the query before was, for want of privilege.
refused() {
    expect "refused: $1; came $(cat "$OUT" "$ERR")" grep -q 'ERROR:  42501: ' "$ERR"
}

it 'works as the role and in the name of a token, until the transaction ends'
query "$web" <<end
BEGIN;
$enter_anna
SELECT current_user, rebut.actor();
SELECT count(*) FROM rebut.queue;
SELECT FROM rebut.claim(2) LIMIT 1;
COMMIT;
SELECT current_user;
end
expect_status 0
expect "anna, came $(cat "$OUT")" test "$(grep -v '^$' "$OUT")" = "$anna
rebut_reviewer|$anna
10
$web"
expect_value 'claimed by anna' "$anna 2" "SELECT string_agg(DISTINCT reviewer, ' ') || ' ' || count(*) FROM rebut.claims"
expect_value 'said by which token' "$anna rebut_reviewer aaaaaaaaaaaa" \
    "SELECT DISTINCT login || ' ' || role || ' ' || token_id FROM rebut.audit WHERE action = 'claim'"
expect 'the same person at a terminal' test "$(as "$anna" sql -c 'SELECT count(*) FROM rebut.my_claims')" = 2

it 'is asked by everything of ours that asked who logged in'
expect_value 'no function but two' 'actor my_merchants' "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace AND prosrc ~* '\\msession_user\\M'"
expect_value 'no view' '' "SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'rebut'::regnamespace AND
    relkind = 'v' AND pg_get_viewdef(oid) ~* '\\msession_user\\M'"
expect_value 'no default but of migrations' migrations "SELECT string_agg(DISTINCT c.relname, ' ')
    FROM pg_attrdef JOIN pg_class c ON c.oid = adrelid WHERE c.relnamespace = 'rebut'::regnamespace AND
          pg_get_expr(adbin, adrelid) ~* '\\m(session_user|current_user)\\M'"

it 'acts for nobody before it has entered, whatever role it sets'
for statement in 'SELECT * FROM rebut.queue' "SELECT rebut.claim_request('r05')" \
    "SELECT rebut.decide('r05', 'abuse')" 'SELECT * FROM rebut.my_claims' \
    "SELECT * FROM rebut.case_events WHERE request_id = 'r01'" 'SELECT rebut.actor()'; do
    query "$web" <<end
SET ROLE rebut_reviewer;
$statement;
end
    refused "$statement"
done

it 'is refused what only functions of ours may'
for statement in 'SELECT * FROM rebut.tokens' 'SELECT * FROM rebut.server_key' \
    'SELECT * FROM rebut.sessions' "SELECT rebut.seal('bbbbbbbbbbbb')" \
    "SELECT rebut.same_hash('', '')" 'SELECT * FROM rebut.scores' \
    'SELECT rebut.acting_token()' 'SELECT * FROM rebut.idempotency' 'SELECT * FROM rebut.link_codes' \
    "SELECT rebut.create_token('cccccccccccc', '', 'admin', 'x', '{}', '{}', now())"; do
    query "$web" <<end
$statement;
end
    refused "$statement"
    query "$web" <<end
BEGIN;
$enter_anna
$statement;
end
    refused "$statement, as a reviewer"
done

it 'believes no seal that rebut.enter() has not made'
for forged in bbbbbbbbbbbb "bbbbbbbbbbbb:$(printf '%064d' 0)" "$anna" : 'x:y'; do
    query "$web" <<end
BEGIN;
SELECT set_config('rebut.acting', '$forged', true);
SET LOCAL ROLE rebut_reviewer;
SELECT * FROM rebut.queue;
end
    refused "$forged"
done

it 'believes no seal of another transaction, connection or token'
query "$web" <<end
BEGIN;
$enter_anna
SELECT current_setting('rebut.acting');
COMMIT;
end
seal=$(sed -n 2p "$OUT")
expect 'a seal' test "${seal%%:*}" = aaaaaaaaaaaa
for said in "$seal" "bbbbbbbbbbbb:${seal#*:}"; do
    query "$web" <<end
BEGIN;
SELECT set_config('rebut.acting', '$said', false);
SET LOCAL ROLE rebut_reviewer;
SELECT * FROM rebut.queue;
end
    refused 'a seal kept'
done
query "$web" <<end
BEGIN;
$enter_anna
SELECT current_setting('rebut.acting') AS mine \\gset
COMMIT;
BEGIN;
SELECT set_config('rebut.acting', :'mine', true);
SET LOCAL ROLE rebut_reviewer;
SELECT * FROM rebut.queue;
end
refused 'a seal of the transaction before, on the same connection'
query "$web" <<end
BEGIN;
$enter_anna
SELECT set_config('rebut.acting', replace(current_setting('rebut.acting'), 'aaaaaaaaaaaa', 'bbbbbbbbbbbb'), true);
SELECT rebut.actor();
end
refused 'a seal for another'

it 'takes a setting of somebody else for nothing'
query "$anna" <<end
SET rebut.acting = 'bbbbbbbbbbbb:00';
SELECT * FROM rebut.my_claims;
end
refused 'a reviewer who says to be another'
query "$shop" <<end
SET rebut.acting = '$seal';
SELECT * FROM rebut.my_cases;
end
refused 'a merchant who says to be another'
query "$anna" <<end
SELECT * FROM rebut.enter('token', 'bbbbbbbbbbbb', $(hash_of 2));
end
refused 'a reviewer with the hash of a token'

it 'shows a merchant the merchants of its token, not those of the login that serves it'
query "$web" <<end
BEGIN;
$enter_mall
SELECT string_agg(request_id, ' ' ORDER BY request_id) FROM rebut.my_cases;
end
expect_status 0
expect 'the odd ones' test "$(sed -n 2p "$OUT")" = 'r01 r03 r05 r07 r09 r11'
for statement in 'SELECT * FROM rebut.queue' "SELECT rebut.claim_request('r01')" \
    "SELECT * FROM rebut.request_score WHERE request_id = 'r01'" 'SELECT * FROM rebut.scores' \
    'SELECT * FROM rebut.audit' "SELECT rebut.decide('r01', 'abuse')"; do
    query "$web" <<end
BEGIN;
$enter_mall
$statement;
end
    refused "$statement, as a merchant"
done

it 'does not know a token that is wrong, unknown, expired or revoked, nor its session'
none() {
    query "$web" <<end
BEGIN;
SELECT 'known', login FROM rebut.enter($1);
SELECT current_user;
end
    expect "nobody: $1; came $(cat "$OUT" "$ERR")" test "$(cat "$OUT")" = "$web"
}
query "$web" <<end
SELECT token_id FROM rebut.open_session('token', 'bbbbbbbbbbbb', $(hash_of 2), 'ssssssssssss', $(hash_of 9), '1 hour');
end
expect_out '^bbbbbbbbbbbb$'
query "$web" <<end
SELECT login FROM rebut.enter('session', 'ssssssssssss', $(hash_of 9));
end
expect_out '^bert$'
none "'token', 'aaaaaaaaaaaa', $(hash_of 2)"
none "'token', 'zzzzzzzzzzzz', $(hash_of 1)"
none "'token', NULL, NULL"
none "'token', 'aaaaaaaaaaaa', ''"
none "'token', 'aaaaaaaaaaaa', NULL"
none "'session', 'aaaaaaaaaaaa', $(hash_of 1)"
none "'session', 'ssssssssssss', $(hash_of 2)"
none "'token', 'ssssssssssss', $(hash_of 9)"
sql -c "SELECT rebut.revoke_token('bbbbbbbbbbbb')" >/dev/null
none "'token', 'bbbbbbbbbbbb', $(hash_of 2)"
none "'session', 'ssssssssssss', $(hash_of 9)"
sql -c "UPDATE rebut.tokens SET expires_at = now() - interval '1 s' WHERE token_id = 'uuuuuuuuuuuu'"
none "'token', 'uuuuuuuuuuuu', $(hash_of 4)"

it 'opens one session by a code, also for two who ask at once'
sql -c "SELECT rebut.create_link('llllllllllll', $(hash_of 7), 'aaaaaaaaaaaa', '1 hour')" >/dev/null
for n in 1 2; do
    background "code$n" "$web" <<end
SELECT 'opened' FROM rebut.open_session('code', 'llllllllllll', $(hash_of 7), 'code${n}0000000', $(hash_of $((10 + n))), '1 hour');
end
done
wait_for "SELECT count(*) > 0 FROM rebut.sessions WHERE token_id = 'aaaaaaaaaaaa'"
sleep 0.3
expect 'one of them' test "$(cat code1.out code2.out)" = opened

it 'lets an admin give out and end tokens, and nobody else'
query "$web" <<end
BEGIN;
SELECT login FROM rebut.enter('token', 'dddddddddddd', $(hash_of 5));
SELECT rebut.create_token('eeeeeeeeeeee', $(hash_of 6), 'auditor', 'eve', '{}', '{}', now() + interval '1 day');
SELECT created_by FROM rebut.token_list WHERE token_id = 'eeeeeeeeeeee';
COMMIT;
end
expect_status 0
expect 'by root' test "$(tail -n 1 "$OUT")" = root
expect_value 'in the trail' 'root dddddddddddd' "SELECT login || ' ' || token_id FROM rebut.audit WHERE action = 'create_token' AND subject = 'eeeeeeeeeeee'"
for who in "$anna" "$shop"; do
    query "$who" <<end
SELECT rebut.revoke_token('aaaaaaaaaaaa');
end
    refused 'to revoke a token'
done
