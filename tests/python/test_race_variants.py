"""Is a program that is run in another way still the same program?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Tuple

import pytest

from grader import race_variants, sandbox
from grader.etc import HOME
from grader.model import Program
from grader.race_report import data_races
from grader.race_variants import Variant

PYTHON = Program("server", ("python3", "server.py"), language="python")
C = Program("server", ("./server",), source="server.c", language="c")

RACES = """\
#include <pthread.h>
#include <stdio.h>
static int first;
static void *serve(void *me)
{
    if (first == 0)
        first = *(int *)me;
    return NULL;
}
int main(void)
{
    pthread_t threads[2];
    int numbers[2] = {1, 2};
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, serve, &numbers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("done\\n");
    return 3;
}
"""


def test_a_variant_lifts_only_what_it_names() -> None:
    variant = Variant(lifted=("data",))
    assert variant.bound({"data": 1, "cpu": 60}) == {"cpu": 60}


# ---- Python ----------------------------------------------------------------


@pytest.mark.parametrize("argv0", ["python3", "/usr/bin/python3", "python3.12"])
def test_python_3_can_be_hurried(tmp_path: Path, argv0: str) -> None:
    program = Program("server", (argv0, "server.py"), language="python")
    assert race_variants.hurried(program, tmp_path) is not None


@pytest.mark.parametrize("argv", [(), ("python2", "s.py"), ("java", "S"), ("./s",)])
def test_what_is_no_python_3_cannot_be_hurried(
    tmp_path: Path, argv: Tuple[str, ...]
) -> None:
    assert race_variants.hurried(Program("server", argv), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def run_hurried(folder: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    variant = race_variants.hurried(PYTHON, folder)
    assert variant is not None
    environment = {
        name: value.replace(HOME, str(folder))
        for name, value in variant.environment.items()
    }
    return subprocess.run(
        [sys.executable, *argv], cwd=str(folder), env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, check=False,
    )  # fmt: skip


def test_a_hurried_program_changes_places_and_notices_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "server.py").write_text(
        "import os, sys\n"
        "print(sys.getswitchinterval() < 1e-4)\n"
        "print(__name__, sys.argv, 'PYTHONPATH' in os.environ)\n"
        "print([p for p in sys.path if 'mngrade' in p], sys.path[0] != '')\n"
    )
    done = run_hurried(tmp_path, "server.py", "12000")
    assert done.stdout.splitlines() == [
        "True",
        "__main__ ['server.py', '12000'] False",
        "[] True",
    ]
    assert done.returncode == 0


# ---- C ---------------------------------------------------------------------

need_compiler = pytest.mark.skipif(
    not (shutil.which("cc") and shutil.which("bwrap")), reason="no compiler"
)


def built(folder: Path, source: str) -> Path:
    """The private folder of a program that has been built already."""
    copy = folder / "copy"
    copy.mkdir()
    (copy / "server.c").write_text(source)
    (copy / "server").write_text("")
    return copy


@need_compiler
def test_a_sanitized_program_tells_its_race_and_ends_as_ever(
    tmp_path: Path,
) -> None:
    copy = built(tmp_path, RACES)
    variant = race_variants.sanitized(C, copy)
    assert variant is not None
    argv = [word.replace(HOME, str(copy)) for word in variant.argv]
    done = subprocess.run(
        argv, env={**os.environ, **variant.environment}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, universal_newlines=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "done\n" in done.stdout
    races = data_races(done.stdout)
    assert {race.variable for race in races} == {"first"}
    assert {a.line for race in races for a in race.accesses} <= {6, 7}


@need_compiler
def test_what_does_not_build_has_no_sanitized_form(tmp_path: Path) -> None:
    copy = built(tmp_path, "int main(void) { return x; }\n")
    assert race_variants.sanitized(C, copy) is None


def test_only_c_is_sanitized(tmp_path: Path) -> None:
    assert race_variants.sanitized(PYTHON, tmp_path) is None


def test_the_limits_of_a_program_do_not_hold_a_sanitizer() -> None:
    assert "data" in sandbox.default_limits()
