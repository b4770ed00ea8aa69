"""What does a chain of switches look like: one server, n clients, each a switch further?

    h1      h2      h3      h4
    |       |       |       |
    s1 ---- s2 ---- s3 ---- s4

h1 is the server. Host hN is on the switch sN and has the address 10.0.0.N/24
and the MAC address 00:00:00:00:00:N, as in the star.

Runs under plain Mininet too:

    sudo mn --custom topologies/chain.py --topo chain,3 \\
            --switch lxbr --controller none
"""

from __future__ import annotations

from mininet.topo import Topo  # type: ignore

# The last byte of an address is the host's number, and .255 is taken.
MAX_CLIENTS = 253


class ChainTopo(Topo):  # type: ignore
    """Server h1 on the switch s1, each client one switch further."""

    def build(self, n: int = 2, **_options: object) -> None:
        """n: number of clients"""
        if not 0 <= n <= MAX_CLIENTS:
            raise ValueError("chain: %d clients; 0 to %d fit" % (n, MAX_CLIENTS))
        for number in range(1, n + 2):
            switch = self.addSwitch("s%d" % number)
            host = self.addHost(
                "h%d" % number,
                ip="10.0.0.%d/24" % number,
                mac="00:00:00:00:00:%02x" % number,
            )
            self.addLink(host, switch)
            if number > 1:
                self.addLink("s%d" % (number - 1), switch)


topos = {"chain": ChainTopo}
