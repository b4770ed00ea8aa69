"""How is a program that asks its user, or wants arguments, brought up?

It is answered until it listens, or is connected. One that ends at once
because it wants arguments is started again with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, List, Mapping, Sequence

from grader import arguments, menus, prompts
from grader.state import State

if TYPE_CHECKING:
    from grader.run import Handle, Run

#: How many prompts in a row are answered before we give up on a program.
MOST_PROMPTS = 8


def bring_up(
    run: Run,
    handle: Handle,
    done: Callable[[State], bool],
    answers: Mapping[str, str],
) -> bool:
    """Whether it came to that; see Run.bring_up."""
    if _answer(run, handle, done, answers):
        return True
    said = run.said(handle)
    if handle.peer or run.state.runs(handle.name) or not arguments.wanted(said):
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
) -> bool:
    """Answer what the program asks, until `done`."""
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
        kind, answer = run.answer(handle, answers, wish)
        if kind != prompts.MENU:
            answer = run.role_asked(handle) or answer
        n = run.type(handle, answer)
        run.facts.setdefault("answered", []).append(
            {"program": handle.name, "kind": kind, "text": answer, "n": n}
        )
    return False
