"""How is a program of this lab driven: its server started, its client led
through an exchange?

Both may ask for anything first: an address, a port, a name, a number. Nothing
here judges.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from grader.api import (
    CONFIRM,
    ENTER,
    HOST,
    NAME,
    NUMBER,
    OTHER,
    PORT,
    Handle,
    Run,
    Socket,
    State,
)

#: What a peer says to a client, whose user typed this number.
Answer = Callable[[Handle, int], None]

SERVER = "h1"
CLIENTS = ("h2", "h3", "h4")
PORT_BY_CUSTOM = "12000"


def start_server(run: Run, server: Optional[Handle] = None) -> Optional[Socket]:
    """The submission's server; None when it runs but never listens. One that
    has ended raises Stuck.

    It may ask for its name and its number as well as for a port."""
    handle = server or run.start("server", SERVER)
    name = run.facts.setdefault("server-name", run.names.fresh())
    number = str(run.names.number(2, 98))
    up = run.bring_up(
        handle,
        lambda state: bool(state.listeners(handle.name)),
        {
            PORT: PORT_BY_CUSTOM, HOST: run.facts["hosts"][SERVER],
            CONFIRM: "no", ENTER: "", NAME: name, NUMBER: number,
            OTHER: number,
        },
    )
    kinds = [a["kind"] for a in _answered(run, handle.name)]
    if NAME in kinds or HOST in kinds:
        # "Server name:" asks for an address in most programs, not in all.
        run.facts["own-name"] = (
            name if NAME in kinds else run.facts["hosts"][SERVER]
        )
    if not up and run.state.runs(handle.name):
        return None
    return run.serve(handle)


def visit(run: Run, client: Handle, server: Optional[Socket], text: str,
          number: int, name: str, begin: int,
          answer: Optional[Answer] = None) -> State:
    """One client does what it does, and leaves (or is ended). `answer` is
    said to it where nobody else would."""
    host = client.host
    fact: Dict[str, Any] = {
        "program": client.name, "host": host, "number": number,
        "begin": begin, "typed": None, "name": "", "text": text,
    }
    run.facts.setdefault("visits", []).append(fact)
    answers = {
        PORT: str(server.port) if server else PORT_BY_CUSTOM,
        HOST: run.facts["hosts"][SERVER],
        CONFIRM: "no",
        ENTER: "",
        NAME: name,
        NUMBER: text,
        OTHER: text,
    }

    def over(state: State) -> bool:
        """It has its answer, or it asks once more for what it was told. One
        that greets the server first asks for the number after it."""
        typed = [a for a in _answered(run, host) if a["text"] == text]
        if len(typed) > 1:
            return True
        if not typed and state.reads_terminal(client.name):
            return False
        since = typed[0]["n"] if typed else begin
        sent = run.sent_by(client, begin) > 0
        return sent and (
            answer is not None or run.received_by(client, since or begin) > 0
        )

    run.bring_up(client, over, answers)
    for told in _answered(run, host):
        if told["text"] == text:
            fact["typed"] = fact["typed"] or told["n"]
        if told["text"] == name:
            fact["name"] = name
    if answer is not None:
        answer(client, number)
    run.until(lambda state: not state.runs(client.name))
    if run.state.runs(client.name):
        run.stop(client)
        run.settle()
    fact["end"] = run.now
    return run.state


def come(run: Run, host: str, server: Optional[Socket], text: str,
         number: int, answer: Optional[Answer] = None) -> State:
    """A client of the submission comes to the server."""
    name, begin = run.names.fresh(), run.now
    client = run.start("client", host)
    return visit(run, client, server, text, number, name, begin, answer)


def _answered(run: Run, host: str) -> List[Any]:
    return [a for a in run.facts.get("answered", []) if a["program"] == host]


#: From where to where the fresh numbers are: far apart, so that a server that
#: looks at something else than the range ends in every run or in none.
_SPREAD = ((44, 57), (11, 30), (81, 98))


def fresh_numbers(run: Run) -> List[int]:
    """Three numbers in range with two digits, none of them the seed's 42."""
    return [run.names.number(least, most) for least, most in _SPREAD]


def fresh_digit(run: Run) -> int:
    """A number in range that is shorter than any other."""
    return run.names.number(2, 9)


def note_server(run: Run, ends: bool = False) -> None:
    """What became of the server; see end_of()."""
    run.facts.update(end_of(run, ends))


def end_of(run: Run, ends: bool = False) -> Dict[str, Any]:
    """What the server does now that nothing more happens by itself. One that
    has closed all its sockets is given time to end: a JVM takes naps there.
    One that is to end (`ends`) is given it in any case: its loop may look now
    and then only whether it is to go on.

    What a thread closes while another one waits in accept() goes on listening
    until a client has come, though no program has it open."""
    run.until(
        lambda state: not state.runs("server")
        or not ends
        and bool(state.listeners("server") or state.connections("server"))
    )
    state = run.state
    return {
        "end": state.n,
        "server-runs": state.runs("server"),
        "server-listens": any(s.state == "LISTEN" for s in state.on_host(SERVER)),
        "server-closed": not state.listeners("server"),
        "server-open": len(state.connections("server")),
    }
