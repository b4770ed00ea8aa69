"""Does the class page tell an instructor what is in the gradebook?"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import List, Optional, Tuple

import pytest

import made_class
from grader import class_faults, class_page, class_points, report_json, similar
from grader.gradebook import Gradebook
from grader.gradebook_model import Mark, RowMark
from grader.model import Verdict

SIZE = 30


@pytest.fixture(name="out", scope="module")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("class")
    made_class.make(out, SIZE)
    return out


@pytest.fixture(name="text", scope="module")
def _text(out: Path) -> str:
    path = class_page.write(out, made_class.order())
    assert path == out / "class.html"
    return path.read_text(encoding="utf-8")


def line_of(text: str, name: str) -> str:
    """The row of the heat map of one hand-in."""
    found = re.search(r"<tr><th scope=\"row\" class=\"name\">(?:(?!</tr>).)*?<bdi>%s</bdi>"
                      r".*?</tr>" % name, text, re.S)  # fmt: skip
    assert found, name
    return found.group()


def section(text: str, id: str) -> str:
    found = re.search(r'<section id="%s".*?</section>' % id, text, re.S)
    assert found, id
    return found.group()


def test_every_hand_in_has_a_row_with_a_cell_for_each_criterion(out: Path, text: str) -> None:
    with Gradebook(out) as book:
        marks = {m.submission.name: m for m in book.marks() if m.submission}
    assert len(marks) == 25
    for name, mark in marks.items():
        cells = re.findall(r'<td class="(\w)"><a href="([^"]*)">(\S+) ?([\d.]*)</a>',
                           line_of(text, name))  # fmt: skip
        assert len(cells) == len(mark.rows) == 12
        for at, (row, (kind, href, sign, points)) in enumerate(zip(mark.rows, cells), 1):
            assert href == "submissions/%s/report.html#row-%d" % (name, at)
            assert points == ("" if row.points is None else "%g" % row.points)
            assert sign == ("✎" if row.decision else class_page._KINDS[row.verdict][1])


def test_a_cell_leads_to_that_row_of_the_report(out: Path, text: str) -> None:
    hrefs = re.findall(r'href="(submissions/[^"#]*)#([^"]*)"', text)
    assert len(hrefs) == 25 * 12
    for place, anchor in hrefs:
        assert 'id="%s"' % anchor in (out / place).read_text(encoding="utf-8"), place


def test_a_team_is_one_row_with_all_its_people(text: str) -> None:
    assert "Alder Stone, Birch Stone" in line_of(text, "team00")


def test_points_of_a_team_that_was_told_apart_are_a_range(tmp_path: Path) -> None:
    made_class.make(tmp_path, 4, pages=False)
    with Gradebook(tmp_path) as book:
        [team] = [s for s in book.submissions() if s.name == "team00"]
        book.override(team.number, None, 11, "Kim", "did less", student="s0000")
        book.override(team.number, None, 77, "Kim", "did more", student="s0001")
    text = class_page.write(tmp_path, made_class.order()).read_text("utf-8")
    assert "<b>11–77</b>" in line_of(text, "team00")


def test_what_could_not_be_judged_is_told_with_its_reason(text: str) -> None:
    told = section(text, "unjudged")
    assert "neither a server nor a client was found" in told
    assert "the machine was overloaded in 2 of 4 runs" in told


def test_who_handed_nothing_in_is_listed(out: Path, text: str) -> None:
    told = section(text, "nobody")
    assert told.count("<li>") == made_class.ABSENT
    assert made_class.student(SIZE).name in told


def test_the_twins_and_no_others_are_alike(text: str) -> None:
    if not shutil.which(similar.PROGRAM):
        assert similar.INSTALL in section(text, "alike")
        return
    names = re.findall(r"<bdi>(\w+)</bdi>", section(text, "alike"))
    assert len(names) == 2 and len(set(names)) == 2


def test_without_the_tool_the_page_is_there_and_says_what_to_install(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similar, "PROGRAM", "no-such-program")
    text = class_page.write(out, made_class.order()).read_text("utf-8")
    assert "similarity-tester" in section(text, "alike")
    assert "sim_text" not in text and "25" in section(text, "points")


def test_slow_ones_come_first(text: str) -> None:
    times = [float(t) for t in re.findall(r'count">([\d.]+)<', section(text, "slow"))]
    assert len(times) == class_page.MOST_SLOW and times == sorted(times, reverse=True)
    assert times[0] > 31


def test_a_class_without_hand_ins_has_a_page(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.add_student(made_class.student(1), "roster")
    text = class_page.write(tmp_path, made_class.order()).read_text("utf-8")
    assert made_class.student(1).name in section(text, "nobody")
    assert 'id="map"' not in text


def test_an_earlier_page_stays_where_writing_fails(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "class.html").write_text("before")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError()))
    with pytest.raises(OSError):
        class_page.write(out, made_class.order())
    assert (out / "class.html").read_text() == "before"


class _Tags(HTMLParser):
    VOID = {"meta", "link", "input", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: List[str] = []
        self.seen: List[str] = []

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag


def test_names_and_reasons_with_markup_stay_text(tmp_path: Path) -> None:
    made_class.make(tmp_path, 4, pages=False)
    evil = made_class.HOSTILE + "'\"\x1b[31m\u202e"
    with Gradebook(tmp_path) as book:
        for name in (evil.replace("/", ""), "x" + evil.replace("/", "")):
            number = book.add_submission("order", name, ())
            report = made_class.report_of(made_class.UNGRADABLE, name,
                                          random.Random(1))  # fmt: skip
            of = json.loads(json.dumps(report_json.to_dict(report)))
            of["status"], of["problem"] = "graded", evil
            for row in of["criteria"]:
                row["reason"] = evil
            book.add_grading(number, of, made_class.BASIS)
    text = class_page.write(tmp_path, made_class.order()).read_text("utf-8")
    tags = _Tags()
    tags.feed(text)
    assert not tags.open and not {"script", "img", "textarea"} & set(tags.seen)
    assert "\x1b" not in text and "\u202e" not in text and "\\u202e" in text


# ---- the parts ----------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("X is told `Talimo`", "X is told `Bo`", True),
        ("Talimo came first in 2 of 4", "Vasomi came first in 31 of 4", True),
        ("server.py:12 fails at 10.0.0.1:4000", "s/a.py:9 fails at 10.0.0.2", True),
        ("it says \"a 'b'\".", "It says \"c\"", True),
        ("first line\nanything", "first line\nelse", True),
        ("X's message is lost", "Y's message is lost", False),
        ("X is told", "Y is told", False),
    ],
)
def test_the_same_fault_falls_together(one: str, other: str, same: bool) -> None:
    assert (class_faults.folded(one) == class_faults.folded(other)) == same


def test_a_common_fault_counts_hand_ins_and_points() -> None:
    def mark(reason: str, verdict: Verdict, judged: float) -> Mark:
        return Mark(None, None, (RowMark("a", "A", verdict, judged, 10, False, reason),))

    marks = [mark("lost 3", Verdict.FAIL, 0), mark("lost 4", Verdict.PARTIAL, 4),
             mark("other", Verdict.FAIL, 0), mark("lost 3", Verdict.PASS, 10)]  # fmt: skip
    [fault] = class_faults.common(marks)
    assert (fault.criterion, len(fault.marks), fault.lost) == ("a", 2, 16)


@pytest.mark.parametrize(
    "points, pending, at", [(0, 0, 0), (9.99, 0, 0), (10, 0, 1), (99.9, 0, 9),
                            (100, 0, 10), (110, 0, 10), (70, 30, 10), (35, 30, 5)]
)  # fmt: skip
def test_a_mark_falls_into_its_bin(points: float, pending: float, at: int) -> None:
    mark = Mark(None, None, points=points, max_points=100, pending_points=pending)
    found = class_points.distribution([mark])
    assert found and [one.count for one in found.bins].index(1) == at


def test_nothing_decided_is_no_distribution() -> None:
    assert class_points.distribution([Mark(None, None)]) is None
    waiting = Mark(None, None, points=0, max_points=10, pending_points=10)
    assert class_points.distribution([waiting]) is None
