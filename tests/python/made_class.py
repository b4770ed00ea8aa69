"""Which class do the tests of the instructor's pages look at?

A class of any size for lab `order`, made through the gradebook's own calls:
teams and single students, all verdicts, late ones, one with nothing to run,
one that the harness failed on, decisions of two persons, and three students
who hand nothing in. What a batch leaves in the folders is there as well.
"""

from __future__ import annotations

import functools
import random
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Tuple

import made_up

from grader import batch_worker, kept, lab, layout, model, names, report_html
from grader.gradebook import Gradebook
from grader.gradebook_model import Basis, Student
from grader.lab import Lab
from grader.model import Finding, Row, Verdict

BASIS = Basis("aa" * 32, "bb" * 32, "0+cafe", '{"cores": 2}')
GIVEN = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel",
         "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan", "Spruce", "Yew")
FAMILY = ("Stone", "River", "Field", "Marsh", "Hill", "Lake", "Moor", "Ford")
#: Markup in everything that comes from a student.
HOSTILE = "</textarea></pre><script>document.title='bad'</script><img src=x onerror=bad()>"
ABSENT, UNGRADABLE, BROKEN, HOSTILE_AT, TWINS = 3, 5, 8, 1, (2, 9)

_REASONS: Dict[str, Tuple[str, str]] = {
    "acknowledges-both": ("Client X is told \"X: %s received\", client Y is not.",
                          "Neither client is told anything after `%s`."),
    "order-of-arrival": ("The sentence names %s first in 2 of 4 orders.",
                         "The sentence names X first although %s arrived first."),
    "prints-messages": ("The server prints one message of two, %s.",
                        "Nobody prints anything."),
}  # fmt: skip


@functools.lru_cache(maxsize=1)
def order() -> Lab:
    return lab.load("order")


