"""How is what was observed of a submission kept, so that it can be judged again?

`mngrade grade --keep DIR` writes grading.json beside the traces: everything
that a judgement rests on and that is no event. `mngrade replay DIR` reads it,
and judges without running anything: after a change of the rubric or of a
check, or years later. Names of files in it are relative, so that the folder
may be moved.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from grader import events
from grader.layout import SourceFile
from grader.model import Event, Outcome, Program, ScenarioRecord

SCHEMA = "mngrade/kept/1"
FILE = "grading.json"


class KeptError(Exception):
    """A folder that holds no kept grading, or a broken one."""


@dataclass(frozen=True)
class Observed:
    """All that is known of a submission once it has been run.

    `problem` says why nothing could be run. `told` are the arguments that
    repeat the grading, after the name of the lab.
    """

    lab: str  # its name; its folder where it is none of ours
    submission: str
    seed: int
    told: Tuple[str, ...] = ()
    switch: str = "bridge"
    topology: str = ""  # instead of the rubric's
    programs: Tuple[Program, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    warnings: Tuple[str, ...] = ()
    sources: Tuple[SourceFile, ...] = ()
    notes: Tuple[str, ...] = ()
    problem: str = ""
    records: Tuple[ScenarioRecord, ...] = ()
    elapsed_s: float = 0.0
    limits: Mapping[str, Any] = field(default_factory=dict)


def write(folder: Path, observed: Observed) -> None:
    """Write grading.json; the traces are there already.

    An OSError leaves an earlier grading.json as it was.
    """
    document = {
        "schema": SCHEMA,
        **asdict(replace(observed, records=())),
        "records": [_record(folder, record) for record in observed.records],
    }
    text = json.dumps(document, indent=1, allow_nan=False)
    new = folder / (FILE + ".new")
    new.write_text(text + "\n", encoding="ascii")
    os.replace(str(new), str(folder / FILE))


def read(folder: Path) -> Observed:
    """Read a kept grading with its traces."""
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        if document.get("schema") != SCHEMA:
            raise KeptError(
                "%s: this is no %s but %s"
                % (path, SCHEMA, document.get("schema", "something else"))
            )
        return _observed(folder, document)
    except FileNotFoundError as error:
        raise KeptError(
            "%s: there is no %s; a folder that `mngrade grade --keep` wrote is"
            " needed" % (folder, Path(error.filename).name)
        ) from error
    except OSError as error:
        raise KeptError("%s: %s" % (path, error.strerror)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KeptError(
            "%s: not a kept grading, or a damaged one (%s: %s); grade again"
            " with --keep" % (path, type(error).__name__, error)
        ) from error


def sources(folder: Path) -> Tuple[SourceFile, ...]:
    """What was handed in, without what was seen of it; empty where nothing
    was kept."""
    return tuple(SourceFile(**one) for one in _part(folder, "sources"))


def programs(folder: Path) -> Tuple[Program, ...]:
    """What was run of it, in the same way."""
    return tuple(
        Program(**dict(one, argv=tuple(one["argv"])))
        for one in _part(folder, "programs")
    )


def _part(folder: Path, key: str) -> List[Dict[str, Any]]:
    try:
        document = json.loads((folder / FILE).read_text(encoding="ascii"))
        return list(document[key]) if document.get("schema") == SCHEMA else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _record(folder: Path, record: ScenarioRecord) -> Dict[str, Any]:
    """Without the events, which the trace has."""
    about = asdict(replace(record, events=()))
    del about["events"]
    about["outcome"] = record.outcome.value
    for key in ("trace_file", "pcap_file"):
        if about[key] is not None:
            about[key] = os.path.relpath(about[key], str(folder))
    return about


def _observed(folder: Path, document: Dict[str, Any]) -> Observed:
    known = {key: value for key, value in document.items() if key != "schema"}
    for key in ("told", "warnings", "notes"):
        known[key] = tuple(known[key])
    known["programs"] = tuple(
        Program(**dict(one, argv=tuple(one["argv"]))) for one in known["programs"]
    )
    known["sources"] = tuple(SourceFile(**one) for one in known["sources"])
    known["records"] = tuple(_again(folder, one) for one in known["records"])
    return Observed(**known)


def _again(folder: Path, about: Dict[str, Any]) -> ScenarioRecord:
    about = dict(about, outcome=Outcome(about["outcome"]))
    about["marks"] = {int(n): text for n, text in about["marks"].items()}
    events: Tuple[Event, ...] = ()
    for key in ("trace_file", "pcap_file"):
        about[key] = _inside(folder, about[key])
    if about["trace_file"] is not None:
        events = tuple(_events(Path(about["trace_file"])))
    elif about["outcome"] is not Outcome.LEFT_OUT:  # the disk was full, say
        about.update(outcome=Outcome.HARNESS, reason="its trace was not kept")
    return ScenarioRecord(events=events, **about)


def _inside(folder: Path, name: Optional[str]) -> Optional[str]:
    """A kept folder may come from anywhere: it names no file outside."""
    if name is None:
        return None
    path = folder / name
    if folder.resolve() not in path.resolve().parents:
        raise ValueError("%s lies outside of the folder" % name)
    return str(path)


def _events(trace: Path) -> List[Event]:
    with trace.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    for number, event in enumerate(found, 1):
        wrong = events.fault(event, number)
        if wrong:
            raise ValueError("%s:%d: %s" % (trace.name, number, wrong))
    return found
