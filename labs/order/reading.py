"""What did the programs of this lab say to one another in a run?

An Exchange is a trace with the words of the lab: who is X, what each client
sent and when it arrived, what the server told whom. It judges nothing.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Dict, List, Optional, Tuple

from grader.api import Connection, Socket, Stream, Trace, decode, plain

from . import sentences

#: Where a text begins that TCP joined to the one before it.
_JOINED = re.compile(
    r"(?<=[a-z.!?])(?=(?:Client ?)?[XY] ?:)|(?<=[a-z.!?])(?=Client [XY]\b)"
)
#: A label that a client itself put before its message.
_OWN_PREFIX = re.compile(
    r"(?:client[\W_]*[xy]|\b[xy])\b[^\w\n]*$", re.IGNORECASE
)
#: What clients and servers put before a message.
_PREFIX = re.compile(r"^\W*(?:from )?(?:client )?[xy]?\W*[:>-]\s*", re.IGNORECASE)

#: Bytes that are read at either end of what a client was told. No server of
#: this lab needs so much; one that floods its clients sends megabytes.
_MOST_HEARD = 8192


@dataclass(frozen=True)
class Client:
    """One client's side of the exchange."""

    host: str
    label: str  # the right one: "X" connected first
    program: str  # its name in the trace
    connections: Tuple[Connection, ...]  # those that were established
    message: str  # what it sent, without a prefix; "" if nothing
    typed: bool  # the message is what the driver typed
    arrived: Optional[int]  # the event that brought it to the server
    prefix: str = ""  # "Client X: ", where the client itself wrote it
    told: str = ""  # everything that the server told it
    cut: str = ""  # the whole message, where the server took its beginning only

    @property
    def connection(self) -> Optional[Connection]:
        """The one that carried its message, or else its first."""
        for connection in self.connections:
            if connection.to_server.chunks:
                return connection
        return self.connections[0] if self.connections else None

    @functools.cached_property
    def heard(self) -> List[Tuple[int, bytes]]:
        """What the server sent it, on all its connections, in order; the first
        and the last of a flood."""
        pieces = sorted(
            chunk for c in self.connections for chunk in c.to_client.chunks
        )
        if sum(len(piece) for _n, piece in pieces) <= 2 * _MOST_HEARD:
            return pieces
        first = _as_far_as(_MOST_HEARD, pieces)
        last = _as_far_as(_MOST_HEARD, pieces[:first - 1 : -1])
        return pieces[:first] + pieces[len(pieces) - last :]


