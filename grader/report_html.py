"""What does a student see who opens the report in a browser?

One file that needs nothing else: no network, no scripts, nothing beside it.
The points and the rubric come first, then what lost points and how to mend
it, then every run as a picture, and the command that repeats it all at home.
The page is `html/report.html.j2`; what may stand in it from outside is made
inert by `templates`. Here is decided which runs are drawn and what leads
where.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Tuple

from markupsafe import Markup

from grader import ladder, ladder_svg, ladder_words, model, words
from grader import view as views
from grader.ladder_picture import Picture
from grader.model import Evidence, Outcome, Row, ScenarioRecord, Verdict
from grader.report_text import by_cause, lost, unknown_points
from grader.rubric import Rubric
from grader.templates import FOLDER, environment

MOST_SIZE = 1_400_000  # letters of all runs together
STEPS = 80  # in a picture of a run that is shown at once
FEWER_STEPS = 50
MOST_MOMENTS = 8  # of one piece of evidence
OPEN = 4  # runs that are shown at once where no run lost anything


@dataclass(frozen=True)
class Moment:
    """One event of the evidence."""

    href: str
    time: str


@dataclass(frozen=True)
class Place:
    """Evidence, with where it leads; `href` is "" where nothing is drawn."""

    name: str
    href: str
    moments: Tuple[Moment, ...]
    more: int


@dataclass(frozen=True)
class RunView:
    """One run as the page shows it."""

    anchor: str
    record: ScenarioRecord
    ended: str
    lost: Tuple[Tuple[int, Row], ...]  # the rows that lost points by it
    open: bool
    figure: Markup
    step_of: Mapping[int, str]  # event: name of its row in the picture
    wide: bool
    crowded: bool  # it is not drawn, because the page is full


def render(
    report: model.Report,
    rubric: Rubric,
    view: str = views.INSTRUCTOR,
    told: Sequence[str] = (),
) -> str:
    """Return the report as a page of HTML.

    `view` is one of grader.view.VIEWS; `told` are the arguments that repeat
    the grading, where they are more than the submission's name.
    """
    page = Page(views.of(report, rubric, view), rubric, told)
    template = environment().get_template("report.html.j2")
    style = Markup((FOLDER / "style.css").read_text(encoding="utf-8"))
    return template.render(page=page, report=page.report, style=style)


def write(
    report: model.Report,
    path: Path,
    rubric: Rubric,
    view: str = views.INSTRUCTOR,
    told: Sequence[str] = (),
) -> None:
    """Write the page to a file."""
    text = render(report, rubric, view, told)
    path.write_text(text, encoding="utf-8")


class Page:
    """What the template asks for."""

    def __init__(
        self, report: model.Report, rubric: Rubric, told: Sequence[str]
    ) -> None:
        self.report = report
        self.rubric = rubric
        self.told = tuple(told) or (report.submission,)
        self.rows = list(enumerate(report.rows, 1))
        self.groups = by_cause(report.rows)
        self.manual = self._with(Verdict.MANUAL)
        self.unjudged = self._with(Verdict.NOT_JUDGED)
        self.kept = [
            (at, row)
            for at, row in self._with(Verdict.PASS) if not lost(row)
        ]
        self.bonus = [row for _at, row in self.rows if row.criterion.bonus]
        self.unknown = unknown_points(report)
        self.sure = report.max_points - report.pending_points - self.unknown
        self.losses = sum(
            1 for _at, row in self.rows if lost(row) and not row.criterion.bonus
        )
        self.missed = sum(map(lost, self.bonus))
        self.runs = self._runs()
        self._run_of = {run.record.name: run for run in reversed(self.runs)}

    lost = staticmethod(lost)

    def _with(self, verdict: Verdict) -> List[Tuple[int, Row]]:
        return [
            (at, row)
            for at, row in self.rows
            if row.finding.verdict is verdict
        ]

    @property
    def command(self) -> str:
        """What repeats the grading, to be copied."""
        argv = ["mngrade", "grade", self.report.lab, *self.told]
        argv += ["--seed", str(self.report.seed)]
        return " ".join(shlex.quote(word) for word in argv)

    @staticmethod
    def program(program: model.Program) -> str:
        return " ".join(shlex.quote(word) for word in program.argv)

    def counts(self, row: Row) -> str:
        """What counts for a row, in the rubric's words."""
        if row.criterion.id in self.rubric.ids:
            return self.rubric.counts_for(row.criterion.id)
        return ""

    def places(self, evidence: Sequence[Evidence]) -> List[Place]:
        """Where evidence leads; several pieces in one run are one place."""
        events: Dict[str, List[int]] = {}
        for piece in evidence:
            events.setdefault(piece.scenario, []).extend(piece.events)
        return [
            self._place(name, sorted(set(numbers)))
            for name, numbers in events.items()
        ]

    def _place(self, name: str, numbers: Sequence[int]) -> Place:
        run = self._run_of.get(name)
        if run is None:
            return Place(name, "", (), 0)
        href = "#" + run.anchor
        moments: Dict[str, Moment] = {}  # by time: one for each is enough
        left = len(numbers)
        for number in numbers:
            if len(moments) == MOST_MOMENTS:
                break
            left -= 1
            time = _time(run.record, number)
            row = run.step_of.get(number)
            if time and time not in moments:
                moments[time] = Moment("#" + row if row else href, time)
        return Place(name, href, tuple(moments.values()), left)

    def _runs(self) -> List[RunView]:
        """Those by which points were lost come first."""
        records = list(self.report.traces)
        losses = {
            record.name: [
                (at, row)
                for at, row in self.rows
                if lost(row) and _rests_on(row, record.name)
            ]
            for record in records
        }
        records = [r for r in records if r.outcome is not Outcome.LEFT_OUT]
        telling = [record for record in records if losses[record.name]]
        families = {_family(record) for record in telling or records[:1]}
        first = [
            one
            for one in records
            if _family(one) in families and not losses[one.name]
        ]
        order = telling + [one for one in records if not losses[one.name]]
        at_once = telling + first[: max(OPEN - len(telling), 0)]
        runs: List[RunView] = []
        room = MOST_SIZE
        for number, record in enumerate(order, 1):
            run = _run_view(
                "run-%d" % number, record, losses[record.name],
                any(record is one for one in at_once), room,
            )  # fmt: skip
            # Where one does not fit, those behind it are not drawn either.
            room = 0 if run.crowded else room - len(run.figure)
            runs.append(run)
        return runs


