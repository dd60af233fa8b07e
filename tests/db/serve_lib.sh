# What the tests of 'rebut serve' share, beside all of tests/db/lib.sh.
#
#     start_server [OPTION...]         as the login $web; sets $server (pid) and $address
#     stop_server                      SIGTERM; sets $status
#     new_token anna reviewer [OPTION...]   sets $anna_token, with the login anna
#     ask GET /v1/queue "$anna_token" [CURL OPTION...]
#                                      keeps the body as $OUT, the head as $HEAD, sets $code
#     expect_code 200
#     expect_problem 409 decided       code, media type and kind
#     expect_json .items[0].slot 1     what jq -r gives
#     etag                             prints the ETag of the last answer
. "$(dirname "$0")/lib.sh"
HEAD=$lib_folder/head
server=''

start_server() {
    rm -f address
    (PGUSER=$web && export PGUSER && exec "$REBUT" serve --listen 127.0.0.1:0 "$@" >address 2>server.log) &
    server=$!
    db_sessions="$db_sessions $server"
    for _ in $(seq 100); do
        [ ! -s address ] || break
        sleep 0.1
    done
    address=$(cat address)
    [ -n "$address" ] && return
    sed 's/^/    /' server.log
    exit 1
}

stop_server() {
    kill -TERM "$server"
    status=0
    wait "$server" || status=$?
}

new_token() {
    token_name=$1 token_role=$2
    shift 2
    token_text=$("$REBUT" token create --role "$token_role" --login "$token_name" "$@") || exit 1
    eval "${token_name}_token=$token_text"
}

ask() {
    ask_method=$1 ask_path=$2 ask_token=$3
    shift 3
    [ -z "$ask_token" ] || set -- -H "Authorization: Bearer $ask_token" "$@"
    code=$(curl -s -m 30 --path-as-is -o "$OUT" -D "$HEAD" -w '%{http_code}' -X "$ask_method" \
        "$@" "$address$ask_path")
}

expect_code() {
    [ "$code" = "$1" ] && return
    fail "expected status $1 of $ask_method $ask_path, came $code"
    lib_show body "$OUT"
}

expect_problem() {
    expect_code "$1"
    expect_head 'content-type: application/problem\+json'
    expect_json .type "urn:rebut:problem:$2"
    expect_json .status "$1"
}

expect_json() {
    json_came=$(jq -r "$1" "$OUT" 2>&1)
    [ "$json_came" = "$2" ] && return
    fail "expected $1 of $ask_path to be '$2', came '$json_came'"
}

expect_head() {
    tr -d '\r' <"$HEAD" | grep -Eqi "^$1" && return
    fail "expected the header '$1' of $ask_path"
    lib_show head "$HEAD"
}

etag() {
    tr -d '\r' <"$HEAD" | sed -n 's/^[Ee][Tt]ag: //p'
}
