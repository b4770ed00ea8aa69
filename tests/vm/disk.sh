#!/bin/bash
# disk.sh - make a disk that boots, of a tree in a folder
#
# usage: disk.sh TREE DISK
#
# Needs no loop device: the root file system is written into its place by
# mke2fs, the small FAT partition before it by mtools, and syslinux puts a
# boot loader (BIOS) on that. Run it as root, or under fakeroot in the same
# session in which the tree was unpacked.

set -eu
tree=$1 disk=$2
here=$(dirname "$0")

mib=$((1024 * 1024))
size=$((6 * 1024))      # of the disk, in MiB; what is empty costs nothing
boot_at=1 boot_size=127 # MiB
root_at=128
# Any value will do, as long as two builds have the same.
root_id=5e0e3f5c-6d6e-4772-8164-650000000001
hash_seed=5e0e3f5c-6d6e-4772-8164-650000000002

rm -f "$disk"
truncate -s ${size}M "$disk"
sfdisk --quiet "$disk" <<TABLE
label: dos
label-id: 0x6d6e6772
start=${boot_at}MiB, size=${boot_size}MiB, type=c, bootable
start=${root_at}MiB, type=83
TABLE

# The boot loader's 440 bytes lie before the partition table.
dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" conv=notrunc bs=440 count=1 \
    status=none
export MTOOLS_SKIP_CHECK=1
part="$disk@@${boot_at}M"
mformat -i "$part" -F -N 6d6e6772 -v BOOT -T $((boot_size * mib / 512)) \
    -h 255 -s 63 -H $((boot_at * mib / 512)) ::
syslinux --install --offset $((boot_at * mib)) "$disk"
sed "s/@ROOT@/$root_id/" "$here/boot/syslinux.cfg" |
    mcopy -i "$part" - ::syslinux.cfg
mcopy -i "$part" "$(realpath "$tree/vmlinuz")" ::vmlinuz
mcopy -i "$part" "$(realpath "$tree/initrd.img")" ::initrd.img

mke2fs -q -t ext4 -L mngrade -U $root_id -m 1 \
    -E offset=$((root_at * mib)),hash_seed=$hash_seed,root_owner=0:0 \
    -d "$tree" "$disk" $(((size - root_at) * 1024))k
