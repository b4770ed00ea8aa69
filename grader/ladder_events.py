"""What of a scenario's events is a step that a person would tell?

Pure acknowledgements and the second half of the handshake are left out, since
nobody wrote them; output that came in pieces is one step. All text stays as
the programs wrote it, so a renderer must make it inert.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any, Collection, Dict, List, Sequence, Set, Tuple

from grader.model import Event, ScenarioRecord
from grader.waits import waits_of

_SEQ = 1 << 32  # TCP's numbers go round
_TEXT_CAP = 2000  # more of one step's text is never shown
_MOST_LANES = 8
_NOWHERE = -1


class Kind(enum.Enum):
    """What a step is."""

    START = "start"
    CONNECT = "connect"
    MESSAGE = "message"
    CLOSE = "close"
    RESET = "reset"
    TYPE = "type"
    PRINT = "print"
    SIGNAL = "signal"
    EXIT = "exit"
    WAIT = "wait"
    GAP = "gap"  # steps that were left out


@dataclass(frozen=True)
class Lane:
    """One program, or an address that belongs to none."""

    program: str
    title: str
    host: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that happened; `to` is the lane that it led to, or -1."""

    kind: Kind
    time: float
    lane: int
    to: int = _NOWHERE
    words: str = ""  # ours: "types"
    text: str = ""  # the program's, as it was
    again: bool = False  # a segment that was sent before
    events: Tuple[int, ...] = ()
    marks: Tuple[str, ...] = ()  # of the verdicts that rest on it
    notes: Tuple[str, ...] = ()  # what the scenario's script says of it


def steps_of(
    record: ScenarioRecord, wanted: Collection[int]
) -> Tuple[List[Lane], List[Step]]:
    """Return the lanes and every step, in the order of time.

    Of the states, the last one becomes steps, and those that are wanted.
    """
    builder = _Builder(record, wanted)
    in_time = sorted(record.events, key=lambda one: (_time(one), _number(one)))
    for event in in_time:
        builder.take(event)
    return builder.lanes, builder.steps


def _time(event: Event) -> float:
    return float(event.get("t", 0.0))


def _number(event: Event) -> int:
    return int(event.get("n", 0))


def _text(event: Event) -> str:
    if "text" in event:
        return str(event["text"])[:_TEXT_CAP]
    data = bytes.fromhex(str(event.get("hex", ""))[: 2 * _TEXT_CAP])
    return data.decode("utf-8", "backslashreplace")


