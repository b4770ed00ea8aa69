"""Are links read, named, left out and reported as they must be?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import pytest

from grader import links, model, report_json, report_text, rubric, words
from grader.links import Link

RUBRIC = Path(__file__).resolve().parents[2] / "labs/order/rubric.yaml"


@pytest.mark.parametrize(
    "said, meant",
    [
        ({}, Link()),
        ({"delay": "300ms", "loss": 2, "bw": 10},
         Link(delay_ms=300, loss_percent=2, rate_mbit=10)),
        ({"delay": "1.5s", "jitter": "500us"}, Link(delay_ms=1500, jitter_ms=0.5)),
        ({"delay": "2000"}, Link(delay_ms=2)),  # tc(8): microseconds
        ({"ip": "10.0.0.1", "bw": None}, Link()),
    ],
)  # fmt: skip
def test_mininets_words_are_understood(said: Dict[str, Any], meant: Link) -> None:
    assert links.from_mininet(said) == meant


def test_what_is_no_time_is_told() -> None:
    with pytest.raises(ValueError, match="no time: 'soon'"):
        links.from_mininet({"delay": "soon"})


def test_only_what_netem_makes_needs_netem() -> None:
    assert not Link().needs_netem and Link().plain
    assert not Link(rate_mbit=1).needs_netem
    for link in (Link(delay_ms=1), Link(loss_percent=1), Link(reorder_percent=1)):
        assert link.needs_netem and not link.plain
    assert Link(10, 1, 2, 3).slower(2) == Link(20, 2, 2, 3)


# ---- the rubric ------------------------------------------------------------


def with_links(tmp_path: Path, named: str, hosts: str = "") -> Path:
    text = RUBRIC.read_text(encoding="utf-8")
    assert "\nlinks:\n  far:\n    delay_ms: 300\n" in text
    text = text.replace("\nlinks:\n  far:\n    delay_ms: 300\n", "\nlinks:\n" + named)
    text = text.replace("  clients: [h2, h3]\n", "  clients: [h2, h3]\n" + hosts)
    path = tmp_path / "rubric.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rubric_names_links_and_says_where_they_are(tmp_path: Path) -> None:
    named = "  bad: {delay_ms: 20, jitter_ms: 2, loss_percent: 3}\n"
    hosts = "  links: {h3: bad, s1-s2: bad}\n"
    found = rubric.load(with_links(tmp_path, named, hosts))
    bad = Link(delay_ms=20, jitter_ms=2, loss_percent=3)
    assert found.links == {"bad": bad}
    assert found.topology.links == {"h3": bad, "s1-s2": bad}
    assert rubric.load(RUBRIC).links == {"far": Link(delay_ms=300)}


@pytest.mark.parametrize(
    "named, hosts, why",
    [
        ("  far: {delay: 300}\n", "", "unknown key 'delay' in a link; did you mean"
         " 'delay_ms'?"),
        ("  far: {loss_percent: 80}\n", "", "'loss_percent' must be at most 50, not 80"),
        ("  far: {delay_ms: soon}\n", "", "'delay_ms' must be a number, not 'soon'"),
        ("  Far: {delay_ms: 3}\n", "", "'Far' is no name: it must be lower-case"),
        ("  far: {}\n", "  links: {h9: far}\n", "no host 'h9'; "),
        ("  far: {}\n", "  links: {h2: fra}\n", "no link 'fra' under `links`; did you"
         " mean 'far'?"),
        ("  far: {}\n", "  links: {h2-: far}\n", "'h2-' is no name: it must be a host"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, named: str, hosts: str, why: str
) -> None:
    with pytest.raises(rubric.RubricError) as told:
        rubric.load(with_links(tmp_path, named, hosts))
    assert why in str(told.value)
    assert str(told.value).split("rubric.yaml:")[1].split(":")[0].isdigit()


# ---- what was left out -----------------------------------------------------


def report() -> model.Report:
    records = (
        model.ScenarioRecord("talk", model.Outcome.FINISHED),
        model.ScenarioRecord("far[1]", model.Outcome.LEFT_OUT, links.LACKS_NETEM),
        model.ScenarioRecord("far[2]", model.Outcome.LEFT_OUT, links.LACKS_NETEM),
    )
    return model.Report("parrot", "x", 7, "mininet", "graded", (), traces=records)


def test_what_was_left_out_is_reported_everywhere_once() -> None:
    whole = report()
    (sentence,) = whole.left_out
    assert sentence == (
        "left out, which costs nothing: far[1], far[2]: " + links.LACKS_NETEM
    )
    text = " ".join(report_text.render(whole, words.Style()).split())
    assert text.count("far[1], far[2]") == 1
    outcomes = [one["outcome"] for one in report_json.to_dict(whole)["scenarios"]]
    assert outcomes == ["finished", "left-out", "left-out"]


def test_the_canonical_report_is_the_same_without_them() -> None:
    whole = report()
    without = model.Report(
        "parrot", "x", 7, "mininet", "graded", (), traces=whole.traces[:1]
    )
    one, other = (report_json.with_transcripts(r) for r in (whole, without))
    assert report_json.canonical(one) == report_json.canonical(other)
