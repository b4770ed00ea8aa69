"""Do files arrive whole, and does nothing else leave the folder?"""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from chat_stage import ChatStage
from chat_stage import open_stage  # noqa: F401 (a fixture)

SECRET = b"this must stay where it is"

CONTENTS = {
    "empty": b"",
    "one byte": b"x",
    "text.txt": b"Line 0\nLine 1\r\n\nNo such file: text.txt\n",
    "no line end": b"File a: 3 bytes",
    "gr\u00fc\u00df \U0001f600.txt": "\u00e4\n".encode(),
    "all bytes": bytes(range(256)) * 300,
    "-rf *": b"\0\0\n\0",
    "n" * 255: b"long name",
}


@pytest.mark.parametrize("name", sorted(CONTENTS), ids=lambda n: ascii(n)[:30])
def test_a_file_arrives_byte_for_byte(stage: ChatStage, name: str) -> None:
    for each, data in CONTENTS.items():
        stage.put(each, data)
    stage.server()
    peer = stage.guest(1)
    for request in (b"get " + name.encode(), name.encode()):
        head = peer.ask(request)
        size = len(CONTENTS[name])
        assert head == b"File %s: %d bytes\n" % (name.encode(), size)
        assert peer.file(head) == CONTENTS[name]
        assert peer.ask(b"next") == b"next ACK\n"


def test_names_that_are_no_utf8_work(stage: ChatStage) -> None:
    path = os.fsencode(stage.folder) + b"/\xff\xfe"
    with open(path, "wb") as file:
        file.write(b"12345")
    stage.server()
    peer = stage.guest(1)
    assert peer.counted(b"list") == [b"\xff\xfe\n"]
    assert peer.file(peer.ask(b"get \xff\xfe")) == b"12345"


def test_64_mib_arrive_whole(stage: ChatStage) -> None:
    data = os.urandom(1 << 20) * 64
    stage.put("big", data)
    stage.server()
    peer, other = stage.guest(1), stage.guest(2)
    head = peer.ask(b"get big")
    assert head == b"File big: 67108864 bytes\n"
    assert other.ask(b"meanwhile") == b"meanwhile ACK\n"
    got = hashlib.sha256(peer.file(head)).hexdigest()
    assert got == hashlib.sha256(data).hexdigest()
    assert peer.ask(b"next") == b"next ACK\n"


def test_files_asked_for_in_a_row_come_in_a_row(stage: ChatStage) -> None:
    stage.put("a", b"a" * 100000)
    stage.put("b", b"b" * 300000)
    stage.server()
    peer = stage.guest(1)
    peer.send(b"get a\nhello\nget b\nb\nlist\n")
    assert peer.file(peer.line()) == b"a" * 100000
    assert peer.line() == b"hello ACK\n"
    assert peer.file(peer.line()) == b"b" * 300000
    assert peer.file(peer.line()) == b"b" * 300000
    assert peer.lines(3) == [b"Files: 2\n", b"a\n", b"b\n"]


def test_what_is_relayed_comes_before_or_after_a_file(
    stage: ChatStage,
) -> None:
    stage.put("big", bytes(20_000_000))
    stage.server("--relay")
    reader, talker = stage.guest(1), stage.guest(2)
    head = reader.ask(b"get big")
    for number in range(100):
        talker.ask(b"%d" % number)
    assert reader.file(head) == bytes(20_000_000)
    for number in range(100):
        assert reader.line() == b"Client02: %d\n" % number


def fill_with_traps(folder: Path, outside: Path) -> None:
    (outside / "secret").write_bytes(SECRET)
    (folder / "good").write_bytes(b"good")
    (folder / ".hidden").write_bytes(SECRET)
    (folder / "con\ntrol").write_bytes(SECRET)
    (folder / "inner").mkdir()
    (folder / "inner" / "file").write_bytes(SECRET)
    (folder / "link").symlink_to(outside / "secret")
    (folder / "relative link").symlink_to("../secret")
    (folder / "link to good").symlink_to("good")
    (folder / "link to folder").symlink_to(outside)
    os.mkfifo(str(folder / "pipe"))
    listener = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(str(folder))  # the address of such a socket is short
    listener.bind("socket")
    os.chdir(here)
    listener.close()


