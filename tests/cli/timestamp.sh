#!/bin/sh
# A time stamp of a bundle's signature, by an authority that lives as long as this test.
. "$(dirname "$0")/lib.sh"

"$REBUT" simulate --orders 2000 --days 60 --seed 8 --output events.ndjson --truth truth.csv ||
    exit 1
"$REBUT" fit --input events.ndjson --output model.json --quiet || exit 1
"$REBUT" keygen --key-dir keys >keygen.out 2>&1 || exit 1
requests=$(sed -n '/"kind":"refund_only"/s/.*"request_id":"\([^"]*\)".*/\1/p' events.ndjson |
    sort | head -n 3)

# bundle DIR REQUEST...: signed, with a request for a time stamp.
bundle() {
    folder=$1
    shift
    # shellcheck disable=SC2046
    run "$REBUT" evidence --input events.ndjson --model model.json --key-dir keys --quiet \
        --timestamp-request --output "$folder" $(printf -- '--request %s ' "$@")
}

# make_authority NAME: NAME-ca.pem is its certificate, NAME.cnf how it stamps.
make_authority() {
    cat >"$1.cnf" <<END
[tsa]
default_tsa = own
[own]
serial = $1.serial
signer_cert = $1-ca.pem
signer_key = $1.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[stamps]
extendedKeyUsage = critical,timeStamping
END
    echo 01 >"$1.serial"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -config "$1.cnf" -extensions stamps -keyout "$1.key" -out "$1-ca.pem" 2>openssl.err
}
# stamp NAME DIR: what an authority does with a request.
stamp() {
    openssl ts -reply -config "$1.cnf" -queryfile "$2/manifest.tsq" -out "$2/manifest.tsr" \
        2>openssl.err
}
verify() {
    run "$REBUT" verify "$1" --keys keys/public.json --lang en
}

it 'asks for a time stamp only of what is signed'
run "$REBUT" evidence --input events.ndjson --output packs --queue --timestamp-request
expect_status 2
expect_err 'expected --key-dir with --timestamp-request'

it 'writes a request that others read, the same for the same signature'
# shellcheck disable=SC2086
bundle packs $requests
expect_status 0
expect 'DER that openssl reads' openssl ts -query -in packs/manifest.tsq -text -out query.txt
expect 'SHA-512' grep -q 'Hash Algorithm: sha512' query.txt
expect 'the certificate wanted' grep -q 'Certificate required: yes' query.txt
openssl ts -query -data packs/manifest.sig -sha512 -no_nonce -cert -out other.tsq 2>openssl.err
openssl ts -query -in other.tsq -text 2>&1 | grep '^ *00[0-9]0 - ' >other.hash
expect 'the hash of the signature' sh -c 'test -s other.hash && grep -q -F -f other.hash query.txt &&
    ! grep -v -q -x -F -f query.txt other.hash'
cp packs/manifest.tsq before.tsq
# shellcheck disable=SC2086
bundle packs $requests
expect_same before.tsq packs/manifest.tsq
verify packs
expect_status 0
expect_out '^time stamp: asked for in manifest.tsq, no manifest.tsr yet$'

it 'takes the reply of an authority, and says what it has not checked'
expect 'an authority' make_authority tsa
expect 'a reply' stamp tsa packs
verify packs
expect_status 0
expect_out "^time stamp: 20..-..-..T.*\+08:00 by manifest.tsr, .* signature was NOT checked here"
expect_out '^as it was signed: 3 files'
run "$REBUT" verify packs/manifest.tsr --keys keys/public.json --json
expect_status 0
expect_out '"timestamp":\{"at_us":[0-9]+,"authority_checked":false,"state":"fits"\}\}$'
run "$REBUT" verify packs --keys keys/public.json
expect_out '此处未核对时间戳机构自身的签名'

it 'gives the command that checks the rest, which then finds another authority'
verify packs
command=$(sed -n 's/^Check it in the bundle.s folder: //p' "$OUT")
expect 'a command' test -n "$command"
run sh -c "cd packs && $(echo "$command" | sed 's/AUTHORITY/..\/tsa-ca/')"
expect_status 0
expect 'the word of openssl' grep -q 'Verification: OK' "$OUT" "$ERR"
make_authority stranger
run sh -c "cd packs && $(echo "$command" | sed 's/AUTHORITY/..\/stranger-ca/')"
expect 'another to be refused' test "$status" != 0

it 'keeps a reply through the same bundle again, and misses it through another'
# shellcheck disable=SC2086
bundle packs $requests
verify packs
expect_status 0
expect_out '^time stamp: 20'
cp -r packs changed
# shellcheck disable=SC2086
run "$REBUT" evidence --input events.ndjson --model model.json --key-dir keys --quiet \
    --output changed --retain 90 $(printf -- '--request %s ' $requests)
verify changed
expect_status 1
expect_out '^manifest.tsq: the request for a time stamp does not fit: not the request for this manifest.sig'
expect_out '^manifest.tsr: the time stamp does not fit: a time stamp of something else'
expect 'openssl to say so too' sh -c '! openssl ts -verify -data changed/manifest.sig -in changed/manifest.tsr -CAfile tsa-ca.pem'

it 'names a manifest that was changed under its time stamp'
cp -r packs forged
sed 's/"as_of":"20../"as_of":"1999/' packs/manifest.json >forged/manifest.json
verify forged
expect_status 1
expect_out '^manifest.sig: the signature does not fit'

it 'names a reply that is foreign, refused, mangled or alone'
# shellcheck disable=SC2086
bundle other $(echo "$requests" | head -n 1)
expect 'a reply for another bundle' stamp tsa other
cp other/manifest.tsr packs/manifest.tsr
verify packs
expect_status 1
expect_out '^manifest.tsr: the time stamp does not fit: a time stamp of something else'

openssl ts -query -data other/manifest.sig -sha512 -cert -out stranger.tsq 2>openssl.err
openssl ts -reply -config tsa.cnf -queryfile stranger.tsq -out other/manifest.tsr 2>openssl.err
verify other
expect_status 1
expect_out 'a reply to another request: the nonce is not ours'

openssl ts -query -data other/manifest.sig -sha384 -cert -out stranger.tsq 2>openssl.err
openssl ts -reply -config tsa.cnf -queryfile stranger.tsq -out other/manifest.tsr 2>openssl.err
verify other
expect_status 1
expect_out "not granted: the reply's status is 2 \(rejection\)"

stamp tsa other
cp other/manifest.tsr whole.tsr
head -c 300 whole.tsr >other/manifest.tsr
verify other
expect_out '^manifest.tsr: the time stamp does not fit: no reply of a time stamping authority'
echo >>whole.tsr
cp whole.tsr other/manifest.tsr
verify other
expect_status 1
rm other/manifest.tsr && ln -s ../packs/manifest.tsr other/manifest.tsr
verify other
expect_status 1
expect_out '^manifest.tsr: '
stamp tsa other
rm other/manifest.tsq
verify other
expect_status 1
expect_out '^manifest.tsq: .*: missing beside manifest.tsr'
