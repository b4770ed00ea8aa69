"""Lab `order`: the exchange of the own clients, said again by peers.

What the clients sent in a first exchange is sent again byte for byte, in the
dialect that the server knows, without starting the clients again: so an
exchange costs little more than the start of the server.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from grader.api import Handle, Run, Socket, Variant

SERVER, FIRST, SECOND = "h1", "h2", "h3"


class Replay:
    """A server that is started again and again, with two peers."""

    def __init__(self, run: Run, server: Handle, hosts: Mapping[str, str]) -> None:
        """`hosts` has the host of each label."""
        self.run = run
        self.server = server
        self.hosts = dict(hosts)
        self.peers: Dict[str, Handle] = {}
        self._said: Dict[str, bytes] = {}
        self._part: Dict[str, Any] = {}

    def learn(self, clients: Mapping[str, Handle]) -> bool:
        """What the clients have said, by label. No where it was not just one
        message: a peer would not know what belongs when."""
        typed = self.run.facts["messages"]
        for label, client in clients.items():
            chunks = self.run.sent_chunks(client)
            message = typed[client.host].encode()
            if len(chunks) != 1 or message not in chunks[0]:
                return False
            self._said[label] = chunks[0]
        return len(self._said) == 2

    def begin(self, kind: str, variant: Optional[Variant] = None) -> Socket:
        """A part of the run begins: the server is started again, and both
        peers connect, X first. Raises Stuck where the server does not."""
        self.clear()
        run = self.run
        self._part = {"kind": kind, "begin": run.now + 1}
        run.again(self.server, variant)
        server = run.serve(self.server)
        address = run.facts["hosts"][SERVER]
        for label in "XY":
            host = self.hosts[label]
            peer = run.peer(host, "connect", address, str(server.port))
            self.peers[label] = peer
            run.until(lambda state: bool(state.connections(peer.name)))
        return server

    def say(self, label: str) -> None:
        """A peer says what the client with its label has said."""
        self.run.tell(self.peers[label], self._said[label])

    def both_at_once(self) -> None:
        """Both messages lie in the server's queues before it may look."""
        run = self.run
        run.signal(self.server, "STOP")
        run.settle()  # a receive that is under way would still take a message
        for label in "XY":
            self.say(label)
        self._part["held"] = run.settle().n
        run.signal(self.server, "CONT")

    def halves(self, label: str) -> Tuple[bytes, bytes]:
        """What a client has said, cut in the middle of its message."""
        said = self._said[label]
        message = self.run.facts["messages"][self.hosts[label]].encode()
        at = said.index(message) + len(message) // 2
        return said[:at], said[at:]

    def in_the_words_of(self, other: str, label: str) -> Optional[bytes]:
        """What a client would have said, had its user typed the other's text;
        None where more of what it says may depend on the text, as a length."""
        typed: Dict[str, str] = self.run.facts["messages"]
        texts = {x: typed[host].encode() for x, host in self.hosts.items()}
        before, _text, after = self._said[label].partition(texts[label])
        around = (before + after).decode("ascii", "replace").rstrip()
        if around and not all(c.isalpha() or c in " :_-" for c in around):
            return None
        return before + texts[other] + after

    def end(self, **more: Any) -> None:
        """The part ends when each peer has been told something, or nothing
        more can come. `more` is noted of it."""
        run = self.run
        since = int(self._part.get("held", run.now))
        run.until(lambda _state: self._all_told(since))
        self._part.update(more, end=run.state.n)
        run.facts.setdefault("parts", []).append(self._part)

    def _all_told(self, since: int) -> bool:
        return not self.run.state.runs(self.server.name) or all(
            self.run.received_by(peer, since) > 0 for peer in self.peers.values()
        )

    def clear(self) -> None:
        """End what runs, and wait until its connections are gone."""
        run = self.run
        for name, program in list(run.facts["programs"].items()):
            run.stop(Handle(name, program["role"], program["host"]))
        self.peers = {}
        run.until(
            lambda state: all(s.state == "LISTEN" for s in state.on_host(SERVER))
        )
