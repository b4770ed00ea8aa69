"""What does the user want, and how is it told what came of it?

Parses the command line, calls the part that does the work, writes results to
stdout and diagnostics to stderr. Exit status: 0 every automatic criterion
passed; 1 points were lost; 2 wrong usage or a broken lab; 3 something was
not judged.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Callable, List, NoReturn, Optional, Sequence

from grader.model import Report, Verdict

OK, LOST, USAGE, NOT_JUDGED = 0, 1, 2, 3
try:
    from grader import lab, words
except ModuleNotFoundError as missing:  # PyYAML comes with Debian's Mininet
    sys.stderr.write(
        "mngrade: %s has no module '%s'; mngrade is made for /usr/bin/python3:"
        " make demo installs what it needs\n" % (sys.executable, missing.name)
    )
    sys.exit(NOT_JUDGED)

_LOG = logging.getLogger("mngrade")


class Complaint(Exception):
    """One clear sentence for the user, and the exit status."""

    def __init__(self, text: str, status: int = USAGE) -> None:
        super().__init__(text)
        self.status = status


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    level = os.environ.get("MNGRADE_LOG", "WARNING").upper()
    known = isinstance(logging.getLevelName(level), int)
    told = logging.StreamHandler()
    told.setFormatter(_Inert("mngrade: %(message)s"))
    logging.basicConfig(handlers=[told], level=level if known else "WARNING")
    try:
        options = _parser().parse_args(argv)
        status: int = options.run(options)
        return status
    except Complaint as complaint:
        _say(str(complaint))
        return complaint.status
    except lab.LabError as error:
        _say(str(error))
        return USAGE
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    except Exception as error:  # pylint: disable=broad-except
        # A mistake of ours: no student may lose by it, or win.
        _LOG.debug("", exc_info=True)
        _say(
            "the grader itself failed, and nothing is judged: %s: %s"
            " (MNGRADE_LOG=DEBUG says where)" % (type(error).__name__, error)
        )
        return NOT_JUDGED


class _Inert(logging.Formatter):
    """What a program printed may be in what is logged."""

    def format(self, record: logging.LogRecord) -> str:
        return words.printable(super().format(record), keep="\n")


def _print(text: str) -> None:
    """Write a result to stdout: here, and nowhere else."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is left must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise Complaint(
                "the output was not written: %s" % error.strerror, NOT_JUDGED
            ) from error
        # The reader of our output went away; that is no failure of ours.


