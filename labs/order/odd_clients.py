"""Lab `order`: clients that the handout does not speak of.

One that sends before the other is there, one that leaves without a word, a
third one, one whose message comes in two segments. What a server makes of
them costs no points and is worth telling.
"""

from __future__ import annotations

from typing import Iterator

from grader.api import End, Insight, Run, Socket, Trace, Traces, insight, plain, scenario

from .parts import SPLIT, THIRD_CLIENT, Part, Told, parts, told
from .replay import FIRST, SECOND, SERVER, Replay

#: What a third client says. No message of a pair looks like it.
INTRUDER = "Intruder"


@scenario(needs=("server",), spare=True)
def early_sender(run: Run) -> None:
    """A peer sends right after connecting, while it is alone. Then a second
    one comes, and both leave without another word."""
    server = run.serve(run.start("server", SERVER))
    address = run.facts["hosts"][SERVER]
    client = run.peer(FIRST, "connect", address, str(server.port))
    run.until(lambda state: bool(state.connections(client.name)))
    run.facts["alone"] = run.state.n
    run.type(client, "send 1 " + run.names.fresh())
    run.facts["sent-alone"] = run.settle().n
    second = run.peer(SECOND, "connect", address, str(server.port))
    run.until(lambda state: bool(state.connections(second.name)))
    if not run.state.runs("server"):
        return
    for peer in (second, client):
        run.tell_to_close(peer)
        run.settle()
    run.facts["left"] = run.state.n


def third_client(replay: Replay) -> None:
    """A stranger comes and speaks when the pair is connected."""
    run, server = replay.run, replay.begin(THIRD_CLIENT)
    if not _come(run, server):
        return  # nobody listens any more: it cannot disturb
    replay.say("X")
    run.settle()
    replay.say("Y")
    replay.end()


def _come(run: Run, server: Socket) -> bool:
    """The stranger sits at the server's own host, where no client is."""
    address = run.facts["hosts"][SERVER]
    stranger = run.peer(SERVER, "connect", address, str(server.port))
    run.until(
        lambda state: bool(state.connections(stranger.name))
        or not state.runs(stranger.name)
    )
    if not run.state.connections(stranger.name):
        return False
    run.tell(stranger, INTRUDER.encode() + b"\n")
    run.settle()
    return True


def split_message(replay: Replay) -> None:
    """X's message comes in two segments, the second one later."""
    replay.begin(SPLIT)
    first, second = replay.halves("X")
    for half in (first, second):
        replay.run.tell(replay.peers["X"], half)
        replay.run.settle()
    replay.say("Y")
    replay.end(half=first.decode("utf-8", "replace"))


@insight
def takes_early_message(traces: Traces) -> Iterator[Insight]:
    """What becomes of a message that comes before there is a second client."""
    for trace in traces.of("early_sender"):
        n = trace.facts.get("sent-alone")
        if not n or not trace.connections:
            continue
        client = trace.connections[0].client
        for socket in trace.state(n).on_host(SERVER):
            if socket.peer == client and socket.inode and not socket.unread:
                yield Insight(
                    "takes-early-message",
                    "a message that a client sends while it is alone is taken"
                    " before the second client is accepted",
                    "Start to receive only after the second accept().",
                    (trace.evidence(n),),
                )


@insight
def leaves_early(traces: Traces) -> Iterator[Insight]:
    """What becomes of a server whose clients leave without a word."""
    for trace in traces.of("early_sender"):
        left = trace.facts.get("left")
        if not left:
            continue
        end = End(trace)
        if end.crash:
            yield Insight(
                "leaving-client-kills-server",
                "the server ends with an error when its clients leave without"
                " sending their messages",
                "recv() returns nothing when the other side has closed, and"
                " send() may fail then: look at what they return.",
                (trace.evidence(left, end.n),),
                measured=end.crash,
            )
        elif _hangs(trace, left):
            yield Insight(
                "leaving-client-hangs-server",
                "both clients have left, and the server goes on waiting for"
                " what can never come",
                "recv() returns nothing when the other side has closed: end"
                " the wait then, and tell whoever waits for it.",
                (trace.evidence(left),),
            )


def _hangs(trace: Trace, left: int) -> bool:
    """It runs, has nobody to speak to, and nobody can come."""
    state = trace.state(left)
    waits = state.waits("server")
    return (
        bool(waits)
        and "accept" not in waits
        and "poll" not in waits
        and state.outcome in ("settled", "busy")
    )


@insight
def third_disturbs(traces: Traces) -> Iterator[Insight]:
    """Whether a third client changes anything for the two."""
    for part in parts(traces, THIRD_CLIENT):
        heard = " ".join(plain(c.told) for c in part.exchange.clients)
        if told(part.exchange) is Told.SAME and plain(INTRUDER) not in heard:
            continue
        yield Insight(
            "third-client-disturbs",
            "a third client that connects and speaks keeps the two from"
            " their answer, or gets into it",
            "Close the listening socket after the second accept(), or accept"
            " nobody until the two are done.",
            (part.evidence,),
        )


@insight
def split_in_two(traces: Traces) -> Iterator[Insight]:
    """Whether one segment is taken for one message."""
    for part in parts(traces, SPLIT):
        if _took_a_half(part):
            yield Insight(
                "split-message",
                "a message that comes in two segments is taken for two: the"
                " first half counts as all of it",
                "TCP knows no messages. End each with a newline, and receive"
                " until it has come.",
                (part.evidence,),
            )


def _took_a_half(part: Part) -> bool:
    """The first half was passed on alone. What the server prints may come
    piece by piece, and says nothing."""
    x = part.exchange
    half = plain(part.fields["half"])
    whole = plain(next(c.message for c in x.clients if c.label == "X"))
    heard = [plain(client.told) for client in x.clients]
    return any(half in one and whole not in one for one in heard)
