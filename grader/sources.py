"""What does each file of a submission look like: server, client, decoy?

Reads every source once and keeps what speaks for or against it, as numbers
and words. Which file is chosen is decided elsewhere (discover.py).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Dict, FrozenSet, List, Optional, Sequence, Set, Tuple

from grader import languages, tree
from grader.languages import Language

MAX_FILES = 2000
_ELF = b"\x7fELF"
_ELF_LIMIT = 32 * 1024 * 1024

#: Words in names that make a file a decoy, and how much each is held
#: against it.
DECOYS: Dict[str, float] = {
    **dict.fromkeys(
        "old older backup bak copy prototype proto archive archived deprecated"
        " draft unused orig original attempt wip scratch previous prev".split(),
        6.0,
    ),
    **dict.fromkeys(
        "test tests testing example examples sample samples demo starter"
        " template skeleton pinger ping udp extra bonus".split(),
        4.0,
    ),
}
_LATEST = {"final": 3.0, "new": 1.0, "latest": 2.0, "fixed": 1.0, "updated": 1.0}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERSION = re.compile(r"(?:^|[_\W]|(?<=[a-z]))[vV](?:er(?:sion)?)?[_.-]?(\d+)")
_LABEL = re.compile(
    r"(?:client|clnt|cli)[\W_]*(x|y|a|b|1|2|one|two|first|second)(?![a-z0-9])"
    r"|(?<![a-z0-9])(x|y|a|b|1|2|one|two|first|second)[\W_]*(?:client|clnt)"
)
_SAME_LABEL = {"a": "x", "1": "x", "one": "x", "first": "x",
               "b": "y", "2": "y", "two": "y", "second": "y"}
_PY_IMPORT = re.compile(r"^\s*(?:from|import)\s+\.?([\w.]+(?:\s*,\s*\w+)*)", re.M)
_C_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"\n]+)"', re.M)


@dataclass
class Source:
    """One file that may be a program, or a part of one."""

    path: PurePosixPath
    language: Optional[Language]  # None: an executable without a source
    text: str
    code: str  # without comments and strings
    server: int = 0
    client: int = 0
    tcp: bool = False
    udp: bool = False
    main: bool = True
    imported: bool = False
    penalty: float = 0.0
    latest: float = 0.0
    version: int = 0
    label: str = ""  # "x", "y" or ""
    decoy: str = ""  # the word that made it one
    ports: FrozenSet[str] = frozenset()

    @property
    def kind(self) -> str:
        """What the code is: "server", "client", or "" where it is neither."""
        if self.server >= 3 or (self.udp and self.server > self.client):
            return "server"
        return "client" if self.client > self.server else ""

    @property
    def udp_only(self) -> bool:
        return self.udp and not self.tcp


def words_of(name: str) -> Tuple[str, ...]:
    """Words of a file's name: `PA3_serverTeam8` is pa, 3, server, team, 8."""
    return tuple(word.lower() for word in _WORD.findall(name))


def scan(folder: Path) -> Tuple[List[Source], List[str]]:
    """All sources of a folder, and the names of everything seen."""
    found: List[Source] = []
    seen: List[str] = []
    for name in tree.files(folder):
        seen.append(name)
        if len(seen) <= MAX_FILES:
            source = _read(folder / name, PurePosixPath(name))
            if source is not None:
                found.append(source)
    _join(found)
    return found, seen


def _read(path: Path, relative: PurePosixPath) -> Optional[Source]:
    try:
        size = path.stat().st_size
        with open(path, "rb") as file:
            start = file.read(256)
    except OSError:
        return None
    if start.startswith(_ELF) and size <= _ELF_LIMIT:
        return _executable(path, relative)
    language = languages.recognise(path.name, start.decode("latin-1"))
    if language is None or size > languages.MAX_SOURCE_BYTES or _is_binary(start):
        return None
    text = languages.read_source(path)
    code = languages.strip_comments(text, language, strings=False)
    source = Source(relative, language, text, code)
    source.server = _weigh(language.server, code)
    source.client = _weigh(language.client, code)
    source.tcp = bool(re.search(language.tcp, code))
    source.udp = bool(re.search(language.udp, code))
    source.main = languages.has_main(code, language)
    if source.udp and not source.tcp and not source.server and not source.client:
        source.client = 2  # it sends without a connection
    source.ports = frozenset(
        n for n in re.findall(r"\b\d{4,5}\b", code) if 1024 <= int(n) <= 65535
    )
    _judge_name(source)
    return source


