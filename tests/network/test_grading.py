"""Does a whole grading keep to the contracts that other tools rely on?

Real arenas, real programs: each test grades one or a few small examples.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Dict, List

import pytest

from grader import report_json, rubric
from tests.network.command import AS_NOBODY, BAD, GOOD, NOBODY, REPO, grade, mngrade

if not GOOD.is_dir():
    # The arenas' tests run once more as nobody, in a copy of their own.
    pytest.skip("a copy without the labs", allow_module_level=True)

RUBRIC = rubric.load(REPO / "labs" / "order" / "rubric.yaml")
GOOD_ONE, BAD_ONE = GOOD / "c-poll", BAD / "reverses-order"
#: The names of the contract; they are never renamed.
KEYS = {
    "schema", "lab", "submission", "seed", "backend", "status", "points",
    "max_points", "pending_points", "elapsed_s", "criteria", "insights",
    "scenarios",
}  # fmt: skip
ROW_KEYS = {
    "id", "title", "points", "max_points", "verdict", "reason", "rescued",
    "evidence",
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def good(kept: Path) -> Any:
    return grade(GOOD_ONE, "--seed", 7, "--keep", kept)


@pytest.fixture(scope="module")
def bad() -> Any:
    return grade(BAD_ONE, "--seed", 7)


def canonical(report: Dict[str, Any]) -> bytes:
    return report_json.canonical(report)


# ---- the contract ----------------------------------------------------------


def test_a_good_submission_gets_every_automatic_point(good: Any) -> None:
    assert (good.status, good.err) == (0, "")
    report = good.report
    assert KEYS <= set(report)
    assert report["schema"] == "mngrade/report/1"
    assert (report["lab"], report["submission"]) == ("order", "c-poll")
    assert (report["seed"], report["backend"]) == (7, "mininet")
    assert (report["status"], report["points"]) == ("graded", 70)
    assert (report["max_points"], report["pending_points"]) == (100, 30)
    assert 0 < report["elapsed_s"] < 100
    assert [row["id"] for row in report["criteria"]] == list(RUBRIC.ids)
    for row, criterion in zip(report["criteria"], RUBRIC.criteria):
        assert ROW_KEYS <= set(row)
        assert row["verdict"] == ("manual" if criterion.manual else "pass")
        assert row["title"] == criterion.title
        assert row["max_points"] == criterion.points
        assert row["reason"] and not row["rescued"]


def test_a_bad_submission_loses_the_right_points_with_evidence(
    bad: Any,
) -> None:
    assert (bad.status, bad.err) == (1, "")
    lost = [r for r in bad.report["criteria"] if r["verdict"] == "fail"]
    assert [row["id"] for row in lost] == ["order-of-arrival"]
    assert bad.report["points"] == 60
    names = {scenario["name"] for scenario in bad.report["scenarios"]}
    for row in bad.report["criteria"]:
        if row["verdict"] == "manual":
            continue
        assert row["evidence"], row["id"]
        for place in row["evidence"]:
            assert place["scenario"] in names
            assert all(isinstance(n, int) and n > 0 for n in place["events"])


def run(report: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The scenarios that this machine can run."""
    return [s for s in report["scenarios"] if s["outcome"] != "left-out"]


def test_all_four_orders_are_run(good: Any) -> None:
    assert {
        "exchange[%s first, %s sends first]" % (host, label)
        for host in ("h2", "h3") for label in "XY"
    } <= {scenario["name"] for scenario in good.report["scenarios"]}  # fmt: skip
    for scenario in run(good.report):
        assert scenario["outcome"] == "finished", scenario


def test_insights_have_an_id_and_a_text(bad: Any) -> None:
    told = grade(BAD / "busy-wait", "--only", "tcp").report["insights"]
    assert "busy-wait" in {insight["id"] for insight in told}
    assert all(i["id"] and i["text"] for i in told + bad.report["insights"])


def test_the_text_report_says_the_same_as_the_json(bad: Any) -> None:
    done = mngrade("grade", "order", BAD_ONE, "--seed", 7)
    assert done.status == 1 and done.err == ""
    assert "60" in done.out
    for criterion in RUBRIC.criteria:
        assert criterion.title.split()[0] in done.out
    assert "--seed 7" in done.out


# ---- what is kept ----------------------------------------------------------


def test_a_trace_and_a_capture_of_every_run_are_kept(
    good: Any, kept: Path
) -> None:
    for scenario in run(good.report):
        trace, pcap = Path(scenario["trace"]), Path(scenario["pcap"])
        assert trace.parent == pcap.parent == kept
        events = [json.loads(line) for line in trace.read_text().splitlines()]
        assert [e["n"] for e in events] == list(range(1, len(events) + 1))
        assert events[0]["ev"] == "hello"
        assert pcap.stat().st_size > 24
    files = {path.name for path in kept.iterdir()} - {"grading.json"}
    assert len(files) == 2 * len(run(good.report))


