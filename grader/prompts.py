"""What does a program ask for when it waits for its user?

Judged by the words since the last line end that it printed, or by its last
line when that is empty and reads like a question. OTHER is whatever the lab's
own question is. What a program itself offers as answers is read by menus.py.
"""

from __future__ import annotations

import re
from typing import Mapping, Tuple

from grader import menus, text
from grader.menus import Wish

PORT = "port"
HOST = "host"
NAME = "name"
NUMBER = "number"
COUNT = "count"  # how many of something
CONFIRM = "confirm"
ENTER = "enter"
OTHER = "other"
MENU = "menu"  # one of several answers that the program itself offers

_YES_NO = re.compile(r"\b(y ?/ ?n|yes ?/ ?no|yes or no|y or n|yes|y\(es\))\b")
_CONFIRM = re.compile(
    r"^\W*(?:are you|is (?:this|that|it)|shall|should|ready|continue|proceed|really"
    r"|do you want to (?:connect|continue|proceed|send it|start|join)"
    r"|(?:connect|send|start) (?:it |this |now )*)\b[^:]*\?$"
)
#: What one does not want again, and what would end the program.
_NO_MORE = re.compile(r"\b(another|again|more|quit|exit|leave|disconnect)\b")
_TRY_AGAIN = re.compile(r"\b(?:try|connect) again\b|\bretry\b")
_ROLE = re.compile(r"\b(?:you|as|be|this|run|start) (?:a |an |the )?(server|client)\b")
#: English, and the languages in which students here and there write.
_HOST = (
    r"\b(?:host ?name|host|ip|ipv[46]|server ?name|domain ?name|address|adresse"
    r"|direcci[oó]n|endere[cç]o|indirizzo)\b"
)
_KINDS = (
    (PORT, re.compile(r"\b(?:port|puerto|porta)\b")),
    (HOST, re.compile(_HOST)),
)
#: Asked after those of _KINDS: "port number", "server name" come first.
_LATER = (
    (
        NUMBER,
        re.compile(
            r"\b(integer|number|int|value|n[uú]mero|entero|inteiro|intero|entier|zahl)\b"
            # in French it is a number, in Spanish a name
            r"|\b(?:entrez|saisissez|donnez|choisissez|votre|ton)\b[^?:>]*\bnombre\b"
        ),
    ),
    # "Your name is Client01" tells a name and asks for none.
    (
        NAME,
        re.compile(
            r"\b(?:name|nombre|nome|nom|llamas|appelles|chiami|hei(?:ß|ss)t)\b"
            r"(?! (?:is|was|set)\b)"
        ),
    ),
)
#: Asked last: the server itself, and an address that is taken without answer.
_WHERE = re.compile(
    r"^\W*(?:(?:please|enter|type|input|choose|give|specify|the|a|your|remote|name of)"
    r" )*(?:server|target|destination|remote (?:machine|computer)|remote)"
    r" ?(?:[\[(][^\])]*[\])])?\W*$"
    r"|\b(?:where is|which) (?:is )?(?:the |your )?(?:server|machine|computer)\b"
    r"|^\W*(?:(?:el|le|o|il|der) )?(?:servidor|serveur)\W*$"
    # "Press 1 to connect to the server" is a menu's.
    r"|^(?!.*\b(?:press|hit|type|enter) \W?\w{1,2}\W? (?:to|for)\b).*\bconnect to\b"
    r"|\w\W{0,2}[\[(][^\])]*(?:\b\d+\.\d+\.\d+\.\d+|\blocalhost)\b[^\])]*[\])]"
)
_ENTER = re.compile(
    r"^(.*)\b(?:press|hit|push|tap)\s+(?:on |the |your )*\W{0,2}"
    r"(?:enter|return|any key|a key|any button)\b"
)
#: "Type a number and press enter" asks for the number.
_BEFORE_ENTER = re.compile(
    r"\b(type|enter|write|input|message|text|number|then|and)\b"
)
#: "Press enter after typing your message" is no question for the key alone.
_AFTER = re.compile(r"^\W*(?:after|when|once) (?:\w+ )*(?:typ|enter|writ|input|done)")
_MESSAGE = re.compile(
    r"\b(message|sentence|text|send|mensaje|mensagem|messaggio|nachricht|texto|texte)\b"
)
#: "IP address to send the message to" asks for no message.
_WHERE_TO = re.compile(_HOST + r"[^?:>]* (?:to|for)\b[^?:>]*\b(?:send|message|text)\b")
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
    if _YES_NO.search(question) or _CONFIRM.search(question):
        return CONFIRM  # whatever it is that it asks about
    pressed = _ENTER.search(question)
    if pressed and not _BEFORE_ENTER.search(pressed.group(1)):
        behind = question[pressed.end() :]
        return OTHER if _AFTER.search(behind) else ENTER
    if re.search(r"\bhow many\b|\bnumber of (?!the\b)\w+s\b", question):
        return COUNT
    if _MESSAGE.search(question) and not _names_a_host_first(question):
        # "Enter message to send to server:" asks for a message, whatever
        # else it mentions.
        return OTHER
    for kind, words in _KINDS + _LATER:
        if words.search(question):
            return kind
    return HOST if _WHERE.search(question) else OTHER


def _names_a_host_first(question: str) -> bool:
    where, what = _WHERE_TO.search(question), _MESSAGE.search(question)
    return bool(where and what and where.start() < what.start())


def answer_to(
    said: str, answers: Mapping[str, str], wish: Wish
) -> Tuple[str, str]:
    """The kind of question that ends what was said, and what to type.

    `answers` has a text for each kind; of what the program itself offers the
    `wish` takes one.
    """
    kind = kind_of(said)
    if kind == CONFIRM:
        return kind, _yes_or_no(said, answers.get(kind, "yes"), wish)
    if kind not in (PORT, HOST, ENTER):
        key = menus.choose(said, wish)
        if key is not None:
            return MENU, key
    return kind, answers.get(kind, answers.get(OTHER, ""))


def _yes_or_no(said: str, usual: str, wish: Wish) -> str:
    """The usual answer, or "no" to what would go round or end; in the form
    that the program shows."""
    if usual not in ("yes", "no"):
        return usual
    lines = [line for line in text.plain(text.shown(said)).split("\n") if line]
    question = lines[-1] if lines else ""
    role = _ROLE.search(question)
    if role:
        is_mine = (role.group(1) == "server") == (wish is menus.TO_SERVE)
        usual = "yes" if is_mine else "no"
    elif _NO_MORE.search(question) and not _TRY_AGAIN.search(question):
        usual = "no"
    by_letter = re.search(r"\b[yn]\b", question)
    spelt_out = re.search(r"\byes\b|\bno\b", question)
    return usual[0] if by_letter and not spelt_out else usual
