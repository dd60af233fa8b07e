#!/bin/sh
# A night's image: mapped where it suits, named and made anew where it does not.
. "$(dirname "$0")/lib.sh"

T=2026-04-20T00:00:00+08:00
"$REBUT" simulate --orders 6000 --days 80 --seed 4 --output events.ndjson --truth truth.csv &&
    "$REBUT" fit --input events.ndjson --as-of $T --output model.json --quiet &&
    "$REBUT" score --input events.ndjson --as-of $T --keep night --quiet --output night.ndjson &&
    "$REBUT" score --input events.ndjson --as-of 2026-04-19T00:00:00+08:00 --keep earlier --quiet \
        --output /dev/null || exit 1
awk -F'"' -v t="$T" '{ for (i = 1; i < NF; i++) if ($i == "at") { if ($(i + 2) > t) print; break } }' \
    events.ndjson >day.ndjson

# streams [MODEL]: with the night's image as it is, to scores and log.
streams() {
    "$REBUT" stream --model "${1:-model.json}" --night night <day.ndjson >scores 2>log
    expect 'it ends well' test $? = 0
}

it 'scores the night once and keeps it'
expect 'no image yet' test ! -e night.image
streams
cp scores anew
expect 'some' test "$(wc -l <anew)" -ge 50
expect 'an image' test -s night.image
expect 'of nobody else' test "$(stat -c %a night.image)" = 600
expect 'mapped' grep -q '"mapped":true' log
expect 'no complaint' sh -c '! grep night_image log'

it 'is the same bytes whatever lay in memory before'
mv night.image one
MALLOC_PERTURB_=85 "$REBUT" stream --model model.json --night night <day.ndjson >scores 2>log
expect_same anew scores
expect_same one night.image

it 'is there already where the night was kept with the model'
mv night.image by-stream
"$REBUT" score --input events.ndjson --as-of $T --model model.json --keep night --quiet \
    --output night.ndjson || exit 1
expect_same anew scores
expect 'the image that a stream makes' cmp -s by-stream night.image
touch -d 2020-01-01 night.image
streams
expect_same anew scores
expect 'which was used' test "$(stat -c %Y night.image)" -lt 1600000000

it 'is on the disk, and its name too, before the program that keeps the night ends'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    rm night.image
    # A sanitizer cannot look for leaks in a program that is traced.
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 \
        strace -y -e trace=fsync,rename,renameat,renameat2 -o calls "$REBUT" score --input events.ndjson \
        --as-of $T --model model.json --keep night --quiet --output night.ndjson || exit 1
    expect 'data, name, folder' awk '
        /rename.*"night.image"/ { named = before ~ /^fsync.* = 0$/ }
        named && /^fsync\([0-9]+<[^#]*\/work>\) += 0$/ { folder = 1 }
        { before = $0 }
        END { exit !(named && folder) }' calls
    [ $lib_state = passed ] || lib_show calls calls
else
    skip 'needs strace'
fi

it 'says the same from the image, which stays as it is'
cp -p night.image kept
streams
expect_same anew scores
expect 'it says so' grep -Eq '"mapped":true' log
expect_same kept night.image
expect 'not written again' test ! night.image -nt kept

it 'is the image of looking back, too'
"$REBUT" score --input events.ndjson --night night --model model.json --since 2026-04-20T00:00:01+08:00 \
    --quiet --output back.ndjson || exit 1
expect_same kept night.image
mv night.image aside
"$REBUT" score --input events.ndjson --night night --model model.json --since 2026-04-20T00:00:01+08:00 \
    --quiet --output back-anew.ndjson || exit 1
expect_same back.ndjson back-anew.ndjson

it 'names damage and makes it anew'
size=$(stat -c %s kept)
for at in 20 $((size / 3)) $((size / 2)) $((size - 100)); do
    cp kept night.image
    printf '\377\0\377' | dd of=night.image bs=1 seek="$at" conv=notrunc status=none
    streams
    expect 'it says so' grep -Eq '"event":"night_image".*(damaged|expected|another build)' log
    expect_same anew scores
    expect 'whole again' test "$(stat -c %s night.image)" = "$size"
done

it 'names a file that is cut short and makes it anew'
for left in 0 10 100 $((size / 2)) $((size - 1)); do
    head -c "$left" kept >night.image
    streams
    expect 'it says so' grep -Eq '"event":"night_image"' log
    expect_same anew scores
    expect 'whole again' test "$(stat -c %s night.image)" = "$size"
done

it 'does not use the image of another night'
cp kept night.image
cp earlier night
streams
expect 'it says so' grep -Eq 'made from other sources' log
cp scores of-earlier
streams
expect 'no complaint' sh -c '! grep night_image log'
expect_same of-earlier scores

it 'does not use the image of another model'
"$REBUT" fit --input events.ndjson --as-of 2026-04-18T00:00:00+08:00 --output other.json --quiet || exit 1
streams other.json
expect 'it says so' grep -Eq 'made from other sources' log

it 'does not use an image that others can write to'
streams
chmod 666 night.image
streams
expect 'it says so' grep -Eq 'others can write to it' log
expect 'its own again' test "$(stat -c %a night.image)" = 600

it 'goes on where no image can be written'
rm night.image
mkdir night.image
streams
expect 'it says so' grep -Eq '"event":"night_image"' log
expect 'it says so' grep -Eq '"mapped":false' log
expect_same of-earlier scores
rmdir night.image
