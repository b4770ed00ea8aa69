"""How does an interface delay, lose and slow down what it sends?

By a queueing discipline at its root, set with one netlink message: netem for
delay, jitter, loss and reordering (and a rate beside them), tbf for a rate
alone. Mininet's TCLink starts up to five commands for the same. Layouts:
<linux/pkt_sched.h>, tc-netem(8), tc-tbf(8).
"""

from __future__ import annotations

import struct

from grader.links import Link
from grader.netlink import RouteSocket, attribute

#: Packets that a link holds at most; more are dropped.
_LIMIT = 1000
#: Bytes that a rate alone lets pass at once: some full segments.
_BURST = 15000
_NETEM_REORDER, _NETEM_RATE, _NETEM_RATE64 = 3, 6, 8
_NETEM_LATENCY64, _NETEM_JITTER64 = 10, 11
_TBF_PARMS, _TBF_BURST = 1, 6
_ETHERNET = 1  # how the kernel counts a packet's length
_BYTES_A_MBIT = 125000
_NS_A_MS = 1000000


def apply(routes: RouteSocket, index: int, link: Link) -> None:
    """Give the interface with this index the link's conditions; a plain link
    has none. OSError where the kernel cannot."""
    if link.plain:
        routes.remove_queue(index)
    elif link.needs_netem:
        routes.set_queue(index, "netem", _netem(link))
    else:
        routes.set_queue(index, "tbf", _tbf(link))


def _netem(link: Link) -> bytes:
    gap = 1 if link.reorder_percent else 0
    body = struct.pack(
        "=IIIIII", 0, _LIMIT, _share(link.loss_percent), gap, 0, 0
    )
    latency, jitter = link.delay_ms, link.jitter_ms
    body += attribute(_NETEM_LATENCY64, struct.pack("=q", round(latency * _NS_A_MS)))
    body += attribute(_NETEM_JITTER64, struct.pack("=q", round(jitter * _NS_A_MS)))
    if gap:
        share = struct.pack("=II", _share(link.reorder_percent), 0)
        body += attribute(_NETEM_REORDER, share)
    if link.rate_mbit:
        speed = _bytes_a_second(link)
        body += attribute(_NETEM_RATE, struct.pack("=IiIi", speed, 0, 0, 0))
    return body


def _tbf(link: Link) -> bytes:
    speed = _bytes_a_second(link)
    # struct tc_ratespec twice, then limit (bytes), buffer and mtu (ticks).
    rate = struct.pack("=BBHhHI", 0, _ETHERNET, 0, 0, 0, speed)
    parms = rate + struct.pack("=BBHhHI", 0, 0, 0, 0, 0, 0)
    parms += struct.pack("=III", _BURST * 20, 0, 0)
    return attribute(_TBF_PARMS, parms) + attribute(
        _TBF_BURST, struct.pack("=I", _BURST)
    )


def _share(percent: float) -> int:
    """A probability as the kernel takes it: a part of 2^32."""
    return min(0xFFFFFFFF, round(percent / 100 * 0xFFFFFFFF))


def _bytes_a_second(link: Link) -> int:
    return min(0xFFFFFFFF, max(1, round(link.rate_mbit * _BYTES_A_MBIT)))
