"""Can the page of a class be read in a browser, also that of a large class?"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

import browser
import made_class
import test_report_page as pages
from grader import class_page

MANY = 1150  # students, who make about a thousand hand-ins
MOST_BYTES = 3 * 1024 * 1024
#: Chromium starts, lays out a thousand rows and ends; loaded machines too.
OPENS_S = 30


def written(folder: Path, size: int, whole: bool) -> str:
    made_class.make(folder, size, pages=whole)
    return class_page.write(folder, made_class.order()).read_text("utf-8")


@pytest.fixture(name="page", scope="module")
def _page(tmp_path_factory: Any) -> str:
    return written(tmp_path_factory.mktemp("class"), 30, False)


@pytest.mark.parametrize("width", [360, 700, 1400])
def test_nothing_sticks_out_of_the_page(page: str, width: int) -> None:
    script = pages.STICKS_OUT.replace(".scroll,", ".scroll *,")
    found = browser.ask(page, script, width)
    assert found["out"] == []
    assert found["scroll"] <= found["wide"] <= width


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_told_from_its_ground(page: str, dark: bool) -> None:
    found = browser.ask(page, pages.CONTRAST, dark=dark)
    assert found["least"] >= 4.5, found
    assert found["seen"] > 400
    assert (max(found["page"]) < 60) == dark


def test_the_browser_has_nothing_to_complain_of(page: str) -> None:
    assert browser.complaints(page) == []


def test_headers_stay_in_sight_and_have_a_scope(page: str) -> None:
    script = """
    const map = page.querySelector(".map");
    map.scrollTop = 500; map.scrollLeft = 120;
    const box = map.getBoundingClientRect();
    const head = page.querySelector(".map thead th.crit").getBoundingClientRect();
    const name = page.querySelector(".map tbody th.name").getBoundingClientRect();
    return {bare: [...page.querySelectorAll("th")].filter(th => !th.scope).length,
      top: Math.abs(head.top - box.top) < 6, left: Math.abs(name.left - box.left) < 6,
      moved: map.scrollTop > 0};
    """
    found = browser.ask(page, script, 700)
    assert found == {"bare": 0, "top": True, "left": True, "moved": True}


def test_a_thousand_rows_are_small_and_open_at_once(tmp_path: Path) -> None:
    text = written(tmp_path, MANY, False)
    assert len(text.encode("utf-8")) < MOST_BYTES
    script = "return page.querySelectorAll('.map tbody tr').length"
    began = time.monotonic()
    assert browser.ask(text, script) > 950
    assert time.monotonic() - began < OPENS_S


def test_prints(page: str) -> None:
    pdf = browser.paper(page, "class")
    count = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert 2 <= count <= 9


@pytest.mark.parametrize(
    "width, dark", [(1400, False), (1400, True), (700, False), (700, True)]
)
def test_pictures_for_people(page: str, width: int, dark: bool) -> None:
    name = "class-%d-%s" % (width, "dark" if dark else "light")
    png = browser.picture(page, name, width, 2600, dark)
    assert png.startswith(b"\x89PNG") and len(png) > 60_000
