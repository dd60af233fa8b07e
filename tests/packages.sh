# Sourced by ./demo and ./check: install_packages FILE... installs what is missing.
# Each FILE names one Debian package a line, '#' begins a comment.

install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This is no Debian: what it needs is named in $*."
        return 0
    fi
    missing=
    for package in $(sed 's/#.*//' "$@"); do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        # Some come from elsewhere (node), and Debian's would not go beside them.
        *) command -v "$package" >/dev/null || missing="$missing $package" ;;
        esac
    done
    if [ -z "$missing" ]; then
        echo 'All packages are there.'
        return 0
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Please have installed, by root: apt-get install --no-install-recommends$missing" >&2
            return 1
        fi
        as_root=sudo
    fi
    echo "Installing$missing"
    log=$(mktemp) || return
    # shellcheck disable=SC2086
    $as_root apt-get -qq -o Acquire::Retries=3 update &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=3 \
            -o Dpkg::Use-Pty=0 install --no-install-recommends $missing \
            >"$log" 2>&1 </dev/null
    code=$?
    [ $code = 0 ] || tail -n 30 "$log" >&2
    rm -f "$log"
    return $code
}
