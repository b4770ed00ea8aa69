"""How is a program started on a host, and started there once more?

Students' programs go into their sandbox with all limits; our own (labpeer, the
reference programs) run beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence, Tuple

from grader import sandbox
from grader.bounds import Bounds
from grader.cgroups import Groups
from grader.instrument import Session
from grader.race_variants import Variant
from grader.settling import Stuck
from grader.stage import Stage


@dataclass(frozen=True)
class Tools:
    """The executables that a run needs."""

    labrun: Path
    labexec: Path
    bin: Path  # where the reference programs and labpeer are


@dataclass(frozen=True)
class Handle:
    """A program that was started in this run."""

    name: str  # as in the events: "server", "h2", ...
    role: str
    host: str
    peer: bool = False  # one of ours in the place of a student's


@dataclass(frozen=True)
class _Start:
    """How a program was started, to start it again."""

    argv: Tuple[str, ...]
    wrap: Tuple[str, ...]
    helper: str
    output_cap: Optional[int] = None
    more: Tuple[str, ...] = ()  # arguments that it turned out to want


class Launcher:
    """Starts the programs of one run; all of it raises Stuck when a program
    cannot be executed, and KeyError for a host that is not there."""

    def __init__(
        self,
        session: Session,
        stage: Stage,
        tools: Tools,
        hosts: Collection[str],
        bounds: Bounds,
        groups: Optional[Groups],
    ) -> None:
        self._session, self._stage, self._tools = session, stage, tools
        self._hosts = hosts
        self._bounds, self._groups = bounds, groups
        self._started: Dict[str, _Start] = {}
        #: What the checks are told of each program, by its name.
        self.programs: Dict[str, Dict[str, Any]] = {}

    def submitted(self, role: str, host: str, files: Mapping[str, bytes]) -> Handle:
        """Start the submission's program for a role, with `files` beside it."""
        program = self._stage.program_for(role, host)
        handle = Handle(role if role == "server" else host, role, host)
        wrap = self._stage.prepare(handle.name, program, host, files)
        self._begin(handle, _Start(program.argv, wrap, sandbox.HELPER))
        return handle

    def ours(
        self, role: str, host: str, argv: Sequence[str], output_cap: Optional[int]
    ) -> Handle:
        """Start one of our programs in the place of a role, by its file name."""
        name = "server" if role == "server" else host
        handle = Handle(name, role, host, peer=True)
        whole = (str(self._tools.bin / argv[0]), *argv[1:])
        start = _Start(whole, (), str(self._tools.labexec), output_cap)
        self._begin(handle, start)
        return handle

    def again(
        self,
        handle: Handle,
        more: Optional[Sequence[str]] = None,
        variant: Optional[Variant] = None,
    ) -> None:
        """Start a program that has ended once more, with `more` arguments than
        it was found with (None: those that it had)."""
        start = self._started[handle.name]
        if more is not None:
            start = replace(start, more=tuple(more))
        self._begin(handle, start, variant)

    def _begin(
        self, handle: Handle, start: _Start, variant: Optional[Variant] = None
    ) -> None:
        if handle.host not in self._hosts:
            raise KeyError(handle.host)
        how = variant or Variant()
        self._started[handle.name] = start
        self.programs[handle.name] = {
            "host": handle.host,
            "role": handle.role,
            "label": handle.role if handle.name == "server" else handle.name,
            "peer": handle.peer,
        }
        argv = (*(how.argv or start.argv), *start.more)
        bounds = self._bounds
        if how.lifted:  # a sanitizer needs memory of its own
            bounds = replace(bounds, memory_mib=2 * bounds.memory_mib)
        reply = self._session.start(
            handle.name,
            handle.host,
            argv,
            start.wrap,
            start.helper,
            {**sandbox.environment(), **how.environment},
            {} if handle.peer else how.bound(sandbox.default_limits(bounds)),
            None if handle.peer else self._stage.user,
            start.output_cap or bounds.output_kib * 1024,
            None if handle.peer else bounds.watched(),
            () if handle.peer else sandbox.STORES,
            () if handle.peer else self._made_groups(handle.name, bounds),
        )
        if reply["ev"] == "start-failed":
            raise Stuck(
                "%s could not be started: %s: %s"
                % (handle.name, argv[0], reply["why"])
            )

    def _made_groups(self, name: str, bounds: Bounds) -> List[str]:
        return self._groups.make(name, bounds) if self._groups else []
