"""Can a lab be run by hand in a plain terminal, and is all gone afterwards?

The terminal is a tmux of the test's own; `mngrade play` draws into it, and
the test types and looks as a person would.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator, List

import pytest

from grader.links import why_no_netem
from tests.network.command import AS_NOBODY, GOOD, REPO, mngrade
from tests.network.conftest import eventually

pytestmark = pytest.mark.skipif(
    shutil.which("tmux") is None, reason="no tmux"
)

MNGRADE = str(REPO / "grader" / "mngrade")


class Terminal:
    """A terminal with a shell in it, and `mngrade play` in that."""

    def __init__(self, folder: Path, before: List[str]) -> None:
        self.folder = folder  # the TMPDIR of what is played
        self._before = before
        self._socket = ""

    def open(self, columns: int, lines: int) -> None:
        # A socket of its own: the tmux that was closed may not be gone yet.
        self._socket = str(self.folder / ("%dx%d" % (columns, lines)))
        self._outer("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                    "-y", str(lines), "env -u TMUX PS1='outer> ' bash --norc")

    def _outer(self, *words: str) -> str:
        return _output(["tmux", "-S", self._socket, *words])

    def type(self, *words: object) -> None:
        line = " ".join(shlex.quote(str(word)) for word in words)
        self._outer("send-keys", "-l", line + "; echo status=$?")
        self._outer("send-keys", "Enter")

    def play(self, *arguments: object) -> None:
        place = self.folder / "tmp"
        place.mkdir(mode=0o777, exist_ok=True)
        place.chmod(0o777)
        self.type(*self._before, "env", "TMPDIR=%s" % place, "HOME=%s" % place,
                  MNGRADE, "play", *arguments)  # fmt: skip

    def screen(self) -> str:
        return self._outer("capture-pane", "-p")

    def shows(self, *texts: str) -> None:
        eventually(lambda: all(text in self.screen() for text in texts))

    def close(self) -> None:
        """As when the window of a terminal is closed."""
        self._outer("kill-server")

    # Inside of what is played.

    def _inner(self, *words: str) -> str:
        found = list((self.folder / "tmp").glob("mngrade-*/tmux"))
        socket = str(found[0]) if found else ""
        return _output([*self._before, "tmux", "-S", socket, *words])

    def pane(self, number: int) -> str:
        """All that a pane shows, long lines in one."""
        return self._inner("capture-pane", "-p", "-J", "-t", "play:.%d" % number)

    def tell(self, number: int, line: str) -> None:
        self._inner("send-keys", "-t", "play:.%d" % number, line, "Enter")

    def pane_shows(self, number: int, *texts: str) -> None:
        eventually(lambda: all(text in self.pane(number) for text in texts))

    # What is left.

    def processes(self) -> List[int]:
        """Everything that was started by what is played."""
        mark = ("TMPDIR=%s" % (self.folder / "tmp")).encode() + b"\0"
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                pass  # it ended, or is somebody else's
        return sorted(found)

    def grader(self) -> int:
        """The first one, of which the shell is the parent."""
        return self.processes()[0]

    def nothing_is_left(self) -> None:
        eventually(lambda: not self.processes())
        eventually(lambda: not list((self.folder / "tmp").glob("mngrade-*")))


def _output(argv: List[str]) -> str:
    done = subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.stdout.decode("utf-8", "replace")


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    before: List[str] = getattr(request, "param", [])
    # Short, for a socket's path has at most 107 letters.
    with tempfile.TemporaryDirectory(prefix="play-") as folder:
        os.chmod(folder, 0o755)
        made = Terminal(Path(folder), before)
        made.open(120, 40)
        yield made
        made.close()
        eventually(lambda: not made.processes())


def test_the_reference_is_played_and_exit_ends_it_all(
    terminal: Terminal,
) -> None:
    terminal.play("order")
    terminal.shows("mininet>", "h1$", "h2$", "h3$", "h1 10.0.0.1 server",
                   "h3 10.0.0.3 client", "type: server")
    terminal.tell(1, "server")
    terminal.pane_shows(1, "waiting to receive 2 connections")
    for pane in (2, 3):
        terminal.tell(pane, "client")
        terminal.pane_shows(1, ("first", "second")[pane - 2] + " connection, calling")
    for pane, word in ((3, "Talimo"), (2, "Besudo")):
        terminal.pane_shows(pane, "Enter message")
        terminal.tell(pane, word)
        terminal.pane_shows(1, "message %d: %s" % (4 - pane, word))
    for pane in (2, 3):
        terminal.pane_shows(pane, "Y: Talimo received before X: Besudo")
    terminal.tell(0, "pingall")
    terminal.pane_shows(0, "0% dropped (6/6 received)")
    terminal.tell(0, "h1 ifconfig h1-eth0")
    terminal.pane_shows(0, "inet 10.0.0.1")
    assert len(terminal.processes()) > 5
    terminal.tell(0, "exit")
    terminal.shows("status=0", "outer>")
    terminal.nothing_is_left()


def test_a_submission_is_played_in_its_sandbox_with_a_capture(
    terminal: Terminal,
) -> None:
    terminal.play("order", GOOD / "c-poll", "--capture", "h1")
    terminal.shows("mininet>", "played with c-poll", "packets of h1")
    terminal.pane_shows(4, "listening on h1-eth0")
    terminal.tell(1, "server")
    terminal.pane_shows(1, "waiting")
    # It calls localhost, and is led to the server as in a grading.
    terminal.tell(2, "client")
    terminal.pane_shows(4, "10.0.0.2", "> 10.0.0.1.12000: Flags [S]")
    os.kill(terminal.grader(), signal.SIGKILL)
    terminal.nothing_is_left()
    terminal.type("printf", r"a%se\n", "liv")
    terminal.shows("alive", "status=0")


def test_a_terminal_that_is_closed_ends_it_all(terminal: Terminal) -> None:
    terminal.play("order")
    terminal.shows("mininet>", "h3$")
    assert terminal.processes()
    terminal.close()
    terminal.nothing_is_left()


@pytest.mark.skipif(os.geteuid() != 0, reason="is an ordinary user already")
@pytest.mark.parametrize("terminal", [AS_NOBODY], indirect=True)
def test_an_ordinary_user_plays_without_root(terminal: Terminal) -> None:
    terminal.play("order", GOOD / "python-threads")
    terminal.shows("mininet>", "h1$", "type: client")
    terminal.tell(0, "pingall")
    terminal.pane_shows(0, "0% dropped (6/6 received)")
    terminal.tell(1, "server")
    terminal.pane_shows(1, "waiting")
    terminal.tell(2, "client")
    terminal.pane_shows(1, "first connection")
    terminal.tell(0, "exit")
    terminal.shows("status=0")
    terminal.nothing_is_left()


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["order"], "play needs a terminal"),
        (["ordr"], "did you mean 'order'?"),
        (["order", "no/such/path"], "no such path"),
        (["order", "--capture", "h7"], "no host 'h7' in this lab"),
    ],
)
def test_what_cannot_be_played_gets_one_message(
    arguments: List[str], told: str
) -> None:
    done = mngrade("play", *arguments)
    assert done.status == 2 and done.out == ""
    assert told in done.err and done.err.startswith("mngrade: ")


def test_a_lab_without_reference_is_played_with_its_good_example(
    terminal: Terminal,
) -> None:
    assert mngrade("new-lab", "parrot", "--into", terminal.folder).status == 0
    terminal.play(terminal.folder / "parrot")
    terminal.shows("played with python-loop", "h3$")
    terminal.tell(1, "server")
    terminal.pane_shows(1, "Waiting for a client")
    terminal.tell(2, "client")
    terminal.pane_shows(2, "Say something")
    terminal.tell(2, "hello there")
    terminal.pane_shows(2, "Server: hello there")


def test_a_small_terminal_gets_what_has_no_room_in_a_second_window(
    terminal: Terminal,
) -> None:
    terminal.close()
    terminal.open(60, 9)
    terminal.play("chat")
    terminal.shows("h1 10.0.0.1", "[0]", "Ctrl-b 1")
    labels = terminal._inner("list-panes", "-s", "-F", "#{window_index} #{@label}")
    assert [line.split()[1] for line in labels.splitlines()] == [
        "Mininet", "h1", "h2", "h3", "h4", "h5", "h6", "h7",
    ]  # fmt: skip
    assert {line.split()[0] for line in labels.splitlines()} == {"0", "1"}


def test_a_link_that_cannot_be_made_is_told_above_the_prompt(
    terminal: Terminal,
) -> None:
    assert mngrade("new-lab", "parrot", "--into", terminal.folder).status == 0
    rubric = terminal.folder / "parrot" / "rubric.yaml"
    told = rubric.read_text()
    assert "shape: star" in told
    rubric.write_text(told.replace("shape: star", "shape: two_sites"))
    terminal.play(terminal.folder / "parrot")
    terminal.shows("mininet>", "played with python-loop")
    is_plain = "The link s1-s2 (10 Mbit/s, 20 ms) is a plain one" in terminal.screen()
    assert is_plain == bool(why_no_netem())
