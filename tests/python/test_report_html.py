"""Does the page tell a student everything, and does nothing in it act?"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import pytest

import made_up
from grader import model, report_html, rubric
from grader.model import Evidence, Verdict

TOP = Path(__file__).resolve().parents[2]
RULES = rubric.load(TOP / "labs" / "order" / "rubric.yaml")
EVIL = (
    "\x1b[2J\u202eevil\x00\u200b\ud800</style></title></textarea>-->"
    "<script>bad()</script><img src=x onerror=bad()>\" onclick=\"bad()" + "'" * 9
)
BLOCKS = {"p", "pre", "div", "li", "h3", "h4", "summary", "ul"}
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Tree(HTMLParser):
    """Elements with their attributes and text, and what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: List[Tuple[str, Dict[str, Optional[str]], List[str]]] = []
        self.open: List[int] = []
        self.wrong: List[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.wrong.append("%s has an attribute twice" % tag)
        if tag in BLOCKS:
            self.handle_data(" ")
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        last = self.elements[self.open.pop()][0] if self.open else "nothing"
        if last != tag:
            self.wrong.append("%s closed by %s" % (last, tag))

    def handle_data(self, data: str) -> None:
        for at in self.open:
            self.elements[at][2].append(data)

    def all(self, tag: str, **wanted: str) -> List[Tuple[Dict[str, Any], str]]:
        return [
            (attrs, " ".join("".join(text).split()))
            for name, attrs, text in self.elements
            if name == tag
            and all(attrs.get(key) == value for key, value in wanted.items())
        ]

    def text(self, **wanted: str) -> str:
        """The text of the one element with these attributes."""
        found = [
            " ".join("".join(text).split())
            for _name, attrs, text in self.elements
            if all(attrs.get(key) == value for key, value in wanted.items())
        ]
        assert len(found) == 1, found
        return found[0]


def page(report: model.Report, **how: Any) -> str:
    return report_html.render(report, RULES, **how)


def tree(report: model.Report, **how: Any) -> Tree:
    return Tree(page(report, **how))


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
        facts={**made_up.FACTS, "programs": programs}, marks={at["ack"]: EVIL},
    )  # fmt: skip
    finding: Dict[str, Any] = dict(
        reason=EVIL, expected=EVIL, seen=EVIL, notes=(EVIL,), mend=EVIL,
        evidence=(Evidence(EVIL, (at["ack"],)), Evidence(EVIL + "2", (1,))),
    )  # fmt: skip
    rows = tuple(
        made_up.row(verdict.value, 5, verdict, **finding) for verdict in Verdict
    )
    rows = tuple(
        replace(one, criterion=replace(one.criterion, title=EVIL, hint=EVIL))
        for one in rows
    )
    return made_up.report(
        lab=EVIL, submission=EVIL, backend=EVIL, problem=EVIL, rows=rows,
        traces=(trace,), notes=(EVIL,),
        insights=(model.Insight(EVIL, EVIL, EVIL, finding["evidence"]),),
        programs=(model.Program(EVIL, (EVIL,), EVIL, EVIL, "", EVIL),),
    )  # fmt: skip


def test_begins_with_the_points() -> None:
    report = made_up.report()
    found = tree(report)
    assert found.all("h1")[0][1] == "team4"
    [(_attrs, score)] = found.all("div", **{"class": "score"})
    assert score == (
        "15 of 30 points lost in 2 criteria 30 more wait for a person"
        " 5 could not be judged, which costs nothing"
    )


def test_full_points_and_a_bonus_are_said_plainly() -> None:
    rows = (
        made_up.row("tcp", 5, Verdict.PASS, 5.0),
        made_up.bonus("list", 10, Verdict.PASS, 2.5),
    )
    found = tree(made_up.report(rows=rows))
    [(_attrs, score)] = found.all("div", **{"class": "score"})
    assert score == (
        "7.5 of 5 points nothing lost; 2.5 of them bonus;"
        " 7.5 bonus points not earned"
    )


def test_the_rubric_is_a_table_with_a_row_for_each_criterion() -> None:
    text = page(made_up.report())
    table = text[text.index("<table") : text.index("</table>")]
    begins = [
        re.match(r"(\d+) (\D+) (\S+/\d+) ", row).groups()  # type: ignore
        for _attrs, row in Tree(table).all("tr")[1:]
    ]
    assert begins == [
        ("1", "Pass", "5/5"), ("2", "Not judged", "–/5"), ("3", "Pass", "5/5"),
        ("4", "Partial", "5/10"), ("5", "Fail", "0/10"),
        ("6", "A person decides", "–/20"), ("7", "A person decides", "–/10"),
    ]  # fmt: skip
    heads = Tree(table).all("th")
    assert all(attrs.get("scope") in ("col", "row") for attrs, _ in heads)
    assert len([1 for attrs, _ in heads if attrs["scope"] == "row"]) == 7
    assert Tree(table).all("caption")[0][1]


