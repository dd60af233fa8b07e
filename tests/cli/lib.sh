# What the command line tests share.  A test script begins with
#
#     #!/bin/sh
#     . "$(dirname "$0")/lib.sh"
#
# and is then in a folder of its own, empty and removed at the end.  From outside come
# $REBUT, the program (default build/rebut); from here $TOP, the top of the repository.
#
#     it 'refuses a file that is not there'    starts a test; its name is a sentence
#     run "$REBUT" score --input nowhere       keeps stdout, stderr and $status
#     expect_status 1
#     expect_err "cannot open 'nowhere'"       extended regular expression, on stderr
#     expect_out 'request_id'                  the same on stdout
#     expect_no_out                            nothing was written to stdout
#     expect_no_err
#     expect_golden score/one-shop.ndjson      stdout is tests/cli/golden/... to the byte
#     expect_golden NAME FILE                  FILE is
#     expect_same FILE FILE                    the same bytes
#     expect 'some words' COMMAND ARGUMENT...  the command succeeds
#     skip 'why'                               this test cannot run here
#
# A test fails once, however many of its expectations do, and the script goes on.  The
# script's last line sums up, and its exit code is 1 when a test failed.
# REBUT_GOLDEN=write (make golden) writes the golden files instead of comparing.
set -u

TOP=$(cd "$(dirname "$0")/../.." && pwd)
REBUT=${REBUT:-$TOP/build/rebut}
case $REBUT in /*) ;; *) REBUT=$PWD/$REBUT ;; esac
GOLDEN=$TOP/tests/cli/golden
LC_ALL=C.UTF-8
export TOP REBUT LC_ALL

lib_folder=$(mktemp -d) || exit 1
mkdir "$lib_folder/work"
OUT=$lib_folder/out
ERR=$lib_folder/err
status=0
lib_test='' lib_state='' lib_passed=0 lib_failed=0 lib_skipped=0

lib_close_test() {
    case $lib_state in
    passed) lib_passed=$((lib_passed + 1)) && echo "ok    $lib_test" ;;
    failed) lib_failed=$((lib_failed + 1)) && echo "FAIL  $lib_test" ;;
    skipped) lib_skipped=$((lib_skipped + 1)) ;;
    esac
    lib_state=
}

lib_end() {
    lib_code=$?
    trap - EXIT
    if [ $lib_code != 0 ]; then
        echo "the script ended early with $lib_code${lib_test:+ in '$lib_test'}"
        lib_state=failed
    fi
    lib_close_test
    cd / && rm -rf "$lib_folder"
    if [ $lib_skipped = 0 ]; then
        echo "$lib_passed passed, $lib_failed failed"
    else
        echo "$lib_passed passed, $lib_failed failed, $lib_skipped skipped"
    fi
    [ $lib_failed = 0 ] || exit 1
    exit 0
}
trap lib_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$lib_folder/work" || exit 1

it() {
    lib_close_test
    lib_test=$1
    lib_state=passed
}

skip() {
    lib_state=skipped
    echo "skip  $lib_test: $1"
}

# fail WORDS: what an expectation says when it is not met.
fail() {
    [ -n "$lib_state" ] || lib_test='(before the first test)'
    lib_state=failed
    printf '%s\n' "  $*"
}

lib_show() {
    printf '  %s was:\n' "$1"
    head -n 40 "$2" | sed 's/^/    /'
}

run() {
    status=0
    "$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
}

expect_status() {
    [ "$status" = "$1" ] && return
    fail "expected exit code $1, came $status"
    lib_show stderr "$ERR"
}

expect_out() {
    grep -Eq -e "$1" "$OUT" && return
    fail "expected '$1' on stdout"
    lib_show stdout "$OUT"
}

expect_err() {
    grep -Eq -e "$1" "$ERR" && return
    fail "expected '$1' on stderr"
    lib_show stderr "$ERR"
}

expect_no_out() {
    [ ! -s "$OUT" ] && return
    fail 'expected nothing on stdout'
    lib_show stdout "$OUT"
}

expect_no_err() {
    [ ! -s "$ERR" ] && return
    fail 'expected nothing on stderr'
    lib_show stderr "$ERR"
}

expect_same() {
    cmp -s "$1" "$2" && return
    fail "expected '$1' and '$2' to be the same"
    diff "$1" "$2" 2>&1 | head -n 20 | cut -c 1-300 | sed 's/^/    /'
}

expect_golden() {
    lib_file=${2:-$OUT}
    if [ "${REBUT_GOLDEN:-}" = write ]; then
        mkdir -p "$(dirname "$GOLDEN/$1")"
        cmp -s "$lib_file" "$GOLDEN/$1" || cp "$lib_file" "$GOLDEN/$1"
    elif [ ! -e "$GOLDEN/$1" ]; then
        fail "there is no tests/cli/golden/$1; 'make golden' writes it"
    else
        expect_same "$GOLDEN/$1" "$lib_file"
    fi
}

expect() {
    lib_words=$1
    shift
    "$@" >"$lib_folder/expect" 2>&1 </dev/null && return
    fail "expected $lib_words"
    lib_show "$1" "$lib_folder/expect"
}
