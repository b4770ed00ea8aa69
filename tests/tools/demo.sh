#!/bin/bash
# demo.sh - grade the reference and one broken submission; `make demo` calls it
#
# Exit status 0 when both reports are what they must be.

set -u
cd "$(dirname "$0")/../.." || exit

BAD=labs/order/examples/bad/waits-for-x-first

# Show the command, run it, and compare its exit status.
show() {
    local wanted=$1 status word line='$ grader/mngrade'
    shift
    for word; do
        [[ $word == *[^a-zA-Z0-9_./-]* ]] && word=${word@Q}
        line+=" $word"
    done
    printf '\n%s\n\n' "$line"
    grader/mngrade "$@"
    status=$?
    if ((status != wanted)); then
        echo "demo: the exit status is $status and must be $wanted" >&2
        exit 1
    fi
}

show 0 grade order build/reference --server ./order_server \
    --client './order_client --host 10.0.0.1'
show 1 grade order "$BAD"

cat <<'END'
The first report is that of the C reference: 70 of 70 points that a program
can judge; 30 more wait for a person. The second one is that of a server that
always waits for client X first. It worked in the two runs in which X was the
first to send, and named the wrong client in the other two: 60 of 70.

Next: grader/mngrade grade order YOUR_FOLDER
END
