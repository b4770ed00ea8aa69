"""How is a table in a text file read, and changed in a few cells only?

Spreadsheets and learning systems write CSV in many ways: commas, semicolons
or tabs, UTF-8 with a mark or without, UTF-16, the letters of Windows. Each
cell is read together with the place that it has in the text, so that a cell
can be filled while everything else stays byte for byte.

A cell that a spreadsheet would take for a formula gets an apostrophe before
it when we write it (`guarded`), and loses it when we read it (`unguarded`).
One that has apostrophes already gets one more, so nothing is ever mixed up.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, List, Mapping, Optional, Sequence, Tuple

from grader.gradebook_model import GradebookError
from grader.words import printable

#: A file of grades is small; something else was given by mistake.
MAX_BYTES = 64 << 20

# What Excel, LibreOffice and Google take for the beginning of a formula, also
# after white space that they drop, and in the wide letters of East Asia.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff0b\uff0d\uff1d\uff20])")
_DELIMITERS = ",;\t"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEP = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    if cell.startswith("'") and _FORMULA.match(cell[1:]):
        return cell[1:]
    return cell


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, and where it is in the text."""

    text: str
    line: int  # where it begins, from 1
    start: int = 0
    end: int = 0


NOTHING = Cell("", 0)


@dataclass(frozen=True)
class Row:
    """One row of a table; cells that are not there are empty."""

    line: int
    cells: Tuple[Cell, ...]

    def __getitem__(self, at: Optional[int]) -> Cell:
        if at is None or not 0 <= at < len(self.cells):
            return NOTHING
        return self.cells[at]

    def text(self, at: Optional[int]) -> str:
        """What a cell says, without white space around it."""
        return self[at].text.strip()


@dataclass(frozen=True)
class Table:
    """A table as it lies in a file. The first row is the header."""

    name: str  # of the file, for messages
    source: str
    rows: Tuple[Row, ...]
    delimiter: str
    encoding: str
    bom: bytes = b""

    @property
    def header(self) -> Tuple[str, ...]:
        return tuple(cell.text.strip() for cell in self.rows[0].cells)

    @property
    def body(self) -> Tuple[Row, ...]:
        return self.rows[1:]

    def column(self, *names: str) -> Optional[int]:
        """Where a column of one of these names is, in any case."""
        wanted = {name.casefold() for name in names}
        for at, title in enumerate(self.header):
            if title.casefold() in wanted:
                return at
        return None

    def filled(self, changes: Mapping[Cell, str]) -> bytes:
        """The file with other texts in these cells, and nothing else new."""
        out: List[str] = []
        at = 0
        for cell in sorted(changes, key=lambda one: one.start):
            if cell.line == 0:
                raise GradebookError("%s: a row is too short" % self.name)
            out += [self.source[at : cell.start]]
            out += [quoted(changes[cell], self.delimiter)]
            at = cell.end
        out.append(self.source[at:])
        # What the file's letters lack is written as HTML has it: it can only
        # be in feedback, which learning systems take for HTML.
        text = "".join(out).encode(self.encoding, "xmlcharrefreplace")
        return self.bom + text


def read(path: Path) -> Table:
    """Read a table from a file; GradebookError with file and line."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise GradebookError("%s: too large for a table" % path)
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise GradebookError("%s: %s" % (path, error.strerror)) from error


def parse(data: bytes, name: str) -> Table:
    """Read a table from bytes; `name` is told in messages."""
    bom, encoding = _encoding(data)
    try:
        source = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise GradebookError("%s: %s" % (name, error)) from error
    if "\0" in source:
        raise GradebookError("%s: this is no text file" % name)
    announced = _SEP.match(source)
    begin = announced.end() if announced else 0
    delimiter = announced.group(1) if announced else _delimiter(source)
    rows = _scan(source, begin, delimiter, name)
    filled = [row for row in rows if any(cell.text.strip() for cell in row.cells)]
    if not filled:
        raise GradebookError("%s: there is nothing in it" % name)
    return Table(name, source, tuple(filled), delimiter, encoding, bom)


def _encoding(data: bytes) -> Tuple[bytes, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding
    head = data[:512]
    if head.count(0) * 3 > len(head):  # the letters of Latin, in UTF-16
        return b"", "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        data.decode("utf-8")
        return b"", "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        data.decode("cp1252")
        return b"", "cp1252"
    except UnicodeDecodeError:
        return b"", "latin-1"


def _delimiter(source: str) -> str:
    """The sign that parts the header most often, quoted texts aside."""
    header = re.match(r'[\r\n]*((?:"[^"]*"|[^"\r\n])*)', source)
    bare = re.sub(r'"[^"]*"', "", header.group() if header else "")
    return max(_DELIMITERS, key=bare.count)


def _scan(source: str, at: int, delimiter: str, name: str) -> List[Row]:
    """All rows of the text from a place on."""
    plain = re.compile("[^%s\r\n]*" % re.escape(delimiter))
    whole = re.compile(r'"((?:[^"]|"")*)"')
    line = 1 + len(re.findall(r"\r\n|\r|\n", source[:at]))
    rows: List[Row] = []
    cells: List[Cell] = []
    first = line
    while at < len(source) or cells:
        match = whole.match(source, at) if source[at : at + 1] == '"' else None
        if match is not None:
            text = match.group(1).replace('""', '"')
        elif source[at : at + 1] == '"':
            raise GradebookError("%s:%d: a quote never ends" % (name, line))
        else:
            match = plain.match(source, at)
            assert match is not None  # it matches nothing, too
            text = match.group()
        end = match.end()
        cells.append(Cell(text, line, at, end))
        line += len(re.findall(r"\r\n|\r|\n", match.group()))
        if source[end : end + 1] == delimiter:
            at = end + 1
            continue
        stop = re.compile(r"\r\n|\r|\n|\Z").match(source, end)
        if stop is None:
            raise GradebookError(
                "%s:%d: something follows a quote that ends" % (name, line)
            )
        rows.append(Row(first, tuple(cells)))
        cells = []
        line += 1
        first, at = line, stop.end()
    return rows


def quoted(text: str, delimiter: str = ",") -> str:
    """A text as a cell of a file, in quotes where it needs them."""
    if re.search('[%s"\r\n]' % re.escape(delimiter), text) or (
        text != text.strip()
    ):
        return '"%s"' % text.replace('"', '""')
    return text


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of texts as a file: UTF-8, commas, ends of lines as in RFC 4180.
    What would act on a terminal is shown, as everywhere."""
    lines = (
        ",".join(quoted(printable(cell, keep="\t\r\n")) for cell in row) for row in rows
    )
    return "".join(line + "\r\n" for line in lines).encode(
        "utf-8", "backslashreplace"
    )
