"""Would Gradescope take our results.json, and show what we mean?

The schema here is written from what Gradescope publishes of the format.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Dict

import fastjsonschema  # type: ignore
import made_up
import pytest
from made_up_book import (
    BASIS, WHO, book, by_id, full_book, graded, hand_in, report, rows,
)  # fmt: skip

from grader import export_gradescope
from grader.export_sheet import Options
from grader.gradebook_model import GradebookError
from grader.model import Verdict

_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_FORMAT = {"enum": ["text", "simple_format", "html", "md", "ansi"]}
_SCORE = {"type": "number"}
PUBLISHED = {
    "type": "object",
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
    "additionalProperties": False,
    "properties": {
        "score": _SCORE, "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"}, "output_format": _FORMAT,
        "test_output_format": _FORMAT, "test_name_format": _FORMAT,
        "visibility": _VISIBILITY, "stdout_visibility": _VISIBILITY,
        "extra_data": {"type": "object"}, "leaderboard": {"type": "array"},
        "tests": {"type": "array", "items": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "score": _SCORE, "max_score": _SCORE,
                "status": {"enum": ["passed", "failed"]},
                "name": {"type": "string"}, "name_format": _FORMAT,
                "number": {"type": "string"}, "output": {"type": "string"},
                "output_format": _FORMAT,
                "tags": {"type": "array", "items": {"type": "string"}},
                "visibility": _VISIBILITY, "extra_data": {"type": "object"},
            },
        }},
    },
}  # fmt: skip
conforms = fastjsonschema.compile(PUBLISHED)


def one(folder: Path, *decisions: Any) -> Dict[str, Any]:
    """results.json of a hand-in with a pass, a fail and a row that waits."""
    with book(folder) as made:
        number = hand_in(made, "x", "4711")
        made.add_grading(number, report(), BASIS)
        for decide in decisions:
            decide(made, number)
        mark = by_id(made, "4711")
        given = export_gradescope.dumps_one(mark, made.report, Options())
    result: Dict[str, Any] = conforms(json.loads(given.data))
    return result


def test_a_result_conforms_to_what_is_published(tmp_path: Path) -> None:
    result = one(tmp_path)
    assert (result["score"], result["stdout_visibility"]) == (40, "hidden")
    assert [t.get("status") for t in result["tests"]] == ["passed", "failed", None]
    assert [t["number"] for t in result["tests"]] == ["1", "2", "3"]
    assert result["tests"][1]["tags"] == ["order", "fail"]
    assert result["execution_time"] == 0.913


def test_a_row_that_waits_has_no_score_and_no_status(tmp_path: Path) -> None:
    waiting = one(tmp_path)["tests"][2]
    assert not {"score", "max_score", "status"} & set(waiting)
    assert "a person gives up to 30 points" in waiting["output"]


def test_a_decision_is_the_score_and_its_reason_the_output(tmp_path: Path) -> None:
    result = one(tmp_path, lambda made, n: made.decide(n, "readable", 20, WHO, "no comments"))
    row = result["tests"][2]
    assert (row["score"], row["max_score"], row["status"]) == (20, 30, "failed")
    assert row["output"] == "no comments"
    assert result["score"] == 60 == sum(t["score"] for t in result["tests"])


def test_an_override_of_the_whole_takes_the_place_of_the_sum(tmp_path: Path) -> None:
    result = one(tmp_path, lambda made, n: made.override(n, None, 77, WHO, "agreed"))
    assert result["score"] == 77
    assert "agreed" in result["output"]


def test_what_a_program_printed_is_never_html_nor_a_control(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        bad = "<b>\x1b[2J\u202ebold</b>\n"
        rows_ = (made_up.row("tcp", 5, Verdict.FAIL, 0.0, reason=bad),)
        made.add_grading(hand_in(made, "x", "4711"), made_up.report(rows=rows_), BASIS)
        given = export_gradescope.dumps_one(by_id(made, "4711"), made.report, Options())
    (test,) = conforms(json.loads(given.data))["tests"]
    assert test["output"] == "<b>\\x1b[2J\\u202ebold</b>\n"
    assert test["output_format"] == "text"


def archive(data: bytes) -> Dict[str, Dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {n: conforms(json.loads(file.read(n))) for n in file.namelist()}


def test_a_class_is_an_archive_with_a_result_for_each_hand_in(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        first, second = (
            export_gradescope.dumps(made.marks(), made.report, Options())
            for _ in range(2)
        )
    found = archive(first.data)
    assert set(found) == {
        "team1/results.json", "hazel.zip/results.json", "whose/results.json",
    }  # fmt: skip
    assert {r["score"] for r in found.values()} == {66.25}
    assert first.points == {"4711": 66.25, "4712": 66.25, "4713": 66.25}
    assert first.data == second.data


def test_names_stay_inside_the_archive_and_apart(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        for id, name in (("4711", "../../etc/x"), ("4712", "a/b"), ("4713", "A:b"),
                         ("4714", "...")):  # fmt: skip
            made.add_grading(hand_in(made, name, id), graded(), BASIS)
        found = archive(
            export_gradescope.dumps(made.marks(), made.report, Options()).data
        )
    assert len({name.casefold() for name in found}) == 4
    assert not [n for n in found if ".." in n or n.startswith("/") or n.count("/") != 1]


def test_what_is_not_graded_has_no_result(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        hand_in(made, "x", "4711")
        with pytest.raises(GradebookError, match="not graded"):
            export_gradescope.dumps_one(by_id(made, "4711"), made.report, Options())


def test_a_bonus_is_tagged(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        bonus = (made_up.bonus("extra", 5, Verdict.PASS, 5.0),)
        of = made_up.report(rows=rows(("tcp", 5, Verdict.PASS, 5)) + bonus)
        made.add_grading(hand_in(made, "x", "4711"), of, BASIS)
        given = export_gradescope.dumps_one(by_id(made, "4711"), made.report, Options())
    result = conforms(json.loads(given.data))
    assert result["tests"][1]["tags"] == ["extra", "pass", "bonus"]
    assert result["score"] == 10
