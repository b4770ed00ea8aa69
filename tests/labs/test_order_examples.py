"""Do the examples of lab `order` prove that each of its checks is needed?

A check that could be taken out, without any example being judged otherwise,
proves nothing. So for each criterion there is a bad example in which it alone
is lost. That every example gets what its verdicts.yaml says is the matter of
test_examples.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Dict, List, Set

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab, verify, yaml_lines  # noqa: E402
from grader.verify import Example  # noqa: E402

ORDER = lab.load("order")
EXAMPLES = verify.examples(ORDER)
AUTOMATIC = [c.id for c in ORDER.rubric.criteria if not c.manual]
LOST = ("fail", "partial")

#: Criteria that cannot be lost alone, and why.
NEVER_ALONE: Dict[str, str] = {
    "tcp": "without a TCP connection from each client there is nothing of which"
    " the rows of connecting, labels, messages and answers could be true",
}


def of(kind: str) -> List[Example]:
    return [e for e in EXAMPLES if e.name.startswith(kind + "/")]


def lost(example: Example) -> Set[str]:
    return {id for id, verdict in example.verdicts.items() if verdict in LOST}


def document(example: Example) -> Dict[str, object]:
    value = yaml_lines.read(example.folder / verify.FILE).value
    assert isinstance(value, dict)
    return value


def alone(id: str) -> List[str]:
    """The bad examples in which only this criterion is lost."""
    return [example.name for example in of("bad") if lost(example) == {id}]


@pytest.mark.parametrize("id", [id for id in AUTOMATIC if id not in NEVER_ALONE])
def test_a_bad_example_is_caught_by_this_check_alone(id: str) -> None:
    assert alone(id)


@pytest.mark.parametrize("id", sorted(NEVER_ALONE))
def test_a_check_that_never_stands_alone_is_lost_with_others(id: str) -> None:
    assert id in AUTOMATIC
    assert alone(id) == [], "then it does not belong into this table"
    assert [e.name for e in of("bad") if id in lost(e)]


def test_both_a_fail_and_a_partial_are_shown_where_the_rubric_has_both() -> None:
    """The rows for which the rubric says what is worth a part."""
    for id in ("announces-connection", "acknowledges-both", "prints-messages"):
        given = {e.verdicts.get(id) for e in of("bad")}
        assert given >= {"fail", "partial"}, id


def test_there_are_many_examples() -> None:
    assert len(of("good")) >= 20
    assert len(of("bad")) >= 40


@pytest.mark.parametrize("kind", ["good", "bad"])
@pytest.mark.parametrize("suffix", ["py", "c", "java", "js"])
def test_every_language_of_the_course_is_among_them(kind: str, suffix: str) -> None:
    assert [e.name for e in of(kind) if list(e.folder.rglob("*." + suffix))]


@pytest.mark.parametrize("example", of("bad"), ids=lambda e: str(e.name))
def test_a_bad_example_says_what_its_fault_is(example: Example) -> None:
    told = document(example)
    assert str(told.get("fault") or "").strip()
    assert lost(example) or told.get("why"), "why does it lose nothing?"


@pytest.mark.parametrize("example", of("good"), ids=lambda e: str(e.name))
def test_a_good_example_has_no_fault(example: Example) -> None:
    assert document(example).get("fault") in ("", None)
    assert not example.verdicts
