"""What does a program wait for, in words?

Reads one `state` event (c_src/PROTOCOL.md). A ladder ends with these words:
"waits to receive from client X" often says more than everything before.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from grader.model import Event

_WORDS = {
    "running": "is busy",
    "terminal": "waits for somebody to type",
    "accept": "waits for a connection",
    "connect": "waits to be connected",
    "receive": "waits to receive",
    "send": "waits until it can send on",
    "poll": "waits for any of its connections",
    "futex": "waits for another thread",
    "sleep": "sleeps",
    "child": "waits for a program that it started",
    "signal": "waits for a signal",
    "pipe": "waits for another of its processes",
    "other": "waits",
    "stopped": "is stopped",
}
# What a thread does besides is no news where another one does more.
_DULL = ("futex", "child", "signal", "other")


def waits_of(
    state: Event, program: str, name_of: Callable[[str], str]
) -> List[str]:
    """Return what each thread of the program waits for, each wait once.

    `name_of` turns an address (`10.0.0.2:40000`) into a name for people, or
    "" where it has none.
    """
    peers = {
        socket.get("inode"): str(socket.get("peer", ""))
        for socket in state.get("sockets", ())
        if socket.get("inode")
    }
    threads = [
        thread
        for thread in state.get("threads", ())
        if thread.get("program") == program
    ]
    telling = [one for one in threads if one.get("wait") not in _DULL]
    phrases: List[str] = []
    for thread in telling or threads:
        peer = peers.get(thread.get("socket"), "")
        phrase = _phrase(thread, name_of(peer) if peer else "")
        if phrase not in phrases:
            phrases.append(phrase)
    return phrases


def joined(phrases: Sequence[str]) -> str:
    """Return phrases as one text, and what several begin with once."""
    together: Dict[str, List[str]] = {}
    for phrase in phrases:
        begin, found, whom = phrase.partition(" from ")
        together.setdefault(begin + found, []).append(whom)
    return "; ".join(
        begin + ", ".join(whom) for begin, whom in together.items()
    )


def _phrase(thread: Dict[str, Any], peer: str) -> str:
    wait = str(thread.get("wait", "other"))
    words = _WORDS.get(wait, _WORDS["other"])
    if wait == "poll" and thread.get("terminal"):
        return "waits for somebody to type, or for a connection"
    if wait == "receive" and peer:
        return words + " from " + peer
    if wait == "send" and peer:
        return words + " to " + peer
    return words
