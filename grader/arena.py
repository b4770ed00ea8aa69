"""How does a piece of work get namespaces of its own?

Theory of operation. Four processes, each the parent of the next:

    grader   opens the arena, reads its channel, closes it
    keeper   made the namespaces; stays outside the PID namespace; waits
    init     process 1 inside: mounts, then only reaps
    worker   runs work(channel)

The kernel kills everything in a PID namespace when its init dies. So the
arena ends when the worker is done (init exits), when the grader closes it
(the keeper kills init and waits until the namespace is empty), and when
grader or keeper die by any signal (parent-death signals). Nothing in an
arena outlives it, whatever it forked.

init and worker are two processes because init must wait for every orphan,
and a process that waits for any child steals the exit status of the children
that `subprocess` waits for.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, List, Optional, Type

from grader import linux, namespaces
from grader.channel import Channel

Work = Callable[[Channel], None]


class ArenaFault(Exception):
    """An arena could not be made, or died before its work was done."""


class Arena:
    """Namespaces in which `work(channel)` runs; use it in a `with`.

    `scratch` is an existing directory; inside the arena it is an empty tmpfs
    of at most `scratch_bytes`. `fileno()` is for a selector; when it is
    readable call `messages()`. Once `ended`, `fault` says what went wrong,
    or is None when the work returned.
    """

    def __init__(
        self,
        work: Work,
        scratch: Optional[Path] = None,
        scratch_bytes: int = 256 << 20,
        keep: Optional[List[int]] = None,
    ) -> None:
        self._work = work
        self._scratch = scratch
        self._scratch_bytes = scratch_bytes
        self._keep = list(keep or ())  # descriptors that the work may use
        self._channel: Optional[Channel] = None
        self._keeper = 0
        self._status: Optional[int] = None

    def __enter__(self) -> "Arena":
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._fork_keeper(theirs)
            self._channel = Channel(ours)
            self._admit(ours)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @property
    def channel(self) -> Channel:
        if self._channel is None:
            raise ArenaFault("the arena is not open")
        return self._channel

    def fileno(self) -> int:
        return self.channel.fileno()

    def send(self, message: Any) -> None:
        """Send a message to the work. One to an arena that ended is lost."""
        self.channel.send(message)

    def messages(self) -> List[Any]:
        """Every complete message that has arrived; never blocks."""
        return self.channel.pending()

    def receive(self) -> Any:
        """The next message, waiting for it.

        Raises ArenaFault where none will come because of a fault, EOFError
        where the work is done.
        """
        try:
            return self.channel.receive()
        except EOFError:
            if self.fault is None:
                raise
            raise ArenaFault(self.fault) from None

    @property
    def ended(self) -> bool:
        """No further message will come."""
        return self.channel.ended

    @property
    def fault(self) -> Optional[str]:
        """Why the arena ended early; None if it did not."""
        channel = self.channel
        if channel.fault is not None or channel.done or not channel.ended:
            return channel.fault
        self._reap()
        return "the arena died: " + _how(self._status or 0)

    def close(self) -> None:
        """End everything inside; returns when it is gone."""
        if self._keeper and self._status is None:
            os.kill(self._keeper, signal.SIGTERM)
            self._reap()
        if self._channel is not None:
            self._channel.close()

    def _reap(self) -> None:
        if self._status is None:
            self._status = os.waitpid(self._keeper, 0)[1]

    # In the grader, while the arena is being made.

    def _fork_keeper(self, theirs: socket.socket) -> None:
        grader = os.getpid()
        # Python calls its own functions around a fork and drops whatever
        # they raise: a Ctrl-C that comes just then would be lost.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._keeper = os.fork()
            if self._keeper == 0:
                _in_child(lambda: self._be_keeper(theirs, grader), theirs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _admit(self, ours: socket.socket) -> None:
        """Give the keeper its user and group numbers; wait for it."""
        if _heard(ours, b"u"):
            if os.geteuid() == 0:
                namespaces.map_as_root(self._keeper)
            ours.sendall(b"m")
            if _heard(ours, b"r"):
                return
        self.channel.pending(block=True)
        raise ArenaFault(self.fault or "no reason given")

    # In the keeper.

    def _be_keeper(self, theirs: socket.socket, grader: int) -> None:
        _leave_the_grader([theirs.fileno()] + self._keep)
        user = namespaces.enter()
        linux.die_with_parent()
        if os.getppid() != grader:
            return  # it died before the line above: nobody would notice us
        theirs.sendall(b"u")
        if theirs.recv(1) != b"m":
            return
        if user and os.geteuid() != 0:
            raise ArenaFault("the user namespace has no root")
        linux.stay_inspectable()
        life, ours = os.pipe()
        init = os.fork()
        if init == 0:
            os.close(ours)
            _in_child(lambda: self._be_init(theirs, life), theirs)
        signal.signal(signal.SIGTERM, lambda *_: os.kill(init, signal.SIGKILL))
        theirs.sendall(b"r")
        theirs.close()
        os.write(ours, b"g")  # from here on the channel is the arena's
        # As long as init is a zombie its number cannot become another's.
        os.waitid(os.P_PID, init, os.WEXITED | os.WNOWAIT)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        _pass_on(os.waitpid(init, 0)[1])

    # In the arena.

    def _be_init(self, theirs: socket.socket, life: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        linux.die_with_parent()
        # getppid() is 0 here: the keeper is in another PID namespace. While
        # it lives it holds the other end of this pipe.
        if os.read(life, 1) != b"g":
            return
        poll = select.poll()
        poll.register(life, select.POLLIN)
        if poll.poll(0):
            return  # it died before it could be our end
        os.close(life)
        self._furnish()
        worker = os.fork()
        if worker == 0:
            _in_child(lambda: self._be_worker(theirs), theirs)
        theirs.close()
        while True:
            pid, status = os.wait()
            if pid == worker:
                _pass_on(status)

    def _furnish(self) -> None:
        """Mount what belongs to these namespaces and not to the outer ones."""
        linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
        flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
        linux.mount("proc", "/proc", "proc", flags)
        # Without this the state files of bridges are those outside.
        linux.mount("sysfs", "/sys", "sysfs", flags)
        if self._scratch is not None:
            limit = "size=%d,mode=0755" % self._scratch_bytes
            flags = linux.MS_NOSUID | linux.MS_NODEV
            linux.mount("tmpfs", str(self._scratch), "tmpfs", flags, limit)
        linux.raise_loopback()
        # A user's PATH may lack the tools that root needs, and inside we are.
        path = os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = path + ":" + namespaces.SYSTEM_FOLDERS

    def _be_worker(self, theirs: socket.socket) -> None:
        channel = Channel(theirs)
        self._work(channel)
        channel.say_done()


def _heard(ours: socket.socket, word: bytes) -> bool:
    """The next byte is this one. Else it begins the frame that says why."""
    if ours.recv(1, socket.MSG_PEEK) != word:
        return False
    ours.recv(1)
    return True


def _in_child(role: Callable[[], None], theirs: socket.socket) -> None:
    """Play a role in a forked child; whatever happens, do not return."""
    status = 1
    try:
        # What the grader made stays as it is: collecting it would only copy
        # its pages, and could close what it still uses.
        gc.freeze()
        role()
        status = 0
    except BaseException as error:  # an exception must not unwind the fork
        try:
            Channel(theirs).say_fault(_describe(error))
        except OSError:
            pass  # the grader is gone too
    finally:
        os._exit(status)


def _pass_on(status: int) -> None:
    """End as a child ended; a shell's numbers, as init cannot kill itself."""
    if os.WIFSIGNALED(status):
        os._exit(128 + os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def _how(status: int) -> str:
    code = os.WTERMSIG(status) + 128
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
    if code > 128:
        return "killed by signal %d" % (code - 128)
    return "exit status %d" % code


def _describe(error: BaseException) -> str:
    return "".join(
        traceback.format_exception(type(error), error, error.__traceback__)
    ).strip()


def _leave_the_grader(keep: List[int]) -> None:
    """Let go of the grader's terminal, signal handlers and descriptors."""
    os.setsid()  # Ctrl-C is for the grader; it then ends its arenas
    signal.set_wakeup_fd(-1)
    for name in ("INT", "TERM", "HUP", "CHLD"):
        signal.signal(getattr(signal, "SIG" + name), signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # the grader's standard output may be a report
    # Other arenas' channels, locks, the janitor's pipe: only the grader may
    # hold these. They are covered and not closed, so that a file object
    # that is collected later cannot close a number that is ours by then.
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number != null and number not in keep:
            try:
                os.fstat(number)
            except OSError:
                continue  # it was the listing itself
            os.dup2(null, number, inheritable=False)


def possible() -> Optional[str]:
    """Why no arena can be had here; None if one can."""
    try:
        with Arena(lambda channel: None) as arena:
            arena.channel.pending(block=True)
            fault = arena.fault
    except (ArenaFault, OSError) as error:
        fault = str(error)
    return None if fault is None else fault.splitlines()[-1]
