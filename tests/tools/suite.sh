#!/bin/bash
# suite.sh - run every part of `make test`, and count what passed
#
# A part is a target of the Makefile. Its output goes to $LOGS/PART.log
# and is counted from there; a part that breaks off counts as one failure, and
# so does one in which nothing ran. Parts of different kinds run side by side
# in two lanes. The attacks and the labs' examples come last and alone, as they
# use all cores.

set -u
cd "$(dirname "$0")/../.." || exit
make=${MAKE:-make}
logs=${LOGS:-build/test}
rm -rf "$logs"
mkdir -p "$logs"

# Print "PASSED FAILED" for the log of a part: lines of Check, of pytest and of
# lint.sh.
count() {
    awk '
        /^[0-9]+%: Checks: / {
            gsub(",", "")
            passed += $3 - $5 - $7
            failed += $5 + $7
        }
        # A failed test may quote such a line: the last one is what counts.
        /^[0-9]+ (passed|failed|errors?|skipped).* in [0-9.]+s/ {
            tests_passed = tests_failed = 0
            for (i = 1; i < NF; i++) {
                if ($(i + 1) ~ /^passed/) tests_passed = $i
                if ($(i + 1) ~ /^(failed|errors?)/) tests_failed += $i
            }
        }
        /^ok   lint: / { passed++ }
        /^FAIL lint: / { failed++ }
        END { print passed + tests_passed, failed + tests_failed }
    ' "$1"
}

# Run one part; its result is the file PART.count.
part() {
    local name=$1 log=$logs/$1.log began=$SECONDS status passed failed
    # What runs in the background ignores Ctrl-C, and so would the programs
    # whose answer to it is tested.
    env --default-signal=INT,QUIT \
        "$make" -s --no-print-directory "$name" >"$log" 2>&1 </dev/null
    status=$?
    read -r passed failed < <(count "$log")
    if ((failed == 0 && (status != 0 || passed == 0))); then
        failed=1
    fi
    echo "$passed $failed" >"$logs/$name.count"
    printf '%-14s %4d passed, %d failed  %3d s\n' \
        "$name" "$passed" "$failed" $((SECONDS - began))
    if ((failed)); then
        echo "---- the end of $log ----"
        tail -n 60 "$log"
        echo "----"
    fi
}

lane() {
    local name
    for name; do
        part "$name"
    done
}

trap 'kill "$first" 2>/dev/null; exit 130' INT TERM
lane check-c check-asan check-tsan lint &
first=$!
lane check-network check-python check-browser
wait "$first"
lane attacks check-labs

grep -hE '^(SKIPPED|SKIP )' "$logs"/*.log
cat "$logs"/*.count | awk '
    { passed += $1; failed += $2 }
    END {
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }'
