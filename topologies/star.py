"""What does a lab's star network look like: one server, n clients, one switch?

    h2 ---+
    h3 --- s1 --- h1 (server)
    ...---+

Host hN has the address 10.0.0.N/24 and the MAC address 00:00:00:00:00:N, so
that a picture of a conversation can be read without a table.

Runs under plain Mininet too:

    sudo mn --custom topologies/star.py --topo star,3 \\
            --switch lxbr --controller none
"""

from __future__ import annotations

from mininet.topo import Topo  # type: ignore

# The last byte of an address is the host's number, and .255 is taken.
MAX_CLIENTS = 253


class StarTopo(Topo):  # type: ignore
    """Server h1 and clients h2, h3, ... on the switch s1."""

    def build(self, n: int = 2, **_options: object) -> None:
        """n: number of clients"""
        if not 0 <= n <= MAX_CLIENTS:
            raise ValueError("star: %d clients; 0 to %d fit" % (n, MAX_CLIENTS))
        self.addSwitch("s1")
        for number in range(1, n + 2):
            host = self.addHost(
                "h%d" % number,
                ip="10.0.0.%d/24" % number,
                mac="00:00:00:00:00:%02x" % number,
            )
            self.addLink(host, "s1")


topos = {"star": StarTopo}
