# What the tests with a database share, beside all of tests/cli/lib.sh.  A test script
# begins with
#
#     #!/bin/sh
#     . "$(dirname "$0")/lib.sh"
#     new_database                     migrated, of its own; or: new_database empty
#
# and then has PGHOST, PGDATABASE and PGUSER=postgres, the superuser, in its environment:
# psql and rebut need no option.  All scripts of one run share a cluster; databases and
# logins go at the end of the script.  A script that kills server processes first says
# `own_cluster`.
#
#     new_login anna rebut_reviewer    sets $anna: a login of this name in that group
#     sql -c 'SELECT 1'                psql that stops at the first error; -f FILE too
#     as "$anna" sql -c 'SELECT 1'     the same as that login
#     value 'SELECT 1'                 what a query gives, as the superuser
#     query [LOGIN] <<'end'            keeps stdout, stderr and $status, as `run` does
#     SELECT 1;
#     end
#     expect_value 'some words' 1 'SELECT count(*) FROM …'
#     background NAME LOGIN <<'end'    a session beside; what it wrote is in NAME.out
#     wait_for 'SELECT …'              until the query gives true, 20 s at most
#
# Errors come with their SQLSTATE: "ERROR:  RB001: request 'r1' is held by another".
. "$(dirname "$0")/../cli/lib.sh"

PG_TMP=$TOP/tests/support/pg_tmp
unset PGSERVICE PGSERVICEFILE PGPORT PGDATABASE PGOPTIONS PGHOSTADDR PGSSLMODE PGPASSFILE
PGUSER=postgres PGCONNECT_TIMEOUT=20
export PGUSER PGCONNECT_TIMEOUT
db_own='' db_databases='' db_logins='' db_sessions=''

# In a run of tests/run.sh the cluster is the run's, which ends it; alone it is ours.
db_cluster() {
    [ -z "${PGHOST_TEST:-}" ] || return 0
    if [ -n "${RESULTS:-}" ] && [ -z "$db_own" ]; then
        case $RESULTS in /*) ;; *) RESULTS=$TOP/$RESULTS ;; esac
        PGHOST=$("$PG_TMP" shared "$RESULTS/cluster") || exit 1
    else
        PGHOST=$("$PG_TMP" start) || exit 1
        db_own=$PGHOST
    fi
    PGHOST_TEST=$PGHOST
    export PGHOST
}

own_cluster() {
    PGHOST_TEST='' db_own=wanted
    db_cluster
}

new_database() {
    db_cluster
    if [ "${1:-}" = empty ]; then
        PGDATABASE=e$$_$(date +%s%N)
        psql -X -q -d postgres -c "CREATE DATABASE $PGDATABASE" || exit 1
    else
        PGDATABASE=$("$PG_TMP" database "$PGHOST") || exit 1
    fi
    export PGDATABASE
    db_databases="$db_databases $PGDATABASE"
}

# Roles belong to the cluster: the database's name in front keeps scripts apart.
new_login() {
    db_login=${PGDATABASE}_$1
    sql -c "CREATE ROLE $db_login LOGIN ${2:+IN ROLE $2}" || exit 1
    db_logins="$db_logins $db_login"
    eval "$1=$db_login"
}

sql() {
    psql -X -q -At -v ON_ERROR_STOP=1 -v VERBOSITY=verbose "$@"
}

as() {
    db_as=$1
    shift
    (PGUSER=$db_as && "$@")
}

value() {
    sql -c "$1" </dev/null
}

query() {
    cat >query.sql
    if [ $# -gt 0 ]; then
        run as "$1" sql -f query.sql
    else
        run sql -f query.sql
    fi
}

expect_value() {
    db_came=$(value "$3" 2>&1)
    [ "$db_came" = "$2" ] && return
    fail "expected $1: '$2', came '$db_came'"
}

background() {
    cat >"$1.sql"
    (PGUSER=$2 && export PGUSER && sql -f "$1.sql" >"$1.out" 2>&1) &
    db_sessions="$db_sessions $!"
}

wait_for() {
    db_tries=0
    while [ "$(value "$1" 2>&1)" != t ]; do
        db_tries=$((db_tries + 1))
        [ $db_tries -lt 200 ] || {
            fail "expected within 20 s: $1"
            return 1
        }
        sleep 0.1
    done
}

db_end() {
    db_code=$?
    trap - EXIT
    # shellcheck disable=SC2086
    [ -z "$db_sessions" ] || kill $db_sessions 2>/dev/null
    if [ -n "$db_own" ] && [ "$db_own" != wanted ]; then
        "$PG_TMP" stop "$db_own"
    elif [ -n "$db_databases" ]; then
        for db_name in $db_databases; do
            echo "DROP DATABASE $db_name WITH (FORCE);"
        done >drop.sql
        for db_name in $db_logins; do
            echo "DROP ROLE $db_name;"
        done >>drop.sql
        PGUSER=postgres psql -X -q -d postgres -f drop.sql >/dev/null 2>drop.err ||
            sed 's/^/  /' drop.err
    fi
    (exit $db_code)
    lib_end
}
trap db_end EXIT
