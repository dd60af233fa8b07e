#!/bin/sh
# Does a stream judge against the newest night that was announced, and does a night made
# within the day bring what crosses partitions: a ring, and photos used again?
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/support/night.sh"
. "$TOP/tests/support/stream.sh"
new_database
new_login engine rebut_engine
new_login loader rebut_loader
NIGHT_AS=$engine
make_world

# A ring of the day: five new accounts with one device, one address, and one photo.  The
# first four ask before M, the fifth after it.
M=2026-05-05T12:00:00+08:00
ring() {
    printf '{"type":"order","at":"2026-05-0%s","order_id":"ring-o%s","buyer_id":"ring-b%s","merchant_id":"m00010","sku_id":"m00010-s01","category":"toys","channel":"shelf","amount":3190,"quantity":1,"region":"CN-SD","device_id":"ring-d","address_id":"ring-a","payment_id":"ring-p","account_created_at":"2026-05-01T00:00:00+08:00"}\n' "$2" "$1" "$1"
    printf '{"type":"shipment","at":"2026-05-0%s","order_id":"ring-o%s","carrier":"zto","tracking_id":"ring-t%s","weight_g":226}\n' "$3" "$1" "$1"
    printf '{"type":"delivery","at":"2026-05-0%s","order_id":"ring-o%s"}\n' "$4" "$1"
    printf '{"type":"request","at":"2026-05-0%s","request_id":"ring-r%s","order_id":"ring-o%s","kind":"refund_only","reason":"damaged","amount":3190,"text":"收到就坏了，盒子全烂了，退钱","photos":["8f37c1d2a4e69b05"]}\n' "$5" "$1" "$1"
}
{
    cat events.ndjson
    for i in 1 2 3 4; do
        ring $i "2T10:0$i:00+08:00" "3T09:0$i:00+08:00" "4T12:0$i:00+08:00" "4T13:0$i:00+08:00"
    done
    ring 5 '2T10:05:00+08:00' '3T09:05:00+08:00' '4T12:05:00+08:00' '5T13:05:00+08:00'
} | sort -s -t '"' -k 8,8 >all.ndjson
mv all.ndjson events.ndjson
day_of events.ndjson
at() { awk -v from="$1" -v to="$2" -F '"at":"' '{ at = substr($2, 1, 25) } at > from && at <= to' "$3"; }
at 0 "$T" events.ndjson >before.ndjson
at "$T" "$M" events.ndjson >morning.ndjson
at "$T" "$M" day.tsv >morning.tsv
at "$M" 9 day.tsv >evening.tsv
at "$M" 9 events.ndjson >evening.ndjson

# start NUMBER [OPTION...]: a worker beside us, as $pid.
start() {
    log=worker-$1
    shift
    env PGUSER="$engine" "$REBUT" stream --nights nights --from outbox --store '' --state live \
        --snapshot-every 300ms "$@" 2>>"$log" &
    pid=$!
    db_sessions="$db_sessions $pid"
}
fill() {
    as "$loader" sql -c "\\copy rebut.outbox (buyer_id, payload) FROM '$1'"
}
drained() {
    wait_for "SELECT NOT EXISTS (SELECT FROM rebut.outbox o LEFT JOIN rebut.stream_positions p
        ON p.partition = o.partition AND p.stream = 'rebut'
        WHERE p.major IS NULL OR (o.xid::text::bigint, o.seq) > (p.major, p.minor))"
}
# logged COUNT PATTERN FILE...: so many files have such a line, within 20 s.
logged() {
    logged_count=$1 logged_what=$2 logged_tries=0
    shift 2
    while [ "$(grep -l "$logged_what" "$@" | wc -l)" -lt "$logged_count" ]; do
        logged_tries=$((logged_tries + 1))
        [ $logged_tries -lt 600 ] || {
            fail "expected $logged_count logs with $logged_what"
            lib_show log "$1"
            return 1
        }
        sleep .1
    done
}
# all_on NUMBER: the workers judge by that night, within 20 s.
all_on() {
    for log in worker-a worker-b worker-c worker-d; do
        tries=0
        until grep '"event":"night","' $log | tail -n 1 | grep -q "\"night\":$1,"; do
            tries=$((tries + 1))
            [ $tries -lt 200 ] || { fail "expected night $1 in $log" && break; }
            sleep .1
        done
    done
}
mkdir live

it 'says that there is no night yet, and exits 75'
run env PGUSER="$engine" "$REBUT" stream --nights nights --store ''
expect_status 75
expect_err 'no night is announced'

