#!/bin/sh
# The throw-away cluster and what the tests with a database rest on.
. "$(dirname "$0")/lib.sh"

it 'gives a script a database of its own with the migrations applied'
new_database
first=$PGDATABASE
sql -c 'CREATE TABLE mine (n int)'
new_database
expect_value 'another database without that table' 0 \
    "SELECT count(*) FROM pg_class WHERE relname = 'mine'"
expect 'two databases' test "$first" != "$PGDATABASE"

it 'records the migrations as the program does'
new_database
run "$REBUT" migrate --check
expect_status 0

it 'gives an empty one'
new_database empty
expect_value 'no schema' 0 "SELECT count(*) FROM pg_namespace WHERE nspname = 'rebut'"

it 'keeps the SQLSTATE of an error and stops there'
query <<'end'
SELECT 1 / 0;
SELECT 'not reached';
end
expect_status 3
expect_err 'ERROR:  22012: division by zero'
expect_no_out

it 'logs in as a role that is no superuser'
new_login anna ''
expect 'a login' test "$(as "$anna" sql -c 'SELECT current_user, rolsuper FROM pg_roles
    WHERE rolname = current_user')" = "$anna|f"

it 'is reached by its socket alone'
expect_value 'no network' '' 'SHOW listen_addresses'

it 'runs a session beside'
background beside postgres <<'end'
SELECT pg_advisory_lock(7);
SELECT 'held';
SELECT pg_sleep(60);
end
wait_for 'SELECT count(*) = 1 FROM pg_locks WHERE locktype = $$advisory$$ AND granted AND
    database = (SELECT oid FROM pg_database WHERE datname = current_database())'

it 'stops only what it started'
run "$PG_TMP" stop /tmp
expect_status 1
expect_err "expected a folder that 'pg_tmp start' printed, got '/tmp'"

it 'starts and stops a cluster, and leaves nothing'
run "$PG_TMP" start
expect_status 0
made=$(cat "$OUT")
expect 'a server' psql -X -h "$made" -U postgres -d postgres -c 'SELECT 1'
expect 'to stop' "$PG_TMP" stop "$made"
expect 'no folder' test ! -e "$made"
