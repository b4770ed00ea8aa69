"""Does the review work for a person with a keyboard and a browser?

The command itself is started, and Chromium types and clicks.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, List

import pytest

pytest.importorskip("flask")
pytest.importorskip("selenium")

import browser  # noqa: E402
import made_class  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from grader.gradebook import Gradebook  # noqa: E402
from grader.gradebook_model import RowMark  # noqa: E402

TOP = Path(__file__).resolve().parents[2]
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not DRIVER, reason="no chromedriver here")
MANY = 30
LIMIT_S = 12  # for one step


class Server:
    """The command, started; ended as a person ends it."""

    def __init__(self, out: Path, who: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "grader", "gradebook", "review", str(out), "--who", who],
            cwd=str(TOP), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.told: List[str] = []
        for line in self._process.stdout:
            self.told.append(line)
            if line.startswith("Ctrl-C"):
                break
        found = re.search(r"http://\S+", "".join(self.told))
        assert found, self.told
        self.address = found.group()

    def end(self) -> int:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=browser.LIMIT_S)
        return self._process.returncode


@pytest.fixture(name="out")
def _out(tmp_path: Path) -> Path:
    made_class.make(tmp_path, MANY)
    return tmp_path


@pytest.fixture(name="serve")
def _serve(out: Path) -> Iterator[Any]:
    servers: List[Server] = []

    def start(who: str) -> Server:
        servers.append(Server(out, who))
        return servers[-1]

    yield start
    assert [server.end() for server in servers] == [0] * len(servers)


@pytest.fixture(name="open_browser")
def _open_browser(tmp_path_factory: Any) -> Iterator[Any]:
    drivers: List[Any] = []

    def start(dark: bool = False) -> Any:
        options = Options()
        options.binary_location = browser.program()
        profile = tmp_path_factory.mktemp("profile")
        for flag in ("--headless", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--user-data-dir=%s" % profile,
                     "--blink-settings=preferredColorScheme=%d" % (not dark)):  # fmt: skip
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        drivers.append(webdriver.Chrome(service=Service(str(DRIVER)), options=options))
        drivers[-1].set_window_size(1400, 1000)
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.quit()


def wait(driver: Any, condition: Any) -> Any:
    return WebDriverWait(driver, LIMIT_S, 0.05).until(condition)


def enter(driver: Any, server: Server) -> None:
    driver.get(server.address)
    wait(driver, lambda d: "/s/" in d.current_url)
    ready(driver)


def ready(driver: Any) -> None:
    wait(driver, lambda d: d.execute_script("return document.readyState") == "complete")


def press(driver: Any, *keys: str) -> None:
    """Press keys where the focus is."""
    driver.switch_to.active_element.send_keys(*keys)


def then(driver: Any, *keys: str) -> str:
    """Press keys that lead to another page; returns what the page says."""
    page = driver.find_element(By.TAG_NAME, "html")
    press(driver, *keys)
    wait(driver, lambda d: d.find_element(By.TAG_NAME, "html") != page)
    ready(driver)
    said = driver.find_elements(By.CSS_SELECTOR, "[role=status]")
    return said[0].text if said else ""


def go(driver: Any, server: Server, number: int) -> None:
    driver.get("%s/s/%d" % (server.address.partition("/enter")[0], number))
    ready(driver)


def number_of(out: Path, name: str) -> int:
    with Gradebook(out) as book:
        return next(s.number for s in book.submissions() if s.name == name)


def row_of(out: Path, number: int, criterion: str) -> RowMark:
    with Gradebook(out) as book:
        mark = next(m for m in book.marks() if m.submission and m.submission.number == number)
    return next(row for row in mark.rows if row.id == criterion)


def test_a_hand_in_is_decided_by_keys_alone(out: Path, serve: Any, open_browser: Any) -> None:
    server, driver = serve("Ada"), open_browser()
    enter(driver, server)
    number = number_of(out, "s0004")
    go(driver, server, number)
    assert "17 of 20" in then(driver, "1", "7", Keys.ENTER)
    assert row_of(out, number, "explains-multithreading").points == 17
    assert "Taken back" in then(driver, "u")
    assert row_of(out, number, "explains-multithreading").decision is None
    then(driver, "h")
    assert row_of(out, number, "explains-multithreading").points == 10
    then(driver, "f")  # the next row has the focus now
    row = row_of(out, number, "readable")
    assert row.points == 10 and row.decision and row.decision.who == "Ada"
    before = driver.current_url
    then(driver, Keys.ENTER)  # to the next that waits
    assert driver.current_url != before
    press(driver, "c")
    press(driver, "z h <b>n</b>")  # letters are words here
    assert "Comment saved" in then(driver, Keys.CONTROL, Keys.ENTER)
    assert "z h <b>n</b>" in driver.find_element(By.CLASS_NAME, "comments").text
    there = driver.current_url.partition("#")[0]
    then(driver, "n")
    then(driver, "p")
    assert driver.current_url.partition("#")[0] == there
    assert not [e for e in driver.get_log("browser") if e["level"] == "SEVERE"
                and "favicon" not in e["message"]]  # fmt: skip


def test_arrows_choose_the_row_and_typed_points_are_not_left(
    out: Path, serve: Any, open_browser: Any
) -> None:
    server, driver = serve("Ada"), open_browser()
    enter(driver, server)
    number = number_of(out, "s0004")
    go(driver, server, number)
    press(driver, Keys.ARROW_DOWN)
    press(driver, "8")
    there = driver.current_url
    press(driver, "n")  # not without saving, or by Escape first
    assert driver.current_url == there
    assert driver.switch_to.active_element.get_attribute("value") == "8"
    then(driver, Keys.ENTER)
    assert row_of(out, number, "readable").points == 8
    assert row_of(out, number, "explains-multithreading").decision is None


def test_two_reviewers_are_told_of_each_other(out: Path, serve: Any, open_browser: Any) -> None:
    ada, bob = serve("Ada"), serve("Bob")
    one, two = open_browser(), open_browser()
    enter(one, ada)
    enter(two, bob)
    number = number_of(out, "s0004")
    go(one, ada, number)
    go(two, bob, number)
    then(one, "f")
    then(two, "z")
    told = two.find_element(By.CSS_SELECTOR, "[role=alert]").text
    assert "Ada gave 20 points meanwhile" in told
    assert row_of(out, number, "explains-multithreading").points == 20
    browser.PICTURES.mkdir(parents=True, exist_ok=True)
    two.save_screenshot(str(browser.PICTURES / "review-conflict.png"))
    then(two, "5", Keys.ENTER)
    assert row_of(out, number, "explains-multithreading").points == 5


def test_markup_of_a_student_runs_nothing(out: Path, serve: Any, open_browser: Any) -> None:
    server, driver = serve("Ada"), open_browser()
    enter(driver, server)
    go(driver, server, number_of(out, "s0002"))
    assert "<script>document.title='bad'" in driver.find_element(By.TAG_NAME, "body").text
    assert "bad" not in driver.title
    counted = "return [document.scripts.length, document.images.length]"
    assert driver.execute_script(counted) == [1, 0]
    # The policy would have held even if a template had let it through.
    driver.execute_script(
        "const s = document.createElement('div'); s.innerHTML ="
        " '<img src=x onerror=\"document.title=1\">'; document.body.append(s)"
    )
    driver.execute_async_script("setTimeout(arguments[0], 0)")
    assert driver.title != "1"


def test_the_report_opens_beside_the_row(out: Path, serve: Any, open_browser: Any) -> None:
    server, driver = serve("Ada"), open_browser()
    enter(driver, server)
    go(driver, server, number_of(out, "s0004"))
    driver.find_element(By.CSS_SELECTOR, ".runs-of a").click()
    wait(driver, lambda d: d.find_element(By.ID, "report-box").get_attribute("open"))
    driver.switch_to.frame(driver.find_element(By.TAG_NAME, "iframe"))
    wait(driver, lambda d: d.find_elements(By.ID, "row-11"))
    assert driver.find_element(By.TAG_NAME, "h1").text == "s0004"


def test_it_works_without_scripts(out: Path, serve: Any, open_browser: Any) -> None:
    server, driver = serve("Ada"), open_browser()
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    driver.get(server.address)
    wait(driver, lambda d: "/s/" in d.current_url)
    number = number_of(out, "s0004")
    driver.get("%s/s/%d" % (server.address.partition("/enter")[0], number))
    field = driver.find_element(By.NAME, "points")
    field.send_keys("12")
    field.send_keys(Keys.ENTER)
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "[role=status]"))
    assert row_of(out, number, "explains-multithreading").points == 12


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_for_people(out: Path, serve: Any, open_browser: Any, dark: bool) -> None:
    server, driver = serve("Ada"), open_browser(dark)
    enter(driver, server)
    browser.PICTURES.mkdir(parents=True, exist_ok=True)
    scheme = "dark" if dark else "light"
    for name, path in (("desk", "/s/%d" % number_of(out, "s0004")), ("class", "/")):
        for width in (1400, 700):
            driver.set_window_size(width, 1100)
            driver.get(server.address.partition("/enter")[0] + path)
            ready(driver)
            wide = driver.execute_script(
                "return [document.documentElement.scrollWidth, innerWidth]"
            )
            assert wide[0] <= wide[1], (name, width)
            kept = browser.PICTURES / ("review-%s-%d-%s.png" % (name, width, scheme))
            assert driver.save_screenshot(str(kept))
            assert os.path.getsize(str(kept)) > 15_000
