"""How is a class graded from the command line, and what is seen meanwhile?

On a terminal one line at the bottom tells how far the batch is, how long it
will take and who keeps it waiting; elsewhere each hand-in gets a plain line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, TextIO, Tuple

from grader import batch, class_page, intake, lab, roster, words
from grader.batch import Batch, Done, Watcher
from grader.gradebook import Gradebook, GradebookError
from grader.gradebook_match import Directory, NoMatch, name_key
from grader.gradebook_model import Student
from grader.intake import HandIn
from grader.workspace import Workspace

_STALE_S = 3.0  # a hand-in that takes longer is named
_MOST_PROBLEMS = 12
_WIDEST = 160
_LONGEST = 1000  # letters of a line, before it is cut to fit


def run(given: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Grade a class; returns the exit status of the command line.

    Raises BatchError, IntakeError, GradebookError and lab.LabError.
    """
    loaded = lab.load(given.lab)
    out: Path = given.out
    with Workspace() as place:
        found = intake.read(given.what, place / "class")
        plan = batch.plan_of(loaded, given.seed, given.again, given.judge_again)
        jobs = given.jobs or len(os.sched_getaffinity(0))
        with Batch(out, plan, jobs) as work:
            problems = enter(out, loaded.name, found.hand_ins, given.roster, work)
            say("%s of lab %s (%s)\n" % (
                words.count(len(found.hand_ins), "hand-in"), loaded.name, found.layout,
            ))  # fmt: skip
            watcher = _watcher(sys.stderr, sys.stdout)
            try:
                work.run(found.hand_ins, watcher)
            finally:
                watcher.close()
                class_page.write(out, loaded)
    for line in _summary(watcher, found, problems, out):
        say(line + "\n")
    return 3 if watcher.undone else 0


# ---- the gradebook's part ----------------------------------------------------


def enter(
    out: Path,
    lab_name: str,
    hand_ins: Sequence[HandIn],
    roster_file: Optional[Path],
    work: Batch,
) -> List[str]:
    """Enter the class and its hand-ins; returns what a person has to look at."""
    listed = _listed(roster_file)
    with Gradebook(out) as book:
        with book.transaction():
            for student in listed:
                book.add_student(student, "mngrade batch", str(roster_file))
        known = book.students()
        directory = Directory(known) if known else None
        problems: List[str] = []
        with book.transaction():
            for hand_in in hand_ins:
                people = _people(hand_in, directory, bool(listed), problems)
                for student in people:
                    if student.id not in {one.id for one in known}:
                        book.add_student(student, "mngrade batch", hand_in.received)
                work.numbers[hand_in.name] = book.add_submission(
                    lab_name, hand_in.name, [one.id for one in people],
                    hand_in.attempt, hand_in.late_s, hand_in.received,
                )  # fmt: skip
        return problems


def _listed(roster_file: Optional[Path]) -> Sequence[Student]:
    try:
        return roster.read(roster_file).students if roster_file else ()
    except GradebookError as error:
        raise batch.BatchError(str(error)) from error


def _people(
    hand_in: HandIn,
    directory: Optional[Directory],
    only_listed: bool,
    problems: List[str],
) -> List[Student]:
    """Whose a hand-in is: as the roster knows them, else as the system does."""
    people = []
    for told in hand_in.students:
        try:
            if directory is None:
                raise NoMatch("no roster")
            people.append(directory.meant(told))
            continue
        except NoMatch as error:
            why = str(error)
        try:  # a folder may have a team's name
            if directory is not None:
                ids = directory.holders(hand_in.name)
                people += [Student(id) for id in ids]
                continue
        except NoMatch:
            pass
        if only_listed:
            problems.append("%s: whose it is was not found (%s)" % (hand_in.name, why))
        else:
            people.append(_by_itself(told, hand_in))
    return people


def _by_itself(told: Student, hand_in: HandIn) -> Student:
    """A student of whom there is only what the system says."""
    ids = [told.sis_id, told.login, told.email]
    ids += ["canvas-" + told.canvas_id] if told.canvas_id else []
    ids += ["moodle-" + told.moodle_id] if told.moodle_id else []
    ids += [name_key(told.name), hand_in.name]
    return replace(told, id=next(id for id in ids if id))


# ---- what is seen ---------------------------------------------------------