def _say(text: str) -> None:
    print("mngrade: " + words.printable(text, keep="\n"), file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """Names the nearest command where one is misspelt."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        _say(message + _advice(message))
        raise SystemExit(USAGE)


def _advice(message: str) -> str:
    if "invalid choice:" not in message:
        return ""
    wrong = message.split("invalid choice: ")[1].split()[0].strip("'")
    meant = words.nearest(wrong, [name for name, _help in _COMMANDS])
    return "; did you mean '%s'?" % meant if meant else ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mngrade",
        description="Grade network programs on emulated Mininet hosts.",
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True
    )
    for name, text in _COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        known = "_" + name.replace("-", "_")
        globals()[known + "_options"](command)
        command.set_defaults(run=globals()[known])
    return parser


_COMMANDS = (
    ("grade", "grade one submission: a folder, files, or a zip or tar"),
    ("replay", "judge kept traces again, and run nothing"),
    ("labs", "list the labs"),
    ("topology", "list the networks, or draw one"),
    ("watch", "grade again at every save, and show what changed"),
    ("play", "run a lab by hand: tmux with a terminal on every host"),
    ("new-lab", "write a small working lab to begin with"),
    ("verify", "grade a lab's own examples and compare the verdicts"),
    ("batch", "grade a class: a folder of hand-ins, or an LMS's download"),
    ("gradebook", "list, decide, export and import the marks of a class"),
    ("doctor", "say what this machine lacks, and what mends it"),
)


# ---- grade -------------------------------------------------------------


def _switch_option(add: Callable[..., Any]) -> None:
    add("--switch", choices=("bridge", "ovs"), default="bridge",
        help="the network's switch (default bridge)")


def _grade_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("submission", metavar="SUBMISSION", nargs="*", type=Path)
    _report_options(parser)
    add("--seed", metavar="N", type=int, default=1,
        help="chooses, with what is handed in, the names that are typed"
        " (default 1)")
    add("--jobs", metavar="N", type=_count, default=0,
        help="runs at once (default: one a processor)")
    add("--keep", metavar="DIR", type=Path,
        help="keep a trace and a pcap of each run in DIR")
    add("--server", metavar="CMD", help="command that starts the server")
    add("--client", metavar="CMD", help="command that starts a client")
    _switch_option(add)
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


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a number from 1 on")
    return int(text)


def _grade(options: argparse.Namespace) -> int:
    loaded = lab.load(options.lab)
    _check_only(options.only, loaded)
    if options.html:
        _check_jinja("--html")
    paths = _existing(options.submission, options.server or options.client)
    _check_machine()
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
    if sandbox.concern():
        _LOG.warning("%s", sandbox.concern())
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


def _replay_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="TRACE_DIR", type=Path,
                        help="what `mngrade grade --keep` wrote")
    parser.add_argument("--lab", metavar="LAB",
                        help="judge by this lab instead of the one it was")
    _report_options(parser)


def _replay(options: argparse.Namespace) -> int:
    from grader import grade, kept

    try:
        observed = kept.read(options.folder)
    except kept.KeptError as error:
        raise Complaint(str(error)) from error
    loaded = lab.load(options.lab or observed.lab)
    _check_only(options.only, loaded)
    if options.html:
        _check_jinja("--html")
    report = grade.judge(loaded, observed, options.only)
    _write(report, loaded, options, observed.told)
    return exit_status(report)


def _check_jinja(wants: str) -> None:
    """Jinja2 is needed for a page alone; better to say so at once."""
    if not importlib.util.find_spec("jinja2"):
        raise Complaint(
            "%s needs Jinja2: apt-get install python3-jinja2" % wants, NOT_JUDGED
        )


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


def _existing(paths: List[Path], override: Optional[str]) -> List[Path]:
    if not paths and override:
        return [Path(".")]
    if not paths:
        raise Complaint(
            "what is to be graded? Give a folder, files, or a zip or tar"
        )
    for path in paths:
        if not os.path.lexists(str(path)):
            near = words.nearest(path.name, _neighbours(path))
            raise Complaint(
                "no such path: %s%s"
                % (path, " (did you mean '%s'?)" % near if near else "")
            )
    return paths


def _neighbours(path: Path) -> List[str]:
    try:
        return os.listdir(path.parent)
    except OSError:
        return []


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Complaint("--keep %s: %s" % (folder, error.strerror)) from error


def _check_machine() -> None:
    """What makes every grading impossible gets one message, not a trace."""
    from grader import doctor

    for finding in doctor.diagnose():
        if finding.ok or not finding.needed:
            continue
        raise Complaint("%s\n  to mend it: %s" % (finding.what, finding.mend),
                        NOT_JUDGED)


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
        _print(report_json.canonical(whole).decode("ascii"))
    elif options.json == "-":
        _print(report_json.dumps(report))
    else:
        style = words.style_of(
            sys.stdout, os.environ, shutil.get_terminal_size().columns
        )
        _print(report_text.render(report, style, told) + "\n")
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


# ---- watch, play -----------------------------------------------------------


def _watch_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("path", metavar="PATH", nargs="?", type=Path, default=Path("."),
        help="the submission (default: this folder)")
    add("--seed", metavar="N", type=int, default=1)
    add("--jobs", metavar="N", type=_count, default=0)
    add("--server", metavar="CMD", help="command that starts the server")
    add("--client", metavar="CMD", help="command that starts a client")


def _watch(options: argparse.Namespace) -> int:
    loaded = lab.load(options.lab)
    _existing([options.path], None)
    _check_machine()
    from grader import grade, watch

    order = grade.Order(
        loaded, (options.path,), options.seed, options.jobs,
        server=options.server, client=options.client,
    )  # fmt: skip
    style = words.style_of(
        sys.stdout, os.environ, shutil.get_terminal_size().columns
    )
    watch.watch(order, style, _print)
    return OK


def _play_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("submission", metavar="SUBMISSION", nargs="?", type=Path,
        help="programs to run (default: the lab's reference)")
    add("--capture", metavar="HOST", action="append", default=[],
        help="show the packets of this host in a pane; may be repeated")


def _play(options: argparse.Namespace) -> int:
    loaded = lab.load(options.lab)
    if options.submission:
        _existing([options.submission], None)
    _check_machine()
    from grader import play

    try:
        play.play(loaded, options.submission, tuple(options.capture))
    except play.PlayError as error:
        raise Complaint(str(error), error.status) from error
    return OK


# ---- new-lab, labs, verify, doctor -----------------------------------------


def _new_lab_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", metavar="NAME", help="lower-case letters, digits, hyphens")
    add("--into", metavar="DIR", type=Path, default=lab.LABS,
        help="the folder that gets it (default: where the labs are)")


def _new_lab(options: argparse.Namespace) -> int:
    from grader import new_lab

    try:
        folder = new_lab.make(options.name, options.into)
    except new_lab.NewLabError as error:
        raise Complaint(str(error)) from error
    _print(new_lab.next_steps(folder))
    return OK


def _labs_options(_parser: argparse.ArgumentParser) -> None:
    pass


def _labs(_options: Any) -> int:
    for name in lab.available():
        loaded = lab.load(name)
        _print("%-10s %s\n" % (name, loaded.rubric.title))
    return OK


def _topology_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help="draw this one")
    add("--size", metavar="N", type=_count, default=3,
        help="what it takes: the number of clients (default 3)")
    add("--svg", metavar="FILE", nargs="?", const="-",
        help="draw a picture (default: to stdout)")


def _topology(options: argparse.Namespace) -> int:
    from grader import topology, topology_tools

    try:
        if options.name is None:
            _print(topology_tools.listing())
        elif options.svg is None:
            _print(topology_tools.text(options.name, options.size))
        elif options.svg == "-":
            _print(topology_tools.picture(options.name, options.size))
        else:
            picture = topology_tools.picture(options.name, options.size)
            Path(options.svg).write_text(picture, encoding="utf-8")
    except (topology.NetworkFault, ValueError) as error:
        raise Complaint(str(error)) from error
    except OSError as error:
        raise Complaint("%s: %s" % (options.svg, error.strerror)) from error
    return OK


def _verify_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("lab", metavar="LAB")
    add("example", metavar="EXAMPLE", nargs="*",
        help="only these, by their names")
    add("--times", metavar="N", type=_count, default=1,
        help="grade each so many times")
    add("--seed", metavar="N", type=int, default=1)
    add("--jobs", metavar="N", type=_count, default=0)
    _switch_option(add)


def _verify(options: argparse.Namespace) -> int:
    loaded = lab.load(options.lab)
    _check_machine()
    from grader import verify

    try:
        examples = verify.examples(loaded, options.example)
    except verify.VerifyError as error:
        raise Complaint(str(error)) from error
    wrong = 0
    for seed in range(options.seed, options.seed + options.times):
        for example in examples:
            result = verify.verify(
                loaded, example, seed, options.jobs, options.switch
            )
            wrong += bool(result.differences)
            _print(result.line() + "\n")
    total = len(examples) * options.times
    _print("%d of %d gradings as they must be\n" % (total - wrong, total))
    return LOST if wrong else OK


def _batch_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("what", metavar="FOLDER_OR_ARCHIVE", type=Path,
        help="a folder of hand-ins, or a download of Canvas, Moodle,"
        " Gradescope or GitHub Classroom")
    add("--out", metavar="DIR", type=Path, required=True,
        help="gets the gradebook, the reports and the class page")
    add("--roster", metavar="CSV", type=Path, help="who is in the class")
    add("--seed", metavar="N", type=int, default=1,
        help="chooses the names that are typed (default 1)")
    add("--jobs", metavar="N", type=_count, default=0,
        help="hand-ins at once (default: one a processor)")
    add("--again", action="store_true", help="run also what is unchanged")
    add("--judge-again", action="store_true",
        help="judge all that was kept, and run only what is new")


def _batch(options: argparse.Namespace) -> int:
    _check_jinja("batch")
    _check_machine()
    from grader import batch, batch_cli, gradebook_model, intake

    try:
        return batch_cli.run(options, _print)
    except (batch.BatchError, intake.IntakeError) as error:
        raise Complaint(str(error)) from error
    except gradebook_model.GradebookError as error:
        raise Complaint(str(error), NOT_JUDGED) from error
    except KeyboardInterrupt:
        _say("stopped; what was finished is kept, and the same command goes on")
        return 130


def _gradebook_options(parser: argparse.ArgumentParser) -> None:
    from grader import gradebook_cli

    gradebook_cli.options(parser)


def _gradebook(options: argparse.Namespace) -> int:
    from grader import gradebook_cli, gradebook_model

    try:
        return gradebook_cli.run(options, _print, _say)
    except gradebook_model.GradebookError as error:
        raise Complaint(str(error)) from error


def _doctor_options(_parser: argparse.ArgumentParser) -> None:
    pass


def _doctor(_options: Any) -> int:
    from grader import doctor

    bad = 0
    for finding in doctor.diagnose():
        _print("%s %s\n" % ("ok  " if finding.ok else "MISS", finding.what))
        if not finding.ok:
            _print("     to mend it: %s\n" % finding.mend)
            bad += finding.needed
    return NOT_JUDGED if bad else OK
