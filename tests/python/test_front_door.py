"""Does the front door open: make, README, .ci/run, the packages, install?"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Dict, List, Set

import pytest

from grader import doctor

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOOLS = ROOT / "tests" / "tools"
LIMIT_S = 60.0


def run(
    *argv: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command as a script would, with nobody to ask."""
    env = {**os.environ, **environment}
    for name in ("CI", "YES", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        if name not in environment:
            env.pop(name, None)
    return subprocess.run(
        list(argv), cwd=str(ROOT), env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, timeout=LIMIT_S, check=False,
    )


def targets() -> Set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))


def packages(variable: str) -> List[str]:
    """The words of a list of the Makefile, without `:program`."""
    joined = MAKEFILE.replace("\\\n", " ")
    found = re.search(r"^%s\s*:=(.*)$" % variable, joined, re.M)
    assert found, variable
    return [word.partition(":")[0] for word in found.group(1).split()]


# ---- make --------------------------------------------------------------


def test_every_make_command_of_the_readme_exists() -> None:
    asked = set(re.findall(r"\bmake\s([a-z][a-z-]*)\b", _code(README)))
    assert {"demo", "test", "grade", "verify", "install"} <= asked
    assert asked <= targets()


def _code(markdown: str) -> str:
    """What is set as code, in blocks and in lines."""
    blocks = re.findall(r"^```\n(.*?)^```", markdown, re.M | re.S)
    rest = re.sub(r"^```\n.*?^```", "", markdown, flags=re.M | re.S)
    return "\n".join(blocks + re.findall(r"`([^`]+)`", rest))


def test_help_lists_every_target_that_says_what_it_does() -> None:
    told = run("make", "help")
    assert told.returncode == 0, told.stdout
    listed = {line.split()[0] for line in told.stdout.splitlines()}
    described = set(re.findall(r"^([a-z][a-z-]*):.*## ", MAKEFILE, re.M))
    assert listed == described
    assert {"demo", "test", "help", "soak", "bench", "lint"} <= listed


def test_every_target_without_a_file_is_phony() -> None:
    joined = MAKEFILE.replace("\\\n", " ")
    found = re.search(r"^\.PHONY:(.*)$", joined, re.M)
    assert found
    assert set(found.group(1).split()) == targets()


@pytest.mark.parametrize(
    "option", sorted(set(re.findall(r"`(--[a-z]+)|\s(--[a-z]+) ", README)))
)
def test_options_of_the_readme_exist(option: "tuple[str, str]") -> None:
    name = option[0] or option[1]
    commands = (["grade"], ["batch"], ["gradebook", "export"])
    told = [
        run(str(ROOT / "grader" / "mngrade"), *command, "--help").stdout
        for command in commands
    ]
    assert re.search(r"\s%s\b" % name, "\n".join(told)), name


# ---- packages ------------------------------------------------------------


def test_need_covers_what_the_doctor_looks_for() -> None:
    wanted = {package for _program, package, _why in doctor._NEEDED}
    assert wanted <= set(packages("NEED"))


def test_the_tests_have_every_language() -> None:
    languages = {
        package for _program, package, why in doctor._OPTIONAL
        if "submissions in" in why
    }
    assert len(languages) >= 3
    assert languages <= set(packages("NEED_TEST"))


needs_dpkg = pytest.mark.skipif(
    doctor.find_program("apt-get") is None, reason="no Debian"
)


@needs_dpkg
@pytest.mark.parametrize("entry", ["dpkg", "no-such-package:sh"])
def test_nothing_is_said_when_nothing_is_missing(entry: str) -> None:
    done = run(str(TOOLS / "need.sh"), entry)
    assert (done.returncode, done.stdout) == (0, "")


@needs_dpkg
@pytest.mark.parametrize(
    "entry", ["no-such-package", "no-such-package:no-such-program"]
)
def test_what_is_missing_is_named_and_not_taken_without_asking(
    entry: str,
) -> None:
    done = run(str(TOOLS / "need.sh"), "dpkg", entry)
    assert done.returncode == 1
    assert "Missing packages: no-such-package\n" in done.stdout


# ---- the test command ----------------------------------------------------


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert run("bash", "-n", str(script)).stdout == ""
    assert re.search(r"^make test\b", script.read_text(), re.M)
    assert re.search(r"^make test\b", README, re.M)


