"""What is known of each programming language?

How its files are recognised, what its comments look like, which calls make
a program a server or a client, and how it is run. Nothing here knows a lab.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Pattern, Sequence, Tuple

#: Larger files are no programs that a student wrote.
MAX_SOURCE_BYTES = 512 * 1024

PYTHON3 = "/usr/bin/python3"
_PATH = "/usr/local/bin:/usr/bin:/bin"
_JAVA_FLAGS = (
    "-Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    " -XX:-UsePerfData -Xmx384m"
).split()


@dataclass(frozen=True)
class Language:
    """One language. Patterns look at code without comments and strings."""

    name: str
    suffixes: Tuple[str, ...]
    interpreters: Tuple[str, ...]  # words of a `#!` line
    literals: Pattern[str]  # strings and comments; group `text`: a string
    server: Tuple[Tuple[str, int], ...]  # pattern, weight
    client: Tuple[Tuple[str, int], ...]
    tcp: str
    udp: str
    main: str  # what only a file that can be started has; "" if any can


def _literals(strings: str, comments: str) -> Pattern[str]:
    return re.compile(f"(?P<text>{strings})|{comments}", re.DOTALL)


# Every alternative also ends at the end of the line or file, so that a quote
# without its partner costs no second look at the rest.
_QUOTED = r'"(?:\\.|[^"\\\n])*"?|' + r"'(?:\\.|[^'\\\n])*'?"
_C_COMMENTS = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_LONG = "|".join(
    q + r"(?:\\(?:.|\Z)|[^\\])*?(?:" + q + r"|\Z)" for q in ('"""', "'''")
)
_C_LITERALS = _literals(_QUOTED, _C_COMMENTS)
_BERKELEY_SERVER = ((r"\baccept4?\s*\(", 3), (r"\blisten\s*\(", 3),
                    (r"\bbind\s*\(", 2))

PYTHON = Language(
    "python", (".py", ".pyw", ".py3", ".py.txt"), ("python", "python3"),
    _literals(f"{_LONG}|{_QUOTED}", r"#[^\n]*"),
    server=(
        (r"\.accept\s*\(", 3), (r"\.listen\s*\(", 3), (r"\.bind\s*\(", 2),
        (r"\b(?:Threading|Forking)?(?:TCP|UDP)Server\b", 6),
        (r"\bcreate_server\s*\(|\bstart_server\s*\(", 6),
    ),
    client=(
        (r"\.connect(?:_ex)?\s*\(", 4),
        (r"\bcreate_connection\s*\(|\bopen_connection\s*\(", 6),
    ),
    tcp=r"\bSOCK_STREAM\b|\bsocket\s*\(\s*\)|\bcreate_(?:server|connection)\b"
    r"|\b(?:start_server|open_connection)\b|TCPServer\b|\.listen\s*\(",
    udp=r"\bSOCK_DGRAM\b|UDPServer\b|\bcreate_datagram_endpoint\b",
    main="",
)
C = Language(
    "c", (".c",), (), _C_LITERALS, _BERKELEY_SERVER,
    ((r"(?<![.>\w])connect\s*\(", 4),),
    tcp=r"\bSOCK_STREAM\b|\blisten\s*\(", udp=r"\bSOCK_DGRAM\b",
    main=r"\bmain\s*\(",
)
CPP = Language(
    "c++", (".cc", ".cpp", ".cxx", ".c++", ".C"), (), _C_LITERALS,
    (*_BERKELEY_SERVER, (r"\bacceptor\b", 5)),
    ((r"(?<![.>\w])connect\s*\(", 4), (r"\basio::connect\s*\(", 4)),
    tcp=r"\bSOCK_STREAM\b|\blisten\s*\(|\btcp::", udp=r"\bSOCK_DGRAM\b",
    main=r"\bmain\s*\(",
)
JAVA = Language(
    "java", (".java",), (), _C_LITERALS,
    server=((r"\b(?:SSL)?ServerSocket(?:Channel|Factory)?\b", 6),
            (r"\.accept\s*\(", 2)),
    client=((r"\bnew\s+Socket\s*\(", 5),
            (r"(?<!Server)\bSocketChannel\s*\.\s*open", 4)),
    tcp=r"\b(?:Server)?Socket(?:Channel)?\b", udp=r"\bDatagram\w+",
    main=r"\bstatic\s+(?:final\s+)?(?:public\s+)?void\s+main\s*\(|\bvoid\s+main"
    r"\s*\(\s*(?:final\s+)?String",
)
NODE = Language(
    "node", (".js", ".mjs", ".cjs"), ("node", "nodejs"),
    _literals(_QUOTED + r"|`(?:\\(?:.|\Z)|[^`\\])*(?:`|\Z)", _C_COMMENTS),
    server=((r"\bcreateServer\s*\(|\bnew\s+(?:\w+\.)?Server\s*\(", 6),
            (r"\.listen\s*\(", 2)),
    client=((r"\bnet\s*\.\s*(?:connect|createConnection)\s*\(", 6),
            (r"\bnew\s+(?:net\s*\.\s*)?Socket\s*\(", 5),
            (r"\bcreateConnection\s*\(|\.connect\s*\(", 3)),
    tcp=r"\bnet\b", udp=r"\bcreateSocket\b", main="",
)
LANGUAGES = (PYTHON, C, CPP, JAVA, NODE)
#: Languages in which a student may well write, and which are not run here.
NOT_RUN = {
    ".pl": "Perl", ".rb": "Ruby", ".go": "Go", ".rs": "Rust", ".php": "PHP",
    ".cs": "C#", ".vb": "Visual Basic", ".kt": "Kotlin", ".scala": "Scala",
    ".swift": "Swift", ".ts": "TypeScript", ".lua": "Lua", ".hs": "Haskell",
    ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".dart": "Dart",
    ".jl": "Julia", ".ml": "OCaml", ".pas": "Pascal", ".tcl": "Tcl",
}  # fmt: skip
BY_NAME: Dict[str, Language] = {one.name: one for one in LANGUAGES}


