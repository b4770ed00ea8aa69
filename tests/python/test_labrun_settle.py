"""When labrun says that a run has settled, has it?

Each test knows what a program will have done once nothing can happen by
itself, and asserts that it is there at the moment of the reply: one early
answer is a failure. The same is asked on a machine that is kept busy.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest
from labrun_client import BWRAP, Labrun, Load, waits

PONG = """
import socket
listener = socket.create_server(("127.0.0.1", 12000))
connection, _ = listener.accept()
while True:
    data = connection.recv(64)
    if not data:
        break
    connection.sendall(data)
"""

#: Bounces a ball so many times for each line, then says so.
PING = """
import socket
connection = socket.create_connection(("127.0.0.1", 12000))
while True:
    word = input()
    for _ in range(%d):
        connection.sendall(word.encode())
        assert connection.recv(64).decode() == word
    print(word)
"""

ASKING = {
    "select": "select.select([0], [], [])",
    "select with a limit": "select.select([0], [], [], 60)",
    "poll": "p = select.poll(); p.register(0, 1); p.poll()",
    "poll with a limit": "p = select.poll(); p.register(0, 1); p.poll(60000)",
    "epoll": "p = select.epoll(); p.register(0, 1); p.poll()",
    "epoll with a limit": "p = select.epoll(); p.register(0, 1); p.poll(60)",
}


@pytest.fixture(params=["idle", "busy", "crowded"])
def machine(request: Any) -> Iterator[str]:
    """The machine as it is, with two busy processes, with eight nice ones."""
    if request.param == "idle":
        yield "idle"
        return
    count, nice = (2, 0) if request.param == "busy" else (8, 10)
    with Load(count, nice):
        yield request.param


def test_an_answer_is_always_there(machine: str) -> None:
    bounces = 200 if machine == "idle" else 20
    with Labrun() as run:
        run.host()
        run.python("pong", PONG)
        run.settled()
        run.python("ping", PING % bounces)
        run.settled()
        expected = ""
        for number in range(300):
            run.type("ping", "word%d\n" % number)
            state = run.settled(busy_ms=60000)
            expected += "word%d\n" % number
            assert run.output("ping") == expected, number
            assert waits(state, "ping") == ["terminal"]
            assert waits(state, "pong") == ["receive"]
            assert all(s["recv_q"] == 0 for s in state["sockets"])


@pytest.mark.parametrize("wrap", [(), BWRAP])
def test_work_of_children_is_waited_for(wrap: Any) -> None:
    script = "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done"
    for number in range(8):
        with Labrun() as run:
            run.host()
            argv = ["/bin/sh", "-c", script + "; echo done; read x"]
            run.start("p", argv, wrap=wrap)
            state = run.settled(busy_ms=60000)
            assert run.output("p") == "done\n", (number, state)


def test_work_of_a_chain_of_children_is_waited_for(machine: str) -> None:
    """Only the youngest runs, and it is not in a list that was just made."""
    source = """
import os
def run(depth):
    child = os.fork() if depth else None
    if child == 0:
        run(depth - 1)
        os._exit(0)
    elif child:
        os.waitpid(child, 0)
for _ in range(10):
    run(40)
print("done")
input()
"""
    for number in range(3):
        with Labrun() as run:
            run.host()
            run.python("p", source)
            state = run.settled(busy_ms=60000)
            assert run.output("p") == "done\n", (number, state)


def test_work_of_short_threads_is_waited_for(machine: str) -> None:
    source = """
import threading
def run(depth):
    if depth:
        thread = threading.Thread(target=run, args=(depth - 1,))
        thread.start()
        thread.join()
for _ in range(40):
    run(10)
print("done")
input()
"""
    for number in range(5):
        with Labrun() as run:
            run.host()
            run.python("p", source)
            state = run.settled(busy_ms=60000)
            assert run.output("p") == "done\n", (number, state)


def test_every_client_of_a_threaded_server_is_answered(machine: str) -> None:
    server = """
import socket, threading
lock = threading.Lock()
def serve(connection):
    while True:
        data = connection.recv(64)
        if not data:
            return
        with lock:
            connection.sendall(data.upper())
