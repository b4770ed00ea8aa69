"""What is in a topology: which nodes, which addresses, which links?

Read from the Topo itself, so that a picture cannot say anything else than
the file. Needs no network and no root.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple

#: What Mininet's TCLink takes and a plain link does not know.
_CONDITIONS = (
    "bw", "delay", "jitter", "loss", "max_queue_size", "gro", "disable_gro",
    "txo", "rxo", "speedup", "use_hfsc", "use_tbf", "latency_ms",
    "enable_ecn", "enable_red",
)  # fmt: skip


class Kind(enum.Enum):
    """What a node is."""

    HOST = "host"
    SWITCH = "switch"
    ROUTER = "router"  # a host of a class of its own, in several networks


@dataclass(frozen=True)
class Node:
    """A host, switch or router."""

    name: str
    kind: Kind
    addresses: Tuple[str, ...] = ()  # in the order of its ports
    route: str = ""  # where packets to other networks go


@dataclass(frozen=True)
class Link:
    """A link between two nodes, and what is slow or bad about it."""

    a: str
    b: str
    conditions: str = ""


@dataclass(frozen=True)
class Graph:
    """A topology, ready to be drawn."""

    nodes: Tuple[Node, ...]
    links: Tuple[Link, ...]

    def node(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)

    def neighbours(self, name: str) -> List[str]:
        """In the order of the links."""
        return [
            link.b if link.a == name else link.a
            for link in self.links
            if name in (link.a, link.b)
        ]


def graph_of(topo: Any) -> Graph:
    """Read a mininet.topo.Topo."""
    links: List[Link] = []
    ports: Dict[str, Dict[int, Any]] = {name: {} for name in topo.nodes()}
    for _a, _b, info in topo.links(sort=True, withInfo=True):
        links.append(Link(info["node1"], info["node2"], conditions(info)))
        for end in "12":
            ip = (info.get("params" + end) or {}).get("ip")
            ports[info["node" + end]][info["port" + end]] = ip
    nodes = [_node(topo, name, ports[name]) for name in topo.nodes()]
    return Graph(tuple(nodes), tuple(links))


def conditions(params: Mapping[str, Any]) -> str:
    """A link's conditions in words: "10 Mbit/s, 20 ms"; "" if it has none."""
    both = _words(params)
    told = [both] if both else []
    for end in "12":
        one = _words(params.get("params" + end) or {})
        told += ["from %s: %s" % (params["node" + end], one)] if one else []
    return "; ".join(told)


def without_conditions(params: Mapping[str, Any]) -> Dict[str, Any]:
    """The parameters of the same link as a plain one."""
    plain = {
        key: value for key, value in params.items() if key not in _CONDITIONS
    }
    for end in ("params1", "params2"):
        if plain.get(end):
            plain[end] = without_conditions(plain[end])
    return plain


def _words(params: Mapping[str, Any]) -> str:
    told = []
    if params.get("bw") is not None:
        told.append("%g Mbit/s" % params["bw"])
    for key, form in (("delay", "%s"), ("jitter", "± %s")):
        if params.get(key):
            told.append(form % _spaced(str(params[key])))
    if params.get("loss"):
        told.append("%s %% lost" % str(params["loss"]).rstrip("%"))
    if params.get("max_queue_size") is not None:
        told.append("%d packets wait" % params["max_queue_size"])
    return ", ".join(told)


def _spaced(time: str) -> str:
    """20 ms for 20ms; a bare number is what tc takes it for."""
    number = time.rstrip("abcdefghijklmnopqrstuvwxyz")
    return "%s %s" % (number, time[len(number):] or "us")


def _node(topo: Any, name: str, ports: Mapping[int, Any]) -> Node:
    if topo.isSwitch(name):
        return Node(name, Kind.SWITCH)
    info = topo.nodeInfo(name)
    by_port = dict(ports)
    if info.get("ip") and by_port:
        by_port[min(by_port)] = info["ip"]
    addresses = tuple(str(by_port[n]) for n in sorted(by_port) if by_port[n])
    router = len(by_port) > 1 and info.get("cls") is not None
    kind = Kind.ROUTER if router else Kind.HOST
    return Node(name, kind, addresses, str(info.get("defaultRoute") or ""))
