#!/bin/sh
# Reviewers at their terminals: rebut queue --store, show, decide.  What the functions
# behind them do is in review.sh.
. "$(dirname "$0")/lib.sh"

new_database empty
"$REBUT" migrate 2>/dev/null || exit 1
new_login anna rebut_reviewer
new_login bert rebut_reviewer
new_login engine rebut_engine
grace_over="UPDATE rebut.decisions SET at = at - interval '1 hour',
    undo_until = undo_until - interval '1 hour' WHERE undone_at IS NULL AND settled_at IS NULL"

# lines_in FILE TABLE: a file of JSON lines as rows (line bigint, doc json).
lines_in() {
    {
        echo "CREATE TABLE $2 (line bigint GENERATED ALWAYS AS IDENTITY, doc json);"
        echo "COPY $2 (doc) FROM STDIN WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02');"
        cat "$1"
        echo '\.'
    } | sql -f -
}

# store_scores SCORES QUEUE: what the nightly run will write, from the output of
# 'rebut score' and 'rebut queue', as the run of the lines' as_of.
store_scores() {
    lines_in "$1" scored
    lines_in "$2" drawn
    sql <<'end'
INSERT INTO rebut.models (model_id, document, as_of, role)
SELECT doc ->> 'model', '{}', (doc ->> 'as_of')::timestamptz, 'champion' FROM scored LIMIT 1
ON CONFLICT (model_id) DO NOTHING;
SELECT FROM rebut.scores_partition((SELECT (doc ->> 'as_of')::timestamptz AT TIME ZONE 'UTC'
    FROM scored LIMIT 1)::date);
WITH run AS (
    INSERT INTO rebut.runs (kind, state, ended_at, as_of, model_id)
    SELECT 'nightly', 'done', now(), (doc ->> 'as_of')::timestamptz, doc ->> 'model' FROM scored LIMIT 1
    RETURNING run_id), written AS (
    INSERT INTO rebut.scores (run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id,
        requested_at, amount, rank, probability, low, high, q_value, conformal_q, answer,
        expected_recovery, log_odds, notes, terms)
    SELECT run_id, s.as_of, s.model, s.request_id, s.order_id, s.buyer_id, s.merchant_id,
        s.requested_at, s.amount, s.rank, s.probability, (doc -> 'interval' ->> 0)::float8,
        (doc -> 'interval' ->> 1)::float8, s.q_value, s.conformal_q, s.answer,
        s.expected_recovery, s.log_odds, s.notes, doc -> 'terms'
    FROM run, scored, json_to_record(doc) AS s (as_of timestamptz, model text, request_id text,
        order_id text, buyer_id text, merchant_id text, requested_at timestamptz, amount bigint,
        rank int, probability float8, q_value float8, conformal_q float8, answer text,
        expected_recovery float8, log_odds float8, notes text[]))
INSERT INTO rebut.queue_slots (run_id, slot, request_id, selection, propensity, place)
SELECT run_id, s.* FROM run, drawn, json_to_record(doc) AS s (slot int, request_id text,
    selection text, propensity float8, place float8);
DROP TABLE scored, drawn;
end
}

member() {
    sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"
}

# ---- help and usage

for command in queue show decide; do
    it "explains $command"
    run "$REBUT" $command --help
    expect_status 0
    [ $command = queue ] || expect_golden "review/$command-help.txt"
done

it 'keeps the two forms of queue apart'
run "$REBUT" queue --store '' --input x.ndjson
expect_status 2
expect_err '--input belongs to a queue from files; with --store the queue is the one'
run "$REBUT" queue --store '' --fdr 0.1
expect_status 2
expect_err '--fdr belongs to a queue from files'
run "$REBUT" queue --input x.ndjson --claim 3
expect_status 2
expect_err '--claim, --second, --request, --lease and --mine need --store'
run "$REBUT" queue --store '' --claim 3 --mine
expect_status 2
expect_err 'expected one of --claim, --second, --request and --mine'
run "$REBUT" queue --store '' --mine --lease 5
expect_status 2
expect_err '--lease goes with'
run "$REBUT" queue --store '' --claim 0
expect_status 2
expect_err "expected --claim with a whole number from 1 to 100000, got '0'"

