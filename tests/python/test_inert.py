"""Does every format show what comes from outside, and let none of it act?

One report and one class in which every text is poisoned go through every
format there is. What one format shows is its own tests' matter; here is asked
that nothing acts, and that the format stays what it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Iterator, List, Optional, Tuple

import pytest

import made_class
import made_up
import poison
from grader import (
    batch, batch_cli, class_page, gradebook_export, gradebook_text, intake, ladder,
    ladder_text, model, report_html, report_json, report_junit, report_text, rubric,
    transcript, watch,
)  # fmt: skip
from grader.export_sheet import Options
from grader.export_table import unguarded
from grader.gradebook import Gradebook
from grader.gradebook_model import Student
from grader.words import Style

TOP = Path(__file__).resolve().parents[2]
RULES = rubric.load(TOP / "labs" / "order" / "rubric.yaml")
STYLES = [Style(80, False, True), Style(60, True, True), Style(100, False, False)]
POISONS = [poison.ALL, *poison.PIECES, *(poison.mixed(seed) for seed in range(12))]


def named(text: str) -> str:
    return ascii(text)[:30]


def report(what: str) -> model.Report:
    """A report in which everything that can come from outside is poisoned.

    The rubric's own ids, the times and the kinds of events stay.
    """
    made = made_up.report()
    rows = tuple(
        replace(row, finding=poison.poisoned(row.finding, what)) for row in made.rows
    )
    [record] = made.traces
    # Evidence leads to runs by their names.
    record = replace(
        record, name=what + record.name, reason=what, trace_file=what, pcap_file=what,
        events=tuple(event(one, what) for one in record.events),
        marks={n: what + text for n, text in record.marks.items()},
        facts=json.loads(json.dumps(record.facts)),
    )  # fmt: skip
    return replace(
        made, rows=rows, traces=(record,), submission=what, problem=what,
        insights=poison.poisoned(made.insights, what), notes=(what, what + "2"),
        programs=(model.Program("server", ("python3", what), what, what, "python", what),),
    )  # fmt: skip


def event(one: model.Event, what: str) -> model.Event:
    free = {"text", "why"} & set(one)
    changed = {key: what + str(one[key]) for key in free}
    if "text" in free and "len" in one:
        size = len(str(changed["text"]).encode("utf-8", "surrogatepass"))
        changed["len"] = str(size)
        return {**one, **changed, "len": size}
    return {**one, **changed}


# ---- a terminal ------------------------------------------------------------


def without_paint(text: str) -> str:
    return re.sub("\x1b\\[[0-9]*m", "", text)


@pytest.mark.parametrize("style", STYLES, ids=["plain", "colour", "ascii"])
@pytest.mark.parametrize("what", POISONS, ids=named)
def test_nothing_acts_on_a_terminal(what: str, style: Style) -> None:
    made = report(what)
    [record] = made.traces
    calm = made_up.report()
    shown = [
        report_text.render(made, style, (what,)),
        *watch.first(made, style),
        *watch.changed(calm, made, style),
        *ladder_text.draw(ladder.layout(record, {}, 200, detail=True), style),
    ]
    for text in shown:
        text = without_paint(text) if style.colour else text
        assert poison.acting(text) is None
        assert style.unicode or text.isascii()


# ---- files -----------------------------------------------------------------


@pytest.mark.parametrize("what", POISONS, ids=named)
def test_json_is_ascii_and_comes_back(what: str) -> None:
    made = report(what)
    text = report_json.dumps(made)
    assert text.isascii() and poison.acting(text) is None
    # JSON takes two halves of a letter that meet for that letter.
    halves = [one.encode("utf-16", "surrogatepass")
              for one in (what, json.loads(text)["submission"])]  # fmt: skip
    assert halves[0] == halves[1]
    whole = report_json.with_transcripts(made)
    told = report_json.canonical(whole).decode("ascii")
    assert poison.acting(told) is None
    json.loads(told)
    assert transcript.of_record(made.traces[0])


@pytest.mark.parametrize("what", POISONS, ids=named)
def test_junit_is_xml(what: str) -> None:
    text = report_junit.dumps(report(what))
    assert poison.acting(text) is None
    ET.fromstring(text.encode("utf-8"))


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: List[str] = []
        self.wrong: List[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(name)
            if name in ("href", "src", "xlink:href", "action"):
                if not re.match(r"#|submissions/|\Z", value or ""):
                    self.wrong.append("%s=%s" % (name, value))


def is_calm(page: str) -> None:
    assert poison.acting(page) is None
    page.encode("utf-8")
    found = Tags(page)
    assert not found.wrong
    assert not {"script", "img", "iframe", "object", "base"} & set(found.tags)
    assert found.tags.count("style") == 1


@pytest.mark.parametrize("what", POISONS, ids=named)
def test_a_page_has_no_script_and_leads_nowhere(what: str) -> None:
    for view in ("student", "instructor"):
        is_calm(report_html.render(report(what), RULES, view, (what,)))


# ---- a class ----------------------------------------------------------------


@pytest.fixture(params=[poison.ALL, "=1+1", "\ud800"], ids=named)
def hostile(request: Any, tmp_path: Path) -> Iterator[Tuple[Gradebook, Path, str]]:
    """A gradebook in which everything is poisoned that a class brings."""
    what = request.param
    with Gradebook(tmp_path) as book:
        people = [
            poison.poisoned(Student("47%d" % at, "A", "1", "l", "e@x", "", "", "s"), what)
            for at in range(2)
        ]
        for at, one in enumerate(people):
            one = replace(one, id="471%d" % at, canvas_id="10%d" % at, moodle_id="%d" % at)
            book.add_student(one, what, what)
            number = book.add_submission(
                "order", intake.safe_name(what + str(at)), [one.id], received=what,
            )  # fmt: skip
            document = json.loads(report_json.dumps(report(what)))
            book.add_grading(number, document, made_class.BASIS)
            book.comment(number, what, what)
            entry = book.comment(number, "gone", what)
            book.undo(entry, what, what)
        yield book, tmp_path, what


def test_the_pages_of_a_class_are_calm(hostile: Tuple[Gradebook, Path, str]) -> None:
    _book, out, _what = hostile
    is_calm(class_page.write(out, made_class.order()).read_text("utf-8"))


@pytest.mark.parametrize("style", STYLES, ids=["plain", "colour", "ascii"])
def test_a_gradebook_on_a_terminal(
    hostile: Tuple[Gradebook, Path, str], style: Style
) -> None:
    book, _out, _what = hostile
    marks = book.marks("order")
    for fits in (True, False):
        shown = [
            gradebook_text.marks(marks, style, fits),
            gradebook_text.pending(book.pending_manual("order"), style, fits),
            gradebook_text.history(book.history(), style, fits),
            gradebook_text.mark(marks[0], book.gradings(1), style, fits),
        ]
        for text in shown:
            assert poison.acting(without_paint(text) if style.colour else text) is None


@pytest.mark.parametrize("form", sorted(gradebook_export.FORMATS))
def test_an_export_is_calm(hostile: Tuple[Gradebook, Path, str], form: str) -> None:
    book, _out, _what = hostile
    options = Options(everything=True)
    given = gradebook_export.export(book, form, book.marks("order"), "order", options)
    for note in given.notes:
        assert len(note) < 5000
    if form in ("canvas", "moodle", "csv"):
        text = given.data.decode("utf-8")
        assert poison.acting(text, "\r\n") is None
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                assert not re.match(r"\s*[=+\-@\uff1d]\S", cell) or unguarded(cell) != cell
    elif form in ("xlsx", "gradescope"):
        with zipfile.ZipFile(io.BytesIO(given.data)) as packed:
            for name in packed.namelist():
                assert not name.startswith("/") and ".." not in name
                text = packed.read(name).decode("utf-8")
                assert poison.acting(text, "\r\n") is None
                assert "<f>" not in text
                if name.endswith(".xml"):
                    ET.fromstring(text.encode("utf-8"))
                else:
                    json.loads(text) if name.endswith("json") else None
    else:
        text = given.data.decode("utf-8")
        assert poison.acting(text) is None
        if form == "junit":
            ET.fromstring(given.data)
        else:
            assert [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("what", POISONS, ids=named)
def test_what_a_batch_says_meanwhile(what: str, capsys: Any, monkeypatch: Any) -> None:
    lines: List[str] = []
    stream = io.StringIO()
    document = report_json.to_dict(report(what))
    document["status"] = "ungradable"
    for kind in (batch_cli._Plain, batch_cli._Bar):
        seen = kind(stream)
        seen.begins(2)
        for status in ("incomplete", "ungradable"):
            done = batch.Done(what, what, 9.0, {**document, "status": status})
            seen.done(done, 1)
        seen.waits([(what, 12.0)], 1)
        seen.close()
        found = intake.Intake("folder", (), (what,))
        lines += batch_cli._summary(seen, found, [what], Path("out"))
    drawn = stream.getvalue().replace("\r\x1b[K", "")
    assert poison.acting(drawn) is None
    assert [poison.acting(line) for line in lines] == [None] * len(lines)


@pytest.mark.parametrize("what", POISONS, ids=named)
def test_a_name_of_a_folder_is_only_that(what: str) -> None:
    name = intake.safe_name(what)
    assert "/" not in name and name not in ("", ".", "..") and len(name) <= 80
    assert poison.acting(name, "") is None and not name.startswith(("-", "."))
    name.encode("utf-8")
