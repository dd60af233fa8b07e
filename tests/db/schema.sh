#!/bin/sh
# The schema as such: complete, commented, closed, and its tables keep the contract.
. "$(dirname "$0")/lib.sh"
new_database

it 'has what it says, each with a comment'
expect_value 'no table or view without one' '' "SELECT string_agg(relname, ' ') FROM pg_class
    WHERE relnamespace = 'rebut'::regnamespace AND relkind IN ('r', 'p', 'v') AND
          obj_description(oid, 'pg_class') IS NULL"
expect_value 'no column without one' '' "SELECT string_agg(relname || '.' || attname, ' ')
    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
    WHERE relnamespace = 'rebut'::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0 AND
          NOT relispartition AND col_description(c.oid, attnum) IS NULL"
expect_value 'no function without one' '' "SELECT string_agg(proname, ' ') FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL"

it 'is closed to PUBLIC, functions too'
expect_value 'no open function' '' "SELECT string_agg(proname, ' ') FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace AND (proacl IS NULL OR EXISTS (
          SELECT FROM aclexplode(proacl) WHERE grantee = 0))"
expect_value 'no open table' '' "SELECT string_agg(relname, ' ') FROM pg_class,
    aclexplode(relacl) WHERE relnamespace = 'rebut'::regnamespace AND grantee = 0"

it 'pins the search path of every function'
expect_value 'none without' '' "SELECT string_agg(proname, ' ') FROM pg_proc
    WHERE pronamespace = 'rebut'::regnamespace AND NOT coalesce(
          'search_path=pg_catalog, rebut, pg_temp' = ANY (proconfig), false)"

it 'has event tables with the keys of the input contract'
keys=$(sed -n 's/^ *X(\([A-Z_]*\), "\([a-z_]*\)").*/\2/p' "$TOP/engine/event/keys.h" |
    grep -v '^type$' | sort | tr '\n' ' ')
expect_value 'the keys of engine/event/keys.h' "$keys" "SELECT string_agg(DISTINCT attname || ' ', ''
    ORDER BY attname || ' ') FROM pg_attribute
    JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'rebut'::regnamespace AND
        relname IN ('orders', 'shipments', 'deliveries', 'prices', 'contacts', 'requests',
            'outcomes', 'verdicts') AND attnum > 0 AND attname NOT IN ('xid', 'digest')"

# refused TABLE COLUMNS VALUES: by a CHECK (23514) or NOT NULL (23502).
refused() {
    run sql -c "INSERT INTO rebut.$1 ($2) VALUES ($3)"
    expect "refused: $3" grep -Eq 'ERROR:  (23514|23502):' "$ERR"
}
order='at, order_id, buyer_id, merchant_id, sku_id, category, channel, amount'

it 'takes events that the contract allows'
sql -c "INSERT INTO rebut.orders ($order, quantity, account_created_at) VALUES
        ('1970-01-01Z', '$(printf '%064d' 0)', 'b', 'm', 's', 'c', 'shelf', 0, 1, '1900-01-01Z'),
        ('9999-12-31T23:59:59.999999Z', 'o2', 'b', 'm', 's', 'c', 'social', 1000000000000, NULL, NULL)" \
    -c "INSERT INTO rebut.requests (at, request_id, order_id, kind, reason, amount, photos) VALUES
        ('2026-01-01Z', 'q1', 'o', 'refund_only', 'other', 1, '{}'),
        ('2026-01-01Z', 'q2', 'o', 'return_refund', 'quality', 1, '{0123456789abcdef,FFFFFFFFFFFFFFFF}'),
        ('2026-01-01Z', 'q3', 'o', 'return_refund', 'quality', 1, NULL)" ||
    fail 'expected them to be taken'

