"""Which hand-ins of a class are suspiciously alike?

Every source becomes a list of words, one for each token: names that a student
chose become the same word, and so do strings and numbers, so that renaming
hides nothing. sim_text of Debian's `similarity-tester` compares those lists.
What the lab itself gives to students (its starter, the reference programs) is
taken out first. Likeness is a reason to look, and no verdict.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Sequence, Set, Tuple

from grader import languages, layout
from grader.layout import SourceFile
from grader.workspace import Workspace

PROGRAM = "sim_text"
INSTALL = "sudo apt-get install -y --no-install-recommends similarity-tester"

#: Tokens in a row that must agree; shorter ones are everybody's.
RUN = 24
#: Percent of one's own tokens that must be in another.
THRESHOLD = 60
#: With fewer tokens than this of one's own, likeness says nothing.
LEAST = 90
#: So much of one hand-in is compared; no student writes more.
MOST = 30_000
#: So many files are held against each other, each against each.
SUSPECTS = 200
#: Seconds that a comparison may take, of thousands of hand-ins.
LIMIT_S = 120

_REFERENCE = Path(__file__).resolve().parent.parent / "c_src" / "bin"
_TOKEN = re.compile(r"(\.?)\s*([A-Za-z_]\w*)|\d[\w.]*|\"\"|\S")
_KEYWORDS = frozenset(
    "and as assert async auto await bool boolean break byte case catch char"
    " class const continue def default del do double elif else enum except"
    " extends final finally float for from function global if implements"
    " import in int interface is lambda let long new None nonlocal not null or"
    " pass private protected public raise return short signed sizeof static"
    " struct super switch synchronized this throw throws True try typedef"
    " typeof union unsigned var void volatile while with yield False".split()
)
_GIVEN = re.compile(r"^(\S+): line (\d+)-(\d+)\s*\|", re.M)
_SHARE = re.compile(r"^(\S+) consists for (\d+) % of (\S+) material", re.M)


@dataclass(frozen=True)
class Pair:
    """Two hand-ins: how much of each, in percent, is in the other."""

    one: str
    other: str
    language: str
    share: int
    back: int  # 0 where it is below the threshold


@dataclass(frozen=True)
class Likeness:
    """What a comparison found; `problem` says why there was none."""

    pairs: Tuple[Pair, ...] = ()
    compared: int = 0  # hand-ins with enough of their own
    given: int = 0  # sources of the lab that were taken out
    problem: str = ""
    install: str = ""  # a command that mends it


def compare(
    folder: Path, class_: Iterable[Tuple[str, Sequence[SourceFile]]]
) -> Likeness:
    """Compare the hand-ins (name, sources) of the lab in `folder`.

    `class_` is read once, one after the other.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        problem = "%s is not installed" % PROGRAM
        return Likeness(problem=problem, install=INSTALL)
    with Workspace() as place:
        try:
            return _compare(program, place, folder, class_)
        except subprocess.TimeoutExpired:
            return Likeness(problem="it took more than %d s" % LIMIT_S)
        except (OSError, subprocess.CalledProcessError) as error:
            return Likeness(problem="%s failed: %s" % (PROGRAM, error))


def _compare(
    program: str,
    place: Path,
    folder: Path,
    class_: Iterable[Tuple[str, Sequence[SourceFile]]],
) -> Likeness:
    known: Dict[str, Tuple[str, str]] = {}  # file: hand-in, language
    for name, sources in class_:
        for language, found in _by_language(sources).items():
            file = "n%d" % len(known)
            known[file] = (name, language)
            _write(place / file, found)
    old: List[str] = []
    for source in _given(folder):
        old.append("old%d" % len(old))
        _write(place / old[-1], words_of(source))
    if old and known:
        _take_out(program, place, sorted(known), old)
    own = [file for file in known if _length(place / file) >= LEAST]
    pairs: Tuple[Pair, ...] = ()
    if len(own) > 1:
        pairs = _pairs(_alike(program, place, own), known)
    compared = len({known[file][0] for file in own})
    return Likeness(pairs, compared, len(old))


