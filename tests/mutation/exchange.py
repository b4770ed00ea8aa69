"""Which lines of the reference does an ordinary exchange run?

The rubric of lab `order` speaks of two clients that connect, send a message
each and get their answer. A fault in a line that runs in no such exchange
cannot be seen by it, and is left to the reference's own unit tests. The
programs are built with gcov's counters and talk to one another on loopback,
in both orders of sending.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Dict, Sequence, Set

LIMIT_S = 30.0


class ExchangeError(Exception):
    """The reference cannot be built, or does not do its exchange."""


def lines_run(
    sources: Path, files: Sequence[str], flags: Sequence[str], work: Path
) -> Dict[str, Set[int]]:
    """The lines that run, by file. `work` is an empty folder to build in."""
    parts = [file for file in files if file.endswith(".c")]
    common = [file for file in parts if not file.startswith("bin/")]
    for file in parts:
        target = work / (file + ".o")
        target.parent.mkdir(parents=True, exist_ok=True)
        _run(["cc", *flags, "-O0", "--coverage", "-c", str(sources / file),
              "-o", str(target)], work)  # fmt: skip
    for program in ("order_server", "order_client"):
        objects = ["bin/%s.c.o" % program] + [file + ".o" for file in common]
        _run(["cc", "--coverage", "-pthread", *objects, "-o", program], work)
    for sends_first in (0, 1):
        _exchange(work, sends_first)
    return {file: _counted(file, work) for file in parts}


def _run(command: Sequence[str], work: Path) -> str:
    done = subprocess.run(
        command, cwd=str(work), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise ExchangeError("%s: %s" % (" ".join(command), done.stderr))
    return done.stdout


def _counted(file: str, work: Path) -> Set[int]:
    text = _run(["gcov", "--json-format", "--stdout", file + ".o"], work)
    return {
        line["line_number"]
        for source in json.loads(text)["files"]
        if source["file"].endswith("/" + file)
        for line in source["lines"]
        if line["count"] > 0
    }


def _exchange(work: Path, sends_first: int) -> None:
    """One exchange; every program ends by itself, or is ended here."""
    programs = []

    def start(*command: str) -> "subprocess.Popen[str]":
        programs.append(
            subprocess.Popen(
                command, cwd=str(work), stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, universal_newlines=True,
            )
        )  # fmt: skip
        return programs[-1]

    try:
        server = start("./order_server", "--host", "127.0.0.1", "--port", "0")
        port = _until(server, r"port (\d+)\n")
        clients = []
        for which in ("first", "second"):
            clients.append(start("./order_client", "--port", port))
            _until(server, "Accepted (%s)" % which)
        for client in clients:
            _until(client, "(Enter)[^:]*: ")
        for number in (sends_first, 1 - sends_first):
            typed = clients[number].stdin
            assert typed is not None
            typed.write("name of %d\n" % number)
            typed.flush()
            _until(server, "sent message ([12])")
        for program in programs:
            program.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired as error:
        raise ExchangeError("the exchange does not come to its end") from error
    finally:
        for program in programs:
            program.kill()
            program.communicate()


def _until(program: "subprocess.Popen[str]", pattern: str) -> str:
    """Read until this was said; the first group of the match."""
    output = program.stdout
    assert output is not None
    said = ""
    while True:
        match = re.search(pattern, said)
        if match:
            return match.group(1)
        letter = output.read(1)
        if not letter:
            raise ExchangeError("it ends after %r" % said)
        said += letter