it 'refuses a line that does not say what to decide, and does not repeat a note'
for words in '' '--verdict guilty' '--undo --release' '--undo --verdict abuse' '--undo --note x' \
    '--verdict abuse the secret note'; do
    # shellcheck disable=SC2086
    run "$REBUT" decide --request r1 $words
    expect_status 2
done
expect 'no word of it' sh -c "! grep -q secret '$ERR'"
run "$REBUT" decide --verdict abuse
expect_status 2
expect_err 'expected --request ID'
run "$REBUT" decide --request r1 --verdict abuse --note "$(printf 'secret \377')"
expect_status 2
expect_err 'expected a note in UTF-8; its byte 8 is not'
expect 'no word of it' sh -c "! grep -q secret '$ERR'"

it 'asks for the schema that it knows'
new_database empty
run "$REBUT" show --request r1
expect_status 3
expect_err "rebut show: the database has no schema of rebut; 'rebut migrate' makes it"
PGDATABASE=${db_databases# }
PGDATABASE=${PGDATABASE%% *}

# ---- a platform's events and scores, as rebut made them

"$REBUT" simulate --orders 4000 --days 60 --seed 8 --output events.ndjson --truth truth.csv &&
    "$REBUT" score --input events.ndjson --quiet --output scores.ndjson &&
    "$REBUT" queue --input events.ndjson --quiet --budget 20 --random 0.25 --fdr 0.3 \
        --output queue.ndjson &&
    "$REBUT" load --input events.ndjson --quiet || exit 1
store_scores scores.ndjson queue.ndjson

it 'prints the queue that was drawn, with the members of the queue from files'
run as "$anna" "$REBUT" queue --store ''
expect_status 0
sed 's/"selection":"[a-z]*","propensity":[^,]*,"place":[^,]*,"rank":[0-9]*,//; s/"q_value":[^,]*,"conformal_q":[^,]*,//; s/"log_odds":[^,]*,"terms"/"terms"/' \
    queue.ndjson >expected
expect_same expected "$OUT"

it 'claims the next cases and prints them, and what is in hand'
run as "$anna" "$REBUT" queue --store '' --claim 3 --lease 45
expect_status 0
expect 'the first three' test "$(member request_id <"$OUT" | tr '\n' ' ')" = \
    "$(head -n 3 queue.ndjson | member request_id | tr '\n' ' ')"
expect_value '45 minutes' 3 "SELECT count(*) FROM rebut.claims WHERE until - claimed_at
    BETWEEN '44 minutes' AND '46 minutes'"
expect_out '"mine_until":"20..-'
cp "$OUT" claimed
run as "$anna" "$REBUT" queue --store '' --mine
expect_same claimed "$OUT"
run as "$bert" "$REBUT" queue --store "dbname=$PGDATABASE" --mine
expect_status 0
expect_no_out
run as "$bert" "$REBUT" queue --store ''
expect 'the others' test "$(wc -l <"$OUT")" = $(($(wc -l <queue.ndjson) - 3))

case=$(head -n 1 claimed | member request_id)
for lang in zh en; do
    it "shows the page that explain prints, and more ($lang)"
    "$REBUT" explain --input events.ndjson --quiet --request "$case" --lang zh >explained.zh
    "$REBUT" explain --input events.ndjson --quiet --request "$case" --lang "$lang" >explained
    run as "$anna" "$REBUT" show --request "$case" --lang "$lang"
    expect_status 0
    # Ranks of how many are not known here; words and records are more; the reasons are in
    # the language of the run.
    grep -v '│' "$OUT" | sed 's/，[0-9]* 张图片//; s/, photos: [0-9]*//' >shown
    sed 's/^\(排名 [0-9]*\)\/[0-9]*/\1/; s/^\(rank [0-9]*\) of [0-9]*/\1/' explained >plain
    for part in plain shown; do
        head -n 3 $part >$part.head
        sed -n '/^经过\|^What happened/,/^$/p' $part >$part.timeline
        sed -n '/^尚不知道的\|^What is not known/,$p' $part | grep -v '^    ' >$part.unknown
        grep '^  *[+-][0-9]*\.[0-9][0-9]  ' $part >$part.reasons
    done
    sed 's/^\(排名 [0-9]*\)\/[0-9]*/\1/' explained.zh | grep '^  *[+-][0-9]*\.[0-9][0-9]  ' |
        sed '$d' >plain.reasons
    sed -i '$d' shown.reasons
    expect 'reasons' test -s shown.reasons
    for part in head timeline unknown reasons; do
        expect_same plain.$part shown.$part
    done
done

it 'shows no words of people to those who do not have the case in hand'
run as "$bert" "$REBUT" show --request "$case"
expect_status 0
expect_out "^状态：至 20..-..-.. ..:.. 由 $anna 经手$"
expect_out '（经手或已裁定此案者可见）'
expect 'no words' sh -c "! grep -q '│' '$OUT'"
run as "$bert" "$REBUT" show --request "$case" --json
expect_out '"events":\[\]'

it 'gives the case as JSON'
run as "$anna" "$REBUT" show --request "$case" --json
expect_status 0
cp "$OUT" case.json
lines_in case.json one
expect_value 'members' "$case|true|t|t|order" "SELECT doc ->> 'request_id', doc -> 'state' ->> 'mine',
    (doc -> 'buyer_record' ->> 'orders')::int > 0, (doc -> 'merchant_record' ->> 'orders')::int > 0,
    doc -> 'events' -> 0 ->> 'type' FROM one"

it 'says when there is no such request, and who may not look'
run as "$anna" "$REBUT" show --request nowhere
expect_status 3
expect_err "rebut show: there is no scored request 'nowhere'"
run as "$anna" "$REBUT" queue --store '' --request nowhere
expect_status 3
expect_err "there is no scored request 'nowhere'"
run as "$engine" "$REBUT" decide --request "$case" --verdict abuse
expect_status 3
expect_err 'database error 42501: permission denied'

it 'refuses to decide what another holds (75) or nobody does (1)'
run as "$bert" "$REBUT" decide --request "$case" --verdict abuse
expect_status 75
expect_err "^rebut decide: request '$case' is held by '$anna' until 20"
free=$(sed -n 9p queue.ndjson | member request_id)
run as "$bert" "$REBUT" decide --request "$free" --verdict abuse
expect_status 1
expect_err "^rebut decide: request '$free' is not in your hands$"
run as "$bert" "$REBUT" decide --request "$case" --release
expect_status 1
run as "$bert" "$REBUT" decide --request "$case" --undo
expect_status 1
expect_err "there is no decision of yours on request '$case' to undo"
run as "$bert" "$REBUT" queue --store '' --request "$case"
expect_status 75

it 'bounds a lease and how much one may hold'
run as "$bert" "$REBUT" queue --store '' --claim 1 --lease 600
expect_status 2
expect_err "expected a lease over 0 and at most 'PT8H', got 'PT10H'"
run as "$bert" "$REBUT" queue --store '' --claim 101
expect_status 1
expect_err 'you hold 0 requests and may hold 100, not 101 more'

it 'decides with a note from standard input, and says until when it may be undone'
printf '照片与另一单相同 PRIVATE-NOTE\n' >note
(PGUSER=$anna "$REBUT" decide --request "$case" --verdict abuse --note - <note >"$OUT" 2>"$ERR") ||
    fail 'expected it to be decided'
expect_out "^请求 $case：裁定为滥用，20..-..-.. ..:..:..（北京时间）前可撤销$"
expect_value 'the note without its line end' "abuse|照片与另一单相同 PRIVATE-NOTE|$anna" \
    'SELECT verdict, note, reviewer FROM rebut.decisions'
run as "$anna" "$REBUT" show --request "$case"
expect_out '^  20..-..-.. ..:..  滥用  可撤销至 20'
expect_out '│ 照片与另一单相同 PRIVATE-NOTE$'
expect_out '^状态：无人经手；已有裁定$'
run as "$bert" "$REBUT" show --request "$case"
expect 'nothing of it' sh -c "! grep -q '滥用  可\|PRIVATE' '$OUT'"
run as "$anna" "$REBUT" decide --request "$case" --verdict legitimate
expect_status 75
expect_err "request '$case' has been decided by yourself"

it 'undoes within the grace time, and no later'
run as "$anna" "$REBUT" decide --request "$case" --undo --lang en
expect_status 0
expect_out "^request $case: undone; in your hands again until 20"
run as "$anna" "$REBUT" decide --request "$case" --verdict abuse --note 'PRIVATE-NOTE 2' --lang en
expect_status 0
expect_out "^request $case: abuse; may be undone until 20..-..-.. ..:..:.. .UTC.8.$"
sql -c "$grace_over"
run as "$anna" "$REBUT" decide --request "$case" --undo
expect_status 1
expect_err "the decision on request '$case' could be undone until"

it 'gives a case back, and lets an appeal be taken from beside the queue'
second=$(sed -n 2p claimed | member request_id)
run as "$anna" "$REBUT" decide --request "$second" --release
expect_status 0
expect_out "^请求 $second：已交还，未裁定$"
beside=$(tail -n 1 scores.ndjson | member request_id)
run as "$bert" "$REBUT" queue --store '' --request "$beside"
expect_status 0
expect "that one" test "$(member request_id <"$OUT")" = "$beside"
run as "$bert" "$REBUT" decide --request "$beside" --release
expect_status 0

it 'lets one of two win who take the same case at once; the other exits with 75'
for who in "$anna" "$bert"; do
    (PGUSER=$who "$REBUT" queue --store '' --request "$second" >"race.$who" 2>&1
        echo $? >"code.$who") &
done
wait
expect 'one winner' test "$(cat "code.$anna" "code.$bert" | sort -n | tr '\n' ' ')" = '0 75 '

it 'lets one of two win who decide the same case at once; the other exits with 75'
winner=$(value "SELECT reviewer FROM rebut.claims WHERE request_id = '$second'")
for verdict in abuse legitimate; do
    (PGUSER=$winner "$REBUT" decide --request "$second" --verdict $verdict >"race.$verdict" 2>&1
        echo $? >"code.$verdict") &
done
wait
expect 'one winner' test "$(cat code.abuse code.legitimate | sort -n | tr '\n' ' ')" = '0 75 '
expect_value 'one decision' 1 "SELECT count(*) FROM rebut.decisions WHERE request_id = '$second'"

# ---- second review

it 'hands out a second review in which the first verdict is nowhere'
value "$grace_over" >/dev/null
as "$engine" sql -c 'SELECT rebut.settle_decisions()' >settled
# The night after: the verdict is a term of the score, and moves its probability.
sql -c "SELECT FROM rebut.scores_partition('2027-05-01');
    INSERT INTO rebut.scores SELECT run_id, '2027-05-01Z', model_id, request_id, order_id, buyer_id,
        merchant_id, requested_at, amount, rank, 0.98765, low, 0.99, q_value, conformal_q, answer,
        expected_recovery, 5.4321, notes, json_build_array(json_build_object('name', 'verdict', 'log_odds', 2.95,
        'sentence', 'reviewers who judged it: 1, of whom 1 said abuse'))
    FROM rebut.scores WHERE request_id = '$case'"
run as "$bert" "$REBUT" show --request "$case"
expect_out '98\.8%'
run as "$bert" "$REBUT" queue --store '' --second 9
expect_status 0
cp "$OUT" seconds
expect 'the case' grep -q "\"request_id\":\"$case\"" seconds
expect_out '"second":true'
run as "$bert" "$REBUT" show --request "$case"
cp "$OUT" blind
expect_out '^状态：由您复审，至 20..-..-.. ..:..；不显示首次裁定$'
expect_out '^  20..-..-.. ..:..  申请仅退款'
run as "$bert" "$REBUT" show --request "$case" --json
cat blind seconds >>"$OUT"
run as "$bert" "$REBUT" show --request "$case" --lang en
cat blind seconds "$OUT" >all
expect 'nothing of the first' sh -c "! grep -Eq 'PRIVATE|98\.8|0\.98765|reviewers who judged|\"verdict\"|$anna' all"
run as "$anna" "$REBUT" queue --store '' --second 9
expect_status 0
expect 'not ones own' sh -c "! grep -q '\"request_id\":\"$case\"' '$OUT'"
run as "$bert" "$REBUT" decide --request "$case" --verdict legitimate --lang en
expect_status 0
expect_value 'both stand' 'f abuse,t legitimate' "SELECT string_agg(second || ' ' || verdict, ','
    ORDER BY decision_id) FROM (SELECT CASE WHEN second THEN 't' ELSE 'f' END AS second, verdict, decision_id
    FROM rebut.decisions WHERE request_id = '$case' AND undone_at IS NULL) x"