it 'announces the night whose run has ended'
"$REBUT" load --input before.ndjson --quiet
night --state state --keep nights --as-of $T
expect_status 0
expect_log '"event":"night_announced","night":1'
expect_value 'its row' 'night-1.state|t|t' "SELECT state_file, as_of = '$T', model_id = (SELECT model_id
    FROM rebut.models WHERE role = 'champion') FROM rebut.nights"
expect 'both files' test -s nights/night-1.state -a -s nights/night-1.model.json

it 'has scored it before it announced it: the image is there, as a stream makes it'
expect_log '"event":"night_image","night":1,"bytes":'
expect 'the scores first, then image and row' test "$(sed -n 's/.*"event":"\(written\|night_[a-z]*\)".*/\1/p' \
    "$ERR" | tr '\n' ' ')" = 'written night_image night_announced '
expect 'of nobody else' test "$(stat -c %a nights/night-1.state.image)" = 600
mv nights/night-1.state.image by-nightly
look_back nights/night-1.state nights/night-1.model.json "$AFTER" anew
expect 'the image that a worker makes' cmp -s by-nightly nights/night-1.state.image
mv by-nightly nights/night-1.state.image
touch -d 2020-01-01 nights/night-1.state.image
look_back nights/night-1.state nights/night-1.model.json "$AFTER" mapped
expect_same anew mapped
expect 'which was used' test "$(stat -c %Y nights/night-1.state.image)" -lt 1600000000

it 'judges against it with three workers'
start a && a=$pid
start b && b=$pid
start c && c=$pid
fill morning.tsv
drained
look_back nights/night-1.state nights/night-1.model.json "$AFTER" first
look_back nights/night-1.state nights/night-1.model.json "$M" stale
comm -23 first stale >morning
expect_records morning
expect "many: $(wc -l <morning)" test "$(wc -l <morning)" -gt 50

it 'takes up a night of this day in all workers, and judges by it from then on'
"$REBUT" load --input morning.ndjson --quiet
runs=$(value 'SELECT count(*) FROM rebut.runs')
night --state state --keep nights --night-only
expect_status 0
expect_log '"incremental":true'
expect_log '"event":"night_image","night":2,"bytes":'
cp nights/night-2.state by-hand
cp nights/night-2.model.json by-hand.json
look_back by-hand by-hand.json "$M" anew
expect 'the image of a night within the day' cmp -s by-hand.image nights/night-2.state.image
look_back nights/night-2.state nights/night-2.model.json "$M" mapped
expect_same anew mapped
expect_value 'no run, no scores, no queue' "$runs" 'SELECT count(*) FROM rebut.runs'
logged 3 '"event":"night","night":2' worker-a worker-b worker-c
fill evening.tsv
drained
look_back nights/night-2.state nights/night-2.model.json "$M" second
expect_records second "requested_at > '$M'"
expect 'not those of the night before' sh -c '! cmp -s stale second'
expect_records morning "requested_at <= '$M'"

it 'sees the ring of the day, which last night could not'
grep '"request_id":"ring-r5"' second >fresh
grep '"request_id":"ring-r5"' stale >old
probability() { sed -E 's/.*"probability":([0-9.e-]+).*/\1/' "$1"; }
for word in ring photo_reuse; do
    expect "$word" grep -q "\"$word\",\"log_odds\":[1-9]" fresh
    expect "no $word" sh -c "! grep -q '\"$word\",\"log_odds\":[1-9]' old"
done
expect "more than last night's: $(probability fresh), $(probability old)" \
    awk "BEGIN { exit !($(probability fresh) > $(probability old)) }"

it 'keeps what it has when the next night is damaged or missing, and names it'
# Withdrawn when it comes, so that no worker takes it up before it is damaged.
sql <<'END'
CREATE FUNCTION withdraw() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.removed_at := now(); RETURN NEW; END';
CREATE TRIGGER withdraw BEFORE INSERT ON rebut.nights FOR EACH ROW EXECUTE FUNCTION withdraw();
END
night --state state --keep nights --night-only
expect_status 0
sql -c 'DROP FUNCTION withdraw CASCADE'
sql -c "INSERT INTO rebut.nights SELECT nextval('rebut.nights_night_id_seq'), 'gone.state', state_digest, model_file, model_digest, model_id, as_of
    FROM rebut.nights WHERE night_id = 3"
