"""Is the far client's message, typed first, always the one that comes second?

Makes only those runs of `order` in which one client's link is slow: its user
types first, and the near client's message arrives first all the same. A right
server must say so each time; one that sorts by the clients' clocks must be
wrong each time, or the run would not show anything.

    far_client.py [--seed SEED] N

Makes N times four runs, prints a line for each wrong one and how many were
right, and exits 1 when one was wrong. Needs the kernel's netem.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import List

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab as labs  # noqa: E402
from grader.grade import Order, observe  # noqa: E402
from grader.lab import Lab  # noqa: E402
from grader.links import why_no_netem  # noqa: E402
from grader.model import ScenarioRecord  # noqa: E402
from grader.trace import Trace  # noqa: E402
from labs.order.reading import Exchange  # noqa: E402

#: An example, and whether it must tell the true order.
EXAMPLES = (("good/python-threads", True), ("bad/python-sorts-by-send-time", False))


def far_only() -> Lab:
    """The lab `order` with no other runs than these."""
    lab = labs.load("order")
    cases = tuple(case for case in lab.cases if case.name.startswith("far_client"))
    if len(cases) != 2:
        raise SystemExit("lab order has %d runs with a far client, not 2" % len(cases))
    return dataclasses.replace(lab, cases=cases)


def wrong(record: ScenarioRecord, must: bool) -> str:
    """What is not as it must be in one run, "" if nothing."""
    exchange = Exchange(Trace(record))
    arrived = exchange.by_arrival()
    far = "X" if record.name.startswith("far_client[h2") else "Y"
    if [client.label for client in arrived] != ["Y" if far == "X" else "X", far]:
        return "%s: arrived: %s" % (record.outcome.value,
                                    [client.label for client in arrived])  # fmt: skip
    said = [exchange.sentence(client) for client in exchange.clients]
    if not all(one and (one.first == arrived[0].message) == must for one in said):
        return "the clients were told %s" % said
    return ""


def main() -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(usage=(__doc__ or "").split("\n\n")[2].strip())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    if why_no_netem():
        sys.stderr.write("far_client.py: %s\n" % why_no_netem())
        return 2
    lab, made, faults = far_only(), 0, []  # type: Lab, int, List[str]
    began = time.monotonic()
    for seed in range(given.seed, given.seed + given.count):
        for name, must in EXAMPLES:
            order = Order(lab, (lab.folder / "examples" / name,), seed)
            for record in observe(order).records:
                made += 1
                why = wrong(record, must)
                if why:
                    faults.append(why)
                    print("seed %d, %s, %s: %s" % (seed, name, record.name, why))
        sys.stdout.flush()
    print("%d of %d runs with a far client right, %.0f s"
          % (made - len(faults), made, time.monotonic() - began))  # fmt: skip
    return 1 if faults or made != 4 * given.count else 0


if __name__ == "__main__":
    sys.exit(main())
