"""What does a student read after every save?

First the points, then the rubric, then each criterion that lost points: what
was expected, what was seen, how to mend it, and the conversation. What costs
no points comes after that, and last the command that looks again at the first
loss. Everything that a program printed or a file was called passes
`Style.inert`, so no submission can paint its own report.
"""

from __future__ import annotations

import shlex
from typing import Dict, List, Sequence, Tuple

from grader import ladder, ladder_text, model, words
from grader.model import Row, Verdict
from grader.page import LABEL, Page
from grader.words import Style, number

_TONES = {
    Verdict.PASS: "good",
    Verdict.PARTIAL: "half",
    Verdict.FAIL: "bad",
    Verdict.MANUAL: "person",
    Verdict.NOT_JUDGED: "unknown",
}


def render(report: model.Report, style: Style, told: Sequence[str] = ()) -> str:
    """Return the report as text; `told` are the arguments that repeat the
    grading, where they are more than the submission's name."""
    page = _Page(report, style)
    page.head()
    page.table()
    for group in by_cause(report.rows):
        page.loss(*group)
    page.not_judged()
    page.insights()
    page.pending()
    page.how_it_was_run()
    page.again(told or (report.submission,))
    return "\n".join(page.lines) + "\n"


def by_cause(rows: Sequence[Row]) -> List[List[Tuple[int, Row]]]:
    """The losses, those of one cause together: a program that is not there
    or that crashes costs many rows, but is one thing to mend."""
    groups: Dict[Tuple[str, ...], List[Tuple[int, Row]]] = {}
    for at, row in enumerate(rows, 1):
        if not lost(row):
            continue
        finding = row.finding
        key: Tuple[str, ...] = (finding.reason, finding.seen, finding.mend)
        if finding.expected or row.criterion.bonus:
            key += (str(at),)  # this row expects something of its own
        groups.setdefault(key, []).append((at, row))
    return list(groups.values())


def unknown_points(report: model.Report) -> float:
    """Return the points, without bonus, that could not be judged."""
    return sum(
        row.criterion.points
        for row in report.rows
        if row.finding.verdict is Verdict.NOT_JUDGED
        and not row.criterion.bonus
    )


def lost(row: Row) -> float:
    """Return the points that a criterion lost; waiting ones are not lost.

    A bonus that was missed is told like a loss, in other words.
    """
    if row.finding.verdict in (Verdict.MANUAL, Verdict.NOT_JUDGED):
        return 0
    return max(row.criterion.points - row.points, 0)


