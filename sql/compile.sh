#!/bin/sh
# Statements and migrations as C: sql/compile.sh FILE... writes to standard output
#
#     const char rebut_sql_NAME[]                  of each sql/queries/NAME.sql
#     const struct rebut_migration rebut_migrations[]   of sql/migrations/NNNN_NAME.sql
#
# Bytes as numbers, so that no file meets a limit on string literals.
set -eu

bytes() {
    od -An -v -td1 "$1" | sed 's|  *\(-*[0-9][0-9]*\)|\1,|g'
    echo '0};'
}

echo '#include "rebut/store.h"'
rows=
count=0
for file in "$@"; do
    name=$(basename "$file" .sql)
    case $file in
    sql/queries/*)
        echo "extern const char rebut_sql_$name[];"
        echo "const char rebut_sql_$name[] = {"
        bytes "$file"
        ;;
    sql/migrations/[0-9][0-9][0-9][0-9]_*)
        count=$((count + 1))
        number=${name%%_*}
        [ "$number" = "$(printf '%04d' "$count")" ] || {
            echo "sql/compile.sh: expected migration $count, came '$file'" >&2
            exit 1
        }
        echo "static const char migration_$number[] = {"
        bytes "$file"
        rows="$rows    {$count, \"${name#*_}\", migration_$number},
"
        ;;
    *) echo "sql/compile.sh: '$file' is neither a query nor a migration" >&2 && exit 1 ;;
    esac
done
printf 'const struct rebut_migration rebut_migrations[] = {\n%s    {0, 0, 0}};\n' "$rows"
echo "const int rebut_migrations_count = $count;"