it 'refuses events that the contract refuses'
refused orders "$order" "'1969-12-31Z', 'x', 'b', 'm', 's', 'c', 'shelf', 1"
refused orders "$order" "'infinity', 'x', 'b', 'm', 's', 'c', 'shelf', 1"
refused orders "$order" "'2026-01-01Z', '', 'b', 'm', 's', 'c', 'shelf', 1"
refused orders "$order" "'2026-01-01Z', 'x', '$(printf '%065d' 0)', 'm', 's', 'c', 'shelf', 1"
refused orders "$order" "'2026-01-01Z', 'x', repeat('茶', 22), 'm', 's', 'c', 'shelf', 1"
refused orders "$order" "'2026-01-01Z', 'x', 'b', 'm', 's', 'c', 'market', 1"
refused orders "$order" "'2026-01-01Z', 'x', 'b', 'm', 's', 'c', 'shelf', -1"
refused orders "$order" "'2026-01-01Z', 'x', 'b', 'm', 's', 'c', 'shelf', 1000000000001"
refused orders "$order" "'2026-01-01Z', 'x', 'b', NULL, 's', 'c', 'shelf', 1"
refused requests 'at, request_id, order_id, kind, reason, amount, photos' \
    "'2026-01-01Z', 'q', 'o', 'refund_only', 'other', 1, '{0123456789abcde}'"
refused requests 'at, request_id, order_id, kind, reason, amount, photos' \
    "'2026-01-01Z', 'q', 'o', 'refund_only', 'other', 1, '{0123456789abcdef,NULL}'"
refused requests 'at, request_id, order_id, kind, reason, amount, photos' \
    "'2026-01-01Z', 'q', 'o', 'refund_only', 'other', 1, array_fill('0123456789abcdef'::text, '{33}')"
refused verdicts 'at, request_id, verdict, digest, propensity' \
    "'2026-01-01Z', 'q', 'abuse', 1, 'NaN'"
refused verdicts 'at, request_id, verdict, digest, propensity' \
    "'2026-01-01Z', 'q', 'abuse', 1, 0"
refused verdicts 'at, request_id, verdict' "'2026-01-01Z', 'q', 'abuse'"

it 'keeps the writing transaction of a row, for the watermark'
expect_value 'the current transaction' t "WITH x AS (INSERT INTO rebut.prices (at, sku_id, price, digest)
    VALUES ('2026-01-01Z', 's', 1, 1) RETURNING xid) SELECT xid = pg_current_xact_id()::text::bigint FROM x"

it 'lets events and the audit trail only grow'
for table in orders shipments deliveries prices contacts requests outcomes verdicts audit; do
    for change in "DELETE FROM rebut.$table" "TRUNCATE rebut.$table" \
        "UPDATE rebut.$table SET at = now()"; do
        run sql -c "$change"
        expect_err "ERROR:  RB008: table '(rebut.)?$table' only grows"
    done
done

it 'lets the owner correct openly, as sql/README.md says'
sed -n '/^    BEGIN;/,/^    COMMIT;/p' "$TOP/sql/README.md" | sed 's/…/o9/' >correct.sql
sql -c "INSERT INTO rebut.contacts (at, order_id, by, kind, digest) VALUES ('2026-01-01Z', 'o9', 'buyer', 'message', 1)"
expect 'the correction' sql -f correct.sql
expect_value 'none left' 0 'SELECT count(*) FROM rebut.contacts'
expect_value 'said so' erase "SELECT action FROM rebut.audit WHERE subject = 'o9'"
run sql -c 'DELETE FROM rebut.contacts'
expect_err 'ERROR:  RB008'

it 'makes the partition of a month once, of months in UTC, and says its name'
expect_value 'the name' rebut.scores_2026_11 "SELECT rebut.scores_partition('2026-11-30')"
expect_value 'the same' rebut.scores_2026_11 "SELECT rebut.scores_partition('2026-11-01')"
expect_value 'its bounds' "2026-11-01 00:00:00+00|2026-12-01 00:00:00+00" "SET TimeZone = 'UTC'; SELECT
    (regexp_matches(pg_get_expr(relpartbound, oid), 'FROM \(''(.*)''\) TO'))[1],
    (regexp_matches(pg_get_expr(relpartbound, oid), 'TO \(''(.*)''\)'))[1]
    FROM pg_class WHERE relname = 'scores_2026_11'"
run sql -c "SELECT rebut.scores_partition(NULL)"
expect_err 'ERROR:  RB006: expected a month'

