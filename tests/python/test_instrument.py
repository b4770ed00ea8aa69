"""Does a labrun that misbehaves end as our fault, and never as a hang?

A labrun here is a few lines of shell that say what we want it to say.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable, List

import pytest

from grader import instrument
from grader.instrument import InstrumentFault, Session

HELLO = '{"n":1,"t":0,"ev":"hello","protocol":1}'
Maker = Callable[..., Session]


@pytest.fixture
def labrun(tmp_path: Path) -> Maker:
    """A Session whose labrun runs these lines, `hello` first."""

    def make(*lines: str, hello: str = HELLO) -> Session:
        script = tmp_path / "labrun"
        say = "echo '%s'" % hello if hello else ":"
        script.write_text("#!/bin/sh\n" + "\n".join((say,) + lines) + "\n")
        script.chmod(0o755)
        return Session(script)

    return make


def event(n: int, ev: str, **fields: Any) -> str:
    return "echo '%s'" % json.dumps({"n": n, "t": 0, "ev": ev, **fields})


def test_a_reply_is_found_among_other_events(labrun: Maker) -> None:
    lines = [
        "read -r command; echo \"$command\" >&2",
        event(2, "output", program="server", text="né"),
        event(3, "ok", id=7),  # the reply to somebody else
        event(4, "ok", id=1),
        "read -r _",
    ]
    with labrun(*lines) as session:
        session.add_host("h1", 4711)
        assert [e["ev"] for e in session.events] == ["hello", "output", "ok", "ok"]


def test_a_command_is_one_line_of_json_without_what_is_none(
    labrun: Maker, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    with labrun("read -r a; printf %%s \"$a\" >%s" % told, event(2, "ok", id=1),
                "read -r _") as session:  # fmt: skip
        session.capture("h1", "h1-eth0", None)
    assert json.loads(told.read_text()) == {
        "id": 1, "do": "capture", "host": "h1", "interface": "h1-eth0",
    }  # fmt: skip


def test_a_line_may_come_in_pieces(labrun: Maker) -> None:
    half = "printf '{\"n\":2,\"ev\":'; read -r _; printf '\"ok\",\"id\":1}\\n'"
    with labrun(half, "read -r _") as session:
        assert session.ask("anything")["ev"] == "ok"


@pytest.mark.parametrize(
    "lines, told",
    [
        (["exit 3"], r"ended in the middle of a run \(status 3\)"),
        (["kill -9 $$"], r"ended in the middle of a run \(signal 9\)"),
        (["read -r _; exit 0"], r"ended in the middle of a run \(status 0\)"),
        (["echo garbage"], "wrote what is no event: b'garbage'"),
        (["echo '{\"n\":2'"], "wrote what is no event"),
        (["echo 5"], "wrote what is no event"),
        (["echo null"], "wrote what is no event"),
        (["echo '[]'"], "wrote what is no event"),
        (["echo '{}'"], "wrote what is no event"),
        (["echo '{\"n\":2,\"id\":1}'"], "wrote what is no event"),
        (["echo"], "wrote what is no event"),
        (["printf '\\377\\376\\n'"], "wrote what is no event"),
        (["printf '%0100000d' 0 | tr 0 '['; echo"], "wrote what is no event"),
        # a number that is missing or there twice: evidence would be wrong
        ([event(3, "ok", id=1)], "wrote what is no event"),
        ([event(1, "ok", id=1)], "wrote what is no event"),
        ([event(2, "failed", id=1, why="no such host")], "no such host"),
    ],
)
def test_what_goes_wrong_is_our_fault(
    labrun: Maker, lines: List[str], told: str
) -> None:
    with labrun(*lines, "read -r _; read -r _") as session:
        with pytest.raises(InstrumentFault, match=told) as caught:
            session.state()
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "hello, told",
    [
        ("", "no event|ended"),
        ("nonsense", "no event"),
        ('{"n":1,"ev":"hello","protocol":2}', "another protocol"),
        ('{"n":1,"ev":"hello"}', "another protocol"),
    ],
)
def test_a_labrun_that_greets_wrong_is_ended_at_once(
    labrun: Maker, hello: str, told: str
) -> None:
    session = labrun("[ '%s' ] && read -r _" % hello, hello=hello)
    with pytest.raises(InstrumentFault, match=told):
        session.__enter__()
    assert session._process is not None
    assert session._process.returncode is not None


def test_a_labrun_that_is_not_there_or_cannot_be_run(tmp_path: Path) -> None:
    with pytest.raises(InstrumentFault, match="cannot be started"):
        with Session(tmp_path / "labrun"):
            pass
    (tmp_path / "labrun").write_text("no program")
    (tmp_path / "labrun").chmod(0o755)
    with pytest.raises(InstrumentFault, match="cannot be started"):
        with Session(tmp_path / "labrun"):
            pass


@pytest.mark.parametrize(
    "line",
    [
        "exec sleep 600",  # says nothing
        # says something for ever, but never the reply
        'i=2; while :; do echo "{\\"n\\":$i,\\"ev\\":\\"x\\"}"; i=$((i+1)); done',
        "while :; do printf aaaa; done",
    ],
)
def test_no_labrun_can_make_us_wait_for_ever(
    labrun: Maker, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = labrun(line)
    with session:
        monkeypatch.setattr(instrument, "GRACE_S", 0.3)
        with pytest.raises(InstrumentFault, match="does not answer"):
            session.state()


def test_a_line_without_an_end_does_not_fill_the_memory(
    labrun: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instrument, "MOST_BYTES", 1 << 20)
    with labrun("tr '\\0' a </dev/zero; read -r _") as session:
        with pytest.raises(InstrumentFault, match="no event"):
            session.state()


def test_a_labrun_that_closes_its_end_and_lives_on_is_a_fault(
    labrun: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instrument, "END_S", 0.2)
    with labrun("exec >&-; exec sleep 600") as session:
        with pytest.raises(InstrumentFault, match="closed its end"):
            session.state()


def test_a_sandbox_that_fails_is_our_fault_and_says_why(labrun: Maker) -> None:
    lines = [
        "read -r _",
        event(2, "output", program="server", text="bwrap: no room\n"),
        event(3, "start-failed", id=1, program="server", fault="sandbox",
              errno=0, why="it ended"),
        "read -r _",
    ]  # fmt: skip
    with labrun(*lines) as session:
        with pytest.raises(InstrumentFault, match="bwrap: no room"):
            start(session)


def test_a_program_that_cannot_be_executed_is_not_our_fault(
    labrun: Maker,
) -> None:
    lines = [
        "read -r _",
        event(2, "start-failed", id=1, program="server", fault="program",
              errno=2, why="No such file"),
        "read -r _",
    ]  # fmt: skip
    with labrun(*lines) as session:
        assert start(session)["why"] == "No such file"


def start(session: Session) -> Any:
    return session.start("server", "h1", ["x"], [], "/labexec", {}, {})


def test_typing_at_a_program_that_has_ended_is_no_fault(labrun: Maker) -> None:
    with labrun("read -r _", event(2, "failed", id=1, why="ended"),
                "read -r _") as session:  # fmt: skip
        assert session.type("h2", "hello\n")["ev"] == "failed"


def test_leaving_ends_a_labrun_that_does_not_want_to(labrun: Maker) -> None:
    with labrun("trap '' TERM HUP PIPE; while :; do read -r _ || :; done") as session:
        process = session._process
        assert process is not None and process.poll() is None
    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_after_the_end_nothing_can_be_asked(labrun: Maker) -> None:
    session = labrun("read -r _")
    with pytest.raises(InstrumentFault, match="does not run"):
        session.state()


def test_the_real_labrun_greets_and_quits() -> None:
    root = Path(__file__).resolve().parents[2]
    folder = os.environ.get("LAB_BIN", str(root / "build" / "bin"))
    with Session(Path(folder).resolve() / "labrun") as session:
        hello = session.events[0]
        assert hello["ev"] == "hello" and hello["n"] == 1
        with pytest.raises(InstrumentFault, match="labrun: "):
            session.add_host("h1", 2**22 + 1)
        session.quit()
        assert session._process is not None
        assert session._process.wait(30) == 0


def test_standard_error_of_labrun_is_not_part_of_the_stream(
    labrun: Maker, capfd: pytest.CaptureFixture[str]
) -> None:
    with labrun("echo trouble >&2", event(2, "ok", id=1), "read -r _") as session:
        session.quit()
    assert "trouble" in capfd.readouterr().err
