"""How does a gradebook look on a terminal?

Tables that fit its width; in a pipe nothing is shortened. Names and reasons
come from outside and pass `Style.inert`.
"""

from __future__ import annotations

from typing import Iterable, List, Sequence

from grader.gradebook_model import Entry, Grading, Mark, Pending
from grader.words import Style, columns, count, number, shorten, wrap

_NARROWEST = 5  # no column is cut to less
_GAP = "  "


def table(
    rows: Sequence[Sequence[str]], style: Style, fits: bool = True
) -> str:
    """Rows as lines, the first as header; wide columns are cut to fit, and on
    a very narrow terminal the last ones are left out.

    A column whose header begins with a blank stands to the right.
    """
    safe = [[style.inert(cell) for cell in row] for row in rows]
    widths = [
        max(columns(row[x].strip()) for row in safe)
        for x in range(len(safe[0]))
    ]
    if fits:
        widths = _cut(widths, style.width)
    right = [cell.startswith(" ") for cell in safe[0]]
    lines = []
    for y, row in enumerate(safe):
        line = _GAP.join(
            _fitted(cell.strip(), width, to_the_right)
            for cell, width, to_the_right in zip(row, widths, right)
        ).rstrip()
        line = style.drawn(line)
        lines.append(style.paint(line, "bold") if y == 0 else line)
    return "\n".join(lines) + "\n"