it 'refuses a score of a month without a partition'
run sql -c "INSERT INTO rebut.scores (run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id,
    requested_at, amount, rank, probability, low, high, q_value, answer, expected_recovery, log_odds, notes,
    terms) VALUES (1, '2027-01-01Z', 'm', 'r', 'o', 'b', 'm', now(), 1, 1, 0, 0, 0, 0, 'undetermined', 0, 0,
    '{}', '[]')"
expect_err 'no partition of relation "scores" found'

it 'makes the same partition for two who ask at once'
background first postgres <<'end'
BEGIN;
SELECT rebut.scores_partition('2025-03-01');
SELECT pg_sleep(1);
COMMIT;
end
wait_for "SELECT count(*) > 0 FROM pg_stat_activity
    WHERE query LIKE 'SELECT pg_sleep(1)%' AND datname = current_database()"
expect_value 'the name' rebut.scores_2025_03 "SELECT rebut.scores_partition('2025-03-31')"
expect_value 'reading is not held up meanwhile' 0 'SELECT count(*) FROM rebut.scores'

it 'forgets a month, as sql/README.md says'
sql -c "SELECT rebut.scores_partition('2025-01-31')" >/dev/null
sed -n 's/^    \(.*scores_2025_01.*\)/\1/p' "$TOP/sql/README.md" >forget.sql
expect 'two statements' test "$(wc -l <forget.sql)" = 2
expect 'to forget' sql -f forget.sql

it 'has one champion at most, and audits who changes it'
sql -c "INSERT INTO rebut.models (model_id, document, as_of, role) VALUES ('a', '{\"w\":1}', now(), 'champion')"
run sql -c "INSERT INTO rebut.models (model_id, document, as_of, role) VALUES ('b', '{}', now(), 'champion')"
expect_err 'ERROR:  23505: .*models_one_champion'
expect_value 'a line without the document' 'models.insert|a|f' "SELECT action, subject, detail::text LIKE '%\"w\"%'
    FROM rebut.audit WHERE subject = 'a'"

it 'refuses a setting that means nothing'
run sql -c "UPDATE rebut.settings SET value = '-1 hour' WHERE key = 'grace'"
expect_err 'ERROR:  23514:'
run sql -c "UPDATE rebut.settings SET value = 'soon' WHERE key = 'lease'"
expect_err 'ERROR:  22007:'
sql -c "UPDATE rebut.settings SET value = '5 minutes' WHERE key = 'grace'"
expect_value 'audited' 'settings.update|10 minutes|5 minutes' "SELECT action, detail -> 'before' ->> 'value',
    detail -> 'after' ->> 'value' FROM rebut.audit WHERE subject = 'grace'"

it 'is made by one who is no superuser, and in a second database of the cluster'
owner=${PGDATABASE}_owner
sql -c "CREATE ROLE $owner LOGIN CREATEROLE"
db_logins="$db_logins $owner"
new_database empty
sql -c "ALTER DATABASE $PGDATABASE OWNER TO $owner"
for file in "$TOP"/sql/migrations/*.sql; do
    run as "$owner" sql -1 -f "$file"
    expect_status 0
done
expect_value 'the function of another role' rebut_merchant_rows "SELECT proowner::regrole FROM pg_proc
    WHERE proname = 'my_case_rows'"
expect_value 'no member of it' 0 "SELECT count(*) FROM pg_auth_members
    WHERE roleid = 'rebut_merchant_rows'::regrole"
expect_value 'that may create nothing' f "SELECT has_schema_privilege('rebut_merchant_rows', 'rebut', 'CREATE')"
new_login shop rebut_merchant
sql -f "$TOP/tests/db/world.sql"
sql -c "INSERT INTO rebut.merchant_logins VALUES ('$shop', 'm1')"
expect 'a merchant sees its six cases' test "$(as "$shop" sql -c 'SELECT count(*) FROM rebut.my_cases')" = 6

it 'says when the database is not in UTF-8'
sql -c "CREATE DATABASE ${PGDATABASE}_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
db_databases="$db_databases ${PGDATABASE}_latin"
run sql -1 -d "${PGDATABASE}_latin" -f "$TOP/sql/migrations/0001_events.sql"
expect_err 'expected a database in UTF8, found LATIN1'
