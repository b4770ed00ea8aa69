"""How is one program told to be the server, or the client?

Some hand-ins have a single program for both. It takes its role from the
command line (a word, an option, a flag, a subcommand) or asks for it. Read
from the source, by the words that it compares with, or from the commands
that its comments and the documents beside it show.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence, Tuple

from grader import languages, text
from grader.languages import Language

ROLES = ("server", "client")
#: Words that name a role to a program. Single letters last: a longer one
#: is plainer.
_WORDS = {
    "server": "server serve srv host listen listener accept s l".split(),
    "client": "client join connect cli user c".split(),
}
_TEXT = r"""["']([^"'\n]{1,40})["']"""
_LITERAL = re.compile(_TEXT)
_SAID = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_ADDS_PARSER = re.compile(r"\badd_parser\s*\(\s*" + _TEXT)
_ADDS_ARGUMENT = re.compile(
    r"\b(?:add_argument|add_option|option|argument)\s*\("
    r"((?:[^()]|\([^()]{0,200}\)){0,400})\)"
)
#: Where the words of a command line come from, in any of the languages.
_COMMAND_LINE = re.compile(
    r"\bargv\b|\bargs\s*\[|\bgetopt\w*\s*\(|\bparse_args\b|\bString\s*\[\s*\]"
)
#: Words that are compared, not printed.
_COMPARES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:[=!]=|\bcase\b|\.equals(?:IgnoreCase)?\s*\(|\bstarts[wW]ith\s*\()\s*[\[(]?\s*"
        + _TEXT,
        _TEXT + r"\s*(?:[=!]=|\bin\b|\.equals)",
        r"\bstr(?:case)?cmp\s*\([^,;]{0,80},\s*" + _TEXT,
    )
)
_AMONG = re.compile(r"\bin\s*[\[({]([^\])}\n]{0,200})")
_TABLE = re.compile(_TEXT + r"\s*:")
_ASKS = re.compile(
    r"\binput\s*\(|\bscanf\s*\(|\bfgets\s*\(|\bScanner\b|\bquestion\s*\(|\bcin\b"
)
_SERVER, _CLIENT = r"(?:server|host|serve)", r"(?:client|join|connect|guest)"
#: How a menu offers a role; the group is what to type for it.
_OFFERS = (
    r"\b([0-9])\s*[.):=\]-]+[ a-z]{0,16}\b%s",  # 1. server, 1) run server
    r"\b([0-9])[ a-z]{1,16}\b%s",  # 1 for server
    r"\b%s\s*[(=:\[]\s*([0-9])\b",  # server (1)
    r"\b([a-z])\s*(?:=|:|-|for)\s*%s",  # s = server
    r"\b%s\s*[(\[]([a-z])[)\]]",  # server (s)
)
_EITHER = re.compile(
    r"\bserver\b[^\n]{0,20}(?:\bor\b|/|\|)[^\n]{0,20}\bclient\b"
    r"|\bclient\b[^\n]{0,20}(?:\bor\b|/|\|)[^\n]{0,20}\bserver\b"
)
_LETTERS = re.compile(r"\bs\s*[/|]\s*c\b|\bc\s*[/|]\s*s\b")
_MENU_LINES = 6
#: No program that a student wrote has more of them, or longer lines.
_MOST = 100
_LINE = 400

#: For each role, the words that follow on the command line.
Entry = Dict[str, Tuple[str, ...]]


def find(source: str, language: Language) -> Optional[Entry]:
    """How a program takes its role; None where it does not.

    Empty words for both roles mean that it asks its user.
    """
    code = languages.strip_comments(source, language)
    if _COMMAND_LINE.search(code):
        found = (
            _subcommands(code) or _option(code) or _flags(code) or _words(code)
        )
        if found:
            return found
    return {"server": (), "client": ()} if _asks(code) else None


def documented(program: str, texts: Sequence[str]) -> Optional[Entry]:
    """How texts say that a program is started in each role: `program` is its
    file's name, as in `python3 pair.py server`, `./pair server`, `java Pair server`."""
    stem = re.escape(program.partition(".")[0])
    command = re.compile(
        r"(?:\b%s|(?:\./|\bjava +)%s)((?: +[-\w]{1,20}){1,2})"
        % (re.escape(program), stem)
    )
    found: Dict[str, Tuple[str, ...]] = {}
    for one in texts:
        for told in command.findall(one):
            words = told.split()
            role = _role_of(words[0])
            if not role and words[0].startswith("-") and len(words) == 2:
                role = _role_of(words[1])  # --mode server
            else:
                words = words[:1]
            if role:
                found.setdefault(role, tuple(words))
    return found if len(found) == len(ROLES) else None


def _role_of(word: str) -> str:
    bare = word.strip().lstrip("-").lower()
    return next((role for role in ROLES if bare in _WORDS[role]), "")


