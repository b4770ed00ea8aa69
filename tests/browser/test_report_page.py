"""Can the report be read in a browser, however wide, dark or hostile?"""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from typing import Any, Callable, Dict

import pytest

import browser
import made_up
import test_report_html as pages
from grader import model

# The page's own elements that stick out of it, or out of what holds them. What
# stands in a box of its own that can be scrolled is not counted.
STICKS_OUT = """
const wide = page.documentElement.clientWidth;
const out = [];
for (const one of page.body.querySelectorAll("*")) {
  if (one.closest("svg, .shapes, .hidden, .skip, .scroll, thead, pre")) continue;
  const box = one.getBoundingClientRect();
  if (box.right > wide + 1 || box.left < -1)
    out.push(one.tagName + "." + one.className + " " + Math.round(box.right));
}
return {scroll: page.documentElement.scrollWidth, wide: wide, out: out};
"""

# Text in a picture that leaves the picture or the card that it stands in.
LEAVES_ITS_CARD = """
const out = [];
let cards = 0, texts = 0;
for (const svg of page.querySelectorAll("svg.ladder")) {
  for (const details of page.querySelectorAll("details")) details.open = true;
  const whole = svg.viewBox.baseVal;
  for (const step of svg.querySelectorAll("g")) {
    const boxes = [...step.querySelectorAll("rect:not(.hit)")].map(r => r.getBBox());
    for (const text of step.querySelectorAll("text")) {
      texts += 1;
      const t = text.getBBox();
      if (t.x < whole.x - 1 || t.x + t.width > whole.x + whole.width + 1)
        out.push("picture: " + text.textContent);
      const card = boxes.find(b => t.x >= b.x && t.x <= b.x + b.width
        && t.y + t.height / 2 >= b.y && t.y + t.height / 2 <= b.y + b.height);
      if (!card) continue;
      cards += 1;
      if (t.x + t.width > card.x + card.width + 1) out.push("card: " + text.textContent);
    }
  }
}
return {out: out, cards: cards, texts: texts};
"""

# Contrast of every element that has text of its own, as WCAG 2 has it.
CONTRAST = """
const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
const light = c => {
  const p = c.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
};
const ground = one => {
  for (let at = one; at; at = at.parentElement) {
    const c = parse(window.getComputedStyle(at).backgroundColor);
    if (c.length == 3 || c[3] > 0.99) return c;
  }
  return [255, 255, 255];
};
let least = 99, who = "", seen = 0;
for (const one of page.body.querySelectorAll("*")) {
  if (one.closest("svg, .skip, .shapes")) continue;
  if (![...one.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
  const a = light(parse(window.getComputedStyle(one).color)), b = light(ground(one));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  seen += 1;
  if (ratio < least) { least = ratio; who = one.tagName + "." + one.className; }
}
return {least: least, who: who, seen: seen,
  page: parse(window.getComputedStyle(page.body).backgroundColor)};
"""


def chat() -> model.Report:
    """A report with a run of five lanes and very long words."""
    stream = made_up.Stream()
    for number in range(12):
        for address in (made_up.X, made_up.Y, "10.0.0.4:4", "10.0.0.5:5"):
            stream.say(address, made_up.SERVER, "word%d " % number * 9)
            stream.say(made_up.SERVER, address, "W" * 70)
        stream.add("output", program="h4", text="MMMM WWWW\n" * 4)
        stream.add("typed", program="h5", text="mmmmmmmmmmmm" * 5 + "\n")
        stream.state(
            server=("receive", made_up.X), h2=("terminal", ""), h5=("futex", "")
        )
    programs: Dict[str, Any] = {
        host: {"host": host, "label": host, "role": "client"}
        for host in ("h2", "h3", "h4", "h5")
    }
    programs["server"] = made_up.FACTS["programs"]["server"]
    hosts = {"h%d" % number: "10.0.0.%d" % number for number in range(1, 6)}
    record = model.ScenarioRecord(
        made_up.RUN, model.Outcome.FINISHED, "", tuple(stream.events),
        {"hosts": hosts, "programs": programs},
    )  # fmt: skip
    return made_up.report(traces=(record,))


def orders() -> model.Report:
    """A report with the four orders as runs."""
    record = made_up.exchange()[0]
    names = [
        "exchange[%s first, %s sends first]" % (host, who)
        for host in ("h2", "h3")
        for who in "XY"
    ]
    return made_up.report(
        traces=tuple(replace(record, name=name) for name in names)
    )


REPORTS: Dict[str, Callable[[], model.Report]] = {
    "plain": made_up.report,
    "chat": chat,
    "orders": orders,
    "hostile": pages.hostile,
}
every = pytest.mark.parametrize("name", sorted(REPORTS))


def page(name: str) -> str:
    return pages.page(REPORTS[name]())


@every
@pytest.mark.parametrize("width", [360, 768, 1400])
def test_nothing_sticks_out_of_the_page(name: str, width: int) -> None:
    found = browser.ask(page(name), STICKS_OUT, width)
    assert found["out"] == []
    assert found["scroll"] <= found["wide"] <= width


