#!/bin/sh
# What bad input, a full disk, a closed pipe and no memory do to `rebut score`: one
# message, the right exit code, nothing lost, nothing half-written.
. "$(dirname "$0")/lib.sh"

# shop ORDERS: a shop's orders with what followed, in order of time; each third has a
# request.
shop() {
    awk -v n="$1" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "{\"type\":\"order\",\"at\":%d,\"order_id\":\"o%d\",\"buyer_id\":\"b%d\",\"merchant_id\":\"m%d\",\"sku_id\":\"s%d\",\"category\":\"food.snack\",\"channel\":\"shelf\",\"amount\":%d}\n", 1780000000000 + i, i, i % (n / 4 + 2), i % 3, i % 5, 1000 + i
        for (i = 1; i <= n; i++)
            printf "{\"type\":\"shipment\",\"at\":%d,\"order_id\":\"o%d\"}\n", 1780086400000 + i, i
        for (i = 1; i <= n; i++)
            printf "{\"type\":\"delivery\",\"at\":%d,\"order_id\":\"o%d\"}\n", 1780172800000 + i, i
        for (i = 3; i <= n; i += 3)
            printf "{\"type\":\"request\",\"at\":%d,\"request_id\":\"r%d\",\"order_id\":\"o%d\",\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":%d}\n", 1780259200000 + i, i, i, 1000 + i
    }'
}
shop 60 >shop.ndjson
lines=$(wc -l <shop.ndjson)
echo 'what was there before' >old

# Kilobytes that the program may have at most; the address sanitizer takes what it wants.
enough=524288
# shellcheck disable=SC3045
(ulimit -v $enough && "$REBUT" --version) >/dev/null 2>&1 || enough=unlimited

# The files that a failed run must leave as they were.
prepare() {
    cp old scores
    cp old rejects
}
expect_untouched() {
    expect_same old scores
    expect_same old rejects
    expect_no_left_overs .
}
expect_no_left_overs() {
    [ -z "$(find "$1" -name '.rebut-*')" ] || fail 'a temporary file was left behind'
}
score() { run "$REBUT" score --output scores --rejects rejects "$@"; }

# expect_rejected LINE REASON: the rejects have that line of the input, for that reason.
expect_rejected() {
    grep -q "\"line\":$1,\"reason\":\"$2\"" rejects && return
    fail "expected line $1 among the rejects as $2"
    lib_show rejects rejects
}

it 'scores a good input and sets nothing aside'
prepare
score --input shop.ndjson
expect_status 0
expect 'twenty scores' test "$(wc -l <scores)" = 20
expect 'no rejects' test ! -s rejects
cp scores good

# Each line is refused, told with its reason, and changes nothing.
refuses() {
    it "refuses $1 alone"
    prepare
    { head -n 30 shop.ndjson && cat bad && tail -n +31 shop.ndjson; } >input.ndjson
    score --input input.ndjson
    expect_status 0
    expect_same good scores
    expect_rejected 31 "$2"
    expect 'one reject' test "$(wc -l <rejects)" = 1
    expect_err "^lines +$((lines + 1))$"
    expect_err "^refused +1$"
    expect_err "^  $2 +1$"
    expect_no_left_overs .
}
price() { printf '{"type":"price","at":1780000000030,"sku_id":"%b","price":%s}\n' "$1" "$2"; }
price 's1' 1 | head -c 40 >bad && echo >>bad
refuses 'a line that was cut' not_json
price 's\0001' 1 >bad
refuses 'a line with a NUL byte' not_json
price 's\0377' 1 >bad
refuses 'a line that is no UTF-8' invalid_utf8
expect 'the text as base64' grep -q '"text_base64":"' rejects
price s1 99999999999999999999 >bad
refuses 'a number beyond 64 bits' out_of_range
price s1 1e3 >bad
refuses 'a number with an exponent' wrong_type
price s1 '1,"price":2' >bad
refuses 'a key given twice' duplicate_key
price s1 -1 >bad
refuses 'a negative price' out_of_range
printf '\001\002\377\376\000\277\n' >bad
refuses 'binary junk' not_json
awk 'BEGIN { for (i = 0; i < 40; i++) printf "[" }' >bad && echo >>bad
refuses 'a line of brackets' not_json
price s1 "$(awk 'BEGIN { for (i = 0; i < 40; i++) printf "["; for (i = 0; i < 40; i++) printf "]" }')" >bad
refuses 'deep nesting' nesting

