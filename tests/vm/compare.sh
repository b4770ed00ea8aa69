#!/bin/bash
# compare.sh - do two builds of the machine hold the same?
#
# usage: compare.sh ONE.qcow2 OTHER.qcow2
#
# Compares every file of the two root file systems: kind, mode, owner, size,
# checksum or target; times are left out. Prints what differs and ends with
# status 1, or says how many files are the same.

set -eu
(($# == 2)) || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ROOT_AT=134217728 # bytes; see disk.sh

# shellcheck disable=SC2016 # the inner shell expands these
list='
    debugfs -R "rdump / $2" "$1?offset=$3" 2>&1 >/dev/null | grep -v "^debugfs " >&2
    cd "$2"
    find . -mindepth 1 ! -type f -printf "%y %m %U %G %p -> %l\n"
    find . -type f -printf "%y %m %U %G %s %p\n"
    find . -type f -print0 | xargs -0 sha256sum
'
contents() {
    local run=(bash)
    ((EUID)) && run=(fakeroot -- bash)
    qemu-img convert -O raw "$1" "$work/raw"
    mkdir "$work/tree"
    "${run[@]}" -c "$list" list "$work/raw" "$work/tree" $ROOT_AT | LC_ALL=C sort
    rm -rf "$work/tree" "$work/raw"
}

contents "$1" >"$work/one"
contents "$2" >"$work/other"
files=$(grep -c '^f ' "$work/one") || { echo "compare.sh: $1 is empty" >&2; exit 2; }
if ! diff -U0 "$work/one" "$work/other" | grep '^[-+][^-+]'; then
    echo "the same: $files files, $(grep -c '^[^f] ' "$work/one") others"
    exit 0
fi
exit 1
