#!/bin/sh
# rebut stream over Kafka under faults of all kinds, drawn at random: are the scores those of
# an undisturbed run, none lost, none doubled?  STREAM_KILLS=100 for more (default 7, each
# kind once); FAULT_SEED=N for others.
#
#     kill       a worker is killed, and another begins
#     pause      a worker is stopped past its session
#     broker     the broker is killed and started again
#     database   PostgreSQL is killed and started again
#     cut        a worker's network is cut past its session, without a word to either side
#     disk       the disk of the snapshots is full
#     truncate   a worker is killed and a snapshot loses its end
#
# In a network of its own: a worker lives in a second one, behind a pair of veth, and sees
# broker and database by that alone.  The snapshots are on a small tmpfs.  Who may not make
# these (no root) skips those kinds.
if [ -z "${REBUT_NET:-}" ] && unshare -n -m true 2>/dev/null; then
    REBUT_NET=own
    export REBUT_NET
    exec unshare -n -m sh "$0" "$@"
fi
export REBUT_NET="${REBUT_NET:-none}"

HERE=10.199.0.1 DATABASE=10.199.1.1 THERE=10.199.0.3
# The addresses are of lo, and so are there for us when the pair is down.
make_network() {
    ip link set lo up && ip address add $HERE/32 dev lo && ip address add $DATABASE/32 dev lo &&
        ip link add va type veth peer name vb && ip address add 10.199.0.2/24 dev va &&
        ip link set va up || return
    unshare -n sleep 3600 &
    far=$!
    sleep .2
    ip link set vb netns $far && nsenter -t $far -n sh -c "ip link set lo up
        ip address add $THERE/24 dev vb && ip link set vb up && ip route add $DATABASE via $HERE"
}

far=''
kinds='kill pause broker database truncate'
if [ "$REBUT_NET" = own ] && make_network 2>network.err; then
    kinds="$kinds cut"
    REBUT_KAFKA_HOST=$HERE
    export REBUT_KAFKA_HOST
else
    no_network="no network of our own: $(tail -n 1 network.err 2>/dev/null)"
fi
PG_TMP_SETTINGS=$(mktemp) || exit 1
export PG_TMP_SETTINGS
# What was committed stays when its processes are killed.
printf '%s\n' 'synchronous_commit = on' ${far:+"listen_addresses = '$DATABASE'"} >"$PG_TMP_SETTINGS"
. "$(dirname "$0")/lib.sh"
db_sessions="$far"
rm -f "$PG_TMP_SETTINGS" network.err
unset PG_TMP_SETTINGS
new_broker
new_database
new_login engine rebut_engine
. "$TOP/tests/support/stream.sh"
make_world
look_back night model.json $AFTER expected
topic=faults
new_topic $topic 3
mkdir live
no_disk=''
if [ "$REBUT_NET" = own ] && mount -t tmpfs -o size=24m tmpfs live 2>/dev/null; then
    kinds="$kinds disk"
    faults_end() {
        faults_code=$?
        umount -l live
        (exit $faults_code)
        kafka_end
    }
    trap faults_end EXIT
else
    no_disk='no small disk of our own'
fi
if [ -n "$far" ]; then
    echo "host all all 10.199.0.0/24 trust" >>"$PGHOST/data/pg_hba.conf"
    sql -c 'SELECT pg_reload_conf()' >/dev/null
fi
printf '%s\n' "bootstrap.servers=$KAFKA" session.timeout.ms=1500 heartbeat.interval.ms=300 \
    topic.metadata.refresh.interval.ms=1000 reconnect.backoff.max.ms=500 >kafka.conf

