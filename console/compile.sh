#!/bin/sh
# The console as C: console/compile.sh FILE... writes to standard output the table
# rebut_console_files (rebut/console.h), a row a file, compressed.  A file's path is its
# name below console/; index.html is "/".
set -eu

media_of() {
    case $1 in
    *.html) echo 'text/html; charset=utf-8' ;;
    *.css) echo 'text/css; charset=utf-8' ;;
    *.js) echo 'text/javascript; charset=utf-8' ;;
    *.svg) echo 'image/svg+xml' ;;
    *) echo "compile.sh: no media type is known for '$1'" >&2 && exit 1 ;;
    esac
}

echo '#include "rebut/console.h"'
rows=
count=0
for file in "$@"; do
    media=$(media_of "$file")
    path=/${file#console/}
    [ "$path" != /index.html ] || path=/
    echo "static const unsigned char file_$count[] = {"
    gzip -9nc "$file" | od -An -v -tu1 | sed 's|  *\([0-9][0-9]*\)|\1,|g'
    echo '};'
    rows="$rows    {\"$path\", \"$media\", file_$count, sizeof file_$count, true},
"
    count=$((count + 1))
done
printf 'const struct rebut_http_file rebut_console_files[] = {\n%s    {0, 0, 0, 0, false}};\n' "$rows"
