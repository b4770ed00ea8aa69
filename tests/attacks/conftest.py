"""The table at the end of a run of the attack list."""

import sys
from pathlib import Path
from typing import Any, Dict, Tuple

#: The submissions: nothing in them is a test, whatever its name.
collect_ignore_glob = ["*/*"]

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))


def _rows(reporter: Any) -> Dict[str, Dict[str, Tuple[str, float]]]:
    """Attack, and how it went: as user, as root, and without its layer."""
    rows: Dict[str, Dict[str, Tuple[str, float]]] = {}
    for outcome in ("passed", "failed", "skipped"):
        for report in reporter.stats.get(outcome, []):
            told = dict(getattr(report, "user_properties", ()))
            if "attack" in told and (report.when == "call" or outcome == "skipped"):
                row = rows.setdefault(told["attack"], {})
                row[told["as"]] = (told.get("told") or outcome, report.duration)
    return rows


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = _rows(terminalreporter)
    if not rows:
        return
    write = terminalreporter.write_line
    width = max(len(name) for name in rows)
    write("")
    line = "%-" + str(width) + "s  %-5s %-16s %7s"
    write(line % ("attack", "as", "survived", "seconds"))
    for name in sorted(rows):
        for who, (told, seconds) in sorted(rows[name].items(), reverse=True):
            if who != "without":
                write(line % (name, who, told, "%.1f" % seconds))
        told, seconds = rows[name].get("without", ("not run", 0.0))
        write("%-*s  without its layer: %s" % (width, "", told))
    write("%d attacks" % len(rows))