def _cut(widths: List[int], room: int) -> List[int]:
    """Columns that fit; the widest lose first."""
    while len(widths) > 1 and _taken([min(w, _NARROWEST) for w in widths]) > room:
        widths = widths[:-1]
    while _taken(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _taken(widths: List[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _fitted(text: str, width: int, to_the_right: bool) -> str:
    text = shorten(text, width)
    blanks = " " * (width - columns(text))
    return blanks + text if to_the_right else text + blanks


def marks(found: Sequence[Mark], style: Style, fits: bool = True) -> str:
    """The class: one line a mark, and what is still open."""
    if not found:
        return "The gradebook has no students and no hand-ins.\n"
    late = any(m.submission and m.submission.late_s for m in found)
    again = any(m.submission and m.submission.attempt > 1 for m in found)
    header = [" points", " of", " wait", "name", "id", "hand-in"]
    header += [" late"] if late else []
    header += [" attempt"] if again else []
    rows = [header + ["remark"]]
    for mark in found:
        of = mark.submission
        row = [
            "-" if mark.points is None else number(mark.points),
            number(mark.max_points) if mark.points is not None else "",
            number(mark.pending_points) if mark.waits else "",
            mark.name if mark.student else "",
            mark.student.id if mark.student else "",
            of.name if of else "",
        ]
        row += [lateness(of.late_s) if of else ""] if late else []
        row += [str(of.attempt) if of else ""] if again else []
        rows.append(row + [remark(mark)])
    told = summary(found)
    told = "\n".join(wrap(told, style.width)) if fits else told
    return table(rows, style, fits) + "\n" + told + "\n"


def remark(mark: Mark) -> str:
    """What somebody who looks at a mark must know, in a few words."""
    if mark.submission is None:
        return "nothing handed in"
    if mark.points is None:
        return "not graded"
    told = [mark.status] if mark.status == "ungradable" else []
    told += ["overridden by " + mark.whole.who] if mark.whole else []
    told += ["look again: " + one for one in mark.stale]
    return "; ".join(told + list(mark.notes))


def summary(found: Sequence[Mark]) -> str:
    """How many marks there are, and of which kind."""
    final = [mark.points for mark in found if mark.final]
    told = [count(len(found), "mark"), "%d final" % len(final)]
    if final:
        mean = sum(points or 0 for points in final) / len(final)
        told.append("mean %s" % number(round(mean, 2)))
    waiting = sum(mark.waits for mark in found)
    changed = sum(bool(mark.stale) for mark in found)
    told += ["%d to be decided" % waiting] if waiting else []
    told += ["%d to be looked at again" % changed] if changed else []
    return ", ".join(told)


def lateness(seconds: float) -> str:
    """0 s is nothing; else days, hours and minutes, the two largest."""
    if seconds <= 0:
        return ""
    left = int(seconds)
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= size:
            parts.append("%d %s" % (left // size, unit))
            left %= size
    return " ".join(parts[:2]) or "1 s"


def mark(
    one: Mark, gradings: Sequence[Grading], style: Style, fits: bool = True
) -> str:
    """All of one mark: rows, decisions, comments, gradings."""
    lines = [style.paint(style.inert(_title(one)), "bold"), ""]
    if one.points is None:
        return "\n".join(lines + [remark(one), ""])
    score = "%s of %s points" % (number(one.points), number(one.max_points))
    if one.waits:
        score += ", %s more wait for a person" % number(one.pending_points)
    lines += [score, ""]
    rows = [["verdict", " points", " of", "criterion", "why"]]
    for row in one.rows:
        points = "-" if row.points is None else number(row.points)
        why = row.reason.replace("\n", " ")
        if row.decision:
            why = "%s: %s" % (row.decision.who, row.decision.why or "decided")
        rows.append(
            [row.verdict.value, points, number(row.max_points), row.id, why]
        )
    lines.append(table(rows, style, fits))
    lines += list(_remarks(one, style, fits))
    lines.append("gradings:")
    for grading in gradings:
        lines.append(
            "  %d  %s  %s, %s of %s"
            % (
                grading.entry,
                grading.at,
                grading.status,
                number(grading.points),
                number(grading.max_points),
            )
        )
    return "\n".join(lines) + "\n"


def _title(one: Mark) -> str:
    told = [one.name]
    if one.student is not None:
        told.append("(%s)" % one.student.id)
    if one.submission is not None:
        of = one.submission
        told.append("- %s, %s" % (of.lab, of.name))
        told += ["attempt %d" % of.attempt] if of.attempt > 1 else []
        told += [lateness(of.late_s) + " late"] if of.late_s > 0 else []
    return " ".join(told)


def _remarks(one: Mark, style: Style, fits: bool) -> Iterable[str]:
    found = []
    if one.whole is not None:
        found.append(
            "override: %s points, by %s: %s"
            % (number(one.whole.points), one.whole.who, one.whole.why)
        )
    found += ["look again: " + told for told in one.stale]
    found += list(one.notes)
    found += [
        "%s on %s: %s" % (c.who, c.criterion or "the whole", c.text)
        for c in one.comments
    ]
    for text in found:
        safe = style.inert(text.replace("\n", " "))
        yield from wrap(safe, style.width) if fits else [safe]
    if found:
        yield ""


def pending(found: Sequence[Pending], style: Style, fits: bool = True) -> str:
    """What a person has to decide."""
    if not found:
        return "Nothing waits for a person.\n"
    rows = [["hand-in", "criterion", " of", "verdict", "what was found"]]
    for one in found:
        rows.append(
            [
                one.submission.name, one.criterion, number(one.max_points),
                one.verdict.value, one.reason.replace("\n", " "),
            ]
        )  # fmt: skip
    return table(rows, style, fits)


def history(found: Sequence[Entry], style: Style, fits: bool = True) -> str:
    """The ledger, a line each; an entry that was undone says so."""
    if not found:
        return "Nothing happened yet.\n"
    rows: List[List[str]] = [[" entry", "when", "who", "what", "why"]]
    for one in found:
        what = "%s: %s" % (one.kind, one.text.replace("\n", " "))
        if one.supersedes and one.kind != "undo":
            what += " (supersedes %d)" % one.supersedes
        rows.append(
            [
                str(one.entry), one.at[:16].replace("T", " "), one.who,
                ("UNDONE " if one.undone else "") + what, one.why,
            ]
        )  # fmt: skip
    return table(rows, style, fits)
