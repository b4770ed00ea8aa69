"""Does every example of every lab get exactly the verdicts that it must get?

Each is graded once, as `mngrade verify` does it. What a grading took is in
the test's properties, and `--durations=0` lists it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable, Dict, List, Set, Tuple

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab, verify  # noqa: E402
from grader.lab import Lab  # noqa: E402
from grader.slowness import slowness  # noqa: E402
from grader.verify import Example  # noqa: E402

LABS: Dict[str, Lab] = {name: lab.load(name) for name in lab.available()}
EXAMPLES: List[Tuple[Lab, Example]] = [
    (loaded, example)
    for loaded in LABS.values()
    for example in verify.examples(loaded)
]
#: An example that takes longer than this is no use to an author of a lab. On an
#: emulated machine, whose time depends on what else runs outside of it, it may.
MOST_S = 60.0


def name(case: Tuple[Lab, Example]) -> str:
    return "%s/%s" % (case[0].name, case[1].name)


def of(loaded: Lab, kind: str) -> List[Example]:
    return [e for e in verify.examples(loaded) if e.name.startswith(kind)]


@pytest.mark.parametrize("case", EXAMPLES, ids=name)
def test_an_example_gets_its_verdicts(
    case: Tuple[Lab, Example],
    switch: str,
    record_property: Callable[[str, object], None],
) -> None:
    result = verify.verify(*case, seed=1, switch=switch)
    record_property("elapsed_s", round(result.report.elapsed_s, 3))
    assert result.differences == (), result.line()
    assert slowness() > 1.0 or result.report.elapsed_s < MOST_S


@pytest.mark.parametrize("loaded", LABS.values(), ids=list(LABS))
def test_a_lab_has_good_and_bad_examples_and_starters(loaded: Lab) -> None:
    assert len(of(loaded, "good/")) >= 4
    assert len(of(loaded, "bad/")) >= 12
    assert {e.name for e in of(loaded, "starter/")} == {
        "starter/c", "starter/python",
    }  # fmt: skip


@pytest.mark.parametrize("loaded", LABS.values(), ids=list(LABS))
def test_every_criterion_is_lost_by_some_bad_example(loaded: Lab) -> None:
    """A check that no example fails could be one that always passes."""
    lost: Set[str] = set()
    for example in of(loaded, "bad/"):
        lost |= {
            id for id, verdict in example.verdicts.items()
            if verdict in ("fail", "partial")
        }  # fmt: skip
    automatic = {c.id for c in loaded.rubric.criteria if not c.manual}
    assert lost >= automatic


@pytest.mark.parametrize("loaded", LABS.values(), ids=list(LABS))
def test_a_good_example_loses_nothing(loaded: Lab) -> None:
    bonus = {c.id for c in loaded.rubric.criteria if c.bonus}
    for example in of(loaded, "good/"):
        lost = {
            id: verdict
            for id, verdict in example.verdicts.items()
            if verdict in ("fail", "partial", "not-judged")
        }
        # A bonus may be left out of a good hand-in.
        assert not set(lost) - bonus, example.name
