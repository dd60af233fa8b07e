#!/bin/sh
# What a reader should not have to look for: format, banned calls, the rules of the
# rooms, lengths, tabs, shell syntax.  `make lint` calls it with $ROOMS, lowest first.
# Complaints fail; warnings are for a person.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${ROOMS:?is the list of rooms, lowest first; run 'make lint'}"
CLANG_FORMAT=${CLANG_FORMAT:-clang-format}

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
: >"$folder/said"
complain() { sed 's/^/lint: /' | tee -a "$folder/said"; }
warn() { sed 's/^/lint: warning: /'; }

files() { find engine models include sql console tests benchmarks -name "$1" 2>/dev/null | sort; }
all_sources=$(files '*.[ch]')
sources=$(echo "$all_sources" | grep -Ev '^(tests|benchmarks)/')
shells=$(files '*.sh')
statements=$(files '*.sql')

# ---- format
for file in $all_sources; do
    $CLANG_FORMAT --dry-run -Werror "$file" >"$folder/format" 2>&1 ||
        echo "$(grep -E -m 1 -o '^[^:]*:[0-9]+' "$folder/format" || cat "$folder/format"): not formatted; clang-format -i does it"
done | complain

# ---- calls.  First the code alone, as FILE:LINE:CODE: no comments, and strings empty.
code_of() {
    awk '
        function strip(line,    kept, at, c, end) {
            kept = ""
            while (line != "") {
                if (comment) {
                    end = index(line, "*/")
                    if (!end)
                        return kept
                    line = substr(line, end + 2)
                    comment = 0
                    kept = kept " "
                    continue
                }
                at = match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)
                if (!at)
                    return kept line
                kept = kept substr(line, 1, at - 1)
                c = substr(line, at, 2)
                if (c == "//")
                    return kept
                if (c == "/*")
                    comment = 1
                else
                    kept = kept (line ~ /^[ \t]*#[ \t]*include/ ? substr(line, at, RLENGTH) : "\"\"")
                line = substr(line, at + RLENGTH)
            }
            return kept
        }
        FNR == 1 { comment = 0 }
        { print FILENAME ":" FNR ":" strip($0) }' "$@"
}
# shellcheck disable=SC2086
# A forked child must end without the exit handlers of its parent: there, and only there.
code_of $sources | grep -vE '^engine/live/live_save\.c:[0-9]+:[[:space:]]*_exit\(' >"$folder/code"

# banned WHERE CALLS WHY: none of the calls in code whose FILE:LINE:CODE matches WHERE.
banned() {
    grep -E "^($1)" "$folder/code" |
        grep -E "(^|[^A-Za-z0-9_.>])($2)[[:space:]]*\(" |
        sed -E "s/^([^:]*:[0-9]+):[[:space:]]*(.*)/\1: $3: \2/" | complain
}
below=$(for room in $ROOMS; do printf '%s|' "engine/$room/"; done)models/
banned '' 'strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|localtime|gmtime' \
    'banned call'
banned "$below" 'exit|_exit|quick_exit|abort|printf|vprintf|puts|putchar|perror|getenv' \
    'only cmd prints or exits'
banned "$below" 'clock_gettime|gettimeofday|time|clock' 'only cmd reads the clock'
banned "$below" 'rand|srand|random|srandom|drand48|setlocale' 'the same input, the same bytes'
grep -E "^($below).*[^A-Za-z0-9_](fprintf|fputs|fputc|vfprintf)[[:space:]]*\(.*(stdout|stderr)" \
    "$folder/code" | sed -E 's/^([^:]*:[0-9]+):[[:space:]]*/\1: only cmd prints or exits: /' | complain
banned 'models/' 'malloc|calloc|realloc|reallocarray|aligned_alloc|strdup|free|fopen|fprintf|fwrite|read|write' \
    'models only compute'
grep -E '^models/.*#[[:space:]]*include[[:space:]]*<(stdio|time|libpq|libpq-fe|jansson|pthread|unistd|sys/.*)(\.h)?>' \
    "$folder/code" | sed -E 's/^([^:]*:[0-9]+):/\1: models only compute: /' | complain