@every
def test_no_text_leaves_its_card(name: str) -> None:
    found = browser.ask(page(name), LEAVES_ITS_CARD)
    assert found["out"] == []
    assert found["cards"] > 10 and found["texts"] > 30


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_told_from_its_ground(dark: bool) -> None:
    found = browser.ask(page("plain"), CONTRAST, dark=dark)
    assert found["least"] >= 4.5, found
    assert found["seen"] > 60
    assert (max(found["page"]) < 60) == dark  # it really was in that scheme


def test_orders_stand_side_by_side_on_a_wide_screen_only() -> None:
    script = """
    const boxes = [...page.querySelectorAll(".runs > .run")]
      .map(one => one.getBoundingClientRect());
    return boxes.map(box => [Math.round(box.left), Math.round(box.top)]);
    """
    wide = browser.ask(page("orders"), script, 1400)
    assert len(wide) == 4
    assert wide[0][1] == wide[1][1] and wide[0][0] < wide[1][0]
    narrow = browser.ask(page("orders"), script, 360)
    assert len({left for left, _top in narrow}) == 1


def test_a_link_opens_the_run_that_it_leads_to() -> None:
    record = made_up.exchange()[0]
    other = replace(record, name="another[run]")
    row = made_up.row(
        "tcp", 5, model.Verdict.PASS, 5,
        evidence=(model.Evidence("another[run]", (4,)),),
    )  # fmt: skip
    report = made_up.report(traces=(record, other))
    report = replace(report, rows=report.rows + (row,))
    text = pages.page(report)
    [place] = set(re.findall('class="moment" href="#(run-2-[^"]+)"', text))
    closed, opened = '<details id="run-2">', '<details id="run-2" open="">'
    assert closed in browser.shown_at(text, "run-1")
    assert opened in browser.shown_at(text, place)


def test_what_was_printed_makes_no_element_and_runs_nothing() -> None:
    script = """
    return {
      tags: [...new Set([...page.querySelectorAll("*")].map(e => e.tagName))],
      handlers: [...page.querySelectorAll("*")].filter(
        e => [...e.attributes].some(a => a.name.startsWith("on"))).length,
      text: page.body.textContent.includes("<script>bad()"),
      styles: page.styleSheets.length,
    };
    """
    found = browser.ask(page("hostile"), script)
    assert not {"SCRIPT", "IMG", "LINK", "IFRAME"} & set(found["tags"])
    assert found["handlers"] == 0 and found["text"] and found["styles"] == 1


def test_the_policy_of_the_page_forbids_scripts_and_the_network() -> None:
    evil = (
        "<script>window.ran = 1</script><img src=http://127.0.0.1:9/x"
        " onerror='window.ran = 2'></body>"
    )
    text = page("plain")
    script = "return {ran: window.ran || 0};"
    assert browser.ask(text.replace("</body>", evil), script) == {"ran": 0}
    # The same without the policy does run, so the test can fail.
    bare = re.sub("<meta http-equiv[^>]*>", "", text)
    assert bare != text
    assert browser.ask(bare.replace("</body>", evil), script)["ran"] > 0


@every
def test_the_browser_has_nothing_to_complain_of(name: str) -> None:
    assert browser.complaints(page(name)) == []
    if name == "plain":  # and it would have been heard
        evil = page(name).replace("</body>", "<script>1</script></body>")
        assert browser.complaints(evil)


def test_a_screen_reader_finds_names_for_everything() -> None:
    script = """
    const named = one => (one.getAttribute("aria-label") ||
      (one.getAttribute("aria-labelledby") || "").split(" ").map(
        id => (page.getElementById(id) || {}).textContent || "").join(" ")).trim();
    const unnamed = [...page.querySelectorAll(
      "nav, section, [role=region], svg[role=img]")].filter(one => !named(one));
    const bare = [...page.querySelectorAll("svg:not([role=img])")]
      .filter(one => one.getAttribute("aria-hidden") != "true");
    const heads = [...page.querySelectorAll("th")].filter(one => !one.scope);
    return [unnamed.length, bare.length, heads.length,
            page.querySelectorAll("svg[role=img]").length];
    """
    assert browser.ask(page("orders"), script) == [0, 0, 0, 4]


@pytest.mark.parametrize(
    "name, width, dark",
    [
        ("plain", 1400, False), ("plain", 360, True), ("orders", 1400, True),
        ("chat", 1400, False), ("chat", 360, False), ("hostile", 1400, True),
    ],
)  # fmt: skip
def test_pictures_for_people(name: str, width: int, dark: bool) -> None:
    scheme = "dark" if dark else "light"
    kept = "report-%s-%d-%s" % (name, width, scheme)
    png = browser.picture(page(name), kept, width, 2400, dark)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (max(width, 500), 2400)
    assert len(png) > 40_000  # an empty page would be a tenth of it


@every
def test_prints_on_few_pages(name: str) -> None:
    pdf = browser.paper(page(name), "report-" + name)
    assert pdf.startswith(b"%PDF-")
    count = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert 2 <= count <= 14