it 'refuses a last line that was cut, and takes one that only lacks its newline'
prepare
head -c -20 shop.ndjson >cut.ndjson
score --input cut.ndjson
expect_status 0
expect_rejected "$lines" not_json
head -c -1 shop.ndjson >cut.ndjson
score --input cut.ndjson
expect_same good scores
expect 'no rejects' test ! -s rejects

it 'takes CRLF, blank lines and a byte order mark'
{ printf '\357\273\277\r\n \n' && sed 's/$/\r/' shop.ndjson; } >crlf.ndjson
score --input crlf.ndjson
expect_status 0
expect_same good scores
expect_err '^blank +2$'

it 'passes over a line of a gigabyte without holding it'
prepare
gigabyte() {
    head -n 30 shop.ndjson
    head -c 1073741824 /dev/zero | tr '\0' x
    echo
    tail -n +31 shop.ndjson
}
status=0
gigabyte | (
    # shellcheck disable=SC3045
    ulimit -v $enough
    "$REBUT" score --input - --output scores --rejects rejects
) >"$OUT" 2>"$ERR" || status=$?
expect_status 0
expect_same good scores
expect_rejected 31 too_long
expect 'its start and size' grep -q '"text":"xxxx.*"bytes":1073741824}' rejects
expect 'a small file of rejects' test "$(wc -c <rejects)" -lt 2000

# ---- inputs that cannot be used at all

# fails CODE WORDS ARGUMENT...: with that exit code and message; nothing is written.
fails() {
    fails_code=$1 fails_words=$2
    shift 2
    prepare
    score "$@"
    expect_status "$fails_code"
    expect_err "$fails_words"
    expect 'one line of message' test "$(wc -l <"$ERR")" = 1
    expect_no_out
    expect_untouched
}

it 'says that an input is empty'
: >empty.ndjson
fails 3 "no events in 'empty.ndjson'" --input empty.ndjson

it 'says that an input is not there'
fails 1 "cannot open 'nowhere.ndjson': No such file" --input nowhere.ndjson
fails 1 "cannot open 'nowhere.ndjson': No such file" --input shop.ndjson --input nowhere.ndjson

it 'says that a folder has no event files'
mkdir folder && cp shop.ndjson folder/shop.txt
fails 3 "no event files in 'folder'" --input folder

it 'says that no line is an event'
cp "$REBUT" program
fails 3 "no events in 'program': all of [0-9]+ lines were refused, the first" --input program
printf 'order,amount\n1,2\n' >table.ndjson
fails 3 "'table.ndjson'\) as not_json: expected a JSON object" --input table.ndjson

it 'says where compressed data end or break'
gzip -c shop.ndjson >shop.ndjson.gz
head -c 900 shop.ndjson.gz >half.gz
fails 3 "cannot read 'half.gz': the gzip data end early after line [0-9]+" --input half.gz
{ head -c -8 shop.ndjson.gz && printf 'checksum'; } >broken.gz
fails 3 "cannot read 'broken.gz': the gzip data are corrupt \(incorrect data check\) after line $lines" \
    --input broken.gz
printf 'PK\003\004' >book.xlsx
fails 3 "cannot read 'book.xlsx': expected NDJSON .* got a zip archive" --input book.xlsx

it 'takes a file and its compressed copy as one'
score --input shop.ndjson.gz
expect_status 0
expect_same good scores
score --input shop.ndjson --input shop.ndjson.gz
expect_status 0
expect_same good scores
expect_err "^duplicates +$lines$"

