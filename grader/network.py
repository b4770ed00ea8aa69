"""How does a real Mininet network come about in a few milliseconds?

The one module that imports Mininet. The network is built by Mininet's own
constructor from a topology of Mininet's own kind, so names, addresses, MAC
addresses, ports and routes are what the file says. Only the classes that
touch the kernel are ours: Mininet's start a shell for each node and some
45 commands for three hosts; these send netlink messages.

Runs in an arena, or as root. Not made for more than one thread.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from grader import linux, openvswitch, queueing, redirect, topology_graph
from grader.links import Link, Links, from_mininet, why_no_netem
from grader.netlink import wait_for_news
from grader.netspace import (
    CHILD_SETTINGS,
    HOST_SETTINGS,
    SWITCH_SETTINGS,
    NetSpace,
    configure_here,
    hold_new,
)
from grader.topology import TOPOLOGIES, NetworkFault, light_import, load_topology


with light_import():
    import mininet.link  # type: ignore
    import mininet.log  # type: ignore
    import mininet.net  # type: ignore
    import mininet.node  # type: ignore
    import mininet.util  # type: ignore

mininet.log.setLogLevel("critical")
# Mininet runs grep to count processors, and sets limits of the whole machine
# that an arena must not set.
mininet.util.numCores.ncores = os.cpu_count() or 1
mininet.net.Mininet.inited = True

# No two interfaces of a network have the same index. Where both ends of a
# veth pair have the same number (each in its namespace), the kernel takes the
# interface for one that is stacked on nothing, and carries the news that it
# is up at leisure: the bridge port stays disabled for up to a second.
_FIRST_INDEX = 100


@dataclass(frozen=True)
class HostInfo:
    """What others need to know of a host."""

    name: str
    pid: int  # a process that lives in its network namespace
    ip: str
    mac: str
    interface: str


@dataclass(frozen=True)
class LinkEnd:
    """One end of a link: an interface, and a host that the link leads to."""

    host: str
    interface: str
    pid: int  # a process that lives in the interface's namespace


class _Node:
    """What hosts and switches have in common: no shell, but a NetSpace."""

    name: str
    inNamespace: bool
    space: NetSpace

    @classmethod
    def checkSetup(cls) -> None:
        """Mininet starts `which` and `sysctl` here, for each class."""

    def _settle_in(self, pid: int, settings: Dict[str, str]) -> None:
        self.pid = pid
        self.space = NetSpace(pid)
        self.space.configure(settings)
        self.shell = None

    def cmd(self, *words: Any, **_options: Any) -> str:
        """Run a shell command on the node; returns what it printed."""
        line = " ".join(str(word) for word in words)
        argv = ["sh", "-c", line]
        if self.inNamespace:
            argv = ["mnexec", "-a", str(self.pid)] + argv
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.stdout.decode(errors="replace")

    def terminate(self) -> None:
        if self.inNamespace and self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.pid = 0
        self.space.close()


class _Host(_Node, mininet.node.Host):  # type: ignore
    def startShell(self, mnopts: Optional[str] = None) -> None:
        self._settle_in(hold_new(), HOST_SETTINGS)

    def config(
        self,
        mac: Optional[str] = None,
        ip: Optional[str] = None,
        defaultRoute: Optional[str] = None,
        **_options: Any
    ) -> Dict[str, Any]:
        if mac:
            self.setMAC(mac)
        if ip:
            self.setIP(ip)
        words = str(defaultRoute or "").split()
        if len(words) == 2 and words[0] == "via":
            index = self.space.index(self.defaultIntf().name)
            self.space.routes.add_default_route(index, words[1])
        elif defaultRoute:
            self.setDefaultRoute(defaultRoute)
        elif ip:
            # A program that asks for an address of another network must get
            # as far as the rules that lead it to the server.
            name = self.defaultIntf().name
            self.space.routes.add_default_route(self.space.index(name))
        return {}


class _Bridge(_Node, mininet.node.Switch):  # type: ignore
    def __init__(self, name: str, **params: Any) -> None:
        # A switch outside of any namespace gets a Mininet interface for
        # `lo`, and that runs ifconfig.
        super().__init__(name, **dict(params, inNamespace=True))
        self.inNamespace = False
        self.controlIntf = None

    def startShell(self, mnopts: Optional[str] = None) -> None:
        self._settle_in(os.getpid(), SWITCH_SETTINGS)

    def start(self, _controllers: Any) -> None:
        index = next(_indices)
        self.space.routes.add_bridge(self.name, index)
        self.space.routes.set_up(self.name)
        for interface in self.intfList():
            self.space.routes.set_master(interface.name, index, up=True)

    def silent_ports(self) -> List[str]:
        """The ports that are not yet in the state FORWARDING."""
        ports = "/sys/class/net/%s/brif/" % self.name
        return [
            interface.name
            for interface in self.intfList()
            if Path(ports, interface.name, "state").read_text() != "3\n"
        ]

    def stop(self, deleteIntfs: bool = True) -> None:
        super().stop(deleteIntfs)
        self.cmd("ip link del", self.name)


class _OpenVSwitch(_Node, mininet.node.OVSBridge):  # type: ignore
    """Mininet's own, on a private daemon; see openvswitch.py.

    A daemon that switches by itself passes on checksums as it sees them.
    """

    OVSVersion = "2.0"  # anything that Mininet does not take for ancient

    def __init__(self, name: str, **params: Any) -> None:
        params.update(
            datapath=openvswitch.datapath(), inNamespace=True, batch=False
        )
        super().__init__(name, **params)
        self.inNamespace = False
        self.controlIntf = None

    def startShell(self, mnopts: Optional[str] = None) -> None:
        self._settle_in(os.getpid(), SWITCH_SETTINGS)

    def start(self, controllers: Any) -> None:
        super().start(controllers)
        for interface in self.intfList():
            openvswitch.check_port(interface.name)
            if self.datapath == "kernel":
                continue
            for end in (interface.link.intf1, interface.link.intf2):
                with _space(end.node):
                    linux.checksum_in_software(end.name)

    def silent_ports(self) -> List[str]:
        return []  # without spanning tree a port forwards when it exists

    @classmethod
    def batchShutdown(cls, switches: Any, run: Any = None) -> List[Any]:
        """Mininet's hangs up a switch's shell, and ours is this process."""
        return []


class _Interface(mininet.link.Intf):  # type: ignore
    def isUp(self, setUp: bool = False) -> bool:
        if setUp:
            _space(self.node).routes.set_up(self.name)
            return True
        return bool(super().isUp())

    def setMAC(self, macstr: str) -> str:
        _space(self.node).routes.set_mac(self.name, macstr)
        self.mac = macstr
        return ""

    def setIP(self, ipstr: str, prefixLen: Optional[int] = None) -> str:
        address, _, prefix = ipstr.partition("/")
        self.ip, self.prefixLen = address, int(prefix or prefixLen or 8)
        space = _space(self.node)
        index = space.index(self.name)
        space.routes.add_address(index, address, self.prefixLen)
        return ""

    def config(self, **params: Any) -> Dict[str, Any]:
        """What a topology says of a link, in the words of Mininet's TCLink,
        is noted here; `build` sees to it."""
        self.conditions = from_mininet(params)
        return dict(super().config(**params))


class _Link(mininet.link.Link):  # type: ignore
    @classmethod
    def makeIntfPair(
        cls,
        intfname1: str,
        intfname2: str,
        addr1: Optional[str] = None,
        addr2: Optional[str] = None,
        node1: Any = None,
        node2: Any = None,
        deleteIntfs: bool = True,
    ) -> None:
        _space(node1).routes.add_veth(
            intfname1,
            next(_indices),
            addr1,
            intfname2,
            next(_indices),
            addr2,
            _space(node2).descriptor,
        )


class _Net(mininet.net.Mininet):  # type: ignore
    """Mininet's own, which leaves out what this kernel cannot do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.left_out: List[str] = []
        super().__init__(*args, **options)

    def addHost(self, name: str, cls: Any = None, **options: Any) -> Any:
        if self.host is _Host:
            cls = _without_shell(cls)
        return super().addHost(name, cls, **options)

    def addLink(self, node1: Any, node2: Any, **options: Any) -> Any:
        conditions = topology_graph.conditions(options)
        if options.get("cls") is mininet.link.TCLink and self.link is _Link:
            options["cls"] = None  # ours does the same without starting tc
        if conditions and why_no_netem():
            options = topology_graph.without_conditions(dict(options, cls=None))
            self.left_out.append("%s-%s (%s)" % (node1, node2, conditions))
        return super().addLink(node1, node2, **options)


