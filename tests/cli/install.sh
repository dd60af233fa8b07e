#!/bin/sh
# Can somebody else's C program be built against what `make install` leaves behind?
. "$(dirname "$0")/lib.sh"

case $(dirname "$REBUT") in
*/build) flavour=release ;;
*/build-clang) flavour=clang ;;
*)
    it 'installs a library that a C program links'
    skip 'only releases are installed'
    exit
    ;;
esac
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES PKG_CONFIG_SYSROOT_DIR

# `installed` copies what is built; it compiles nothing while other tests run.
install_to() { make -s -C "$TOP" FLAVOUR=$flavour installed "$@"; }

it 'puts everything below DESTDIR, and names no DESTDIR inside'
run install_to DESTDIR="$PWD/stage" PREFIX=/opt/rebut
expect_status 0
expect 'only DESTDIR to be written' test "$(ls stage)" = opt
expect 'the program' test -x stage/opt/rebut/bin/rebut
expect 'a folder of maps' test -d stage/opt/rebut/share/rebut/maps
expect 'no DESTDIR in rebut.pc' sh -c '! grep -q stage stage/opt/rebut/lib/pkgconfig/rebut.pc'
expect 'the prefix in rebut.pc' grep -qx 'prefix=/opt/rebut' stage/opt/rebut/lib/pkgconfig/rebut.pc

it 'says one version everywhere'
run install_to PREFIX="$PWD/tree"
expect_status 0
PKG_CONFIG_PATH=$PWD/tree/lib/pkgconfig
export PKG_CONFIG_PATH
version=$(pkg-config --modversion rebut)
run tree/bin/rebut --version
expect_out "^rebut $version\$"
expect 'the shared library of that version' test -f "tree/lib/librebut.so.$version"

it 'links a C program with the shared library by its soname'
cat >client.c <<'END'
#include <stdio.h>

#include <rebut/time.h>

int main(void)
{
    int64_t time;
    char text[REBUT_TIME_SIZE];
    if (!rebut_time_parse(REBUT_TEXT("2026-03-01T00:00:13Z"), &time))
        return 1;
    rebut_time_format(time, 8 * 60, text);
    return puts(text) < 0;
}
END
# shellcheck disable=SC2046
run ${CC:-gcc} -std=c17 -Wall -Werror $(pkg-config --cflags rebut) client.c -o client \
    $(pkg-config --libs rebut)
expect_status 0
run env LD_LIBRARY_PATH="$PWD/tree/lib" ./client
expect_out '^2026-03-01T08:00:13\+08:00$'
run readelf -d client
expect_out 'NEEDED.*\[librebut\.so\.0\]'

it 'links a C program with the static library'
# shellcheck disable=SC2046
run ${CC:-gcc} -std=c17 -Wall -Werror $(pkg-config --cflags rebut) client.c -o client-static \
    $(pkg-config --static --libs rebut | sed 's/-lrebut/-l:librebut.a/')
expect_status 0
run ./client-static
expect_out '^2026-03-01T08:00:13\+08:00$'
run readelf -d client-static
expect 'no shared librebut to be needed' sh -c "! grep -q librebut '$OUT'"

it 'exports nothing whose name does not begin with rebut_'
run nm -D --defined-only tree/lib/librebut.so
expect_status 0
expect_out ' T rebut_time_parse$'
grep -v ' rebut_' "$OUT" >others
expect_same /dev/null others

it 'compiles every installed header'
for header in tree/include/rebut/*.h; do
    printf '#include <rebut/%s>\n' "$(basename "$header")"
done >all.c
# shellcheck disable=SC2046
run ${CC:-gcc} -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags rebut) -fsyntax-only all.c
expect_status 0
