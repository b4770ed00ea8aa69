"""Does every form of hand-in become plain files in one private folder?"""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from grader import archive, unpack
from grader.archive import SubmissionError, stage


def write(folder: Path, files: Dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def names(folder: Path) -> List[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not path.is_dir()
    )


def zipped(path: Path, files: List[Tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files:
            out.writestr(name, data)
    return path


def test_a_folder_is_copied_without_what_tools_left(tmp_path: Path) -> None:
    given = write(tmp_path / "Team 4", {
        "server.py": "1", "sub dir/client.py": "2", ".git/HEAD": "", ".DS_Store": "",
        "__MACOSX/x": "", "venv/a.py": "", "my_env/pyvenv.cfg": "", "._server.py": "",
        "my_env/lib.py": "", "node_modules/a/b.js": "", "__pycache__/c.pyc": "",
        "verdicts.yaml": "kept, since this is no example of ours",
    })
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["server.py", "sub dir/client.py", "verdicts.yaml"]
    assert staged.name == "Team 4"


def test_an_example_does_not_hand_in_its_verdicts(tmp_path: Path) -> None:
    given = write(
        tmp_path / "lab/examples/good/one", {"s.py": "", "verdicts.yaml": ""}
    )
    assert names(stage(given, tmp_path / "in").folder) == ["s.py"]


def test_the_original_is_never_changed(tmp_path: Path) -> None:
    given = write(tmp_path / "a", {"s.py": "first"})
    staged = stage(str(given), tmp_path / "in")
    (staged.folder / "s.py").write_text("second")
    assert (given / "s.py").read_text() == "first"


def test_files_and_one_file_are_taken(tmp_path: Path) -> None:
    given = write(tmp_path / "team5", {"s.py": "1", "c.py": "2", "other.py": "3"})
    both = stage([given / "s.py", given / "c.py"], tmp_path / "in")
    assert (names(both.folder), both.name) == (["c.py", "s.py"], "team5")
    one = stage(given / "s.py", tmp_path / "in2")
    assert (names(one.folder), one.name) == (["s.py"], "s")


def test_a_zip_keeps_its_single_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path / "team6.zip", [
        ("PA3/server.py", b"x"), ("PA3/cl/c.py", b"y"), ("__MACOSX/PA3/._server.py", b""),
    ])
    staged = stage(path, tmp_path / "in")
    assert names(staged.folder) == ["PA3/cl/c.py", "PA3/server.py"]
    assert staged.name == "team6"


@pytest.mark.parametrize("form", ["gz", "bz2", "xz", ""])
def test_every_tar_is_read(tmp_path: Path, form: str) -> None:
    given = write(tmp_path / "t", {"a/s.py": "hello", "a/.git/x": ""})
    path = tmp_path / ("hand.in.tar" + (f".{form}" if form else ""))
    with tarfile.open(str(path), f"w:{form}") as out:
        out.add(str(given / "a"), "a")
    staged = stage(path, tmp_path / "in")
    assert names(staged.folder) == ["a/s.py"]
    assert staged.name == "hand.in"


HOSTILE = ["../evil.py", "/abs.py", "a/../../evil.py", "C:\\evil.py", "..\\evil.py"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_cannot_write_outside(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "x.zip", [(name, b"evil"), ("ok.py", b"")])
    staged = stage(path, tmp_path / "deep" / "in")
    assert names(staged.folder) == ["ok.py"]
    assert any("left out" in note for note in staged.notes)
    assert not list(tmp_path.rglob("*evil*")) and not Path("/abs.py").exists()


def member(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_a_tar_cannot_link_out_or_make_devices(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    path = tmp_path / "x.tar"
    with tarfile.open(str(path), "w") as out:
        real = tarfile.TarInfo("d/s.py")
        real.size = 2
        out.addfile(real, io.BytesIO(b"ok"))
        out.addfile(member("d/inner.py", tarfile.SYMTYPE, "s.py"))
        out.addfile(member("d/hard.py", tarfile.LNKTYPE, "d/s.py"))
        out.addfile(member("abs", tarfile.SYMTYPE, str(tmp_path / "secret")))
        out.addfile(member("up", tarfile.SYMTYPE, "../secret"))
        out.addfile(member("hardup", tarfile.LNKTYPE, "../secret"))
        out.addfile(member("fifo", tarfile.FIFOTYPE))
        out.addfile(member("null", tarfile.CHRTYPE))
        out.addfile(member("../evil.py", tarfile.REGTYPE))
    staged = stage(path, tmp_path / "in")
    assert names(staged.folder) == ["d/hard.py", "d/inner.py", "d/s.py"]
    assert all(stat.S_ISREG(path.lstat().st_mode)
               for path in staged.folder.rglob("*.py"))
    assert (staged.folder / "d/inner.py").read_text() == "ok"
    assert len(staged.notes) == 6


def test_links_in_a_folder_are_not_followed_outside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    given = write(tmp_path / "a", {"s.py": "text", "real/x.py": ""})
    (given / "out").symlink_to(tmp_path / "secret")
    (given / "in.py").symlink_to("s.py")
    (given / "dir").symlink_to("real")
    (given / "loop").symlink_to("loop")
    os.mkfifo(given / "fifo")
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["in.py", "real/x.py", "s.py"]
    assert not (staged.folder / "in.py").is_symlink()
    assert len(staged.notes) == 4


def test_names_that_are_not_utf8_are_renamed(tmp_path: Path) -> None:
    given = tmp_path / "a"
    given.mkdir()
    with open(os.fsencode(given) + b"/s\xe9rver.py", "wb") as out:
        out.write(b"x")
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["sérver.py"]
    assert "\\" in staged.notes[0] or "\ufffd" in staged.notes[0]
    "".join(staged.notes).encode("utf-8")


def test_a_zip_made_on_windows_has_folders(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", [("PA3\\server.py", b"x")])
    assert names(stage(path, tmp_path / "in").folder) == ["PA3/server.py"]


def test_an_archive_in_a_folder_is_unpacked(tmp_path: Path) -> None:
    given = tmp_path / "student 7"
    given.mkdir()
    zipped(given / "PA3.zip", [("server.py", b"x")])
    (given / "report.pdf").write_bytes(b"%PDF")
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["PA3/server.py", "report.pdf"]
    assert names(tmp_path / "in") == names(staged.folder)


def test_an_archive_beside_a_topology_is_unpacked(tmp_path: Path) -> None:
    given = write(tmp_path / "a", {"topology.py": "from mininet import net"})
    zipped(given / "PA3.zip", [("server.py", b"import socket")])
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["PA3/server.py", "topology.py"]


def test_an_archive_beside_programs_stays_closed(tmp_path: Path) -> None:
    given = write(tmp_path / "a", {"s.js": "require('net')"})
    (given / "c.py").write_bytes("import socket".encode("utf-16"))
    zipped(given / "old.zip", [("server.py", b"import socket")])
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["c.py", "old.zip", "s.js"]


def test_what_tools_left_in_an_archive_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 20)
    tools = ["my env/lib/site-packages", ".history", "node_modules", "a/CMakeFiles"]
    files = [(f"{tool}/{n}/x.py", b"") for tool in tools for n in range(8)]
    more = [("my env/pyvenv.cfg", b""), ("my env/bin/x.py", b""), ("s.py", b"")]
    staged = stage(zipped(tmp_path / "x.zip", files + more), tmp_path / "in")
    assert names(staged.folder) == ["s.py"]
    assert any("virtual environment" in note for note in staged.notes)


def test_executables_stay_executable(tmp_path: Path) -> None:
    given = write(tmp_path / "a", {"run": "#!/bin/sh\n", "s.py": ""})
    (given / "run").chmod(0o711)
    (given / "s.py").chmod(0o400)
    staged = stage(given, tmp_path / "in")
    assert (staged.folder / "run").stat().st_mode & 0o777 == 0o755
    assert (staged.folder / "s.py").stat().st_mode & 0o777 == 0o644


BROKEN = [
    ("x.zip", b"not a zip", "not an archive"),
    ("x.zip", b"PK\x03\x04 cut off", "cannot be unpacked"),
    ("x.tgz", b"\x1f\x8b cut off", "cannot be unpacked"),
    ("x.rar", b"Rar!\x1a\x07", "RAR"),
    ("x.7z", b"7z\xbc\xaf\x27\x1c", "7-Zip"),
]


@pytest.mark.parametrize("name,data,said", BROKEN)
def test_a_broken_archive_is_one_clear_error(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SubmissionError, match=said) as caught:
        stage(tmp_path / name, tmp_path / "in")
    assert name in str(caught.value)


def test_what_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="no such file"):
        stage(tmp_path / "nowhere", tmp_path / "in")
    with pytest.raises(SubmissionError, match="no submission was named"):
        stage([], tmp_path / "in")


def test_bombs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "x.zip", [("a", b"\0" * 5_000_000)])
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    with pytest.raises(SubmissionError, match="larger than"):
        stage(path, tmp_path / "in")
    monkeypatch.setattr(unpack, "MAX_RATIO", 100)
    with pytest.raises(SubmissionError, match="unpacks to 5000000 bytes"):
        stage(path, tmp_path / "in2")
    many = zipped(tmp_path / "y.zip", [(f"f{n}", b"") for n in range(30)])
    monkeypatch.setattr(archive, "MAX_MEMBERS", 20)
    with pytest.raises(SubmissionError, match="more than 20 files"):
        stage(many, tmp_path / "in3")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)  # and four entries for each
    with pytest.raises(SubmissionError, match="more than 8 entries"):
        stage(many, tmp_path / "in4")


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", [("s.py", b"x" * 50)])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(SubmissionError, match="password"):
        stage(path, tmp_path / "in")


def test_names_can_always_be_shown() -> None:
    assert archive.shown("a\nb\x1b[0m") == "a\\x0ab\\x1b[0m"
    archive.shown("\udce9x").encode("utf-8")


def test_folders_without_end_are_left_out(tmp_path: Path) -> None:
    given = write(tmp_path / "a", {"s.py": "", "/".join("d" * 40) + "/x.py": ""})
    staged = stage(given, tmp_path / "in")
    assert names(staged.folder) == ["s.py"]
    assert any("too deep" in note for note in staged.notes)