def _without_shell(cls: Any) -> Any:
    """A topology's own class of hosts, on top of ours instead of Mininet's.

    Only where all that it does is to configure itself: what starts programs
    may want the shell.
    """
    bases = (mininet.node.Host, mininet.node.Node)
    if not isinstance(cls, type) or not issubclass(cls, mininet.node.Node):
        return cls
    mro = itertools.takewhile(lambda one: one not in bases, cls.__mro__)
    own = {name for one in mro for name in vars(one) if name == "__init__"
           or not name.startswith("__")}  # fmt: skip
    if cls in bases or own - {"config", "terminate"}:
        return cls
    return type(cls.__name__, (cls, _Host), {})


_SWITCHES = {"bridge": _Bridge, "ovs": _OpenVSwitch}
_indices = itertools.count(_FIRST_INDEX)


def _space(node: Any) -> NetSpace:
    """A node's namespace, also of a class that the topology brought along."""
    if not hasattr(node, "space"):
        node.space = NetSpace(node.pid)
    space: NetSpace = node.space
    return space


class Network:
    """A network that runs. Usually it just ends with its arena."""

    def __init__(self, net: Any) -> None:
        self._net = net
        self._adopted: Set[Tuple[str, str]] = set()
        #: Links whose conditions this kernel cannot make: "s1-s2 (20 ms)".
        self.left_out: Tuple[str, ...] = tuple(net.left_out)
        self.hosts: Dict[str, HostInfo] = {
            host.name: HostInfo(
                host.name,
                host.pid,
                host.IP() or "",
                host.MAC() or "",
                host.defaultIntf().name,
            )
            for host in net.hosts
            if host.defaultIntf()
        }

    def cmd(self, host: str, line: str) -> str:
        """Run a shell command on a host (or switch): what it printed."""
        return str(self._net[host].cmd(line))

    def lead_clients_to(self, server_ip: str, clients: Iterable[str]) -> None:
        """Lead every TCP connection that these hosts open to the server."""
        rules = redirect.lead_to(server_ip)
        for name in clients:
            with _space(self._net[name]):
                redirect.apply(rules)

    def make_reachable(self, host: str, port: int, bound_ip: str) -> None:
        """Lead what comes to a host's port to the address it listens on."""
        info = self.hosts[host]
        with _space(self._net[host]):
            redirect.apply(redirect.reach(info.ip, port, bound_ip))
        foreign = not bound_ip.startswith("127.") and bound_ip != info.ip
        if foreign and (host, bound_ip) not in self._adopted:
            self._adopted.add((host, bound_ip))
            line = redirect.adopt(info.interface, bound_ip)
            said = self.cmd(host, line)
            if said:
                raise NetworkFault("%s: %s" % (line, said.strip()))

    def keep_no_ended_connections(self, host: str) -> None:
        """From here on, no connection of a host stays in TIME_WAIT."""
        settings = {"ipv4/tcp_max_tw_buckets": "0"}
        _space(self._net[host]).configure(settings)

    def set_links(self, links: Links) -> None:
        """Give links other conditions than they have, both ways."""
        for where, link in links.items():
            for end in self._ends_of(where):
                space = _space(end.node)
                queueing.apply(space.routes, space.index(end.name), link)

    def ends(self, links: Iterable[str]) -> List[LinkEnd]:
        """The ends of these links, with the host that each leads to."""
        return [
            LinkEnd(self._host_behind(end), end.name, end.node.pid or os.getpid())
            for where in links
            for end in self._ends_of(where)
        ]

    def shaped(self) -> List[str]:
        """The links to which the topology gave conditions."""
        return [
            "%s-%s" % (link.intf1.node.name, link.intf2.node.name)
            for link in self._net.links
            if not _conditions(link.intf1).plain
        ]

    def conditions(self) -> List[Link]:
        """Those that the topology gave to its links."""
        return [_conditions(link.intf1) for link in self._net.links]

    def set_cable(self, host: str, plugged: bool, deadline_s: float = 5.0) -> None:
        """Pull a host's cable at the switch, or plug it in again; returns
        when the host's end knows."""
        near, far = self._ends_of(host)
        until = time.monotonic() + deadline_s
        _space(far.node).routes.set_up(far.name, plugged)
        if plugged:
            _wait_until_ready(self._net, until)
        while not plugged and _space(near.node).routes.operates(near.name):
            if time.monotonic() >= until:
                raise NetworkFault("%s never went down" % near.name)
            wait_for_news(
                [_space(near.node).watch], min(until, time.monotonic() + 0.05)
            )

    def _ends_of(self, where: str) -> List[Any]:
        """Both ends of a host's link, its own first, or of the link between
        two nodes."""
        one, two, other = where.partition("-")
        known = {node.name for node in self._net.hosts + self._net.switches}
        if one in known and other in known:
            between = self._net.linksBetween(self._net[one], self._net[other])
        elif one in self.hosts and not two:
            own = self._net[one].defaultIntf()
            between = [own.link] if own is not None else []
        else:
            between = []
        if not between:
            raise NetworkFault("the topology has no link '%s'" % where)
        ends = [between[0].intf1, between[0].intf2]
        return ends if ends[0].node.name == one else ends[::-1]

    def _host_behind(self, end: Any) -> str:
        """The host at either end of a link; else any: all is behind it."""
        for one in (end.link.intf1, end.link.intf2):
            if one.node.name in self.hosts:
                return str(one.node.name)
        return next(iter(self.hosts))

    def command_line(self) -> None:
        """Mininet's own prompt, until its user leaves it."""
        import mininet.cli  # type: ignore

        mininet.log.setLogLevel("output")
        mininet.cli.CLI(self._net)

    def close(self) -> None:
        """End the network without the arena."""
        self._net.stop()