it 'passes a case on when the lease has run out'
value 'DELETE FROM rebut.claims' >/dev/null
run as "$anna" "$REBUT" queue --store '' --claim 1
late=$(member request_id <"$OUT")
sql -c "UPDATE rebut.claims SET claimed_at = now() - interval '2 hours', until = now() - interval '1 hour'"
run as "$anna" "$REBUT" show --request "$late" --lang en
expect_out '^state: in your hands, though since 20..-..-.. ..:.. another may take it$'
run as "$bert" "$REBUT" queue --store '' --claim 1
expect 'the same case' test "$(member request_id <"$OUT")" = "$late"
run as "$anna" "$REBUT" decide --request "$late" --verdict unclear
expect_status 75
run as "$bert" "$REBUT" decide --request "$late" --verdict unclear
expect_status 0
run as "$anna" "$REBUT" decide --request "$late" --verdict unclear
expect_status 75
expect_err 'has been decided by another'

it 'leaves out what is suppressed, and says so on its page'
run as "$bert" "$REBUT" queue --store ''
next=$(head -n 1 "$OUT" | member request_id)
as "$anna" sql -c "SELECT rebut.suppress('request', '$next', 'settled by phone', now() + interval '1 day')" >number
run as "$bert" "$REBUT" queue --store ''
expect 'not there' sh -c "! grep -q '\"request_id\":\"$next\"' '$OUT'"
run as "$bert" "$REBUT" show --request "$next" --lang en
expect_out "^state: in nobody's hands; kept out of the queue until 20"

