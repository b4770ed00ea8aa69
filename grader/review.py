"""How does a person come to decide what waits in a gradebook?

`mngrade gradebook review OUT` serves the pages of grader/review_app.py to one
browser on this machine, until Ctrl-C. Several reviewers start it several
times, each with a name, on one gradebook.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Callable, Dict

from grader import rubric
from grader.gradebook_model import GradebookError
from grader.lab import LABS

INSTALL = (
    "the review needs Flask and Waitress: sudo apt-get install -y"
    " --no-install-recommends python3-flask python3-waitress"
)


def serve(
    book: Path, lab: str, who: str, port: int, tell: Callable[[str], None]
) -> None:
    """Serve the review of a gradebook's file until Ctrl-C.

    Port 0 takes any that is free. Raises GradebookError.
    """
    try:
        import waitress

        from grader.review_app import Review
        from grader.review_guard import Guard
    except ModuleNotFoundError as error:
        raise GradebookError(INSTALL) from error
    with _listen(port) as door:
        guard = Guard(door.getsockname()[1])
        app = Review(book, lab, who, guard, counts_of(lab)).app
        tell("review of %s by %s; open this, once:\n" % (lab or book, who))
        tell(guard.address() + "\n")
        tell("Ctrl-C ends it; what is decided is saved at once\n")
        # One at a time: the browser of one person asks for no more.
        waitress.serve(app, sockets=[door], threads=1, _quiet=True, ident="mngrade")


def _listen(port: int) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        door.listen(16)
    except (OSError, OverflowError) as error:
        door.close()
        raise GradebookError("port %d: %s" % (port, error)) from error
    return door


def counts_of(lab: str) -> Dict[str, str]:
    """What counts for each criterion, where the lab is one of ours."""
    path = LABS / lab / "rubric.yaml"
    if not lab or "/" in lab or not path.is_file():
        return {}
    try:
        found = rubric.load(path)
    except rubric.RubricError:
        return {}
    return {id: found.counts_for(id) for id in found.ids}