def _alike(program: str, place: Path, own: Sequence[str]) -> str:
    """What sim says of the files that are alike.

    To hold each against each takes minutes for a large class. So each is held
    against all the others at once, which takes a second, and those of which
    one other has a good part are then held against each other.
    """
    said = _run(program, place, ["-p", "-a", "-t", str(THRESHOLD // 2)], own)
    shares: Dict[str, int] = {}
    for file, share, other in _SHARE.findall(said):
        for one in (file, other):
            shares[one] = max(int(share), shares.get(one, 0))
    suspects = sorted(shares, key=lambda one: (-shares[one], one))[:SUSPECTS]
    if len(suspects) < 2:
        return ""
    options = ["-p", "-a", "-e", "-t", str(THRESHOLD)]
    return _run(program, place, options, suspects)


def _given(folder: Path) -> Iterator[SourceFile]:
    """What every student has got."""
    for part in ("starter", "reference"):
        yield from layout.sources(folder / part)
    for source in layout.sources(_REFERENCE):
        if source.path.startswith(folder.name + "_"):
            yield source


def _by_language(sources: Sequence[SourceFile]) -> Dict[str, List[str]]:
    found: Dict[str, List[str]] = {}
    for source in sources:
        words = found.setdefault(source.language, [])
        words += words_of(source)[: MOST - len(words)]
    return found


def words_of(source: SourceFile) -> List[str]:
    """One word of letters and digits for each token of a source."""
    language = languages.BY_NAME.get(source.language)
    code = source.text
    if language is not None:
        code = languages.strip_comments(code, language, strings=False)
    return [_word(match) for match in _TOKEN.finditer(code)]


def _word(match: "re.Match[str]") -> str:
    dot, name = match.group(1), match.group(2)
    token = match.group()
    if name in _KEYWORDS:
        return "key" + name
    if name and dot:  # mostly a name of a library
        return "of" + "".join(c for c in name if c.isascii() and c.isalnum())
    if name:
        return "name"
    if token == '""':
        return "string"
    return "number" if token[0].isdigit() else "op%x" % ord(token)


def _write(path: Path, words: Sequence[str]) -> None:
    """A word a line, so that the number of a line is that of a token."""
    path.write_text("".join(word + "\n" for word in words), "ascii")


def _length(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _take_out(
    program: str, place: Path, new: Sequence[str], old: Sequence[str]
) -> None:
    """Blank the tokens of the new files that the old ones have."""
    said = _run(program, place, ["-n", "-S"], [*new, "/", *old])
    gone: Dict[str, Set[int]] = {}
    for file, first, last in _GIVEN.findall(said):
        gone.setdefault(file, set()).update(range(int(first), int(last) + 1))
    for file, numbers in gone.items():
        lines = (place / file).read_text("ascii").split("\n")
        _write(
            place / file,
            # A line stays where one went, or its neighbours would seem to
            # have been together always.
            ["gap%s" % file if at in numbers and at - 1 not in numbers else word
             for at, word in enumerate(lines, 1)
             if word and (at not in numbers or at - 1 not in numbers)],
        )  # fmt: skip


def _run(
    program: str, place: Path, options: Sequence[str], files: Sequence[str]
) -> str:
    with tempfile.TemporaryFile() as names:
        names.write(("\n".join(files) + "\n").encode("ascii"))
        names.seek(0)
        done = subprocess.run(
            [program, *options, "-T", "-r", str(RUN), "-i"],
            cwd=str(place), stdin=names, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=LIMIT_S, check=True,
        )  # fmt: skip
    return done.stdout.decode("ascii", "replace")


def _pairs(said: str, known: Dict[str, Tuple[str, str]]) -> Tuple[Pair, ...]:
    shares: Dict[Tuple[str, str], int] = {}
    for file, share, other in _SHARE.findall(said):
        mine, theirs = known[file], known[other]
        if mine[0] != theirs[0] and mine[1] == theirs[1]:
            shares[file, other] = int(share)
    found: List[Pair] = []
    for (file, other), share in shares.items():
        back = shares.get((other, file), 0)
        if (share, other) < (back, file):
            continue  # told from the other side
        found.append(
            Pair(known[file][0], known[other][0], known[file][1], share, back)
        )
    found.sort(key=lambda p: (-p.share - p.back, p.one, p.other))
    return tuple(found)
