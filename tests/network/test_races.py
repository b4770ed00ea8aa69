"""Can a server be started again and again in one run, and in other ways?

Real arenas and real programs: each test grades an example and looks at the
run in which both messages arrive at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.network.command import BAD, GOOD, grade

if not GOOD.is_dir():
    # The arenas' tests run once more as nobody, in a copy of their own.
    pytest.skip("a copy without the labs", allow_module_level=True)


def facts_of(example: Path, kept: Path) -> Dict[str, Any]:
    """What the script of that run noted."""
    graded = grade(example, "--keep", kept)
    assert graded.report["points"] == 70
    document = json.loads((kept / "grading.json").read_text())
    (run,) = [r for r in document["records"] if r["name"] == "both_at_once"]
    assert run["outcome"] == "finished", run["reason"]
    facts: Dict[str, Any] = run["facts"]
    return facts


def kinds(facts: Dict[str, Any]) -> List[str]:
    return [part["kind"] for part in facts["parts"]]


def test_a_server_without_so_reuseaddr_is_started_again(tmp_path: Path) -> None:
    """It closes its connections itself, so that its port would be taken."""
    facts = facts_of(BAD / "python-crashes-when-left", tmp_path)
    assert "not-tried" not in facts
    assert kinds(facts)[:5] == [
        "own clients", "third client", "split message", "same words", "round",
    ]  # fmt: skip


def test_a_server_without_threads_is_not_hunted_for_races(tmp_path: Path) -> None:
    facts = facts_of(GOOD / "c-poll", tmp_path)
    assert facts["concurrent"] is False
    assert set(kinds(facts)) == {
        "own clients", "third client", "split message", "same words",
    }  # fmt: skip


def test_a_server_in_c_is_run_with_thread_sanitizer_once(tmp_path: Path) -> None:
    facts = facts_of(BAD / "c-unlocked", tmp_path)
    assert kinds(facts).count("sanitized") == 1
    part = next(p for p in facts["parts"] if p["kind"] == "sanitized")
    with (tmp_path / "both_at_once.jsonl").open() as lines:
        events = [json.loads(line) for line in lines]
    printed = "".join(
        event.get("text", "")
        for event in events[part["begin"] : part["end"]]
        if event["ev"] == "output" and event["program"] == "server"
    )
    assert "WARNING: ThreadSanitizer: data race" in printed


def test_both_messages_lie_there_before_a_held_server_goes_on(
    tmp_path: Path,
) -> None:
    facts = facts_of(GOOD / "python-threads", tmp_path)
    with (tmp_path / "both_at_once.jsonl").open() as lines:
        events = [json.loads(line) for line in lines]
    rounds = [part for part in facts["parts"] if "held" in part]
    assert len(rounds) >= 2
    for part in rounds:
        state = events[part["held"] - 1]
        unread = [
            socket["recv_q"]
            for socket in state["sockets"]
            if socket["host"] == "h1" and socket["state"] == "ESTABLISHED"
        ]
        assert len(unread) == 2 and all(unread)
        waits = {t["wait"] for t in state["threads"] if t["program"] == "server"}
        assert waits == {"stopped"}
