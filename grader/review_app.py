"""How does the review answer a browser?

A Flask application with a page for the class and one for each hand-in. Every
form works without scripts; `html/review.js` only adds keys. What is decided
goes straight into the gradebook, under the condition that the row still is
what the reviewer looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, List, Mapping, Optional, Tuple

import flask
from flask import Response, request

from grader import review_desk, review_guard
from grader.gradebook import Gradebook, GradebookError
from grader.review_desk import Desk, Task
from grader.review_guard import Guard
from grader.templates import FOLDER, environment
from grader.words import number as points_text

PRESETS = {"zero": 0.0, "half": 0.5, "full": 1.0}


class Review:
    """The review of one class by one person."""

    def __init__(
        self, book: Path, lab: str, who: str, guard: Guard, counts: Mapping[str, str]
    ) -> None:
        self.book, self.lab, self.who = book, lab, who
        self.guard, self.counts = guard, counts
        self._said = ""  # shown on the next page, once
        self._done: List[Tuple[int, int, int]] = []  # entry, hand-in, row
        self.app = flask.Flask("grader.review", static_folder=None)
        self.app.config["MAX_CONTENT_LENGTH"] = review_guard.MOST_BYTES
        self.app.before_request(self._check)
        self.app.after_request(review_guard.harden)
        self.app.register_error_handler(GradebookError, self._failed)
        views: Tuple[Tuple[str, Callable[..., Response], str], ...] = (
            ("/enter", self.enter, "GET"), ("/", self.overview, "GET"),
            ("/next", self.next, "GET"), ("/s/<int:number>", self.hand_in, "GET"),
            ("/s/<int:number>/report", self.report, "GET"),
            ("/review.<any(js, css):kind>", self.file, "GET"),
            ("/s/<int:number>/points", self.give, "POST"),
            ("/s/<int:number>/comment", self.comment, "POST"),
            ("/s/<int:number>/undo", self.undo, "POST"),
            ("/undo", self.undo_last, "POST"),
        )  # fmt: skip
        for rule, view, method in views:
            self.app.add_url_rule(rule, view.__name__, view, methods=[method])

    # ---- who is let in ---------------------------------------------------

    def _check(self) -> Optional[Response]:
        why = self.guard.refuses(request, request.endpoint == "enter")
        return self._page("review_note.html.j2", 403, why=why) if why else None

    def enter(self) -> Response:
        """The one use of the token.

        No redirect: where another site led here, its answer would not get
        the cookie, as the browser counts it to that site.
        """
        response = self._page("review_note.html.j2", 200, why="")
        if self.guard.enter(request.args.get("token", ""), response):
            return response
        return self._page(
            "review_note.html.j2", 403,
            why="this address was used already, or is mistyped: start the review again",
        )  # fmt: skip

    # ---- pages -----------------------------------------------------------

    def overview(self) -> Response:
        with self._open() as book:
            found = review_desk.groups(book, self.lab)
        return self._page(
            "review_class.html.j2", groups=found, waits=review_desk.waits,
            progress=review_desk.progress(found),
        )  # fmt: skip

    def next(self) -> Response:
        """To the next hand-in where something waits."""
        after = request.args.get("after", 0, type=int)
        with self._open() as book:
            number = review_desk.next_waiting(
                review_desk.groups(book, self.lab), after
            )
        if not number and not after:
            self._said = "Nothing waits for a person."
        return self._to(number or after)

    def hand_in(self, number: int) -> Response:
        with self._open() as book:
            return self._desk(review_desk.open_desk(book, self.lab, number, self.counts))

    def report(self, number: int) -> Response:
        """The student's page, which may do nothing at all."""
        with self._open() as book:
            desk = review_desk.open_desk(book, self.lab, number, self.counts)
        if desk.page is None:
            return self._page("review_note.html.j2", 404, why="there is no report")
        response = Response(desk.page.read_bytes(), mimetype="text/html")
        return review_guard.harden(response, review_guard.REPORT_POLICY)

    def file(self, kind: str) -> Response:
        names = {"js": ("review.js",), "css": ("style.css", "review.css")}[kind]
        text = "".join((FOLDER / name).read_text("utf-8") for name in names)
        kinds = {"js": "text/javascript", "css": "text/css"}
        return Response(text, mimetype=kinds[kind])

    # ---- what a person does ----------------------------------------------

    def give(self, number: int) -> Response:
        """Points for a row, if it is still what was looked at."""
        form = request.form
        with self._open() as book, book.transaction():
            desk = review_desk.open_desk(book, self.lab, number, self.counts)
            task = _task(desk, form.get("criterion", ""))
            points, wrong = _points(form, task)
            wanted = form.get("points", "") if wrong else points_text(points)
            wrong = wrong or self._changed(desk, task, form)
            if wrong:
                return self._desk(desk, 409, task, wrong, wanted)
            try:
                entry = book.decide(
                    number, task.row.id, points, self.who, seen=task.seen
                )
            except GradebookError as error:
                return self._desk(desk, 409, task, str(error), wanted)
        self._done.append((entry, number, task.at))
        self._said = "%s of %s points for %s: saved." % (
            points_text(points), points_text(task.row.max_points), task.row.id,
        )  # fmt: skip
        left = [one for one in desk.waiting if one.at != task.at]
        behind = [one for one in left if one.at > task.at] or left
        return self._to(number, "row-%d" % behind[0].at if behind else "done")

    def _changed(self, desk: Desk, task: Task, form: Mapping[str, str]) -> str:
        if task.alone:
            return "it was decided for each of the team alone"
        if form.get("grading") != str(desk.grading):
            return "it was graded again meanwhile: look at what is laid out now"
        if form.get("seen") == str(task.seen):
            return ""
        if task.row.decision is None:
            return "the points that were there have been taken back meanwhile"
        return "%s gave %s points meanwhile (entry %d); save again to give others" % (
            task.row.decision.who, points_text(task.row.decision.points), task.seen,
        )  # fmt: skip

    def comment(self, number: int) -> Response:
        """Words about a row, or the whole."""
        id, text = request.form.get("criterion", ""), request.form.get("text", "")
        with self._open() as book:
            desk = review_desk.open_desk(book, self.lab, number, self.counts)
            at = _task(desk, id).at if id else 0
            if text.strip():
                text = text.replace("\r\n", "\n")
                entry = book.comment(number, text, self.who, id or None)
                self._done.append((entry, number, at))
                self._said = "Comment saved."
        return self._to(number, "row-%d" % at)

    def undo(self, number: int) -> Response:
        """Take back what this person did here."""
        entry = request.form.get("entry", 0, type=int)
        with self._open() as book:
            desk = review_desk.open_desk(book, self.lab, number, self.counts)
            own = {task.seen: task.at for task in desk.tasks
                   if task.row.decision and task.row.decision.who == self.who}  # fmt: skip
            for at, comments in [(0, desk.comments)] + [
                (task.at, task.comments) for task in desk.tasks
            ]:
                own.update({one.entry: at for one in comments if one.who == self.who})
            if entry not in own:
                raise GradebookError("this is not what %s did here last" % self.who)
            self._take_back(book, entry)
        return self._to(number, "row-%d" % own[entry])

    def undo_last(self) -> Response:
        """Take back what was done last in this review."""
        if not self._done:
            self._said = "Nothing is left that was done in this review."
            back = request.form.get("number", 0, type=int)
            return self._to(back)
        entry, number, at = self._done[-1]
        with self._open() as book:
            self._take_back(book, entry)
        return self._to(number, "row-%d" % at)

    def _take_back(self, book: Gradebook, entry: int) -> None:
        self._done = [one for one in self._done if one[0] != entry]
        book.undo(entry, self.who, "taken back in the review")
        self._said = "Taken back."

    # ---- answers -----------------------------------------------------------

    def _open(self) -> Gradebook:
        return Gradebook(self.book, create=False)

    def _failed(self, error: Exception) -> Response:
        return self._page("review_note.html.j2", 400, why=str(error))

    def _desk(
        self, desk: Desk, status: int = 200, task: Optional[Task] = None,
        wrong: str = "", wanted: str = "",
    ) -> Response:  # fmt: skip
        return self._page(
            "review_desk.html.j2", status, desk=desk, wrong=wrong, wanted=wanted,
            wrong_at=task.at if task else 0,
            focus=task.at if task else desk.waiting[0].at if desk.waiting else 0,
            can_undo=bool(self._done),
        )  # fmt: skip

    def _page(self, name: str, status: int = 200, **about: Any) -> Response:
        said, self._said = (self._said, "") if status == 200 else ("", self._said)
        text = environment().get_template(name).render(
            who=self.who, lab=self.lab, secret=self.guard.secret, said=said, **about
        )
        return Response(text.encode("utf-8", "backslashreplace"), status,
                        mimetype="text/html")  # fmt: skip

    def _to(self, number: int, anchor: str = "") -> Response:
        """Go on there; 303, so that loading again sends nothing again."""
        place = "/s/%d" % number if number else "/"
        response = Response("", 303)
        response.headers["Location"] = place + ("#" + anchor if anchor else "")
        return response


def _task(desk: Desk, id: str) -> Task:
    for task in desk.tasks:
        if task.row.id == id:
            return task
    raise GradebookError("'%s' is no row of this hand-in that waits for a person" % id)


def _points(form: Mapping[str, str], task: Task) -> Tuple[float, str]:
    """The points that were asked for; or what is wrong with them."""
    most = task.row.max_points
    if form.get("preset") in PRESETS:
        return most * PRESETS[form["preset"]], ""
    try:
        points = float(form.get("points", "").strip().replace(",", "."))
    except ValueError:
        return 0.0, "points are a number from 0 to %s" % points_text(most)
    if not 0 <= points <= most:
        return 0.0, "points go from 0 to %s" % points_text(most)
    return points, ""