def build(
    topology: str,
    size: int = 2,
    switch: str = "bridge",
    deadline_s: float = 5.0,
    folder: Path = TOPOLOGIES,
    scratch: Optional[Path] = None,
) -> Network:
    """Build the network that `folder/topology.py` describes.

    `size` is what the topology takes (star: the number of clients). Returns
    when the first packet can pass; NetworkFault after `deadline_s`. The
    switch is a Linux "bridge", or "ovs", which keeps files in `scratch`.
    """
    until = time.monotonic() + deadline_s
    topo = load_topology(topology, size, folder)
    if switch not in _SWITCHES:
        raise NetworkFault("no switch %r: bridge or ovs" % switch)
    if switch == "ovs" and scratch is None:
        raise NetworkFault("ovs needs a scratch directory")
    try:
        configure_here(CHILD_SETTINGS)
        if switch == "ovs" and scratch is not None:
            openvswitch.start(scratch)
        net = _Net(
            topo=topo,
            host=_Host,
            switch=_SWITCHES[switch],
            link=_Link,
            intf=_Interface,
            controller=None,
        )
        _shape(net)
        net.start()
        _wait_until_ready(net, until)
    except OSError as error:
        raise NetworkFault("Mininet: %s" % error) from error
    return Network(net)


def _conditions(end: Any) -> Link:
    """What the topology says of a link's end; a class of its own sees to it
    by itself."""
    found: Link = getattr(end, "conditions", Link())
    return found