def _plainest(words: Sequence[str]) -> Dict[str, str]:
    """For each role the word that says it most plainly."""
    found: Dict[str, str] = {}
    for role in ROLES:
        own = [word for word in words if _role_of(word) == role]
        order = _WORDS[role]
        own.sort(key=lambda word: (order.index(word.lstrip("-").lower()), word))
        if own:
            found[role] = own[0]
    return found


def _subcommands(code: str) -> Optional[Entry]:
    found = _plainest(_ADDS_PARSER.findall(code))
    return {r: (found[r],) for r in ROLES} if len(found) == 2 else None


def _option(code: str) -> Optional[Entry]:
    """`--mode server`, or an argument with two choices."""
    for inside in _ADDS_ARGUMENT.findall(code)[:_MOST]:
        words = _LITERAL.findall(inside)
        names, values = _names_of(words), _choices(inside)
        found = _plainest(values)
        if len(found) < 2 and "store_" not in inside and names:
            # Its values are compared with elsewhere.
            held = names[-1].lstrip("-").replace("-", "_")
            near = re.findall(r"\b%s\b[^\n]{0,40}" % re.escape(held), code)
            found = _plainest([w for one in near for w in _compared(one)])
        if len(found) == 2 and names:
            flag = (names[-1],) if names[-1].startswith("-") else ()
            return {role: (*flag, found[role]) for role in ROLES}
    return None


def _names_of(words: Sequence[str]) -> List[str]:
    """An option's own names stand first; the longest of them last."""
    dashed = [word for word in words if word.startswith("-")]
    return sorted(dashed, key=len) if dashed else list(words[:1])


def _choices(inside: str) -> List[str]:
    match = re.search(r"choices\s*=\s*[\[({]([^\])}]*)", inside)
    return _LITERAL.findall(match.group(1)) if match else []


def _flags(code: str) -> Optional[Entry]:
    """`--server`, where the other role may need no flag at all."""
    told: List[str] = []
    for inside in _ADDS_ARGUMENT.findall(code)[:_MOST]:
        if "store_true" in inside:
            told += [w for w in _LITERAL.findall(inside) if w.startswith("-")]
    told += [w for w in _compared(code) if re.match(r"--?[a-z]", w)]
    found = _plainest(told)
    if len(found) == 2 or len(found.get("server", "").lstrip("-")) > 1:
        return {r: (found[r],) if r in found else () for r in ROLES}
    return None


def _words(code: str) -> Optional[Entry]:
    """A bare word, which is compared with what the command line holds."""
    places = list(_COMMAND_LINE.finditer(code))[:_MOST]
    near = [code[max(0, m.start() - 80) : m.end() + 400] for m in places]
    # A variable that a word of the command line was put into.
    names = set(re.findall(r"\b(\w{1,40})\s*=\s*(?:sys\.|process\.)?arg[vs]\s*\[", code))
    if names:
        own = re.compile(r"\b(?:%s)\b" % "|".join(sorted(names)[:_MOST]))
        lines = (line[:_LINE] for line in code.split("\n"))
        near += [line for line in lines if own.search(line)]
    words = [w for one in near for w in (*_compared(one), *_TABLE.findall(one))]
    found = _plainest(words)
    if len(found) < 2:
        return None
    letters = all(len(word) == 1 for word in found.values())
    dash = "-" if letters and re.search(r"\bgetopt\w*\s*\(", code) else ""
    return {role: (dash + found[role],) for role in ROLES}


def _compared(code: str) -> List[str]:
    found = [word for one in _COMPARES for word in one.findall(code)]
    for inside in _AMONG.findall(code):
        found += _LITERAL.findall(inside)
    return found


# ---- a program that asks ------------------------------------------------------


def answer(said: str, role: str) -> Optional[str]:
    """What to type for a role after these words on the screen; None where
    they do not ask for one."""
    lines = [one for one in text.plain(text.shown(said)).split("\n") if one]
    menu = "\n".join(lines[-_MENU_LINES:])
    for pattern in _OFFERS:
        found = [
            re.search(pattern % words, menu) for words in (_SERVER, _CLIENT)
        ]
        told = [match.group(1) for match in found if match is not None]
        if len(set(told)) == 2:
            return told[0] if role == "server" else told[1]
    if re.search(r"[(\[]s[)\]]erver", menu) and re.search(r"[(\[]c[)\]]lient", menu):
        return role[0]  # (s)erver or (c)lient
    last = lines[-1] if lines else ""
    if not _EITHER.search(last):
        return None
    return role[0] if _LETTERS.search(last) else role


def _asks(code: str) -> bool:
    """Does it ask its user which role it is to have?"""
    if not _ASKS.search(code):
        return False
    said = [one or two for one, two in _SAID.findall(code)[: 10 * _MOST]]
    plain = [words.replace("\\n", "\n") for words in said]
    return any(
        answer(words, "server") is not None
        for words in (*plain, "\n".join(plain))
    )
