"""What does each file of a submission look like: server, client, decoy?

Reads every source once and keeps what speaks for or against it, as numbers
and words. Which file is chosen is decided elsewhere (discover.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

from grader import entry, languages, naming, parts, tree
from grader.languages import Language
from grader.naming import Name

MAX_FILES = 2000
#: Of all sources together; a class of students does not write as much.
MAX_TOTAL = 4 * 1024 * 1024
_ELF = b"\x7fELF"
_ELF_LIMIT = 32 * 1024 * 1024
#: A text file that is a program, saved under another name.
_PYTHON_TEXT = re.compile(r"^[ \t]*(?:import\s+socket|from\s+socket\s+import)\b", re.M)
#: What tells people how to start a program.
_DOCUMENT = re.compile(r"(?i)(?:^|/)(?:read[ _-]?me[^/]*|[^/]*\.(?:md|txt))$")
_MOST_DOCUMENTS = 20
#: What the text of another assignment's program holds, and what it needs
#: that no host of the lab has. Words of strings count.
_CONTENTS = (
    (re.compile(r"HTTP/1\.[01]"), "http", "HTTP"),
    (re.compile(r"\bMAIL FROM\b|\bRCPT TO\b"), "mail", "mail"),
    (re.compile(r"\bSOCK_RAW\b"), "icmp", "raw sockets"),
    (re.compile(r"^[ \t]*(?:from|import)\s+mininet\b", re.M), "mininet", "Mininet"),
    (
        re.compile(
            r"^[ \t]*(?:from|import)\s+(?:tkinter|Tkinter|PyQt\d|PySide\d|pygame|wx"
            r"|customtkinter)\b|^[ \t]*import\s+javax?\.(?:swing|awt|fx)", re.M
        ), "", "needs a display",
    ),
)  # fmt: skip


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
    inert: bool = False  # it defines things, and does nothing itself
    imported: bool = False
    name: Name = Name()
    foreign: Tuple[str, str] = ("", "")  # topic, and how to say it
    entry: Optional[entry.Entry] = None  # how it is told its role
    needs: Tuple["Source", ...] = ()
    ports: FrozenSet[str] = frozenset()
    is_text: bool = False  # saved as .txt

    @property
    def decoy(self) -> str:
        """Why it is hardly what was meant; "" where nothing says so."""
        return self.name.decoy

    @property
    def label(self) -> str:
        return self.name.label

    @property
    def udp_only(self) -> bool:
        return self.udp and not self.tcp

    def kinds(self, named: str = "") -> Tuple[str, ...]:
        """The roles that the code can have; `named` is what its name says."""
        both = self.server >= 3 and self.client >= 4
        if both and self.entry is not None:
            return ("server", "client")
        if both and named == "client":
            return ("client",)
        if self.server >= 3 or (self.udp and self.server > self.client):
            return ("server",)
        return ("client",) if self.client > self.server else ()


def scan(folder: Path) -> Tuple[List[Source], List[str]]:
    """All sources of a folder, and the names of everything seen."""
    seen = list(tree.files(folder))
    read = (_read(folder / name, PurePosixPath(name)) for name in small(folder, seen))
    found = [source for source in read if source is not None]
    _join(found)
    _find_entries(folder, found, seen)
    return found, seen


def small(folder: Path, names: Sequence[str]) -> List[str]:
    """The files that are looked at: of very many, the smaller ones."""
    sizes: Dict[str, int] = {}
    for name in names[:MAX_FILES]:
        try:
            size = (folder / name).stat().st_size
        except OSError:
            continue
        read = size <= languages.MAX_SOURCE_BYTES
        sizes[name] = size if read else 0
    left, kept = MAX_TOTAL, set()
    for name in sorted(sizes, key=lambda one: sizes[one]):
        left -= sizes[name]
        if left >= 0:
            kept.add(name)
    return [name for name in names if name in kept]


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
    is_text = language is None and path.suffix.lower() == ".txt"
    if not (language or is_text) or size > languages.MAX_SOURCE_BYTES:
        return None
    if _is_binary(start):
        return None
    text = languages.read_source(path)
    if is_text and _PYTHON_TEXT.search(text):
        language = languages.PYTHON
    if language is None:
        return None
    return _judged(Source(relative, language, text, "", is_text=is_text), language)


def needed(folder: Path, source: str) -> Tuple[str, ...]:
    """The local files that a source needs, by their paths."""
    for one in scan(folder)[0]:
        if str(one.path) == source:
            return tuple(str(part.path) for part in one.needs)
    return ()


def of_text(text: str, language: Language, name: str = "x") -> Source:
    """What a text alone looks like, such as the cell of a notebook."""
    return _judged(Source(PurePosixPath(name), language, text, ""), language)


def _judged(source: Source, language: Language) -> Source:
    code = languages.strip_comments(source.text, language, strings=False)
    source.code = code
    _weigh_all(source, code, language)
    if source.udp and not source.tcp and not source.server and not source.client:
        source.client = 2  # it sends without a connection
    source.main = languages.has_main(code, language)
    source.inert = language is languages.PYTHON and parts.is_inert(code)
    source.ports = frozenset(
        n for n in re.findall(r"\b\d{4,5}\b", code) if 1024 <= int(n) <= 65535
    )
    source.name = naming.judge(source.path)
    for pattern, topic, told in _CONTENTS:
        if pattern.search(source.text):
            source.foreign = (topic, told)
    return source


def _is_binary(start: bytes) -> bool:
    return b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff")


def _weigh_all(source: Source, code: str, language: Language) -> None:
    source.server += _weigh(language.server, code)
    source.client += _weigh(language.client, code)
    source.tcp = source.tcp or bool(re.search(language.tcp, code))
    source.udp = source.udp or bool(re.search(language.udp, code))


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
    source.name = naming.judge(relative)
    return source


# ---- parts of programs -----------------------------------------------------


def _join(found: Sequence[Source]) -> None:
    """A file that neither listens nor connects takes over what it uses of
    the local files that it needs."""
    by_stem: Dict[str, List[Source]] = {}
    for source in found:
        if source.language is not None:
            stem = source.path.parent / source.path.name.split(".")[0]
            by_stem.setdefault(str(stem), []).append(source)
            if source.path.stem == "__init__":
                by_stem.setdefault(str(source.path.parent), []).append(source)
    neither = [s for s in found if s.language is not None and not s.kinds()]
    for source in found:
        if source.language is None:
            continue
        source.needs = tuple(_parts(source, by_stem)) or _linked(source, found)
        for part in source.needs:
            part.imported = part.imported or _is_part(part)
    weights = {id(source): _used_weights(source) for source in neither}
    for source in neither:
        code = weights[id(source)]
        if source.language is not None and code:
            _weigh_all(source, code, source.language)


def _is_part(source: Source) -> bool:
    """Is it a part only, where others import it? Java's classes and C's
    files say it by `main`; Python by its guard."""
    if source.language is languages.PYTHON:
        return "__main__" not in source.text
    return not source.main


def _used_weights(source: Source) -> str:
    needed = [(one.code, one.language) for one in source.needs if one.language]
    return parts.used_code(source.code, needed)


def _find_entries(
    folder: Path, found: Sequence[Source], names: Sequence[str]
) -> None:
    """How each program for both roles is told which it is to have."""
    documents: Optional[List[str]] = None
    for source in found:
        if source.language is not None and source.server and source.client:
            source.entry = _entry_of(source, source.language)
            if source.entry is None:
                if documents is None:
                    documents = _documents(folder, names)
                source.entry = entry.documented(
                    source.path.name, [source.text, *documents]
                )


def _documents(folder: Path, names: Sequence[str]) -> List[str]:
    """The texts that may say how programs are started."""
    paths = [folder / name for name in names if _DOCUMENT.search(name)]
    return [
        languages.read_source(path)
        for path in paths[:_MOST_DOCUMENTS]
        if path.stat().st_size <= languages.MAX_SOURCE_BYTES
    ]


def _entry_of(source: Source, language: Language) -> Optional[entry.Entry]:
    """How it is told its role: by itself, or in a part that it starts."""
    for one in (source, *source.needs):
        found = entry.find(one.text, language)
        if found is not None:
            return found
    return None


def _parts(source: Source, by_stem: Dict[str, List[Source]]) -> List[Source]:
    """Local files that a source needs, also through others."""
    found: List[Source] = []
    todo, known = [source], {id(source)}
    while todo:
        one = todo.pop()
        assert one.language is not None
        for name in parts.names_used(one.text, one.code, one.path, one.language):
            for part in by_stem.get(name, []):
                if id(part) not in known and part.language is source.language:
                    known.add(id(part))
                    found.append(part)
                    todo.append(part)
    return found


def _linked(source: Source, found: Sequence[Source]) -> Tuple[Source, ...]:
    """C files without a `main` beside one that has it."""
    if source.language not in (languages.C, languages.CPP) or not source.main:
        return ()
    return tuple(
        part for part in found
        if part.language is source.language and not part.main
        and part.path.parent == source.path.parent
    )
