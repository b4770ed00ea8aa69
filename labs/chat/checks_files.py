"""Lab `chat`: what are the list of files and a transfer worth, and why?"""

from __future__ import annotations

from typing import Any, Dict

from grader.api import Finding, Traces, check, failed, not_judged, partial, passed, plain

from .going import needs, rescued


@check("lists-files")
def lists_files(traces: Traces) -> Finding:
    x, lack = needs(traces, "files")
    if x is None:
        return lack or not_judged("no run could be made")
    said = x.one("list")
    names = x.trace.facts.get("files", {})
    where = x.trace.evidence(said.end if said else None)
    reply = said.reply if said else ""
    there = [name for name in names.values() if name in reply]
    if len(there) == len(names) and names:
        return rescued(x, passed("`list` returns the names of the files", where))
    make = partial if there else failed
    return make("`list` does not return the names of the files", where,
                expected=", ".join(sorted(names.values())),
                seen=reply.strip()[:120] or "nothing")


@check("streams-files")
def streams_files(traces: Traces) -> Finding:
    x, lack = needs(traces, "files")
    if x is None:
        return lack or not_judged("no run could be made")
    facts = x.trace.facts
    if not facts.get("request"):
        return failed("no file can be had", x.trace.evidence(facts.get("end")),
                      expected="a file that is asked for by its name",
                      seen="no request that was tried brings it")
    sent = facts.get("transfers", [])
    where = x.trace.evidence(*(t["end"] for t in sent))
    kept = facts.get("own-client", {})
    cut = [t for t in sent if not t["whole"]]
    if kept.get("small-kept") and kept.get("big-kept"):
        cut = []  # sent in parts, which its own client puts together
    if cut:
        make = partial if len(cut) < len(sent) else failed
        return make("a file does not arrive byte for byte", where,
                    expected="%d bytes" % cut[0]["size"],
                    seen="%d bytes, and not the same" % cut[0]["got"])
    unknown = facts.get("unknown", {})
    fault = _unknown_fault(unknown)
    if fault:
        return partial(fault, where, x.trace.evidence(unknown.get("n")),
                       expected="an answer that says so, and the connection"
                       " lives on", seen=unknown.get("answer", "").strip()[:120]
                       or "nothing")
    return rescued(x, passed("files arrive byte for byte", where))


def _unknown_fault(unknown: Dict[str, Any]) -> str:
    answer = plain(str(unknown.get("answer", "")))
    if not unknown.get("server-runs"):
        return "the server ends when a name does not exist"
    if not answer:
        return "a name that does not exist gets no answer"
    if answer.replace(plain(str(unknown.get("name"))), "").strip(" :.get") == "ack":
        return "a name that does not exist is merely echoed"
    if not unknown.get("lives"):
        return "the connection does not live on after an unknown name"
    return ""