def student(at: int) -> Student:
    name = "%s %s" % (GIVEN[at % len(GIVEN)], FAMILY[at // len(GIVEN) % len(FAMILY)])
    if at >= len(GIVEN) * len(FAMILY):
        name += " %d" % at
    return Student("s%04d" % at, name, login="s%04d" % at)


def make(out: Path, size: int, pages: bool = True) -> None:
    """Write OUT with its gradebook; without `pages` the reports are empty."""
    chance = random.Random(1)
    out.mkdir(parents=True, exist_ok=True)
    with Gradebook(out / "gradebook.sqlite") as book, book.transaction():
        for at in range(size + ABSENT):
            book.add_student(student(at), "roster")
        at = place = 0
        while at < size:
            team = at % 7 == 0 and at + 1 < size
            ids = [student(at + more).id for more in range(1 + team)]
            name = "team%02d" % place if team else student(at).login
            number = book.add_submission(
                "order", name, ids, late_s=5400.0 * (place % 11 == 4)
            )
            report = report_of(place, name, chance)
            book.add_grading(number, report, BASIS)
            _leave(out / "submissions" / name, report, place, pages)
            if place % 3 == 2 and report.status == "graded":
                book.decide(number, "readable", float(place % 11), "Kim")
                if place % 2:
                    book.decide(number, "explains-multithreading", 15, "Lee")
            at, place = at + len(ids), place + 1


def report_of(place: int, name: str, chance: random.Random) -> model.Report:
    """A report of its own for each place in the class."""
    skill = chance.uniform(0.35, 1.25)
    rows = tuple(
        _row(criterion, place, skill, chance)
        for criterion in order().rubric.criteria
    )
    report = made_up.report(
        submission=name, rows=rows, status="graded",
        elapsed_s=round(chance.uniform(0.7, 3), 3) + 31 * (place % 13 == 6),
    )  # fmt: skip
    if place == UNGRADABLE:
        gone = Finding(Verdict.FAIL, "there is nothing to run")
        rows = tuple(replace(row, finding=gone, points=0.0) for row in rows)
        return replace(
            report, rows=rows, status="ungradable", traces=(), programs=(),
            problem="neither a server nor a client was found: there are"
            " report.docx and screenshot.png",
        )
    if any(row.finding.verdict is Verdict.NOT_JUDGED for row in rows):
        return replace(report, status="incomplete")
    return report


def _row(
    criterion: model.Criterion, place: int, skill: float, chance: random.Random
) -> Row:
    if criterion.manual:
        return Row(criterion, _by_hand(criterion.id, place), 0.0)
    if place == BROKEN and criterion.id == "runs-on-mininet":
        why = "the machine was overloaded in 2 of 4 runs"
        return Row(criterion, Finding(Verdict.NOT_JUDGED, why), 0.0)
    luck = chance.random()
    if luck < skill:
        return Row(criterion, Finding(Verdict.PASS, "seen in 4 runs"), criterion.points)
    typed = names.Names(place, criterion.id).fresh()
    half = luck < skill + 0.2
    some, none = _REASONS.get(criterion.id, ("It is so in part.", "It is not so."))
    reason = (some if half else none).replace("%s", typed)
    verdict = Verdict.PARTIAL if half else Verdict.FAIL
    finding = Finding(
        verdict, reason, "both clients are told", "one is told: " + typed,
        evidence=(model.Evidence(made_up.RUN, (12, 14)),),
    )
    return Row(criterion, finding, criterion.points / 2 if half else 0.0)


def _by_hand(id: str, place: int) -> Finding:
    said = HOSTILE if place == HOSTILE_AT else "Threads are needed because recv blocks."
    if id == "explains-multithreading":
        return Finding(
            Verdict.MANUAL,
            "the comment at the top of server.py (7 words) speaks of threads:\n" + said,
            notes=("while it waited for both clients, the server had 3 threads",),
            evidence=(model.Evidence(made_up.RUN, (12,)),),
        )
    return Finding(
        Verdict.MANUAL, "2 files; compilers and linters warn of nothing",
        notes=("server.py: 41 lines, 12 % comment", "client.py: 20 lines, 5 % comment"),
    )


def _leave(folder: Path, report: model.Report, place: int, pages: bool) -> None:
    folder.mkdir(parents=True)
    page = "<p>a report"
    if pages:
        page = report_html.render(report, order().rubric, view="student")
    (folder / batch_worker.PAGE).write_text(page, "utf-8", "backslashreplace")
    programs = (
        model.Program("server", ("python3", "server.py"), ".", "server.py", "python"),
        model.Program("client", ("python3", "client.py"), ".", "client.py", "python"),
    )
    kept.write(
        folder,
        kept.Observed("order", report.submission, 1, programs=programs,
                      sources=sources(place) if report.programs else ()),
    )  # fmt: skip


def sources(place: int) -> Tuple[layout.SourceFile, ...]:
    """A server with a comment at its top, and a client; the twins differ in
    names, comments and texts alone."""
    said = HOSTILE if place == HOSTILE_AT else "Threads are needed because recv blocks."
    twin = place in TWINS
    body = code(TWINS[0] if twin else place, "v%d" % place)
    text = '"""%s\n\nTwo clients, told apart by arrival."""\n%s' % (said, body)
    client = code(1000 + (TWINS[0] if twin else place), "w%d" % place)
    return (
        layout.SourceFile("client.py", "python", client, client.count("\n"), 0.05),
        layout.SourceFile("server.py", "python", text, text.count("\n"), 0.12),
    )


def code(seed: int, word: str) -> str:
    """Lines that look like Python, the same for the same seed but for names."""
    chance = random.Random(seed)
    name = lambda: "%s_%d" % (word, chance.randrange(9))  # noqa: E731
    shapes: List[Any] = [
        lambda: "%s = %s.%s(%s)" % (name(), name(), chance.choice(
            ("recv", "accept", "decode", "split", "append", "send")), name()),
        lambda: "if %s %s %d:" % (name(), chance.choice(("<", ">", "==", "!=")),
                                  chance.randrange(99)),
        lambda: "for %s in %s:" % (name(), name()),
        lambda: "print('%s', %s)" % (word, ", ".join(
            name() for _ in range(chance.randrange(1, 4)))),
        lambda: "%s[%s] = (%s, %s)" % (name(), name(), name(), name()),
        lambda: "while not %s:  # %s" % (name(), word),
        lambda: "%s += %s * (%s - %d)" % (name(), name(), name(), chance.randrange(9)),
    ]  # fmt: skip
    lines, depth = [], 0
    for _ in range(60):
        line = chance.choice(shapes)()
        lines.append("    " * depth + line)
        depth = min(depth + 1, 3) if line.rstrip().endswith(":") else chance.randrange(depth + 1)
    return "\n".join(lines) + "\n"
