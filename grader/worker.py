"""What happens inside an arena?

A worker builds a network, waits to be told which scenario to run, runs it,
sends the record back, and ends. Whatever goes wrong here and is not the
doing of a student's program makes the record's outcome HARNESS.
"""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from grader import linux, network, sandbox
from grader.api import Case
from grader.bounds import Bounds
from grader.cgroups import Groups
from grader.channel import Channel
from grader.instrument import InstrumentFault, Session
from grader.lab import LabError
from grader.model import Outcome, Program, ScenarioRecord
from grader.links import Link, resolved
from grader.names import Names
from grader.rubric import Rubric
from grader.run import Limits, Run, Stuck, Tools
from grader.slowness import slowness
from grader.topology import NetworkFault
from grader.trace import connections

_MIB = 1 << 20
_SLACK_MIB = 4

#: What goes wrong here and is neither the program's doing nor the lab's.
HARNESS_FAULTS = (
    InstrumentFault,
    NetworkFault,
    sandbox.SandboxError,
    OSError,
)

_NO_NETEM = "the link %s was a plain one: this kernel has no netem"


@dataclass(frozen=True)
class Setting:
    """What a worker has known since it was forked."""

    rubric: Rubric
    cases: Mapping[str, Case]
    tools: Tools
    scratch: Path
    switch: str
    keep: Optional[Path] = None  # where traces and captures go
    groups: Optional[Groups] = None  # for what the kernel can bound


def links_of(rubric: Rubric, case: Case) -> Dict[str, Link]:
    """What a run's links are to be like, beyond the topology's own."""
    return {**rubric.topology.links, **resolved(case.links, rubric.links)}


def serve(channel: Channel, setting: Setting) -> None:
    """Build a network and start labrun, take one job, send its record.

    What takes time is done before the job comes: a worker usually waits.
    """
    with contextlib.ExitStack() as stack:
        fault = ""
        try:
            net = _build(setting)
            session = stack.enter_context(_session(setting))
            _observe(session, net, setting)
        except (NetworkFault, InstrumentFault, OSError) as error:
            fault = str(error)  # told as the result of the job
        job = channel.receive()
        if fault:
            record = _record(job["case"], Outcome.HARNESS, fault)
        else:
            try:
                record = _run(job, setting, net, session)
            except LabError as mistake:
                record = {"mistake": str(mistake)}
        channel.send(record)


def _session(setting: Setting) -> Session:
    keep = setting.groups.keep if setting.groups else ()
    return Session(setting.tools.labrun, keep)


def _make_room(bounds: Bounds, folder: Path, size: int, files: int) -> None:
    """A file system for one program's copy, so that it fills nobody else's.

    A program is ended when it has written as much as it may; a little more
    fits, so that the end comes from there.
    """
    room = size + (bounds.disk_mib + _SLACK_MIB) * _MIB
    count = files + bounds.disk_mib * 1024 + 64
    flags = linux.MS_NOSUID | linux.MS_NODEV
    options = "size=%d,nr_inodes=%d,mode=0755" % (room, count)
    linux.mount("tmpfs", str(folder), "tmpfs", flags, options)


def record_of(message: Mapping[str, Any]) -> ScenarioRecord:
    """A record as it came through the channel; LabError where a mistake in
    the lab's script came in its place."""
    if "mistake" in message:
        raise LabError(message["mistake"])
    return ScenarioRecord(
        name=message["name"],
        outcome=Outcome(message["outcome"]),
        reason=message["reason"],
        events=tuple(message["events"]),
        facts=message["facts"],
        marks={int(n): text for n, text in message["marks"].items()},
        trace_file=message["trace_file"],
        pcap_file=message["pcap_file"],
    )


def _build(setting: Setting) -> network.Network:
    shape = setting.rubric.topology
    net = network.build(
        shape.shape,
        size=len(shape.clients),
        switch=setting.switch,
        scratch=setting.scratch,
    )
    server = net.hosts[shape.server[0]]
    net.lead_clients_to(server.ip, shape.clients)
    return net


def _record(
    name: str,
    outcome: Outcome,
    reason: str,
    run: Optional[Run] = None,
    events: Optional[List[Dict[str, Any]]] = None,
) -> Dict[str, Any]:
    return {
        "name": name,
        "outcome": outcome.value,
        "reason": reason,
        "events": events or [],
        "facts": run.facts if run else {},
        "marks": run.marks if run else {},
        "trace_file": None,
        "pcap_file": None,
    }


def _observe(
    session: Session, net: network.Network, setting: Setting
) -> None:
    """Make the hosts known to labrun, and capture at the server's."""
    for name, info in net.hosts.items():
        session.add_host(name, info.pid)
    server = net.hosts[setting.rubric.topology.server[0]]
    # Only a capture that is kept is worth its file.
    pcap = str(_pcap(setting)) if setting.keep else None
    session.capture(server.name, server.interface, pcap)


