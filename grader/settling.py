"""When has a run come to rest?

labrun proves that nothing can happen by itself any more (c_src/PROTOCOL.md).
Here is what remains to be decided: how long a program that sleeps is waited
for, that one which only ticks is not, and when a "no" may be said.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Optional, Set

from grader import pace
from grader.bounds import Bounds
from grader.instrument import InstrumentFault, Session
from grader.state import State

#: Seconds that a wait with a time limit is given before we conclude that
#: nothing comes of it.
PATIENCE_S = 3.0
#: After so many seconds one looks whether a program only ticks; for one that
#: is known to, sooner. No usual sleep ends just then.
FIRST_LOOK_S, TICK_LOOK_S = 3.7, 0.9
#: How long one waits for rest while a link holds packets: it does not for long.
HELD_S = 1.0
#: What a lossy link is given: the fourth time that a segment is sent comes
#: seven seconds after the first. On a sound one `stall_ms` holds.
LOSSY = {"stall_ms": 8000, "retries": 6}
#: The start of an interpreter that compiles itself is slower by so much more, on
#: a machine that is slower: emulation makes of 40 ms of Node a second and a half.
STARTS = 5.0


class Stuck(Exception):
    """The programs did not get as far as the script wanted."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one run, in seconds and milliseconds."""

    settle_s: float = 20.0  # how long a sleeping program is waited for
    busy_ms: float = 500.0  # processor time without effect that is a spin
    run_s: float = 60.0  # the whole run
    starved_s: float = 20.0  # without a processor, until it is the machine's fault
    stall_ms: float = 300.0  # without progress: bytes under way hang
    start_ms: float = 0.0  # as busy_ms until a first sign of life, if it is more
    bounds: Bounds = Bounds()  # what each program may use

    def stretched(self, factor: float) -> Limits:
        """For a machine that is slower by so much: what it computes takes
        longer, and what sleeps does not. On a faster one, nothing is shorter."""
        longer = max(1.0, factor)
        return replace(
            self,
            busy_ms=self.busy_ms * longer,
            start_ms=self.busy_ms * max(1.0, factor * STARTS),
            run_s=self.run_s * longer,
            starved_s=self.starved_s * longer,
            stall_ms=self.stall_ms * longer,
        )


class Settling:
    """The part of a run that waits and looks."""

    def __init__(
        self,
        session: Session,
        limits: Limits,
        still_asleep: Callable[[str, float], None],
    ) -> None:
        self._session = session
        self._limits = limits
        self._until = time.monotonic() + limits.run_s
        self._still_asleep = still_asleep  # is told which, and after how long
        self._state: Optional[State] = None
        self._ticks: Set[str] = set()  # programs that say the same for ever
        self._links: Dict[str, Any] = {}  # LOSSY, or nothing
        self._held = False  # the last state was seen while links held bytes

    @property
    def state(self) -> State:
        """The last state that was seen."""
        if self._state is None:
            self._state = State(self._session.state())
        return self._state

    @property
    def now(self) -> int:
        """The number of the last event so far."""
        return len(self._session.events)

    def expect_losses(self, lossy: bool) -> None:
        """Segments may be lost from here on, and be sent again later."""
        self._links = dict(LOSSY) if lossy else {}

    def settle_held(self) -> State:
        """Let happen what can while links hold packets back."""
        state = self._settle_for(0.0, HELD_S, held=True)
        self._held = bool(state.held)
        return state

    def settle(self, patience_s: float = 0.0) -> State:
        """Let everything that can happen by itself happen."""
        self._held = False
        began, since, starved_s = time.monotonic(), self.now, 0.0
        while True:
            look_s = self._look_in(time.monotonic() - began - starved_s)
            state = self._settle_for(patience_s, look_s)
            if state.starved:
                starved_s += look_s
                self._bear_with_the_machine(look_s, starved_s)
                continue
            if state.outcome not in ("sleeping", "deadline"):
                return state
            ticks = pace.only_ticks(
                self._session.events[since:], state, self._ticks
            )
            self._ticks |= ticks
            if ticks:
                return state
            if time.monotonic() - began - starved_s >= self._limits.settle_s:
                self._tell_of_sleep(state)
                return state

    def _look_in(self, spent_s: float) -> float:
        """Seconds until one looks whether anything but ticks goes on."""
        left = max(0.0, self._limits.settle_s - spent_s)
        if self._ticks:
            return min(left, TICK_LOOK_S)
        return min(left, FIRST_LOOK_S) if spent_s < FIRST_LOOK_S else left

    def _settle_for(
        self, patience_s: float, limit_s: float, held: Optional[bool] = None
    ) -> State:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Stuck(
                "the run took longer than %g s" % self._limits.run_s
            )
        event = self._session.settle(
            min(limit_s, left),
            patience_s,
            self._spin_ms(),
            held=held,
            **(self._links or {"stall_ms": self._limits.stall_ms}),
        )
        self._state = State(event)
        return self._state

    def _spin_ms(self) -> float:
        """Processor time without effect that is a spin, by now."""
        usual, start = self._limits.busy_ms, self._limits.start_ms
        return start if start > usual and self._starting() else usual

    def _starting(self) -> Set[str]:
        """The programs that have given no sign of life: they printed nothing,
        and have no socket that anybody has seen."""
        silent: Set[str] = set()
        for event in self._session.events:
            if event["ev"] == "started":
                silent.add(event["program"])
            elif event["ev"] in ("output", "exit"):
                silent.discard(event["program"])
        sockets = self._state.sockets if self._state else ()
        return silent - {socket.program for socket in sockets}

    def _bear_with_the_machine(self, look_s: float, starved_s: float) -> None:
        """Time in which a program got no processor is not the program's: the
        run may take so much longer, up to a bound."""
        self._until += look_s
        if starved_s >= self._limits.starved_s:
            raise InstrumentFault(
                "the machine was too busy: a program got no processor for"
                " %g s" % self._limits.starved_s
            )

    def _tell_of_sleep(self, state: State) -> None:
        """A verdict may rest on what a sleeping program has not done yet."""
        for thread in state.threads:
            if thread["wait"] == "sleep":
                self._still_asleep(thread["program"], self._limits.settle_s)

    def until(self, done: Callable[[State], bool]) -> bool:
        """Whether it comes to this. No is said only with patience: after
        every wait with a time limit has had its chance."""
        return done(self._settled()) or done(self.settle(PATIENCE_S))

    def _settled(self) -> State:
        """The last state, where nothing has been done or seen since."""
        state = self._state
        moment = self._held or (state and state.outcome == "snapshot")
        if state and state.n == self.now and not moment:
            return state
        return self.settle()
