"""Does labrun end a program that uses more than it may, and say so?

Every program here is bound so that a failure of labrun costs the machine
little: by limits of each process, and by its own small appetite.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from labrun_client import BWRAP, Event, Labrun, is_alive

LIMITS = {"data": 1 << 30, "cpu": 60, "core": 0}


def over(source: str, bounds: Dict[str, int], **fields: Any) -> List[Event]:
    """The `limit` and the `exit` event of a program that goes over."""
    with Labrun() as run:
        run.host()
        run.python("p", source, bounds=bounds, wrap=BWRAP, limits=LIMITS, **fields)
        state = run.settle(limit_ms=50000, busy_ms=45000)
        assert not [t for t in state["threads"] if t["program"] == "p"]
        return [e for e in run.events if e["ev"] in ("limit", "exit")]


def what(event: Event) -> Dict[str, Any]:
    return {key: event[key] for key in ("what", "limit", "unit")}


EATS = {
    "memory": ("x = bytearray(90 << 20)\ninput()", {"memory_mib": 64}, "MiB"),
    "shared": (
        "import mmap\nm = mmap.mmap(-1, 90 << 20)\n"
        "for at in range(0, 90 << 20, 4096): m[at] = 1\ninput()",
        {"memory_mib": 64}, "MiB",
    ),
    "crowd": (
        "import os\n"
        "for i in range(6):\n"
        " if not os.fork():\n"
        "  x = bytearray(os.urandom(1 << 20) * 20)\n"
        "  os.read(0, 1)\n"
        "os.read(0, 1)",
        {"memory_mib": 64}, "MiB",
    ),
    "processes": (
        "import os\n"
        "for i in range(30):\n"
        " if not os.fork(): os.read(0, 1)\n"
        "os.read(0, 1)",
        {"processes": 20}, "",
    ),
    "threads": (
        "import threading\n"
        "for i in range(30): threading.Thread(target=input).start()",
        {"processes": 20}, "",
    ),
    "cpu": ("while True: pass", {"cpu_s": 1}, "s"),
    "cpu of many": (
        "import os\n"
        "for i in range(3): os.fork()\n"
        "while True: pass",
        {"cpu_s": 1}, "s",
    ),
    "cpu of the dead": (
        "import os, time\n"
        "while True:\n"
        " if not os.fork():\n"
        "  until = time.process_time() + 0.1\n"
        "  while time.process_time() < until: pass\n"
        "  os._exit(0)\n"
        " os.wait()",
        {"cpu_s": 1}, "s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("eats", sorted(EATS))
def test_a_program_that_goes_over_is_ended_and_told_of(eats: str) -> None:
    source, bounds, unit = EATS[eats]
    (kind, number), = bounds.items()
    limit, exit_ = over(source, bounds)
    word = kind.partition("_")[0]
    assert what(limit) == {"what": word, "limit": number, "unit": unit}
    assert limit["by"] == "labrun"
    assert exit_["signal"] == "KILL"
    assert exit_["limit"] == what(limit)


def in_shm(megabytes: int) -> str:
    return (
        "f = open('/dev/shm/x', 'wb')\n"
        "for i in range(%d): f.write(b'x' * (1 << 20))\n"
        "f.flush()\ninput()" % megabytes
    )


#: A sandbox with a file system of its own in memory.
SHM = [*BWRAP[:-1], "--tmpfs", "/dev/shm", "--"]


def over_in_shm(source: str, bounds: Dict[str, int]) -> List[Event]:
    with Labrun() as run:
        run.host()
        run.python("p", source, bounds=bounds, wrap=SHM, limits=LIMITS,
                   stores=["/dev/shm"])  # fmt: skip
        run.settle(limit_ms=50000)
        return [e for e in run.events if e["ev"] in ("limit", "exit")]


def test_files_in_memory_count_as_memory() -> None:
    limit, _exit = over_in_shm(in_shm(80), {"memory_mib": 64})
    assert what(limit) == {"what": "memory", "limit": 64, "unit": "MiB"}


def test_a_full_disk_is_told_of() -> None:
    limit, _exit = over_in_shm(in_shm(20), {"disk_mib": 16})
    assert what(limit) == {"what": "disk", "limit": 16, "unit": "MiB"}


def test_many_empty_files_fill_a_disk() -> None:
    source = "for i in range(2000): open('/dev/shm/%d' % i, 'w')\ninput()"
    limit, _exit = over_in_shm(source, {"disk_mib": 1})
    assert limit["what"] == "disk"


def test_a_file_of_a_terabyte_is_no_file() -> None:
    """The kernel ends who ignores nothing; the bound is named."""
    with Labrun() as run:
        run.host()
        run.start("p", ["truncate", "-s", "1T", "/dev/shm/x"], wrap=SHM,
                  bounds={"disk_mib": 16}, limits={"fsize": 16 << 20},
                  stores=["/dev/shm"])  # fmt: skip
        run.settle(limit_ms=50000)
        limit, exit_ = [e for e in run.events if e["ev"] in ("limit", "exit")]
    assert limit["what"] == "disk" and limit["by"] == "kernel"
    assert exit_["signal"] == "XFSZ"


WITHIN = {
    "memory_mib": 64,
    "processes": 20,
    "cpu_s": 20,
    "disk_mib": 16,
}


def test_what_stays_within_its_bounds_is_left_alone() -> None:
    """Pages that forks share count once, however often they are mapped."""
    source = """
import os
x = bytearray(30 << 20)
for i in range(6):
    if not os.fork():
        os.read(0, 1)
        os._exit(0)
