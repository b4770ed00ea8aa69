#!/bin/bash
# lint.sh - what can be found wrong without running anything
#
# One line for each linter: `ok   lint: NAME`, `FAIL lint: NAME` after what it
# said, or `SKIP lint: NAME: why`. Exit status 1 when one failed.

set -u
shopt -s nullglob
cd "$(dirname "$0")/../.." || exit
PYTHON=${PYTHON:-/usr/bin/python3}
# The formats of two versions of clang-format differ; this one is the measure.
CLANG_FORMAT_VERSION=14

mkdir -p build/lint
failed=0

# check NAME COMMAND...
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok   lint: $name"
    else
        printf '%s\n' "$output"
        echo "FAIL lint: $name"
        failed=1
    fi
}

skip() { echo "SKIP lint: $1: $2"; }

have() { command -v "$1" >/dev/null; }

mapfile -t c_files < <(find c_src tests/c -name '*.[ch]' | sort)
mapfile -t labs < <(dirname labs/*/scenarios.py)
lab_files=()
for lab in "${labs[@]}"; do
    lab_files+=("$lab"/*.py)
done
mapfile -t python_files < <(
    # What is below a folder of tests/attacks is a submission.
    find grader topologies tests -path 'tests/attacks/*/*' -prune -o \
        -name '*.py' -print | sort
    printf '%s\n' "${lab_files[@]}"
)
mapfile -t shell_files < <(
    find tests -name '*.sh' | sort
    printf '%s\n' grader/mngrade .ci/run
)

# ---- C -----------------------------------------------------------------

clang_format=clang-format
have "clang-format-$CLANG_FORMAT_VERSION" &&
    clang_format=clang-format-$CLANG_FORMAT_VERSION
if ! have "$clang_format"; then
    skip clang-format "not installed"
elif [[ $("$clang_format" --version) != *"version $CLANG_FORMAT_VERSION."* ]]; then
    skip clang-format "not version $CLANG_FORMAT_VERSION, which is the measure"
else
    check clang-format "$clang_format" --dry-run -Werror \
        --style=file:c_src/.clang-format "${c_files[@]}"
fi

if have cppcheck; then
    check cppcheck cppcheck --std=c11 -D_GNU_SOURCE -Ic_src --quiet \
        --enable=warning,performance,portability --inline-suppr \
        --suppress=missingIncludeSystem --error-exitcode=1 c_src tests/c
else
    skip cppcheck "not installed"
fi

# ---- Python ------------------------------------------------------------

types=(mypy --python-version 3.8 --cache-dir build/lint/mypy)
# A test may leave its types out, but those that it has must be right.
lenient=(--allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls)

if have mypy; then
    check "mypy grader" "${types[@]}" --strict grader topologies
    for lab in "${labs[@]}"; do
        check "mypy $lab" "${types[@]}" --strict --explicit-package-bases \
            "$lab"/*.py
    done
    MYPYPATH=tests/python check "mypy tests/python" "${types[@]}" --strict \
        "${lenient[@]}" tests/python/*.py
    check "mypy tests/network" "${types[@]}" --explicit-package-bases \
        tests/network/*.py
    check "mypy tests/attacks" "${types[@]}" --strict \
        --explicit-package-bases tests/attacks/*.py
    check "mypy tests/bench" "${types[@]}" --strict tests/bench/*.py
    MYPYPATH=tests/mutation check "mypy tests/mutation" "${types[@]}" --strict \
        --explicit-package-bases tests/mutation/*.py
    MYPYPATH=tests/browser:tests/python check "mypy tests/browser" \
        "${types[@]}" "${lenient[@]}" --explicit-package-bases \
        tests/browser/*.py
else
    skip mypy "not installed"
fi

check "syntax of Python 3.8" "$PYTHON" tests/tools/python38.py \
    "${python_files[@]}"

if have vermin; then
    check vermin vermin --quiet --no-tips --violations --target=3.8- \
        "${python_files[@]}"
else
    # Debian 12 has no package of it. mypy knows the library of 3.8 as well.
    skip vermin "not installed"
fi

if have flake8; then
    check flake8 flake8 "${python_files[@]}"
else
    skip flake8 "not installed"
fi

# ---- shell -------------------------------------------------------------

if have shellcheck; then
    check shellcheck shellcheck "${shell_files[@]}"
else
    skip shellcheck "not installed"
fi

exit "$failed"
