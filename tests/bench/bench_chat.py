"""How fast is the chat server, and what does a client cost it?

The server in C and the one in chat_asyncio.py serve the same clients in the
same run, one after the other, in rounds that alternate. The clients are bare
sockets of this process, so what is measured includes them: both servers are
asked in the same way, and the numbers are for comparing.

    echo     every client has one line on its way: lines a second, and how long
             one takes (middle and 99 of 100)
    burst    every client sends 100 lines at once: lines a second
    relay    one client speaks, all hear it: messages delivered a second
    memory   resident with all clients connected, and what each of them adds

The work is bounded: `--lines` for each client and measure, `--rounds` of all.
"""

from __future__ import annotations

import argparse
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Tuple

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120.0
BURST = 100
SPOKEN = 50

#: For each measure, its value.
Numbers = Dict[str, float]


class Client:
    """A connection of which only the number of lines that came is counted."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), LIMIT_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wanted = 0  # lines that are still to come
        self.left = 0  # lines that are still to be sent
        self.sent_at = 0.0
        self.wait(1)

    def wait(self, lines: int) -> None:
        """Wait until so many lines have come."""
        while lines > 0:
            data = self.sock.recv(65536)
            assert data, "the server has left"
            lines -= data.count(b"\n")

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.left -= 1
        self.sock.sendall(b"hello hello hello hello\n")


def events(clients: List[Client]) -> Iterator[Tuple[Client, int]]:
    """Each client that lines have come for, and how many, until none wait."""
    selector = selectors.DefaultSelector()
    waiting = 0
    for client in clients:
        selector.register(client.sock, selectors.EVENT_READ, client)
        waiting += client.wanted > 0
    deadline = time.monotonic() + LIMIT_S
    while waiting:
        assert time.monotonic() < deadline, "the server is too slow"
        for key, _ in selector.select(1.0):
            client = key.data
            data = client.sock.recv(65536)
            assert data, "the server has left"
            count = data.count(b"\n")
            client.wanted -= count
            waiting -= client.wanted == 0 and count > 0
            yield client, count
    selector.close()


def echo(clients: List[Client], lines: int) -> Numbers:
    taken: List[float] = []
    begin = time.perf_counter()
    for client in clients:
        client.wanted = client.left = lines
        client.send()
    for client, _ in events(clients):
        taken.append(time.perf_counter() - client.sent_at)
        if client.left:
            client.send()
    spent = time.perf_counter() - begin
    cuts = statistics.quantiles(taken, n=100)
    return {
        "echo lines/s": len(clients) * lines / spent,
        "echo middle ms": 1000 * cuts[49],
        "echo 99% ms": 1000 * cuts[98],
    }


def burst(clients: List[Client], lines: int) -> Numbers:
    data = b"hello hello hello hello\n" * BURST
    rounds = max(1, lines // BURST)
    begin = time.perf_counter()
    for _ in range(rounds):
        for client in clients:
            client.wanted = BURST
            client.sock.sendall(data)
        for _ in events(clients):
            pass
    spent = time.perf_counter() - begin
    return {"burst lines/s": len(clients) * rounds * BURST / spent}


def relay(clients: List[Client], _: int) -> Numbers:
    for client in clients:
        client.wanted = SPOKEN
    begin = time.perf_counter()
    clients[0].sock.sendall(b"hello hello hello hello\n" * SPOKEN)
    for _unused in events(clients):
        pass
    spent = time.perf_counter() - begin
    return {"relay messages/s": SPOKEN * (len(clients) - 1) / spent}


def memory_kib(pid: int) -> int:
    for line in Path("/proc/%d/status" % pid).read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no memory is told")


class Server:
    """A running server, and the clients that come to it."""

    def __init__(self, argv: List[str]) -> None:
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline().split()[-1])
        self.before = memory_kib(self.process.pid)
        self.clients: List[Client] = []

    def fill(self, count: int) -> Numbers:
        """Let the clients come: the memory that they cost."""
        for _ in range(count):
            self.clients.append(Client(self.port))
        after = memory_kib(self.process.pid)
        return {
            "memory MiB": after / 1024,
            "memory KiB/client": (after - self.before) / count,
        }

    def close(self) -> None:
        for client in self.clients:
            client.sock.close()
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def commands(build: Path, count: int) -> Dict[str, List[str]]:
    here = Path(__file__).resolve().parent
    server = str(build / "bin" / "chat_server")
    places = str(count)
    return {
        "C": [server, "--port", "0", "--max-clients", places],
        "asyncio": [sys.executable, str(here / "chat_asyncio.py"), "0", places],
    }


def measure(argv: List[str], relays: List[str], count: int, lines: int) -> Numbers:
    """All measures of one server."""
    numbers: Numbers = {}
    plan: List[Tuple[List[str], Tuple[Callable[..., Numbers], ...]]] = [
        (argv, (echo, burst)),
        (argv + relays, (relay,)),
    ]
    for command, measures in plan:
        server = Server(command)
        try:
            memory = server.fill(count)
            numbers = {**memory, **numbers}
            for one in measures:
                numbers.update(one(server.clients, lines))
        finally:
            server.close()
    return numbers


def print_table(found: Dict[str, List[Numbers]], count: int) -> None:
    print("%d clients; the middle of %d rounds" % (count, len(found["C"])))
    print("%-20s %12s %12s %8s" % ("", "C", "asyncio", "C / a"))
    for name in found["C"][0]:
        c, a = (
            statistics.median(numbers[name] for numbers in found[which])
            for which in ("C", "asyncio")
        )
        ratio = c / a if a else float("nan")
        print("%-20s %12.2f %12.2f %8.2f" % (name, c, a, ratio))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found: Dict[str, List[Numbers]] = {"C": [], "asyncio": []}
    relays = {"C": ["--relay"], "asyncio": ["relay"]}
    for _ in range(options.rounds):
        for which, argv in commands(options.build, options.clients).items():
            found[which].append(
                measure(argv, relays[which], options.clients, options.lines)
            )
    print_table(found, options.clients)


if __name__ == "__main__":
    main()