def _run(
    job: Mapping[str, Any],
    setting: Setting,
    net: network.Network,
    session: Session,
) -> Dict[str, Any]:
    case = setting.cases[job["case"]]
    rubric = setting.rubric
    run: Optional[Run] = None
    outcome, reason = Outcome.FINISHED, ""
    try:
        run = Run(
            session,
            net,
            setting.tools,
            [_program(p) for p in job["programs"]],
            Path(job["folder"]),
            setting.scratch,
            Names(job["seed"], job["case"], job["handed_in"]),
            Limits(
                rubric.limits.limit_s,
                rubric.limits.busy_ms,
                bounds=rubric.limits.bounds,
            ).stretched(slowness()),
            rubric.topology.clients,
            setting.groups,
            functools.partial(_make_room, rubric.limits.bounds),
        )
        run.known = job["known"]
        _shape(job, setting, net, session, run)
        for link in net.left_out:
            run.note("link", _NO_NETEM % link)
        try:
            case.script(run, **case.values)
        except Stuck as stuck:
            outcome, reason = Outcome.STUCK, str(stuck)
        except HARNESS_FAULTS:
            raise
        except Exception as error:
            _blame_the_script(case, rubric, error)
            raise
        run.facts["closing"] = run.now + 1
        session.quit()
        _check_capture(session, setting.rubric.limits.bounds)
    except HARNESS_FAULTS as error:
        outcome, reason = Outcome.HARNESS, str(error)
    record = _record(case.name, outcome, reason, run, session.events)
    if setting.keep is not None:
        _keep(record, setting, setting.keep / job.get("part", ""))
    return record


def _shape(
    job: Mapping[str, Any],
    setting: Setting,
    net: network.Network,
    session: Session,
    run: Run,
) -> None:
    """Give the links their conditions, and tell labrun where packets wait.

    The network was made before it was known for which run. Nothing has been
    started yet.
    """
    wanted = {
        where: link.slower(job.get("slower", 1))
        for where, link in links_of(setting.rubric, setting.cases[job["case"]]).items()
    }
    net.set_links(wanted)
    for end in net.ends(sorted({*wanted, *net.shaped()})):
        session.watch_queue(end.host, end.interface, end.pid)
    own = net.conditions()
    run.expect_losses(any(link.lossy for link in [*wanted.values(), *own]))


def _blame_the_script(case: Case, rubric: Rubric, error: Exception) -> None:
    """Raise LabError where the error is the script's own mistake."""
    from grader import lab_explain  # seldom needed

    code = getattr(case.script, "__code__", None)
    if code is None:
        return
    folder = Path(code.co_filename).parent
    known = {
        "role": [rule.role for rule in rubric.programs],
        "host": rubric.topology.hosts,
    }
    mistake = lab_explain.mistake_of_script(folder, error, known)
    if mistake:
        raise LabError(mistake) from error


def _check_capture(session: Session, bounds: Bounds) -> None:
    """A segment that passed unseen could be the one that a verdict needs.

    In a flood some always do. That is the programs' doing: what was seen counts.
    A lab with a higher limit than the usual one expects many segments; there a
    full trace is a flood only where a program was ended for it.
    """
    kinds = {event["ev"] for event in session.events}
    usual = bounds.segments <= Bounds().segments
    if "packets-capped" in kinds and (usual or "limit" in kinds):
        return
    for connection in connections(session.events):
        if connection.to_server.incomplete or connection.to_client.incomplete:
            raise InstrumentFault("the capture lost a segment")


def _program(fields: Dict[str, Any]) -> Program:
    fields["argv"] = tuple(fields["argv"])
    return Program(**fields)


def _pcap(setting: Setting) -> Path:
    return setting.scratch / "run.pcap"


def _keep(record: Dict[str, Any], setting: Setting, keep: Path) -> None:
    """Copy trace and capture to where the user wants them.

    A full disk there is the user's to know of, not the student's loss: the
    record itself is complete.
    """
    stem = keep / file_name(record["name"])
    try:
        keep.mkdir(exist_ok=True)
        trace = stem.with_name(stem.name + ".jsonl")
        with trace.open("w", encoding="utf-8") as out:
            for event in record["events"]:
                out.write(json.dumps(event) + "\n")
        record["trace_file"] = str(trace)
        if _pcap(setting).exists():
            pcap = stem.with_name(stem.name + ".pcap")
            shutil.copyfile(str(_pcap(setting)), str(pcap))
            record["pcap_file"] = str(pcap)
    except OSError as error:
        record["facts"].setdefault("notes", []).append(
            {"kind": "keep", "text": "not kept: %s" % error, "program": ""}
        )


def file_name(name: str) -> str:
    """A scenario's name as a file name: exchange-h2-first-Y-sends-first."""
    kept = "".join(c if c.isalnum() or c in "._" else " " for c in name)
    return "-".join(kept.split())
