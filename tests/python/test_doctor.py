"""Does the doctor see what is missing, and does its command mend it?"""

import subprocess
import sys
from pathlib import Path

import pytest

from grader import arena, doctor, namespaces

REPO = Path(__file__).resolve().parent.parent.parent


def test_each_finding_that_is_not_well_says_what_mends_it(tmp_path):
    for finding in doctor.diagnose(tmp_path):
        assert finding.what
        assert bool(finding.mend) == (not finding.ok)


@pytest.mark.parametrize("entry", doctor._NEEDED)
def test_a_missing_program_is_named_with_its_package(monkeypatch, entry):
    monkeypatch.setattr(doctor, "find_program", lambda name: None)
    finding = doctor._program(entry, True)
    name, package, _ = entry
    assert not finding.ok and finding.needed
    assert finding.what.startswith(name + " is missing")
    assert finding.mend.startswith("sudo apt-get install")
    assert finding.mend.endswith(" " + package)


def test_a_program_that_is_only_in_root_s_path_is_found(monkeypatch, tmp_path):
    tool = tmp_path / "sbin" / "sometool"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setattr(namespaces, "SYSTEM_FOLDERS", str(tool.parent))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.find_program("sometool") == str(tool)
    assert doctor.find_program("someothertool") is None


@pytest.mark.parametrize(
    "version, well", [((3, 7, 9), False), ((3, 8, 0), True), ((3, 13, 1), True)]
)
def test_an_old_python_is_told(version, well):
    assert doctor._python(version).ok is well


def test_labrun_is_looked_for_where_make_puts_it(tmp_path):
    build = tmp_path / "build" / "bin"
    build.mkdir(parents=True)
    finding = doctor._labrun(build)
    assert not finding.ok
    assert finding.mend == "make -C %s build" % tmp_path
    (build / "labrun").touch(0o755)
    assert doctor._labrun(build).ok


def test_forbidden_namespaces_are_told_with_the_reason(monkeypatch):
    monkeypatch.setattr(arena, "possible", lambda: "unshare: No space left")
    monkeypatch.setattr(namespaces, "remedy", lambda: "sudo sysctl -w x=1")
    finding = doctor._namespaces()
    assert not finding.ok and "unshare: No space left" in finding.what
    assert finding.mend == "sudo sysctl -w x=1"


def test_a_full_disk_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "_ROOM", 1 << 62)
    assert not doctor._room().ok
    monkeypatch.setattr(doctor, "_ROOM", 1)
    assert doctor._room().ok


def test_a_missing_mininet_is_a_finding_and_no_traceback():
    """Hide the package from a fresh interpreter."""
    script = (
        "import sys; sys.modules['mininet'] = None\n"
        "import importlib.util; find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda n: None if n == 'mininet' else find(n)\n"
        "from grader import doctor\n"
        "print([f for f in doctor.diagnose() if 'Mininet' in f.what])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=str(REPO),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "ok=False" in done.stdout and "Mininet is not installed" in done.stdout
