"""How do the runs of a submission get onto the machine's cores?

Each run has an arena and a network of its own, made while other runs are
under way: a worker builds its network first, and only then is told what to
run. So the arenas can be opened before the submission has been built, and
the next network is ready when a core is.

A run that fails on our side is a record with Outcome.HARNESS: nothing may be
concluded from it. It is tried once more before that.
"""

from __future__ import annotations

import selectors
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Type

from grader.api import Case
from grader.arena import Arena, ArenaFault
from grader.cgroups import Groups
from grader.channel import Channel
from grader.model import Outcome, Program, ScenarioRecord
from grader.room import IDLE_S, Room
from grader.rubric import Rubric
from grader.run import Tools
from grader.slowness import slowness
from grader import links, worker

#: How often a run is tried when the harness itself fails.
TRIES = 2
#: How often one whose links were too fast for the machine is tried; each time
#: they are twice as slow.
SLOW_TRIES = 4


@dataclass(frozen=True)
class Task:
    """What every run of a submission has in common."""

    programs: Tuple[Program, ...]
    folder: Path  # the built submission
    seed: int
    known: Mapping[str, Any] = field(default_factory=dict)  # from @learn
    part: str = ""  # the folder of --keep that gets the traces
    handed_in: str = ""  # tells a submission from any other


class Schedule:
    """Runs cases side by side, at most `jobs` at once; use it in a `with`.

    Opening it starts the first arenas; `run` may follow much later.
    """

    def __init__(
        self,
        rubric: Rubric,
        cases: Sequence[Case],
        tools: Tools,
        scratch: Path,
        jobs: int,
        switch: str = "bridge",
        keep: Optional[Path] = None,
        groups: Optional[Groups] = None,
    ) -> None:
        by_name = {case.name: case for case in cases}
        self._setting = worker.Setting(
            rubric, by_name, tools, scratch, switch, keep, groups
        )
        self._jobs = jobs
        self._slower = slowness()  # here, before any arena is forked
        self._ready: List[Arena] = []
        self._busy: Dict[Arena, str] = {}
        self._all: List[Arena] = []

    def __enter__(self) -> "Schedule":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        for arena in self._all:
            arena.__exit__(None, None, None)

    def prepare(self, count: int) -> None:
        """Open arenas so that `count` wait for work."""
        while len(self._ready) < count:
            try:
                self._ready.append(self._open())
            except (ArenaFault, OSError):
                return  # told when a run needs one

    def run(self, task: Task, cases: Sequence[Case]) -> List[ScenarioRecord]:
        """Run the cases; the records come in the order of the cases."""
        waiting = [case.name for case in cases]
        tries: Dict[str, int] = {}
        slow: Dict[str, int] = {}
        records = self._left_out(cases)
        waiting = [name for name in waiting if name not in records]
        room = Room(self._jobs, self._slower)
        with selectors.DefaultSelector() as selector:
            while len(records) < len(cases):
                while waiting and room.has(*self._cases(waiting[0])):
                    name = waiting.pop(0)
                    try:
                        self._give(task, name, selector, 2 ** slow.get(name, 0))
                    except (ArenaFault, OSError) as error:
                        if self._busy:  # there will be room when one ends
                            waiting.insert(0, name)
                            break
                        reason = "no arena could be opened: %s" % error
                        records[name] = ScenarioRecord(
                            name, Outcome.HARNESS, reason
                        )
                if not self._busy:
                    continue
                self.prepare(min(1, len(waiting)))
                ready = selector.select(IDLE_S if waiting else None)
                if ready:
                    room.heard()
                else:
                    room.silence()
                for key, _events in ready:
                    arena = self._take(key.fileobj)
                    name = self._busy[arena]
                    record = self._result_of(arena, name)
                    if record is None:
                        continue
                    selector.unregister(arena)
                    self._close(arena)
                    tries[name] = tries.get(name, 0) + 1
                    again = record.outcome is Outcome.HARNESS
                    most = TRIES
                    if record.facts.get("too-slow"):
                        slow[name] = slow.get(name, 0) + 1
                        most = SLOW_TRIES
                    if again and tries[name] < most:
                        waiting.insert(0, name)
                    else:
                        records[name] = record
        return [_spared(case, records[case.name]) for case in cases]

    def _cases(self, name: str) -> Tuple[Case, List[Case]]:
        """That of this name, and those that are under way."""
        cases = self._setting.cases
        return cases[name], [cases[busy] for busy in self._busy.values()]

    def _left_out(self, cases: Sequence[Case]) -> Dict[str, ScenarioRecord]:
        """Records of those that this machine cannot run."""
        rubric = self._setting.rubric
        return {
            case.name: ScenarioRecord(
                case.name, Outcome.LEFT_OUT, links.why_no_netem(), facts=_no_facts()
            )
            for case in cases
            if any(
                link.needs_netem for link in worker.links_of(rubric, case).values()
            )
            if links.why_no_netem()
        }

    def _open(self) -> Arena:
        setting = self._setting

        def work(channel: Channel) -> None:
            worker.serve(channel, setting)

        keep = list(setting.groups.keep) if setting.groups else []
        arena = Arena(work, scratch=setting.scratch, keep=keep)
        self._all.append(arena)
        return arena.__enter__()

    def _take(self, fileobj: Any) -> Arena:
        assert isinstance(fileobj, Arena)
        return fileobj

    def _give(
        self,
        task: Task,
        name: str,
        selector: selectors.BaseSelector,
        slower: int,
    ) -> None:
        arena = self._ready.pop(0) if self._ready else self._open()
        arena.send(
            {
                "case": name,
                "seed": task.seed,
                "handed_in": task.handed_in,
                "known": dict(task.known),
                "folder": str(task.folder),
                "part": task.part,
                "slower": slower,
                "programs": [asdict(program) for program in task.programs],
            }
        )
        self._busy[arena] = name
        selector.register(arena, selectors.EVENT_READ)

    def _result_of(
        self, arena: Arena, name: str
    ) -> Optional[ScenarioRecord]:
        """The record, once it has come or the arena has died."""
        for message in arena.messages():
            return worker.record_of(message)
        if arena.ended:
            reason = arena.fault or "the arena ended without a result"
            return ScenarioRecord(name, Outcome.HARNESS, reason)
        return None

    def _close(self, arena: Arena) -> None:
        del self._busy[arena]
        self._all.remove(arena)
        arena.__exit__(None, None, None)


def _spared(case: Case, record: ScenarioRecord) -> ScenarioRecord:
    """A run on which no verdict rests takes none with it when we fail."""
    if not case.spare or record.outcome is not Outcome.HARNESS:
        return record
    return ScenarioRecord(
        record.name,
        Outcome.STUCK,
        "not tried: " + record.reason.strip().split("\n")[-1],
        facts=_no_facts(),
    )


def _no_facts() -> Dict[str, Any]:
    return {"programs": {}, "notes": [], "hosts": {}}


__all__ = ["ArenaFault", "Schedule", "Task"]