class _Page(Page):
    """The lines of one report, part by part in the order of the page."""

    def __init__(self, report: model.Report, style: Style) -> None:
        super().__init__(style)
        self.report = report
        self._drawn: Dict[str, int] = {}  # scenario: where it was drawn

    def head(self) -> None:
        report = self.report
        lab, submission = map(self.style.inert, (report.lab, report.submission))
        name = "%s · %s" % (lab, submission)
        self.line(words.shorten(name, self.style.width), "bold")
        if report.status == "ungradable":
            self.line()
            self.line("Nothing could be graded.", "bad")
            self.text(report.problem)
            return
        if report.problem:
            self.text(report.problem)
        self.line()
        waiting, unknown = report.pending_points, unknown_points(report)
        self._score(report.max_points - waiting - unknown)
        if waiting:
            self.line("  %s more wait for a person" % number(waiting))
        if unknown:
            unknown_line = "  %s could not be judged, which costs nothing"
            self.line(unknown_line % number(unknown))

    def _score(self, sure: float) -> None:
        """Say what was earned of the points that are sure, and the bonus."""
        report = self.report
        bonus = [row for row in report.rows if row.criterion.bonus]
        losses = [
            row for row in report.rows if lost(row) and row not in bonus
        ]
        score = "%s of %s points" % (number(report.points), number(sure))
        if report.bonus_points:
            score += ", %s of them bonus" % number(report.bonus_points)
        if losses:
            many = words.count(len(losses), "criterion", "criteria")
            self.line("  %s, lost in %s" % (score, many), "bold")
        elif sure:
            self.line("  %s, nothing lost" % score, "bold")
        elif bonus:
            got = (report.bonus_points, report.max_bonus_points)
            self.line("  %s of %s bonus points" % tuple(map(number, got)), "bold")
        missed = sum(map(lost, bonus))
        if sure and missed:
            self.line("  %s bonus points were not earned" % number(missed))

    def table(self) -> None:
        if not self.report.rows:
            return
        self.line()
        most = max(len(row.criterion.id) for row in self.report.rows)
        for at, row in enumerate(self.report.rows, 1):
            self._table_row(at, row, min(most, 26))

    def _table_row(self, at: int, row: Row, most: int) -> None:
        verdict = row.finding.verdict
        word = words.pad(verdict.value, 10)
        points = "%s/%s" % (number(row.points), number(row.criterion.points))
        if verdict in (Verdict.MANUAL, Verdict.NOT_JUDGED):
            points = "–/" + number(row.criterion.points)
        if row.criterion.bonus:
            points = "+" + points
        name = words.shorten(self.style.inert(row.criterion.id), most)
        line = "%6s  %s" % (points, words.pad(name, most))
        room = self.style.width - 4 - 1 - 10 - words.columns(line) - 2
        title = self.style.inert(row.criterion.title)
        if row.finding.rescued:
            title = "(after a rescue) " + title
        if row.criterion.bonus:
            title = "(bonus) " + title
        title = "  " + words.shorten(title, room) if room >= 16 else ""
        if room < 16 and row.finding.rescued:
            title = "  rescued"
        self.lines.append(
            (
                "%4d " % at
                + self.style.paint(word, _TONES[verdict])
                + self.style.drawn(line)
                + self.style.paint(self.style.drawn(title), "dim")
            ).rstrip()
        )

    def loss(self, *losses: Tuple[int, Row]) -> None:
        """One loss, or several that have one cause, told once."""
        at, row = losses[0]
        if len(losses) > 1:
            self._one_cause(losses)
            return
        criterion, finding = row.criterion, row.finding
        name = "%d  %s" % (at, self.style.inert(criterion.id))
        cost = "%s %s of %s" % (
            "bonus: missed" if criterion.bonus else "lost",
            number(lost(row)),
            number(criterion.points),
        )
        self.title(name, cost, _TONES[finding.verdict])
        self.text(criterion.title)
        self.line()
        self.text(finding.reason, "why")
        if finding.rescued and finding.verdict is Verdict.PASS:
            self.text("it passed only after a rescue", "cost")
        if finding.expected:
            self.text(finding.expected, "expected")
        if finding.seen:
            self.text(finding.seen, "seen")
        for note in finding.notes:
            self.text(note, "note")
        if finding.mend or criterion.hint:
            self.text(finding.mend or criterion.hint, "mend")
        self._conversation(at, finding.evidence)

    def _one_cause(self, losses: Sequence[Tuple[int, Row]]) -> None:
        total = sum(lost(row) for _at, row in losses)
        numbers = ", ".join(str(at) for at, _row in losses)
        points = sum(row.criterion.points for _at, row in losses)
        self.title(
            "%s  for one reason" % numbers,
            "lost %s of %s" % (number(total), number(points)),
            _TONES[losses[0][1].finding.verdict],
        )
        for at, row in losses:
            self.text("%d  %s" % (at, row.criterion.id))
        self.line()
        finding = losses[0][1].finding
        self.text(finding.reason, "why")
        if finding.seen:
            self.text(finding.seen, "seen")
        if finding.mend:
            self.text(finding.mend, "mend")
        self._conversation(losses[0][0], finding.evidence)

    def _conversation(
        self, at: int, evidence: Sequence[model.Evidence]
    ) -> None:
        """Draw the first scenario of the evidence, each one only once."""
        names = list(dict.fromkeys(place.scenario for place in evidence))
        if not names:
            return
        traces = {trace.name: trace for trace in reversed(self.report.traces)}
        old = next((name for name in names if name in self._drawn), "")
        if old:
            where = "%s, drawn under %d" % (old, self._drawn[old])
            self.text(where + _others(names), "run")
            return
        self.text(names[0] + _others(names), "run")
        if names[0] not in traces:
            return
        self._drawn[names[0]] = at
        trace = traces[names[0]]
        if trace.reason:
            self.text(trace.reason, "it ended")
        steps = ladder.layout(trace, self._marks(trace.name), 30)
        inner = Style(
            self.style.width - 2, self.style.colour, self.style.unicode
        )
        self.line()
        self.lines += [
            ("  " + line).rstrip() for line in ladder_text.draw(steps, inner)
        ]

    def _marks(self, scenario: str) -> Dict[int, str]:
        """Number the events of a scenario by the losses that rest on them."""
        marks: Dict[int, List[str]] = {}
        for at, row in enumerate(self.report.rows, 1):
            for place in row.finding.evidence if lost(row) else ():
                if place.scenario == scenario:
                    for event in place.events:
                        marks.setdefault(event, []).append(str(at))
        return {
            event: ",".join(dict.fromkeys(numbers))
            for event, numbers in marks.items()
        }

    def not_judged(self) -> None:
        rows = [
            (at, row)
            for at, row in enumerate(self.report.rows, 1)
            if row.finding.verdict is Verdict.NOT_JUDGED
        ]
        if not rows:
            return
        self.title("could not be judged; costs nothing", tone="unknown")
        for at, row in rows:
            text = "%s: %s" % (row.criterion.id, row.finding.reason)
            self.text(text, str(at), 4)

    def insights(self) -> None:
        if not self.report.insights:
            return
        self.title("worth knowing; costs no points")
        for at, insight in enumerate(self.report.insights):
            if at:
                self.line()
            seen = " (%s)" % insight.measured if insight.measured else ""
            self.text("%s: %s%s" % (insight.id, insight.text, seen))
            if insight.mend:
                self.text(insight.mend, "mend")

    def pending(self) -> None:
        rows = [
            (at, row)
            for at, row in enumerate(self.report.rows, 1)
            if row.finding.verdict is Verdict.MANUAL
        ]
        if not rows:
            return
        self.title("a person decides", number(self.report.pending_points))
        for at, row in rows:
            text = "%s (%s)" % (row.criterion.id, number(row.criterion.points))
            if row.finding.reason:
                text += ": " + row.finding.reason
            self.text("\n".join((text,) + row.finding.notes), str(at), 4)

    def how_it_was_run(self) -> None:
        remarks: List[Tuple[str, str]] = []
        for program in self.report.programs:
            what = _command(program)
            why = " (%s)" % program.why if program.why else ""
            remarks.append((program.role, what + why))
        remarks += [("note", note) for note in self.report.notes]
        remarks += [("note", runs) for runs in self.report.left_out]
        for at, row in enumerate(self.report.rows, 1):
            if lost(row) or row.finding.verdict is Verdict.MANUAL:
                continue  # said above
            if row.finding.rescued:
                remarks.append(("rescue", "%d: %s" % (at, row.finding.reason)))
            for note in row.finding.notes:
                remarks.append(("note", "%d: %s" % (at, note)))
        if not remarks:
            return
        self.title("how it was run")
        for label, text in dict.fromkeys(remarks):
            name = words.shorten(self.style.inert(label), LABEL - 1)
            self.text(text, label=name)

    def again(self, told: Sequence[str]) -> None:
        argv = ["mngrade", "grade", self.report.lab, *told]
        argv += ["--seed", str(self.report.seed)]
        first = next((row for row in self.report.rows if lost(row)), None)
        if first:
            argv += ["--only", first.criterion.id]
        command = " ".join(shlex.quote(word) for word in argv)
        took = "%.1f s" % self.report.elapsed_s
        self.line()
        self.line("Took %s. To look again%s:" % (
            took, " at the first loss" if first else "",
        ))  # fmt: skip
        # In one piece, however long: it is there to be copied.
        self.lines.append("  " + self.style.inert(command))


def _others(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    return "; also in %s" % words.count(len(names) - 1, "other run")


def _command(program: model.Program) -> str:
    text = " ".join(shlex.quote(word) for word in program.argv)
    if program.cwd in ("", "."):
        return text
    return "%s, in %s" % (text, program.cwd)
