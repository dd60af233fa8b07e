#!/bin/sh
# Every header compiles alone, and twice in one file.
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-gcc}
LIBRARIES=$(pkg-config --cflags libpq pangocairo)
failed=0
count=0
for header in include/rebut/*.h $(find engine models tests -name '*.h'); do
    name=${header#include/}
    [ "$name" != "$header" ] || name=$PWD/$header
    count=$((count + 1))
    printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
        $CC -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wstrict-prototypes -Wundef -Werror \
            -Iinclude $LIBRARIES -fsyntax-only -x c - || {
        echo "headers: $header does not compile alone"
        failed=1
    }
done
[ $failed = 0 ] && echo "headers: $count compile alone"
exit $failed
