"""What happens around one attack?

Process 1 of namespaces of its own, started by outer.py: a small machine with
its own processes, network, memory files and disk, so that everything that is
left in it at the end was left behind, and an attack that gets through hurts
nothing else. Here the attack is graded, an innocent submission beside it, and
somebody asks all the while whether the machine still answers. Prints what was
seen as one JSON object; judge.py says what that means.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from tests.attacks import spec
from tests.attacks.remains import Remains
from tests.attacks.signs import signs_in
from tests.attacks.targets import Targets, lay_out

REPO = Path(__file__).resolve().parent.parent.parent
INNOCENT = REPO / "labs" / "order" / "examples" / "good" / "c-poll"
NOBODY = 65534
AS_NOBODY = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY),
             "--clear-groups"]  # fmt: skip
#: An ordinary user in a namespace whose root we are.
AS_USER = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
#: How many times the innocent submission is graded at most.
MOST_INNOCENTS = 3
#: Most attacks have ended by then, with the first beside them.
BETWEEN_INNOCENTS_S = 5.0
#: Bytes of the attack's text report that are looked at.
MOST_TEXT = 8 << 20


class Grading:
    """One grading under way."""

    def __init__(self, argv: Sequence[str], cwd: Path, disk: Path, name: str,
                 env: Dict[str, str]) -> None:
        self.temporary = disk / ("tmp-" + name)
        self._out, self._err = disk / (name + ".out"), disk / (name + ".err")
        self._began = time.monotonic()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                list(argv), cwd=str(cwd), stdin=subprocess.DEVNULL,
                stdout=out, stderr=err, start_new_session=True,
                env={**env, "TMPDIR": str(self.temporary)},
            )  # fmt: skip
        self.timed_out = False

    def wait(self, bound_s: float) -> Dict[str, Any]:
        """How it ended; it is killed at the bound."""
        try:
            self.process.wait(max(0.1, bound_s))
        except subprocess.TimeoutExpired:
            self.timed_out = True
            self.process.kill()
            self.process.wait()
        return {
            "status": self.process.returncode,
            "timed_out": self.timed_out,
            "seconds": round(time.monotonic() - self._began, 2),
            "out": _text(self._out),
            "err": _text(self._err),
        }


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_TEXT).decode("utf-8", "replace")


class Stage:
    """The disk, and who the grader's user is."""

    def __init__(self, disk: Path, who: str, real_root: bool) -> None:
        self.disk = disk
        self.own: Optional[int] = None
        self.before: List[str] = []
        if who == "user" and real_root:
            self.own, self.before = NOBODY, AS_NOBODY
        elif who == "user":
            self.before = AS_USER
        for name in ("home", "keep", "reports", "tmp-attack", "tmp-innocent"):
            self.folder(name, 0o700 if name == "home" else 0o755)

    def folder(self, name: str, mode: int = 0o755) -> Path:
        path = self.disk / name
        path.mkdir()
        path.chmod(mode)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        if self.own is not None:
            subprocess.run(
                ["chown", "-Rh", "%d:%d" % (self.own, self.own), str(path)],
                check=True,
            )

    def environment(self) -> Dict[str, str]:
        kept = {k: os.environ[k] for k in ("PATH", "LANG") if k in os.environ}
        return {
            **kept, "HOME": str(self.disk / "home"), "PYTHON": sys.executable,
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def grade(self, name: str, argv: Sequence[str], cwd: Path) -> Grading:
        return Grading([*self.before, *argv], cwd, self.disk, name,
                       self.environment())  # fmt: skip


def usual_report(stage: Stage) -> Dict[str, Any]:
    """The innocent submission alone."""
    started = start_innocent(stage)
    ended: Dict[str, Any] = started.wait(120)
    return ended


def start_innocent(stage: Stage) -> Grading:
    folder = stage.disk / "innocent"
    if not folder.exists():
        lay_out([INNOCENT], folder, {})
        stage.give(folder)
    argv = [str(REPO / "grader" / "mngrade"), "grade", "order", str(folder),
            "--canonical"]  # fmt: skip
    return stage.grade("innocent", argv, REPO)


class Innocents(threading.Thread):
    """Grades the innocent submission as long as the attack is graded."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self._stage = stage
        self._over = threading.Event()
        self.ended: List[Dict[str, Any]] = []
        self.fault = ""

    def run(self) -> None:
        try:
            while len(self.ended) < MOST_INNOCENTS:
                self.ended.append(start_innocent(self._stage).wait(180))
                if self._over.wait(BETWEEN_INNOCENTS_S):
                    return
        except OSError as error:
            self.fault = str(error)  # the machine has no process left

    def finish(self) -> None:
        self._over.set()
        self.join()


class Probe(threading.Thread):
    """How long does the machine take to run the smallest command?"""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()
        self.slowest_s = 0.0
        self.fault = ""

    def run(self) -> None:
        while not self._over.wait(0.2):
            began = time.monotonic()
            try:
                subprocess.run(["/bin/true"], check=True, timeout=60)
            except (OSError, subprocess.SubprocessError) as error:
                self.fault = str(error)
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)

    def finish(self) -> None:
        self._over.set()
        self.join()


def hand_in(attack: spec.Attack, stage: Stage, targets: Targets) -> Path:
    """What is graded: a folder, or what make.py writes."""
    folder = stage.disk / "attack"
    under = [spec.HERE / "base" / attack.base] if attack.base else []
    words = targets.words()
    words["@WHERE@"] = attack.where
    words["@GRADER@"] = str(REPO)
    lay_out([*under, attack.folder], folder, words)
    maker = folder / "make.py"
    made = folder
    if maker.exists():
        to = stage.folder("made")
        done = subprocess.run(
            [sys.executable, str(maker), str(to)], check=True, timeout=120,
            stdout=subprocess.PIPE, universal_newlines=True,
        )  # fmt: skip
        made = to / done.stdout.rstrip("\n")
        stage.give(to)
    stage.give(folder)
    return made


def command(layers: Sequence[str]) -> List[str]:
    """`mngrade grade` as a user starts it, or without some of its layers."""
    if not layers:
        return [str(REPO / "grader" / "mngrade"), "grade"]
    # One run at a time: what two take at once meets the tests' own wall
    # before either of them has shown its mark.
    return [sys.executable, "-I", str(spec.HERE / "weakened.py"), *layers, "--",
            "grade", "--jobs", "1"]  # fmt: skip


def play(attack: spec.Attack, stage: Stage, layers: Sequence[str],
         with_innocent: bool, cgroups: Sequence[str]) -> Dict[str, Any]:
    """Grade the attack, and tell what was seen."""
    report = stage.disk / "reports" / "report.json"
    home = stage.disk / "home"
    remains = Remains(stage.disk, cgroups)
    with Targets(home, report, stage.own, stage.before) as targets:
        made = hand_in(attack, stage, targets)
        argv = [*command(layers), "order", str(made), "--json", str(report),
                "--keep", str(stage.disk / "keep")]  # fmt: skip
        page = report.with_suffix(".html")
        if attack.page_never:
            argv += ["--html", str(page)]
        innocents, probe = Innocents(stage), Probe()
        probe.start()
        if with_innocent:
            innocents.start()
        # A student stands in the folder that is graded.
        cwd = made if made.is_dir() else made.parent
        ended = stage.grade("attack", argv, cwd).wait(attack.bound_s)
        probe.finish()
        if with_innocent:
            innocents.finish()
        left = remains.look({os.getpid(), targets.bystander.pid})
        return {
            "attack": {
                **ended, "report": _json(report),
                "page": _text(page) if page.exists() else "",
            },  # fmt: skip
            "innocents": innocents.ended,
            "innocent_fault": innocents.fault,
            "slowest_answer_s": round(probe.slowest_s, 3),
            "no_answer": probe.fault,
            **signs_in(stage.disk, targets.mark, targets.secret),
            "canary": targets.canary_changed(),
            "heard": targets.heard,
            "bystander_died": targets.bystander_died(),
            "left": left,
        }


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH22x", b"lo", 0x1))


def main() -> int:
    asked = json.loads(sys.argv[1])
    disk = Path(asked["disk"])
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "mode=755,size=%d" % asked["disk_bytes"],
         "attack-disk", str(disk)], check=True,
    )  # fmt: skip
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777,size=67108864",
                    "attack-shm", "/dev/shm"], check=True)  # fmt: skip
    raise_loopback()
    stage = Stage(disk, asked["who"], asked["real_root"])
    if asked["attack"]:
        attack = spec.load(Path(asked["attack"]))
        told = play(attack, stage, asked["layers"], asked["innocent"],
                    asked["cgroups"])  # fmt: skip
    else:
        told = usual_report(stage)
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
