"""Does a drawn ladder show what happened, where it happened?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional

import pytest

import made_up
from grader import ladder, ladder_svg, ladder_words, model, words
from grader.ladder_picture import Label, Picture, Row, cut, lives
from grader.templates import environment

X, Y, SERVER = made_up.X, made_up.Y, made_up.SERVER
EVIL = "\x1b[2J</text><script>1</script>\u202e\ud800" + "漢" * 90 + "&\"'"


def run(stream: made_up.Stream, **changes: Any) -> model.ScenarioRecord:
    base = model.ScenarioRecord(
        "run", model.Outcome.FINISHED, "", tuple(stream.events), made_up.FACTS
    )
    return replace(base, **changes)


def draw(
    record: model.ScenarioRecord,
    marked: Optional[Mapping[int, str]] = None,
    names: Optional[Mapping[str, str]] = None,
) -> Picture:
    drawn = ladder.layout(record, marked or {}, 80, detail=True)
    return ladder_svg.draw(drawn, "run-1", names or {})


def rows(picture: Picture) -> List[Row]:
    return [row for part in picture.parts for row in part.rows]


def labels(picture: Picture, kind: str = "") -> List[str]:
    return [
        label.text
        for row in rows(picture)
        for label in row.labels
        if not kind or label.kind == kind
    ]


def of_kind(picture: Picture, kind: str) -> List[Row]:
    return [row for row in rows(picture) if row.kind == kind]


def way(row: Row) -> str:
    """Where the line of a row leads: `left` or `right`."""
    line = next(one for one in row.shapes if one.kind.startswith("arrow"))
    found = re.fullmatch(r"M(\d+) \d+H(\d+)", line.d)
    assert found
    return "right" if int(found.group(2)) > int(found.group(1)) else "left"


def svg(picture: Picture) -> str:
    source = (
        '{% from "ladder.svg.j2" import picture %}'
        '{{ picture(drawn, "run-1", "a title", "what it shows") }}'
    )
    return environment().from_string(source).render(drawn=picture)


def elements(picture: Picture) -> List[ElementTree.Element]:
    found = re.findall(r"<svg.*?</svg>", svg(picture), re.DOTALL)
    return [ElementTree.fromstring(one) for one in found]


def test_a_lane_has_the_role_and_the_host_of_its_program() -> None:
    programs: Dict[str, Any] = {
        "server": {"host": "h1", "label": "server", "role": "server"},
        "h2": {"host": "h2", "label": "h2", "role": "client"},
        "h3": {"host": "h3", "label": "h3", "role": "peer", "peer": True},
        "h4": {"host": "h4", "label": "client Z", "role": "client"},
    }
    facts = {**made_up.FACTS, "programs": programs}
    stream = made_up.Stream()
    stream.connect(X)
    picture = draw(run(stream, facts=facts))
    assert labels(picture, "lane-title") == [
        "server", "client", "our peer", "client Z",
    ]  # fmt: skip
    assert labels(picture, "lane-host") == ["h1", "h2", "h3", "h4"]
    assert [box.kind for box in rows(picture)[0].boxes] == [
        "lane-server", "lane-client", "lane-peer", "lane-client",
    ]  # fmt: skip


def test_a_message_is_an_arrow_with_its_text_above_it() -> None:
    picture = draw(made_up.exchange()[0])
    said = [
        (way(row), [one.text for one in row.labels if one.kind == "said"])
        for row in of_kind(picture, "message")
    ]
    # Client X is left of the server, client Y right of it.
    assert said == [
        ("left", ['"Client X connected"']),
        ("right", ['"Client Y connected"']),
        ("left", ['"birch"']),
        ("right", ['"alder"']),
        ("left", ['"X: alder received', 'before Y: birch"']),
    ]
    for row in of_kind(picture, "message"):
        line = re.findall(r"^M\d+ (\d+)", row.shapes[0].d)[0]
        above = [one.y for one in row.labels if one.kind == "said"]
        assert above and max(above) < int(line)


def test_a_connection_has_two_heads_and_a_refused_one_a_cross() -> None:
    stream = made_up.Stream()
    stream.packet(X, SERVER, "S")
    stream.packet(SERVER, X, "RA")
    stream.connect(Y)
    tried, made = of_kind(draw(run(stream)), "connect")
    assert [shape.kind for shape in tried.shapes] == [
        "arrow connect", "cross connect",
    ]  # fmt: skip
    assert [shape.kind for shape in made.shapes] == [
        "arrow connect", "head connect", "head connect",
    ]  # fmt: skip
    [refused] = of_kind(draw(run(stream)), "reset")
    assert refused.shapes[-1].kind == "cross reset"
    assert [one.text for one in refused.labels if one.kind == "small"] == ["refuses"]


def test_a_segment_that_is_sent_again_says_so() -> None:
    stream = made_up.Stream()
    stream.connect(X)
    number = stream.say(X, SERVER, "hello")
    stream.events.append({**stream.events[number - 1], "t": 0.5, "n": 90})
    assert labels(draw(run(stream))).count("(sent again)") == 1


def test_what_was_typed_and_printed_stands_on_the_lane() -> None:
    stream = made_up.Stream()
    stream.add("typed", program="h2", text="alder\n")
    stream.add("output", program="h3", text="one\n  two\n")
    typed, printed = rows(draw(run(stream)))[1:]
    assert [one.text for one in typed.labels[1:]] == ["user types", "alder"]
    assert [one.text for one in printed.labels[1:]] == ["prints", "one", "  two"]
    assert typed.boxes[0].x < printed.boxes[0].x


def test_what_all_wait_for_at_one_moment_stands_side_by_side() -> None:
    picture = draw(made_up.exchange()[0])
    first, last = of_kind(picture, "wait")
    assert len(first.boxes) == 3 and len(last.boxes) == 2
    assert len({box.y for box in first.boxes}) == 1
    assert "end" in [one.text for one in last.labels if one.kind == "clock"]
    tags = " ".join(one.text for one in last.labels if one.kind == "tag")
    assert "waits to receive from client Y" in tags and "at the end" not in tags


def test_evidence_is_marked_with_the_row_s_name_and_a_link() -> None:
    record, at = made_up.exchange()
    marked = {at["ack"]: "4,5", at["birch"]: "5"}
    names = {"4": "acknowledges-both", "5": "order-of-arrival"}
    picture = draw(record, marked, names)
    found = [row for row in rows(picture) if row.marked]
    badges = [
        [(one.text, one.href) for one in row.labels if one.kind == "badge"]
        for row in found
    ]
    assert badges == [
        [("◀ 5 order-of-arrival", "#row-5")],
        [
            ("◀ 4 acknowledges-both", "#row-4"),
            ("◀ 5 order-of-arrival", "#row-5"),
        ],
    ]
    assert svg(picture).count('class="band"') == 2


def test_many_marks_on_one_step_are_counted() -> None:
    record, at = made_up.exchange()
    picture = draw(record, {at["ack"]: "1,2,3,4,5"})
    assert labels(picture, "badge")[-1] == "and 2 more"


def test_a_quiet_stretch_is_said_and_a_short_one_is_not() -> None:
    stream = made_up.Stream()
    for text, moment in (("a", 0.0), ("b", 0.1), ("c", 5.1)):
        number = stream.packet(X, SERVER, "AP", text)
        stream.events[number - 1]["t"] = moment
    picture = draw(run(stream))
    kinds = [row.kind for row in rows(picture)]
    assert kinds == ["head", "message", "message", "quiet", "message"]
    assert "5.0 s in which nothing happens" in labels(picture)


def test_what_comes_after_the_script_is_set_apart() -> None:
    stream = made_up.Stream()
    stream.connect(X)
    closing = stream.packet(SERVER, X, "FA")
    facts = {**made_up.FACTS, "closing": closing}
    picture = draw(run(stream, facts=facts))
    [over] = of_kind(picture, "over")
    drawn = [shape for part in picture.parts for shape in part.lanes]
    after = [one for one in drawn if one.kind == "lane after"]
    assert len(after) == 3
    assert all(int(one.d.split()[1].split("V")[0]) > over.top for one in after)


def test_says_how_many_steps_are_left_out() -> None:
    stream = made_up.Stream()
    for number in range(300):
        stream.say(X, SERVER, "message %d" % number)
    picture = draw(run(stream))
    assert "220 steps left out" in labels(picture)


@pytest.mark.parametrize(
    "ends, over, expected",
    [
        ([], None, [(10, 99, "lane")]),
        ([(20, True)], None, [(20, 99, "lane")]),
        ([(30, False)], None, [(10, 30, "lane")]),
        ([(20, True), (30, False)], None, [(20, 30, "lane")]),
        ([(20, True), (30, False), (50, True)], None,
         [(20, 30, "lane"), (50, 99, "lane")]),
        ([], 60, [(10, 60, "lane"), (60, 99, "lane after")]),
        ([(30, False)], 60, [(10, 30, "lane")]),
        ([(70, True)], 60, [(70, 99, "lane after")]),
    ],
)  # fmt: skip
def test_a_lane_is_there_while_its_program_lives(
    ends: Any, over: Optional[int], expected: Any
) -> None:
    assert lives(ends, 10, 99, over) == expected


def test_a_picture_is_cut_between_rows() -> None:
    found = [Row(top, height=40) for top in range(0, 400, 40)]
    parts = cut(found, [(5, 0, 400, "lane")], 100)
    assert [(part.top, part.height) for part in parts] == [
        (0, 80), (80, 80), (160, 80), (240, 80), (320, 80),
    ]  # fmt: skip
    assert [part.lanes[0].d for part in parts][:2] == ["M5 0V80", "M5 80V160"]
    assert [row for part in parts for row in part.rows] == found


def test_a_row_higher_than_a_part_stands_alone() -> None:
    found = [Row(0, height=40), Row(40, height=500), Row(540, height=40)]
    assert [len(part.rows) for part in cut(found, [], 100)] == [1, 1, 1]


def test_rows_follow_each_other_without_a_gap() -> None:
    found = rows(draw(made_up.exchange()[0], {20: "4"}))
    for above, below in zip(found, found[1:]):
        assert above.bottom == below.top and above.height > 0


def right(label: Label) -> float:
    wide = words.columns(label.text) * ladder_svg.SMALL
    return label.x + {"start": wide, "middle": wide / 2, "end": 0}[label.anchor]


def left(label: Label) -> float:
    wide = words.columns(label.text) * ladder_svg.SMALL
    return label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]


def test_nothing_hostile_leaves_the_picture_or_its_card() -> None:
    stream = made_up.Stream()
    for text in (EVIL, "word " * 80, "x" * 9000, "漢字" * 200, "a\n" * 99):
        number = stream.say(X, SERVER, text)
        stream.add("output", program="h3", text=text)
        stream.add("typed", program="h2", text=text)
        stream.add("start-failed", program="h9", why=text)
    record = run(stream, marks={number: EVIL})
    picture = draw(record, {number: "7"}, {"7": EVIL})
    for row in rows(picture):
        for label in row.labels:
            assert label.text == words.printable(label.text)
            assert left(label) >= 0 and right(label) <= picture.width, label
        for box in row.boxes:
            assert box.x > 0 and box.x + box.width < picture.width
            assert row.top <= box.y and box.y + box.height <= row.bottom
    assert "… 7,000 more characters" in labels(picture)


def test_the_picture_is_well_formed_whatever_was_printed() -> None:
    stream = made_up.Stream()
    stream.say(X, SERVER, EVIL)
    stream.add("output", program="h3", text=EVIL)
    first, *others = elements(draw(run(stream)))
    assert "<script" not in svg(draw(run(stream)))
    said = " ".join(first.itertext())
    assert "</text><script>" in said.replace("\n", "")


def test_the_first_part_speaks_for_all() -> None:
    first, *others = elements(draw(made_up.exchange()[0]))
    assert first.attrib["role"] == "img" and others
    named = {one.attrib["id"]: one.text for one in first if "id" in one.attrib}
    told = [named[id] for id in first.attrib["aria-labelledby"].split()]
    assert told == ["a title", "what it shows"]
    assert all(one.attrib["aria-hidden"] == "true" for one in others)


def test_each_step_has_a_name_that_a_link_can_lead_to() -> None:
    record = made_up.exchange()[0]
    picture = draw(record)
    drawn = ladder.layout(record, {}, 80, detail=True)
    assert len(picture.step_at) == len(drawn.steps)
    ids = re.findall(r'<g id="([^"]+)"', svg(picture))
    assert len(ids) == len(set(ids))
    assert set(picture.step_at) == set(ids)


def test_the_same_is_said_in_words() -> None:
    drawn = ladder.layout(made_up.exchange()[0], {}, 80, detail=True)
    told = [(one.sentence, one.text) for one in ladder_words.told(drawn)]
    for one in (
        ("server starts", ""),
        ("client X h2 connects: to server", ""),
        ("server sends to client X h2", "Client X connected"),
        ("client Y h3: user types", "birch\n"),
        ("client X h2 closes: to server", ""),
        ("client X h2 ends", ""),
    ):
        assert one in told
    assert len(told) == len(drawn.steps)
    assert ladder_words.summary(drawn).endswith(
        "client X on h2, server on h1, client Y on h3."
    )
