"""What does a person want to see before marking by hand?

Reads the sources of a submission and lays out what can be counted: the text
at the top of a program, files with their length and share of comments, and
what a compiler or linter warns of. It judges nothing.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Sequence, Tuple, Type

from grader import languages, tree
from grader.model import Program

#: What a warning of gcc, clang or javac looks like.
_WARNING = re.compile(r"^(\S+?:\d+(?::\d+)?): warning: (.*)$", re.MULTILINE)
_DOCSTRING = re.compile(r"\s*[rRuUbB]{0,2}(\"\"\"|''')(.*?)(?:\1|\Z)", re.DOTALL)
_LINE_COMMENT = {"python": "#", "c": "//", "c++": "//", "java": "//",
                 "node": "//"}
_MOST_FILES = 200
#: How Python says that it cannot read a source. One that is nested a hundred
#: thousand deep takes all of its stack or memory, and is told of elsewhere.
_UNREADABLE: Tuple[Type[BaseException], ...] = (
    SyntaxError, ValueError, RecursionError, MemoryError,
)
#: Characters in which the comment at the head of a program is looked for.
_HEAD = 64 * 1024


@dataclass(frozen=True)
class SourceFile:
    """One source of a submission."""

    path: str  # relative to the submission
    language: str
    text: str
    lines: int
    comments: float  # share of its characters that are comment, 0 to 1


def sources(folder: Path) -> Tuple[SourceFile, ...]:
    """Every source in a submission, sorted by path."""
    found: List[SourceFile] = []
    for path in sorted(tree.files(folder))[:_MOST_FILES]:
        language = languages.recognise(path)
        if language is None:
            continue
        try:
            text = languages.read_source(folder / path)
        except OSError:
            continue
        found.append(_source(path, language, text))
    return tuple(found)


def _source(path: str, language: languages.Language, text: str) -> SourceFile:
    code = languages.strip_comments(text, language)
    visible, left = len("".join(text.split())), len("".join(code.split()))
    if language.name == "python":
        left -= sum(
            len("".join(match.group(2).split()))
            for match in re.finditer(
                r"^[ \t]*(\"\"\"|''')(.*?)\1", code, re.DOTALL | re.MULTILINE
            )
        )
    share = (visible - left) / visible if visible else 0.0
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    return SourceFile(path, language.name, text, lines, share)


def leading_comment(source: SourceFile) -> str:
    """The comment that a program begins with, without its marks; a shebang,
    imports and blank lines before it do not count. "" where there is none."""
    text = re.sub(r"\A#!.*\n", "", source.text[:_HEAD])
    found: List[str] = []
    while text:
        piece, text = _next_comment(text.lstrip(), source.language)
        if piece is None:
            break
        found.append(piece)
    return "\n".join(found).strip()


def _next_comment(text: str, language: str) -> Tuple[Optional[str], str]:
    """One comment from the start of the text, and what follows it."""
    mark = _LINE_COMMENT.get(language, "#")
    if text.startswith(mark):
        line, _newline, rest = text.partition("\n")
        return line[len(mark) :].strip(" #*/-="), rest
    if language == "python":
        match = _DOCSTRING.match(text)
        if match:
            return match.group(2).strip(), text[match.end() :]
        # Many write the explanation right below the imports.
        match = re.match(r"(?:from|import)\b.*\n?", text)
        return ("", text[match.end() :]) if match else (None, text)
    if text.startswith("/*"):
        body, _end, rest = text[2:].partition("*/")
        lines = [line.strip().lstrip("*").strip() for line in body.split("\n")]
        return "\n".join(lines).strip(), rest
    match = re.match(r"(?:#\s*include|import|package|const .*require)\b.*\n?", text)
    return ("", text[match.end() :]) if match else (None, text)


def source_of(
    program: Optional[Program], found: Sequence[SourceFile]
) -> Optional[SourceFile]:
    """The main source of a program."""
    if program is None:
        return None
    for source in found:
        if source.path == program.source:
            return source
    return None


def compiler_warnings(output: str) -> List[str]:
    """The warnings in a compiler's output: "server.c:12:5: unused ..."."""
    return [": ".join(match.groups()) for match in _WARNING.finditer(output)]


def python_warnings(found: Sequence[SourceFile]) -> List[str]:
    """What Python itself, and pyflakes where it is installed, warn of."""
    told: List[str] = []
    for source in found:
        if source.language != "python":
            continue
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                compile(source.text, source.path, "exec", dont_inherit=True)
            except _UNREADABLE:
                continue  # that is told elsewhere
        told += ["%s:%d: %s" % (source.path, w.lineno, w.message) for w in caught]
    return told
