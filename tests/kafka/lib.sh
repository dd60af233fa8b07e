# What the tests with a broker share, beside all of tests/db/lib.sh.  A test script begins
# with
#
#     #!/bin/sh
#     . "$(dirname "$0")/lib.sh"
#     new_broker                       a broker, or the script ends with what is missing; of
#                                      the version $KAFKA_VERSION (default: the script's)
#
# and has a PostgreSQL cluster of its own too, which it may kill.
#
#     new_topic NAME PARTITIONS
#     fill TOPIC FROM TO               events n of 300 buyers, as counting.h wants them
#     stored / expected                "r20 3" a line: what the tables have, and should
#     broker kill, broker restart
#     kill_postgres, start_postgres
. "$(dirname "$0")/../db/lib.sh"
own_cluster
BUILD_TESTS=$TOP/${BUILD:-build}/tests
stream_topic=$BUILD_TESTS/programs/stream_topic
broker_folder=''

broker() {
    "$TOP/tests/kafka/broker" "$1" "$broker_folder"
}

kafka_end() {
    kafka_code=$?
    [ -z "$broker_folder" ] || broker stop
    (exit $kafka_code)
    db_end
}
trap kafka_end EXIT

new_broker() {
    broker_folder=$("$TOP/tests/kafka/broker" start ${KAFKA_VERSION:-} 2>broker.err </dev/null)
    kafka_status=$?
    if [ $kafka_status = 77 ]; then
        it 'has a broker'
        skip "$(tail -n 1 broker.err)"
        exit 0
    fi
    [ $kafka_status = 0 ] || {
        cat broker.err >&2
        exit 1
    }
    KAFKA=$(cat "$broker_folder/bootstrap")
}

new_topic() {
    "$stream_topic" "$KAFKA" "$1" create "$2" || exit 1
    : >"events-$1"
}

fill() {
    seq "$2" "$3" | awk '{ printf "{\"buyer\":\"b%d\",\"n\":%d}\n", $1 * 7919 % 300, $1 }' >batch
    "$stream_topic" "$KAFKA" "$1" produce <batch 2>produce.err || fail 'expected the events to be taken'
    cat batch >>"events-$1"
}

expected() {
    tr -dc '0-9,:\nn' <"events-$1" | awk -F '[:,n]+' '{ count[$2]++; if ($3 % 20 == 0) print "r" $3, count[$2] }' | sort
}

stored() {
    value "SELECT request_id || ' ' || (record ->> 'count') FROM rebut.stream_scores WHERE stream = '$1'" | sort
}

expect_undisturbed() {
    expected "$1" >expected.txt
    stored "$1" >stored.txt
    expect "the scores of an undisturbed run: $(comm -3 expected.txt stored.txt | head -5 | tr '\n\t' '  ')" \
        cmp -s expected.txt stored.txt
    expect 'some scores' test -s stored.txt
}

kill_postgres() {
    kill -9 "$(head -n 1 "$PGHOST/data/postmaster.pid")"
}

start_postgres() {
    "$PG_TMP" restart "$PGHOST" >/dev/null
}
