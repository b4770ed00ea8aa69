"""Does a student see first what matters, and nothing that lies?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

import made_up
from grader import model, report_text, words
from grader.model import Evidence, Verdict
from grader.words import Style

EVIL = "\x1b[2J\x1b]0;t\x07\u202eevil\x00\r\x9b31m\u200b\ud800" + "漢" * 90


def text_of(report: model.Report, width: int = 80, **style: Any) -> str:
    return report_text.render(report, Style(width, **style), ["./team4"])


def test_begins_with_the_points() -> None:
    lines = text_of(made_up.report()).split("\n")
    assert lines[0] == "order · team4"
    assert lines[2:5] == [
        "  15 of 30 points, lost in 2 criteria",
        "  30 more wait for a person",
        "  5 could not be judged, which costs nothing",
    ]


def test_the_rubric_is_a_table_with_a_line_for_each_criterion() -> None:
    lines = text_of(made_up.report()).split("\n")[6:13]
    assert [line.split()[:4] for line in lines] == [
        ["1", "pass", "5/5", "tcp"],
        ["2", "not-judged", "–/5", "accepts-both-first"],
        ["3", "pass", "5/5", "announces-connection"],
        ["4", "partial", "5/10", "acknowledges-both"],
        ["5", "fail", "0/10", "order-of-arrival"],
        ["6", "manual", "–/20", "explains-multithreading"],
        ["7", "manual", "–/10", "readable"],
    ]
    assert "(after a rescue)" in lines[2]


def test_a_loss_says_what_was_expected_and_seen_and_how_to_mend_it() -> None:
    text = text_of(made_up.report(), 100)
    part = text[text.index("── 4 ") : text.index("── 5 ")]
    assert "lost 5 of 10" in part
    for line in (
        "  why       Client X is told, client Y is not.",
        '  expected  "Y: birch received before X: alder", to both clients',
        '  seen      to client X: "X: alder received before Y: birch"',
        "            to client Y: nothing after its greeting",
        "  mend      Build one sentence when both messages are there",
        "  run       " + made_up.RUN,
        "  it ended  client Y still waits for an answer",
    ):
        assert "\n" + line in part
    assert '"X: alder received before Y: birch"  ◀ 4,5' in part
    assert "at the end waits to receive from server  ◀ 4" in part


def test_a_conversation_is_drawn_once() -> None:
    text = text_of(made_up.report())
    assert text.count("client X   server   client Y") == 1
    assert "drawn under 4; also in 1 other" in text


def test_what_lost_nothing_has_no_part_of_its_own() -> None:
    text = text_of(made_up.report())
    assert "── 1 " not in text and "── 6 " not in text


def test_says_how_to_look_again_at_the_first_loss() -> None:
    assert text_of(made_up.report()).endswith(
        "  mngrade grade order ./team4 --seed 7 --only acknowledges-both\n"
    )
    passed = made_up.report(rows=(made_up.row("tcp", 5, Verdict.PASS, 5.0),))
    assert text_of(passed).endswith("mngrade grade order ./team4 --seed 7\n")


def test_a_path_can_be_pasted() -> None:
    text = report_text.render(made_up.report(), Style(60), ["my team's work"])
    assert """'my team'"'"'s work' --seed 7""" in text


def test_full_points_are_said_plainly() -> None:
    rows = (made_up.row("tcp", 5, Verdict.PASS, 5.0),)
    text = text_of(made_up.report(rows=rows, insights=(), notes=()))
    assert "5 of 5 points, nothing lost" in text
    assert "lost in" not in text


def head_of(*rows: model.Row) -> str:
    return text_of(made_up.report(rows=rows)).split("\n\n")[1]


def test_a_bonus_comes_on_top_of_the_points() -> None:
    full = made_up.row("echo", 100, Verdict.PASS, 100)
    half = made_up.row("echo", 100, Verdict.PARTIAL, 50)
    ten = made_up.bonus("list", 10, Verdict.PASS, 10)
    none = made_up.bonus("stream", 20, Verdict.FAIL)
    assert head_of(full, ten) == (
        "  110 of 100 points, 10 of them bonus, nothing lost"
    )
    assert head_of(full, ten, none) == (
        "  110 of 100 points, 10 of them bonus, nothing lost\n"
        "  20 bonus points were not earned"
    )
    assert head_of(half, ten) == (
        "  60 of 100 points, 10 of them bonus, lost in 1 criterion"
    )
    assert head_of(full, none) == (
        "  100 of 100 points, nothing lost\n"
        "  20 bonus points were not earned"
    )
    assert head_of(ten, none) == "  10 of 30 bonus points"


def test_a_bonus_row_says_that_it_is_one() -> None:
    rows = (
        made_up.row("echo", 100, Verdict.PASS, 100),
        made_up.bonus("list", 10, Verdict.PASS, 10),
        made_up.bonus("stream", 20, Verdict.FAIL, reason="cut off"),
        made_up.bonus("look", 5, Verdict.MANUAL),
    )
    text = text_of(made_up.report(rows=rows))
    lines = [line.split()[:5] for line in text.split("\n")]
    assert ["2", "pass", "+10/10", "list", "(bonus)"] in lines
    assert ["3", "fail", "+0/20", "stream", "(bonus)"] in lines
    assert ["4", "manual", "+–/5", "look", "(bonus)"] in lines
    title = next(line for line in text.split("\n") if "── 3 " in line)
    assert title.endswith("bonus: missed 20 of 20")
    assert "why       cut off" in text


def test_a_pass_that_a_rescue_made_cheaper_says_what_it_lost() -> None:
    rows = (
        made_up.row(
            "tcp", 5, Verdict.PASS, 2.5, rescued=True, reason="led to h1"
        ),
    )
    text = text_of(made_up.report(rows=rows))
    assert "lost 2.5 of 5" in text
    assert "it passed only after a rescue" in text


def test_names_the_programs_and_why_they_were_chosen() -> None:
    text = text_of(made_up.report())
    assert (
        "server    python3 'tcp server.py', in src (it calls accept())" in text
    )
    assert "note      old/server.py was left out" in text
    assert "rescue    3: the clients connect to 127.0.0.1" in text
    assert "note      3: the greeting says `Connected`" in text


def test_insights_say_that_they_cost_nothing() -> None:
    text = text_of(made_up.report())
    assert "worth knowing; costs no points" in text
    assert "mend      Block in recv() instead of polling." in text


def test_a_person_is_told_what_waits() -> None:
    text = text_of(made_up.report(), 100)
    assert "a person decides" in text
    assert "6   explains-multithreading (20): a comment of 4 lines" in text


def test_nothing_to_run_says_what_was_looked_for() -> None:
    report = made_up.report(
        rows=(), traces=(), status="ungradable", problem="no server, no client"
    )
    text = text_of(report)
    assert "Nothing could be graded." in text
    assert "no server, no client" in text
    assert "0 of 0" not in text


@pytest.mark.parametrize("width", [60, 72, 80, 100, 110])
@pytest.mark.parametrize("unicode", [True, False])
def test_fits_the_terminal_and_is_inert(width: int, unicode: bool) -> None:
    report = hostile()
    text = text_of(report, width, unicode=unicode)
    *lines, command = text.rstrip("\n").split("\n")
    for line in lines:
        assert words.columns(line) <= width, line
    for line in lines + [command]:
        assert words.printable(line) == line
    assert unicode or text.isascii()


def hostile() -> model.Report:
    """Return a report in which everything from outside is hostile."""
    record, at = made_up.exchange()
    events = tuple(
        {**event, "text": EVIL} if "text" in event else event
        for event in record.events
    )
    programs = {
        key: {**about, "label": EVIL}
        for key, about in made_up.FACTS["programs"].items()
    }
    trace = replace(
        record, name=EVIL, reason=EVIL, events=events,
        facts={**made_up.FACTS, "programs": programs},
        marks={at["ack"]: EVIL},
    )  # fmt: skip
    row = made_up.row(
        "tcp", 5, Verdict.FAIL, reason=EVIL, expected=EVIL, seen=EVIL,
        notes=(EVIL,), evidence=(Evidence(EVIL, (at["ack"],)),),
    )  # fmt: skip
    manual = made_up.row("readable", 5, Verdict.MANUAL, notes=(EVIL,))
    lost = made_up.row("x", 5, Verdict.NOT_JUDGED, reason=EVIL)
    return made_up.report(
        submission=EVIL, rows=(row, manual, lost), traces=(trace,),
        notes=(EVIL,), insights=(model.Insight("evil", EVIL, EVIL),),
        programs=(model.Program(EVIL, (EVIL,), EVIL, EVIL, "", EVIL),),
    )  # fmt: skip


def test_colour_changes_nothing_but_colour() -> None:
    painted = text_of(made_up.report(), colour=True)
    assert "\x1b[31m" in painted
    bare = re.sub(r"\x1b\[\d+m", "", painted)
    strip = [line.rstrip() for line in bare.split("\n")]
    assert strip == text_of(made_up.report()).split("\n")


def test_evidence_from_a_run_that_was_not_kept_is_still_named() -> None:
    text = text_of(made_up.report(traces=()))
    assert "run       " + made_up.RUN in text
