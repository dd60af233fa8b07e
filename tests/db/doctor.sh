#!/bin/sh
# rebut doctor: what it finds when all is well, and what when it is not.
. "$(dirname "$0")/lib.sh"

it 'says that the server is not there, and looks no further'
run env PGHOST=/nowhere "$REBUT" doctor
expect_status 1
expect_out '^ill    connection  cannot connect to the database: .*/nowhere'
expect 'one line' test "$(wc -l <"$OUT")" = 1

it 'says what makes the schema'
new_database empty
run "$REBUT" doctor
expect_status 1
expect_out "^ill    schema .*'rebut migrate' makes it"

it 'finds all well where nothing has run yet, and says so'
new_database
run "$REBUT" doctor --state state
expect_status 0
expect_out '^ok     connection  PostgreSQL 1[5-9]'
expect_out '^ok     clock       0\.[0-9] s'
expect_out '^ok     privileges  all that a nightly run needs'
expect_out "^ok     source      schema 'rebut' has all tables; only new rows are read"
expect_out '^watch  state file  not there yet'
expect_out '^watch  last run    there was none yet'
expect_no_err

it 'names the privileges that a login lacks'
new_login mary ''
sql -c "GRANT USAGE ON SCHEMA rebut TO $mary; GRANT SELECT ON rebut.migrations TO $mary"
run as "$mary" "$REBUT" doctor
expect_status 1
expect_out '^ill    privileges  lacking .*INSERT on rebut.scores'

it 'is content with what the group of the engine has'
new_login engine rebut_engine
run as "$engine" "$REBUT" doctor
expect_status 0
expect_out '^ok     privileges'

it 'tells a run that died from one at work'
sql -c "INSERT INTO rebut.runs (kind, state) VALUES ('nightly', 'running')"
run "$REBUT" doctor
expect_status 1
expect_out "^ill    last run    run [0-9]+ of .* died without a word"
background holder postgres <<'end'
SELECT pg_advisory_lock(1919247989, 2);
SELECT pg_sleep(60);
end
wait_for "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
run "$REBUT" doctor
expect_status 0
expect_out '^ok     last run    run [0-9]+ is at work since'

it 'sees a late run, rows set aside, a term that shifted and a queue too long'
sql -c "UPDATE rebut.runs SET state = 'abandoned', ended_at = now()"
for bounded in 100 90 110; do
    sql -c "INSERT INTO rebut.runs (kind, state, as_of, ended_at, counts) VALUES ('nightly', 'done',
        now(), now() - interval '50 hours', '{\"bounded\":$bounded,\"refused\":{},\"orphans\":{},\"conflicts\":{}}')"
done
sql -c "INSERT INTO rebut.runs (kind, state, as_of, ended_at, counts) VALUES ('nightly', 'done',
    now(), now() - interval '40 hours', '{\"bounded\":400,\"refused\":{\"out_of_range\":3},
    \"orphans\":{\"outcome\":1},\"conflicts\":{},\"psi_most\":0.4,\"psi_term\":\"delay\"}')"
run "$REBUT" doctor
expect_status 1
expect_out '^ill    last run    run [0-9]+ ended 40\.0 hours ago; is the timer on'
expect_out '^watch  rows .*"out_of_range":3.*"outcome":1'
expect_out "^watch  drift       largest stability index 0\.4, of 'delay'"
expect_out '^watch  queue       400 requests within the bound, usually 100'
run "$REBUT" doctor --late 48
expect_status 0

it 'watches over tables that have no xid, and names a column that is missing'
sql -c 'CREATE SCHEMA shop'
for table in orders shipments deliveries prices contacts requests outcomes verdicts; do
    columns=$(value "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
        WHERE attrelid = 'rebut.$table'::regclass AND attnum > 0 AND attname <> 'xid'")
    sql -c "CREATE VIEW shop.$table AS SELECT $columns FROM rebut.$table"
done
run "$REBUT" doctor --source-schema shop --late 48
expect_status 0
expect_out "^watch  source      schema 'shop' has all tables, but no column 'xid'"
sql -c 'DROP VIEW shop.prices; CREATE VIEW shop.prices AS SELECT at, sku_id FROM rebut.prices'
run "$REBUT" doctor --source-schema shop --late 48
expect_status 1
expect_out '^ill    source .*shop\.prices\.price'