HOSTILE = [
    b"",
    b" ",
    b".",
    b"..",
    b"...",
    b"../secret",
    b"../../etc/passwd",
    b"/etc/passwd",
    b"//etc/passwd",
    b"./good",
    b"good/",
    b"good/.",
    b"inner/../good",
    b"inner",
    b"inner/",
    b"inner/file",
    b"link",
    b"relative link",
    b"link to good",
    b"link to folder",
    b"link to folder/secret",
    b"pipe",
    b"socket",
    b".hidden",
    b"con\001trol",
    b"good\033",
    b"good\177",
    b"\xc0\xae\xc0\xae/secret",
    b"..\\secret",
    b"%2e%2e%2fsecret",
    b"~root",
    b"$(id)",
    b"good ",
    b"GOOD",
    b"n" * 256,
    b"n" * 4000,
    b"nothing",
]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name)[:30])
def test_nothing_but_files_of_the_folder_is_sent(
    stage: ChatStage, name: bytes
) -> None:
    fill_with_traps(stage.folder, stage.folder.parent)
    stage.server()
    peer = stage.guest(1)
    assert peer.ask(b"get " + name) == b"No such file: " + name + b"\n"
    assert peer.ask(name) == name + b" ACK\n"  # the bare name is a message
    assert peer.counted(b"list") == [b"good\n"]
    assert peer.file(peer.ask(b"get good")) == b"good"


def test_a_zero_byte_ends_the_name(stage: ChatStage) -> None:
    fill_with_traps(stage.folder, stage.folder.parent)
    stage.server()
    peer = stage.guest(1)
    peer.send(b"get ../secret\0good\n")
    assert peer.line() == b"No such file: ../secret\n"
    assert peer.file(peer.line()) == b"good"


def test_the_list_is_sorted(stage: ChatStage) -> None:
    for name in ("b", "a", "C", "\u00e4", "a b"):
        stage.put(name, b"")
    stage.server()
    names = stage.guest(1).counted(b"list")
    assert names == [b"C\n", b"a\n", b"a b\n", b"b\n", b"\xc3\xa4\n"]


def test_a_long_list_is_whole(stage: ChatStage) -> None:
    names = ["%04d %s" % (number, "n" * 200) for number in range(1500)]
    for name in names:
        stage.put(name, b"")
    stage.server()
    peer = stage.guest(1)
    assert peer.counted(b"list") == [b"%s\n" % name.encode() for name in names]


def test_a_file_that_vanishes_is_sent_all_the_same(stage: ChatStage) -> None:
    stage.put("big", bytes(20_000_000))
    stage.server()
    peer = stage.peer(small=True)
    peer.line()
    head = peer.ask(b"get big")
    (stage.folder / "big").unlink()
    assert peer.file(head) == bytes(20_000_000)
    assert peer.ask(b"get big") == b"No such file: big\n"


def test_a_file_that_shrinks_ends_the_connection(stage: ChatStage) -> None:
    """Its length was said: what else follows would be taken for the file."""
    stage.put("big", bytes(20_000_000))
    server = stage.server()
    peer = stage.peer(small=True)
    peer.line()
    head = peer.ask(b"get big")
    os.truncate(str(stage.folder / "big"), 5)
    assert len(peer.file(head)) < 20_000_000
    server.out.until("Client01 does not get the whole file: it shrank\n")
    assert stage.guest(2).ask(b"get nothing") == b"No such file: nothing\n"


def test_a_file_that_grows_is_sent_as_long_as_it_was(stage: ChatStage) -> None:
    stage.put("big", bytes(20_000_000))
    stage.server()
    peer = stage.peer(small=True)
    peer.line()
    head = peer.ask(b"get big")
    with open(str(stage.folder / "big"), "ab") as file:
        file.write(b"more")
    assert peer.file(head) == bytes(20_000_000)
    assert peer.ask(b"next") == b"next ACK\n"


def test_a_folder_that_is_not_there_has_no_files(
    stage: ChatStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    server = stage.start("chat_server", "--port", "0")
    stage.port = int(server.out.until("\n").split()[-1])
    peer = stage.guest(1)
    assert peer.ask(b"list") == b"Files: 0\n"
    assert peer.ask(b"get a") == b"No such file: a\n"
