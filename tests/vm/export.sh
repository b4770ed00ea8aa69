#!/bin/bash
# export.sh - the machine's disk for other virtual machine programs
#
# Into $VM/export go mngrade.qcow2, which boots by itself, and mngrade.ova
# (VirtualBox, VMware): an archive of the description, a manifest with the
# checksums, and the disk as a stream-optimized vmdk.

set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/vm/machine.sh
. tests/vm/machine.sh

have_disk
out=$vm/export
rm -rf "$out"
mkdir -p "$out"
cp --reflink=auto "$disk" "$out/mngrade.qcow2"
qemu-img convert -O vmdk -o subformat=streamOptimized,adapter_type=lsilogic \
    "$disk" "$out/mngrade-disk1.vmdk"
capacity=$(qemu-img info --output=json "$disk" |
    /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["virtual-size"])')
sed -e "s/@CAPACITY@/$capacity/" \
    -e "s/@SIZE@/$(stat -c %s "$out/mngrade-disk1.vmdk")/" \
    tests/vm/mngrade.ovf >"$out/mngrade.ovf"
cd "$out"
for file in mngrade.ovf mngrade-disk1.vmdk; do
    printf 'SHA256(%s)= %s\n' "$file" "$(sha256sum "$file" | cut -d' ' -f1)"
done >mngrade.mf
# The description comes first, by the standard.
tar --format=ustar --owner=0 --group=0 --numeric-owner -cf mngrade.ova \
    mngrade.ovf mngrade.mf mngrade-disk1.vmdk
rm mngrade.ovf mngrade.mf mngrade-disk1.vmdk
ls -sh --block-size=M "$PWD"/mngrade.*
