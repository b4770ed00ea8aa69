"""Is a kept grading the same when it is read again?"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import made_up
from grader import kept
from grader.layout import SourceFile
from grader.model import Outcome, Program

RECORD, _AT = made_up.exchange()
OBSERVED = kept.Observed(
    lab="order",
    submission="team4",
    seed=7,
    told=("./team4", "--switch", "ovs"),
    switch="ovs",
    programs=(Program("server", ("python3", "s.py"), "src", "src/s.py", "python"),),
    failures={"client": "c.c:1: no"},
    warnings=("s.py:3: \ud800",),
    sources=(SourceFile("src/s.py", "python", "print(1)\n", 1, 0.0),),
    notes=("chosen by its name",),
    records=(RECORD,),
    elapsed_s=0.5,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a grading leaves it."""
    place = tmp_path / "kept"
    place.mkdir()
    trace = place / "exchange.jsonl"
    trace.write_text("".join(json.dumps(e) + "\n" for e in RECORD.events))
    record = replace(RECORD, trace_file=str(trace), pcap_file=None)
    kept.write(place, replace(OBSERVED, records=(record,)))
    return place


def test_everything_comes_back_also_from_where_it_was_moved_to(
    folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "else" / "where"
    shutil.copytree(str(folder), str(moved))
    shutil.rmtree(str(folder))
    trace = str(moved / "exchange.jsonl")
    record = replace(RECORD, trace_file=trace, pcap_file=None)
    assert kept.read(moved) == replace(OBSERVED, records=(record,))


def test_a_run_whose_trace_was_not_kept_is_not_judged(folder: Path) -> None:
    record = replace(RECORD, trace_file=None, pcap_file=None)
    kept.write(folder, replace(OBSERVED, records=(record,)))
    found = kept.read(folder).records[0]
    assert (found.outcome, found.events) == (Outcome.HARNESS, ())
    assert found.reason == "its trace was not kept"


@pytest.mark.parametrize(
    "text, said",
    [
        (None, "there is no grading.json"),
        ("{", "a damaged one"),
        ("[]", "a damaged one"),
        ('{"schema": "else/1"}', "no mngrade/kept/1 but else/1"),
        ('{"schema": "mngrade/kept/1"}', "KeyError"),
        ("\xe4", "a damaged one"),
    ],
)
def test_what_is_no_kept_grading_is_told(folder: Path, text: str, said: str) -> None:
    path = folder / kept.FILE
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="latin-1")
    with pytest.raises(kept.KeptError, match=said):
        kept.read(folder)


@pytest.mark.parametrize("name", ["../secret.jsonl", "/etc/passwd"])
def test_a_folder_names_no_file_outside(folder: Path, name: str) -> None:
    path = folder / kept.FILE
    document = json.loads(path.read_text())
    document["records"][0]["trace_file"] = name
    path.write_text(json.dumps(document))
    with pytest.raises(kept.KeptError, match="lies outside"):
        kept.read(folder)


def test_a_trace_that_is_gone_is_named(folder: Path) -> None:
    (folder / "exchange.jsonl").unlink()
    with pytest.raises(kept.KeptError, match="there is no exchange.jsonl"):
        kept.read(folder)