class _Builder:
    """Takes events in the order of time and adds steps."""

    def __init__(
        self, record: ScenarioRecord, wanted: Collection[int]
    ) -> None:
        self.steps: List[Step] = []
        self.lanes: List[Lane] = _lanes(record)
        self._wanted = wanted
        hosts = dict(record.facts.get("hosts", {}))
        self._host_of = {str(ip): str(name) for name, ip in hosts.items()}
        self._next: Dict[Tuple[str, str], int] = {}  # sequence numbers
        packets = [one for one in record.events if one.get("ev") == "packet"]
        self._view = _view(packets, self.lanes)
        self._answered = {
            (str(one.get("dst")), str(one.get("src")))
            for one in packets
            if {"S", "A"} <= set(str(one.get("flags", "")))
        }
        states = [one for one in record.events if one.get("ev") == "state"]
        self._last_state = _number(states[-1]) if states else 0
        self._over: Set[str] = set()  # programs that have ended

    def take(self, event: Event) -> None:
        """Add the steps that this event is worth."""
        kind = event.get("ev")
        if kind == "packet":
            self._packet(event)
        elif kind == "state":
            self._state(event)
        elif kind == "output":
            self._output(event)
        elif kind == "exit":
            self._exit(event)
        elif "program" in event:
            words, what = _on_lane(event)
            if words:
                typed = kind == "typed" and event.get("text") not in _KEYS
                text = _text(event) if typed else ""
                self._add(what, event, self._lane(event), words, text=text)

    def _add(
        self,
        kind: Kind,
        event: Event,
        lane: int,
        words: str = "",
        **more: Any,
    ) -> None:
        events = (_number(event),)
        step = Step(kind, _time(event), lane, words=words, events=events)
        self.steps.append(replace(step, **more))

    def _lane(self, event: Event) -> int:
        program = str(event.get("program", ""))
        for at, lane in enumerate(self.lanes):
            if lane.program == program:
                return at
        host = str(event.get("host", ""))
        return self._new_lane(Lane(program, program, host))

    def _new_lane(self, lane: Lane) -> int:
        if len(self.lanes) >= _MOST_LANES:
            return len(self.lanes) - 1
        self.lanes.append(lane)
        return len(self.lanes) - 1

    def _lane_at(self, address: str) -> int:
        """Return the lane of the program behind an address."""
        ip = address.rpartition(":")[0]
        host = self._host_of.get(ip, "")
        for at, lane in enumerate(self.lanes):
            if lane.program == "@" + ip or (host and lane.host == host):
                return at
        return self._new_lane(Lane("@" + ip, host or ip, ip if host else ""))

    def _name_at(self, address: str) -> str:
        host = self._host_of.get(address.rpartition(":")[0], "")
        return next((one.title for one in self.lanes if host == one.host), "")

    def _output(self, event: Event) -> None:
        lane, text = self._lane(event), _text(event)
        last = self.steps[-1] if self.steps else None
        if last and last.kind is Kind.PRINT and last.lane == lane:
            self.steps[-1] = replace(
                last,
                text=(last.text + text)[:_TEXT_CAP],
                events=last.events + (_number(event),),
            )
            return
        self._add(Kind.PRINT, event, lane, "prints", text=text)

    def _exit(self, event: Event) -> None:
        killed = event.get("signal") == "KILL"
        self._over.add(str(event.get("program", "")))
        if killed and 0 < self._last_state < _number(event):
            return  # that was labrun, when it cleared away
        if "signal" in event:
            words = "is ended by signal " + str(event["signal"])
        else:
            code = int(event.get("code", 0))
            words = "ends" + (" with exit status %d" % code if code else "")
        self._add(Kind.EXIT, event, self._lane(event), words)

    def _state(self, event: Event) -> None:
        number = _number(event)
        if number not in self._wanted and number != self._last_state:
            return
        for at, lane in enumerate(self.lanes):
            if lane.program not in self._over:
                phrases = waits_of(event, lane.program, self._name_at)
                if phrases:
                    when = "at the end " if number == self._last_state else ""
                    told = when + "; ".join(phrases)
                    self._add(Kind.WAIT, event, at, told)

    def _packet(self, event: Event) -> None:
        flags = set(str(event.get("flags", "")))
        if event.get("host") != self._view or {"S", "A"} <= flags:
            return
        src, dst = str(event.get("src", "")), str(event.get("dst", ""))
        again = self._is_again(src, dst, event, flags)
        lane, to = self._lane_at(src), self._lane_at(dst)
        if "S" in flags:
            answered = (src, dst) in self._answered
            words = "connects" if answered else "tries to connect"
            self._add(Kind.CONNECT, event, lane, words, to=to, again=again)
        if int(event.get("len", 0)) > 0:
            self._add(
                Kind.MESSAGE, event, lane, to=to, text=_text(event), again=again
            )
        if "R" in flags:
            known = (dst, src) in self._answered or (src, dst) in self._answered
            words = "breaks the connection off" if known else "refuses"
            self._add(Kind.RESET, event, lane, words, to=to)
        elif "F" in flags:
            self._add(Kind.CLOSE, event, lane, "closes", to=to)

    def _is_again(
        self, src: str, dst: str, event: Event, flags: Set[str]
    ) -> bool:
        """Say whether a segment was sent before; keep count of what was."""
        if "seq" not in event:
            return False
        length = int(event.get("len", 0)) + ("S" in flags)
        end = (int(event["seq"]) + length) % _SEQ
        known = self._next.get((src, dst))
        if "S" in flags:
            self._next[(src, dst)] = end
            return known == end
        if length == 0:
            return False
        if known is not None and (known - end) % _SEQ < _SEQ // 2:
            return True
        self._next[(src, dst)] = end
        return False


_KEYS = {"\x03": "Ctrl-C", "\x04": "Ctrl-D"}


def _on_lane(event: Event) -> Tuple[str, Kind]:
    """Return words for an event that concerns one program, or ""."""
    kind = event.get("ev")
    if kind == "started":
        return "starts", Kind.START
    if kind == "start-failed":
        return "cannot be started: %s" % event.get("why", ""), Kind.EXIT
    if kind == "typed":
        key = _KEYS.get(str(event.get("text", "")))
        return "user presses " + key if key else "user types", Kind.TYPE
    if kind == "signalled":
        return "gets signal %s" % event.get("signal", ""), Kind.SIGNAL
    if kind == "output-capped":
        return "prints on; the rest is left out", Kind.SIGNAL
    return "", Kind.GAP


def _view(packets: Sequence[Event], lanes: Sequence[Lane]) -> str:
    """Return the host whose capture is drawn: the server's, if there is one."""
    hosts = [str(one.get("host", "")) for one in packets]
    for lane in lanes:
        if lane.program.startswith("server") and lane.host in hosts:
            return lane.host
    return hosts[0] if hosts else ""


def _lanes(record: ScenarioRecord) -> List[Lane]:
    """Return the lanes: the server between two clients, else at the left."""
    servers: List[Lane] = []
    clients: List[Lane] = []
    for program, about in record.facts.get("programs", {}).items():
        lane = Lane(
            str(program),
            str(about.get("label") or program),
            str(about.get("host", "")),
        )
        side = servers if lane.program.startswith("server") else clients
        side.append(lane)
    if len(clients) == 2:
        return clients[:1] + servers + clients[1:]
    return servers + clients
