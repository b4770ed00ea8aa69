"""What do `mngrade grade`, `replay` and `watch` do?

Each judges one submission. Reports go where the options say.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Sequence

from grader import lab, words
from grader.cli_common import (
    LOST,
    NOT_JUDGED,
    OK,
    Complaint,
    check_jinja,
    check_machine,
    count,
    existing,
    put,
    switch_option,
)
from grader.model import Report, Verdict


# ---- grade, replay ------------------------------------------------------


def grade_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `grade`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("submission", metavar="SUBMISSION", nargs="*", type=Path)
    _report_options(parser)
    add("--seed", metavar="N", type=int, default=1,
        help="chooses, with what is handed in, the names that are typed"
        " (default 1)")
    add("--jobs", metavar="N", type=count, default=0,
        help="runs at once (default: one a processor)")
    add("--keep", metavar="DIR", type=Path,
        help="keep a trace and a pcap of each run in DIR")
    add("--server", metavar="CMD", help="command that starts the server")
    add("--client", metavar="CMD", help="command that starts a client")
    switch_option(add)
    add("--links", action="store_true",
        help="also make the runs with bad links that cost time and no points")
    add("--topology", metavar="NAME", default="",
        help="another network than the rubric's; mngrade topology lists them")


def _report_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--json", metavar="FILE", help="write the report as JSON (- is stdout)")
    add("--junit", metavar="FILE", help="write the report as JUnit XML")
    add("--html", metavar="FILE", help="write the report as a page, with"
        " a picture of each run")
    add("--view", choices=("instructor", "student"), default="instructor",
        help="student leaves out what the rubric hides (default instructor)")
    add("--canonical", action="store_true",
        help="print what every re-run must print again, byte for byte")
    add("--only", metavar="CRITERION", action="append", default=[],
        help="judge this criterion only; may be repeated")


def run_grade(options: argparse.Namespace) -> int:
    """Grade one submission; the exit status."""
    loaded = lab.load(options.lab)
    _check_only(options.only, loaded)
    if options.html:
        check_jinja("--html")
    paths = existing(options.submission, options.server or options.client)
    check_machine()
    shape = loaded.rubric.topology
    _check_topology(options.topology or shape.shape, len(shape.clients))
    if options.keep:
        _make_folder(options.keep)
    from grader import archive, grade, sandbox  # after the quick complaints

    order = grade.Order(
        lab=loaded,
        paths=tuple(paths),
        seed=options.seed,
        jobs=options.jobs,
        only=tuple(options.only),
        keep=options.keep.resolve() if options.keep else None,
        server=options.server,
        client=options.client,
        switch=options.switch,
        links=options.links,
        topology=options.topology,
    )
    try:
        report = grade.grade(order)
    except archive.SubmissionError as error:
        raise Complaint(str(error)) from error
    except (OSError, sandbox.SandboxError) as error:
        raise Complaint(
            "the grading could not be done, and nothing is judged: %s" % error,
            NOT_JUDGED,
        ) from error
    _write(report, loaded, options, grade.told(order))
    return exit_status(report)


def replay_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `replay`."""
    parser.add_argument("folder", metavar="TRACE_DIR", type=Path,
                        help="what `mngrade grade --keep` wrote")
    parser.add_argument("--lab", metavar="LAB",
                        help="judge by this lab instead of the one it was")
    _report_options(parser)


def run_replay(options: argparse.Namespace) -> int:
    """Judge kept traces again; the exit status."""
    from grader import grade, kept

    try:
        observed = kept.read(options.folder)
    except kept.KeptError as error:
        raise Complaint(str(error)) from error
    loaded = lab.load(options.lab or observed.lab)
    _check_only(options.only, loaded)
    if options.html:
        check_jinja("--html")
    report = grade.judge(loaded, observed, options.only)
    _write(report, loaded, options, observed.told)
    return exit_status(report)


def _check_only(only: Sequence[str], loaded: lab.Lab) -> None:
    for id in only:
        if id not in loaded.rubric.ids:
            meant = words.nearest(id, loaded.rubric.ids)
            raise Complaint(
                "lab %s has no criterion '%s'%s"
                % (
                    loaded.name,
                    id,
                    "; did you mean '%s'?" % meant if meant else "",
                )
            )


def _check_topology(name: str, size: int) -> None:
    from grader import topology

    try:
        topology.load_topology(name, size)
    except (topology.NetworkFault, ValueError) as error:
        raise Complaint(str(error)) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Complaint("--keep %s: %s" % (folder, error.strerror)) from error


def _write(
    report: Report,
    loaded: lab.Lab,
    options: argparse.Namespace,
    told: Sequence[str],
) -> None:
    """Write the report as it was asked for; `told` repeats the grading."""
    from grader import report_json, report_junit, report_text, view

    report = view.of(report, loaded.rubric, options.view)
    if options.canonical:
        whole = report_json.with_transcripts(report)
        put(report_json.canonical(whole).decode("ascii"))
    elif options.json == "-":
        put(report_json.dumps(report))
    else:
        style = words.style_of(
            sys.stdout, os.environ, shutil.get_terminal_size().columns
        )
        put(report_text.render(report, style, told) + "\n")
    try:
        if options.json and options.json != "-":
            report_json.write(report, Path(options.json))
        if options.junit:
            report_junit.write(report, Path(options.junit))
        if options.html:
            from grader import report_html

            report_html.write(
                report, Path(options.html), loaded.rubric, options.view, told
            )
    except OSError as error:
        raise Complaint("the report was not written: %s" % error) from error


def exit_status(report: Report) -> int:
    """The exit status that says how a grading went."""
    if report.status != "graded":
        return NOT_JUDGED
    lost = any(
        row.finding.verdict in (Verdict.FAIL, Verdict.PARTIAL)
        or (row.finding.verdict is Verdict.PASS and row.points < row.criterion.points)
        for row in report.rows
    )
    return LOST if lost else OK


# ---- watch ---------------------------------------------------------------


def watch_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `watch`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("path", metavar="PATH", nargs="?", type=Path, default=Path("."),
        help="the submission (default: this folder)")
    add("--seed", metavar="N", type=int, default=1)
    add("--jobs", metavar="N", type=count, default=0)
    add("--server", metavar="CMD", help="command that starts the server")
    add("--client", metavar="CMD", help="command that starts a client")


def run_watch(options: argparse.Namespace) -> int:
    """Grade at every save, until the user leaves."""
    loaded = lab.load(options.lab)
    existing([options.path], None)
    check_machine()
    from grader import grade, watch

    order = grade.Order(
        loaded, (options.path,), options.seed, options.jobs,
        server=options.server, client=options.client,
    )  # fmt: skip
    style = words.style_of(
        sys.stdout, os.environ, shutil.get_terminal_size().columns
    )
    watch.watch(order, style, put)
    return OK
