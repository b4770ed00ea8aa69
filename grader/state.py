"""What was every program waiting for at one moment?

A State is one `state` event of labrun (c_src/PROTOCOL.md) with questions that
scenarios and checks ask of it. Programs are named as they were started.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Tuple

from grader.model import Event

#: States in which a connection has been made and still has two ends.
_CONNECTED = ("ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT1", "FIN_WAIT2")


@dataclass(frozen=True)
class Socket:
    """One TCP socket, seen from the host that it is on."""

    host: str
    program: str  # "" when no program has it open
    state: str  # as in ss(8)
    local: str  # address and port
    peer: str
    recv_q: int  # bytes unread; LISTEN: connections not yet accepted
    send_q: int
    inode: int  # 0: not accepted, or closed by its owner

    @property
    def port(self) -> int:
        return port_of(self.local)

    @property
    def address(self) -> str:
        return address_of(self.local)

    @property
    def unread(self) -> int:
        """Bytes that arrived and that nobody has read. The other side's end
        (FIN) counts as one byte in the kernel's account; not here."""
        ended = self.state in ("CLOSE_WAIT", "LAST_ACK", "CLOSING")
        return max(0, self.recv_q - 1) if ended else self.recv_q

    @property
    def connected(self) -> bool:
        return self.state in _CONNECTED


class State:
    """A `state` event, ready to be asked."""

    def __init__(self, event: Event) -> None:
        self.n: int = event["n"]
        self.outcome: str = event["outcome"]
        self.starved: bool = bool(event.get("starved"))
        self.threads: List[Dict[str, Any]] = event["threads"]
        #: Packets that each host's link holds back; hosts with none are not in it.
        self.held: Dict[str, int] = {}
        for queue in event.get("queues", ()):
            if queue["packets"]:
                before = self.held.get(queue["host"], 0)
                self.held[queue["host"]] = before + queue["packets"]
        self.sockets: Tuple[Socket, ...] = tuple(
            Socket(
                host=s["host"],
                program=s.get("program", ""),
                state=s["state"],
                local=s["local"],
                peer=s["peer"],
                recv_q=s["recv_q"],
                send_q=s["send_q"],
                inode=s["inode"],
            )
            for s in event["sockets"]
        )

    def runs(self, program: str) -> bool:
        return any(t["program"] == program for t in self.threads)

    def reads_terminal(self, program: str) -> bool:
        """Whether the program waits for its user."""
        return any(
            t["wait"] == "terminal" or t.get("terminal")
            for t in self.threads
            if t["program"] == program
        )

    def sleeps(self, program: str) -> bool:
        """Whether a thread of the program waits for nothing but time."""
        return any(
            t["wait"] == "sleep" for t in self.threads if t["program"] == program
        )

    def waits(self, program: str) -> Tuple[str, ...]:
        """What each thread of the program waits for, as protocol words."""
        return tuple(
            t["wait"] for t in self.threads if t["program"] == program
        )

    def listeners(self, program: str) -> Tuple[Socket, ...]:
        """The sockets on which the program listens."""
        return tuple(
            s
            for s in self.sockets
            if s.program == program and s.state == "LISTEN"
        )

    def connections(self, program: str) -> Tuple[Socket, ...]:
        """The connections that the program has open."""
        return tuple(
            s for s in self.sockets if s.program == program and s.connected
        )

    def under_way(self, program: str) -> int:
        """Bytes that the program has sent and nobody has acknowledged."""
        return sum(s.send_q for s in self.connections(program))

    def on_host(self, host: str) -> Tuple[Socket, ...]:
        return tuple(s for s in self.sockets if s.host == host)


def port_of(endpoint: str) -> int:
    """The port of "10.0.0.1:12000"."""
    return int(endpoint.rpartition(":")[2])


def address_of(endpoint: str) -> str:
    """The address of "10.0.0.1:12000" or "[::1]:80", without brackets."""
    return endpoint.rpartition(":")[0].strip("[]")
