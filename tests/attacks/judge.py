"""Did an attack gain anything, or break anything?

From what the stage saw to a list of faults (none: it was survived), and to
the one sign by which an attack without its layer is seen to succeed.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping

from tests.attacks.spec import Attack

#: Longer than this a machine must not take for the smallest command. A
#: machine that is merely busy is far below.
ANSWERS_S = 5.0
_MANUAL = ("manual",)


def faults(attack: Attack, seen: Mapping[str, Any], usual: str) -> List[str]:
    """What is wrong; `usual` is the innocent submission's usual report."""
    found: List[str] = []
    for told in signs(attack, seen, usual).values():
        found += told
    return found


def signs(attack: Attack, seen: Mapping[str, Any], usual: str) -> Dict[str, List[str]]:
    """Everything that must not be, by kind; empty lists where it is well."""
    ended = seen["attack"]
    return {
        "mark": ["it says that it succeeded: %s" % line for line in seen["marks"]],
        "canary": _canary(seen),
        "heard": ["the %s listener was reached" % name for name in seen["heard"]],
        "bystander": ["another program of the user was ended"]
        if seen["bystander_died"] else [],
        "ended": ["signal %d ended the grader itself" % -ended["status"]]
        if ended["status"] < 0 and not ended["timed_out"] else [],
        "bound": ["the grader did not end within %g s" % attack.bound_s]
        if ended["timed_out"] else [],
        "answers": _answers(seen),
        "left": ["left behind: %s: %s" % (kind, what)
                 for kind, what in seen["left"].items() if what],
        "innocent": _innocents(seen, usual),
        "verdicts": _verdicts(attack, ended),
        "says": _says(attack, ended),
        "never": _never(attack, ended),
    }  # fmt: skip


def succeeded(attack: Attack, seen: Mapping[str, Any]) -> str:
    """The sign that the attack got through, "" where there is none."""
    told = signs(attack, seen, "")
    for sign in attack.shows:
        if sign == "gains":
            if attack.gains and not _differences(dict(attack.gains), seen["attack"]):
                return "gains"
        elif told[sign]:
            return sign
    return ""


def _canary(seen: Mapping[str, Any]) -> List[str]:
    found = ["the canary's contents are in %s" % path for path in seen["leaks"]]
    if seen["canary"]:
        found.append("the canary: %s" % seen["canary"])
    return found


def _answers(seen: Mapping[str, Any]) -> List[str]:
    if seen["no_answer"]:
        return ["the machine did not answer: %s" % seen["no_answer"]]
    if seen["slowest_answer_s"] > ANSWERS_S:
        return ["the machine took %g s to answer" % seen["slowest_answer_s"]]
    return []


def _innocents(seen: Mapping[str, Any], usual: str) -> List[str]:
    if seen["innocent_fault"]:
        return ["the innocent submission was not graded: " + seen["innocent_fault"]]
    for ended in seen["innocents"]:
        if ended["out"] != usual:
            return ["the innocent submission beside it got another report:"
                    " status %s\n%s\n%s" % (
                        ended["status"], ended["err"][-2000:],
                        _first_difference(usual, ended["out"]))]  # fmt: skip
    return []


def _first_difference(usual: str, told: str) -> str:
    for ours, theirs in zip(usual.splitlines(), told.splitlines()):
        if ours != theirs:
            return "usually: %s\nnow:     %s" % (ours[:1000], theirs[:1000])
    return "one of the reports is longer: %d, %d" % (len(usual), len(told))


def _verdicts(attack: Attack, ended: Mapping[str, Any]) -> List[str]:
    if ended["timed_out"]:
        return []
    err = str(ended["err"])
    for word in ("Traceback", "the grader itself failed"):
        if word in err:
            return ["the grader failed: %s" % err[-3000:]]
    if attack.expect.refused:
        if ended["status"] == 2 and err.strip():
            return []
        return ["it was not refused: status %s: %s" % (ended["status"], err[-500:])]
    report = _report(ended)
    if not report:
        return ["there is no report: status %s: %s" % (ended["status"], err[-1000:])]
    wanted = dict(attack.expect.verdicts)
    if attack.expect.full:
        wanted = {
            row["id"]: "pass" for row in report["criteria"]
            if row["verdict"] not in _MANUAL
        }  # fmt: skip
    found = _differences(wanted, ended)
    status = attack.expect.status or ("graded" if attack.expect.full else "")
    if status and report["status"] != status:
        found.append("the report's status is %s" % report["status"])
    return found


def _report(ended: Mapping[str, Any]) -> Dict[str, Any]:
    """The report, where what stands in its place is one."""
    told = ended["report"]
    rows = told.get("criteria") if isinstance(told, dict) else None
    whole = isinstance(rows, list) and "status" in told
    return dict(told) if whole else {}


def _differences(wanted: Mapping[str, str], ended: Mapping[str, Any]) -> List[str]:
    report = _report(ended)
    if not report:
        return ["there is no report"]
    rows = {row["id"]: row for row in report["criteria"]}
    found = []
    for id, verdict in wanted.items():
        row = rows.get(id, {"verdict": "missing", "reason": ""})
        if row["verdict"] != verdict:
            found.append("%s: %s and not %s: %s"
                         % (id, row["verdict"], verdict, row["reason"]))  # fmt: skip
    return found


def _says(attack: Attack, ended: Mapping[str, Any]) -> List[str]:
    told = " ".join((ended["out"] + "\n" + ended["err"]).split())
    return ["nothing says %r" % p for p in attack.says if not re.search(p, told)]


def _never(attack: Attack, ended: Mapping[str, Any]) -> List[str]:
    told = ended["out"] + "\n" + ended["err"]
    found = ["the report has %r" % p for p in attack.never if re.search(p, told)]
    page = ended["page"]
    if attack.page_never and "</html>" not in page:
        found.append("there is no page")
    return found + [
        "the page has %r" % p for p in attack.page_never if re.search(p, page)
    ]
