"""Does a line of a hundred megabytes stay a short report, and soon?"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable

import pytest

import made_up
import poison
from grader import brief, model, report_html, report_json, report_junit, report_text
from grader import rubric, watch
from grader.words import Style

RULES = rubric.load(Path(__file__).resolve().parents[2] / "labs/order/rubric.yaml")
LINE = "\x1b" * 99_999_999 + "é"
WAYS = {
    "text": lambda made: report_text.render(made, Style(), ("x",)),
    "html": lambda made: report_html.render(made, RULES, "instructor", ("x",)),
    "json": report_json.dumps,
    "junit": report_junit.dumps,
    "watch": lambda made: "\n".join(watch.first(made, Style())),
}


def long_report() -> model.Report:
    made = made_up.report()
    return replace(
        made,
        rows=tuple(
            replace(row, finding=replace(row.finding, reason=LINE, seen=LINE,
                                         expected=LINE, mend=LINE, notes=(LINE,) * 500))
            for row in made.rows
        ),
        insights=tuple(replace(one, text=LINE) for one in made.insights),
        notes=(LINE,) * 500, problem=LINE,
    )  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_format_is_short_and_soon_made(way: str) -> None:
    write: Callable[[model.Report], str] = WAYS[way]
    made = long_report()
    began = time.process_time()
    text = write(brief.report(made))
    assert time.process_time() - began < 20
    assert 1000 < len(text) < 60_000_000
    assert poison.acting(text) is None


def test_what_is_left_out_is_told() -> None:
    [row, *_rest] = brief.report(long_report()).rows
    assert row.finding.reason.endswith("… 99,996,000 more characters")
    assert row.finding.notes[-1] == "and 440 more notes"


def test_a_usual_report_is_left_as_it_is() -> None:
    made = made_up.report()
    assert brief.report(made) == made
    json.loads(report_json.dumps(brief.report(made)))
