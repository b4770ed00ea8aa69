"""Does a rubric load, and does a mistake in one name its line?"""

from __future__ import annotations

import copy
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import pytest
import yaml

from grader import rubric, schema_check

TOP = Path(__file__).resolve().parents[2]
FILE = TOP / "labs" / "order" / "rubric.yaml"
GOOD = FILE.read_text(encoding="utf-8")
SCHEMA = json.loads(rubric.SCHEMA_FILE.read_text(encoding="utf-8"))

SMALL = """\
lab: tiny
title: A tiny lab
programs:
  server: {names: [server], port: 4000}
  client: {names: [client], count: 2}
topology: {shape: star, server: [h1], clients: [h2, h3]}
texts:
  greeting: {by: server, to: client, says: [Hello]}
criteria:
  - id: tcp
    points: 2.5
    title: Uses TCP
  - id: look
    points: 5
    title: A person looks
    judged: manual
    partial: 0
    rescued: 0.25
    strict: true
    bonus: true
"""


def load(folder: Path, text: str) -> rubric.Rubric:
    path = folder / "rubric.yaml"
    path.write_bytes(text.encode("utf-8"))
    return rubric.load(path)


def mistake(folder: Path, old: str, new: str, text: str = SMALL) -> str:
    """Change a good rubric and return what is said of it."""
    assert old in text
    with pytest.raises(rubric.RubricError) as caught:
        load(folder, text.replace(old, new, 1))
    return str(caught.value).replace(str(folder) + "/", "")


def test_lab_order_has_the_twelve_criteria_of_its_assignment() -> None:
    order = rubric.load(FILE)
    assert [(row.id, row.points) for row in order.criteria] == [
        ("tcp", 5), ("connects-one-at-a-time", 5), ("accepts-both-first", 5),
        ("labels-by-connection", 5), ("announces-connection", 5),
        ("receives-both", 5), ("acknowledges-both", 10),
        ("order-of-arrival", 10), ("prints-messages", 10),
        ("runs-on-mininet", 10), ("explains-multithreading", 20),
        ("readable", 10),
    ]  # fmt: skip
    assert order.max_points == 100
    manual = [row.id for row in order.criteria if row.manual]
    assert manual == ["explains-multithreading", "readable"]
    assert all(order.counts)
    assert all(row.hint for row in order.criteria if not row.manual)


def test_lab_order_names_its_network_and_texts() -> None:
    order = rubric.load(FILE)
    assert order.topology.hosts == ("h1", "h2", "h3")
    assert order.program("server").port == 12000
    assert order.program("client").count == 2
    assert not any(text.exact for text in order.texts)
    assert order.text("announcement").says == (
        "Client X connected",
        "Client Y connected",
    )
    said = order.text("acknowledgement").says[1]
    filled = said.format(first="birch", second="alder")
    assert filled == "Y: birch received before X: alder"


def test_reads_every_setting(tmp_path: Path) -> None:
    tiny = load(tmp_path, SMALL)
    tcp, look = tiny.criteria
    assert (tcp.points, tcp.manual, tcp.partial, tcp.rescued, tcp.strict) == (
        2.5, False, 0.5, 1.0, False,
    )  # fmt: skip
    assert (look.manual, look.partial, look.rescued, look.strict) == (
        True, 0, 0.25, True,
    )  # fmt: skip
    assert (tcp.bonus, look.bonus) == (False, True)
    assert tiny.limits == rubric.Limits()


def test_a_bonus_does_not_count_into_the_maximum(tmp_path: Path) -> None:
    assert load(tmp_path, SMALL).max_points == 2.5
    plain = SMALL.replace("    bonus: true\n", "    bonus: false\n")
    assert load(tmp_path, plain).max_points == 7.5


