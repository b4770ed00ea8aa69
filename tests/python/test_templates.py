"""Can anything that a program printed act in a page?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from grader import templates
from grader.templates import environment, fitted, inert, ticks


def shown(value: object, source: str = "{{ value }}") -> str:
    return environment().from_string(source).render(value=value)


@pytest.mark.parametrize(
    "value, expected",
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202eevil", "\\u202eevil"),
        ("\u200b", "\\u200b"),
        ("\ud800", "\\ud800"),
        ("\x00", "\\x00"),
        ("two\nlines", "two\nlines"),
        ("\t\r", "\\t\\r"),
        ("漢字 é", "漢字 é"),
        (7, "7"),
        (Markup("<b>"), "<b>"),
    ],
)
def test_what_a_template_writes_is_inert(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_an_attribute_cannot_be_left() -> None:
    text = shown('" onclick="1', '<a href="{{ value }}">')
    assert text == '<a href="&#34; onclick=&#34;1">'


def test_a_name_that_is_not_given_is_a_mistake() -> None:
    with pytest.raises(Exception, match="undefined"):
        environment().from_string("{{ nobody }}").render()


def test_a_long_line_is_cut_and_counted() -> None:
    text = inert("short\n" + "x" * 1000)
    assert text == "short\n" + "x" * 600 + "… 400 more characters"


def test_many_lines_are_cut_and_counted() -> None:
    assert fitted("\n".join("ab" for _ in range(70))).endswith(
        "ab\n… 10 lines more"
    )
    assert fitted("\n".join("ab" for _ in range(60))).endswith("ab\nab")


def test_a_very_long_text_is_cut_and_counted() -> None:
    text = inert("y" * 500 + "\n" + ("x" * 500 + "\n") * 100_000)
    assert len(text) < templates.MOST + 50
    left = 500 + 1 + 501 * 100_000 - templates.MOST
    assert text.endswith("… {:,} characters more".format(left))


def test_a_short_text_stays_as_it_is() -> None:
    for text in ("", "a", "a\n\nb", "x" * 600):
        assert inert(text) == text


def test_ticks_are_set_as_code_and_stay_inert() -> None:
    assert ticks("use `a<b` or `c`") == (
        "use <code>a&lt;b</code> or <code>c</code>"
    )
    assert ticks("a ` alone <b>") == "a ` alone &lt;b&gt;"
    assert ticks("`\u202e`") == "<code>\\u202e</code>"


@pytest.mark.parametrize("path", sorted(templates.FOLDER.glob("*.j2")))
def test_no_template_calls_something_safe(path: Path) -> None:
    """Markup is made in Python, where it is seen what it is made of."""
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in text.replace(" ", "")
    assert "autoescape" not in text
    # The review has one script, of its own; a report has none.
    scripts = re.findall(r"<script[^>]*>", text)
    assert scripts in ([], ['<script src="/review.js" defer>']), scripts
    assert not scripts or path.name.startswith("review_")
