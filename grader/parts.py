"""Which other files of a submission does a source need, and what for?

Follows imports, includes and names of classes to the files that they mean,
and takes from those only the functions that are used: a helper that can
listen and connect makes nobody both a server and a client.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath
from typing import Dict, Iterator, List, Sequence, Set, Tuple

from grader import languages, naming
from grader.languages import Language

_PY_FROM = re.compile(
    r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]{0,2000}\)|[^\n]*)", re.M
)
_PY_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n]+)", re.M)
_C_INCLUDE = re.compile(r'^[ \t]*#\s*include\s*"([^"\n]+)"', re.M)
_JS_NEEDS = re.compile(
    r"""(?:require\s*\(|from|import)\s*['"](\.{1,2}/[\w./-]+)"""
)
_JAVA_CLASS = re.compile(r"\b[A-Z]\w+")
_PY_GUARDED = re.compile(r"^if\b[^\n]*__name__[^\n]*\n(?:[ \t]+[^\n]*\n?|\n)*", re.M)
_PY_DEFINES = re.compile(r"^(?:async +def|def|class) +(\w+)")
_C_DEFINES = re.compile(r"^[A-Za-z_][\w\s*,:<>&]*?[\s*&](?:\w+::)?(~?\w+)\s*\(")


def names_used(
    text: str, code: str, path: PurePosixPath, language: Language
) -> Tuple[str, ...]:
    """Paths without a suffix, likeliest first, that a source may mean. They
    count from the top; most of them are no files at all."""
    here = path.parent
    if language is languages.PYTHON:
        return tuple(dict.fromkeys(_python_names(code, here)))
    if language is languages.JAVA:
        return tuple(sorted({_at(here, n) for n in _JAVA_CLASS.findall(code)}))
    if language in (languages.C, languages.CPP):
        found = _C_INCLUDE.findall(text)
    else:
        found = _JS_NEEDS.findall(text)
    return tuple(sorted({_at(here, _stem(name)) for name in found}))


def _stem(name: str) -> str:
    folder, base = os.path.split(name)
    return os.path.join(folder, base.split(".")[0])


def _at(folder: PurePosixPath, name: str) -> str:
    return os.path.normpath(os.path.join(str(folder), name))


def _python_names(code: str, here: PurePosixPath) -> Iterator[str]:
    for dots, module, names in _PY_FROM.findall(code):
        inner = [word.split(" as ")[0].strip(" ()\\\n\t")
                 for word in names.split(",")]
        roots = _roots(here, len(dots))
        for root in roots:
            base = _at(root, module.replace(".", "/"))
            yield base
            yield from (_at(PurePosixPath(base), name) for name in inner if name)
    for names in _PY_IMPORT.findall(code):
        for word in names.split(","):
            module = word.strip().split(" ")[0]
            for root in _roots(here, 0):
                yield _at(root, module.replace(".", "/"))


def _roots(here: PurePosixPath, dots: int) -> List[PurePosixPath]:
    """Where a module may be looked for: beside, or from any folder above."""
    above = [here, *here.parents]
    return above if dots == 0 else above[dots - 1 : dots]


def python_imports(code: str) -> Tuple[int, Tuple[str, ...]]:
    """The most dots of a relative import, and the modules that are imported
    by their whole names."""
    found = _PY_FROM.findall(code)
    dots = max((len(one[0]) for one in found), default=0)
    modules = [one[1] for one in found if not one[0]]
    for names in _PY_IMPORT.findall(code):
        modules += [word.strip().split(" ")[0] for word in names.split(",")]
    return dots, tuple(name for name in dict.fromkeys(modules) if name)


def c_implementation(header: str, sources: Sequence[str]) -> str:
    """The source that goes with a header: of the same name, the nearest,
    and rather one whose name does not say that it is old."""
    stem = os.path.basename(_stem(header))
    same = [one for one in sources if os.path.basename(_stem(one)) == stem]
    same.sort(key=lambda one: (_steps(header, one), _held_against(one), one))
    return same[0] if same else ""


def _held_against(path: str) -> float:
    return naming.judge(PurePosixPath(path)).penalty


def _steps(one: str, two: str) -> int:
    start = os.path.dirname(one) or "."
    return os.path.relpath(os.path.dirname(two) or ".", start).count("/")


def includes(text: str) -> Tuple[str, ...]:
    """Headers of its own that a C source includes, as they are written."""
    return tuple(_C_INCLUDE.findall(text))


# ---- what is used of a part ------------------------------------------------


def used_code(code: str, parts: Sequence[Tuple[str, Language]]) -> str:
    """What a source's code uses of its parts, also through one another."""
    known = set(re.findall(r"\w+", code))
    left = [piece for text, lang in parts for piece in _pieces(text, lang)]
    taken: List[str] = []
    while True:
        now = [one for one in left if not one[0] or one[0] in known]
        if not now:
            return "\n".join(taken)
        left = [one for one in left if one not in now]
        for _, text in now:
            taken.append(text)
            known |= set(re.findall(r"\w+", text))


def _pieces(code: str, language: Language) -> List[Tuple[str, str]]:
    """Functions and classes by name; "" is for what always runs."""
    if language is languages.PYTHON:
        # What stands below the guard does not run where it is imported.
        return _split(_PY_GUARDED.sub("", code), _PY_DEFINES, keep_rest=True)
    if language in (languages.C, languages.CPP):
        return _split(code, _C_DEFINES, keep_rest=False)
    return [("", code)]


def _split(
    code: str, defines: "re.Pattern[str]", keep_rest: bool
) -> List[Tuple[str, str]]:
    """Cut before each line that starts at the margin and defines a name."""
    pieces: Dict[int, Tuple[str, List[str]]] = {}
    at, name = 0, ""
    for number, line in enumerate(code.split("\n")):
        match = defines.match(line)
        if match:
            at, name = number + 1, match.group(1)
        elif keep_rest and line[:1] not in ("", " ", "\t", ")", "]", "}"):
            at, name = 0, ""
        pieces.setdefault(at, (name, []))[1].append(line)
    return [(name, "\n".join(lines)) for name, lines in pieces.values()]


# ---- does importing a file do anything? -------------------------------------

_PY_QUIET = re.compile(
    r"(?:import|from|def|class|async def|global|pass|else|except|finally)\b"
    r"|[@)\]}\"']"
)
_PY_TRIES = re.compile(r"^try\b[^\n]*\n((?:[ \t]+[^\n]*\n?|\n)*)", re.M)
_PY_ASSIGNS = re.compile(r"[\w.,\s\[\]\"]+(?::[^=]*)?=(?!=)\s*(.*)")


def is_inert(code: str) -> bool:
    """Does a Python file only define things? `code` is without strings.

    It is then no program by itself, whatever its functions can do.
    """
    own = set(re.findall(r"^(?:async +)?def +(\w+)", code, re.M))
    lines = code.split("\n")
    # `try: import x` does nothing; `try: main()` does.
    for body in _PY_TRIES.findall(code):
        lines += [line.strip() for line in body.split("\n")]
    return not any(_acts(line, own) for line in lines)


def _acts(line: str, own: Set[str]) -> bool:
    """Does a line at the margin do more than to define something?"""
    if not line or line[0] in " \t" or line.startswith("try"):
        return False
    if _PY_QUIET.match(line):
        return False
    assigned = _PY_ASSIGNS.match(line)
    if assigned is None:
        return True
    called = re.match(r"(\w+)\s*\(", assigned.group(1))
    return called is not None and called.group(1) in own