def test_lab_chat_has_100_points_and_30_of_bonus() -> None:
    chat = rubric.load(TOP / "labs" / "chat" / "rubric.yaml")
    assert [(row.id, row.points, row.bonus) for row in chat.criteria] == [
        ("creates-server-and-client", 20, False), ("names-clients", 10, False),
        ("many-clients", 20, False), ("limits-to-three", 10, False),
        ("echoes-with-ack", 20, False), ("exits-cleanly", 10, False),
        ("status", 10, False), ("lists-files", 10, True),
        ("streams-files", 20, True),
    ]  # fmt: skip
    assert chat.max_points == 100
    assert not any(row.manual for row in chat.criteria)
    assert all(chat.counts) and all(row.hint for row in chat.criteria)
    assert chat.topology.hosts == ("h1", "h2", "h3", "h4", "h5", "h6", "h7")
    assert chat.program("server").port == 12345


def test_a_text_may_be_stricter_than_the_rest(tmp_path: Path) -> None:
    own = SMALL.replace("says: [Hello]", "says: [Hello], strictness: exact")
    assert load(tmp_path, own).text("greeting").exact
    assert not load(tmp_path, SMALL).text("greeting").exact
    all_exact = SMALL + "strictness: exact\n"
    assert load(tmp_path, all_exact).text("greeting").exact


