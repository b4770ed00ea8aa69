"""What if a guest is not as polite as the submission's own client?

It connects and says nothing; it sends two lines at once; it sends a line that
is longer than any buffer. Guests of ours do that, in the words of the
submission's own client. Only insights rest on it.
"""

from __future__ import annotations

from typing import Any, Dict, List

from grader.api import Handle, Run, Stuck, decode, scenario

from .rooms import HOSTS, SERVER, Guest, Room

#: Longer than what one receive takes in most hand-ins, and no burden.
LONG = 6000
#: A terminal takes 4095 characters at a time, and labpeer four for a byte.
PIECE = 900


@scenario()
def odd_guests(run: Run) -> None:
    """First the submission's own client, beside a connection that says
    nothing; what it sends for a line is then repeated by a peer."""
    run.facts["spare"] = True  # no verdict rests on it
    room = Room(run)
    bare = _connect(room, HOSTS[1])
    guest = room.enter(HOSTS[0])
    entering = run.sent_chunks(guest.client)
    word = run.names.fresh()
    answer = room.say(guest, word, "echo") if guest.ready else {"n": None}
    run.facts["beside-a-bare-one"] = bool(
        answer["n"] and run.received_by(guest.client, answer["n"])
    )
    run.stop(bare)
    run.settle()
    line = run.sent_chunks(guest.client)[len(entering) :]
    if run.facts["beside-a-bare-one"] and len(line) == 1:
        try:
            _impolite(room, guest, entering, line[0], word.encode())
        except Stuck as stuck:
            run.facts["not-tried"] = str(stuck)
    room.close()


def _impolite(room: Room, guest: Guest, entering: List[bytes], line: bytes,
              word: bytes) -> None:
    run = room.run
    peer = _connect(room, HOSTS[2])
    name = str(guest.fact["name"]).encode()
    for chunk in entering:
        if name:
            chunk = chunk.replace(name, run.names.fresh().encode())
        run.tell(peer, chunk)
        run.settle()
    if not run.state.connections(peer.name):
        return
    run.facts["two-lines"] = _two_lines(run, peer, line, word)
    # Another length would break what is no line of text.
    if line.strip() == word and run.state.connections(peer.name):
        run.facts["long-line"] = _long_line(run, peer, line, word)


def _connect(room: Room, host: str) -> Handle:
    run = room.run
    peer = run.peer(host, "connect", run.facts["hosts"][SERVER],
                    str(room.server.port), output_cap=1 << 20)
    run.until(lambda state: bool(state.connections(peer.name)))
    return peer


def _two_lines(run: Run, peer: Handle, line: bytes, word: bytes) -> Dict[str, Any]:
    """Both lie in the server's queue before it may look."""
    server = Handle("server", "server", SERVER)
    texts = [run.names.fresh(), run.names.fresh()]
    since = run.now
    run.signal(server, "STOP")
    run.settle()  # a receive that is under way would still take the first one
    for text in texts:
        run.tell(peer, line.replace(word, text.encode()))
    run.settle()
    run.signal(server, "CONT")
    run.until(lambda _s: run.heard(peer, since).count(b"ACK") > 1)
    return {"texts": texts, "heard": decode(run.heard(peer, since))[:400],
            "n": since, "end": run.now}


def _long_line(run: Run, peer: Handle, line: bytes,
               word: bytes) -> Dict[str, Any]:
    """All of it lies in the server's queue before it may look."""
    server = Handle("server", "server", SERVER)
    text = (run.names.fresh() * LONG)[:LONG].encode()
    whole = line.replace(word, text)
    since = run.now
    run.signal(server, "STOP")
    run.settle()  # a receive that is under way would still take the first one
    for begin in range(0, len(whole), PIECE):
        run.tell(peer, whole[begin : begin + PIECE])
        run.settle()
    arrived = run.sent_by(peer, since) >= len(whole)
    run.signal(server, "CONT")
    run.until(lambda _s: text in run.heard(peer, since))
    heard = run.heard(peer, since)
    return {"arrived": arrived, "whole": text in heard, "answers": heard.count(b"ACK"),
            "open": bool(run.state.connections(peer.name)),
            "got": len(heard), "n": since, "end": run.now}
