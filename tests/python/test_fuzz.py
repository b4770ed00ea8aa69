"""Does the grader say only what it promises, whatever it is given to read?

Files that are right are damaged in many ways. What reads them raises the
error that it names, or reads them; no other error, and no wrong verdict. In
the usual run the damage is always the same; `make fuzz-python SECONDS=600`
tries new damage for so long with each.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple, Type

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_class
import made_up
import made_up_lab
from grader import archive, grade, kept, lab, model, notebooks, report_json, roster
from grader import report_text, rubric, verify, yaml_lines
from grader.export_sheet import Sheet
from grader.export_table import parse
from grader.gradebook_import import understand
from grader.gradebook_model import GradebookError
from grader.instrument import InstrumentFault, Session
from grader.model import Verdict
from grader.words import Style

TOP = Path(__file__).resolve().parents[2]
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))

#: Where (in parts of a thousand), how much is cut out, and what comes in.
Damage = List[Tuple[int, int, bytes]]
WORDS = (
    b"\0", b"\xff", b"\n", b"\r", b"{", b"[", b"]" * 9, b'"', b"'", b"\\u0000", b"\\ud800",
    b"-1", b"1e999", b"99999999999999999999", b"null", b"true", b"[]", b"{}", b": ", b"- ",
    b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"\t", b",", b";",
    b"PK\x01\x02", b"PK\x05\x06", b"../", b"\xff" * 8, b"1" * 40, b"  " * 20,
)  # fmt: skip
damages = st.lists(
    st.tuples(
        st.integers(0, 1000), st.sampled_from([0, 0, 1, 2, 8, 60]),
        st.one_of(st.sampled_from(WORDS), st.binary(max_size=6)),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def damaged(data: bytes, damage: Damage) -> bytes:
    for where, cut, new in damage:
        at = where * len(data) // 1000
        data = data[:at] + new + data[at + cut :]
    return data


def fuzz(examples: int, body: Callable[[Damage, int], None]) -> int:
    """Run `body` with damage and a number; how often it was run."""
    ran = 0

    def counted(damage: Damage, pick: int) -> None:
        nonlocal ran
        ran += 1
        body(damage, pick)

    rules = settings(
        max_examples=200 if SECONDS else examples, derandomize=not SECONDS,
        database=None, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    until = time.monotonic() + SECONDS
    while True:
        rules(given(damages, st.integers(0, 99))(counted))()
        if time.monotonic() >= until:
            return ran


@pytest.fixture(autouse=True)
def told(request: Any, capsys: Any) -> Any:
    yield
    if SECONDS:
        with capsys.disabled():
            print("\n%s: %s examples" % (request.node.name, request.node.ran))


# ---- archives and notebooks -------------------------------------------------


def packed() -> List[Tuple[str, bytes]]:
    source = b"import socket\n" * 30
    made = []
    for form in ("", "gz", "bz2", "xz"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:" + form, format=tarfile.PAX_FORMAT) as tar:
            for name in ("server.py", "n\u00e9" * 60, "a/b.py"):
                info = tarfile.TarInfo(name)
                info.size = len(source)
                tar.addfile(info, io.BytesIO(source))
            link = tarfile.TarInfo("link.py")
            link.type, link.linkname = tarfile.SYMTYPE, "server.py"
            tar.addfile(link)
        made.append(("x.tar" + form, out.getvalue()))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as packed:
            for name in ("server.py", "n\u00e9.py", "a/b.zip"):
                packed.writestr(name, source)
        made.append(("x.zip", out.getvalue()))
    return made


def test_archives(request: Any) -> None:
    right = packed()

    def body(damage: Damage, pick: int) -> None:
        name, data = right[pick % len(right)]
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / name
            path.write_bytes(damaged(data, damage))
            try:
                found = archive.stage(path, Path(place) / "in" / "deep")
            except archive.SubmissionError as error:
                assert name in str(error) or "the submission" in str(error)
                assert str(error).isprintable()
            else:
                assert all(note.isprintable() for note in found.notes)
            assert sorted(os.listdir(place)) == ["in", name]
            assert os.listdir(place + "/in") == ["deep"]

    request.node.ran = fuzz(60, body)


def test_notebooks(request: Any) -> None:
    cells = [{"cell_type": "code", "source": "%%writefile a/s.py\nimport socket"},
             {"cell_type": "code", "source": ["x = 1\n", "%magic\n"]}]  # fmt: skip
    right = json.dumps({"cells": cells, "nbformat": 4}).encode()

    def body(damage: Damage, pick: int) -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "in"
            folder.mkdir()
            (folder / "x.ipynb").write_bytes(damaged(right, damage))
            notebooks.unpack(folder, lambda _code: "both", ["server"])
            assert os.listdir(place) == ["in"]

    request.node.ran = fuzz(150, body)


# ---- files of instructors ----------------------------------------------------


def reads(
    right: bytes, name: str, read: Callable[[Path], Any], known: Tuple[Type[Exception], ...]
) -> Callable[[Damage, int], None]:
    def body(damage: Damage, _pick: int) -> None:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / name
            path.write_bytes(damaged(right, damage))
            try:
                read(path)
            except known as error:
                assert str(error)

    return body


def test_rubrics(request: Any) -> None:
    right = (TOP / "labs/order/rubric.yaml").read_bytes()
    request.node.ran = fuzz(
        40, reads(right, "rubric.yaml", rubric.load, (rubric.RubricError,))
    )


def test_files_of_yaml(request: Any) -> None:
    right = b"server: python3 s.py\nclient: [1, {a: b}]\nbuild: |\n  make\n  x\n"
    request.node.ran = fuzz(
        200, reads(right, "mngrade.yaml", yaml_lines.read, (yaml_lines.YamlError,))
    )


def test_expected_verdicts(request: Any, tmp_path: Path) -> None:
    loaded = made_up_lab.load(tmp_path / "lab")
    folder = loaded.folder / "examples" / "good" / "one"
    folder.mkdir(parents=True)
    first = loaded.rubric.ids[0]
    right = b"verdicts:\n  %s: pass\ninsights: [busy-wait]\n" % first.encode()

    def read(path: Path) -> None:
        (folder / "verdicts.yaml").write_bytes(path.read_bytes())
        verify.examples(loaded)

    request.node.ran = fuzz(100, reads(right, "verdicts.yaml", read, (verify.VerifyError,)))


def test_rosters_and_grades(request: Any) -> None:
    right = (
        b"Student,ID,SIS User ID,SIS Login ID,Section,PA3 (77)\n"
        b"    Points Possible,,,,,100\n\"Ash, Alder\",101,4711,aash,A,66.25\n"
        b"B,102,4712,belm,A,\n"
    )

    def read(path: Path) -> None:
        found: Sheet = understand(parse(path.read_bytes(), path.name))
        assert found.lines is not None

    both = (
        reads(right, "roster.csv", roster.read, (GradebookError,)),
        reads(right, "grades.csv", read, (GradebookError,)),
    )
    request.node.ran = fuzz(60, lambda damage, pick: both[pick % 2](damage, pick))


# ---- the event stream, and what was kept of it --------------------------------


def lines() -> List[bytes]:
    record, _at = made_up.exchange()
    told = []
    for event in record.events:
        fields: Dict[str, Any] = dict(event)
        for socket in fields.get("sockets", ()):
            socket.update(host="h1", state="ESTABLISHED", local="10.0.0.1:12000",
                          recv_q=0, send_q=0)  # fmt: skip
            socket["peer"] = socket["peer"] or "10.0.0.9:9"
        told.append(json.dumps(fields).encode() + b"\n")
    return told


def test_the_stream_of_a_labrun(request: Any, tmp_path: Path) -> None:
    right = b"".join(lines())
    stream, fake = tmp_path / "stream", tmp_path / "labrun"
    fake.write_text("#!/bin/sh\nexec cat '%s'\n" % stream)
    fake.chmod(0o755)

    def body(damage: Damage, _pick: int) -> None:
        stream.write_bytes(damaged(right, damage))
        try:
            with Session(fake) as session:
                while True:
                    session._next_event(time.monotonic() + 20)
        except InstrumentFault as error:
            assert str(error)

    request.node.ran = fuzz(60, body)


def observed(order: lab.Lab) -> kept.Observed:
    record, _at = made_up.exchange()
    return kept.Observed(
        "order", "team4", 7, records=(record,),
        programs=(model.Program("server", ("python3", "s.py"), source="s.py"),
                  model.Program("client", ("python3", "c.py"), source="c.py")),
        sources=made_class.sources(1)[:1],
    )  # fmt: skip


def test_what_was_kept(request: Any, tmp_path: Path) -> None:
    """A trace that is damaged is refused, or judged without a fault; what
    it then says of a run is never more than the run that was kept."""
    order = made_class.order()
    trace = tmp_path / "t.jsonl"
    trace.write_bytes(b"".join(lines()))
    [record] = observed(order).records
    whole = replace(record, trace_file=str(trace), pcap_file=None)
    kept.write(tmp_path, replace(observed(order), records=(whole,)))
    files = [tmp_path / kept.FILE, trace]
    rights = [path.read_bytes() for path in files]
    usual = grade.judge(order, kept.read(tmp_path))

    def body(damage: Damage, pick: int) -> None:
        for path, right in zip(files, rights):
            path.write_bytes(right)
        which = pick % 2
        files[which].write_bytes(damaged(rights[which], damage))
        try:
            found = kept.read(tmp_path)
        except kept.KeptError as error:
            assert str(error)
            return
        made = grade.judge(order, found)
        report_json.canonical(report_json.with_transcripts(made))
        report_text.render(made, Style(), ("x",))
        passed = {row.criterion.id for row in usual.rows
                  if row.finding.verdict is Verdict.PASS}  # fmt: skip
        for row in made.rows:
            if row.finding.verdict is Verdict.PASS and which == 1:
                assert row.criterion.id in passed or row.points == 0

    request.node.ran = fuzz(40, body)
