"""Do we give a program the arguments that it wants?"""

from __future__ import annotations

from typing import Tuple

import pytest

from grader.arguments import guesses, wanted
from grader.prompts import HOST, NAME, PORT

ARGPARSE = "error: the following arguments are required: "


@pytest.mark.parametrize(
    "said, role, first",
    [
        ("Usage: python3 client.py <host> <port>", "client", (HOST, PORT)),
        ("usage: ./server port", "server", (PORT,)),
        ("usage: client.py host port name", "client", (HOST, PORT, NAME)),
        # options that may be left out are left out
        ("usage: s.py [-h] [--host HOST] port", "server", (PORT,)),
        # and those that may not are given with their names
        ("Usage: ./client -h <host> -p <port>", "client",
         ("=-h", HOST, "=-p", PORT)),
        ("usage: c.py [-h] --host HOST --port PORT\nc.py: " + ARGPARSE
         + "--host, --port", "client", ("=--host", HOST, "=--port", PORT)),
        # one program for both roles
        ("usage: pa3.py server|client", "server", ("=server",)),
        ("usage: pa3.py server|client", "client", ("=client",)),
        ("Usage: pa3.py [s/c]", "client", ("=c",)),
        ("usage: pa3.py <client|server> <port>", "server", ("=server", PORT)),
        ("usage: pa3.py -s | -c", "client", ("=-c",)),
        ("usage: pa3.py [-h] {server,client} ...\npa3.py: " + ARGPARSE
         + "command", "server", ("=server",)),
        ("usage: n.py [-h] --mode {server,client}\nn.py: " + ARGPARSE
         + "--mode", "client", ("=--mode", "=client")),
    ],
)  # fmt: skip
def test_what_it_says_is_tried_first(
    said: str, role: str, first: Tuple[str, ...]
) -> None:
    assert wanted(said)
    assert guesses(said, role)[0] == first


def test_one_program_for_both_roles_is_told_its_role() -> None:
    said = "IndexError: list index out of range"
    assert wanted(said)
    assert guesses(said, "client", one_for_both=True)[0] == ("=client",)
    assert guesses(said, "client")[0] == (HOST, PORT)


@pytest.mark.parametrize(
    "said", ["ConnectionRefusedError: [Errno 111] Connection refused", "", "Bye"]
)
def test_a_program_that_ends_for_another_reason_is_left_alone(said: str) -> None:
    assert not wanted(said)
