"""Where in the traces and reports does an attack's success show?

Its mark counts on a program's terminal only: the sources of a submission
hold it, and a report may quote them. The canary's contents count anywhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

#: A file is searched in pieces; nothing that is looked for is longer.
_PIECE = 1 << 20


def signs_in(disk: Path, mark: str, secret: bytes) -> Dict[str, List[str]]:
    """Lines with the mark, and files that hold the secret."""
    traces = sorted((disk / "keep").rglob("*.jsonl"))
    marks = [line for trace in traces for line in _marked(trace, mark)]
    told = [*traces, *sorted((disk / "keep").rglob("*.pcap")),
            *sorted((disk / "keep").glob("*.json")),
            *sorted((disk / "reports").glob("*")),
            *sorted(disk.glob("*.out")), *sorted(disk.glob("*.err"))]  # fmt: skip
    leaks = [str(path.relative_to(disk)) for path in told if _holds(path, secret)]
    return {"marks": marks[:20], "leaks": leaks}


def _marked(trace: Path, mark: str) -> List[str]:
    printed: Dict[str, bytes] = {}
    with trace.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                break  # the stage's disk was full
            event: Dict[str, Any] = json.loads(line)
            if event.get("ev") == "output":
                name = str(event["program"])
                printed[name] = printed.get(name, b"") + _bytes(event)
    return [
        "%s: %s" % (name, line.decode("utf-8", "replace")[:300])
        for name, data in sorted(printed.items())
        for line in data.splitlines()
        if mark.encode() in line
    ]


def _bytes(event: Dict[str, Any]) -> bytes:
    if "hex" in event:
        return bytes.fromhex(event["hex"])
    return str(event.get("text", "")).encode("utf-8", "replace")


def _holds(path: Path, secret: bytes) -> bool:
    if not path.is_file():
        return False
    before = b""
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            if secret in before + piece:
                return True
            if not piece:
                return False
            before = piece[-len(secret) :]
