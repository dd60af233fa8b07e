#!/bin/sh
# Platform forms as C: engine/evidence/forms/compile.sh FILE.json... writes to standard
# output the table rebut_form_files (rebut/forms.h), one row a file, in the order given.
#
# Bytes as numbers, so that no file meets a limit on string literals.
set -eu

echo '#include "rebut/forms.h"'
rows=
count=0
for file in "$@"; do
    echo "static const char form_$count[] = {"
    od -An -v -td1 "$file" | sed 's|  *\(-*[0-9][0-9]*\)|\1,|g'
    echo '0};'
    rows="$rows    {\"$(basename "$file" .json)\", {form_$count, sizeof form_$count - 1}},
"
    count=$((count + 1))
done
printf 'const struct rebut_form_file rebut_form_files[] = {\n%s    {0, {0, 0}}};\n' "$rows"
echo "const int rebut_form_files_count = $count;"
