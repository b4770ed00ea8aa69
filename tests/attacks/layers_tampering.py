"""Layers that keep a submission from changing what is not its own, and from
winning points without doing the work."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import types
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

from grader import archive, instrument, layout, linux, names, sandbox, stage, tree, workbench
from grader.etc import HOME

#: MS_BIND and MS_REC of mount(2).
_BIND = 0x5000


def own_root() -> None:
    """A program gets the grader's whole file system, and may write to it."""
    usual = sandbox._base()
    argv = [*usual[: usual.index("--ro-bind")], "--bind", "/", "/"]
    argv += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/run", "/home"):
        argv += ["--tmpfs", path]
    home: Callable[..., List[str]] = lambda copy: ["--bind", str(copy), HOME]
    setattr(sandbox, "_base", lambda: tuple(argv))
    setattr(sandbox, "_home", home)


def own_pids() -> None:
    """Programs share the arena's processes, and builds the machine's."""
    argv = tuple(word for word in sandbox._base() if word != "--unshare-pid")
    setattr(sandbox, "_base", lambda: argv)


def build_without_network() -> None:
    """A build is on the machine's own network."""
    usual = sandbox._build_argv

    def with_network(*given: Any) -> List[str]:
        return [word for word in usual(*given) if word != "--unshare-net"]

    setattr(sandbox, "_build_argv", with_network)


def own_copy() -> None:
    """Every program of every run has the one folder that was built."""

    def lead_to(source: str, copy: str, **_how: Any) -> None:
        linux.mount(source, copy, None, _BIND)

    own = types.SimpleNamespace(copytree=lead_to, copy=shutil.copy)
    setattr(stage, "shutil", own)


def quoted_terminal() -> None:
    """What a program prints is a part of the instrument's stream."""
    usual = instrument.Session._next_line

    def unquoted(self: instrument.Session, until: float) -> bytes:
        line = usual(self, until)
        event = json.loads(line)
        if event.get("ev") == "output":
            for own in str(event.get("text", "")).splitlines():
                try:
                    forged = json.loads(own)
                    return json.dumps({**forged, "n": event["n"]}).encode()
                except (ValueError, TypeError):
                    continue
        return line

    setattr(instrument.Session, "_next_line", unquoted)


def isolated_python() -> None:
    """The grader's Python looks for modules where its user stands."""
    sys.path.insert(0, os.getcwd())
    for name in ("json", "tempfile", "zipfile"):
        sys.modules.pop(name, None)


def links_left_out() -> None:
    """A link in a folder is followed, wherever it leads."""
    setattr(archive._Stager, "_is_ours_to_read",
            staticmethod(lambda _root, path: path.is_file()))  # fmt: skip


def plain_files_only() -> None:
    """Whatever is no folder is opened and read to its end."""

    def copy(self: archive._Stager, path: Path, relative: Any) -> None:
        with open(path, "rb") as source:
            self.write(relative, source, 0o644, 0.0)

    setattr(archive._Stager, "copy_file", copy)
    setattr(archive._Stager, "_is_ours_to_read",
            staticmethod(lambda _root, path: not path.is_socket()))  # fmt: skip


def swept_after_build() -> None:
    """What a build leaves stays, and is read through links."""

    def files(top: Path) -> Iterator[str]:
        return (path for path, entry in tree.entries(top) if entry.is_file())

    setattr(workbench.Workbench, "sweep", lambda self: None)
    setattr(tree, "files", files)


def bounded_reading() -> None:
    """A source that no parser can read ends the reading."""
    setattr(layout, "_UNREADABLE", (SyntaxError, ValueError))


def fresh_names() -> None:
    """The users type what stands in the handout."""

    def fresh(self: names.Names) -> str:
        told = ("First_message", "Second_message")
        self._used.append("")
        return told[(len(self._used) - 1) % 2]

    setattr(names.Names, "fresh", fresh)


def names_of_the_hand_in() -> None:
    """What is typed follows from the seed alone."""

    def begin(self: names.Names, seed: int, scenario: str, _handed_in: str) -> None:
        self._random = random.Random("%d/%s" % (seed, scenario))
        self._used = []

    setattr(names.Names, "__init__", begin)


LAYERS: Dict[str, Callable[[], None]] = {
    "own-root": own_root,
    "own-pids": own_pids,
    "own-copy": own_copy,
    "build-without-network": build_without_network,
    "quoted-terminal": quoted_terminal,
    "isolated-python": isolated_python,
    "links-left-out": links_left_out,
    "plain-files-only": plain_files_only,
    "swept-after-build": swept_after_build,
    "bounded-reading": bounded_reading,
    "fresh-names": fresh_names,
    "names-of-the-hand-in": names_of_the_hand_in,
}