def recognise(name: str, start: str = "") -> Optional[Language]:
    """The language of a file, by its name or by its `#!` line."""
    for language in LANGUAGES:
        if name.endswith(language.suffixes):
            return language
    for language in LANGUAGES:
        if name.lower().endswith(language.suffixes):
            return language
    if not start.startswith("#!"):
        return None
    words = re.findall(r"[a-z]+[\d.]*", start.split("\n", 1)[0].lower())
    for language in LANGUAGES:
        if any(w.rstrip("0123456789.") in language.interpreters for w in words):
            return language
    return None


def read_source(path: Path) -> str:
    """A source as text with plain line ends, whatever it was saved as."""
    data = path.read_bytes()[:MAX_SOURCE_BYTES]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def strip_comments(text: str, language: Language, strings: bool = True) -> str:
    """The code without comments; with `strings` False also without those."""

    def kept(match: "re.Match[str]") -> str:
        whole = match.group()
        if match.group("text") is None:
            return " " + "\n" * whole.count("\n")
        return whole if strings else '""' + "\n" * whole.count("\n")

    return language.literals.sub(kept, text)


def has_main(code: str, language: Language) -> bool:
    """Can a file be started? `code` is without comments and strings."""
    return not language.main or bool(re.search(language.main, code))


def run_argv(language: Language, source: str) -> Tuple[str, ...]:
    """How a source that needs no compiler is run."""
    if language is NODE:
        return ("node", source)
    return (PYTHON3, source)


def java_argv(
    main_class: str, classes: str = ".", jars: Sequence[str] = ()
) -> Tuple[str, ...]:
    """How a Java class is run: flags that make it start sooner."""
    return ("java", *_JAVA_FLAGS, "-cp", ":".join((classes, *jars)), main_class)


def javac_argv(
    root: str, sources: Tuple[str, ...], jars: Sequence[str] = ()
) -> Tuple[str, ...]:
    """How Java sources are compiled, from the folder of their packages."""
    flags = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto")
    options = ("-encoding", "UTF-8", "-nowarn", "-proc:none", "-Xprefer:source")
    beside = ("-cp", ":".join((root, *jars))) if jars else ()
    return ("javac", *flags, *options, *beside, "-sourcepath", root, "-d", root, *sources)


def c_argv(
    language: Language, out: str, sources: Tuple[str, ...], includes: Tuple[str, ...]
) -> Tuple[str, ...]:
    """How C or C++ is compiled where there is no Makefile."""
    found = ("c++", "g++", "clang++") if language is CPP else ("cc", "gcc", "clang")
    compiler = next((name for name in found if installed(name)), found[0])
    flags = [f"-I{folder}" for folder in includes]
    options = ("-O1", "-g", "-Wall", "-Wextra", "-pthread", *flags)
    return (compiler, *options, "-o", out, *sources, "-lm")


def installed(program: str) -> bool:
    """Will a program be found inside the sandbox, which has /usr alone?"""
    found = shutil.which(program, path=_PATH)
    return bool(found) and str(found).startswith(("/usr/", "/bin/"))
