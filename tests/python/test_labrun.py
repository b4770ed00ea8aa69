"""Does labrun keep its protocol, seen from the grader's side?

Every program here is real. What settling means is tested beside this, in
test_labrun_settle.py and test_labrun_limits.py, what is seen of the network
in test_labrun_capture.py.
"""

from __future__ import annotations

import json
import os
from typing import Any, Dict

import pytest
from labrun_client import (
    BWRAP,
    Labrun,
    content,
    first_children,
    wait_gone,
    waits,
)


def test_numbers_events_without_gaps_on_one_clock() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/echo", "hello"])
        run.settled()
        run.do("quit")
        assert [e["n"] for e in run.events] == list(
            range(1, len(run.events) + 1)
        )
        times = [e["t"] for e in run.events]
        assert times == sorted(times)
        assert run.hello["ev"] == "hello"
        assert run.hello["protocol"] == 1
        assert run.ended()[0] == 0


def test_tells_a_life_in_order() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/sh", "-c", "read x; echo $x; exit 7"])
        run.type("p", "word\n")
        run.settled()
        mine = [e for e in run.events if e.get("program") == "p"]
        kinds = [e["ev"] for e in mine]
        assert kinds == ["started", "ok", "typed", "output", "exit"]
        assert mine[-1]["code"] == 7


@pytest.mark.parametrize("wrap", [(), BWRAP])
def test_gives_a_program_what_was_asked_and_nothing_else(wrap: Any) -> None:
    source = (
        "import os, resource, sys\n"
        "print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:3],"
        " len(os.listdir('/proc/self/fd')),"
        " resource.getrlimit(resource.RLIMIT_NOFILE),"
        " os.environ.get('A'), os.environ.get('HOME'),"
        " all(os.isatty(n) for n in range(3)), os.get_terminal_size())"
    )
    with Labrun() as run:
        run.host()
        run.python(
            "p", source, wrap=wrap, env={"A": "b c"}, limits={"nofile": 99}
        )
        run.settled()
        expected = "[0, 1, 2] 4 (99, 99) b c None True"
        assert run.output("p").startswith(expected)
        assert "columns=80, lines=24" in run.output("p")


@pytest.mark.parametrize(
    "fields, fault, errno",
    [
        ({"argv": ["/no/such"]}, "program", 2),
        ({"argv": ["/etc/passwd"]}, "program", 13),
        ({"argv": ["/no/such"], "wrap": BWRAP}, "program", 2),
        ({"wrap": ["/bin/false"]}, "sandbox", 0),
        ({"wrap": ["/no/such"]}, "sandbox", 0),
        ({"wrap": ["bwrap", "--no-such-option"]}, "sandbox", 0),
        ({"cwd": "/no/such"}, "sandbox", 0),
        ({"helper": "/no/such"}, "sandbox", 0),
        ({"limits": {"no-such": 1}}, "sandbox", 0),
    ],
)
def test_says_whose_fault_a_failed_start_is(
    fields: Dict[str, Any], fault: str, errno: int
) -> None:
    with Labrun() as run:
        run.host()
        argv = fields.pop("argv", ["/bin/true"])
        reply = run.start("p", argv, **fields)
        assert (reply["ev"], reply["fault"]) == ("start-failed", fault)
        assert reply["errno"] == errno
        assert reply["why"]
        assert not run.of("started") and not run.of("exit")


def test_shows_what_a_failing_wrapper_wrote() -> None:
    with Labrun() as run:
        run.host()
        wrap = ["/bin/sh", "-c", "echo oh no; exit 1"]
        assert run.start("p", ["/bin/true"], wrap=wrap)["fault"] == "sandbox"
        assert run.output("p") == "oh no\n"


def test_types_lines_in_order_and_whole() -> None:
    lines = ["line %d: naïve 漢字\n" % number for number in range(500)]
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/cat"])
        for line in lines:
            assert run.type("p", line)["ev"] == "typed"
            run.settled()
        run.type("p", "\x04")
        run.settled()
        assert run.output("p") == "".join(lines)
        assert run.of("exit")[0]["code"] == 0


def test_says_how_much_of_a_long_text_was_typed() -> None:
    text = "".join("%06d\n" % number for number in range(15000))
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/sh", "-c", "kill -STOP $$; exec cat"])
        run.settled()
        assert run.type("p", text)["ev"] == "typed"
        run.do("signal", program="p", signal="CONT")
        run.settled()
        typed = run.of("type-capped")[0]["bytes"]
        assert 4000 < typed < len(text)
        assert run.output("p") == text[: typed - typed % 7]