logged 3 "night_not_taken_up.*gone.state" worker-a worker-b worker-c
sql -c "UPDATE rebut.nights SET removed_at = now() WHERE night_id = 4"
cp nights/night-3.state good
printf X | dd of=nights/night-3.state bs=1 seek=5000 conv=notrunc 2>/dev/null
sql -c "UPDATE rebut.nights SET removed_at = NULL WHERE night_id = 3"
logged 3 "night_not_taken_up.*night-3.state.*not the one announced" worker-a worker-b worker-c
start d --listen 127.0.0.1:0 && d=$pid
logged 1 '"event":"night","night":2' worker-d
logged 1 '"event":"night_older_used","night":2,"newer":1' worker-d
logged 1 '"event":"listening"' worker-d
address=$(sed -n 's/.*"listening","address":"\([^"]*\)".*/\1/p' worker-d)
sleep 1
url=http://${address#http://}
curl -sf --noproxy '*' "$url/metrics" >metrics 2>curl.err || fail "expected metrics at $url: $(cat curl.err)"
expect 'the night in use' grep -qx 'rebut_stream_night 2' metrics
expect 'and that one failed' grep -qx 'rebut_stream_nights_failed_total 1' metrics

it 'reads a night that it refused no second time, until its files are others'
read_by() { sed -n 's/^rchar: //p' "/proc/$1/io"; }
before=$(read_by "$a")
for n in 1 2 3 4 5 6; do sql -c 'NOTIFY rebut_nights' && sleep .3; done
sleep .5
more=$(($(read_by "$a") - before))
size=$(stat -c %s nights/night-3.state)
expect "read $more bytes, of a file of $size" test $more -lt "$size"
expect 'said once' test "$(grep -c 'night_not_taken_up.*night-3.state' worker-a)" = 1
cp nights/night-3.state whole
printf '\0' | dd of=whole bs=1 seek=6000 conv=notrunc 2>/dev/null
mv whole nights/night-3.state
sql -c 'NOTIFY rebut_nights'
logged_twice() { [ "$(grep -c 'night_not_taken_up.*night-3.state' worker-a)" = 2 ]; }
for n in 1 2 3 4 5 6 7 8 9 10; do logged_twice || sleep .3; done
expect 'another damaged one: said again' logged_twice
cp good nights/night-3.new && mv nights/night-3.new nights/night-3.state
sql -c 'NOTIFY rebut_nights'
logged 3 '"event":"night","night":3' worker-a worker-b worker-c
printf X | dd of=nights/night-3.state bs=1 seek=5000 conv=notrunc 2>/dev/null

it 'goes back to an older night when the newer ones are withdrawn'
sql -c "UPDATE rebut.nights SET removed_at = now() WHERE night_id > 1"
all_on 1

it 'keeps the one it has when its row is gone, its file is, or none stands, and says so'
sql -c "UPDATE rebut.nights SET removed_at = NULL WHERE night_id = 2"
all_on 2
takes() { grep -c '"event":"night","' worker-a; }
was=$(takes)
mv nights/night-2.state away
sql -c 'NOTIFY rebut_nights'
logged 4 'night_missed.*night 2 has lost its file' worker-a worker-b worker-c worker-d
start e && e=$pid
logged 1 'night_not_taken_up.*night-2.state' worker-e
logged 1 '"event":"night_older_used","night":1,"newer":1' worker-e
kill -TERM "$e"
wait "$e"
mv away nights/night-2.state
sql -c 'NOTIFY rebut_nights'
sleep 1
sql -c 'CREATE TABLE aside AS SELECT * FROM rebut.nights WHERE night_id = 2' \
    -c 'DELETE FROM rebut.nights WHERE night_id = 2' -c 'NOTIFY rebut_nights'
logged 4 'night_missed.*night 2 is not in rebut.nights any more' worker-a worker-b worker-c worker-d
sql -c 'INSERT INTO rebut.nights SELECT * FROM aside'
sleep 1
sql -c 'UPDATE rebut.nights SET removed_at = now()'
logged 4 'night_missed.*night 2 was withdrawn, and no other stands' worker-a worker-b worker-c worker-d
sql -c 'NOTIFY rebut_nights'
sleep 1
expect 'each said once' test "$(grep -c night_missed worker-a)" = 3
expect 'the same night all the time' test "$(takes)" = "$was"

it 'takes up another night of the same number, as after a database was restored'
night --state state --keep nights --night-only
last=$(value 'SELECT max(night_id) FROM rebut.nights')
all_on "$last"
sql -c "DELETE FROM rebut.nights WHERE night_id = $last" \
    -c "SELECT setval('rebut.nights_night_id_seq', $last, false)" >/dev/null
