#!/bin/sh
# A thousand packs of each edition, and nobody in them: no form names who is in the events,
# and the packs of two shops about one buyer share no word.  (Those of the platform's edition
# share exact figures, by which they can be joined; how far those of the shop's can is
# measured by benchmarks/evidence_join.py.)
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 30000 --days 120 --seed 9 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" fit --input events.ndjson --output model.json --quiet || exit 1
"$REBUT" keygen --key-dir keys >keygen.out 2>&1 || exit 1
printf '%064d\n' 7 >keys/buyers.key
LC_ALL=C
export LC_ALL

# member NAME: all values of it in the lines of stdin.
member() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
# evidence DIR BUDGET FORMS: packs of a queue, of $edition.
evidence() {
    run "$REBUT" evidence --input events.ndjson --model model.json --key-dir keys --quiet \
        --queue --budget "$2" --fdr 1 --forms "$3" --output "$1" --edition "$edition"
    expect_status 0
}
for field in buyer_id device_id address_id payment_id host_id; do
    member "$field" <events.ndjson
done | sort -u >somebody
member merchant_id <events.ndjson | sort -u >shops

# expect_nobody FILE...: in which no name of another than the shop is to be found.
expect_nobody() {
    grep -w -h -o -F -f somebody "$@" >found
    expect "nobody, and not $(head -n 1 found)" test ! -s found
}
# expect_no_stranger: each pack of `pages` (path, shop) names no other shop.
expect_no_stranger() {
    cut -d' ' -f1 pages | xargs grep -w -H -o -F -f shops >named
    expect 'shops to be found' test -s named
    awk 'FILENAME == "pages" { shop[$1] = $2; next }
         { at = index($0, ":") }
         substr($0, at + 1) != shop[substr($0, 1, at - 1)]' pages named >strangers
    expect "no other shop, and not $(head -n 1 strangers)" test ! -s strangers
}

# link_words: `linked`, those of `words` (pack:word) that one buyer alone has, at two shops,
# and the buyer.
link_words() {
    awk '
        FILENAME == "buyers" { buyer[$1] = $2; next }
        FILENAME == "packed" { who[$1] = buyer[$2]; shop[$1] = $3; next }
        {
            at = index($0, ":")
            pack = substr($0, 1, at - 1)
            word = substr($0, at + 1)
            if (!(word in first)) {
                first[word] = who[pack]
                place[word] = shop[pack]
            } else if (first[word] != who[pack])
                many[word] = 1
            else if (place[word] != shop[pack])
                two[word] = 1
        }
        END { for (word in two) if (!(word in many)) print word, first[word] }
    ' buyers packed words >linked
}

# check_words: the packs in `packs`, whose shops are in `of`.
check_words() {
    it "gives two shops no word in common that only one buyer has ($edition)"
    awk -F'"' '
        function value(name,    at) {
            at = index($0, "\"" name "\":\"")
            return at == 0 ? "" : substr($0, at + length(name) + 4,
                index(substr($0, at + length(name) + 4), "\"") - 1)
        }
        /"type":"order"/ { buyer[value("order_id")] = value("buyer_id") }
        /"type":"request"/ { print value("request_id"), buyer[value("order_id")] }
    ' events.ndjson >buyers
    sed 's/.*"request_id":"\([^"]*\)".*/\1/' packs/pack-*.json >ids
    paste -d' ' ids of >pairs
    grep -o -E '[A-Za-z0-9_-]{8,}' packs/pack-*.json |
        awk -F: '$2 ~ /[0-9]/ && $2 ~ /[A-Za-z]/ && $2 !~ /^[0-9]+e-?[0-9]+$/ &&
                 $2 !~ /^20..-..-..T..$/ && !seen[$0]++' >words
    for pack in packs/pack-*.json; do echo "$pack"; done | paste -d' ' - pairs >packed
    link_words
    cut -d' ' -f1 linked >alone
    expect "no word, and not $(head -n 1 alone)" test ! -s alone
    awk 'FILENAME == "buyers" { buyer[$1] = $2; next }
         !(seen[buyer[$2] " " $3]++) { shops[buyer[$2]]++ }
         END { for (one in shops) count += shops[one] > 1; print count + 0 }' buyers packed >common
    expect 'buyers of two shops' test "$(cat common)" -gt 20
    expect 'pseudonyms among the words' grep -q ':b-[a-z0-9]*$' words
}

# check_figures MOST: numbers of 8 digits or more join at most so many buyers.
check_figures() {
    grep -o -E '"-?[0-9]+\.[0-9]{7,}(e-?[0-9]+)?"' packs/pack-*.json | sort -u >words
    link_words
    cut -d' ' -f2 linked | sort -u >joined
    expect "at most $1 buyers joined, and not $(wc -l <joined)" \
        test "$(wc -l <joined)" -le "$1"
}

check_packs() {
    it "names nobody in a thousand packs of JSON and HTML, of the $edition's edition"
    rm -rf packs
    evidence packs 1000 json,html
    expect 'a thousand' test "$(find packs -name 'pack-*.json' | wc -l)" = 1000
    expect 'a page each' test "$(find packs -name 'pack-*.html' | wc -l)" = 1000
    expect 'thousands of names' test "$(wc -l <somebody)" -gt 10000
    expect_nobody packs/*
    sed 's/.*"merchant_id":"\([^"]*\)".*/\1/' packs/pack-*.json >of
    for pack in packs/pack-*.json; do
        echo "$pack"
    done | paste -d' ' - of >pages
    sed 's/\.json /.html /' pages >more
    cat more >>pages
    expect_no_stranger

    it "tells whole days of the age of an account, not the instant it was made ($edition)"
    sed -n 's/.*"account_age_us":\([0-9]*\).*/\1/p' packs/pack-*.json >ages
    expect 'ages' test "$(wc -l <ages)" -gt 900
    expect 'whole days' awk '$1 % 86400000000 != 0 { exit 1 }' ages
}

for edition in platform shop; do
    check_packs
    check_words
done

it "lets figures of the shop's edition join few of the buyers of two shops, and the exact all"
check_figures "$(($(cat common) / 10))"
edition=platform
evidence exact 1000 json
mv packs rounded && mv exact packs
check_figures 10000
expect 'all of the exact' test "$(wc -l <joined)" -ge "$(cat common)"
rm -rf packs && mv rounded packs
edition=shop

it 'names nobody on paper'
evidence paper 40 pdf
mkdir read
for page in paper/*.pdf; do
    name=$(basename "$page" .pdf)
    pdftotext "$page" "read/$name.txt" || fail "no text in $page"
    awk -v pack="packs/$name.json" -v page="read/$name.txt" '$1 == pack { print page, $2 }' pages
done >printed
expect 'forty' test "$(wc -l <printed)" = 40
expect_nobody read/*
mv printed pages
expect_no_stranger

it 'would find a name that is there, in each form'
name=$(tail -n 1 somebody)
for page in packs/pack-*.json packs/pack-*.html read/*.txt; do
    cp "$page" named && echo " $name." >>named
    break
done
grep -q -w -h -o -F -f somebody named || fail 'the search finds nothing'
