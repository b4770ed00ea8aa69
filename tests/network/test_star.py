"""Is the star what it says, under plain Mininet too?"""

import subprocess

import pytest

from grader.arena import Arena
from grader.topology import load_topology
from tests.network.conftest import REPO


def test_names_addresses_and_macs_follow_the_host_s_number():
    topo = load_topology("star", 3)
    assert topo.hosts() == ["h1", "h2", "h3", "h4"]
    assert topo.switches() == ["s1"]
    for number, name in enumerate(topo.hosts(), 1):
        info = topo.nodeInfo(name)
        assert info["ip"] == "10.0.0.%d/24" % number
        assert info["mac"] == "00:00:00:00:00:0%d" % number
    assert sorted(topo.links()) == [(h, "s1") for h in topo.hosts()]


def test_the_mac_addresses_of_a_large_star_are_hexadecimal():
    topo = load_topology("star", 253)
    assert topo.nodeInfo("h254")["mac"] == "00:00:00:00:00:fe"
    assert topo.nodeInfo("h254")["ip"] == "10.0.0.254/24"


@pytest.mark.parametrize("clients", [-1, 254])
def test_a_star_that_has_no_addresses_is_refused(clients):
    with pytest.raises(ValueError, match=str(clients)):
        load_topology("star", clients)


def test_plain_mininet_runs_it():
    """Mininet's own hosts, links and bridge, from its own command line."""

    def work(channel):
        done = subprocess.run(
            ["mn", "--custom", str(REPO / "topologies" / "star.py")]
            + ["--topo", "star,3", "--switch", "lxbr", "--controller", "none"]
            + ["--test", "pingall"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=120,
        )
        channel.send(done.stdout)

    with Arena(work) as opened:
        assert "0% dropped (12/12 received)" in opened.receive()
