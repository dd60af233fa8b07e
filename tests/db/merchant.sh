#!/bin/sh
# A merchant tries to read another merchant's case.  Its own six have odd numbers; the
# other's are r02, r04 …, with buyers b02, b04 … and reasons 'reason of r02' ….
. "$(dirname "$0")/lib.sh"
new_database
sql -f "$TOP/tests/db/world.sql"
new_login mallory rebut_merchant
new_login other rebut_merchant
new_login nobody rebut_merchant
new_login anna rebut_reviewer
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$mallory', 'm1'), ('$other', 'm2')" \
    -c "SELECT lo_from_bytea(4711, 'kept by another')" >/dev/null
as "$anna" sql -c 'SELECT FROM rebut.claim(4)'
sql -c 'ANALYZE'
# What no answer, error or plan may hold: another's request, order, buyer, reason, words,
# device; a buyer even of its own.
secret='[ro](0[2468]|1[02])|b(0[1-9]|1[0-2])|words of|complaint|device-of|m2'

# attempt: mallory runs standard input, each statement whatever became of the one before;
# nothing it is told may hold a secret.
attempt() {
    cat >attempt.sql
    run as "$mallory" psql -X -q -At -v VERBOSITY=verbose -f attempt.sql
    cat "$OUT" "$ERR" | sed "s/^psql:attempt.sql:[0-9]*: //" | grep -v '^LINE \|^QUERY' >told
    if grep -Eq "$secret" told; then
        fail 'a secret was told'
        lib_show 'what it was told' told
    fi
}
# all_refused N: there were N errors, for want of privilege each.
all_refused() {
    expect "$1 refusals, came: $(cat "$OUT" "$ERR")" test "$(grep -c 'ERROR:  42501: ' "$ERR")" = "$1"
    expect 'no other error' test "$(grep -c 'ERROR: ' "$ERR")" = "$1"
}

it 'shows a merchant its own cases with their reasons'
query "$mallory" <<'end'
SELECT string_agg(request_id, ' ' ORDER BY request_id) FROM rebut.my_cases;
SELECT DISTINCT merchant_id FROM rebut.my_cases;
SELECT terms -> 0 ->> 'sentence' FROM rebut.my_cases WHERE request_id = 'r03';
end
expect_status 0
expect 'its cases' test "$(cat "$OUT")" = 'r01 r03 r05 r07 r09 r11
m1
reason of r03'

it 'shows another login another merchant, one of none nothing, one of two both'
expect 'the others' test "$(as "$other" sql -c "SELECT string_agg(request_id, ' ' ORDER BY request_id)
    FROM rebut.my_cases")" = 'r02 r04 r06 r08 r10 r12'
expect 'nothing' test "$(as "$nobody" sql -c 'SELECT count(*) FROM rebut.my_cases')" = 0
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$nobody', 'm1'), ('$nobody', 'm2')"
expect 'both' test "$(as "$nobody" sql -c 'SELECT count(*) FROM rebut.my_cases')" = 12
sql -c "DELETE FROM rebut.merchant_logins WHERE login = '$nobody'"

it 'shows no column of a buyer, and none that tells of the cases of others'
expect_value 'its columns' 'amount answer as_of expected_recovery high log_odds low merchant_id model_id notes order_id probability request_id requested_at terms' \
    "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute
     WHERE attrelid = 'rebut.my_cases'::regclass AND attnum > 0"
expect_value 'nor may its owner read them' f "SELECT bool_or(has_column_privilege('rebut_merchant_rows',
    'rebut.scores', c, 'SELECT')) FROM unnest('{buyer_id,rank,q_value,run_id}'::text[]) c"

it '1: base tables, partitions and the views of reviewers'
relations=$(value "SELECT 'rebut.' || quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'rebut'::regnamespace AND relkind IN ('r', 'p', 'v') AND relname NOT IN ('my_cases', 'my_appeals')")
for relation in $relations; do
    echo "SELECT * FROM $relation;"
    echo "TABLE $relation LIMIT 1;"
done | attempt
all_refused $(($(echo "$relations" | wc -l) * 2))

