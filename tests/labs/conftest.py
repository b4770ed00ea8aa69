"""`pytest tests/labs --switch ovs` grades the examples on the other switch."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--switch", choices=("bridge", "ovs"), default="bridge")


@pytest.fixture
def switch(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--switch"))
