"""What of a scenario's events is a step that a person would tell?

Pure acknowledgements and the second half of the handshake are left out, since
nobody wrote them; output that came in pieces is one step. All text stays as
the programs wrote it, so a renderer must make it inert.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Collection, Dict, List, Set, Tuple

from grader.ladder_lanes import Lane, lanes_of, view_of
from grader.model import Event, ScenarioRecord
from grader.waits import joined, waits_of

_SEQ = 1 << 32  # TCP's numbers go round
_TEXT_CAP = 2000  # more of one step's text is never shown
_MOST_LANES = 8
_NOWHERE = -1
_PROVED = ("settled", "busy", "sleeping")  # states that are no mere moment


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
    OVER = "over"  # the script has come to its end
    GAP = "gap"  # steps that were left out


@dataclass(frozen=True)
class Step:
    """One thing that happened; `to` is the lane that it led to, or -1."""

    kind: Kind
    time: float
    lane: int
    to: int = _NOWHERE
    words: str = ""  # ours: "types"
    text: str = ""  # the program's, as it was
    more: int = 0  # so much of it is left out: characters, or bytes
    again: bool = False  # a segment that was sent before
    events: Tuple[int, ...] = ()
    marks: Tuple[str, ...] = ()  # of the verdicts that rest on it
    notes: Tuple[str, ...] = ()  # what the scenario's script says of it


def steps_of(
    record: ScenarioRecord, wanted: Collection[int], detail: bool = False
) -> Tuple[List[Lane], List[Step]]:
    """Return the lanes and every step, in the order of time.

    Of the states, the last one becomes steps, and those that are wanted;
    with `detail` also what a program waits for anew, and a step where the
    script has come to its end.
    """
    builder = _Builder(record, wanted, detail)
    in_time = sorted(record.events, key=lambda one: (_time(one), _number(one)))
    for event in in_time:
        builder.take(event)
    builder.flush()
    if builder.steps and builder.steps[-1].kind is Kind.OVER:
        builder.steps.pop()  # nothing went on
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


def _left_out(event: Event, text: str) -> int:
    """How much of an event's text is not in `text`."""
    if "hex" in event:
        whole = len(str(event["hex"])) // 2
        return max(whole, int(event.get("len", 0))) - min(whole, _TEXT_CAP)
    told = str(event.get("text", ""))
    # What labrun itself has cut off is known in bytes only.
    cut = int(event.get("len", 0)) - len(told.encode("utf-8", "surrogatepass"))
    return len(told) - len(text) + max(cut, 0)


class _Builder:
    """Takes events in the order of time and adds steps."""

    def __init__(
        self, record: ScenarioRecord, wanted: Collection[int], detail: bool
    ) -> None:
        self.steps: List[Step] = []
        self.lanes: List[Lane] = lanes_of(record)
        self._wanted = wanted
        self._closing = int(record.facts.get("closing", 0)) if detail else 0
        self._detail = detail
        self._waited: Dict[int, List[str]] = {}  # by lane, as it was last told
        # What comes in many pieces is put together once, not piece by piece.
        self._printed: List[Event] = []
        hosts = dict(record.facts.get("hosts", {}))
        self._host_of = {str(ip): str(name) for name, ip in hosts.items()}
        self._next: Dict[Tuple[str, str], int] = {}  # sequence numbers
        packets = [one for one in record.events if one.get("ev") == "packet"]
        self._view = view_of(packets, self.lanes)
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
        if kind == "output":
            self._output(event)
            return
        if 0 < self._closing <= _number(event):
            over = "the run is over: what still goes on is ended"
            self._add(Kind.OVER, event, _NOWHERE, over)
            self._closing = 0
        if kind == "packet":
            self._packet(event)
        elif kind == "state":
            self._state(event)
        elif kind == "exit":
            self._exit(event)
        elif "program" in event:
            words, what = _on_lane(event)
            if words:
                typed = kind == "typed" and event.get("text") not in _KEYS
                text = _text(event) if typed else ""
                more = _left_out(event, text) if typed else 0
                self._add(
                    what, event, self._lane(event), words, text=text, more=more
                )

    def _add(
        self,
        kind: Kind,
        event: Event,
        lane: int,
        words: str = "",
        **fields: Any,
    ) -> None:
        self.flush()
        events = (_number(event),)
        self.steps.append(
            Step(
                kind, _time(event), lane, words=words, events=events, **fields
            )
        )

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
        last = self._printed[-1] if self._printed else event
        if last.get("program") != event.get("program"):
            self.flush()
        self._printed.append(event)

    def flush(self) -> None:
        """Make one step of what a program has printed by now."""
        pieces, self._printed = self._printed, []
        if not pieces:
            return
        texts = [_text(one) for one in pieces]
        more = sum(map(_left_out, pieces, texts))
        text = "".join(texts)
        first = pieces[0]
        self.steps.append(
            Step(
                Kind.PRINT, _time(first), self._lane(first), words="prints",
                text=text[:_TEXT_CAP], more=more + len(text[_TEXT_CAP:]),
                events=tuple(_number(one) for one in pieces),
            )
        )  # fmt: skip

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
        fully = number in self._wanted or number == self._last_state
        if not (fully or self._detail and event.get("outcome") in _PROVED):
            return
        self.flush()
        for at, lane in enumerate(self.lanes):
            if lane.program in self._over:
                continue
            phrases = waits_of(event, lane.program, self._name_at)
            if phrases and (fully or phrases != self._waited.get(at)):
                when = "at the end " if number == self._last_state else ""
                told = when + joined(phrases)
                self._add(Kind.WAIT, event, at, told)
            self._waited[at] = phrases

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
            text = _text(event)
            self._add(
                Kind.MESSAGE, event, lane, to=to, text=text,
                more=_left_out(event, text), again=again,
            )  # fmt: skip
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
