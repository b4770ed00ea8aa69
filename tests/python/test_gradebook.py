"""Is a mark what the newest grading and the newest decisions make it?"""

from __future__ import annotations

import json
import math
import random
import sqlite3
from pathlib import Path
from typing import Dict, Iterator, List, Optional

import made_up
import pytest
from made_up_book import (
    BASIS,
    WHO,
    book,
    by_id,
    full_book,
    graded,
    hand_in,
    other_files,
    report,
)

from grader import report_json
from grader.gradebook import Gradebook
from grader.gradebook_model import GradebookError, Mark, Student
from grader.model import Verdict


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Gradebook]:
    with book(tmp_path) as opened:
        yield opened


@pytest.fixture
def team(made: Gradebook) -> int:
    """A hand-in of two: 40 of 100, and 30 wait."""
    number = hand_in(made, "team1", "4711", "4712")
    made.add_grading(number, report(), BASIS)
    return number


# ---- gradings ----------------------------------------------------------


def test_a_mark_is_the_sum_and_says_what_waits(made: Gradebook, team: int) -> None:
    mark = by_id(made, "4711")
    assert (mark.points, mark.max_points, mark.pending_points) == (40, 100, 30)
    assert [row.points for row in mark.rows] == [40, 0, None]
    assert not mark.final


def test_a_student_without_a_hand_in_has_no_points(made: Gradebook, team: int) -> None:
    mark = by_id(made, "4714")
    assert (mark.points, mark.submission, mark.final) == (None, None, False)


def test_a_hand_in_of_nobody_known_has_a_mark(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        last = made.marks()[-1]
        assert last.student is None and last.points == 66.25
        assert last.name == "whose"


def test_a_bonus_comes_on_top(made: Gradebook) -> None:
    number = hand_in(made, "zfir", "4714")
    rows = (made_up.row("tcp", 10, Verdict.PASS, 10.0),) + (
        made_up.bonus("extra", 5, Verdict.PASS, 5.0),
    )
    made.add_grading(number, made_up.report(rows=rows), BASIS)
    mark = by_id(made, "4714")
    assert (mark.points, mark.max_points) == (15, 10)


def test_the_whole_report_is_kept(made: Gradebook) -> None:
    number = hand_in(made, "x")
    entry = made.add_grading(number, made_up.report(), BASIS)
    assert made.report(entry) == report_json.to_dict(made_up.report())


def test_what_a_grading_rests_on_is_kept(made: Gradebook, team: int) -> None:
    (grading,) = made.gradings(team)
    assert grading.basis == BASIS
    assert (grading.seed, grading.backend, grading.status) == (7, "mininet", "graded")
    assert grading.at.endswith("Z") and "T" in grading.at


def test_a_report_as_json_is_the_same(made: Gradebook, team: int) -> None:
    other = hand_in(made, "zfir", "4714")
    data = json.loads(report_json.dumps(report()))
    made.add_grading(other, data, BASIS)
    assert by_id(made, "4714").rows == by_id(made, "4711").rows


def test_the_newest_grading_counts_and_earlier_ones_stay(
    made: Gradebook, team: int
) -> None:
    made.add_grading(team, graded(), BASIS)
    assert by_id(made, "4711").points == 66.25
    assert [g.points for g in made.gradings(team)] == [40, 66.25]


def test_a_grading_can_be_undone(made: Gradebook, team: int) -> None:
    entry = made.add_grading(team, graded(), BASIS)
    made.undo(entry, WHO, "the machine was broken")
    assert by_id(made, "4711").points == 40


def test_the_last_attempt_counts_or_the_best(made: Gradebook) -> None:
    first = hand_in(made, "zfir", "4714", attempt=1)
    made.add_grading(first, graded(), BASIS)
    second = hand_in(made, "zfir", "4714", attempt=2)
    made.add_grading(second, graded(("tcp", 40, Verdict.PASS, 40.0)), BASIS)

    def points(attempts: str) -> List[Optional[float]]:
        found = made.marks(attempts=attempts)
        return [m.points for m in found if m.student and m.student.id == "4714"]

    assert points("last") == [40]
    assert points("best") == [66.25]
    with pytest.raises(GradebookError, match="'last' or 'best'"):
        made.marks(attempts="first")


def test_a_grading_of_the_same_is_found_again(made: Gradebook, team: int) -> None:
    assert made.find_grading(team, BASIS, 7) is not None
    assert made.find_grading(team, BASIS, 8) is None
    assert made.find_grading(team, other_files(), 7) is None


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"schema": "mngrade/report/1"},
        {**report_json.to_dict(report()), "points": "many"},
        {**report_json.to_dict(report()), "points": math.nan},
        {**report_json.to_dict(report()), "criteria": [{"id": "tcp"}]},
    ],
)
def test_a_broken_report_is_refused_and_leaves_nothing(
    made: Gradebook, team: int, broken: Dict[str, object]
) -> None:
    before = made.history()
    with pytest.raises(GradebookError, match="report"):
        made.add_grading(team, broken, BASIS)
    assert made.history() == before