class Progress(Watcher):
    """Counts, and keeps what the summary tells. Subclasses draw."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.total = 0
        self.began = time.monotonic()
        self.hows: Dict[str, int] = {}
        self.undone: List[Tuple[str, str]] = []
        self.ungradable: List[Tuple[str, str]] = []
        self.slowest: List[Tuple[float, str]] = []

    @property
    def finished(self) -> int:
        return sum(self.hows.values()) + len(self.undone)

    def begins(self, total: int) -> None:
        self.total = total

    def done(self, done: Done, left: int) -> None:
        if done.report["status"] == "incomplete":
            why = done.report.get("problem") or "something was not judged"
            self.undone.append((done.name, why))
        else:
            self.hows[done.how] = self.hows.get(done.how, 0) + 1
        if done.report["status"] == "ungradable":
            self.ungradable.append((done.name, done.report["problem"]))
        self.slowest = sorted(self.slowest + [(done.took_s, done.name)])[-3:]

    def close(self) -> None:
        """Nothing more will be drawn."""

    def line(self, done: Done) -> str:
        report = done.report
        sure = report["max_points"] - report["pending_points"]
        return "%s %3d/%d  %s  %g of %g points  %s, %.1f s" % (
            time.strftime("%H:%M:%S"), self.finished, self.total,
            words.printable(done.name), report["points"], sure,
            words.shorten(words.printable(done.how[:_LONGEST]), _WIDEST), done.took_s,
        )  # fmt: skip


class _Plain(Progress):
    """A line for each hand-in, for a file or a pipe."""

    def done(self, done: Done, left: int) -> None:
        super().done(done, left)
        print(self.line(done), file=self._stream, flush=True)


class _Bar(Progress):
    """One line that is drawn again and again."""

    def waits(self, running: Sequence[Tuple[str, float]], left: int) -> None:
        width = shutil.get_terminal_size().columns - 1
        done = self.finished
        spent = time.monotonic() - self.began
        left_s = spent / done * (self.total - done) if done else 0.0
        full = 20 * done // max(1, self.total)
        slow = sorted(
            ((age, name) for name, age in running if age > _STALE_S), reverse=True
        )
        told = "[%s%s] %d/%d" % ("#" * full, "." * (20 - full), done, self.total)
        told += "  %s left" % _minutes(left_s) if done else ""
        told += "  slow: " + ", ".join(
            "%s (%d s)" % (words.printable(name), age) for age, name in slow[:3]
        ) if slow else ""  # fmt: skip
        self._stream.write("\r\033[K" + words.shorten(told, width))
        self._stream.flush()

    def close(self) -> None:
        self._stream.write("\r\033[K")
        self._stream.flush()


def _watcher(drawn: TextIO, plain: TextIO) -> Progress:
    if drawn.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return _Bar(drawn)
    return _Plain(plain)


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return "%d s" % round(seconds)
    return "%d min" % round(seconds / 60)


def _summary(
    seen: Progress, found: intake.Intake, problems: Sequence[str], out: Path
) -> List[str]:
    took = time.monotonic() - seen.began
    hows = ["%d %s" % (n, how) for how, n in sorted(seen.hows.items())]
    lines = ["%s in %s: %s" % (
        words.count(seen.finished, "hand-in"), _minutes(took), ", ".join(hows) or "none",
    )]  # fmt: skip
    if seen.slowest and seen.slowest[-1][0] > _STALE_S:
        lines.append("slowest: " + ", ".join(
            "%s (%.0f s)" % (name, age)
            for age, name in reversed(seen.slowest)
        ))  # fmt: skip
    told = ["not judged: %s: %s" % pair for pair in seen.undone]
    told += ["nothing to grade: %s: %s" % pair for pair in seen.ungradable]
    told += list(problems)
    told += list(found.notes)
    told = [words.shorten(words.printable(line[:_LONGEST]), _WIDEST) for line in told]
    lines += told[:_MOST_PROBLEMS]
    if len(told) > _MOST_PROBLEMS:
        lines.append("and %d more such lines" % (len(told) - _MOST_PROBLEMS))
    lines.append("the class: %s" % (out / class_page.NAME))
    lines.append("the gradebook: mngrade gradebook show %s" % out)
    return [words.printable(line) for line in lines]
