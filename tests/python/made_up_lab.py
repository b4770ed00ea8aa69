"""What lab do the tests of the grader's core use?

A small lab in a folder of its own: three automatic criteria and a manual one,
with a scenario that needs no network because nobody runs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Sequence

from grader import api, lab, model

RUBRIC = """\
lab: tiny
title: A tiny lab
programs:
  server: {count: 1, port: 12000, names: [server]}
  client: {count: 2, names: [client]}
topology:
  shape: star
  server: [h1]
  clients: [h2, h3]
criteria:
  - id: greets
    points: 10
    title: It greets
    judged: automatic
  - id: answers
    points: 20
    title: It answers
    partial: 0.25
    rescued: 0.5
    judged: automatic
  - id: ends
    points: 5
    title: It ends
    judged: automatic
  - id: readable
    points: 15
    title: A person reads it
    judged: manual
"""

SCENARIOS = """\
from grader.api import check, insight, passed, scenario

@scenario(first=("h2", "h3"), names={"first": "{} first"})
def talk(run, first):
    pass

@check("greets")
def greets(traces):
    return passed("it does")

@check("answers")
def answers(traces):
    return passed("it does")

@check("ends")
def ends(traces):
    return passed("it does")
"""


def write(folder: Path, rubric: str = RUBRIC, scenarios: str = SCENARIOS) -> Path:
    """Write the lab's files; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rubric.yaml").write_text(rubric, encoding="utf-8")
    (folder / "scenarios.py").write_text(scenarios, encoding="utf-8")
    return folder


def load(folder: Path, scenarios: str = SCENARIOS) -> lab.Lab:
    return lab.load(str(write(folder / "tiny", scenarios=scenarios)))


def record(
    name: str = "talk[h2 first]",
    outcome: model.Outcome = model.Outcome.FINISHED,
    reason: str = "",
    events: Sequence[model.Event] = (),
    **facts: Any
) -> model.ScenarioRecord:
    known: Dict[str, Any] = facts
    return model.ScenarioRecord(name, outcome, reason, tuple(events), known)


def traces(loaded: lab.Lab, *records: model.ScenarioRecord) -> api.Traces:
    return api.Traces([api.Trace(r) for r in records], loaded.rubric)