def test_a_verdict_is_a_word_and_a_shape() -> None:
    found = tree(made_up.report())
    for value, word in (
        ("pass", "Pass"), ("partial", "Partial"), ("fail", "Fail"),
        ("manual", "A person decides"), ("not-judged", "Not judged"),
    ):  # fmt: skip
        shown = found.all("span", **{"class": "verdict " + value})
        assert shown and {text for _attrs, text in shown} == {word}
        assert found.all("symbol", id="v-" + value)
        assert found.all("use", href="#v-" + value)


def test_a_loss_says_what_was_expected_and_seen_and_how_to_mend_it() -> None:
    text = tree(made_up.report()).text(id="row-4")
    for part in (
        "Client X is told, client Y is not.",
        'Expected "Y: birch received before X: alder", to both clients',
        'Seen to client X: "X: alder received before Y: birch" to client Y:',
        "How to mend it Build one sentence when both messages are there",
        "lost 5 of 10",
        "See it in " + made_up.RUN,
    ):
        assert part in text


def test_rows_of_one_cause_are_told_together() -> None:
    rows = tuple(
        made_up.row(id, 5, Verdict.FAIL, reason="the server does not start")
        for id in ("tcp", "greets")
    )
    found = tree(made_up.report(rows=rows))
    losses = [
        text
        for attrs, text in found.all("article")
        if str(attrs.get("class", "")).startswith("loss")
    ]
    assert len(losses) == 1
    assert losses[0].count("the server does not start") == 1
    assert found.text(id="row-1") != found.text(id="row-2")


def test_evidence_leads_to_the_step_in_the_picture() -> None:
    record, at = made_up.exchange()
    found = tree(made_up.report())
    moment = "%.3f s" % record.events[at["ack"] - 1]["t"]
    [link] = {
        attrs["href"]
        for attrs, text in found.all("a", **{"class": "moment"})
        if text == moment
    }
    step = found.text(id=link[1:])
    assert '"X: alder received' in step and "acknowledges-both" in step


def test_every_link_leads_somewhere_and_every_name_is_given_once() -> None:
    for report in (made_up.report(), hostile()):
        found = tree(report)
        ids = [attrs["id"] for _tag, attrs, _ in found.elements if "id" in attrs]
        assert len(ids) == len(set(ids))
        links = [attrs["href"] for attrs, _ in found.all("a")]
        assert links and all(link.startswith("#") for link in links)
        assert {link[1:] for link in links} <= set(ids)


def test_the_command_that_repeats_it_can_be_pasted() -> None:
    told = ("my team's work", "--server", "python3 s.py")
    command = tree(made_up.report(), told=told).all("pre", **{"class": "command"})
    assert command[0][1] == (
        """mngrade grade order 'my team'"'"'s work' --server 'python3 s.py' --seed 7"""
    )
    plain = tree(made_up.report()).all("pre", **{"class": "command"})
    assert plain[0][1] == "mngrade grade order team4 --seed 7"


def test_runs_that_lost_points_come_first_and_are_open() -> None:
    record = made_up.exchange()[0]
    other = replace(record, name="another[run]")
    same = replace(record, name="exchange[h3 first, X sends first]")
    report = made_up.report(traces=(other, same, record))
    runs = [
        (attrs["id"], "open" in attrs, text.split(" did ")[0])
        for attrs, text in tree(report).all("details")
        if str(attrs.get("id", "")).startswith("run-")
    ]
    assert runs == [
        ("run-1", True, made_up.RUN),
        ("run-3", True, "exchange[h3 first, X sends first]"),
        ("run-2", False, "another[run]"),
    ]


def test_a_picture_has_a_text_that_says_the_same() -> None:
    found = tree(made_up.report())
    [(attrs, text)] = found.all("ol")
    assert "server sends to client X h2 X: alder received before Y: birch" in text
    assert "criterion 4 lost points here" in text
    assert "Y's message reached the server" in text
    pictures = found.all("svg", role="img")
    assert len(pictures) == 1
    for id in pictures[0][0]["aria-labelledby"].split():
        assert found.text(id=id)


def test_has_landmarks_and_headings_in_order() -> None:
    for report in (made_up.report(), hostile(), made_up.report(rows=())):
        found = tree(report)
        tags = [tag for tag, _attrs, _text in found.elements]
        for one in ("main", "nav", "h1", "footer"):
            assert tags.count(one) == 1
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in zip(levels, levels[1:]))
        assert found.all("html")[0][0]["lang"] == "en"


def test_nothing_from_outside_is_markup() -> None:
    text = page(hostile())
    found = Tree(text)
    assert found.wrong == [] and found.open == []
    tags = {tag for tag, _attrs, _text in found.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "base"}
    for _tag, attrs, _text in found.elements:
        assert not [name for name in attrs if name.startswith("on")]
    assert len(found.all("style")) == len(found.all("title")) - 1 == 1


