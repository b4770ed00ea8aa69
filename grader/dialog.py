"""How is a program that asks its user, or wants arguments, brought up?

It is answered until it listens, or is connected. One that ends at once
because it wants arguments is started again with them; and one that took an
answer for the name of a host, is started again and told the server's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Sequence

from grader import arguments, menus, prompts, text
from grader.state import State

if TYPE_CHECKING:
    from grader.run import Handle, Run

#: How many prompts in a row are answered before we give up on a program.
MOST_PROMPTS = 8
#: What is printed of a host that is none, by the usual libraries.
_NO_SUCH_HOST = re.compile(
    r"gaierror|getaddrinfo|unknown ?host|unresolved|name or service|name resolution"
    r"|enotfound|does not appear to be an ip|inet_pton|inet_aton|gethostby|no such host"
    r"|(?:invalid|illegal|bad|not an?|no) (?:ip\b|ipv4|(?:ip )?address|host)"
)


def bring_up(
    run: Run,
    handle: Handle,
    done: Callable[[State], bool],
    answers: Mapping[str, str],
) -> bool:
    """Whether it came to that; see Run.bring_up."""
    if _answer(run, handle, done, answers):
        return True
    if handle.peer or run.state.runs(handle.name):
        return False
    question = _taken_for_a_host(run, handle)
    if question and prompts.HOST in answers:
        return _again_with_host(run, handle, done, answers, question)
    said = run.said(handle)
    if not arguments.wanted(said):
        return False
    for kinds in arguments.guesses(said, handle.role, run.is_one_for_both):
        run.begin_with(handle, _words(kinds, answers))
        if _answer(run, handle, done, answers):
            who = "the server" if handle.role == "server" else "a client"
            given = " ".join(kind.lstrip(arguments.LITERAL) for kind in kinds)
            run.note(
                "arguments",
                "%s wants arguments, and was given: %s" % (who, given),
                handle.name,
            )
            return True
        if run.state.runs(handle.name):
            return False
    return False


def _question(run: Run, handle: Handle) -> str:
    """The line at which a program waits for its user."""
    return text.plain(text.shown(run.asks(handle))).split("\n")[-1]


def _answers_of(run: Run, handle: Handle) -> List[Dict[str, Any]]:
    answered: List[Dict[str, Any]] = run.facts.get("answered", [])
    return [answer for answer in answered if answer["program"] == handle.name]


def _taken_for_a_host(run: Run, handle: Handle) -> str:
    """The question whose answer a client that has ended took for a host, "" if
    it does not look so."""
    given = _answers_of(run, handle)
    if handle.role != "client" or not given or given[-1]["kind"] == prompts.HOST:
        return ""
    told = text.plain(text.shown(run.asks(handle)))
    return str(given[-1]["question"]) if _NO_SUCH_HOST.search(told) else ""


def _again_with_host(
    run: Run,
    handle: Handle,
    done: Callable[[State], bool],
    answers: Mapping[str, str],
    question: str,
) -> bool:
    """Once more, with the server's address as the answer to one question; what
    was answered before is forgotten, for nothing came of it."""
    for answer in _answers_of(run, handle):
        run.facts["answered"].remove(answer)
    run.begin_with(handle, ())
    if not _answer(run, handle, done, answers, question):
        return False  # it may have a wrong host of its own
    run.note(
        "answers",
        "a client took what was typed for a host, and was given the server's"
        " address at: %s" % question,
        handle.name,
    )
    return True


def _words(kinds: Sequence[str], answers: Mapping[str, str]) -> List[str]:
    usual = answers.get(prompts.OTHER, "")
    return [
        kind[len(arguments.LITERAL) :]
        if kind.startswith(arguments.LITERAL)
        else answers.get(kind, usual)
        for kind in kinds
    ]


def _answer(
    run: Run,
    handle: Handle,
    done: Callable[[State], bool],
    answers: Mapping[str, str],
    asks_for_host: str = "",
) -> bool:
    """Answer what the program asks, until `done`; one question may be known to
    ask for the server."""
    wish = menus.TO_SERVE if handle.role == "server" else menus.TO_CONNECT
    for _ in range(MOST_PROMPTS):
        run.until(
            lambda state: done(state)
            or state.reads_terminal(handle.name)
            or not state.runs(handle.name)
        )
        if done(run.state):
            return True
        if not run.state.reads_terminal(handle.name):
            return False
        question = _question(run, handle)
        kind, answer = run.answer(handle, answers, wish)
        if asks_for_host and question == asks_for_host:
            kind, answer = prompts.HOST, answers[prompts.HOST]
        elif kind != prompts.MENU:
            answer = run.role_asked(handle) or answer
        n = run.type(handle, answer)
        run.facts.setdefault("answered", []).append(
            {"program": handle.name, "kind": kind, "text": answer, "n": n,
             "question": question}
        )  # fmt: skip
    return False