it 'leaves no words of buyers or reviewers in logs and audit trail'
expect 'a log' test -r "$PGHOST/data/server.log"
expect 'errors of ours in it' grep -q "is not in your hands" "$PGHOST/data/server.log"
value "SELECT text FROM rebut.requests WHERE octet_length(text) > 20 LIMIT 50" >words
expect 'words to look for' test -s words
expect 'none of them' sh -c "! grep -qF -f words -e PRIVATE-NOTE '$PGHOST/data/server.log'"
expect_value 'none in the audit trail' 0 "SELECT count(*) FROM rebut.audit WHERE detail::text ~ 'PRIVATE'"

it 'fails when nobody can read what it prints'
run as "$bert" sh -c "\"$REBUT\" show --request $case >/dev/full"
expect_status 1
run as "$bert" sh -c "\"$REBUT\" queue --store '' >/dev/full"
expect_status 1

# ---- the page, to the byte: nothing of it depends on the model or the clock

it 'prints pages that stay the same'
new_database empty
"$REBUT" migrate 2>/dev/null || exit 1
new_login chen rebut_reviewer
sql -f "$TOP/tests/db/case.sql"
sql -c "INSERT INTO rebut.claims VALUES ('r1', '$chen', '2026-11-25Z', '2999-01-01Z', false, 1, 'ranked', 1);
    INSERT INTO rebut.decisions (request_id, verdict, note, reviewer, at, undo_until, selection, second, undone_at)
    VALUES ('r1', 'unclear', '先问商家要发货照片，再看。', '$chen', '2026-11-25Z', '2026-11-25 00:10Z', 'ranked', false,
        '2026-11-25 00:05Z')"
for lang in zh en; do
    run as "$chen" "$REBUT" show --request r1 --lang $lang
    expect_status 0
    expect_golden "review/page-$lang.txt"
    run as "$chen" "$REBUT" show --request r2 --lang $lang
    expect_golden "review/page-empty-$lang.txt"
done
run as "$chen" "$REBUT" show --request r1 --json
sed -i "s/$chen/chen/g" "$OUT"
expect_golden review/case.json
run as "$chen" "$REBUT" queue --store ''
expect_golden review/queue.ndjson

it 'keeps every line of words within 90 columns, and control characters out'
run as "$chen" "$REBUT" show --request r1
expect 'no escape' sh -c "! grep -q \"\$(printf '\\033')\" '$OUT'"
expect 'no override of direction' sh -c "! grep -q \"\$(printf '\\342\\200\\256')\" '$OUT'"
