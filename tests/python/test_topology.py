"""Does a drawing of a topology say what is in the file, and nothing else?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from grader import topology_svg, topology_text, topology_tools
from grader.topology import TOPOLOGIES, available, load_topology
from grader.topology_graph import (
    Graph,
    Kind,
    Link,
    Node,
    conditions,
    graph_of,
    without_conditions,
)

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def mngrade(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "grader", "topology", *words],
        cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True, check=False,
    )  # fmt: skip


def graph(*links: Tuple[str, str]) -> Graph:
    names = sorted({name for link in links for name in link})
    kinds = {"h": Kind.HOST, "s": Kind.SWITCH, "r": Kind.ROUTER}
    nodes = tuple(Node(name, kinds[name[0]]) for name in names)
    return Graph(nodes, tuple(Link(a, b) for a, b in links))


# ---- what is read -----------------------------------------------------------


def test_a_router_has_an_address_in_each_of_its_networks() -> None:
    read = graph_of(load_topology("routed", 2))
    router = read.node("r1")
    assert router.kind is Kind.ROUTER
    assert router.addresses == ("10.0.0.254/24", "10.0.1.254/24")
    assert read.node("h2") == Node(
        "h2", Kind.HOST, ("10.0.1.2/24",), "via 10.0.1.254"
    )
    assert read.neighbours("r1") == ["s1", "s2"]


def test_the_slow_link_and_no_other_has_conditions() -> None:
    links = graph_of(load_topology("two_sites", 3)).links
    assert {(one.a, one.b): one.conditions for one in links if one.conditions} == {
        ("s1", "s2"): "10 Mbit/s, 20 ms"
    }
    assert len(links) == 5


@pytest.mark.parametrize(
    "params, told",
    [
        ({}, ""),
        ({"bw": 0.5}, "0.5 Mbit/s"),
        ({"delay": "300ms", "jitter": "5ms"}, "300 ms, ± 5 ms"),
        ({"delay": 20}, "20 us"),
        ({"loss": 2}, "2 % lost"),
        ({"max_queue_size": 10}, "10 packets wait"),
        ({"node1": "a", "node2": "b", "params2": {"delay": "1s"}}, "from b: 1 s"),
        ({"params1": {"ip": "10.0.0.1/24"}, "port1": 3}, ""),
    ],
)
def test_conditions_are_told_in_words(params: Dict[str, object], told: str) -> None:
    assert conditions(params) == told
    assert conditions(without_conditions(params)) == ""


def test_a_plain_link_keeps_what_is_no_condition() -> None:
    plain = without_conditions(
        {"bw": 1, "port1": 3, "params1": {"ip": "10.0.0.1/24", "loss": 1}}
    )
    assert plain == {"port1": 3, "params1": {"ip": "10.0.0.1/24"}}


# ---- letters ----------------------------------------------------------------


def test_a_tree_begins_at_the_server() -> None:
    assert topology_tools.text("two_sites", 2) == (
        "Server h1 at one site, clients at another, a slow link between.\n\n"
        "h1              10.0.0.1/24\n"
        "`-- s1          switch\n"
        "    `-- s2      switch  over a link of 10 Mbit/s, 20 ms\n"
        "        |-- h2  10.0.0.2/24\n"
        "        `-- h3  10.0.0.3/24\n"
    )


def test_a_circle_is_drawn_once_and_has_an_end() -> None:
    ring = graph(("s1", "s2"), ("s2", "s3"), ("s3", "s1"), ("h1", "s1"))
    drawn = topology_text.draw(ring)
    assert [line.split()[-1] for line in drawn.splitlines()][0] == "h1"
    assert drawn.count("(s1)") == 1
    for name in ("s1", "s2", "s3", "h1"):
        assert len(re.findall(r"(?<!\()\b%s\b" % name, drawn)) == 1


def test_parts_that_nothing_connects_are_all_there() -> None:
    drawn = topology_text.draw(graph(("h1", "s1"), ("h2", "s2")))
    assert set(re.findall(r"\b[hs]\d\b", drawn)) == {"h1", "s1", "h2", "s2"}


# ---- pictures ---------------------------------------------------------------


def boxes(svg: str) -> List[Tuple[float, float, float, float]]:
    found = []
    for rect in ET.fromstring(svg).iter(SVG + "rect"):
        x, y, wide, tall = (
            float(rect.get(key, "")) for key in ("x", "y", "width", "height")
        )
        found.append((x, y, x + wide, y + tall))
    return found


SHAPES = [
    *(graph_of(load_topology(name, n)) for name in available() for n in (1, 3, 9)),
    graph(("s1", "s2"), ("s2", "s3"), ("s3", "s1"), ("h1", "s1"), ("h2", "s3")),
    graph(("h1", "s1"), ("s1", "s2"), ("s1", "s3"), ("h2", "s1"), ("h3", "s1"),
          ("h4", "s2"), ("h5", "s2"), ("h6", "s3"), ("s3", "s4"), ("h7", "s4"),
          ("h8", "s3")),
    graph(("h1", "s1"), ("h2", "s2")),
    graph(("h1", "h2")),
    graph(("h1", "r1"), ("r1", "h2")),
]  # fmt: skip


@pytest.mark.parametrize("drawn", SHAPES)
def test_no_box_covers_another_and_none_leaves_the_picture(drawn: Graph) -> None:
    svg = topology_svg.draw(drawn, "a picture")
    there = boxes(svg)
    assert len(there) == len(drawn.nodes)
    left, top, wide, tall = map(float, ET.fromstring(svg).get("viewBox", "").split())
    for at, (x1, y1, x2, y2) in enumerate(there):
        assert left <= x1 and top <= y1 and x2 <= left + wide and y2 <= top + tall
        for a1, b1, a2, b2 in there[:at]:
            assert x2 < a1 or a2 < x1 or y2 < b1 or b2 < y1


@pytest.mark.parametrize("drawn", SHAPES)
def test_every_link_is_drawn(drawn: Graph) -> None:
    paths = list(ET.fromstring(topology_svg.draw(drawn, "")).iter(SVG + "path"))
    assert len(paths) == len(drawn.links)


def test_a_picture_says_names_addresses_and_conditions() -> None:
    texts = [t.text for t in ET.fromstring(topology_tools.picture("two_sites", 2))
             .iter(SVG + "text")]  # fmt: skip
    assert sorted(map(str, texts)) == sorted(
        ["h1", "h2", "h3", "s1", "s2", "10 Mbit/s, 20 ms"]
        + ["10.0.0.%d/24" % n for n in (1, 2, 3)]
    )


def test_names_cannot_break_the_picture() -> None:
    node = Node("h<1>&", Kind.HOST, ("<a>",))
    texts = ET.fromstring(topology_svg.draw(Graph((node,), ()), "<t>&"))
    assert "h<1>&" in [text.text for text in texts.iter(SVG + "text")]


@pytest.mark.parametrize("name", available())
def test_the_kept_picture_is_what_is_drawn_now(name: str) -> None:
    kept = (TOPOLOGIES / (name + ".svg")).read_text(encoding="utf-8")
    drawn = topology_tools.picture(name, topology_tools.USUAL_SIZE)
    assert kept == drawn, "mngrade topology %s --svg topologies/%s.svg" % (name, name)
    assert "(%s.svg)" % name in (TOPOLOGIES / "README.md").read_text(encoding="utf-8")


# ---- the command ------------------------------------------------------------


def test_the_list_has_a_line_for_each() -> None:
    lines = mngrade().stdout.splitlines()
    assert [line.split()[0] for line in lines] == available()
    assert all(len(line) < 80 and len(line.split()) > 4 for line in lines)


def test_a_picture_goes_to_a_file_or_to_stdout(tmp_path: Path) -> None:
    path = tmp_path / "out.svg"
    assert mngrade("chain", "--size", "2", "--svg", str(path)).returncode == 0
    shown = mngrade("chain", "--size", "2", "--svg").stdout
    assert path.read_text(encoding="utf-8") == shown
    assert shown == topology_tools.picture("chain", 2)


@pytest.mark.parametrize(
    "words, said",
    [
        (["chian"], "did you mean 'chain'?"),
        (["star", "--size", "400"], "0 to 253 fit"),
        (["star", "--svg", "/nowhere/x.svg"], "/nowhere/x.svg: No such file"),
        (["../grader/cli"], "no topology"),
    ],
)
def test_what_cannot_be_drawn_is_one_complaint(words: List[str], said: str) -> None:
    done = mngrade(*words)
    assert done.returncode == 2 and said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_drawing_needs_neither_root_nor_a_network() -> None:
    if os.geteuid() != 0:
        pytest.skip("we are no root to begin with")
    done = subprocess.run(
        ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
         "unshare", "--user", "--net", sys.executable, "-m", "grader", "topology",
         "star"],
        cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True, check=False,
        env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "`-- h4" in done.stdout