def test_repeats_bytes_that_are_no_text() -> None:
    with Labrun() as run:
        run.host()
        run.python(
            "p", "import os; os.write(1, bytes(range(256)) + b'\\xff\\n')"
        )
        run.settled()
        seen = b"".join(content(e) for e in run.of("output"))
        assert seen == bytes(range(256)) + b"\xff\n"


def test_caps_output_that_never_ends() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/usr/bin/yes"], output_cap=10000)
        state = run.settle(limit_ms=60000, busy_ms=100)
        assert state["outcome"] == "busy"
        assert len(run.output("p")) == 10000
        assert [e["bytes"] for e in run.of("output-capped")] == [10000]
        assert run.do("stop", program="p")["ev"] == "ok"
        assert run.of("exit")[0]["signal"] == "KILL"


def test_signals_and_stops_programs() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/cat"])
        reply = run.do("signal", program="p", signal="STOP")
        assert (reply["ev"], reply["count"]) == ("signalled", 1)
        assert waits(run.settled(), "p") == ["stopped"]
        run.type("p", "kept\n")
        run.settled()
        assert run.output("p") == ""
        run.do("signal", program="p", signal="CONT")
        run.settled()
        assert run.output("p") == "kept\n"
        run.do("signal", program="p", signal="TERM")
        run.settled()
        assert run.of("exit")[0]["signal"] == "TERM"
        assert run.type("p", "x\n")["ev"] == "failed"
        assert run.do("signal", program="p", signal="TERM")["ev"] == "failed"
        assert run.do("stop", program="p")["ev"] == "ok"


@pytest.mark.parametrize(
    "line, number",
    [
        ("hello\n", 0),
        ("{\n", 0),
        ("[]\n", 0),
        ("\0\n", 0),
        ('{"id":5}\n', 5),
        ('{"id":5,"do":"explode"}\n', 5),
        ('{"id":5,"do":"start"}\n', 5),
        ('{"id":5,"do":"type","program":"ghost","text":"x"}\n', 5),
        ('{"id":5,"do":"explode","x":"%s"}\n' % ("y" * 3000000), 5),
    ],
    ids=lambda value: str(value)[:30].strip(),
)
def test_refuses_a_bad_command_and_goes_on(line: str, number: int) -> None:
    with Labrun() as run:
        run.write(line)
        reply = run.reply(number)
        assert reply["ev"] == "failed"
        assert reply["why"]
        assert run.do("state")["ev"] == "state"


def test_ends_on_a_line_without_end() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/cat"])
        try:
            run.write("x" * 5000000)
        except BrokenPipeError:
            pass  # it need not wait for the rest
        assert run.ended()[0] == 1


def test_carries_out_commands_that_come_together() -> None:
    lines = [json.dumps({"id": n, "do": "state"}) for n in range(100, 400)]
    with Labrun() as run:
        run.write("\n\n" + "\n".join(lines) + "\n")
        run.reply(399)
        ids = [e["id"] for e in run.of("state")]
        assert ids == list(range(100, 400))


@pytest.mark.parametrize("how", ["end of input", "quit", "kill"])
@pytest.mark.parametrize("wrap", [(), BWRAP])
def test_leaves_no_program_behind(how: str, wrap: Any) -> None:
    with Labrun(pids=False) as run:
        run.host()
        run.start("p", ["/bin/sh", "-c", "sleep 1000"], wrap=wrap)
        run.settle(limit_ms=200)
        programs = first_children(run.pid())[1:]
        assert len(programs) >= (4 if wrap else 1)
        assert run.process.stdin is not None
        if how == "kill":
            run.process.kill()
            programs = programs if wrap else programs[:1]
        elif how == "quit":
            assert run.do("quit")["ev"] == "ok"
        else:
            run.process.stdin.close()
        assert run.ended()[0] == (-9 if how == "kill" else 0)
        assert all(wait_gone(pid) for pid in programs)


def test_opens_no_descriptor_that_it_does_not_close() -> None:
    with Labrun() as run:
        run.host()
        run.start("first", ["/bin/true"])
        run.settled()
        folder = "/proc/%d/fd" % run.pid()
        before = len(os.listdir(folder))
        for number in range(20):
            run.start("bad %d" % number, ["/bin/true"], wrap=["/bin/false"])
            run.do("host", host="bad", pid=999999)
            run.do("capture", host="h1", interface="no0")
        after = len(os.listdir(folder))
        assert after - before <= 2 * 20  # a terminal each, until the end