produce() {
    tail -n "+$1" day.keyed | head -n "$2" | "$stream_topic" "$KAFKA" $topic produce 2>produce.err ||
        fail "expected the events to be taken: $(cat produce.err)"
}
# start NAME: a worker beside us; its number is $pid_NAME.  c lives in the other network.
start() {
    way='' host=$PGHOST
    [ "$1" != c ] || [ -z "$far" ] || way="nsenter -t $far -n" host=$DATABASE
    # shellcheck disable=SC2086
    env PGUSER="$engine" PGHOST="$host" $way "$REBUT" stream --model model.json --night night --from kafka \
        --store "${FAULT_STORE:-}" --stream $topic --kafka-config kafka.conf --topic $topic --group $topic --state live \
        --snapshot-every 300ms 2>>"worker-$1" &
    eval "pid_$1=$!"
    db_sessions="$db_sessions $!"
}
pid_of() { eval "echo \$pid_$1"; }
# Who has ended by itself (75) is begun anew, as systemd does.
ended=0
mend() {
    for name in a b c; do
        kill -0 "$(pid_of $name)" 2>/dev/null && continue
        ended=$((ended + 1))
        start $name
    done
}
fault() {
    case $1 in
    kill) kill -9 "$(pid_of "$2")" && start "$2" ;;
    pause) kill -STOP "$(pid_of "$2")" && sleep 2.5 && kill -CONT "$(pid_of "$2")" ;;
    broker) broker kill && sleep ".$3" && broker restart ;;
    database) kill_postgres && sleep ".$3" && start_postgres ;;
    cut) ip link set va down && sleep 2.5 && ip link set va up ;;
    disk)
        dd if=/dev/zero of=live/full bs=1M 2>/dev/null
        sleep "1.$3"
        rm -f live/full
        ;;
    truncate)
        kill -9 "$(pid_of "$2")"
        snapshot=$(find live -type f ! -name '*.1' ! -name full ! -name '.*' | sort -R --random-source=draws | head -n 1)
        [ -z "$snapshot" ] || truncate -s -"$((1 + $3 * 97))" "$snapshot" 2>/dev/null
        start "$2"
        ;;
    esac
}
done_so_far() {
    value "SELECT coalesce(sum(major + 1), 0) FROM rebut.stream_positions WHERE stream = '$topic' AND major >= 0"
}
# Wait until somebody has gone on since the last fault, 20 s at most: so that each one
# meets work.
gone_on() {
    tries=0
    while [ "$(done_so_far)" = "$before" ] && [ $tries -lt 100 ]; do
        sleep .2
        tries=$((tries + 1))
    done
    before=$(done_so_far)
}
# Wait until the positions of all partitions add up to all that was produced.
drained() {
    tries=0
    while [ $tries -lt 1200 ]; do
        done=$(done_so_far)
        [ "$done" != "$1" ] || return 0
        [ $((tries % 50)) != 49 ] || mend
        sleep .1
        tries=$((tries + 1))
    done
    echo "# $done of $1 are done"
    return 1
}

faults=${STREAM_KILLS:-7}
it "ends at the scores of an undisturbed run after $faults faults"
# shellcheck disable=SC2086
awk -v seed="${FAULT_SEED:-1}" -v faults="$faults" -v kinds="$kinds" 'BEGIN {
    srand(seed); n = split(kinds, kind)
    for (i = 0; i < faults; i++)
        print (i < n ? kind[i + 1] : kind[1 + int(rand() * n)]), substr("abc", 1 + int(rand() * 3), 1), 1 + int(rand() * 9)
}' >draws
start a && start b && start c
part=$(((lines - 1) / (faults + 1))) n=0 before=0
produce 1 $part
while read -r kind who tenths; do
    n=$((n + 1))
    mend
    produce $((n * part + 1)) $part
    gone_on
    fault "$kind" "$who" "$tenths" </dev/null
done <draws
n=$((n + 1))
produce $((n * part + 1)) $((lines - n * part))
expect 'all of it is done' drained "$lines"
# shellcheck disable=SC2046
kill -TERM $(pid_of a) $(pid_of b) $(pid_of c)
# shellcheck disable=SC2046
wait $(pid_of a) $(pid_of b) $(pid_of c)
expect_records expected
expect_value 'each once' "$(wc -l <expected)" 'SELECT count(*) FROM rebut.stream_scores'
expect_value 'no dead letters' 0 'SELECT count(*) FROM rebut.dead_letters'
echo "# $(cut -d ' ' -f 1 draws | sort | uniq -c | awk '{ printf "%s%d %s", (NR > 1 ? ", " : ""), $1, $2 }');" \
    "fenced $(cat worker-? | grep -c '"event":"fenced"'), tried again $(cat worker-? | grep -c '"event":"retry"')," \
    "snapshots that failed $(cat worker-? | grep -c snapshot_failed), damaged $(cat worker-? | grep -c fell_back), ended and begun anew $ended"
[ -z "${FAULT_LOGS:-}" ] || cp worker-? draws "$FAULT_LOGS"
[ "$faults" -lt 50 ] || expect 'the fence has fired' grep -q '"event":"fenced"' worker-a worker-b worker-c

if [ -n "$far" ]; then
    it 'gives up a connection to the database that nobody answers, and goes on'
    # Alone, so that all partitions are its own, and longer than libpq is told to wait.
    start c
    tries=0 && while [ "$(tail -n 3 worker-c | grep -c partition_taken)" -lt 3 ] && [ $tries -lt 300 ]; do
        sleep .1 && tries=$((tries + 1))
    done
    : >worker-c
    ip address del $DATABASE/32 dev lo
    head -n 3 day.keyed | "$stream_topic" "$KAFKA" $topic produce
    tries=0 && while ! grep -q '"event":"retry"' worker-c && [ $tries -lt 450 ]; do
        sleep .1 && tries=$((tries + 1))
    done
    expect 'within 45 s' grep -q '"event":"retry"' worker-c
    ip address add $DATABASE/32 dev lo
    expect 'what came meanwhile is done' drained $((lines + 3))
    kill -TERM "$pid_c"
    wait "$pid_c"
else
    it 'cuts a network' && skip "$no_network"
fi
[ -z "$no_disk" ] || { it 'fills a disk' && skip "$no_disk"; }