def test_evidence_names_events_of_the_kept_traces(good: Any) -> None:
    traces = {
        s["name"]: Path(s["trace"]).read_text().splitlines()
        for s in run(good.report)
    }
    for row in good.report["criteria"]:
        for place in row["evidence"]:
            for n in place["events"]:
                event = json.loads(traces[place["scenario"]][n - 1])
                assert event["n"] == n


def test_wireshark_reads_the_captures(good: Any) -> None:
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed")
    for scenario in good.report["scenarios"]:
        if not scenario["name"].startswith("exchange"):
            continue
        done = subprocess.run(
            [tshark, "-r", scenario["pcap"], "-Y", "tcp.flags.syn==1",
             "-T", "fields", "-e", "ip.src", "-e", "tcp.flags.ack"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env=dict(os.environ, HOME=str(Path(scenario["pcap"]).parent)),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert b"cut short" not in done.stderr
        lines = done.stdout.decode().split("\n")
        syns = [line.split("\t")[0] for line in lines if re.search(r"\t(0|False)$", line)]
        assert sorted(syns) == ["10.0.0.2", "10.0.0.3"]


# ---- the same again --------------------------------------------------------


def test_the_same_seed_gives_the_same_report_byte_for_byte(
    good: Any, bad: Any
) -> None:
    again = grade(BAD_ONE, "--seed", 7, "--jobs", 1)
    assert canonical(again.report) == canonical(bad.report)
    assert canonical(good.report) != canonical(bad.report)


def test_another_seed_types_other_names(bad: Any) -> None:
    other = grade(BAD_ONE, "--seed", 8)
    assert other.verdicts == bad.verdicts
    assert canonical(other.report) != canonical(bad.report)


def test_kept_traces_are_judged_again_without_running(kept: Path, good: Any) -> None:
    again = mngrade("replay", kept, "--json", "-")
    assert (again.status, again.err) == (good.status, "")
    assert again.report == good.report
    told = mngrade("replay", kept)
    assert "mngrade grade order %s --seed 7" % GOOD_ONE in told.out


def test_the_canonical_report_is_the_same_with_any_number_of_jobs(
    tmp_path: Path,
) -> None:
    argv = ("grade", "order", BAD_ONE, "--seed", 7, "--canonical")
    first = mngrade(*argv, "--jobs", 1, "--keep", tmp_path)
    other = mngrade(*argv, "--jobs", 5)
    replayed = mngrade("replay", tmp_path, "--canonical")
    assert first.status == 1 and "type into h2: " in first.out
    assert first.out == other.out == replayed.out


# ---- ways to hand in -------------------------------------------------------


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-in") / "team4"
    shutil.copytree(str(BAD_ONE), str(folder))
    (folder / "verdicts.yaml").unlink()
    return folder


def as_zip(team: Path) -> List[Path]:
    path = team.parent / "team4.zip"
    with zipfile.ZipFile(str(path), "w") as archive:
        for file in team.iterdir():
            archive.write(str(file), "work/" + file.name)
    return [path]


def as_tar(team: Path) -> List[Path]:
    path = team.parent / "team4.tar.gz"
    with tarfile.open(str(path), "w:gz") as archive:
        archive.add(str(team), "team4")
    return [path]


def as_files(team: Path) -> List[Path]:
    return sorted(team.glob("*.py"))


@pytest.mark.parametrize("pack", [as_zip, as_tar, as_files])
def test_an_archive_or_files_get_what_the_folder_gets(
    team: Path, pack: Any, bad: Any
) -> None:
    done = grade(*pack(team))
    assert done.status == 1
    assert done.report["submission"] == "team4"
    assert done.verdicts == bad.verdicts


def test_one_criterion_alone_is_judged(team: Path) -> None:
    done = grade(team, "--only", "tcp")
    assert done.status == 0
    assert done.verdicts == {"tcp": "pass"}
    assert done.report["max_points"] == 5
    done = grade(team, "--only", "order-of-arrival", "--only", "readable")
    assert done.status == 1
    assert done.verdicts == {"order-of-arrival": "fail", "readable": "manual"}


def test_commands_may_name_the_programs(tmp_path: Path) -> None:
    for role in ("server", "client"):
        shutil.copy(str(GOOD / "python-select" / (role + ".py")),
                    str(tmp_path / (role[0] + ".txt")))  # fmt: skip
    done = grade(
        tmp_path, "--server", "python3 s.txt", "--client", "python3 c.txt"
    )
    assert (done.status, done.report["points"]) == (0, 70)
    argv = {p["role"]: p["argv"][-1] for p in done.report["programs"]}
    assert argv == {"server": "s.txt", "client": "c.txt"}


def test_an_ordinary_user_gets_what_root_gets(
    tmp_path: Path, bad: Any
) -> None:
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user: every test here shows it")
    if not os.access(str(REPO), os.X_OK) or not _others_may_read(REPO):
        pytest.skip("an ordinary user may not read this checkout")
    home = tmp_path / "home"
    home.mkdir()
    os.chown(str(home), NOBODY, NOBODY)
    for part in (tmp_path, *tmp_path.parents):
        if part.owner() != "root" or part in (Path("/"), Path("/tmp")):
            break
        part.chmod(part.stat().st_mode | 0o011)
    done = grade(
        BAD_ONE, "--seed", 7, "--keep", home / "kept", before=AS_NOBODY,
        HOME=str(home), TMPDIR=str(home),
    )  # fmt: skip
    assert (done.status, done.err) == (1, "")
    assert canonical(done.report) == canonical(bad.report)
    assert any((home / "kept").glob("*.pcap"))
    assert not list(home.glob("mngrade-*"))


def test_a_folder_for_temporary_files_may_be_closed_to_others(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    done = grade(GOOD_ONE, TMPDIR=str(closed))
    assert (done.status, done.report["points"]) == (0, 70)
    assert not list(closed.iterdir())


def _others_may_read(folder: Path) -> bool:
    return all(p.stat().st_mode & 0o005 == 0o005 for p in (folder, *folder.parents))


# ---- what cannot be graded -------------------------------------------------


@pytest.mark.parametrize(
    "files, told",
    [
        ({}, "server"),
        ({"README.txt": "our report"}, "server"),
        ({"notes.py": "print('hello')\n"}, "server"),
        (
            {
                "server.c": "int main(void) { return 0 }\n",
                "client.c": "int main(void) { return nothing; }\n",
            },
            "server.c:1",
        ),
    ],
)
def test_what_cannot_be_run_is_ungradable_and_says_what_was_looked_for(
    tmp_path: Path, files: Dict[str, str], told: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = grade(tmp_path)
    assert done.status in (2, 3) and len(done.err.strip().split("\n")) == 1
    if done.status == 3:
        assert done.report["status"] == "ungradable"
        assert done.report["points"] == 0
        assert told in done.report["problem"]
        assert all(r["verdict"] != "pass" for r in done.report["criteria"])
        shown = mngrade("grade", "order", tmp_path)
        assert shown.status == 3 and told in shown.out


def test_a_server_that_does_not_compile_shows_the_first_error() -> None:
    done = mngrade("grade", "order", BAD / "c-does-not-compile")
    assert done.status == 1
    assert "server.c:31: expected" in done.out


@pytest.mark.parametrize("name", ["server", "client"])
def test_one_side_alone_is_judged_with_a_peer(name: str) -> None:
    missing = {"server": "client-missing", "client": "server-missing"}[name]
    done = grade(BAD / missing)
    assert done.status == 1 and done.report["status"] == "graded"
    assert done.report["points"] > 0
    assert any(row["rescued"] for row in done.report["criteria"])


def test_a_rubric_with_a_typo_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "order"
    shutil.copytree(str(REPO / "labs" / "order"), str(folder),
                    ignore=shutil.ignore_patterns("examples"))  # fmt: skip
    text = (folder / "rubric.yaml").read_text().replace("points: 5", "pionts: 5", 1)
    (folder / "rubric.yaml").write_text(text)
    line = text[: text.index("pionts")].count("\n") + 1
    done = mngrade("grade", folder, GOOD_ONE)
    assert done.status == 2 and done.out == ""
    assert "rubric.yaml:%d: " % line in done.err and "'points'" in done.err


def test_a_lab_that_lives_elsewhere_is_graded_by_its_path(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "my-order"
    shutil.copytree(str(REPO / "labs" / "order"), str(folder),
                    ignore=shutil.ignore_patterns("examples"))  # fmt: skip
    text = (folder / "rubric.yaml").read_text()
    text = text.replace("partial: 0.5", "partial: 0").replace("points: 10", "points: 11")
    (folder / "rubric.yaml").write_text(text)
    done = mngrade("grade", "./my-order", GOOD_ONE, "--json", "-", cwd=tmp_path)
    assert done.status == 0
    elevens = [r for r in done.report["criteria"] if r["points"] == 11]
    assert len(elevens) == 4
