#!/bin/bash
# inside.sh - make a machine of the tree: a user, mngrade, the boot's leftovers
#
# Runs in the tree that becomes the disk, as root, after the packages are
# there. What must differ between machines (ssh host keys, machine-id, random
# seeds) is taken out here and made at the first boot.

set -eu
# From `openssl passwd -6 -salt mngrade student`: the password is `student`.
password=$(openssl passwd -6 -salt mngrade student)

echo mngrade >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tmngrade\n' >/etc/hosts
useradd --create-home --shell /bin/bash --groups sudo --password "$password" \
    student

make -s -C /usr/src/mngrade -j"$(nproc)" install PREFIX=/usr/local
cp -r /usr/local/lib/mngrade/labs /home/student/labs
find /home/student/labs -name __pycache__ -prune -exec rm -r {} +
mkdir /home/student/shared
chown -R student:student /home/student
rm -r /usr/src/mngrade

systemctl -q enable systemd-networkd systemd-resolved mngrade-first-boot
systemctl -q disable systemd-networkd-wait-online apt-daily.timer \
    apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap man-db.timer 2>/dev/null || true
update-initramfs -u 2>&1 | grep -v '^update-initramfs: Generating' || true

rm -f /etc/ssh/ssh_host_* /var/lib/dbus/machine-id /var/lib/systemd/random-seed
: >/etc/machine-id
rm -rf /var/log/journal/* /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old \
    /var/lib/dpkg/*-old /var/cache/apt/*.bin /var/log/*.log /var/log/apt/* /tmp/* /var/tmp/*
ln -sf /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