# ---- rooms: an include points down or stays.
# The room of a header is the one of its name, else the lowest with x.c, else the lowest
# with x_y.c; for those with nothing but inline functions this table says it.
room_of_header() {
    case $1 in
    fixed) echo core && return ;;
    console) echo server && return ;; # made from console/
    night) echo score && return ;; # engine/live/night.c is another one
    esac
    for room in $ROOMS; do
        [ "$room" != "$1" ] || { echo "$room" && return; }
    done
    for pattern in "$1.c" "$1_*.c"; do
        for room in $ROOMS; do
            place=engine/$room
            [ -d "$place" ] || place=$room
            # shellcheck disable=SC2086
            set -- "$place"/$pattern
            [ ! -e "$1" ] || { echo "$room" && return; }
        done
    done
}
for header in include/rebut/*.h; do
    name=$(basename "$header" .h)
    echo "$name $(room_of_header "$name")"
done >"$folder/rooms"
awk 'NF == 1 { print "include/rebut/" $1 ".h: no room has " $1 ".c; say in tests/lint.sh whose it is" }' \
    "$folder/rooms" | complain
grep -E ':[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$folder/code" |
    awk -v order="$ROOMS cmd" -v table="$folder/rooms" '
        BEGIN {
            count = split(order, rooms, " ")
            for (i = 1; i <= count; i++)
                height[rooms[i]] = i
            while ((getline line < table) > 0) {
                pair[2] = ""
                split(line, pair, " ")
                room_of["rebut/" pair[1] ".h"] = pair[2]
            }
        }
        {
            split($0, part, ":")
            path = part[1]
            place = path ":" part[2]
            match($0, /"[^"]*"/)
            header = substr($0, RSTART + 1, RLENGTH - 2)
            folder = path
            sub(/\/[^\/]*$/, "", folder)
            own = folder
            sub(/^engine\//, "", own)
            if (folder == "include/rebut") {
                own = path
                sub(/^include\//, "", own)
                own = room_of[own]
            }
            if (header ~ /^rebut\//) {
                if (!(header in room_of))
                    print place ": there is no \047" header "\047"
                else if (own != "" && height[room_of[header]] > height[own])
                    print place ": " own " is below " room_of[header] ", where \047" header "\047 lives"
            } else if (header ~ /\//) {
                print place ": \047" header "\047 is another room\047s private header"
            } else if (system("test -e " folder "/" header) != 0) {
                print place ": \047" header "\047 is not in " folder
            }
        }' | complain

# ---- lengths
# shellcheck disable=SC2086
wc -l $all_sources $shells demo check $statements | awk '$2 != "total" && $1 > 600 {
    print $2 ": " $1 " lines, more than 600: which parts are separate ideas?" }' | complain
# shellcheck disable=SC2086
wc -l $all_sources $shells | awk '$2 != "total" && $1 > 400 && $1 <= 600 {
    print $2 ": " $1 " lines, more than 400" }' | warn
awk '
    {
        path = $0
        sub(/:.*/, "", path)
        code = substr($0, length(path) + 2)
        line = code + 0
        sub(/^[0-9]+:/, "", code)
        if (code ~ /^{/)
            begin = line
        else if (code ~ /^}/ && begin) {
            if (line - begin - 1 > 60)
                print path ":" begin ": a function of " line - begin - 1 " lines, more than 60"
            begin = 0
        }
    }' "$folder/code" | warn

# ---- the console: no text becomes markup or code, and what others wrote is as recorded
grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|[^.a-z]eval\(|new Function|document\.write| style="' \
    console/*.js console/*.html | sed 's/^\([^:]*:[0-9]*\):.*/\1: a text becomes markup, or a style within the page/' | complain
(cd console/vendor && sha256sum --quiet -c SHA256SUMS 2>&1 | sed 's|^|console/vendor/|') | complain
wc -l console/*.js console/*.css tests/browser/*.mjs | awk '$2 != "total" && $1 > 400 {
    print $2 ": " $1 " lines, more than 400" }' | complain

# ---- tabs, left-overs, shell
# shellcheck disable=SC2086
grep -n "$(printf '\t')" $all_sources $shells demo check $statements /dev/null |
    sed -E 's/^([^:]*:[0-9]+):.*/\1: a tab/' | complain
# shellcheck disable=SC2086
grep -nwE 'TODO|FIXME|XXX|HACK' $sources /dev/null | warn
for script in $shells demo check .ci/run tests/support/pg_tmp; do
    case $(head -n 1 "$script") in
    *bash*) ! command -v bash >/dev/null || bash -n "$script" 2>&1 | complain ;;
    *) dash -n "$script" 2>&1 | complain ;;
    esac
done

if [ -s "$folder/said" ]; then
    echo "lint: $(wc -l <"$folder/said") complaints"
    exit 1
fi
echo "lint: $(echo "$all_sources" | wc -l) C files and $(echo "$shells" | wc -l) scripts, no complaint"
