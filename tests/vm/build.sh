#!/bin/bash
# build.sh - build the disk of the virtual machine from Debian's packages
#
# usage: build.sh PACKAGE...
#
# Into $VM (build/vm) go mngrade.qcow2, the kernel and initrd that are on it
# (for QEMU's -kernel), and mngrade.packages: a line NAME=VERSION for each
# package. The mirror is the one that this machine's apt uses for Debian 12,
# else Debian's own; MIRROR=URL takes another. Two builds from the same
# packages and the same commit give the same disk: see compare.sh.

set -eu
cd "$(dirname "$0")/../.."
here=tests/vm
vm=${VM:-build/vm}
suite=bookworm
began=$SECONDS
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8

# What a machine needs besides what mngrade and its tests need.
machine=(linux-image-amd64 systemd-sysv udev dbus libpam-systemd kmod zstd
    sudo openssh-server systemd-resolved openvswitch-switch ethtool iperf3
    procps psmisc lsof strace less nano vim-tiny git bash-completion
    ca-certificates)

# The lines of sources.list for Debian 12 that this machine's apt uses.
sources() {
    if [[ ${MIRROR:-} ]]; then
        echo "deb $MIRROR $suite main"
        return
    fi
    # shellcheck disable=SC2016 # apt replaces these
    apt-get indextargets 'Identifier: Packages' 'Origin: Debian' \
        --format '$(CODENAME) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' |
        sed -n "s/^${suite}[^ ]* //p" | sort -u | grep . && return
    echo "deb http://deb.debian.org/debian $suite main"
    echo "deb http://deb.debian.org/debian $suite-updates main"
    echo "deb http://deb.debian.org/debian-security $suite-security main"
}

# The tree of the machine as an archive, by mmdebstrap. Drivers for screens,
# sound and radio have no use here, and no document but the licences.
tree() {
    sources >"$work/sources.list"
    git ls-files -z | tar --null -T - -cf "$work/checkout.tar"
    # shellcheck disable=SC2016 # the hook gets the tree as its argument
    mmdebstrap --quiet --variant=minbase --format=tar \
        --include="$(IFS=,; echo "${machine[*]},$*")" \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/gpu/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/media/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/infiniband/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/staging/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/iio/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/drivers/net/wireless/*' \
        --dpkgopt='path-exclude=/lib/modules/*/kernel/sound/*' \
        --essential-hook='mkdir -p "$1/usr/share/man/man1"' \
        --essential-hook="mkdir -p \"\$1/etc/initramfs-tools/conf.d\" && cp '$here/root/etc/initramfs-tools/conf.d/mngrade' \"\$1/etc/initramfs-tools/conf.d\"" \
        --customize-hook="tar -C '$here/root' --owner=root --group=root --mode=u=rwX,go=rX -c . | tar -x -C \"\$1\" --no-overwrite-dir" \
        --customize-hook="mkdir -p \"\$1/usr/src/mngrade\" && tar -C \"\$1/usr/src/mngrade\" --no-same-owner -xf '$work/checkout.tar'" \
        --customize-hook="chroot \"\$1\" bash /usr/src/mngrade/$here/inside.sh" \
        "$suite" "$work/tree.tar" <"$work/sources.list"
}

# Owners are kept without being root.
as_owner() {
    if ((EUID)); then
        fakeroot -- "$@"
    else
        "$@"
    fi
}

mkdir -p "$vm"
work=$(mktemp -d "$(realpath "$vm")/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "Packages: from $(sources | awk '{ print $2 }' | sort -u | xargs) ..."
tree "$@" >"$vm/build.log" 2>&1 || {
    tail -n 40 "$vm/build.log" >&2
    echo "build.sh: the tree could not be made; see $vm/build.log" >&2
    exit 1
}

echo "Disk ..."
mkdir "$work/tree"
# shellcheck disable=SC2016 # the inner shell expands these
as_owner bash -euc '
    tar -C "$1/tree" --numeric-owner --xattrs --xattrs-include="*" \
        --exclude="./dev/*" -xpf "$1/tree.tar"
    bash "$2/disk.sh" "$1/tree" "$1/disk.raw"
    dpkg-query --admindir="$1/tree/var/lib/dpkg" -W \
        -f "\${Package}=\${Version}\n" | sort >"$1/packages"
    cp "$1/tree/vmlinuz" "$1/tree/initrd.img" "$1"
' build "$work" "$here"
qemu-img convert -c -O qcow2 -o compression_type=zstd "$work/disk.raw" \
    "$work/mngrade.qcow2"

mv "$work/packages" "$vm/mngrade.packages"
mv "$work/vmlinuz" "$work/initrd.img" "$work/mngrade.qcow2" "$vm"
cat "$vm/mngrade.packages"
printf '%s: %d packages, %d MiB, %d s\n' "$vm/mngrade.qcow2" \
    "$(wc -l <"$vm/mngrade.packages")" \
    $(($(stat -c %s "$vm/mngrade.qcow2") >> 20)) $((SECONDS - began))
