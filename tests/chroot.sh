#!/bin/sh
# Do ./demo and ./check work on a bare Debian 12?
#
#     tests/chroot.sh [FOLDER]
#
# Makes a minimal Debian 12 with debootstrap, copies the work tree into it (what git
# knows and what it does not ignore), and runs there ./demo twice and ./check as root;
# then, in a second one, ./demo as a user with sudo.  FOLDER keeps the minimal system
# for the next time; without it everything is removed at the end.  Needs root,
# debootstrap, git and network.  The mirror and the settings of apt are this machine's.
set -eu
cd "$(dirname "$0")/.."

[ "$(id -u)" = 0 ] || { echo 'tests/chroot.sh: only root can chroot' >&2 && exit 1; }
for program in debootstrap git unshare; do
    command -v $program >/dev/null || { echo "tests/chroot.sh: needs $program" >&2 && exit 1; }
done

if [ $# -gt 0 ]; then
    mkdir -p "$1"
    folder=$(cd "$1" && pwd)
else
    folder=$(mktemp -d /var/tmp/rebut-chroot.XXXXXX)
fi
work=$folder/$$
mkdir "$work"
end() {
    rm -rf --one-file-system "$work"
    [ -n "${1:-}" ] || rm -rf --one-file-system "$folder"
}
# shellcheck disable=SC2064
trap "end ${1:+keep}" EXIT
trap 'exit 130' INT TERM

heading() { printf '\n######## %s  (%s)\n' "$1" "$(date +%T)"; }

# Debian's own lists as this machine has them: "URI RELEASE COMPONENT" a line.
lists=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | sed -n 's/^Debian bookworm[a-z-]* //p' | sort -u)
mirror=$(echo "$lists" | sed -n 's/ bookworm main$//p' | head -n 1)
mirror=${mirror:-http://deb.debian.org/debian}
proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy)
[ -z "$proxy" ] || export http_proxy="${http_proxy:-$proxy}"

if [ ! -e "$folder/base/etc/debian_version" ]; then
    heading 'debootstrap'
    debootstrap --variant=minbase bookworm "$work/base" "$mirror" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        exit 1
    }
    mv "$work/base" "$folder/base"
fi

# new_system NAME: a copy of the base that reaches the network as this machine does.
new_system() {
    root=$work/$1
    cp -a "$folder/base" "$root"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    for part in apt.conf apt.conf.d auth.conf auth.conf.d preferences.d trusted.gpg trusted.gpg.d keyrings; do
        [ ! -e "/etc/apt/$part" ] || cp -aL "/etc/apt/$part" "$root/etc/apt/"
    done
    [ -z "$lists" ] || echo "$lists" | sed 's/^/deb /' >"$root/etc/apt/sources.list"
    for program in make gcc sudo git python3; do
        [ ! -e "$root/usr/bin/$program" ] || { echo "the base is not bare: it has $program" >&2 && exit 1; }
    done
}

# inside COMMAND: run in the system, with a /proc that vanishes with it.
inside() {
    unshare --mount --pid --fork --kill-child sh -c '
        mount -t proc proc "$0/proc" &&
        exec chroot "$0" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
            ${no_proxy:+"no_proxy=$no_proxy"} sh -c "$1"' "$root" "$1" </dev/null
}

# copy_tree FOLDER: what a commit of the work tree would hold.
copy_tree() {
    mkdir "$1"
    git ls-files --cached --others --exclude-standard | while IFS= read -r file; do
        [ ! -e "$file" ] || echo "$file"
    done | tar -c -T - | tar -x -C "$1"
}

# timed WORDS COMMAND: how long it took and whether it worked go to the summary.
timed() {
    heading "$1"
    timed_begin=$(date +%s)
    word=ok
    inside "$2" || word=FAILED
    [ $word = ok ] || failed=1
    printf '%-6s %5d s  %s\n' $word $(($(date +%s) - timed_begin)) "$1" >>"$work/summary"
}
failed=0

new_system root
copy_tree "$root/root/rebut"
timed 'root: ./demo on the bare system' 'cd /root/rebut && ./demo'
timed 'root: ./demo again' 'cd /root/rebut && ./demo'
timed 'root: ./check' 'cd /root/rebut && ./check'
timed 'root: ./check quick again' 'cd /root/rebut && ./check quick'
rm -rf --one-file-system "$root"

new_system user
timed 'a user with sudo is made' '
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
        -o Dpkg::Use-Pty=0 install --no-install-recommends sudo >/dev/null 2>&1 &&
    useradd -m -s /bin/sh someone &&
    echo "someone ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/someone'
copy_tree "$root/home/someone/rebut"
inside 'chown -R someone: /home/someone'
timed 'user: ./demo on the bare system' 'su - someone -c "cd rebut && ./demo"'
timed 'user: ./demo again' 'su - someone -c "cd rebut && ./demo"'

heading 'summary'
cat "$work/summary"
exit $failed
