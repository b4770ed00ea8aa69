"""How is a made-up hand-in written down, and what is to be found in it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Tuple, Union

from grader import rubric
from grader.discover import Discovery, find_programs, hints_of
from grader.model import Program

ROOT = Path(__file__).resolve().parents[2]
Files = Mapping[str, Union[str, bytes]]
#: What is seen of a set of programs: for each role, its main source.
Chosen = Dict[str, str]


@dataclass(frozen=True)
class Tree:
    """A hand-in, and what is to be found in it.

    `runs` has "folder: command" for roles where that is not plain.
    `others` are the sets of programs that would do as well, in any order.
    """

    files: Files
    chosen: Chosen
    lab: str = "order"
    runs: Dict[str, str] = field(default_factory=dict)
    others: Tuple[Chosen, ...] = ()
    said: Tuple[str, ...] = ()  # words that the notes must hold


def pair(server: str, client: str) -> Chosen:
    return {"server": server, "client": client}


def three(server: str, x: str, y: str) -> Chosen:
    return {"server": server, "client-x": x, "client-y": y}


def write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)


def found_in(folder: Path, tree: Tree) -> Discovery:
    write(folder, tree.files)
    rules = rubric.load(ROOT / "labs" / tree.lab / "rubric.yaml")
    return find_programs(folder, hints_of(rules))


def sources(programs: Sequence[Program]) -> Chosen:
    return {one.role: one.source for one in programs}


def line(program: Program) -> str:
    """How it is started: "folder: command"."""
    words = [word.replace("/usr/bin/", "") for word in program.argv]
    return f"{program.cwd}: {' '.join(words)}"


def disagreements(found: Discovery, tree: Tree) -> List[str]:
    """What the grader saw otherwise than the person who wrote the tree."""
    said = []
    if sources(found.programs) != tree.chosen:
        said.append("chose %s" % sources(found.programs))
    for one in found.programs:
        if tree.runs.get(one.role, line(one)) != line(one):
            said.append("%s is started by `%s`" % (one.role, line(one)))
    others = sorted(map(sources, found.alternatives), key=str)
    if others != sorted(tree.others, key=str):
        said.append("others: %s" % others)
    told = "\n".join(found.notes)
    said += ["not said: " + words for words in tree.said if words not in told]
    return said
