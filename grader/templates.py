"""How does what a program printed get into a page and stay text there?

Jinja2 escapes what is markup. Everything that a template writes goes through
`inert` as well: control characters, direction marks and lone surrogates are
shown and do not act, and a text that is too long says how much of it is left
out. So no template can forget either. Only text of our own is `Markup`.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from grader import words

FOLDER = Path(__file__).with_name("html")
MOST_LINES = 60
MOST_COLUMNS = 600
MOST = 6000  # letters of one text in all


@functools.lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates of `html/`."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(FOLDER)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=inert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["points"] = words.number
    made.filters["count"] = words.count
    made.filters["ticks"] = ticks
    return made


def inert(value: Any) -> Any:
    """Return what a template may write in the place of a value."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return fitted(words.printable(value[: 4 * MOST], keep="\n"), len(value))
    return value


def ticks(text: str) -> Markup:
    """Return a text in which what stands between `` is set as code."""
    parts = re.split("`([^`\n]+)`", str(inert(text)))
    code = Markup("<code>%s</code>")
    return Markup("").join(
        code % part if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def fitted(text: str, whole: int = 0) -> str:
    """Return an inert text, without what is too long of it.

    `whole` is how long it was, where something has been cut off before.
    """
    if len(text) <= MOST_COLUMNS and "\n" not in text and whole <= 4 * MOST:
        return text
    lines = text.split("\n")
    shown = "\n".join(map(_line, lines[:MOST_LINES]))
    if len(shown) > MOST or whole > 4 * MOST:
        shown = shown[:MOST]
        left = max(whole, len(text)) - len(shown)
        return "%s… %s more" % (shown, "{:,} characters".format(left))
    if len(lines) > MOST_LINES:
        more = words.count(len(lines) - MOST_LINES, "line")
        return "%s\n… %s more" % (shown, more)
    return shown


def _line(line: str) -> str:
    if len(line) <= MOST_COLUMNS:
        return line
    left = len(line) - MOST_COLUMNS
    return "%s… %s more characters" % (line[:MOST_COLUMNS], "{:,}".format(left))
