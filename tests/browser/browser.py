"""What does a page look like to a browser?

Chromium is asked to lay a page out in a frame of a given width; a script
beside the frame measures it, since a report has no script of its own and
forbids them. The answer comes back with `--dump-dom`.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, List

PICTURES = Path(__file__).resolve().parents[2] / "build" / "test" / "pictures"
NAMES = ("chromium", "chromium-browser", "google-chrome")
LIMIT_S = 240  # an overloaded machine starts a browser slowly

_FRAME = """<!DOCTYPE html>
<meta charset="utf-8">
<style>body{margin:0}iframe{border:0;width:%dpx;height:%dpx}</style>
<pre id="answer"></pre>
<iframe id="frame" srcdoc="%s"></iframe>
<script>
const frame = document.getElementById("frame");
function measure(page, window) { %s }
frame.onload = () => {
  let answer;
  try { answer = measure(frame.contentDocument, frame.contentWindow); }
  catch (error) { answer = {error: String(error)}; }
  frame.remove();
  document.getElementById("answer").textContent = JSON.stringify(answer);
};
</script>
"""


def program() -> str:
    """The browser, or "" where there is none."""
    found = (shutil.which(name) for name in NAMES)
    return next((name for name in found if name), "")


def ask(page: str, script: str, width: int = 1400, dark: bool = False) -> Any:
    """Return what the body of a function `(page, window)` returns."""
    framed = _FRAME % (width, 900, html.escape(page), script)
    out = _run(framed, dark, ["--dump-dom"])
    found = re.search(r'<pre id="answer">(.*?)</pre>', out, re.DOTALL)
    assert found and found.group(1), "the browser did not answer"
    return json.loads(html.unescape(found.group(1)))


def shown_at(page: str, fragment: str) -> str:
    """Return the page as it is after a link to this place in it."""
    return _run(page, False, ["--dump-dom"], fragment="#" + fragment)


def complaints(page: str) -> List[str]:
    """Return what the browser says on its console when it shows a page."""
    options = ["--enable-logging=stderr", "--dump-dom"]
    said = _run(page, False, options, errors=True)
    return [line for line in said.split("\n") if "CONSOLE" in line]


def picture(
    page: str, name: str, width: int, height: int, dark: bool = False
) -> bytes:
    """Take a picture and keep it for people; returns the PNG."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / (name + ".png")
    if width < 500:  # the least that a window can have
        style = "<style>body{margin:0}iframe{border:0;width:%dpx;height:%dpx}"
        frame = '</style><iframe srcdoc="%s"></iframe>' % html.escape(page)
        page = "<!DOCTYPE html>" + style % (width, height) + frame
    size = "--window-size=%d,%d" % (max(width, 500), height)
    _run(page, dark, [size, "--hide-scrollbars", "--screenshot=%s" % path])
    return path.read_bytes()


def paper(page: str, name: str) -> bytes:
    """Print a page; returns the PDF."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / (name + ".pdf")
    _run(page, True, ["--no-pdf-header-footer", "--print-to-pdf=%s" % path])
    return path.read_bytes()


def _run(
    page: str,
    dark: bool,
    options: List[str],
    errors: bool = False,
    fragment: str = "",
) -> str:
    """Run the browser on a page, with a profile that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [
                program(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=%s/profile" % folder,
                "--blink-settings=preferredColorScheme=%d" % (not dark),
                *options, path.as_uri() + fragment,
            ],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT_S,
            encoding="utf-8", errors="replace", check=True,
        )  # fmt: skip
    return done.stderr if errors else done.stdout