listener = socket.create_server(("127.0.0.1", 12000))
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,)).start()
"""
    names = ["client%d" % number for number in range(5)]
    with Labrun() as run:
        run.host()
        run.python("server", server)
        run.settled()
        for name in names:
            run.python(name, PING.replace("== word", "!= ''") % 1)
        assert sorted(waits(run.settled(), "server")) == (
            ["accept"] + 5 * ["receive"]
        )
        for number in range(20):
            for name in names:
                run.type(name, "a%d\n" % number)
            run.settled(busy_ms=60000)
            for name in names:
                assert run.output(name).endswith("a%d\n" % number)


@pytest.mark.parametrize("wrap", [(), BWRAP])
def test_an_end_is_known_when_it_has_settled(wrap: Any) -> None:
    with Labrun() as run:
        run.host()
        for number in range(60):
            name = "p%d" % number
            argv = ["/bin/sh", "-c", "read x; echo $x; exit 3"]
            run.start(name, argv, wrap=wrap)
            run.settled()
            run.type(name, "bye\n")
            state = run.settled()
            assert run.output(name) == "bye\n"
            assert [e["program"] for e in run.of("exit")][number:] == [name]
            assert state["threads"] == []


def test_nothing_of_a_stopped_program_is_left() -> None:
    server = "import os; os.fork(); os.fork()\n" + PONG.replace(
        '("127.0.0.1", 12000)', '("127.0.0.1", 12000), reuse_port=True'
    )
    with Labrun() as run:
        run.host()
        for number in range(30):
            name = "p%d" % number
            run.python(name, server, wrap=BWRAP)
            assert len(run.settled()["sockets"]) == 4
            run.do("stop", program=name)
            state = run.do("state")
            assert (state["threads"], state["sockets"]) == ([], [])


@pytest.mark.parametrize("how", sorted(ASKING))
def test_a_program_that_polls_its_terminal_settles(how: str) -> None:
    source = "import select\nprint('up')\n%s\nprint(input())\ninput()"
    with Labrun() as run:
        run.host()
        run.python("p", source % ASKING[how])
        state = run.settled(limit_ms=10000)
        (thread,) = state["threads"]
        assert (thread["wait"], thread["terminal"]) == ("poll", True)
        assert thread["fds"] == [0]
        assert thread.get("timed", False) == ("limit" in how)
        run.type("p", "word\n")
        state = run.settled()
        assert run.output("p") == "up\nword\n"
        assert waits(state, "p") == ["terminal"]


def test_a_dialogue_without_end_never_settles() -> None:
    with Labrun() as run:
        run.host()
        run.python("pong", PONG)
        run.settled()
        run.python("ping", PING % 10**9)
        run.type("ping", "word\n")
        state = run.settle(limit_ms=500, busy_ms=60000)
        assert state["outcome"] == "deadline"


def test_a_segment_that_was_lost_is_waited_for() -> None:
    """The kernel drops the first segment with data: it is sent again."""
    rules = (
        "add table ip t; "
        "add chain ip t in { type filter hook input priority 0; }; "
        "add rule ip t in tcp dport 12000 tcp flags & psh == psh"
        " quota until 60 bytes drop"
    )
    with Labrun(before="nft '%s'" % rules) as run:
        run.host()
        run.python("pong", PONG)
        run.settled()
        run.python("ping", PING % 1)
        run.settled()
        run.type("ping", "word\n")
        state = run.settled()
        assert run.output("ping") == "word\n"
        assert state["waited_ms"] > 100  # it was lost indeed


def test_a_full_queue_does_not_hold_up_settling() -> None:
    writer = """
import socket
listener = socket.create_server(("127.0.0.1", 12000))
connection, _ = listener.accept()
connection.sendall(b"x" * 50000000)
print("never")
"""
    with Labrun() as run:
        run.host()
        run.python("writer", writer)
        run.settled()
        run.python(
            "silent",
            "import socket\n"
            "c = socket.create_connection(('127.0.0.1', 12000))\ninput()",
        )
        state = run.settled()
        assert waits(state, "writer") == ["send"]
        assert run.output("writer") == ""


NODE = """
const lines = require("readline").createInterface({input: process.stdin});
console.log("up");
lines.on("line", (line) => console.log("got " + line));
"""

JAVA = """
import java.util.Scanner;
public class Echo {
    public static void main(String[] args) {
        System.out.println("up");
        Scanner in = new Scanner(System.in);
        while (in.hasNextLine()) System.out.println("got " + in.nextLine());
    }
}
"""


@pytest.mark.parametrize("language", ["node", "java"])
def test_a_runtime_with_threads_of_its_own_settles(
    language: str, tmp_path: Path
) -> None:
    if shutil.which(language) is None:
        pytest.skip("there is no %s here" % language)
    argv = ["node", "-e", NODE]
    if language == "java":
        (tmp_path / "Echo.java").write_text(JAVA, encoding="ascii")
        argv = ["java", "-XX:-UsePerfData", str(tmp_path / "Echo.java")]
    with Labrun() as run:
        run.host()
        run.start("p", argv)
        run.settled(busy_ms=60000, patience_ms=300)
        assert run.output("p") == "up\n"
        for number in range(50):
            run.type("p", "%d\n" % number)
            run.settled(busy_ms=60000)
            assert run.output("p").endswith("got %d\n" % number), number