def test_an_unknown_verdict_is_refused_and_leaves_nothing(
    made: Gradebook, team: int
) -> None:
    data = report_json.to_dict(report())
    data["criteria"][2]["verdict"] = "excellent"
    before = made.history()
    with pytest.raises(GradebookError, match="broken"):
        made.add_grading(team, data, BASIS)
    assert made.history() == before


def test_several_labs_must_be_told_apart(made: Gradebook, team: int) -> None:
    made.add_submission("sum", "x", ("4711",))
    with pytest.raises(GradebookError, match="several labs.*order, sum"):
        made.marks()
    (there,) = [m for m in made.marks("order") if m.student and m.student.id == "4711"]
    assert there.points == 40
    assert all(m.points is None for m in made.marks("sum"))
    with pytest.raises(GradebookError, match="no lab 'chat'"):
        made.marks("chat")


# ---- who, and what -------------------------------------------------------


def test_the_same_again_is_no_new_entry(made: Gradebook, team: int) -> None:
    before = len(made.history())
    made.add_student(made.students()[0], "roster")
    assert hand_in(made, "team1", "4712", "4711") == team
    assert len(made.history()) == before


def test_what_is_new_of_a_student_supersedes(made: Gradebook) -> None:
    entry = made.add_student(Student("4711", "Alder Ash-Oak"), WHO, "married")
    assert [s.name for s in made.students() if s.id == "4711"] == ["Alder Ash-Oak"]
    last = made.history()[-1]
    assert (last.entry, last.supersedes, last.why) == (entry, 1, "married")
    made.undo(entry, WHO, "the wrong one")
    assert [s.name for s in made.students() if s.id == "4711"] == ["Alder Ash"]


def test_a_hand_in_may_find_another_owner(made: Gradebook, team: int) -> None:
    assert hand_in(made, "team1", "4711", late_s=60) == team
    assert made.submission(team).students == ("4711",)
    assert made.submission(team).late_s == 60
    assert by_id(made, "4712").submission is None
    made.undo(made.history()[-1].entry, WHO, "no")
    assert by_id(made, "4712").points == 40


# ---- decisions -----------------------------------------------------------


def test_a_person_decides_what_waits(made: Gradebook, team: int) -> None:
    assert [p.criterion for p in made.pending_manual()] == ["readable"]
    made.decide(team, "readable", 25.5, WHO, "few comments")
    mark = by_id(made, "4711")
    assert (mark.points, mark.pending_points, mark.final) == (65.5, 0, True)
    assert made.pending_manual() == []
    decision = mark.rows[2].decision
    assert (decision.who, decision.why, decision.kind) == (WHO, "few comments", "points")


def test_what_the_harness_could_not_judge_waits_too(made: Gradebook) -> None:
    number = hand_in(made, "zfir", "4714")
    made.add_grading(number, report(("tcp", 40, Verdict.NOT_JUDGED, 0)), BASIS)
    (waiting,) = made.pending_manual()
    assert (waiting.criterion, waiting.verdict) == ("tcp", Verdict.NOT_JUDGED)
    made.decide(number, "tcp", 40, WHO)
    assert by_id(made, "4714").points == 40