def _shape(net: Any) -> None:
    """Give the links the conditions that the topology asks for."""
    for link in net.links:
        for end in (link.intf1, link.intf2):
            if not _conditions(end).plain:
                space = _space(end.node)
                index = space.index(end.name)
                queueing.apply(space.routes, index, _conditions(end))


def by_hand(topology: str, size: int, folder: Path = TOPOLOGIES) -> Network:
    """The same network of Mininet's own classes, where each node has a shell.

    For people: slower to make, and just what `mn` would give them.
    """
    import mininet.nodelib  # type: ignore

    net = _Net(
        topo=load_topology(topology, size, folder),
        switch=mininet.nodelib.LinuxBridge,
        controller=None,
    )
    net.start()
    for host in net.hosts:
        _space(host).configure(HOST_SETTINGS)
    return Network(net)


def _wait_until_ready(net: Any, until: float) -> None:
    """Wait until no packet is dropped any more, at either end of a link.

    A bridge port drops what comes before it forwards. A host's interface
    drops what is sent before the kernel has come round to the news that its
    other end is up; under load that can be later than the port's.
    """
    spaces = [_space(node) for node in net.hosts + net.switches]
    while True:
        # What is heard from here on ends the wait below.
        for space in spaces:
            space.watch.drain()
        names = [name for switch in net.switches for name in switch.silent_ports()]
        names += [
            end.name
            for link in net.links
            for end in (link.intf1, link.intf2)
            if not _space(end.node).routes.operates(end.name)
        ]
        if not names:
            return
        if time.monotonic() >= until:
            raise NetworkFault("never came up: " + ", ".join(sorted(set(names))))
        # News may be lost, so no wait is long.
        news = (space.watch for space in spaces)
        wait_for_news(news, min(until, time.monotonic() + 0.05))
