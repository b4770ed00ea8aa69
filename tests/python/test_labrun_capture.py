"""Does labrun show what is on the wire and in the sockets, and at what cost?

Loopback in a network namespace of its own stands for a link here.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import List

from labrun_client import Labrun, waits

SERVER = """
import socket
listener = socket.socket()
listener.bind(("127.0.0.1", 12000))
listener.listen()
print("listening")
connection, _ = listener.accept()
print("got", connection.recv(100).decode())
connection.send(b"answer")
input()
"""

CLIENT = """
import socket
connection = socket.create_connection(("127.0.0.1", 12000))
connection.send(input().encode())
print(connection.recv(100).decode())
input()
"""


def test_shows_sockets_with_their_owners() -> None:
    with Labrun() as run:
        run.host()
        run.python("server", SERVER)
        run.settled()
        run.start("idle", ["/bin/cat"])
        state = run.settled()
        (listener,) = state["sockets"]
        (thread,) = [t for t in state["threads"] if t["program"] == "server"]
        assert (thread["wait"], thread["fd"]) == ("accept", listener["fd"])
        assert thread["socket"] == listener["inode"] > 0
        assert listener["state"] == "LISTEN"
        assert listener["local"] == "127.0.0.1:12000"
        assert listener["program"] == "server"
        run.do("signal", program="server", signal="STOP")
        run.python("client", CLIENT)
        run.settled()
        run.type("client", "question\n")
        state = run.settled()
        assert waits(state, "client") == ["receive"]
        nobody = [s for s in state["sockets"] if s["inode"] == 0]
        assert [s["recv_q"] for s in nobody] == [8]
        assert "program" not in nobody[0] and "fd" not in nobody[0]
        waiting = [s for s in state["sockets"] if s["state"] == "LISTEN"]
        assert [s["recv_q"] for s in waiting] == [1]


def pcap_packets(path: Path) -> List[bytes]:
    """The frames of a capture file."""
    data = path.read_bytes()
    assert struct.unpack_from("<I", data)[0] in (0xA1B2C3D4, 0xA1B23C4D)
    frames, at = [], 24
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at + 8)
        frames.append(data[at + 16 : at + 16 + size])
        at += 16 + size
    return frames


def test_captures_a_conversation(tmp_path: Path) -> None:
    path = tmp_path / "lo.pcap"
    with Labrun() as run:
        run.host()
        reply = run.do(
            "capture", host="h1", interface="lo", file=str(path), payload=4
        )
        assert reply["ev"] == "ok"
        run.python("server", SERVER)
        run.settled()
        run.python("client", CLIENT)
        run.settled()
        assert [p["flags"] for p in run.of("packet")] == ["S", "SA", "A"]
        run.type("client", "question\n")
        run.settled()
        assert run.output("client") == "answer\n"
        data = [p for p in run.of("packet") if p["len"]]
        assert [p["len"] for p in data] == [8, 6]
        assert [p["text"] for p in data] == ["ques", "answ"]
        assert data[0]["dst"] == data[1]["src"] == "127.0.0.1:12000"
        first = run.of("packet")[0]
        assert data[0]["seq"] == (first["seq"] + 1) % 2**32
        assert run.do("quit")["ev"] == "ok"
        seen = len(run.of("packet"))
    assert len(pcap_packets(path)) == seen


def test_loses_no_segment_without_saying_so() -> None:
    source = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
one = socket.create_connection(listener.getsockname())
other, _ = listener.accept()
for _ in range(%d):
    one.sendall(b"x")
    other.recv(1)
"""
    for count in (1, 10, 100, 1000, 5000):
        with Labrun() as run:
            run.host()
            run.do("capture", host="h1", interface="lo")
            run.python("p", source % count)
            state = run.settled()
            seen = sum(p["len"] for p in run.of("packet"))
            lost = run.of("packets-lost")
            assert seen == count or lost, (seen, count)
            assert seen <= count
            assert all(e["packets"] > 0 for e in lost)
            assert all(e["n"] < state["n"] for e in lost)


def test_tells_a_full_disk_when_it_quits() -> None:
    small = "mount -t tmpfs -o size=16k none /mnt"
    source = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
for _ in range(200):
    one = socket.create_connection(listener.getsockname())
    other, _ = listener.accept()
    one.send(b"x" * 1000)
"""
    with Labrun(before=small) as run:
        run.host()
        run.do("capture", host="h1", interface="lo", file="/mnt/lo.pcap")
        run.python("p", source)
        run.settled()
        assert run.of("exit")[0]["code"] == 0
        reply = run.do("quit")
        assert reply["ev"] == "failed"
        assert "capture" in reply["why"]
        assert run.ended()[0] == 0


def test_a_flood_does_not_fill_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "lo.pcap"
    source = """
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
one = socket.create_connection(listener.getsockname())
other, _ = listener.accept()
for n in range(30000):
    one.sendall(b"x" * 4096)
    other.recv(4096, socket.MSG_WAITALL)
    if n % 100 == 0:
        time.sleep(0.005)  # for labrun, which may not get all of them else
"""
    with Labrun() as run:
        run.host()
        run.do("capture", host="h1", interface="lo", file=str(path))
        run.python("p", source)
        while not run.of("exit"):
            run.settled()  # it is a spin, where no segments are told any more
        assert run.do("quit")["ev"] == "ok"
    size = path.stat().st_size
    assert 31 << 20 < size <= 33 << 20
    assert len(pcap_packets(path)) > 10000


def memory_kib(pid: int, name: str) -> int:
    lines = Path("/proc/%d/status" % pid).read_text(encoding="utf-8")
    (line,) = [x for x in lines.splitlines() if x.startswith(name + ":")]
    return int(line.split()[1])


def test_needs_little_memory(tmp_path: Path) -> None:
    with Labrun() as run:
        run.host()
        path = str(tmp_path / "lo.pcap")
        run.do("capture", host="h1", interface="lo", file=path)
        run.python("server", SERVER)
        run.settled()
        run.python("client", CLIENT)
        run.start("third", ["/bin/cat"])
        run.settled()
        run.type("client", "question\n")
        run.settled()
        assert run.output("client") == "answer\n"
        assert memory_kib(run.pid(), "VmHWM") < 10 * 1024