# text_of is strict and immutable: of NULL it is NULL before anybody asks who calls.
it '2: functions, each with what it takes'
# text_of is strict: of NULL it is NULL before anybody asks who calls.
value "SELECT format('SELECT rebut.%I(%s);', proname, (SELECT string_agg('NULL::' || format_type(t, NULL), ', ')
    FROM unnest(proargtypes::oid[]) t)) FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace AND prorettype <> 'trigger'::regtype AND
          proname NOT IN ('my_case_rows', 'my_appeal_rows', 'appeal', 'text_of')" >calls.sql
attempt <calls.sql
all_refused "$(wc -l <calls.sql)"

it '3: a search path, temporary tables and functions in the way of ours'
attempt <<'end'
CREATE TEMP TABLE scores (request_id text, order_id text, merchant_id text, requested_at timestamptz,
    amount bigint, as_of timestamptz, model_id text, probability float8, low float8, high float8,
    answer text, expected_recovery float8, log_odds float8, notes text[], terms json);
CREATE TEMP TABLE merchant_logins (login name, merchant_id text);
INSERT INTO merchant_logins VALUES (session_user, 'm' || '2'), (current_user, 'm' || '2');
CREATE FUNCTION pg_temp.my_merchants() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY['m' || '2'] $$;
CREATE FUNCTION pg_temp.array_agg(text) RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY['m' || '2'] $$;
CREATE FUNCTION pg_temp.eq(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.eq);
SET search_path = pg_temp, rebut, pg_catalog;
SELECT count(*) FROM rebut.my_cases WHERE request_id OPERATOR(pg_temp.=) 'x';
SELECT request_id, merchant_id FROM my_cases;
SELECT request_id FROM rebut.my_case_rows();
CREATE FUNCTION rebut.my_merchants() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY['m' || '2'] $$;
CREATE OR REPLACE VIEW rebut.my_cases AS SELECT 1;
CREATE SCHEMA mine;
end
expect 'no schema of ours or its own to create in' grep -q 'ERROR:  42501: permission denied for schema rebut' "$ERR"
expect 'six cases' grep -qx 6 "$OUT"

it '4: leaky functions and operators in WHERE, ORDER BY and joins'
attempt <<'end'
CREATE FUNCTION pg_temp.leak(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
    $$ BEGIN RAISE NOTICE 'leak %', what; RETURN true; END $$;
SET client_min_messages = notice;
SELECT count(*) FROM rebut.my_cases WHERE pg_temp.leak(request_id) AND merchant_id = 'm1';
SELECT count(*) FROM rebut.my_cases c WHERE pg_temp.leak(c::text);
SELECT count(*) FROM rebut.my_cases a JOIN rebut.my_cases b ON pg_temp.leak(b.order_id) AND a.request_id = b.request_id;
SELECT request_id FROM rebut.my_cases ORDER BY pg_temp.leak(terms::text) LIMIT 1;
end
expect 'leaks of its own cases' grep -q 'leak r11' "$ERR"

it '5: casts and errors that repeat a value'
attempt <<'end'
SELECT count(*) FROM rebut.my_cases WHERE request_id::int > 0;
SELECT count(*) FROM rebut.my_cases WHERE 1 / (amount - 2000) > 0;
SELECT count(*) FROM rebut.my_cases WHERE amount::text::json ->> 0 = '' OR terms::text::int = 0;
SELECT NULL::rebut.scores, NULL::rebut.orders;
SELECT json_populate_record(NULL::rebut.scores, to_json(c)) IS NULL FROM rebut.my_cases c LIMIT 1;
INSERT INTO rebut.orders (order_id) VALUES ('o' || '02');
INSERT INTO rebut.my_cases (request_id) VALUES ('x');
UPDATE rebut.my_cases SET amount = amount / 0;
DELETE FROM rebut.my_cases RETURNING *;
end

it '6: plans and row counts of EXPLAIN'
attempt <<'end'
EXPLAIN (VERBOSE) SELECT * FROM rebut.my_cases;
EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) SELECT * FROM rebut.my_cases WHERE amount = 2000;
EXPLAIN SELECT * FROM rebut.scores;
EXPLAIN SELECT * FROM rebut.queue_open;
EXPLAIN ANALYZE SELECT * FROM rebut.orders WHERE buyer_id = 'x';
PREPARE p AS SELECT * FROM rebut.my_cases WHERE request_id = $1;
EXPLAIN EXECUTE p('x');
end
expect 'a function, and no table, in the plan' grep -q 'Function Scan on rebut.my_case_rows' "$OUT"
expect 'three refusals' test "$(grep -c 'ERROR:  42501: ' "$ERR")" = 3
expect 'an estimate that has seen nothing' grep -q 'rows=1000 ' "$OUT"
grep -E 'Seq Scan|Index|scores' "$OUT" >seen
expect 'no word of the table below' test ! -s seen

