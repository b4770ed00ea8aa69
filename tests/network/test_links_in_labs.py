"""Do the labs' runs with bad links tell good programs from bad ones?

A rate alone is there on every kernel; a test that needs netem is skipped
without it. Where a run's course is what is tried, its lab is copied, and the
rubric's link given a rate in the place of what needs netem.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, Dict, List, Set

import pytest

from grader.links import why_no_netem
from tests.network.command import REPO, mngrade

LABS = REPO / "labs"
if not LABS.is_dir():
    # The arenas' tests run once more as nobody, in a copy of their own.
    pytest.skip("a copy without the labs", allow_module_level=True)

netem = pytest.mark.skipif(bool(why_no_netem()), reason=why_no_netem() or "there is")
THREADS = LABS / "chat" / "examples" / "good" / "c-threads"
SELECT = LABS / "chat" / "examples" / "good" / "python-select"
SUM = LABS / "sum" / "examples" / "good" / "python-length-header"
#: How python-select sends: as much as there is room for.
ITS_SEND = "peer.outbox = peer.outbox[sock.send(peer.outbox):]"


def grade_with_links(lab: object, folder: Path, row: str, **env: Any) -> Any:
    """The report on one row, with the runs that have bad links."""
    words = ("grade", lab, folder, "--links", "--only", row, "--json", "-")
    done = mngrade(*words, **env)
    if "harness failed" in str(done.report):  # what else runs here may be at fault
        done = mngrade(*words, **env)
    assert done.err == "" and "harness failed" not in str(done.report), done
    return done.report


def outcomes(report: Any) -> Dict[str, str]:
    return {run["name"]: run["outcome"] for run in report["scenarios"]}


def told(report: Any, *words: str) -> Set[str]:
    """The insights whose names begin so."""
    ids: List[str] = [insight["id"] for insight in report["insights"]]
    return {id for id in ids if id.startswith(words)}


def changed(folder: Path, to: Path, file: str, old: str, new: str) -> Path:
    """A copy in which one place of one file is another."""
    shutil.copytree(str(folder), str(to), ignore=shutil.ignore_patterns("examples"))
    text = (to / file).read_text()
    assert text.count(old) == 1
    (to / file).write_text(text.replace(old, new))
    return to


def slow_lab(name: str, to: Path) -> Path:
    """A lab whose links have a rate in the place of what needs netem."""
    text = (LABS / name / "rubric.yaml").read_text()
    (links,) = re.findall(r"^links:\n(?:  .+\n)+", text, re.MULTILINE)
    rate = re.sub(r"^    (?:delay_ms|loss_percent): .+\n", "", links, flags=re.MULTILINE)
    if "rate_mbit" not in rate:
        rate += "    rate_mbit: 1\n"
    return changed(LABS / name, to, "rubric.yaml", links, rate)


# ---- chat: a client that does not read ---------------------------------------


@pytest.mark.parametrize("folder", [THREADS, SELECT], ids=lambda f: str(f.name))
def test_who_does_not_read_holds_up_nobody(folder: Path) -> None:
    report = grade_with_links("chat", folder, "streams-files", MNGRADE_NETEM="no")
    made = outcomes(report)
    assert made["slow_reader"] == "finished" and made["lossy_links"] == "left-out"
    assert not told(report, "slow-reader", "lossy-link", "client-loses")
    assert report["points"] == 20


def test_a_server_that_waits_in_send_is_told_so_and_loses_nothing(
    tmp_path: Path,
) -> None:
    send = "sock.setblocking(True); sock.sendall(peer.outbox); peer.outbox = b''"
    waits = changed(SELECT, tmp_path / "waits", "chat_server.py", ITS_SEND, send)
    report = grade_with_links("chat", waits, "streams-files", MNGRADE_NETEM="no")
    assert told(report, "slow-reader") == {"slow-reader-holds-up-others"}
    assert report["points"] == 20


def test_a_server_that_gives_up_on_who_is_late_is_told_so(tmp_path: Path) -> None:
    send = "sock.settimeout(0.3); give_up_late(sock, peer)"
    late = changed(SELECT, tmp_path / "late", "chat_server.py", ITS_SEND, send)
    with (late / "chat_server.py").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.write(text.replace("\nhistory = []\n", GIVES_UP + "\nhistory = []\n"))
    report = grade_with_links("chat", late, "streams-files", MNGRADE_NETEM="no")
    assert told(report, "slow-reader") == {"slow-reader-misses-bytes"}
    assert report["points"] == 20


GIVES_UP = '''
def give_up_late(sock, peer):
    try:
        sock.sendall(peer.outbox)
    except socket.timeout:
        print("too late for", peer.name)
    peer.outbox = b""

'''


def test_without_the_option_no_bad_link_is_made() -> None:
    done = mngrade("grade", "chat", SELECT, "--only", "streams-files", "--json", "-")
    assert not {"slow_reader", "lossy_links"} & set(outcomes(done.report))


# ---- the same runs over links that are only slow -------------------------------


def test_a_large_file_comes_to_both_clients_of_a_slow_link(tmp_path: Path) -> None:
    lab = slow_lab("chat", tmp_path / "chat")
    report = grade_with_links(lab, SELECT, "streams-files")
    assert outcomes(report)["lossy_links"] == "finished"
    assert not told(report, "slow-reader", "lossy-link", "client-loses")


def test_a_client_at_a_slow_link_gets_its_sum(tmp_path: Path) -> None:
    lab = slow_lab("sum", tmp_path / "sum")
    report = grade_with_links(lab, SUM, "tcp")
    assert outcomes(report)["far_client"] == "finished"
    assert not told(report, "far-client")


def test_without_netem_the_far_client_is_left_out_and_costs_nothing() -> None:
    report = grade_with_links("sum", SUM, "tcp", MNGRADE_NETEM="no")
    assert outcomes(report)["far_client"] == "left-out"
    assert not told(report, "far-client") and report["points"] == 10


# ---- with netem ------------------------------------------------------------------


@netem
def test_a_large_file_arrives_over_a_lossy_link() -> None:
    report = grade_with_links("chat", SELECT, "streams-files")
    assert outcomes(report)["lossy_links"] == "finished"
    assert not told(report, "lossy-link", "client-loses")


@netem
def test_a_client_that_waits_too_short_for_a_far_server_is_told_so(
    tmp_path: Path,
) -> None:
    assert not told(grade_with_links("sum", SUM, "tcp"), "far-client")
    hasty = changed(
        SUM, tmp_path / "hasty", "Client.py", "reply = c.recv(2048)",
        "c.settimeout(0.1); reply = c.recv(2048)",
    )  # fmt: skip
    assert told(grade_with_links("sum", hasty, "tcp"), "far-client")