def test_an_unknown_id_names_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="did you mean 'tcp'"):
        load(tmp_path, SMALL).criterion("tcpp")


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("points: 2.5", "ponts: 2.5",
         "rubric.yaml:11: unknown key 'ponts' in a criterion;"
         " did you mean 'points'?"),
        ("lab: tiny", "lab: tiny\nzebra: red",
         "rubric.yaml:2: unknown key 'zebra' in the rubric; known are"),
        ("    points: 2.5\n", "",
         "rubric.yaml:10: a criterion ('tcp') has no 'points'"),
        ("points: 2.5", "points: many",
         "rubric.yaml:11: 'points' must be a number, not 'many'"),
        ("points: 2.5", "points: -1",
         "rubric.yaml:11: 'points' must be at least 0, not -1"),
        ("points: 2.5", "points: true",
         "rubric.yaml:11: 'points' must be a number, not true"),
        ("points: 2.5", "points: .nan", "rubric.yaml:11: '.nan' is no number"),
        ("points: 2.5", "points: 2\n    points: 3",
         "rubric.yaml:12: key 'points' is there twice; first in line 11"),
        ("id: look", "id: tcp",
         "rubric.yaml:13: criterion 'tcp' is there twice; first in line 10"),
        ("[h2, h3]", "[h2, h1]",
         "rubric.yaml:6: host 'h1' is there twice; first in line 6"),
        ("id: look", "id: Look",
         "rubric.yaml:13: 'id' must be lower-case letters"),
        ("title: Uses TCP", "title: 42",
         "rubric.yaml:12: 'title' must be text, not 42; put it in quotes"),
        ("title: Uses TCP", "title: Uses: TCP",
         "rubric.yaml:12: not YAML: mapping values are not allowed"),
        ("title: Uses TCP", "title: ''",
         "rubric.yaml:12: 'title' must be one line of text that is not empty"),
        ("judged: manual", "judged: manuel",
         "rubric.yaml:16: 'judged' must be 'automatic' or 'manual', not"
         " 'manuel'; did you mean 'manual'?"),
        ("bonus: true", "bonus: 10",
         "rubric.yaml:20: 'bonus' must be"),
        ("bonus: true", "bonos: true",
         "rubric.yaml:20: unknown key 'bonos' in a criterion;"
         " did you mean 'bonus'?"),
        ("partial: 0", "partial: 50",
         "rubric.yaml:17: 'partial' must be at most 1, not 50"),
        ("port: 4000", "port: 4000.5",
         "rubric.yaml:4: 'port' must be a whole number, not 4000.5"),
        ("[Hello]", "[]", "rubric.yaml:8: 'says' needs an entry"),
        ("[Hello]", "[1]", "rubric.yaml:8: an entry of 'says' must be text"),
        ("[Hello]", "Hello", "rubric.yaml:8: 'says' must be a list"),
        ("greeting:", "Greeting!:", "rubric.yaml:8: 'Greeting!' is no name"),
        ("criteria:", "\tcriteria:",
         "rubric.yaml:9: not YAML: found character that cannot start any"
         " token; a tab is not understood here"),
        ("shape: star", "shape: &a star, x: *a",
         "rubric.yaml:6: an alias (*name) is not understood here"),
        ("lab: tiny", "lab: !!python/name:os.system x", "rubric.yaml:1: "),
        ("lab: tiny", "7: tiny", "rubric.yaml:1: key '7' is read as no text"),
        ("criteria:", "criteria: [", "rubric.yaml:"),
        ("A tiny lab", "A \x07 lab", "rubric.yaml:2: not a text"),
        (SMALL, "", "rubric.yaml:1: the file is empty"),
        (SMALL, "[]", "rubric.yaml:1: the rubric must be a mapping"),
        (SMALL, "just words", "rubric.yaml:1: the rubric must be a mapping"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert mistake(tmp_path, old, new).startswith(said)


def test_a_mistake_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    said = mistake(tmp_path, "lab: tiny", 'lab: tiny\n"\\e[2J": red')
    assert "\x1b" not in said and "\\x1b[2J" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(rubric.RubricError, match="none.yaml: cannot be read"):
        rubric.load(tmp_path / "none.yaml")


def test_names_the_file_as_it_is_seen_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(rubric.RubricError) as caught:
        load(tmp_path, "[]")
    assert str(caught.value).startswith("rubric.yaml:1: ")


# ---- the quick check and the library agree ---------------------------------

STRANGE: Tuple[Any, ...] = (
    None, True, -1, 1.5, 10**6, "", "x", "A b", "a\n", [], [1], {}, {"a": 1},
)  # fmt: skip


def changes(value: Any) -> Iterator[Any]:
    """Yield the value with one thing in it changed, taken out or added."""
    places: List[Tuple[Any, ...]] = [()]
    for place in places:
        found = value
        for step in place:
            found = found[step]
        if isinstance(found, dict):
            places += [place + (key,) for key in found]
        elif isinstance(found, list):
            places += [place + (at,) for at in range(len(found))]
    for place in places[1:]:
        for strange in STRANGE + ("taken out", "another key"):
            changed = copy.deepcopy(value)
            parent = changed
            for step in place[:-1]:
                parent = parent[step]
            if strange == "taken out":
                del parent[place[-1]]
            elif strange == "another key" and isinstance(parent, dict):
                parent["extra"] = parent[place[-1]]
            else:
                parent[place[-1]] = strange
            yield changed


def test_the_quick_check_never_accepts_what_the_library_refuses() -> None:
    library: Any = importlib.import_module("fastjsonschema")
    validate = library.compile(SCHEMA)
    refused = accepted = 0
    for changed in changes(yaml.safe_load(SMALL)):
        quick = schema_check.surely_valid(changed, SCHEMA)
        try:
            validate(changed)
            accepted += quick
        except library.JsonSchemaException:
            refused += 1
            assert not quick, changed
    assert refused > 500 and accepted > 30  # both sides were tried


def test_the_quick_check_is_unsure_of_a_word_that_it_does_not_know() -> None:
    value = yaml.safe_load(SMALL)
    assert schema_check.surely_valid(value, SCHEMA)
    assert not schema_check.surely_valid(value, {**SCHEMA, "minProperties": 99})


def test_a_good_rubric_is_spared_the_slow_library() -> None:
    code = (
        "import sys, pathlib; from grader import rubric;"
        "rubric.load(pathlib.Path(sys.argv[1]));"
        "sys.exit('fastjsonschema' in sys.modules)"
    )
    argv = [sys.executable, "-c", code, str(FILE)]
    assert subprocess.run(argv, cwd=str(TOP), check=False).returncode == 0