print(input())
"""
    with Labrun() as run:
        run.host()
        run.python("p", source, bounds=WITHIN, wrap=SHM, limits=LIMITS,
                   stores=["/dev/shm"])  # fmt: skip
        until = time.monotonic() + 1
        while time.monotonic() < until:
            assert waits_to_be_typed_at(run.settled())
        assert not run.of("limit") and not run.of("exit")


def waits_to_be_typed_at(state: Event) -> bool:
    return any(t["wait"] == "terminal" for t in state["threads"])


def test_a_program_that_goes_over_while_nobody_asks_is_ended_too() -> None:
    """labrun watches also between two commands."""
    source = "import time\ntime.sleep(0.3)\nx = bytearray(90 << 20)\ninput()"
    with Labrun() as run:
        run.host()
        run.python("p", source, bounds={"memory_mib": 64}, wrap=BWRAP, limits=LIMITS)
        while not run.of("exit"):
            run._next()  # no command is sent
        assert run.of("limit")


def test_the_others_go_on_when_one_is_ended() -> None:
    with Labrun() as run:
        run.host()
        run.python("good", "print(input())", bounds=WITHIN, wrap=BWRAP)
        run.python("bad", "x = bytearray(90 << 20)\ninput()",
                   bounds={"memory_mib": 64}, wrap=BWRAP, limits=LIMITS)  # fmt: skip
        run.settled()
        run.type("good", "word\n")
        run.settled()
        assert run.output("good") == "word\n"
        assert [e["program"] for e in run.of("limit")] == ["bad"]
        # The name is free again.
        assert run.python("bad", "print(1)", wrap=BWRAP)["ev"] == "ok"


STUBBORN = """
import os, signal, time
for name in ("TERM", "INT", "HUP", "XCPU"):
    signal.signal(getattr(signal, "SIG" + name), signal.SIG_IGN)
for i in range(4):
    if not os.fork():
        os.setsid()
        if not os.fork():
            break
        os._exit(0)
if i == 2:
    os.kill(os.getpid(), signal.SIGSTOP)
for path in os.listdir("/proc"):
    if path.isdigit() and int(path) != os.getpid():
        try: os.kill(int(path), signal.SIGSTOP)
        except OSError: pass
x = []
while True:
    x.append(bytearray(1 << 20))
"""


def test_daemons_that_ignore_signals_and_stop_each_other_are_ended() -> None:
    with Labrun(pids=False) as run:
        run.host()
        run.python("p", STUBBORN, bounds={"memory_mib": 64, "cpu_s": 20},
                   wrap=BWRAP, limits=LIMITS)  # fmt: skip
        pid = run.of("started")[0]["pid"]
        while not run.of("exit"):
            run._next()
        assert not is_alive(pid)


def test_zombies_are_bounded_and_go_with_their_program() -> None:
    source = (
        "import os\n"
        "for i in range(40):\n"
        " if not os.fork(): os._exit(0)\n"
        "input()"
    )
    limit, exit_ = over(source, {"processes": 20})
    assert limit["what"] == "processes" and exit_["signal"] == "KILL"


# ---- cgroups ---------------------------------------------------------------


@pytest.fixture(name="group")
def _group() -> Iterator[List[str]]:
    """A cgroup of its own with 64 MiB and 20 processes, version 1."""
    made = []
    for kind, file, value in (
        ("memory", "memory.limit_in_bytes", 64 << 20),
        ("pids", "pids.max", 20),
    ):
        folder = Path("/sys/fs/cgroup") / kind / ("mngrade-test-%d" % os.getpid())
        try:
            folder.mkdir()
            made.append(folder)
            (folder / file).write_text(str(value))
        except OSError:
            for one in made:
                one.rmdir()
            pytest.skip("no cgroup v1 may be made here")
    yield [str(folder) for folder in made]
    until = time.monotonic() + 10
    while made:
        try:
            made[-1].rmdir()
            made.pop()
        except OSError:
            if time.monotonic() > until:
                raise


KERNEL = {
    "memory": ("x = bytearray(90 << 20)\ninput()", "memory"),
    "forks": (
        "import os\n"
        "for i in range(30):\n"
        " try:\n"
        "  if not os.fork(): os.read(0, 1)\n"
        " except OSError: pass\n"
        "input()",
        "processes",
    ),
}


@pytest.mark.parametrize("eats", sorted(KERNEL))
def test_what_the_kernel_refuses_is_told_of(eats: str, group: List[str]) -> None:
    source, kind = KERNEL[eats]
    with Labrun(pids=False) as run:
        run.host()
        bounds = {"memory_mib": 4096, "processes": 4096}
        run.python("p", source, bounds=bounds, wrap=BWRAP, limits=LIMITS,
                   groups=group)  # fmt: skip
        while not run.of("exit"):
            run._next()
        limit, = run.of("limit")
        assert limit["what"] == kind and limit["by"] == "kernel"


def test_a_group_that_is_not_there_is_our_fault() -> None:
    with Labrun() as run:
        run.host()
        reply = run.start("p", ["true"], groups=["/nonesuch"])
        assert reply["ev"] == "start-failed" and reply["fault"] == "sandbox"


BROKEN: List[Dict[str, Any]] = [
    {"bounds": 7},
    {"groups": "x"},
    {"stores": [7]},
    {"stores": ["/x"] * 9},
]


@pytest.mark.parametrize("fields", BROKEN)
def test_broken_bounds_are_refused(fields: Dict[str, Any]) -> None:
    with Labrun() as run:
        run.host()
        assert run.start("p", ["true"], **fields)["ev"] == "failed"
