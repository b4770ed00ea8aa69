"""How does somebody run a lab by hand?

`mngrade play LAB` opens tmux in an arena: a pane for each host of the lab's
topology and one with Mininet's prompt. Theory of operation:

    grader      stages and builds, opens the arena, attaches the terminal
      arena     tmux's server, Mininet, and all that is typed into the panes
      tmux      the client; it leaves when the session ends, or is detached

Only the client is outside, so whatever ends (the last pane, the terminal, the
grader by any signal), the arena ends with it and takes the rest along. What
happens inside is in play_inside.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from grader import archive, discover, words
from grader.arena import Arena
from grader.build import build
from grader.channel import Channel
from grader.doctor import find_program
from grader.grade import ROOT, tools
from grader.lab import Lab
from grader.model import Program
from grader.workspace import Workspace

#: Exit statuses: the user's mistake, and what this machine lacks.
USAGE, LACKS = 2, 3
_NEEDED = (
    ("tmux", "apt-get install tmux"),
    ("mnexec", "apt-get install mininet"),
    ("brctl", "apt-get install bridge-utils"),
)
# As in grader/mngrade: the current folder is no part of Python's path.
_INSIDE = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from grader import play_inside; play_inside.main(sys.argv[2])"
)


class PlayError(Exception):
    """It cannot be played; says why, and which status to end with."""

    def __init__(self, text: str, status: int = USAGE) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Cast:
    """The programs that can be run, and what to call them all."""

    programs: Tuple[Program, ...]
    folder: Optional[Path]  # of a submission; None for the reference
    name: str
    notes: Tuple[str, ...] = ()


def play(
    lab: Lab, submission: Optional[Path], captures: Sequence[str] = ()
) -> None:
    """Open the session and stay in it; returns when all of it is gone."""
    _check(lab, captures)
    with Workspace() as work:
        scratch = work / "arena"
        scratch.mkdir()
        cast = _cast(lab, submission, work)
        plan = work / "plan.json"
        plan.write_text(json.dumps(_plan(lab, cast, captures, work)))
        socket = work / "tmux"

        def inside(channel: Channel) -> None:
            channel.send(_open_session(socket, work, plan))
            try:
                channel.receive()  # nothing comes: until the grader closes
            except EOFError:
                pass

        with Arena(inside, scratch=scratch) as arena:
            said = arena.receive()
            if said:
                raise PlayError("tmux: %s" % said, LACKS)
            status = _attach(socket)
        fault = work / "fault"
        if fault.exists():
            raise PlayError(fault.read_text().strip(), LACKS)
        if status:
            raise PlayError(
                "tmux cannot use this terminal (TERM=%s)"
                % os.environ.get("TERM", ""),
                LACKS,
            )


def _check(lab: Lab, captures: Sequence[str]) -> None:
    hosts = lab.rubric.topology.hosts
    for host in captures:
        if host not in hosts:
            meant = words.nearest(host, hosts)
            raise PlayError(
                "no host '%s' in this lab%s; there are: %s"
                % (
                    host,
                    " (did you mean '%s'?)" % meant if meant else "",
                    ", ".join(hosts),
                )
            )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PlayError("play needs a terminal to draw its panes in")
    needed = _NEEDED + (
        (("tcpdump", "apt-get install tcpdump"),) if captures else ()
    )
    for program, mend in needed:
        if find_program(program) is None:
            raise PlayError(
                "%s is missing\n  to mend it: %s" % (program, mend), LACKS
            )


# ---- whose programs ----------------------------------------------------------


def _cast(lab: Lab, submission: Optional[Path], work: Path) -> Cast:
    if submission is not None:
        return _submitted(lab, submission, work)
    ours = tools().bin
    paths = {role: ours / ("%s_%s" % (lab.name, role)) for role in ("server", "client")}
    if all(path.is_file() for path in paths.values()):
        return Cast(
            tuple(Program(role, (str(path),)) for role, path in paths.items()),
            None,
            "the reference",
        )
    good = sorted(lab.folder.glob("examples/good/*"))
    if not good:
        raise PlayError(
            "lab %s has no reference programs and no good example; name a"
            " submission" % lab.name
        )
    return _submitted(lab, good[0], work)


def _submitted(lab: Lab, path: Path, work: Path) -> Cast:
    try:
        staged = archive.stage([path], work / "submission")
    except archive.SubmissionError as error:
        raise PlayError(str(error)) from error
    hints = discover.hints_of(lab.rubric)
    found = discover.find_programs(staged.folder, hints)
    built = build(staged.folder, found)
    lacking = {**built.failures, **built.unavailable}
    why = ["the %s cannot be run: %s" % item for item in sorted(lacking.items())]
    if not built.programs:
        raise PlayError("; ".join(why) or found.looked_for)
    return Cast(built.programs, built.folder, staged.name, tuple(why))


def _plan(
    lab: Lab, cast: Cast, captures: Sequence[str], work: Path
) -> Dict[str, Any]:
    """All that the inside has to know, as JSON."""
    shape = lab.rubric.topology
    return {
        "lab": lab.name,
        "topology": shape.shape,
        "server": shape.server[0],
        "clients": list(shape.clients),
        "captures": list(captures),
        "who": cast.name,
        "notes": list(cast.notes),
        "folder": str(cast.folder) if cast.folder else None,
        "programs": [asdict(program) for program in cast.programs],
        "labexec": str(tools().labexec),
        "work": str(work),
        "terminal": os.environ.get("TERM", ""),
    }


# ---- tmux --------------------------------------------------------------------


def _open_session(socket: Path, work: Path, plan: Path) -> str:
    """Start tmux's server, in the arena; what it complained of."""
    settings = work / "tmux.conf"
    settings.write_text(_SETTINGS)
    size = shutil.get_terminal_size()
    argv = ["tmux", "-S", str(socket), "-f", str(settings), "new-session", "-d"]
    argv += ["-s", "play", "-x", str(size.columns), "-y", str(size.lines)]
    argv += _python(plan)
    done = subprocess.run(
        argv, env=_environment(), stderr=subprocess.PIPE, check=False
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    return said or "it did not start" if done.returncode else ""


_SETTINGS = """\
set -g mouse on
set -g history-limit 5000
set -g set-titles off
set -g allow-rename off
set -g pane-border-status top
set -g pane-border-format " #{?pane_active,#[bold],}#{@label} "
set -g status-left " "
set -g window-status-format "#{?#{==:#{session_windows},1},,Ctrl-b #I}"
set -g window-status-current-format "#{?#{==:#{session_windows},1},,[#I]}"
set -g status-right " Ctrl-b arrows: panes  z: zoom  d: end all "
set -g status-right-length 50
"""


def _python(plan: Path) -> List[str]:
    return [sys.executable, "-I", "-c", _INSIDE, str(ROOT), str(plan)]


def _environment() -> Dict[str, str]:
    """A tmux in a tmux is what we want, and it must not know."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("TMUX", "TMUX_PANE")
    }


#: tmux's server tidies up the terminal. Where it was killed nobody has: leave
#: its second screen, end reports of the mouse, show the cursor.
_TIDY = (
    '"$@"; status=$?; [ $status -eq 0 ] ||'
    " printf '\\033[?1049l\\033[?1000l\\033[?1002l\\033[?1006l\\033[?25h\\033[0m'"
    "; exit $status"
)


def _attach(socket: Path) -> int:
    """Give the terminal to tmux until the session is over."""
    argv = ["sh", "-c", _TIDY, "sh", "tmux", "-S", str(socket)]
    argv += ["attach-session", "-t", "play"]
    client = subprocess.Popen(argv, env=_environment())
    try:
        return client.wait()
    finally:
        if client.poll() is None:
            client.terminate()
            client.wait()