it '7: statistics of the columns'
attempt <<'end'
SELECT attname, most_common_vals, histogram_bounds FROM pg_stats WHERE schemaname = 'rebut';
SELECT * FROM pg_stats_ext WHERE schemaname = 'rebut';
SELECT * FROM pg_statistic;
SELECT * FROM pg_statistic_ext_data;
end
expect 'two refusals' test "$(grep -c 'ERROR:  42501: ' "$ERR")" = 2
expect_no_out

it '8: counts, whether there is such a case, and totals that differ'
attempt <<'end'
SELECT count(*), count(DISTINCT merchant_id), max(request_id) FROM rebut.my_cases;
SELECT EXISTS (SELECT FROM rebut.my_cases WHERE request_id = 'r' || '02');
SELECT count(*) FROM rebut.my_cases WHERE request_id > 'r' || '11';
SELECT count(*) FROM rebut.scores;
SELECT EXISTS (SELECT FROM rebut.scores WHERE request_id = 'r' || '02');
end
expect 'its own count alone' test "$(cat "$OUT")" = '6|1|r11
f
0'

it '9: sequences'
attempt <<'end'
SELECT last_value FROM rebut.audit_audit_id_seq;
SELECT currval('rebut.decisions_decision_id_seq');
SELECT nextval('rebut.runs_run_id_seq');
SELECT pg_sequence_last_value('rebut.audit_audit_id_seq'::regclass);
SELECT coalesce(last_value::text, 'hidden') FROM pg_sequences WHERE schemaname = 'rebut';
end
expect 'only that they are hidden' test "$(sort -u "$OUT")" = hidden

it '10: COPY, files and programs'
attempt <<'end'
COPY rebut.scores TO STDOUT;
COPY (SELECT * FROM rebut.scores) TO STDOUT;
COPY rebut.scores_2026_11 TO STDOUT;
COPY rebut.my_cases TO STDOUT;
COPY (SELECT request_id FROM rebut.my_cases) TO STDOUT;
COPY (SELECT 1) TO '/tmp/rebut-copy';
COPY (SELECT 1) TO PROGRAM 'cat';
SELECT pg_read_file('PG_VERSION');
SELECT lo_import('/etc/hostname');
SELECT pg_ls_dir('base');
end
expect 'its own request ids alone' test "$(tr '\n' ' ' <"$OUT")" = 'r01 r03 r05 r07 r09 r11 '

it '11: cursors, and the rows behind a row'
attempt <<'end'
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT request_id FROM rebut.my_cases;
FETCH ALL FROM c;
FETCH BACKWARD ALL FROM c;
SELECT statement FROM pg_cursors;
COMMIT;
SELECT ctid FROM rebut.my_cases;
SELECT tableoid FROM rebut.my_cases;
SELECT * FROM rebut.my_cases FOR UPDATE;
SELECT currtid2('rebut.scores', '(0,1)');
end

