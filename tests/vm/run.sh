#!/bin/bash
# run.sh - boot the virtual machine here, with its console on this terminal
#
# Changes are kept in $VM/run/disk.qcow2 until the next start. SHARED=FOLDER
# appears as ~/shared in it. PORT (2222) on the loopback leads to its ssh.

set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/vm/machine.sh
. tests/vm/machine.sh

have_disk
folder=$vm/run
port=${PORT:-2222}
mkdir -p "$folder"
machine "$folder" "$port"
if [[ ${SHARED:-} ]]; then
    [[ -d $SHARED ]] || { echo "SHARED=$SHARED is no folder" >&2; exit 2; }
    command+=(-virtfs
        "local,path=$SHARED,mount_tag=shared,security_model=none,multidevs=remap")
fi
cat <<TEXT
${accel[1]}; log in as student, password student. Ctrl-A X ends it at once.
  ssh -i $folder/key -p $port student@127.0.0.1
TEXT
exec "${command[@]}"
