"""Does a run settle with packets that a link holds back?

The loopback interface gets a queue with a low rate here, which every kernel
with traffic control has: a small segment takes some hundred milliseconds.
"""

from __future__ import annotations

import subprocess
from typing import Any, Dict, List, Tuple

import pytest

from labrun_client import Event, Labrun, waits

PONG = """
import socket
listener = socket.create_server(("127.0.0.1", 12000))
connection, _ = listener.accept()
while True:
    connection.sendall(connection.recv(64))
"""

PING = """
import socket
connection = socket.create_connection(("127.0.0.1", 12000))
while True:
    connection.sendall(input().encode())
    print(connection.recv(64).decode())
"""

#: 600 ms for a segment of 75 bytes; the bucket has room for two of them.
SLOW = "tc qdisc add dev lo root tbf rate 1kbit burst 160 limit 10000"


def _has_tbf() -> bool:
    done = subprocess.run(
        ["unshare", "-Urn", "sh", "-c", SLOW],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return done.returncode == 0


pytestmark = pytest.mark.skipif(
    not _has_tbf(), reason="this kernel has no queue with a rate (sch_tbf)"
)


def connected(run: Labrun) -> None:
    """A pair over the slow loopback, at rest."""
    run.host()
    reply = run.do("queue", host="h1", interface="lo", pid=1)
    assert reply["ev"] == "ok", reply
    run.python("pong", PONG)
    run.settled()
    run.python("ping", PING)
    state = run.settled(busy_ms=60000)
    assert waits(state, "ping") == ["terminal"]
    assert packets(state) == [0]


def packets(state: Event) -> List[int]:
    return [queue["packets"] for queue in state["queues"]]


def test_what_a_link_holds_back_is_waited_for() -> None:
    with Labrun(before=SLOW) as run:
        connected(run)
        for number in range(2):
            run.type("ping", "word%d\n" % number)
            state = run.settled(busy_ms=60000)
            assert run.output("ping").endswith("word%d\n" % number)
            assert packets(state) == [0]
            assert waits(state, "ping") == ["terminal"]
        # Longer than the 300 ms after which bytes without a queue would hang.
        assert state["waited_ms"] > 600


def test_a_run_can_settle_while_a_link_holds_back() -> None:
    with Labrun(before=SLOW) as run:
        connected(run)
        run.type("ping", "a" * 50 + "\n")  # empties the bucket
        run.settled(busy_ms=60000)
        run.type("ping", "word\n")
        state = run.settled(held=True)
        assert packets(state) == [1]
        assert waits(state, "ping") == ["receive"]
        assert waits(state, "pong") == ["receive"]
        assert "word" not in run.output("ping")
        ends = [s for s in state["sockets"] if s["state"] == "ESTABLISHED"]
        assert sorted(s["send_q"] for s in ends) == [0, 4]
        state = run.settled(busy_ms=60000)
        assert run.output("ping").endswith("word\n")
        assert packets(state) == [0]


def test_a_queue_is_asked_for_in_words_that_exist() -> None:
    with Labrun() as run:
        run.host()
        wrong: Tuple[Dict[str, Any], ...] = (
            {"host": "h9", "interface": "lo", "pid": 1},
            {"host": "h1", "interface": "none0", "pid": 1},
            {"host": "h1", "interface": "lo"},
        )
        for fields in wrong:
            reply = run.do("queue", **fields)
            assert reply["ev"] == "failed" and reply["why"], fields
        assert "queues" not in run.do("state")
        assert run.do("queue", host="h1", interface="lo", pid=1)["ev"] == "ok"
        # An interface without a queue holds nothing.
        assert packets(run.do("state")) == [0]


LISTENS = """
import socket
listener = socket.create_server(("127.0.0.1", 12000))
listener.accept()
input()
"""

CALLS = """
import socket
print("calls")
socket.create_connection(("127.0.0.1", 12000))
print("connected")
input()
"""

#: The first two SYNs are lost: the third comes after three seconds.
LOSES_SYNS = (
    "nft 'add table ip t; add chain ip t in { type filter hook input priority"
    " 0; }; add rule ip t in tcp flags & (syn | ack) == syn quota until 100"
    " bytes drop'"
)


@pytest.mark.parametrize("lossy", [True, False])
def test_a_lossy_link_is_given_more_time(lossy: bool) -> None:
    with Labrun(before=LOSES_SYNS) as run:
        run.host()
        run.python("server", LISTENS)
        run.settled()
        run.python("client", CALLS)
        more = {"stall_ms": 8000, "retries": 6} if lossy else {}
        run.settled(**more)
        assert ("connected" in run.output("client")) == lossy
