"""What do the reports' tests report on?

A run as labrun would record it, and a report that rests on it: a server that
writes X first whatever arrives first, and tells it to X only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Tuple

from grader import model
from grader.model import Criterion, Evidence, Event, Finding, Row, Verdict

RUN = "exchange[h2 first, Y sends first]"
FACTS: Dict[str, Any] = {
    "hosts": {"h1": "10.0.0.1", "h2": "10.0.0.2", "h3": "10.0.0.3"},
    "programs": {
        "server": {"host": "h1", "label": "server"},
        "h2": {"host": "h2", "label": "client X"},
        "h3": {"host": "h3", "label": "client Y"},
    },
}
SERVER, X, Y = "10.0.0.1:12000", "10.0.0.2:40112", "10.0.0.3:51544"


class Stream:
    """Numbers events and gives each a time, as labrun does."""

    def __init__(self) -> None:
        self.events: List[Event] = []
        self._seq: Dict[Tuple[str, str], int] = {}

    def add(self, ev: str, **fields: Any) -> int:
        number = len(self.events) + 1
        self.events.append(
            {"n": number, "t": round(0.0031 * number, 6), "ev": ev, **fields}
        )
        return number

    def packet(self, src: str, dst: str, flags: str, text: str = "") -> int:
        seq = self._seq.setdefault((src, dst), 1000)
        length = len(text.encode("utf-8", "surrogatepass"))
        self._seq[src, dst] = seq + length + ("S" in flags) + ("F" in flags)
        fields: Dict[str, Any] = {"text": text} if text else {}
        return self.add(
            "packet", host="h1", interface="h1-eth0", src=src, dst=dst,
            flags=flags, seq=seq, ack=0, len=length, **fields,
        )  # fmt: skip

    def connect(self, client: str) -> int:
        number = self.packet(client, SERVER, "S")
        self.packet(SERVER, client, "SA")
        self.packet(client, SERVER, "A")
        return number

    def say(self, src: str, dst: str, text: str) -> int:
        number = self.packet(src, dst, "AP", text)
        self.packet(dst, src, "A")
        return number

    def state(self, **waits: Tuple[str, str]) -> int:
        """`server=("receive", X)`: what each program waits for, on whom."""
        threads, sockets = [], []
        for inode, (program, (wait, peer)) in enumerate(waits.items(), 700):
            thread: Event = {"program": program, "tid": inode, "wait": wait}
            threads.append({**thread, "socket": inode})
            sockets.append({"program": program, "peer": peer or "0.0.0.0:0", "inode": inode,
                            "host": "h1", "state": "ESTABLISHED",
                            "local": SERVER, "recv_q": 0, "send_q": 0})  # fmt: skip
        return self.add(
            "state", id=9, outcome="settled", threads=threads, sockets=sockets
        )


def exchange() -> Tuple[model.ScenarioRecord, Dict[str, int]]:
    """Return the run, and the numbers of the events that matter in it."""
    s, at = Stream(), {}
    s.add("hello", protocol=1, time=1.0)
    for program, host in (("server", "h1"), ("h2", "h2"), ("h3", "h3")):
        s.add("started", id=len(s.events), program=program, host=host, pid=20)
        if program == "server":
            ready = "The server is waiting to receive 2 connections....\n"
            s.add("output", program="server", text=ready)
            continue
        address = X if program == "h2" else Y
        s.connect(address)
        label = "X" if program == "h2" else "Y"
        s.add(
            "output", program="server",
            text="Accepted connection, calling it client %s\n" % label,
        )  # fmt: skip
    for client, program, label in ((X, "h2", "X"), (Y, "h3", "Y")):
        s.say(SERVER, client, "Client %s connected" % label)
        s.add(
            "output", program=program,
            text="From Server: Client %s connected\n" % label,
        )  # fmt: skip
        prompt = "Enter message to send to server: "
        s.add("output", program=program, text=prompt)
    at["early"] = s.state(
        server=("receive", X), h2=("terminal", ""), h3=("terminal", "")
    )
    for client, program, word in ((Y, "h3", "birch"), (X, "h2", "alder")):
        s.add("typed", id=1, program=program, text=word + "\n")
        at[word] = s.say(client, SERVER, word)
    s.add(
        "output", program="server",
        text="Client X sent message 1: alder\nClient Y sent message 2: birch\n",
    )  # fmt: skip
    at["ack"] = s.say(SERVER, X, "X: alder received before Y: birch")
    s.add(
        "output", program="h2",
        text="From Server: X: alder received before Y: birch\n",
    )  # fmt: skip
    s.packet(X, SERVER, "FA")
    s.add("exit", program="h2", code=0)
    at["end"] = s.state(server=("receive", Y), h3=("receive", SERVER))
    for program in ("server", "h3"):
        s.add("exit", program=program, signal="KILL")
    marks = {
        at["birch"]: "Y's message reached the server",
        at["alder"]: "X's message reached the server",
    }
    record = model.ScenarioRecord(
        RUN, model.Outcome.STUCK, "client Y still waits for an answer",
        tuple(s.events), FACTS, marks, "traces/07.jsonl", "traces/07.pcap",
    )  # fmt: skip
    return record, at


def row(
    id: str, points: float, verdict: Verdict, got: float = 0, **finding: Any
) -> Row:
    """Return a row of a report with a title and a hint of its own."""
    criterion = Criterion(
        id, points, TITLES.get(id, "The title of " + id),
        manual=verdict is Verdict.MANUAL, hint=HINTS.get(id, ""),
    )  # fmt: skip
    reason = finding.pop("reason", "")
    return Row(criterion, Finding(verdict, reason, **finding), got)


def bonus(
    id: str, points: float, verdict: Verdict, got: float = 0, **finding: Any
) -> Row:
    """Return a row whose points come on top of the maximum."""
    plain = row(id, points, verdict, got, **finding)
    return replace(plain, criterion=replace(plain.criterion, bonus=True))


TITLES = {
    "tcp": "The messages travel over TCP connections that the clients open",
    "accepts-both-first": "The server accepts both clients before it takes a"
    " message from either",
    "acknowledges-both": "Both clients are told which message was first:"
    " X: A received before Y: B",
    "order-of-arrival": "The acknowledgement follows the order of arrival,"
    " not of connection",
}
HINTS = {
    "acknowledges-both": "Build one sentence when both messages are there, and"
    " send that same sentence on both sockets.",
    "order-of-arrival": "Note the order at the moment when a message has been"
    " received, in one list that the threads share behind a lock.",
}


def report(**changes: Any) -> model.Report:
    """Return a report with a row of every verdict."""
    record, at = exchange()
    rows = (
        row("tcp", 5, Verdict.PASS, 5.0, reason="two connections"),
        row("accepts-both-first", 5, Verdict.NOT_JUDGED,
            reason="the machine was overloaded in 1 of 4 runs"),
        row("announces-connection", 5, Verdict.PASS, 5.0, rescued=True,
            reason="the clients connect to 127.0.0.1; they were led to h1",
            notes=("the greeting says `Connected`",)),
        row("acknowledges-both", 10, Verdict.PARTIAL, 5.0,
            reason="Client X is told, client Y is not.",
            expected='"Y: birch received before X: alder", to both clients',
            seen='to client X: "X: alder received before Y: birch"\n'
            "to client Y: nothing after its greeting",
            evidence=(Evidence(RUN, (at["ack"], at["end"])),)),
        row("order-of-arrival", 10, Verdict.FAIL,
            reason="The sentence names X first although Y's message arrived"
            " first.",
            expected="Y first where Y sends first",
            seen="X first in 4 of 4 runs",
            evidence=(Evidence(RUN, (at["birch"], at["alder"], at["ack"])),
                      Evidence("exchange[h3 first, Y sends first]", (3,)))),
        row("explains-multithreading", 20, Verdict.MANUAL,
            reason="a comment of 4 lines at the top of server.py; the server"
            " ran 3 threads"),
        row("readable", 10, Verdict.MANUAL),
    )  # fmt: skip
    fields: Dict[str, Any] = dict(
        lab="order", submission="team4", seed=7, backend="mininet",
        status="incomplete", rows=rows, traces=(record,), elapsed_s=0.913,
        insights=(model.Insight(
            "busy-wait", "The server spins while it waits for a message: it"
            " used 0.5 s of processor time in 0.5 s.",
            "Block in recv() instead of polling.",
        ),),
        programs=(
            model.Program("server", ("python3", "tcp server.py"), "src",
                          "src/tcp server.py", "python", "it calls accept()"),
            model.Program("client", ("python3", "client.py"), "src",
                          "src/client.py", "python", "it calls connect()"),
        ),
        notes=("old/server.py was left out: a copy of src/server.py",),
    )  # fmt: skip
    fields.update(changes)
    return model.Report(**fields)