def _is_binary(start: bytes) -> bool:
    return b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff")


def _weigh(patterns: Sequence[Tuple[str, int]], code: str) -> int:
    return sum(weight for pattern, weight in patterns if re.search(pattern, code))


def _executable(path: Path, relative: PurePosixPath) -> Optional[Source]:
    """An executable that was handed in: its imported calls say what it is."""
    data = path.read_bytes()
    if data[16:18] not in (b"\x02\x00", b"\x03\x00") or ".so" in path.suffixes:
        return None  # an object file
    source = Source(relative, None, "", "", tcp=True)
    source.server = 3 * (b"\0accept\0" in data) + 3 * (b"\0listen\0" in data)
    source.client = 4 * (b"\0connect\0" in data)
    _judge_name(source)
    return source


def _judge_name(source: Source) -> None:
    path = source.path
    stem = path.name.split(".")[0]
    folders = [words_of(part) for part in path.parts[:-1]]
    own = words_of(stem)
    for word in {*own, *(word for part in folders for word in part)}:
        held = DECOYS.get(word, 0.0)
        if held > source.penalty:
            source.penalty, source.decoy = held, word
    source.latest = max((_LATEST.get(word, 0.0) for word in own), default=0.0)
    versions = [int(n[:6]) for n in _VERSION.findall(str(path.with_suffix("")))]
    source.version = versions[-1] if versions else 0
    source.label = _label(stem) or _label(path.parent.name)


def _label(name: str) -> str:
    match = _LABEL.search(name.lower())
    match = match or _LABEL.search("_".join(words_of(name)))
    if match is None:
        return ""
    found = match.group(1) or match.group(2)
    return _SAME_LABEL.get(found, found)


# ---- parts of programs -----------------------------------------------------


def _join(found: Sequence[Source]) -> None:
    """A file takes over what the local files do that it imports."""
    by_stem: Dict[Tuple[str, str], List[Source]] = {}
    for source in found:
        if source.language is not None:
            key = (str(source.path.parent), source.path.name.split(".")[0])
            by_stem.setdefault(key, []).append(source)
    own = {id(s): (s.server, s.client, s.tcp, s.udp) for s in found}
    for source in found:
        if source.language is None:
            continue
        parts = _parts(source, by_stem) or _linked(source, found)
        for part in parts:
            part.imported = part.imported or not part.main or _no_guard(part)
        if own[id(source)][:2] == (0, 0):
            for server, client, tcp, udp in (own[id(part)] for part in parts):
                source.server += server
                source.client += client
                source.tcp, source.udp = source.tcp or tcp, source.udp or udp


def _no_guard(source: Source) -> bool:
    """Java's classes and C's files say it by `main`; Python by its guard."""
    return source.language is languages.PYTHON and "__main__" not in source.text


def _parts(
    source: Source, by_stem: Dict[Tuple[str, str], List[Source]]
) -> List[Source]:
    """Local files that a source needs, also through others."""
    found: List[Source] = []
    todo, known = [source], {id(source)}
    while todo:
        one = todo.pop()
        for name in sorted(_names_used(one)):
            place = os.path.normpath(one.path.parent / os.path.dirname(name))
            for part in by_stem.get((place, os.path.basename(name)), []):
                if id(part) not in known and part.language is source.language:
                    known.add(id(part))
                    found.append(part)
                    todo.append(part)
    return found


def _linked(source: Source, found: Sequence[Source]) -> List[Source]:
    """C files without a `main` beside one that has it."""
    if source.language not in (languages.C, languages.CPP) or not source.main:
        return []
    return [
        part for part in found
        if part.language is source.language and not part.main
        and part.path.parent == source.path.parent
    ]


def _names_used(source: Source) -> Set[str]:
    if source.language is languages.PYTHON:
        lists = _PY_IMPORT.findall(source.code)
        names = {name.strip() for one in lists for name in one.split(",")}
        return {name.strip(".").replace(".", "/") for name in names}
    if source.language is languages.JAVA:
        return set(re.findall(r"\b[A-Z]\w+", source.code))
    if source.language in (languages.C, languages.CPP):
        return {i.rsplit(".", 1)[0] for i in _C_INCLUDE.findall(source.text)}
    lists = re.findall(r"""(?:require\s*\(|from)\s*['"]\./([\w./-]+)""", source.text)
    return {name.rsplit(".", 1)[0] if name.endswith("js") else name for name in lists}