def _rests_on(row: Row, scenario: str) -> bool:
    return any(place.scenario == scenario for place in row.finding.evidence)


def _family(record: ScenarioRecord) -> str:
    return record.name.partition("[")[0]


def _time(record: ScenarioRecord, number: int) -> str:
    """When an event happened, or "" where there is no such event."""
    if 0 < number <= len(record.events):
        return "%.3f s" % float(record.events[number - 1].get("t", 0.0))
    return ""


def _ended(record: ScenarioRecord) -> str:
    if record.outcome is Outcome.FINISHED:
        return "came to its end"
    if record.outcome is Outcome.STUCK:
        return "did not come to its end"
    return "the harness failed, and nothing was concluded"


def _run_view(
    anchor: str,
    record: ScenarioRecord,
    losses: Sequence[Tuple[int, Row]],
    is_open: bool,
    room: int,
) -> RunView:
    figure, wide = Markup(""), False
    step_of: Dict[int, str] = {}
    crowded = room <= 0
    if not crowded:
        figure, step_of, wide = _drawn(anchor, record, losses, is_open)
        crowded = len(figure) > room
    if crowded:
        figure, step_of = Markup(""), {}
    return RunView(
        anchor, record, _ended(record), tuple(losses), is_open, figure,
        step_of, wide, crowded,
    )  # fmt: skip


def _drawn(
    anchor: str,
    record: ScenarioRecord,
    losses: Sequence[Tuple[int, Row]],
    is_open: bool,
) -> Tuple[Markup, Dict[int, str], bool]:
    """The picture, where in it an event is, and whether it is a wide one."""
    drawn = ladder.layout(
        record,
        _marked(record.name, losses),
        STEPS if is_open else FEWER_STEPS,
        detail=True,
    )
    if not drawn.steps or not drawn.lanes:
        return Markup(""), {}, False
    names = {str(at): row.criterion.id for at, row in losses}
    picture = ladder_svg.draw(drawn, anchor, names)
    figure = _figure(drawn, picture, anchor, record.name)
    step_of = {
        number: picture.step_at[at]
        for at, step in enumerate(drawn.steps)
        for number in step.events
    }
    return figure, step_of, len(drawn.lanes) > 3


def _marked(
    scenario: str, losses: Sequence[Tuple[int, Row]]
) -> Dict[int, str]:
    """Number the events of a scenario by the losses that rest on them."""
    marks: Dict[int, List[str]] = {}
    for at, row in losses:
        for place in row.finding.evidence:
            if place.scenario == scenario:
                for event in place.events:
                    marks.setdefault(event, []).append(str(at))
    return {
        event: ",".join(dict.fromkeys(numbers))
        for event, numbers in marks.items()
    }


def _figure(
    drawn: ladder.Ladder,
    picture: Picture,
    anchor: str,
    title: str,
) -> Markup:
    template = environment().get_template("run.html.j2")
    return Markup(
        template.render(
            picture=picture,
            anchor=anchor,
            title=words.printable(title),
            summary=ladder_words.summary(drawn),
            steps=ladder_words.told(drawn),
            marks_of=ladder_svg.marks_of,
        )
    )