"$REBUT" load --input evening.ndjson --quiet
night --state state --keep nights --night-only
tries=0
until [ "$(grep -c "\"event\":\"night\",\"night\":$last," worker-a)" = 2 ] || [ $tries -gt 100 ]; do
    sleep .1 && tries=$((tries + 1))
done
expect 'taken up' [ "$(grep -c "\"event\":\"night\",\"night\":$last," worker-a)" = 2 ]
kill -TERM "$a" "$b" "$c" "$d"
wait "$a" "$b" "$c" "$d"

it 'keeps three nights'
for n in 1 2 3 4; do night --state state --keep nights --night-only; done
expect_status 0
expect_value 'three rows' 3 'SELECT count(*) FROM rebut.nights WHERE removed_at IS NULL'
expect 'three files each' test "$(ls nights | wc -l)" = 9

it 'leaves no file of a run that failed, and says that a night could not be kept'
sql -c "REVOKE INSERT ON rebut.nights FROM rebut_engine"
night --state state --keep nights --night-only
expect_status 3
# It has a number, and no row.
sql -c "GRANT INSERT ON rebut.nights TO rebut_engine"
expect 'three files each' test "$(ls nights | wc -l)" = 9
night --state state --keep model.json/no
expect_status 0
expect_log '"event":"night_not_kept"'

it 'has written its scores all the same when the night cannot be announced'
sql -q -c "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no more nights''; END'" \
    -c 'CREATE TRIGGER refuse BEFORE INSERT ON rebut.nights FOR EACH ROW EXECUTE FUNCTION refuse()'
runs=$(value "SELECT count(*) FROM rebut.runs WHERE kind = 'nightly' AND state = 'done'")
night --state state --keep nights
expect_status 0
expect_log '"event":"written"'
expect_log '"event":"night_not_kept"'
expect_value 'one run more' $((runs + 1)) "SELECT count(*) FROM rebut.runs WHERE kind = 'nightly' AND state = 'done'"
expect 'three files each' test "$(ls nights | wc -l)" = 9
sql -q -c 'DROP FUNCTION refuse CASCADE'

# ---- a night whose COMMIT nobody answered
numbers() { value 'SELECT last_value FROM rebut.nights_night_id_seq'; }

it 'finds out that it was announced after all, when the answer to COMMIT is lost'
wire commit
last=$(numbers)
night --state state --keep nights --night-only --store "host=$PWD/wire"
unplug
expect_status 0
expect_log '"event":"commit_answer_lost"'
expect_log "\"event\":\"night_announced\",\"night\":$((last + 1))"
expect_value 'one row' $((last + 1)) 'SELECT max(night_id) FROM rebut.nights'
expect 'its files' test -s "nights/night-$((last + 1)).state" -a \
    -s "nights/night-$((last + 1)).model.json"
expect 'three files each' test "$(ls nights | wc -l)" = 9

it 'finds out that it was not, and leaves nothing'
wire uncommitted
last=$(value 'SELECT max(night_id) FROM rebut.nights')
night --state state --keep nights --night-only --store "host=$PWD/wire"
unplug
expect_status 75
expect_log 'nothing was announced'
expect_value 'no row' "$last" 'SELECT max(night_id) FROM rebut.nights'
expect 'three files each' test "$(ls nights | wc -l)" = 9

it 'leaves the files where nobody says what became of it, and the next one tidies'
wire once
last=$(numbers)
(PGUSER=$engine && export PGUSER && PGCONNECT_TIMEOUT=2 && export PGCONNECT_TIMEOUT &&
    exec "$REBUT" nightly --state state --keep nights --night-only --store "host=$PWD/wire") 2>log &
pid=$!
wait_for "SELECT max(night_id) > $last FROM rebut.nights"
sleep 1
kill -TERM $pid
status=0
wait $pid || status=$?
cp log "$ERR"
unplug
expect_status 75
expect_value 'its row' $((last + 1)) 'SELECT max(night_id) FROM rebut.nights'
expect 'its files' test -s "nights/night-$((last + 1)).state" -a \
    -s "nights/night-$((last + 1)).model.json"
again --state state --keep nights --night-only
expect_status 0
expect 'three files each' test "$(ls nights | wc -l)" = 9

it 'announces a night whose image cannot be written, and says so'
last=$(numbers)
mkdir "nights/night-$((last + 1)).state.image"
night --state state --keep nights --night-only
expect_status 0
expect_log '"event":"night_image"'
expect_log "\"event\":\"night_announced\",\"night\":$((last + 1))"
rmdir "nights/night-$((last + 1)).state.image"