def test_what_was_judged_is_overridden_and_not_decided(
    made: Gradebook, team: int
) -> None:
    with pytest.raises(GradebookError, match="judged automatically.*override"):
        made.decide(team, "order", 30, WHO)
    made.override(team, "order", 30, WHO, "seen to work by hand")
    assert by_id(made, "4711").points == 70


def test_an_override_of_the_whole_leaves_nothing_waiting(
    made: Gradebook, team: int
) -> None:
    made.override(team, None, 105, WHO, "an extra task")
    mark = by_id(made, "4712")
    assert (mark.points, mark.pending_points, mark.final) == (105, 0, True)


def test_the_newest_decision_counts_and_names_the_one_before(
    made: Gradebook, team: int
) -> None:
    first = made.decide(team, "readable", 10, WHO)
    second = made.decide(team, "readable", 20, "the other marker")
    assert by_id(made, "4711").points == 60
    assert made.history()[-1].supersedes == first
    made.undo(second, WHO, "too generous")
    assert by_id(made, "4711").points == 50


def test_an_undo_can_be_undone_and_again(made: Gradebook, team: int) -> None:
    entry = made.decide(team, "readable", 10, WHO)
    undo = made.undo(entry, WHO, "no")
    assert by_id(made, "4711").points == 40
    redo = made.undo(undo, WHO, "yes")
    assert by_id(made, "4711").points == 50
    with pytest.raises(GradebookError, match="superseded by entry %d" % redo):
        made.undo(undo, WHO, "yes")
    made.undo(redo, WHO, "no")
    assert by_id(made, "4711").points == 40


@pytest.mark.parametrize("entry, why", [(99, "no entry 99"), (1, "undone already")])
def test_an_undo_that_makes_no_sense_is_refused(
    made: Gradebook, entry: int, why: str
) -> None:
    made.undo(1, WHO, "the wrong class")
    with pytest.raises(GradebookError, match=why):
        made.undo(entry, WHO, "again")


def test_one_of_a_team_may_have_another_mark(made: Gradebook, team: int) -> None:
    made.decide(team, "readable", 20, WHO)
    made.decide(team, "readable", 5, WHO, "did not write it", student="4712")
    made.override(team, None, 99, WHO, "helped others", student="4711")
    assert (by_id(made, "4711").points, by_id(made, "4712").points) == (99, 45)
    # Later words for the team leave what holds for one alone.
    made.decide(team, "readable", 30, WHO)
    assert by_id(made, "4712").points == 45


def test_nobody_decides_for_somebody_else_s_team(made: Gradebook, team: int) -> None:
    for student in ("4713", "nobody"):
        with pytest.raises(GradebookError, match="has no part in submission"):
            made.override(team, None, 1, WHO, "why", student=student)
        with pytest.raises(GradebookError, match="has no part in submission"):
            made.comment(team, "hm", WHO, student=student)


@pytest.mark.parametrize("points", [-1, 30.5, math.nan, math.inf])
def test_points_out_of_range_are_refused(
    made: Gradebook, team: int, points: float
) -> None:
    with pytest.raises(GradebookError, match="from 0 to 30"):
        made.decide(team, "readable", points, WHO)
    with pytest.raises(GradebookError, match="from 0"):
        made.override(team, "order", points, WHO, "why")
    if points != 30.5:
        with pytest.raises(GradebookError, match="from 0 on"):
            made.override(team, None, points, WHO, "why")


def test_who_and_why_are_required(made: Gradebook, team: int) -> None:
    with pytest.raises(GradebookError, match="who"):
        made.override(team, None, 1, "  ", "why")
    with pytest.raises(GradebookError, match="reason"):
        made.override(team, None, 1, WHO, " ")
    with pytest.raises(GradebookError, match="who"):
        made.decide(team, "readable", 1, "")
    with pytest.raises(GradebookError, match="reason"):
        made.undo(1, WHO, "")
    with pytest.raises(GradebookError, match="words"):
        made.comment(team, " ", WHO)


