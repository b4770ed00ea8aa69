# machine.sh - start the virtual machine, and reach it
#
# To be sourced. The disk of the build is never written to: each machine runs
# on an overlay. Who may log in by key is told to the machine through its
# firmware (a credential of systemd), so no key is on the disk.
# shellcheck shell=bash

vm=${VM:-build/vm}
disk=$vm/mngrade.qcow2
# Seconds in which KVM must have run a guest of five bytes.
KVM_PATIENCE=5

have_disk() {
    [[ -e $disk ]] && return
    echo "There is no $disk; \`make vm\` builds it." >&2
    exit 2
}

# Which processor KVM is asked for: some machines have one that they cannot make.
kvm_cpu=(-cpu host)

# Whether KVM truly runs a guest: /dev/kvm may open and the guest then hang.
# This one writes 42 to the port of QEMU's exit device, which makes it 85.
kvm_works() {
    local guest=$1/guest status
    [[ -w /dev/kvm ]] || return 1
    printf '\xb0\x2a\xe6\xf4\xf4' >"$guest"
    truncate -s 510 "$guest"
    printf '\x55\xaa' >>"$guest"
    # QEMU may abort, of which the shell is not to tell.
    status=$(exec 2>/dev/null
        timeout -k 1 $KVM_PATIENCE qemu-system-x86_64 -accel kvm "${kvm_cpu[@]}" \
            -M q35 -smp 2 -m 64 -nodefaults -display none \
            -device isa-debug-exit,iobase=0xf4 \
            -drive "file=$guest,format=raw" >/dev/null </dev/null
        echo $?)
    rm -f "$guest"
    ((status == 85))
}

# One line of tmpfiles.d that writes a file into the machine.
tmpfile() { echo "f~ $1 $2 $3 $3 - $(base64 -w 0)"; }

# What lets the holder of $1/key in, as QEMU's argument.
credential() {
    local user home
    [[ -e $1/key ]] || ssh-keygen -q -t ed25519 -N '' -C mngrade-vm -f "$1/key"
    for user in student root; do
        home=/home/$user
        [[ $user == root ]] && home=/root
        echo "d $home/.ssh 0700 $user $user -"
        tmpfile $home/.ssh/authorized_keys 0600 $user <"$1/key.pub"
    done | base64 -w 0 |
        sed 's/^/type=11,value=io.systemd.credential.binary:tmpfiles.extra=/'
}

# A free port on the loopback.
free_port() {
    /usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# What the kernel is told. Where the processor is emulated, each reading of the
# clock would go out to an emulated timer, and a defence against leaks between
# its programs costs a third more: nothing but tests runs in it.
arguments="root=LABEL=mngrade rw quiet net.ifnames=0 console=ttyS0"
arguments+=" mitigations=off tsc=reliable clocksource=tsc"

# machine FOLDER PORT: the command that runs a machine, in the array `command`.
machine() {
    local folder=$1 port=$2
    accel=(-accel "tcg,thread=multi" -cpu max)
    kvm_works "$folder" && accel=(-accel kvm "${kvm_cpu[@]}")
    rm -f "$folder/disk.qcow2"
    qemu-img create -q -f qcow2 -F qcow2 -b "$(realpath "$disk")" \
        "$folder/disk.qcow2"
    # shellcheck disable=SC2034 # for who sources this
    command=(qemu-system-x86_64 -M q35 "${accel[@]}"
        -smp "${CPUS:-2}" -m "${MEMORY:-2048}" -nographic -no-reboot
        -drive "file=$folder/disk.qcow2,if=virtio,cache=unsafe"
        -nic "user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:$port-:22"
        -device virtio-rng-pci
        -smbios "$(credential "$folder")"
        -kernel "$vm/vmlinuz" -initrd "$vm/initrd.img"
        -append "$arguments")
}

# on FOLDER PORT USER COMMAND...: run a command in the machine. On a busy
# machine outside, an emulated sshd needs long for its first word: PATIENCE.
on() {
    local folder=$1 port=$2 user=$3
    shift 3
    ssh -i "$folder/key" -p "$port" -o BatchMode=yes -o ConnectTimeout="${PATIENCE:-90}" \
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -o LogLevel=ERROR -o ServerAliveInterval=30 "$user@127.0.0.1" "$@"
}