it '12: other roles, sessions and switches'
attempt <<end
SET ROLE rebut_merchant_rows;
SET ROLE rebut_auditor;
SET ROLE postgres;
SET ROLE "$other";
SET SESSION AUTHORIZATION "$other";
SET session_replication_role = replica;
ALTER ROLE "$mallory" SUPERUSER;
ALTER ROLE "$mallory" BYPASSRLS;
GRANT rebut_auditor TO "$mallory";
GRANT SELECT ON rebut.scores TO "$mallory";
ALTER TABLE rebut.scores DISABLE ROW LEVEL SECURITY;
ALTER FUNCTION rebut.my_case_rows() RESET ALL;
ALTER VIEW rebut.my_cases SET (security_barrier = false);
CREATE POLICY mine ON rebut.scores USING (true);
INSERT INTO rebut.merchant_logins VALUES (session_user, 'm' || '2');
SET row_security = off;
SELECT request_id FROM rebut.my_cases;
SET ROLE rebut_merchant;
SELECT request_id FROM rebut.my_cases;
end
expect 'itself under both' test "$(sort -u "$OUT" | tr '\n' ' ')" = 'r01 r03 r05 r07 r09 r11 '

it '13: what other sessions are doing'
background busy postgres <<'end'
SELECT 'r02', 'words of the buyer', pg_sleep(60);
end
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
attempt <<'end'
SELECT query FROM pg_stat_activity;
SELECT pg_stat_get_backend_activity(s) FROM pg_stat_get_backend_idset() s;
SELECT * FROM pg_locks WHERE locktype = 'tuple';
SELECT name, statement FROM pg_prepared_statements;
SELECT * FROM pg_show_all_file_settings();
SELECT * FROM pg_prepared_xacts;
SELECT * FROM pg_replication_slots;
end
expect 'no sight of the query' grep -q '<insufficient privilege>' "$OUT"

it '14: notifications'
attempt <<'end'
LISTEN rebut;
LISTEN queue;
SELECT pg_sleep(0.1);
SELECT pg_notification_queue_usage();
end
as "$anna" sql -c "SELECT rebut.decide('r02', 'abuse')" >/dev/null
# Whoever listens can learn that events come, or a night, and nothing of them.
expect_value 'nothing is sent but the wake-ups of the outbox and of nights, which say nothing' 0 "SELECT count(*) FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace
        AND regexp_replace(prosrc, 'pg_notify\(''rebut_(outbox|nights)'', ''''\)', '') ~* 'notify'"

it '15: large objects'
attempt <<'end'
SELECT lo_get(4711);
SELECT * FROM pg_largeobject;
SELECT loread(lo_open(4711, 262144), 100);
end
all_refused 3

it '16: catalogs and the information schema'
attempt <<'end'
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'rebut' AND table_name NOT IN ('my_cases', 'my_appeals');
SELECT * FROM information_schema.table_privileges WHERE table_schema = 'rebut' AND table_name NOT IN ('my_cases', 'my_appeals');
SELECT description FROM pg_description;
SELECT prosrc FROM pg_proc WHERE pronamespace = 'rebut'::regnamespace;
SELECT pg_get_constraintdef(oid) FROM pg_constraint;
SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition;
SELECT pg_get_viewdef(oid) FROM pg_class WHERE relnamespace = 'rebut'::regnamespace AND relkind = 'v';
SELECT query_to_xml('SELECT * FROM rebut.scores', true, true, '');
SELECT table_to_xml('rebut.scores', true, true, '');
SELECT schema_to_xml('rebut', true, true, '');
SELECT database_to_xml(true, true, '');
end

it '17: triggers, rules, inheritance and foreign keys to look through'
attempt <<'end'
CREATE TEMP TABLE probe (request_id text REFERENCES rebut.requests);
CREATE TEMP TABLE probe2 (LIKE rebut.scores INCLUDING ALL);
CREATE TEMP TABLE probe3 () INHERITS (rebut.orders);
CREATE TEMP TABLE probe4 PARTITION OF rebut.scores FOR VALUES FROM ('2030-01-01Z') TO ('2030-02-01Z');
CREATE TRIGGER t AFTER INSERT ON rebut.scores EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE r AS ON SELECT TO rebut.my_cases DO INSTEAD SELECT 1;
CREATE INDEX ON rebut.scores ((1 / amount));
LOCK TABLE rebut.scores IN SHARE MODE;
CREATE TEMP VIEW v AS SELECT * FROM rebut.scores;
SELECT * FROM v;
ANALYZE VERBOSE rebut.scores;
CREATE PUBLICATION p FOR TABLE rebut.scores;
end
