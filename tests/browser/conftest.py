"""The pages that are looked at, and a browser to look with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tests" / "python"), str(TOP / "tests" / "browser")]

import browser  # noqa: E402


def pytest_collection_modifyitems(items: Any) -> None:
    if not browser.program():
        for item in items:
            if Path(str(item.fspath)).parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason="no Chromium here"))