def test_nothing_from_outside_can_hide_or_turn_text() -> None:
    text = page(hostile())
    for letter in "\x00\x07\x1b\u202e\u200b\u2066\ud800\x9b":
        assert letter not in text
    assert "\\u202eevil\\x00\\u200b\\ud800" in text
    text.encode("utf-8")


def test_needs_no_network_and_no_scripts() -> None:
    text = page(made_up.report())
    found = Tree(text)
    [policy] = [
        attrs["content"]
        for attrs, _ in found.all("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not re.findall(r"\b(?:https?:|url\(|@import|src=)", text)


def test_a_student_does_not_see_what_is_hidden() -> None:
    ids = tuple(row.criterion.id for row in made_up.report().rows)
    hides = tuple(
        ("expected",) if id == "acknowledges-both" else () for id in ids
    )
    criteria = tuple(row.criterion for row in made_up.report().rows)
    rules = replace(
        RULES, criteria=criteria, counts=("",) * len(ids), hides=hides,
        hide=("scenarios",),
    )  # fmt: skip
    full = report_html.render(made_up.report(), rules)
    shown = report_html.render(made_up.report(), rules, "student")
    for secret in (made_up.RUN, "to both clients"):
        assert secret in full and secret not in shown
    assert "Client X is told, client Y is not." in shown
    assert '<svg class="ladder"' in full
    assert '<svg class="ladder"' not in shown


def test_what_could_not_be_run_says_what_was_looked_for() -> None:
    report = made_up.report(
        rows=(), traces=(), status="ungradable", problem="no server, no client"
    )
    found = tree(report)
    assert "Nothing could be graded." in found.text(**{"class": "score"})
    assert found.all("p", **{"class": "problem block"})[0][1] == (
        "no server, no client"
    )
    assert "0 of 0" not in page(report)


def test_a_run_in_which_nothing_was_seen_says_so() -> None:
    empty = model.ScenarioRecord("empty", model.Outcome.HARNESS, "no host h2")
    text = tree(made_up.report(traces=(empty,))).text(id="run-1")
    assert "the harness failed, and nothing was concluded" in text
    assert "no host h2" in text and "Nothing was seen in this run." in text


def test_evidence_from_a_run_that_was_not_kept_is_still_named() -> None:
    found = tree(made_up.report(traces=()))
    assert made_up.RUN in found.text(id="row-4")
    assert not found.all("a", **{"class": "moment"})


def flood() -> model.Report:
    """A report on programs that flooded every channel that they have."""
    stream = made_up.Stream()
    for number in range(20_000):
        stream.add("output", program="h2", text="<\x00\u202e>" * 100)
        stream.packet(made_up.X, made_up.SERVER, "AP", "<%d>" % number * 50)
        stream.add("typed", program="h3", text="x" * 300 + "\n")
        stream.add("output", program="h3", text="x\n" * 100)
        peer = made_up.X if number % 2 else made_up.Y
        stream.state(server=("receive", peer), h2=("terminal", ""))
    traces = tuple(
        model.ScenarioRecord(
            "run%d[a]" % at, model.Outcome.FINISHED, "",
            tuple(stream.events if at == 0 else stream.events[:2000]),
            made_up.FACTS,
        )
        for at in range(40)
    )  # fmt: skip
    evidence = tuple(
        Evidence(trace.name, tuple(range(1, 2000))) for trace in traces
    )
    rows = tuple(
        made_up.row(
            "c%d" % at, 5, Verdict.FAIL, reason="r" * 90_000,
            seen="<>" * 90_000, expected=str(at) + "&\n" * 90_000,
            notes=tuple("note %d" % number for number in range(1000)),
            evidence=evidence,
        )
        for at in range(12)
    )  # fmt: skip
    insights = (model.Insight("spins", "it spins", "wait", evidence),) * 500
    return made_up.report(rows=rows, traces=traces, insights=insights)


def test_a_flood_makes_no_flood_of_the_page() -> None:
    report = flood()
    began = time.process_time()
    text = page(report)
    took = time.process_time() - began
    assert sum(len(trace.events) for trace in report.traces) > 170_000
    assert len(text.encode("utf-8")) < 2 << 20
    assert took < 10  # two or three where the machine does nothing else
    assert "not drawn, to keep the page small" in text
    assert '<svg class="ladder"' in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_can_be_told_from_their_ground(scheme: str) -> None:
    style = (TOP / "grader" / "html" / "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    block = blocks[0 if scheme == "light" else 1]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    inks = "ink soft link pass partial fail manual unknown".split()
    for ground in "page card raised fail-wash".split():
        for ink in inks:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ground in ("typed-wash", "server-wash", "target"):
        assert contrast(colours["ink"], colours[ground]) >= 4.5, ground


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """As WCAG 2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return float(
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    )


def test_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    report_html.write(hostile(), path, RULES, "student", ("a", "b"))
    assert path.read_text(encoding="utf-8") == page(
        hostile(), view="student", told=("a", "b")
    )
