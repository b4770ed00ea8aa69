"""Does the reference server of `chat` serve many, and wait for nobody?"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from chat_stage import FULL, ChatPeer, ChatStage, drain, wait_until
from chat_stage import open_stage  # noqa: F401 (a fixture)
from conversation import Running

MANY = 200


def test_200_clients_are_served_at_the_same_time(stage: ChatStage) -> None:
    server = stage.server("--max-clients", str(MANY))
    peers = [stage.guest(number) for number in range(1, MANY + 1)]
    for number, peer in enumerate(peers):
        peer.send(b"hello from %d\n" % number)
    for number, peer in enumerate(peers):
        assert peer.line() == b"hello from %d ACK\n" % number
    assert len(peers[0].counted(b"status")) == MANY
    assert stage.peer().rest() == FULL
    for peer in peers[:100]:
        peer.send(b"exit\n")
    for peer in peers[:100]:
        assert peer.rest() == b""
    drain(server)
    for number in range(MANY + 1, MANY + 101):
        stage.guest(number)
    lines = peers[-1].counted(b"status")
    assert len(lines) == MANY + 100
    assert sum(b", left at " in line for line in lines) == 100


def test_everybody_hears_everybody(stage: ChatStage) -> None:
    stage.server("--max-clients", "50", "--relay")
    peers = [stage.guest(number) for number in range(1, 51)]
    for peer in peers:
        peer.send(b"hi\n")
    for own, peer in enumerate(peers, 1):
        heard = sorted(peer.lines(50))
        wanted = [b"Client%02d: hi\n" % n for n in range(1, 51) if n != own]
        assert heard == sorted(wanted + [b"hi ACK\n"])


def test_a_slow_reader_holds_up_nobody(stage: ChatStage) -> None:
    """It misses messages, is told how many, and has all the others."""
    stage.server("--relay")
    slow = stage.peer(small=True)
    assert slow.line() == b"Connected as Client01\n"
    talker, reader = stage.guest(2), stage.guest(3)
    text = b"x" * 4000
    count = 3000  # far more than kernel and server keep
    for number in range(count):
        line = b"%d %s" % (number, text)
        assert talker.ask(line) == line + b" ACK\n"
        assert reader.line() == b"Client02: " + line + b"\n"
    heard = missed = 0
    while heard + missed < count:
        line = slow.line()
        if line.startswith(b"Client02: "):
            assert line == b"Client02: %d %s\n" % (heard, text)
            heard += 1
        else:
            end = b" messages were left out: you read too slowly\n"
            assert line.endswith(end)
            missed += int(line.split()[0])
    assert missed > 0
    assert slow.ask(b"next") == b"next ACK\n"


def test_one_that_reads_no_answers_is_not_asked_for_more(
    stage: ChatStage,
) -> None:
    """Its answers stay bounded, and none is lost."""
    server = stage.server()
    slow = stage.peer(small=True)
    slow.line()
    line = b"y" * 4000 + b"\n"
    slow.sock.setblocking(False)
    sent = 0
    while sent < 40_000_000:  # until the server takes no more
        try:
            sent += slow.sock.send(line[sent % len(line) :])
        except BlockingIOError:
            if is_asleep(server.process.pid):
                break
    assert memory_kib(server.process.pid) < 100_000
    assert stage.guest(2).ask(b"hello") == b"hello ACK\n"
    slow.sock.settimeout(30)
    for _ in range(sent // len(line)):
        assert slow.line() == line[:-1] + b" ACK\n"


def is_asleep(pid: int) -> bool:
    """Does the server wait for something, and not run?"""
    stat = Path("/proc/%d/stat" % pid).read_text()
    return stat.rpartition(")")[2].split()[0] == "S"


def memory_kib(pid: int) -> int:
    status = Path("/proc/%d/status" % pid).read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["VmRSS"].split()[0])


def test_without_descriptors_clients_are_turned_away(stage: ChatStage) -> None:
    server = stage.server("--max-clients", "1000")
    pid = server.process.pid
    peers = [stage.guest(1)]
    used = len(list(Path("/proc/%d/fd" % pid).iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 3, used + 3))
    for number in (2, 3, 4):
        peers.append(stage.guest(number))
    for _ in range(5):
        refused = stage.peer()
        assert refused.rest() in (b"", FULL)
    stage.put("a", b"12345")
    assert peers[0].ask(b"get a").startswith(b"File not sent: a: ")
    assert peers[0].ask(b"list").startswith(b"Files not listed: ")
    peers[1].send(b"exit\n")
    assert peers[1].rest() == b""
    peers[1].close()
    server.out.until("Client02 disconnected at ")
    wait_until(lambda: comes_in(stage, server), "nobody was let in again")
    assert peers[0].ask(b"still here") == b"still here ACK\n"


def comes_in(stage: ChatStage, server: Running) -> bool:
    peer = stage.peer()
    drain(server)
    return peer.line().startswith(b"Connected as ")


def test_the_server_sleeps_when_there_is_nothing_to_do(
    stage: ChatStage,
) -> None:
    """A half-closed or refused connection must not make it spin."""
    server = stage.server("--max-clients", "2")
    stage.put("big", bytes(20_000_000))
    slow = stage.peer(small=True)
    slow.line()
    slow.send(b"get big")  # so that the end is read before it is answered
    slow.half_close()
    server.out.until("Client01 gets big (20000000 bytes)\n")
    silent = stage.guest(2)
    stage.peer().line()
    pid = server.process.pid
    wait_until(lambda: is_asleep(pid), "the server does not come to rest")
    looks = [is_asleep(pid) for _ in range(500)]
    assert all(looks)
    assert silent.ask(b"hello") == b"hello ACK\n"


@pytest.mark.parametrize("number", [1, 50])
def test_clients_that_come_and_vanish_leave_nothing(
    stage: ChatStage, number: int
) -> None:
    server = stage.server("--max-clients", str(number))
    pid = server.process.pid
    first = stage.guest(1)
    before = len(list(Path("/proc/%d/fd" % pid).iterdir())) - 1
    first.close()
    for _ in range(20):
        peers = [ChatPeer(stage.port) for _ in range(number)]
        for which, peer in enumerate(peers):
            peer.send(b"hello\nhalf")
            if which % 2:
                peer.reset()
            else:
                peer.close()
        drain(server)

    def is_clean() -> bool:
        drain(server)
        return len(list(Path("/proc/%d/fd" % pid).iterdir())) == before

    wait_until(is_clean, "descriptors stay open")
