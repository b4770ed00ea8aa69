"""Which small faults can be put into a C source?

clang's own syntax tree says where a call, a condition or a statement begins
and ends; the fault itself is a piece of text in the place of another one. The
faults of a file always come in the same order, and each has an id that stays
when lines above it change: FILE:FUNCTION:OPERATOR:NUMBER.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from clang import cindex  # type: ignore[import]
from clang.cindex import CursorKind as K  # type: ignore[import]

#: How the programs are called; no rubric speaks of that.
SKIPPED = ("print_usage", "read_options", "tcp_port")

Edit = Tuple[int, int, str]  # bytes from, to, and what stands there instead
Cursor = Any  # clang has no types of its own


class ParseError(Exception):
    """clang cannot read the file."""


@dataclass(frozen=True)
class Mutant:
    """One source with one fault."""

    id: str
    file: str  # relative to the folder of the sources
    line: int
    change: str  # "OLD -> NEW", on one line
    text: str  # the whole file with the fault in it

    @property
    def function(self) -> str:
        """Of a function, a table or a macro."""
        return self.id.split(":")[1]

    @property
    def operator(self) -> str:
        return self.id.split(":")[2]


def mutants(folder: Path, file: str, flags: Sequence[str]) -> List[Mutant]:
    """The mutants of one file; a header has only those of its macros."""
    source = (folder / file).read_text()
    assert source.isascii(), "offsets are those of bytes and of letters"
    found: List[Tuple[str, str, Edit]] = list(_in_macros(source))
    if file.endswith(".c"):
        unit = _parse(folder / file, flags)
        for cursor in unit.cursor.get_children():
            if str(cursor.location.file) == str(folder / file):
                found += _in_declaration(cursor, source)
    return list(_numbered(file, source, found))


def _numbered(
    file: str, source: str, found: Sequence[Tuple[str, str, Edit]]
) -> Iterator[Mutant]:
    count: Dict[Tuple[str, str], int] = {}
    seen = set()
    for function, operator, (start, end, new) in found:
        text = source[:start] + new + source[end:]
        if text == source or text in seen:
            continue
        seen.add(text)
        count[function, operator] = count.get((function, operator), 0) + 1
        yield Mutant(
            id="%s:%s:%s:%d" % (file, function, operator, count[function, operator]),
            file=file,
            line=source.count("\n", 0, start) + 1,
            change=_one_line(source[start:end]) + " -> " + _one_line(new),
            text=text,
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _parse(path: Path, flags: Sequence[str]) -> Any:
    try:
        unit = cindex.Index.create().parse(str(path), args=list(flags))
    except cindex.TranslationUnitLoadError as error:
        raise ParseError("%s: %s" % (path, error)) from error
    for problem in unit.diagnostics:
        if problem.severity >= cindex.Diagnostic.Error:
            raise ParseError(str(problem))
    return unit


def _in_declaration(
    top: Cursor, source: str
) -> Iterator[Tuple[str, str, Edit]]:
    """All faults of a function, or of a table."""
    if top.kind is K.FUNCTION_DECL and not top.is_definition():
        return
    if top.kind not in (K.FUNCTION_DECL, K.VAR_DECL) or top.spelling in SKIPPED:
        return
    for cursor in top.walk_preorder():
        for name, operator in OPERATORS:
            for edit in operator(cursor, source):
                yield top.spelling, name, edit


# ---- places in the text ------------------------------------------------------


def _span(cursor: Cursor) -> Tuple[int, int]:
    return cursor.extent.start.offset, cursor.extent.end.offset


def _text(cursor: Cursor, source: str) -> str:
    start, end = _span(cursor)
    return source[start:end]


def _children(cursor: Cursor) -> List[Cursor]:
    return list(cursor.get_children())


def _operator_of(cursor: Cursor, source: str) -> Optional[Tuple[str, int, int]]:
    """The sign of a binary operator, and where it stands; None in a macro."""
    sides = _children(cursor)
    if len(sides) != 2:
        return None
    begin, end = _span(sides[0])[1], _span(sides[1])[0]
    between = source[begin:end]
    match = re.fullmatch(r"\s*([-+*/<>=!&|%^]+)[\s(]*", between)
    if match is None:
        return None
    return match.group(1), begin + match.start(1), begin + match.end(1)


def _is_statement(cursor: Cursor) -> bool:
    """Whether it may be left out: it stores, calls or jumps."""
    return cursor.kind in (
        K.CALL_EXPR, K.COMPOUND_ASSIGNMENT_OPERATOR, K.UNARY_OPERATOR,
        K.BINARY_OPERATOR, K.BREAK_STMT, K.CONTINUE_STMT, K.RETURN_STMT,
    )  # fmt: skip


def _bodies(cursor: Cursor) -> List[Cursor]:
    """The statements right below one."""
    below = _children(cursor)
    if cursor.kind in (K.COMPOUND_STMT, K.CASE_STMT, K.DEFAULT_STMT):
        return below[1:] if cursor.kind is K.CASE_STMT else below
    if cursor.kind is K.IF_STMT:
        return below[1:]
    if cursor.kind in (K.WHILE_STMT, K.FOR_STMT):
        return below[-1:]
    return below[:1] if cursor.kind is K.DO_STMT else []


# ---- operators ---------------------------------------------------------------


def swap_arguments(cursor: Cursor, source: str) -> Iterator[Edit]:
    if cursor.kind is not K.CALL_EXPR:
        return
    arguments = list(cursor.get_arguments())
    for one, other in zip(arguments, arguments[1:]):
        (start, end), (after, last) = _span(one), _span(other)
        if start < end <= after < last:  # not where a macro holds both
            yield start, last, (
                source[after:last] + source[end:after] + source[start:end]
            )


def drop_statement(cursor: Cursor, source: str) -> Iterator[Edit]:
    for statement in _bodies(cursor):
        if _is_statement(statement):
            start, end = _span(statement)
            yield start, end, ""


def swap_statements(cursor: Cursor, source: str) -> Iterator[Edit]:
    """Two neighbours that each store or call. To check for a failure a
    moment later changes nothing where nothing fails."""
    if cursor.kind is not K.COMPOUND_STMT:
        return
    below = _children(cursor)
    fixed = (K.RETURN_STMT, K.BREAK_STMT, K.CONTINUE_STMT)
    for one, other in zip(below, below[1:]):
        if not (_is_statement(one) and _is_statement(other)):
            continue
        if one.kind in fixed or other.kind in fixed:
            continue
        start, after = _span(one)[0], _span(other)[0]
        end = _with_semicolon(one, source)
        last = _with_semicolon(other, source)
        yield start, last, source[after:last] + source[end:after] + source[start:end]


def _with_semicolon(cursor: Cursor, source: str) -> int:
    end = _span(cursor)[1]
    match = re.compile(r"\s*;").match(source, end)
    return match.end() if match and source[end - 1] not in "};" else end


def negate(cursor: Cursor, source: str) -> Iterator[Edit]:
    below = _children(cursor)
    if cursor.kind in (K.IF_STMT, K.WHILE_STMT, K.CONDITIONAL_OPERATOR):
        condition = below[0]
    elif cursor.kind is K.DO_STMT:
        condition = below[-1]
    else:
        return
    start, end = _span(condition)
    yield start, end, "!(" + source[start:end] + ")"


_OTHER_SIGN = {
    "&&": "||", "||": "&&", "<": "<=", "<=": "<", ">": ">=", ">=": ">",
    "==": "!=", "!=": "==", "+": "-", "-": "+", "+=": "-=", "-=": "+=",
    "&": "|", "|": "&", "*": "+",
}  # fmt: skip


def other_sign(cursor: Cursor, source: str) -> Iterator[Edit]:
    if cursor.kind in (K.BINARY_OPERATOR, K.COMPOUND_ASSIGNMENT_OPERATOR):
        found = _operator_of(cursor, source)
        if found is not None and found[0] in _OTHER_SIGN:
            yield found[1], found[2], _OTHER_SIGN[found[0]]


def other_number(cursor: Cursor, source: str) -> Iterator[Edit]:
    """One less, or 1 for 0. The -1 of a failure is left alone."""
    start, end = _span(cursor)
    if source[:start].endswith("-"):
        return
    if cursor.kind is K.INTEGER_LITERAL and source[start:end].isdigit():
        number = int(source[start:end])
        yield start, end, str(number - 1 if number else 1)


def other_name(cursor: Cursor, source: str) -> Iterator[Edit]:
    """The next constant of the same enum."""
    if cursor.kind is not K.DECL_REF_EXPR:
        return
    meant = cursor.referenced
    if meant is None or meant.kind is not K.ENUM_CONSTANT_DECL:
        return
    names = [c.spelling for c in _children(meant.semantic_parent)]
    start, end = _span(cursor)
    if source[start:end] == meant.spelling and len(names) > 1:
        following = names[(names.index(meant.spelling) + 1) % len(names)]
        yield start, end, following


def other_letter(cursor: Cursor, source: str) -> Iterator[Edit]:
    start, end = _span(cursor)
    match = re.fullmatch(r"'(\w|\\?.)'", source[start:end])
    if cursor.kind is not K.CHARACTER_LITERAL or match is None:
        return
    yield start, end, "'Y'" if match.group(1) == "X" else "'X'"


def other_text(cursor: Cursor, source: str) -> Iterator[Edit]:
    if cursor.kind is K.STRING_LITERAL:
        start, end = _span(cursor)
        yield from _other_texts(start, source[start:end])


def _other_texts(at: int, literal: str) -> Iterator[Edit]:
    """Its first word is another one; its last word is left out."""
    if not literal.startswith('"') or len(literal) < 3:
        return
    words = list(re.finditer(r"(?<![%\\])\b[A-Za-z]+", literal))
    if words:
        yield at + words[0].start(), at + words[0].end(), "Other"
    if len(words) > 1:
        yield at + words[-1].start(), at + words[-1].end(), ""


def return_early(cursor: Cursor, source: str) -> Iterator[Edit]:
    if cursor.kind is not K.FUNCTION_DECL:
        return
    body = _children(cursor)[-1]
    code = [c for c in _children(body) if c.kind is not K.DECL_STMT]
    if not code or code[0].kind is K.RETURN_STMT:
        return
    start = _span(code[0])[0]
    value = "" if cursor.result_type.spelling == "void" else " 0"
    yield start, start, "return%s; " % value


Operator = Callable[[Cursor, str], Iterator[Edit]]
OPERATORS: Tuple[Tuple[str, Operator], ...] = (
    ("swap-arguments", swap_arguments),
    ("drop", drop_statement),
    ("swap-statements", swap_statements),
    ("negate", negate),
    ("other-sign", other_sign),
    ("other-number", other_number),
    ("other-name", other_name),
    ("other-letter", other_letter),
    ("other-text", other_text),
    ("return-early", return_early),
)

_MACRO = re.compile(
    r'^#define (\w+)[ \\\n]+("[^"\n]*"|\d+)(?=\s*(?:/\*|$))', re.MULTILINE
)


def _in_macros(source: str) -> Iterator[Tuple[str, str, Edit]]:
    for match in _MACRO.finditer(source):
        name, value = match.groups()
        if value.isdigit():
            for number in (0, int(value) + 1):
                edit = (match.start(2), match.end(2), str(number))
                yield name, "other-number", edit
        for edit in _other_texts(match.start(2), value):
            yield name, "other-text", edit
