"""What does a program ask for when it waits for its user?

Judged by the words since the last line end that it printed, or by its last
line when that is empty and reads like a question. OTHER is whatever the lab's
own question is.
"""

from __future__ import annotations

import re

from grader import text

PORT = "port"
HOST = "host"
NAME = "name"
NUMBER = "number"
CONFIRM = "confirm"
ENTER = "enter"
OTHER = "other"

_CONFIRM = re.compile(r"\b(y/n|yes/no|yes or no|y or n)\b")
_KINDS = (
    (PORT, re.compile(r"\bport\b")),
    (
        HOST,
        re.compile(
            r"\b(host ?name|host|ip|ip address|address of|server ?name"
            r"|server address|address)\b"
        ),
    ),
)
#: Asked after those of _KINDS: "port number", "server name" come first.
_LATER = (
    (NUMBER, re.compile(r"\b(integer|number|int|value)\b")),
    # "Your name is Client01" tells a name and asks for none.
    (NAME, re.compile(r"\bname\b(?! (?:is|was|set)\b)")),
    # "Type a number and press enter" asks for the number.
    (ENTER, re.compile(r"\b(press|hit) (enter|return|any key|a key)\b")),
)
_MESSAGE = re.compile(r"\b(message|sentence|text|send)\b")
# "Connecting to port 12000..." tells; it does not ask.
_ASKS = re.compile(
    r"[?:>=]$|\b(enter|type|input|give|choose|select|specify|provide|press|hit"
    r"|which|what)\b"
)


def kind_of(said: str) -> str:
    """The kind of question that ends what a program said."""
    on_screen = text.shown(said)
    lines = [line for line in text.plain(on_screen).split("\n") if line]
    question = lines[-1] if lines else ""
    if on_screen.endswith("\n") and not _ASKS.search(question):
        return OTHER
    if _CONFIRM.search(question):
        return CONFIRM  # whatever it is that it asks about
    if _MESSAGE.search(question):
        # "Enter message to send to server:" asks for a message, whatever
        # else it mentions.
        return OTHER
    for kind, words in _KINDS + _LATER:
        if words.search(question):
            return kind
    return OTHER
