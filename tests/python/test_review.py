"""Can a person decide in a browser, and nobody else?"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

import pytest

pytest.importorskip("flask")

import made_class  # noqa: E402
from grader import review  # noqa: E402
from grader.gradebook import Gradebook  # noqa: E402
from grader.gradebook_model import GradebookError, RowMark  # noqa: E402
from grader.review_app import Review  # noqa: E402
from grader.review_guard import Guard  # noqa: E402

PORT = 8123
HOST = {"Host": "127.0.0.1:%d" % PORT}
SIZE = 12


class Person:
    """A reviewer with a browser of their own."""

    def __init__(self, out: Path, who: str = "Ada", enter: bool = True) -> None:
        self.guard = Guard(PORT)
        self.token = self.guard.address().partition("token=")[2]
        self.review = Review(
            out / "gradebook.sqlite", "order", who, self.guard,
            review.counts_of("order"),
        )  # fmt: skip
        self.client = self.review.app.test_client()
        if enter:
            assert self.get("/enter?token=" + self.token).status_code == 200

    def get(self, path: str, headers: Optional[Dict[str, str]] = None) -> Any:
        return self.client.get(
            path, headers=headers or HOST, base_url="http://127.0.0.1:%d" % PORT
        )

    def post(self, path: str, headers: Optional[Mapping[str, str]] = None, **form: Any) -> Any:
        form.setdefault("secret", self.guard.secret)
        return self.client.post(
            path, data=form, headers=headers or HOST,
            base_url="http://127.0.0.1:%d" % PORT,
        )  # fmt: skip

    def form(self, number: int, criterion: str) -> Dict[str, Any]:
        """The hidden fields of the form of a row, as the page has them."""
        text = self.get("/s/%d" % number).text
        forms = re.findall(r'<form method="post" action="[^"]*/points".*?</form>', text, re.S)
        for form in forms:
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            if fields["criterion"] == criterion:
                return fields
        raise AssertionError("no form for " + criterion)

    def give(self, number: int, criterion: str, points: str) -> Any:
        form = self.form(number, criterion)
        return self.post("/s/%d/points" % number, points=points, **form)


@pytest.fixture(name="out")
def _out(tmp_path: Path) -> Path:
    made_class.make(tmp_path, SIZE)
    return tmp_path


def number_of(out: Path, name: str) -> int:
    with Gradebook(out) as book:
        return next(s.number for s in book.submissions() if s.name == name)


def row_of(out: Path, number: int, criterion: str) -> RowMark:
    with Gradebook(out) as book:
        mark = next(m for m in book.marks() if m.submission and m.submission.number == number)
    return next(row for row in mark.rows if row.id == criterion)


# ---- who is let in -----------------------------------------------------------


def test_the_token_is_good_once_and_becomes_a_cookie_no_script_can_read(out: Path) -> None:
    ada = Person(out, enter=False)
    assert ada.get("/").status_code == 403
    first = ada.get("/enter?token=" + ada.token)
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert ada.token not in cookie
    assert ada.get("/").status_code == 200
    assert ada.get("/enter?token=" + ada.token).status_code == 403
    other = ada.review.app.test_client()
    url = "http://127.0.0.1:%d" % PORT
    assert other.get("/enter?token=" + ada.token, base_url=url).status_code == 403
    assert other.get("/", base_url=url).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "é" * 20])
def test_a_wrong_token_lets_nobody_in_and_spends_nothing(out: Path, token: str) -> None:
    ada = Person(out, enter=False)
    assert ada.get("/enter?token=" + token).status_code == 403
    assert ada.get("/enter?token=" + ada.token).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8123", "127.0.0.1:1", "[::1]:8123"])
def test_another_name_of_this_machine_is_refused(out: Path, host: str) -> None:
    ada = Person(out)
    for path in ("/", "/review.js", "/enter?token=" + ada.token):
        answer = ada.get(path, {"Host": host})
        assert answer.status_code == 403 and "Set-Cookie" not in answer.headers
    assert ada.get("/", {"Host": "localhost:%d" % PORT}).status_code == 200


def test_a_form_of_another_site_changes_nothing(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0002")
    form = ada.form(number, "readable")
    assert "secret" in form
    place = "/s/%d/points" % number
    tried: Tuple[Tuple[Dict[str, str], Dict[str, str]], ...] = (
        ({"secret": ""}, HOST), ({"secret": "é"}, HOST),
        ({}, {**HOST, "Origin": "http://evil.example"}), ({}, {**HOST, "Origin": "null"}),
    )  # fmt: skip
    for change, headers in tried:
        answer = ada.post(place, headers, **{**form, "points": "3", **change})
        assert answer.status_code == 403, change
    assert row_of(out, number, "readable").decision is None
    fine = {**HOST, "Origin": "http://127.0.0.1:%d" % PORT}
    assert ada.post(place, fine, points="3", **form).status_code == 303
    assert row_of(out, number, "readable").points == 3


def test_every_answer_forbids_what_the_page_does_not_need(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0002")
    for path in ("/", "/s/%d" % number, "/review.js", "/s/99999", "/nowhere"):
        headers = ada.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    policy = ada.get("/s/%d/report" % number).headers["Content-Security-Policy"]
    assert "sandbox" in policy and "script-src" not in policy


# ---- what is shown -----------------------------------------------------------


def test_what_waits_is_shown_with_its_evidence_and_the_sources(out: Path) -> None:
    ada = Person(out)
    text = ada.get("/s/%d" % number_of(out, "s0004")).text
    assert "the comment at the top of server.py" in text
    assert "the server had 3 threads" in text and "41 lines" in text
    assert "Threads are needed because recv blocks." in text
    assert text.index("server.py</code>") < text.index("client.py</code>")
    assert "A person decides. The comment is laid out" in text  # the rubric's words
    assert ada.get("/s/%d/report" % number_of(out, "s0004")).text.startswith("<!DOCTYPE")


def test_a_row_that_was_not_judged_can_be_decided_too(out: Path) -> None:
    ada = Person(out)
    with Gradebook(out) as book:
        [waits] = [p for p in book.pending_manual() if p.criterion == "runs-on-mininet"]
    number = waits.submission.number
    assert "the machine was overloaded" in ada.get("/s/%d" % number).text
    assert ada.give(number, "runs-on-mininet", "7,5").status_code == 303
    assert row_of(out, number, "runs-on-mininet").points == 7.5


def test_markup_of_a_student_stays_text(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0002")  # the hostile place
    text = ada.get("/s/%d" % number).text
    assert "&lt;script&gt;document.title" in text
    assert "<script>document" not in text and "<img" not in text
    assert text.count("</pre>") == text.count("<pre")
    assert text.count("</textarea>") == text.count("<textarea")


def test_a_name_that_leads_elsewhere_shows_no_file_from_there(out: Path) -> None:
    (out / "report.html").write_text("a secret")
    with Gradebook(out) as book:
        number = book.add_submission("order", "../../" + out.name, ())
        report = made_class.report_of(2, "x", random.Random(3))
        book.add_grading(number, report, made_class.BASIS)
    ada = Person(out)
    assert ada.get("/s/%d" % number).status_code == 200
    assert ada.get("/s/%d/report" % number).status_code == 404


# ---- what a person does ------------------------------------------------------


def test_points_go_straight_into_the_gradebook(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    answer = ada.give(number, "explains-multithreading", "17")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/s/%d#row-12" % number
    row = row_of(out, number, "explains-multithreading")
    assert row.points == 17 and row.decision and row.decision.who == "Ada"
    assert "17 of 20 points for explains-multithreading: saved" in ada.get("/s/%d" % number).text
    assert ada.give(number, "readable", "10").headers["Location"].endswith("#done")


@pytest.mark.parametrize("preset, points", [("zero", 0), ("half", 10), ("full", 20)])
def test_a_preset_needs_no_number(out: Path, preset: str, points: float) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    form = ada.form(number, "explains-multithreading")
    ada.post("/s/%d/points" % number, points="", preset=preset, **form)
    assert row_of(out, number, "explains-multithreading").points == points


@pytest.mark.parametrize("points", ["", "x", "-1", "21", "nan", "inf", "1e99"])
def test_points_that_cannot_be_are_refused_and_say_why(out: Path, points: str) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    answer = ada.give(number, "explains-multithreading", points)
    assert answer.status_code == 409 and "Not saved: points" in answer.text
    assert row_of(out, number, "explains-multithreading").decision is None


def test_an_automatic_row_is_not_decided_here(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    form: Dict[str, Any] = {**ada.form(number, "readable"), "criterion": "tcp"}
    before = row_of(out, number, "tcp")
    assert ada.post("/s/%d/points" % number, points="1", **form).status_code == 400
    assert row_of(out, number, "tcp") == before


def test_two_reviewers_never_overwrite_each_other_unseen(out: Path) -> None:
    ada, bob = Person(out), Person(out, "Bob")
    number = number_of(out, "s0004")
    old = bob.form(number, "readable")
    assert ada.give(number, "readable", "9").status_code == 303
    answer = bob.post("/s/%d/points" % number, points="4", **old)
    assert answer.status_code == 409
    assert "Ada gave 9 points meanwhile" in answer.text and 'value="4"' in answer.text
    assert row_of(out, number, "readable").points == 9
    assert bob.give(number, "readable", "4").status_code == 303  # having seen it
    row = row_of(out, number, "readable")
    assert row.points == 4 and row.decision and row.decision.who == "Bob"


def test_what_was_taken_back_meanwhile_is_told(out: Path) -> None:
    ada, bob = Person(out), Person(out, "Bob")
    number = number_of(out, "s0004")
    ada.give(number, "readable", "9")
    old = bob.form(number, "readable")
    ada.post("/undo", number=number)
    answer = bob.post("/s/%d/points" % number, points="4", **old)
    assert answer.status_code == 409 and "taken back meanwhile" in answer.text


def test_a_new_grading_makes_the_reviewer_look_again(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    old = ada.form(number, "readable")
    with Gradebook(out) as book:
        report = made_class.report_of(2, "s0004", random.Random(9))
        book.add_grading(number, report, made_class.BASIS)
    answer = ada.post("/s/%d/points" % number, points="4", **old)
    assert answer.status_code == 409 and "graded again meanwhile" in answer.text
    assert row_of(out, number, "readable").decision is None


def test_undo_goes_back_one_after_the_other_and_no_further(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    ada.give(number, "readable", "9")
    ada.give(number, "readable", "3")
    ada.post("/undo", number=number)
    assert row_of(out, number, "readable").points == 9
    ada.post("/undo", number=number)
    assert row_of(out, number, "readable").decision is None
    ada.post("/undo", number=number)
    assert "Nothing is left" in ada.get("/s/%d" % number).text


def test_only_one_s_own_is_taken_back(out: Path) -> None:
    ada, bob = Person(out), Person(out, "Bob")
    number = number_of(out, "s0004")
    ada.give(number, "readable", "9")
    decision = row_of(out, number, "readable").decision
    assert decision
    place = "/s/%d/undo" % number
    assert bob.post(place, entry=decision.entry).status_code == 400
    assert row_of(out, number, "readable").points == 9
    assert ada.post(place, entry=decision.entry).status_code == 303
    assert row_of(out, number, "readable").decision is None


def test_a_comment_is_kept_shown_and_taken_back(out: Path) -> None:
    ada = Person(out)
    number = number_of(out, "s0004")
    ada.post("/s/%d/comment" % number, criterion="readable", text="Name it\r\n<b>better</b>")
    ada.post("/s/%d/comment" % number, criterion="", text="Well done")
    ada.post("/s/%d/comment" % number, criterion="", text="   ")
    with Gradebook(out) as book:
        mark = next(m for m in book.marks() if m.submission and m.submission.number == number)
    assert [(c.criterion, c.text) for c in mark.comments] == [
        ("readable", "Name it\n<b>better</b>"), ("", "Well done"),
    ]  # fmt: skip
    text = ada.get("/s/%d" % number).text
    assert "Name it\n&lt;b&gt;better" in text and "Well done" in text
    ada.post("/s/%d/undo" % number, entry=mark.comments[0].entry)
    assert "Name it" not in ada.get("/s/%d" % number).text


def test_what_was_decided_for_one_of_a_team_leaves_the_team_s_row_open(out: Path) -> None:
    number = number_of(out, "team00")
    with Gradebook(out) as book:
        book.decide(number, "readable", 2, "Kim", student="s0000")
    ada = Person(out)
    assert ada.give(number, "readable", "8").status_code == 303
    with Gradebook(out) as book:
        book.decide(number, "readable", 3, "Kim", student="s0001")
        had = [row.points for m in book.marks() if m.submission
               and m.submission.number == number for row in m.rows if row.id == "readable"]
    assert set(had) == {2, 3}
    text = ada.get("/s/%d" % number).text
    assert "decided for each of the team alone" in text


def test_the_walk_leads_to_what_waits_and_ends(out: Path) -> None:
    ada = Person(out)
    seen = set()
    for _ in range(40):
        place = ada.get("/next").headers["Location"]
        if place == "/":
            break
        number = int(place.rpartition("/")[2])
        seen.add(number)
        with Gradebook(out) as book:
            rows = [p for p in book.pending_manual() if p.submission.number == number]
        for row in rows:
            assert ada.give(number, row.criterion, "0").status_code == 303
    assert len(seen) > 5
    with Gradebook(out) as book:
        assert book.pending_manual() == []
    assert "All is decided." in ada.get("/").text


def test_a_hand_in_that_is_not_there_is_a_clear_answer(out: Path) -> None:
    answer = Person(out).get("/s/99999")
    assert answer.status_code == 400 and "99999" in answer.text


def test_a_port_that_is_taken_is_one_clear_message(out: Path) -> None:
    with review._listen(0) as door:
        with pytest.raises(GradebookError, match="port %d" % door.getsockname()[1]):
            review._listen(door.getsockname()[1])
    with pytest.raises(GradebookError, match="port 99999"):
        review._listen(99999)
