"""Lab `order`: which runs show that one message overtook the other?"""

from __future__ import annotations

from typing import List

from grader.api import Traces

from .reading import Exchange

FAR_CLIENT = "far_client"


def far_exchanges(traces: Traces) -> List[Exchange]:
    """The runs in which the near message had been taken before the far one
    was there: only these show more than chance."""
    found = []
    for x in map(Exchange, traces.of(FAR_CLIENT)):
        held = x.trace.facts.get("held")
        if not held or not x.both_arrived:
            continue
        first, second = x.by_arrival()
        if (first.arrived or 0) < held < (second.arrived or 0) and x.took(first):
            found.append(x)
    return found
