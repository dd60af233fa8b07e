#!/bin/sh
# Keys that sign, and verifying without any.
. "$(dirname "$0")/lib.sh"

for command in keygen verify; do
    it "explains $command"
    run "$REBUT" "$command" --help
    expect_status 0
    expect_golden "keys/$command-help.txt"
done

it 'makes a folder that only its owner reads'
run "$REBUT" keygen --key-dir keys
expect_status 0
expect_out '^[0-9a-f]{16}$'
first=$(cat "$OUT")
expect 'mode 0700' test "$(stat -c %a keys)" = 700
expect 'secret files of mode 0600' test "$(stat -c %a keys/*.key | sort -u)" = 600
expect 'a public list without secrets' sh -c "! grep -qf keys/buyers.key keys/public.json"

it 'does not make another by mistake'
run "$REBUT" keygen --key-dir keys
expect_status 2
expect_err 'has a key; --rotate makes another'
expect_no_out

it 'turns over and revokes'
run "$REBUT" keygen --key-dir keys --rotate
expect_status 0
expect 'another' test "$(cat "$OUT")" != "$first"
run "$REBUT" keygen --key-dir keys --revoke "$first" --reason '笔记本遗失' --at 2026-06-01
expect_status 0
expect 'said to those who verify' grep -q '笔记本遗失' keys/public.json
run "$REBUT" keygen --key-dir keys --revoke ffffffffffffffff --reason x
expect_status 2
expect_err "no key 'ffffffffffffffff'"
run "$REBUT" keygen --key-dir keys --revoke "$first"
expect_status 2

it 'refuses a folder that others may look into'
mkdir -m 755 open
run "$REBUT" keygen --key-dir open
expect_status 3
expect_err 'others may look into'

it 'says what is not there, in Chinese and in English'
mkdir bundle
run "$REBUT" verify bundle --keys keys/public.json
expect_status 1
expect_out '没有清单'
run "$REBUT" verify bundle --keys keys --lang en
expect_status 1
expect_out 'there is no manifest that can be read'
run "$REBUT" verify bundle --keys keys --json
expect_status 1
expect_out '"fault":"no_manifest".*"good":false'

it 'refuses keys that are none, and a line without them'
echo '{}' >none.json
run "$REBUT" verify bundle --keys none.json
expect_status 3
expect_err "'none.json': expected public keys"
run "$REBUT" verify bundle --keys nowhere
expect_status 3
run "$REBUT" verify bundle
expect_status 2
expect_err 'expected --keys FILE'
run "$REBUT" verify --keys keys
expect_status 2
