"""How do tests run `mngrade` as a user would?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Sequence

REPO = Path(__file__).resolve().parent.parent.parent
GOOD = REPO / "labs" / "order" / "examples" / "good"
BAD = REPO / "labs" / "order" / "examples" / "bad"

NOBODY = 65534
#: An ordinary user, where the tests run as root.
AS_NOBODY = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY),
             "--clear-groups"]  # fmt: skip
#: No grading of an example takes longer, on any machine.
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> Dict[str, Any]:
        """The JSON report on its stdout."""
        report: Dict[str, Any] = json.loads(self.out)
        return report

    @property
    def verdicts(self) -> Dict[str, str]:
        return {c["id"]: c["verdict"] for c in self.report["criteria"]}


def environment(**more: str) -> Dict[str, str]:
    """As a user's, without what pytest or a developer has set."""
    kept = {k: os.environ[k] for k in ("PATH", "LANG", "HOME") if k in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def command(*argv: object) -> List[str]:
    return [sys.executable, "-m", "grader", *(str(word) for word in argv)]


def mngrade(
    *argv: object, before: Sequence[str] = (), cwd: Path = REPO, **env: str
) -> Done:
    """Run mngrade to its end; `before` is what starts it."""
    done = subprocess.run(
        [*before, *command(*argv)],
        cwd=str(cwd),
        env=environment(PYTHONPATH=str(REPO), **env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=PATIENCE_S,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return Done(done.returncode, out, err)


def grade(*argv: object, **options: Any) -> Done:
    """Grade for lab order, with the report as JSON on stdout."""
    return mngrade("grade", "order", *argv, "--json", "-", **options)
