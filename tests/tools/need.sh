#!/bin/bash
# need.sh - install the packages that are missing, through apt
#
# usage: need.sh PACKAGE[:PROGRAM] ...
#
# Where PROGRAM is named, it will do wherever it came from. Silent and quick
# when nothing is missing. Otherwise it says what is missing and asks, unless
# CI or YES=1 is set.

set -u
# Some programs are where only root's PATH leads.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

# The packages of the arguments that are not there, one a line.
missing() {
    local have entry package program
    have=" $(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${@%%:*}" \
        2>/dev/null | awk '$2 == "installed" { print $1 }' | tr '\n' ' ')"
    for entry; do
        package=${entry%%:*}
        [[ $have == *" $package "* ]] && continue
        program=${entry#"$package"}
        [[ $program ]] && command -v "${program#:}" >/dev/null && continue
        echo "$package"
    done
}

# Run a command as root.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# No package may ask questions, or install more than it must.
get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
        -o Dpkg::Use-Pty=0 "$@" </dev/null
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not Debian or Ubuntu; please see to these yourself: ${*%%:*}"
    exit 0
fi

mapfile -t lacking < <(missing "$@")
((${#lacking[@]})) || exit 0

say "Missing packages: ${lacking[*]}"
if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    say "There is no sudo here. As root:"
    say "  apt-get install -y --no-install-recommends ${lacking[*]}"
    exit 1
fi
if [[ -z ${CI:-} && ${YES:-} != 1 ]]; then
    if [[ ! -t 0 ]]; then
        say "Nobody is here to ask; YES=1 installs them without asking."
        exit 1
    fi
    read -r -p "Install them with apt-get? [Y/n] " answer || exit 1
    [[ ${answer:-y} == [Yy]* ]] || exit 1
fi

# A machine that never fetched apt's lists, or long ago, needs them first.
get install --no-install-recommends "${lacking[@]}" ||
    { get update && get install --no-install-recommends "${lacking[@]}"; } ||
    { say "apt-get could not install: ${lacking[*]}"; exit 1; }

mapfile -t lacking < <(missing "$@")
if ((${#lacking[@]})); then
    say "Still missing: ${lacking[*]}"
    exit 1
fi
