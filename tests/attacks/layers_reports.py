"""Layers that keep a report from acting on what a submission says."""

from __future__ import annotations

from typing import Any, Callable, Dict, Union

import jinja2

from grader import words


def inert_text() -> None:
    """What was printed stands in the report as it is."""

    def as_it_is(text: Union[str, bytes], _keep: str = "") -> str:
        return text if isinstance(text, str) else text.decode("utf-8", "replace")

    setattr(words, "printable", as_it_is)


def escaped_markup() -> None:
    """What was printed is markup of the page."""
    usual: Callable[..., Any] = jinja2.Environment

    def without(**options: Any) -> Any:
        return usual(**{**options, "autoescape": False})

    setattr(jinja2, "Environment", without)


LAYERS: Dict[str, Callable[[], None]] = {
    "inert-text": inert_text,
    "escaped-markup": escaped_markup,
}
