"""How is a program run so that its races show?

A race is seen only when two threads meet in the wrong moment. Python's
threads are made to change places all the time, which any Python may do. C
and C++ are built with ThreadSanitizer, which tells two accesses that nothing
keeps apart even where they did not meet. Both are what the language allows,
so what goes wrong then can go wrong on any day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Mapping, Optional, Tuple

from grader import sandbox
from grader.etc import HOME
from grader.model import Program

#: Seconds in which a sanitized build must be done: nothing waits for it.
BUILD_S = 20.0
_COMPILED = ("c", "c++")
_PYTHON = re.compile(r"(?:.*/)?python3(?:\.\d+)?$")
_MAPPINGS = Path("/proc/sys/vm/mmap_rnd_bits")
#: ThreadSanitizer finds no room for its tables where addresses vary by more.
_MOST_RANDOM_BITS = 28

# A folder of the private copy; its name begins with a dot, as that of all
# files that a program does not look at when it lists its folder.
_FOLDER = ".mngrade"
_HURRY = """\
import os, sys
sys.setswitchinterval(1e-6)
os.environ.pop("PYTHONPATH", None)
sys.path[:] = [p for p in sys.path if not p.endswith("/%s")]
""" % _FOLDER

# ThreadSanitizer has a thread of its own that naps without end, so that a
# program would never come to rest. It begins with the program's first thread
# and ends when a sandbox is announced.
_CALM = """\
#include <pthread.h>
#include <stddef.h>
#ifdef __cplusplus
extern "C"
#endif
void __sanitizer_sandbox_on_notify(void *arguments);
static void *mngrade_nothing(void *unused) { return unused; }
__attribute__((constructor)) static void mngrade_calm(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, mngrade_nothing, NULL) == 0)
        pthread_join(thread, NULL);
    __sanitizer_sandbox_on_notify(NULL);
}
"""
#: The program ends as it would have: reports change no exit status.
_OPTIONS = "exitcode=0 color=never report_thread_leaks=0 report_signal_unsafe=0"


@dataclass(frozen=True)
class Variant:
    """How a program is started in another way than its own.

    `argv` is empty where it is the program's own; `lifted` names the limits
    that it cannot live with.
    """

    argv: Tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    lifted: Tuple[str, ...] = ()

    def bound(self, limits: Mapping[str, int]) -> Dict[str, int]:
        """The limits of a program without those that are lifted."""
        return {k: v for k, v in limits.items() if k not in self.lifted}


def hurried(program: Program, copy: Path) -> Optional[Variant]:
    """A Python program whose threads change places at every chance; `copy`
    is its private folder. None for what Python 3 does not run."""
    if not program.argv or not _PYTHON.match(program.argv[0]):
        return None
    _write(copy / _FOLDER / "sitecustomize.py", _HURRY)
    return Variant(environment={"PYTHONPATH": "%s/%s" % (HOME, _FOLDER)})


def sanitized(program: Program, copy: Path) -> Optional[Variant]:
    """A C or C++ program, built anew in its private folder so that it tells
    its data races. None where it is no such program or does not build so."""
    if program.language not in _COMPILED or not program.source:
        return None
    from grader import build_c  # seldom needed

    job, executable = build_c.compile_job(copy, program)
    suffix = Path(program.source).suffix
    calm = _FOLDER + "/calm" + suffix
    _write(copy / calm, _CALM)
    argv = (job.argv[0], "-fsanitize=thread", *job.argv[1:], calm)
    result = sandbox.run_build(argv, copy, sandbox.build_limits(), BUILD_S)
    if result.code != 0 or not (copy / executable).is_file():
        return None
    return Variant(
        (*_with_fixed_addresses(), "%s/%s" % (HOME, executable)),
        {"TSAN_OPTIONS": _OPTIONS},
        lifted=("data",),  # its tables are terabytes, of which it uses little
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def _with_fixed_addresses() -> Tuple[str, ...]:
    try:
        bits = int(_MAPPINGS.read_text())
    except (OSError, ValueError):
        return ()
    return ("setarch", "-R") if bits > _MOST_RANDOM_BITS else ()