def test_a_misspelt_criterion_is_told(made: Gradebook, team: int) -> None:
    with pytest.raises(GradebookError, match="did you mean 'readable'"):
        made.decide(team, "readible", 1, WHO)


def test_a_hand_in_must_be_there_and_graded(made: Gradebook) -> None:
    with pytest.raises(GradebookError, match="no submission 99"):
        made.decide(99, "tcp", 1, WHO)
    number = hand_in(made, "x")
    with pytest.raises(GradebookError, match="not graded yet"):
        made.decide(number, "tcp", 1, WHO)


def test_who_saw_an_older_decision_does_not_decide(
    made: Gradebook, team: int
) -> None:
    first = made.decide(team, "readable", 10, WHO, seen=0)
    with pytest.raises(GradebookError, match="somebody else decided"):
        made.decide(team, "readable", 20, "the other marker", seen=0)
    made.decide(team, "readable", 20, "the other marker", seen=first)
    assert by_id(made, "4711").points == 60


def test_comments_are_kept_and_can_be_undone(made: Gradebook, team: int) -> None:
    made.comment(team, "well done", WHO)
    entry = made.comment(team, "no locks", WHO, criterion="readable")
    made.comment(team, "for one", WHO, student="4712")
    texts = [(c.criterion, c.text) for c in by_id(made, "4711").comments]
    assert texts == [("", "well done"), ("readable", "no locks")]
    assert len(by_id(made, "4712").comments) == 3
    made.undo(entry, WHO, "wrong")
    assert [c.text for c in by_id(made, "4711").comments] == ["well done"]
    assert by_id(made, "4711").points == 40


# ---- a re-grading --------------------------------------------------------


def test_decisions_outlive_a_regrading(made: Gradebook, team: int) -> None:
    made.decide(team, "readable", 20, WHO)
    made.override(team, "order", 15, WHO, "half of it works")
    made.add_grading(team, report(), BASIS)
    mark = by_id(made, "4711")
    assert (mark.points, mark.stale) == (75, ())


def test_a_verdict_that_changed_below_an_override_is_flagged(
    made: Gradebook, team: int
) -> None:
    made.override(team, "order", 15, WHO, "half of it works")
    made.add_grading(
        team,
        report(("tcp", 40, Verdict.PASS, 40), ("order", 30, Verdict.PASS, 30),
               ("readable", 30, Verdict.MANUAL, 0)),
        BASIS,
    )  # fmt: skip
    mark = by_id(made, "4711")
    assert mark.points == 55
    assert mark.stale == (
        "order: decided on fail, 0 of 30, which is pass, 30 of 30 now",
    )


def test_points_that_changed_below_the_whole_are_flagged(
    made: Gradebook, team: int
) -> None:
    made.override(team, None, 90, WHO, "agreed")
    assert by_id(made, "4711").stale == ()
    entry = made.decide(team, "readable", 30, WHO)
    (told,) = by_id(made, "4711").stale
    assert told == "the whole mark: decided on 40 of 100, which is 70 of 100 now"
    made.undo(entry, WHO, "no")
    assert by_id(made, "4711").stale == ()


def test_what_holds_for_one_alone_does_not_flag_the_whole(
    made: Gradebook, team: int
) -> None:
    made.override(team, None, 90, WHO, "agreed")
    made.decide(team, "readable", 30, WHO, student="4712")
    assert by_id(made, "4712").stale == ()


def test_other_files_flag_a_decision(made: Gradebook, team: int) -> None:
    made.decide(team, "readable", 20, WHO)
    made.add_grading(team, report(), other_files())
    (told,) = by_id(made, "4711").stale
    assert "other files" in told


def test_a_decision_on_a_row_that_is_gone_is_told_and_counts_nothing(
    made: Gradebook, team: int
) -> None:
    made.decide(team, "readable", 20, WHO)
    made.add_grading(team, report(("tcp", 40, Verdict.PASS, 40)), BASIS)
    mark = by_id(made, "4711")
    assert mark.points == 40
    assert "20 points were decided for 'readable'" in mark.notes[0]


# ---- the ledger ----------------------------------------------------------


