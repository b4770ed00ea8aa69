"""What do two networks look like, with a router between server and n clients?

                                +--- h2
    h1 --- s1 --- r1 --- s2 ----+--- h3
                                +--- ...

h1 is the server and has 10.0.0.1/24, as everywhere; client hN has 10.0.1.N/24.
The router r1 is .254 in both networks. hN has the MAC address
00:00:00:00:00:N, the router 00:00:00:00:fe:00 and 00:00:00:00:fe:01.

Runs under plain Mininet too:

    sudo mn --custom topologies/routed.py --topo routed,3 \\
            --switch lxbr --controller none
"""

from __future__ import annotations

from typing import Any, Dict

from mininet.node import Node  # type: ignore
from mininet.topo import Topo  # type: ignore

# A client's last byte is its number; the router has .254, and .255 is taken.
MAX_CLIENTS = 252


class Router(Node):  # type: ignore
    """A host that passes on packets that are not for itself."""

    def config(self, **options: Any) -> Dict[str, Any]:
        result: Dict[str, Any] = super().config(**options)
        self.cmd("echo 1 >/proc/sys/net/ipv4/ip_forward")
        return result


class RoutedTopo(Topo):  # type: ignore
    """Server h1 and clients in two networks, the router r1 between."""

    def build(self, n: int = 2, **_options: object) -> None:
        """n: number of clients"""
        if not 0 <= n <= MAX_CLIENTS:
            raise ValueError("routed: %d clients; 0 to %d fit" % (n, MAX_CLIENTS))
        # Without ip=None Mininet would give it an address of its own choice.
        router = self.addHost("r1", cls=Router, ip=None)
        for net in range(2):
            # Ports and addresses of the router in its networks 0 and 1.
            self.addLink(
                router,
                self.addSwitch("s%d" % (net + 1)),
                port1=net,
                addr1="00:00:00:00:fe:%02x" % net,
                params1={"ip": "10.0.%d.254/24" % net},
            )
        for number in range(1, n + 2):
            net = 0 if number == 1 else 1
            host = self.addHost(
                "h%d" % number,
                ip="10.0.%d.%d/24" % (net, number),
                mac="00:00:00:00:00:%02x" % number,
                defaultRoute="via 10.0.%d.254" % net,
            )
            self.addLink(host, "s%d" % (net + 1))


topos = {"routed": RoutedTopo}