#: What the parts print, as in a run in which all is well.
WELL = {
    "check-c": "100%: Checks: 3, Failures: 0, Errors: 0",
    "check-asan": "100%: Checks: 3, Failures: 0, Errors: 0",
    "check-tsan": "100%: Checks: 3, Failures: 0, Errors: 0",
    "lint": "ok   lint: one\nSKIP lint: two: not installed",
    "check-network": "5 passed, 1 skipped in 1.50s",
    "check-python": "20 passed in 0.10s",
    "check-browser": "2 passed in 9.50s",
    "attacks": "3 passed in 9.00s",
    "check-labs": "9 passed in 61.00s (0:01:01)",
}


def suite(folder: Path, told: Dict[str, str], fails: str = "") -> List[str]:
    """Run the suite with parts that only print; its output and status."""
    fake = folder / "make"
    fake.write_text(
        "#!/bin/sh\nfor part; do :; done\ncat '%s'/\"$part\"\n"
        "[ \"$part\" != '%s' ]\n" % (folder, fails)
    )
    fake.chmod(0o755)
    for part, text in told.items():
        (folder / part).write_text(text + "\n")
    done = run(
        str(TOOLS / "suite.sh"), MAKE=str(fake), LOGS=str(folder / "logs")
    )
    return done.stdout.splitlines() + [str(done.returncode)]


def test_the_suite_adds_up_all_parts(tmp_path: Path) -> None:
    lines = suite(tmp_path, WELL)
    assert lines[-2:] == ["49 passed, 0 failed", "0"]
    assert "SKIP lint: two: not installed" in lines


@pytest.mark.parametrize(
    "part, text, total",
    [
        ("check-c", "66%: Checks: 3, Failures: 1, Errors: 0", "48 passed, 1"),
        ("check-tsan", "0%: Checks: 3, Failures: 1, Errors: 2", "46 passed, 3"),
        ("check-python", "2 failed, 18 passed, 1 error in 1.00s", "47 passed, 3"),
        (
            "check-python",
            "9 failed, 9 passed in 3.00s\nE  7 failed, 7 passed in 1.00s\n"
            "1 failed, 19 passed, 2 skipped in 61.75s (0:01:01)",
            "48 passed, 1",
        ),
        ("check-labs", "2 failed, 7 passed in 61.00s (0:01:01)", "47 passed, 2"),
        ("lint", "FAIL lint: one", "48 passed, 1"),
        ("check-network", "no tests ran in 0.01s", "44 passed, 1"),
        ("check-labs", "", "40 passed, 1"),
    ],
)
def test_the_suite_counts_failures(
    tmp_path: Path, part: str, text: str, total: str
) -> None:
    lines = suite(tmp_path, {**WELL, part: text})
    assert lines[-2:] == [total + " failed", "1"]


def test_a_part_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    lines = suite(tmp_path, WELL, fails="check-asan")
    assert lines[-2:] == ["49 passed, 1 failed", "1"]


# ---- mngrade -----------------------------------------------------------


def test_what_lies_in_the_current_folder_is_no_part_of_the_grader(
    tmp_path: Path,
) -> None:
    for name in ("json", "logging", "yaml", "grader"):
        text = "raise SystemExit('%s of the hand-in was imported')\n" % name
        (tmp_path / (name + ".py")).write_text(text)
    mngrade = str(ROOT / "grader" / "mngrade")
    told = run("sh", "-c", 'cd "$0" && "$1" doctor', str(tmp_path), mngrade)
    assert "imported" not in told.stdout
    assert told.stdout.startswith("ok   Python 3.")


# ---- install -------------------------------------------------------------


def test_an_installed_mngrade_finds_its_labs_and_goes_again(
    tmp_path: Path,
) -> None:
    place = ["PREFIX=%s" % tmp_path]
    done = run("make", "-s", "install", *place)
    assert done.returncode == 0, done.stdout
    mngrade = str(tmp_path / "bin" / "mngrade")
    told = run(mngrade, "grade", "order", str(tmp_path / "nothing"))
    assert (told.returncode, "no such path" in told.stdout) == (2, True)
    found = run(mngrade, "doctor").stdout
    assert str(tmp_path / "lib" / "mngrade" / "build" / "bin") in found
    assert run("make", "-s", "uninstall", *place).returncode == 0
    assert [p for p in tmp_path.rglob("*") if not p.is_dir()] == []
