#!/bin/bash
# test.sh - run tests in the virtual machine, as a user and as root
#
# usage: test.sh [WHAT...]        (what pytest takes: files, names, -k ...)
#
# Without WHAT it is a choice that fits into LIMIT (20) minutes also where the
# machine is emulated; FULL=1 runs every network and lab test, without a
# limit. AS='student' or AS='root' leaves the other out. A copy of the checkout
# is built in a machine that is gone afterwards. Into $VM/test come USER.log,
# USER.xml (JUnit) and the console. Status 0 when all passed.

set -u
cd "$(dirname "$0")/../.." || exit
# shellcheck source=tests/vm/machine.sh
. tests/vm/machine.sh

BOOT_S=600 # until ssh answers; some 20 s where it is emulated and idle
usual=(tests/network/test_star.py tests/network/test_network.py
    "tests/labs/test_examples.py::test_an_example_gets_its_verdicts[order/good/python-threads]"
    "tests/labs/test_examples.py::test_an_example_gets_its_verdicts[order/good/c-threads]"
    "tests/labs/test_examples.py::test_an_example_gets_its_verdicts[order/bad/waits-for-x-first]"
    "tests/labs/test_examples.py::test_an_example_gets_its_verdicts[sum/good/python-socketserver]"
    "tests/labs/test_examples.py::test_an_example_gets_its_verdicts[chat/good/c-threads]")

say() { printf '%5d s  %s\n' $((SECONDS - began)) "$*"; }

# shellcheck disable=SC2317 # a trap calls it
stop() {
    [[ ${qemu:-} ]] && kill "$qemu" 2>/dev/null && wait "$qemu" 2>/dev/null
    rm -f "$out/disk.qcow2"
}

boot() {
    machine "$out" "$port"
    say "booting (${accel[1]})"
    "${command[@]}" >"$out/console" 2>&1 </dev/null &
    qemu=$!
    until PATIENCE=15 on "$out" "$port" root true 2>/dev/null; do
        if ! kill -0 "$qemu" 2>/dev/null || ((SECONDS - began > BOOT_S)); then
            tail -n 20 "$out/console"
            say "the machine did not come up; see $out/console"
            exit 3
        fi
        sleep 1
    done
}

# What was built here need not be built there, where both are the same Debian:
# make looks at the times, and tar keeps them.
what_is_built() {
    # shellcheck disable=SC1091 # a file of the system
    [[ $(. /etc/os-release && echo "$ID $VERSION_ID") == "debian 12" ]] || return
    find build/bin build/c_src build/liblab.a -type f -print0 2>/dev/null
}

copy_in() {
    say "copying the checkout in, and building it"
    { git ls-files -z && what_is_built; } | tar --null -T - -c |
        on "$out" "$port" student 'mkdir checkout && tar -xC checkout' &&
        on "$out" "$port" student 'make -sC checkout -j2 build' &&
        on "$out" "$port" root 'cp -a /home/student/checkout /root &&
            chown -R root:root /root/checkout'
}

# The tests as one user; the status is pytest's. At the limit pytest is
# interrupted, and says how far it came.
tests() {
    local user=$1 left=$((limit - (SECONDS - began))) status
    ((left > 0)) || left=1
    say "testing as $user"
    on "$out" "$port" "$user" "cd checkout && timeout -s INT -k 30 $left \
        /usr/bin/python3 -m pytest -q -rsfE --durations=0 -p no:cacheprovider \
        --junitxml=result.xml $words" >"$out/$user.log" 2>&1
    status=$?
    on "$out" "$port" "$user" 'cat checkout/result.xml' >"$out/$user.xml" ||
        rm -f "$out/$user.xml"
    say "$user: $(grep -E ' in [0-9.]+s' "$out/$user.log" | tail -n 1 |
        tr -d '=' | xargs) (status $status)"
    return $status
}

have_disk
began=$SECONDS
out=$vm/test
rm -rf "$out"
mkdir -p "$out"
port=$(free_port)
limit=$((${LIMIT:-20} * 60))
what=("$@")
if [[ ${FULL:-} ]]; then
    limit=$((${LIMIT:-1440} * 60))
    what=(tests/network tests/labs)
elif ((!$#)); then
    what=("${usual[@]}")
    echo "Left out: all of tests/network and tests/labs but these; FULL=1 runs all."
    printf '  %s\n' "${what[@]}"
fi
printf -v words '%q ' "${what[@]}"
trap stop EXIT
trap 'exit 130' INT TERM

boot
copy_in || { say "the checkout could not be built"; exit 3; }
failed=0
for user in ${AS:-student root}; do
    tests "$user" || {
        failed=1
        grep -E '^(FAILED|ERROR|E  )' "$out/$user.log" | head -n 40
    }
done
grep -hE '^SKIPPED' "$out"/*.log
on "$out" "$port" root 'systemctl poweroff' 2>/dev/null
say "results: $out"
exit $failed