# ---- where nothing can be written

it 'fails when the scores do not fit on the disk'
if [ -c /dev/full ]; then
    prepare
    run "$REBUT" score --quiet --input shop.ndjson --output /dev/full
    expect_status 1
    expect_err "cannot write '/dev/full': No space left on device"
    status=0
    "$REBUT" score --quiet --input shop.ndjson >/dev/full 2>"$ERR" || status=$?
    expect_status 1
    expect_err 'cannot write standard output: No space left on device'
else
    skip 'there is no /dev/full'
fi

it 'fails when the rejects do not fit on the disk'
if [ -c /dev/full ]; then
    prepare
    { cat shop.ndjson && echo bad; } >input.ndjson
    run "$REBUT" score --quiet --input input.ndjson --output scores --rejects /dev/full
    expect_status 1
    expect_err "cannot write '/dev/full': No space left on device"
    expect_untouched
else
    skip 'there is no /dev/full'
fi

it 'leaves the old file when the disk is full half-way'
mkdir disk
if mount -t tmpfs -o size=16k none disk 2>/dev/null; then
    cp old disk/scores
    cp old disk/rejects
    run "$REBUT" score --quiet --input shop.ndjson --output disk/scores
    expect_status 1
    expect_err "cannot write '.*disk/scores': No space left on device"
    expect_same old disk/scores
    for _ in 1 2 3 4 5 6; do sed 's/"at"/"At"/' shop.ndjson; done >bad.ndjson
    cat shop.ndjson >>bad.ndjson
    run "$REBUT" score --quiet --input bad.ndjson --output scores --rejects disk/rejects
    expect_status 1
    expect_err "cannot write '.*disk/rejects': No space left on device"
    expect_same old disk/rejects
    expect_no_left_overs disk
    umount disk
else
    skip 'only root can mount a small disk'
fi

it 'fails when nobody reads the pipe any more'
{
    sleep 0.5
    code=0
    "$REBUT" score --quiet --input shop.ndjson 2>"$ERR" || code=$?
    echo $code >code
} | true
status=$(cat code)
expect_status 1
expect_err 'cannot write standard output: Broken pipe'

it 'says so when there is no memory'
prepare
short_of_memory() {
    shop 20000 >large.ndjson
    seen=0
    kilobytes=24000
    while [ $kilobytes -lt 200000 ]; do
        kilobytes=$((kilobytes + kilobytes / 16))
        status=0
        (
            # shellcheck disable=SC3045
            ulimit -v $kilobytes
            "$REBUT" score --quiet --input large.ndjson --output scores --rejects rejects
        ) >"$OUT" 2>"$ERR" </dev/null || status=$?
        [ $status != 0 ] || break
        expect_same old scores
        expect_no_left_overs .
        # 127: not even the libraries could be loaded.
        [ $status = 127 ] && continue
        expect_status 1
        expect_err 'no memory'
        seen=$((seen + 1))
    done
    expect 'some runs that were short of memory' test $seen -gt 2
    expect 'a run that had enough' test "$status" = 0
}
if [ $enough = unlimited ]; then
    skip 'the memory of this build cannot be limited'
else
    short_of_memory
fi

it 'names itself when an option is not known'
run "$REBUT" score --bogus
expect_status 2
expect_err "rebut score: unrecognized option '--bogus'"

it 'refuses a folder of state that cannot be, before the first event'
"$REBUT" simulate --orders 300 --seed 1 --output few.ndjson || exit 1
"$REBUT" fit --quiet --input few.ndjson --output few.json 2>/dev/null || exit 1
"$REBUT" score --quiet --input few.ndjson --model few.json --keep few.night --output few.ranked || exit 1
run "$REBUT" stream --model few.json --night few.night --state none/live
expect_status 1
expect_err "cannot keep state in 'none/live': No such file or directory"