def test_the_history_of_a_student_is_theirs_alone(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        team, hazel, _whose = (s.number for s in made.submissions())
        made.override(team, None, 1, WHO, "one", student="4711")
        made.override(team, None, 2, WHO, "two", student="4712")
        made.comment(team, "both", WHO)
        made.comment(hazel, "another", WHO)
        told = [e.text for e in made.history(student="4711")]
    assert [t for t in told if "alone" in t] == [
        "the whole: 1 points instead of 66.25 (4711 alone)"
    ]
    assert "on the whole: both" in told and "on the whole: another" not in told


def test_an_undo_is_in_the_history_of_whom_it_concerns(
    made: Gradebook, team: int
) -> None:
    entry = made.decide(team, "readable", 20, WHO)
    made.undo(entry, "the other marker", "not read yet")
    decided, undone = made.history(submission=team)[-2:]
    assert decided.undone and not undone.undone
    assert (undone.who, undone.why) == ("the other marker", "not read yet")
    assert undone.text == "undoes entry %d" % entry


def test_a_transaction_is_kept_whole_or_not_at_all(
    made: Gradebook, team: int
) -> None:
    before = made.history()
    with pytest.raises(RuntimeError):
        with made.transaction():
            made.decide(team, "readable", 20, WHO)
            raise RuntimeError("stop")
    assert made.history() == before
    with made.transaction():
        made.decide(team, "readable", 20, WHO)
        with pytest.raises(GradebookError):
            with made.transaction():
                made.comment(team, "gone with the inner one", WHO)
                made.decide(team, "readable", 99, WHO)
    assert [e.kind for e in made.history()[len(before):]] == ["points"]


def test_no_row_can_be_changed_or_removed(made: Gradebook, team: int) -> None:
    made.decide(team, "readable", 20, WHO)
    made.undo(made.history()[-1].entry, WHO, "no")
    made.add_export("order", {"4711": 1}, "x", WHO)
    raw = sqlite3.connect(str(made.path))
    tables = [row[0] for row in raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%'")]  # fmt: skip
    assert len(tables) == 9
    for table in tables:
        assert raw.execute("SELECT 1 FROM %s" % table).fetchone(), table
        for sql in ("DELETE FROM %s", "UPDATE %s SET entry = 1"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                raw.execute(sql % table)
    raw.close()


def expected(mark: Mark) -> Optional[float]:
    """The mark as its rows make it, reckoned apart from the view."""
    if mark.grading is None:
        return None
    if mark.whole is not None:
        return mark.whole.points
    return round(sum(row.points or 0 for row in mark.rows), 6)


def test_whatever_happens_the_view_agrees_with_the_rows(
    made: Gradebook, team: int
) -> None:
    """And with a book that was told only what stands at the end."""
    chance = random.Random(5)
    criteria = ("tcp", "order", "readable", None)
    done: List[int] = []
    model: Dict[object, Dict[int, float]] = {}
    for _ in range(150):
        if done and chance.random() < 0.3:
            entry = chance.choice(done)
            done.remove(entry)
            made.undo(entry, WHO, "chance")
            for entries in model.values():
                entries.pop(entry, None)
        else:
            key = (chance.choice(criteria), chance.choice(("", "4711", "4712")))
            points = float(chance.randint(0, 30))
            entry = made.override(team, key[0], points, WHO, "chance", key[1])
            done.append(entry)
            model.setdefault(key, {})[entry] = points
        for id in ("4711", "4712"):
            mark = by_id(made, id)
            assert mark.points == expected(mark) == newest(model, id)


def newest(model: Dict[object, Dict[int, float]], id: str) -> float:
    """The mark by the rules: the newest that stands, one's own first."""

    def of(criterion: Optional[str]) -> Optional[float]:
        for student in (id, ""):
            entries = model.get((criterion, student))
            if entries:
                return entries[max(entries)]
        return None

    whole = of(None)
    if whole is not None:
        return whole
    judged = {"tcp": 40.0, "order": 0.0, "readable": 0.0}
    found = {name: of(name) for name in judged}
    return sum(
        judged[name] if points is None else points
        for name, points in found.items()
    )
