"""Does the API make of a lab's declarations what they say?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import made_up_lab
import pytest

from grader import api
from grader.api import Registry
from grader.model import Evidence, Program, Verdict


@pytest.fixture
def registry() -> Iterator[Registry]:
    yield api.open_registry()
    api.close_registry()


def test_every_public_name_is_there() -> None:
    assert sorted(api.__all__) == list(api.__all__)
    for name in api.__all__:
        assert hasattr(api, name), name


def test_a_scenario_is_run_for_every_combination(registry: Registry) -> None:
    @api.scenario(a=(1, 2), b="xy", names={"a": "{} first"})
    def talk(run: Any, a: int, b: str) -> None:
        """Nobody runs it."""

    assert [case.name for case in registry.cases] == [
        "talk[1 first, b=x]", "talk[1 first, b=y]",
        "talk[2 first, b=x]", "talk[2 first, b=y]",
    ]  # fmt: skip
    assert [case.values for case in registry.cases][2] == {"a": 2, "b": "x"}
    assert all(case.script is talk for case in registry.cases)


def test_a_scenario_without_values_is_run_once(registry: Registry) -> None:
    @api.scenario(needs=["server"])
    def alone(run: Any) -> None:
        """Nobody runs it."""

    (case,) = registry.cases
    assert (case.name, case.needs, case.when) == ("alone", ("server",), None)


def test_a_scenario_needs_both_programs_unless_it_says_so(
    registry: Registry,
) -> None:
    def asked(traces: Any) -> bool:
        return True

    @api.scenario(when=asked)
    def talk(run: Any) -> None:
        """Nobody runs it."""

    (case,) = registry.cases
    assert case.needs == ("server", "client") and case.when is asked


def test_one_criterion_has_one_check(registry: Registry) -> None:
    @api.check("greets")
    def first(traces: Any) -> Any:
        return api.passed("")

    with pytest.raises(ValueError, match="two checks for criterion 'greets'"):
        api.check("greets")(first)
    assert registry.checks == {"greets": first}


def test_labs_that_are_loaded_one_in_another_are_kept_apart(
    registry: Registry,
) -> None:
    inner = api.open_registry()
    api.insight(lambda traces: ())
    api.close_registry()
    assert len(inner.insights) == 1 and not registry.insights


def test_nothing_can_be_declared_outside_of_a_lab() -> None:
    with pytest.raises(RuntimeError, match="while a lab is loaded"):
        api.insight(lambda traces: ())


def test_findings_carry_their_grounds() -> None:
    place = Evidence("talk", (3,))
    good = api.passed("why", place, notes=["n"])
    half = api.partial("why", place, expected="e", seen="s")
    bad = api.failed("why", place, place, expected="e", seen="s")
    open_ = api.not_judged("why", place)
    assert [f.verdict for f in (good, half, bad, open_)] == [
        Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL, Verdict.NOT_JUDGED,
    ]  # fmt: skip
    assert all(f.reason == "why" and place in f.evidence
               for f in (good, half, bad, open_))  # fmt: skip
    assert good.notes == ("n",) and not good.rescued
    assert (half.expected, bad.seen, len(bad.evidence)) == ("e", "s", 2)


def test_traces_are_found_by_the_name_of_their_script(tmp_path: Path) -> None:
    loaded = made_up_lab.load(tmp_path)
    record = made_up_lab.record
    traces = made_up_lab.traces(
        loaded, record("talk[a]"), record("talks[a]"), record("talk[b]"),
        record("alone"),
    )  # fmt: skip
    assert [t.name for t in traces.of("talk")] == ["talk[a]", "talk[b]"]
    assert [t.name for t in traces.of("alone")] == ["alone"]
    assert traces.of("tal") == ()
    assert len(list(traces)) == 4


def test_a_role_is_there_also_where_it_has_several_programs(
    tmp_path: Path,
) -> None:
    loaded = made_up_lab.load(tmp_path)
    programs = [Program("client-x", ("x",)), Program("client-y", ("y",))]
    traces = api.Traces([], loaded.rubric, programs, {"server": "no build"})
    assert traces.has("client") and not traces.has("server")
    assert not traces.has("clien")
    assert traces.failures == {"server": "no build"}
