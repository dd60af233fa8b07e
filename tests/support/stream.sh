# What the tests of 'rebut stream' share, beside tests/db/lib.sh: a platform, a night as of
# $T, and the events of the days after it.
#
#     make_world                  events.ndjson, model.json, night (the state), day.ndjson
#                                 (the events after it), day.tsv (the same for an outbox:
#                                 buyer, event), day.keyed (the same with "buyer" in front,
#                                 for a topic) and $lines, how many they are
#     day_of EVENTS               day.ndjson, day.tsv and day.keyed anew, of these events
#     look_back NIGHT MODEL SINCE FILE   what 'rebut score --night' says of events.ndjson,
#                                 requests from SINCE on, sorted
#     expect_records FILE [WHERE] rebut.stream_scores have these records, and no others
T=2026-04-20T00:00:00+08:00
AFTER=2026-04-20T00:00:01+08:00

look_back() {
    "$REBUT" score --input events.ndjson --night "$1" --model "$2" --since "$3" --quiet \
        --output back.ndjson && sort back.ndjson >"$4"
}

# Prices have no buyer: they are the night's business.
make_world() {
    "$REBUT" simulate --orders 12000 --days 80 --seed 9 --output events.ndjson --truth truth.csv &&
        "$REBUT" fit --input events.ndjson --as-of $T --output model.json --quiet &&
        "$REBUT" score --input events.ndjson --as-of $T --model model.json --keep night \
            --output night.ndjson --quiet || exit 1
    day_of events.ndjson
}

day_of() {
    rm -f day.ndjson day.keyed day.tsv
    awk -F'"' -v t="$T" '
        function value(name,  i) { for (i = 1; i < NF; i++) if ($i == name) return $(i + 2); return "" }
        {
            order = value("order_id"); request = value("request_id"); type = value("type")
            if (type == "order") buyer[order] = value("buyer_id")
            if (type == "request") of[request] = order
            if (order == "") order = of[request]
            if (type == "price" || value("at") <= t) next
            print >"day.ndjson"
            event = $0
            sub(/^\{/, "{\"buyer\":\"" buyer[order] "\",", event)
            print event >"day.keyed"
            gsub(/\\/, "\\\\")
            print buyer[order] "\t" $0 >"day.tsv"
        }' "$1"
    lines=$(wc -l <day.ndjson)
}

expect_records() {
    value "SELECT record FROM rebut.stream_scores ${2:+WHERE $2}" | sort >came
    expect_same "$1" came
}