class Exchange:
    """One run, in the words of the lab."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        labels: Dict[str, str] = trace.facts.get("labels", {})
        addresses: Dict[str, str] = trace.facts.get("hosts", {})
        clients = [
            _client(trace, host, label, addresses[host])
            for host, label in labels.items()
        ]
        arrivals = [c.arrived for c in clients if c.arrived is not None]
        first = min(arrivals) if arrivals else None
        self.clients = tuple(
            replace(client, told=_told(client, first))
            for client in sorted(clients, key=lambda client: client.label)
        )
        words = "\n".join([self.printed, *(plain(c.told) for c in self.clients)])
        self.clients = tuple(_as_taken(c, words) for c in self.clients)

    @property
    def both_connected(self) -> bool:
        return len(self.clients) == 2 and all(
            client.connections for client in self.clients
        )

    @property
    def both_arrived(self) -> bool:
        return self.both_connected and all(
            client.arrived is not None for client in self.clients
        )

    @property
    def distinct(self) -> bool:
        """The messages can be told apart, and nobody knew them before."""
        return (
            self.both_arrived
            and all(client.typed for client in self.clients)
            and self.clients[0].message != self.clients[1].message
        )

    @property
    def by_chance(self) -> bool:
        """Both messages were there when the second client was: which of them
        is taken first, no server can be asked to get right."""
        settled = self.trace.facts.get("both-connected") or 0
        return self.both_arrived and all(
            (client.arrived or 0) <= settled for client in self.clients
        )

    def by_arrival(self) -> Tuple[Client, ...]:
        """The clients whose messages arrived, in the order of arrival."""
        there = [c for c in self.clients if c.arrived is not None]
        return tuple(sorted(there, key=lambda client: client.arrived or 0))

    def sentence(self, client: Client) -> Optional[sentences.Sentence]:
        """What the acknowledgement to this client claims."""
        one, two = (c.message for c in self.clients)
        if one and two:
            prefixes = (self.clients[0].prefix, self.clients[1].prefix)
            found = sentences.read(client.told, one, two, prefixes)
            if found:
                return found
        return sentences.read_letters(client.told)

    def is_worded(self, client: Client, told: sentences.Sentence) -> bool:
        """Whether the client shows as a whole sentence what it was told in
        pieces, such as the fields of a record."""
        one, two = (c.message for c in self.clients)
        output = self.trace.output(client.program)
        found = sentences.read(output, one, two) if one and two else None
        return (
            told.has_messages
            and found is not None
            and found.is_whole
            and (found.first, found.letters) == (told.first, told.letters)
        )

    def letters_used(self) -> Dict[str, str]:
        """host -> the letter that the server uses for it, where it shows."""
        differ = len({client.message for client in self.clients}) == 2
        for client in self.clients:
            sentence = self.sentence(client) if differ else None
            if (
                sentence
                and sentence.has_messages
                and all(sentence.letters)
                and not sentence.own_letters  # the server must say who is X
            ):
                return self._by_message(sentence)
        greeted = {
            client.host: self.greeting(client)[0]
            for client in self.clients
            if len(set(self.greeting(client))) == 1
        }
        return greeted if len(greeted) == 2 else self._printed_letters()

    def greeting(self, client: Client) -> List[str]:
        """The letters that were announced to this client."""
        return sentences.announced(client.told)

    def greeted_at(self, client: Client) -> Optional[int]:
        """The event that brought the announcement."""
        so_far = b""
        for n, piece in client.heard:
            so_far += piece
            if sentences.announced(decode(so_far)):
                return n
        return None

    def sentence_at(self, client: Client) -> Optional[int]:
        """The last event that brought the client something."""
        return client.heard[-1][0] if client.heard else None

    def server_socket(self, client: Client, at: str) -> Optional[Socket]:
        """The server's end of a client's connection, in the state that the
        script noted under `at`; None once it is closed."""
        n = self.trace.facts.get(at)
        if not n or client.connection is None:
            return None
        for socket in self.trace.state(n).on_host("h1"):
            if socket.peer == client.connection.client:
                return socket
        return None

    def took(self, client: Client) -> bool:
        """Whether the server has taken all that this client sent: it printed
        it, passed it on, or left nothing unread."""
        if client.connection is None or client.arrived is None:
            return False
        if self.server_printed(client) or self.passed_on(client):
            return True
        socket = self.server_socket(client, "end")
        if socket is not None and socket.connected:
            return socket.inode != 0 and socket.unread == 0
        # The kernel breaks a connection off when bytes are left unread.
        return client.connection.reset_by_server is None

    def answered(self, client: Client) -> bool:
        """Whether the server told it something after its message came."""
        return any(n > (client.arrived or n) for n, _piece in client.heard)

    def server_printed(self, client: Client) -> bool:
        return bool(client.message) and plain(client.message) in self.printed

    def passed_on(self, client: Client) -> bool:
        """Whether the server told anybody what this client had sent."""
        message = plain(client.message)
        return bool(message) and any(
            message in plain(other.told) for other in self.clients
        )

    def was_accepted(self, client: Client, at: str) -> bool:
        """Whether the server had accepted a client when the script noted
        `at`: the connection has an owner, or was used or closed in order."""
        socket = self.server_socket(client, at)
        if socket is not None and socket.state in ("ESTABLISHED", "CLOSE_WAIT"):
            return socket.inode != 0  # one that was closed has none either
        return bool(client.heard) or (
            client.connection is not None
            and client.connection.closed_by_server is not None
        )

    @functools.cached_property
    def printed(self) -> str:
        """What the server printed, as plain words."""
        return plain(self.trace.output("server"))

    def _by_message(self, sentence: sentences.Sentence) -> Dict[str, str]:
        used = {}
        for client in self.clients:
            first = client.message == sentence.first
            used[client.host] = sentence.letters[0 if first else 1]
        return used

    def _printed_letters(self) -> Dict[str, str]:
        """From lines of the server such as "Client X sent message 1: NAME"."""
        used: Dict[str, str] = {}
        for line in self.printed.split("\n"):
            letters = set(re.findall(r"\bclient ?([xy])\b", line))
            for client in self.clients:
                if (
                    client.message
                    and plain(client.message) in line
                    and len(letters) == 1
                ):
                    used.setdefault(client.host, letters.pop().upper())
        return used if len(used) == 2 else {}


#: A shorter beginning of a message may be part of any word.
_LEAST_CUT = 4


def _as_far_as(most: int, pieces: List[Tuple[int, bytes]]) -> int:
    """How many of the pieces, at least one, have not more bytes than that."""
    size = 0
    for count, (_n, piece) in enumerate(pieces):
        size += len(piece)
        if size > most:
            return max(1, count)
    return len(pieces)


def _as_taken(client: Client, words: str) -> Client:
    """The client with so much of its message as the server has shown to have
    taken: one that receives a few bytes only is not to lose every row."""
    whole = client.message
    if not client.typed or plain(whole) in words:
        return client
    for length in range(len(whole) - 1, _LEAST_CUT - 1, -1):
        if re.search(r"\b%s\b" % re.escape(plain(whole[:length])), words):
            return replace(client, message=whole[:length], cut=whole)
    return client


def _told(client: Client, first_arrival: Optional[int]) -> str:
    """What a client was told before any message came, and what after that.

    Many servers send no line ends; what lies between is where one text ends
    and the other begins, however TCP cut them.
    """
    before = b"".join(
        piece
        for n, piece in client.heard
        if first_arrival is None or n < first_arrival
    )
    after = b"".join(piece for _n, piece in client.heard)[len(before) :]
    return _JOINED.sub("\n", decode(before) + "\n" + decode(after))


#: How a client may write the characters that its user typed.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def _arrival(stream: Stream, typed: str) -> Optional[int]:
    """The event that brought the end of the message."""
    there = (stream.event_of(typed.encode(name)) for name in _ENCODINGS)
    return next((n for n in there if n is not None), None)


def _client(trace: Trace, host: str, label: str, address: str) -> Client:
    made = tuple(
        c
        for c in trace.connections
        if c.client_address == address and c.established is not None
    )
    client = Client(host, label, host, made, "", False, None)
    if client.connection is None:
        return client
    typed = str(trace.facts.get("messages", {}).get(host, ""))
    stream = client.connection.to_server
    arrived = _arrival(stream, typed) if typed else None
    if arrived is not None:
        own = _OWN_PREFIX.search(stream.said.partition(typed)[0])
        return replace(
            client,
            message=typed,
            typed=True,
            arrived=arrived,
            prefix=own.group() if own else "",
        )
    if stream.chunks:
        said = plain(decode(stream.data[: sentences.LONGEST + 1]))
        words = _PREFIX.sub("", said).strip()
        return replace(
            client,
            message=words,
            arrived=stream.chunks[-1][0],
            prefix=said[: len(said) - len(words)],
        )
    return client
