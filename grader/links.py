"""What is a link like: how far, how lossy, how fast?

A Link says it in numbers, for both directions. A rubric gives such conditions
names; a topology, a rubric and a scenario may each ask for some. Delay, loss
and reordering need the kernel's netem; whether it is there is asked once,
by adding one in a namespace that is gone at once.
"""

from __future__ import annotations

import dataclasses
import errno
import functools
import os
import re
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Union

from grader import linux
from grader.netlink import RouteSocket

#: Why a scenario is left out; `doctor` says how to mend it.
LACKS_NETEM = "this kernel has no netem, which delays and loses packets"
#: Mininet's words for times and rates: '300ms', '1.5s', '500us'.
_TIME = re.compile(r"([0-9.]+)\s*(us|ms|s|)", re.IGNORECASE)
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "": 0.001}


@dataclass(frozen=True)
class Link:
    """The conditions of one link, each way; nothing said is a plain cable."""

    delay_ms: float = 0
    jitter_ms: float = 0
    loss_percent: float = 0
    rate_mbit: float = 0  # 0: as fast as it goes
    reorder_percent: float = 0  # so many overtake those that are delayed

    @property
    def plain(self) -> bool:
        return self == Link()

    @property
    def needs_netem(self) -> bool:
        """A rate alone does not: every kernel has a queue for that."""
        return not dataclasses.replace(self, rate_mbit=0).plain

    @property
    def lossy(self) -> bool:
        return self.loss_percent > 0

    def slower(self, factor: float) -> "Link":
        """The same, so many times as far."""
        return dataclasses.replace(
            self,
            delay_ms=self.delay_ms * factor,
            jitter_ms=self.jitter_ms * factor,
        )


#: By a host's name, or by two nodes with a hyphen: "h2", "s1-s2".
Links = Mapping[str, Link]
#: What a scenario writes: conditions, or the name that the rubric gives them.
Wanted = Mapping[str, Union[Link, str]]


def from_mininet(words: Mapping[str, Any]) -> Link:
    """What a topology says in the words of Mininet's TCLink."""
    return Link(
        delay_ms=_milliseconds(words.get("delay")),
        jitter_ms=_milliseconds(words.get("jitter")),
        loss_percent=float(words.get("loss") or 0),
        rate_mbit=float(words.get("bw") or 0),
    )


def _milliseconds(said: Optional[str]) -> float:
    """tc(8) reads a bare number as microseconds."""
    found = _TIME.fullmatch(str(said or 0).strip())
    if not found:
        raise ValueError("no time: %r; write '300ms'" % (said,))
    return float(found.group(1)) * _MILLISECONDS[found.group(2).lower()]


def resolved(wanted: Wanted, named: Mapping[str, Link]) -> Dict[str, Link]:
    """With the rubric's names replaced; KeyError where there is no such."""
    return {
        where: named[link] if isinstance(link, str) else link
        for where, link in wanted.items()
    }


@functools.lru_cache(maxsize=None)
def why_no_netem() -> str:
    """Why links cannot be delayed here; "" where they can."""
    if os.environ.get("MNGRADE_NETEM") == "no":
        return LACKS_NETEM
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_try_netem())
    os.close(reading)
    os.close(writing)
    _pid, status = os.waitpid(child, 0)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else errno.EIO
    if code in (errno.ENOENT, errno.EOPNOTSUPP):
        return LACKS_NETEM
    return "links cannot be set: %s" % os.strerror(code) if code else ""


def _try_netem() -> int:
    """In a child: the errno of adding a netem to a new loopback."""
    try:
        flags = linux.CLONE_NEWNET
        if os.geteuid() != 0:
            flags |= linux.CLONE_NEWUSER
        linux.unshare(flags)
        from grader import queueing

        queueing.apply(RouteSocket(), 1, Link(delay_ms=1))
        return 0
    except OSError as error:
        return error.errno or errno.EIO
    except BaseException:  # the child must never return into its parent's code
        return errno.EIO
