#!/bin/sh
# Run the tests of a build tree: a line a test program or script, then the sums.
#
#     tests/run.sh BUILD [TEST...]
#
# Without names: every program in BUILD/tests and every script in tests/cli, db and browser;
# with REBUT_FULL=1 in the environment also those in tests/kafka.
# As many at once as there are processors.  What a test said stays in BUILD/test-results,
# and is shown when the test failed.  Exit 1 when anything failed.  The last line is
# "N passed, N failed", with ", N skipped" if any were.
set -u

# The numbers in front of "passed", "failed" and "skipped" in a test's output: cmocka's
# own summary, or the closing line of tests/cli/lib.sh.  A program that states none
# (the replay of a corpus) is one test.
count_results() {
    awk -v status="$2" -v cmocka="$3" '
        /^\[  PASSED  \] [0-9]+ test/ { passed += $4; stated = 1 }
        /^\[  FAILED  \] [0-9]+ test/ { failed += $4; stated = 1 }
        /^\[  SKIPPED \] [0-9]+ test/ { skipped += $4; stated = 1 }
        /^[0-9]+ passed, [0-9]+ failed/ { passed = $1; failed = $3; skipped = $5; stated = 1 }
        END {
            if (!stated && !cmocka && status == 0)
                passed = 1
            if (failed == 0 && (status != 0 || passed + skipped == 0))
                failed = 1
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}

run_one() {
    test=$1
    cmocka=0
    case $test in
    */unit/*) name=${test#*/tests/} cmocka=1 && set -- "$test" ;;
    */fuzz/fuzz_*) name=${test#*/tests/} && set -- "$test" "tests/fuzz/corpus/${test##*/fuzz_}" ;;
    *) name=${test#tests/} && set -- sh "$test" ;;
    esac
    out=$RESULTS/$(echo "$name" | tr / -).out
    begin=$(date +%s%3N)
    timeout "${TEST_SECONDS:-900}" "$@" >"$out" 2>&1 </dev/null
    status=$?
    took=$(($(date +%s%3N) - begin))

    # shellcheck disable=SC2046
    set -- $(count_results "$out" "$status" "$cmocka")
    echo "$@" >"${out%.out}.count"
    word=ok
    note=
    [ "$3" = 0 ] || note=", $3 skipped"
    [ "$2" = 0 ] || word=FAIL note=", $2 failed$note (exit $status)"
    line=$(printf '%-5s%-36s %4d.%02d s  %3d passed%s' $word "$name" $((took / 1000)) \
        $((took % 1000 / 10)) "$1" "$note")
    if [ "$2" = 0 ]; then
        echo "$line"
    else
        printf '%s\n%s\n' "$line" "$(sed 's/^/    | /' "$out")"
    fi
}

if [ "$1" = --one ]; then
    run_one "$2"
    exit 0
fi

cd "$(dirname "$0")/.." || exit 1
BUILD=$1
shift
RESULTS=$BUILD/test-results
REBUT=$PWD/$BUILD/rebut
# A zone that no test expects, and the locale that every Debian has.
TZ=TST-5:45 LC_ALL=C.UTF-8
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/lsan.supp:print_suppressions=0}
export BUILD RESULTS REBUT TZ LC_ALL ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS
unset CDPATH

if [ $# = 0 ]; then
    for test in "$BUILD"/tests/unit/*/test_* "$BUILD"/tests/fuzz/fuzz_* \
        tests/cli/*.sh tests/db/*.sh tests/browser/*.sh ${REBUT_FULL:+tests/kafka/*.sh}; do
        source=tests/${test#"$BUILD"/tests/}.c
        case $test in
        tests/*/lib.sh | tests/*/*_lib.sh | *\**) continue ;;
        tests/*.sh) set -- "$@" "$test" ;;
        *) [ ! -e "$source" ] || set -- "$@" "$test" ;; # not one of a removed source
        esac
    done
fi
if [ $# = 0 ]; then
    echo 'no tests found'
    echo '0 passed, 1 failed'
    exit 1
fi

# The cluster of the tests in tests/db, which the first of them starts: at the end, and
# what a killed run left.
end_cluster() {
    [ ! -s "$RESULTS/cluster" ] || tests/support/pg_tmp stop "$(cat "$RESULTS/cluster")"
    rm -f "$RESULTS/cluster"
}
end_cluster
trap end_cluster EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" sh tests/run.sh --one
awk -v expected=$# '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        failed += expected - NR # a test that left no count was lost
        printf "%d passed, %d failed", passed, failed
        if (skipped)
            printf ", %d skipped", skipped
        print ""
        exit failed > 0
    }' "$RESULTS"/*.count
