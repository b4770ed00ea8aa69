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
    apt-get indextargets 'Identifier: Packages' 'Origin: Debian' \
        --format '$(CODENAME) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' |
        sed -n "s/^$suite[^ ]* //p" | sort -u | grep . && return
    echo "deb http://deb.debian.org/debian $suite main"
    echo "deb http://deb.debian.org/debian $suite-updates main"
    echo "deb http://deb.debian.org/debian-security $suite-security main"
}

# The tree of the machine as an archive, by mmdebstrap. Drivers for screens,
# sound and radio have no use here, and no document but the licences.
tree() {
    sources >"$work/sources.list"
    git ls-files -z | tar --null -T - -cf "$work/checkout.tar"
    mmdebstrap --variant=minbase --format=tar \
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
        --customize-hook="tar -C '$here/root' --owner=root --group=root --mode=u=rwX,go=rX -c . | tar -x -C \"\$1\" --no-overwrite-dir" \
        --customize-hook="mkdir -p \"\$1/usr/src/mngrade\" && tar -C \"\$1/usr/src/mngrade\" --no-same-owner -xf '$work/checkout.tar'" \
        --customize-hook="chroot \"\$1\" bash /usr/src/mngrade/$here/inside.sh" \
        "$suite" "$work/tree.tar" <"$work/sources.list"
}

mkdir -p "$vm"
work=$(mktemp -d "$vm/work.XXXXXX")
work=$(realpath "$work")
trap 'rm -rf "$work"' EXIT
tree "$@"
ls -l "$work"
[[ ${KEEP_TREE:-} ]] && mv "$work/tree.tar" "$KEEP_TREE"
