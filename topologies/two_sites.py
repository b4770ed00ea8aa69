"""What do two sites look like: the server at one, n clients at the other?

                                  +--- h2
    h1 --- s1 === slow link === s2 --- h3
                                  +--- ...

Host hN has the address 10.0.0.N/24 and the MAC address 00:00:00:00:00:N, as
in the star: the sites are one network. What lies between them is a long and
narrow line. It needs the kernel's netem; the grader builds a plain link where
that is missing, and says so.

Runs under plain Mininet too:

    sudo mn --custom topologies/two_sites.py --topo two_sites,3 \\
            --switch lxbr --controller none
"""

from __future__ import annotations

from mininet.link import TCLink  # type: ignore
from mininet.topo import Topo  # type: ignore

# The last byte of an address is the host's number, and .255 is taken.
MAX_CLIENTS = 253
# Each way: Mbit/s, and the time that a packet is under way.
RATE = 10
DELAY = "20ms"


class TwoSitesTopo(Topo):  # type: ignore
    """Server h1 at one site, clients at another, a slow link between."""

    def build(self, n: int = 2, **_options: object) -> None:
        """n: number of clients"""
        if not 0 <= n <= MAX_CLIENTS:
            raise ValueError("two_sites: %d clients; 0 to %d fit" % (n, MAX_CLIENTS))
        here, there = self.addSwitch("s1"), self.addSwitch("s2")
        for number in range(1, n + 2):
            host = self.addHost(
                "h%d" % number,
                ip="10.0.0.%d/24" % number,
                mac="00:00:00:00:00:%02x" % number,
            )
            self.addLink(host, here if number == 1 else there)
        self.addLink(here, there, cls=TCLink, bw=RATE, delay=DELAY)


topos = {"two_sites": TwoSitesTopo}
