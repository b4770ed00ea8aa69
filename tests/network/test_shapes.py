"""Does a lab mean the same on every network that it may name?"""

import json
import subprocess

import pytest

from grader import network, openvswitch
from grader.arena import Arena
from grader.topology import available, load_topology
from tests.network.command import BAD, GOOD, REPO, mngrade
from tests.network.test_network import enter, exchange, in_arena, listen

SHAPES = [name for name in available() if name != "star"]
PORT = 12000


def test_there_are_more_shapes_than_a_star():
    assert set(SHAPES) >= {"chain", "routed", "two_sites"}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_server_is_h1_and_the_clients_follow(shape):
    topo = load_topology(shape, 3)
    hosts = [name for name in topo.hosts() if name.startswith("h")]
    assert hosts == ["h1", "h2", "h3", "h4"]
    assert topo.nodeInfo("h1")["ip"] == "10.0.0.1/24"
    addresses = [topo.nodeInfo(name)["ip"] for name in hosts]
    assert len(set(addresses)) == 4
    for number, name in enumerate(hosts, 1):
        assert topo.nodeInfo(name)["ip"].endswith(".%d/24" % number)
        assert topo.nodeInfo(name)["mac"] == "00:00:00:00:00:0%d" % number


@pytest.mark.parametrize("shape", SHAPES)
def test_more_clients_than_addresses_are_refused(shape):
    load_topology(shape, 252)
    for clients in (-1, 254):
        with pytest.raises(ValueError, match=str(clients)):
            load_topology(shape, clients)


@pytest.mark.parametrize("shape", SHAPES)
def test_plain_mininet_runs_it(shape):
    """Mininet's own hosts, links and bridges, from its own command line."""

    def work(channel):
        done = subprocess.run(
            ["mn", "--custom", str(REPO / "topologies" / (shape + ".py"))]
            + ["--topo", shape + ",3", "--switch", "lxbr"]
            + ["--controller", "none", "--test", "pingall"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=120,
        )
        channel.send(done.stdout)

    with Arena(work) as opened:
        told = opened.receive()
    assert "*** Results: 0% dropped" in told, told


def switches():
    """The switches that can be had here."""
    return ["bridge"] + ["ovs"] * (not openvswitch.why_not())


@pytest.mark.parametrize("switch", switches())
@pytest.mark.parametrize("shape", SHAPES)
def test_the_first_packet_arrives(shape, switch, tmp_path):
    def work(send):
        net = network.build(shape, 3, switch=switch, scratch=tmp_path, deadline_s=20)
        for name in ("h2", "h3", "h4"):
            send(net.cmd(name, "ping -c 1 -W 1 -q 10.0.0.1"))

    pings = in_arena(work, scratch=tmp_path)
    assert len(pings) == 3 and all(" 1 received" in ping for ping in pings)


def test_no_two_interfaces_of_a_chain_share_an_index():
    def work(send):
        net = network.build("chain", 2)
        send(net.cmd("s1", "ip -o link"))
        for name in ("h1", "h2", "h3"):
            send(net.cmd(name, "ip -o link show %s-eth0" % name))

    lines = "".join(in_arena(work)).splitlines()
    indices = [line.split(":")[0] for line in lines if ": lo:" not in line]
    assert len(indices) == len(set(indices)) == 3 + 3 + 4 + 3


@pytest.mark.parametrize("bound", ["0.0.0.0", "127.0.0.1", "10.0.1.2", "192.168.56.7"])
def test_every_address_leads_to_the_server_behind_a_router(bound):
    """Loopback, an own address, another client's, the router's, any."""
    asked = ("10.0.0.1", "127.0.0.1", "10.0.1.2", "10.0.1.3", "10.0.0.2")
    asked += ("10.0.1.254", "192.168.56.101", "8.8.8.8")

    def work(send):
        net = network.build("routed", 2)
        net.lead_clients_to("10.0.0.1", ["h2", "h3"])
        server = listen(net, "h1", bound)
        if bound != "0.0.0.0":
            net.make_reachable("h1", PORT, bound)
        for host in ("h2", "h3"):
            send([exchange(net, server, host, address) for address in asked])

    assert in_arena(work) == [["10.0.1.2"] * 8, ["10.0.1.3"] * 8]


def test_the_router_forwards_and_its_hosts_do_not():
    def work(send):
        net = network.build("routed", 1)
        for name in ("r1", "h1", "h2"):
            send(net.cmd(name, "cat /proc/sys/net/ipv4/ip_forward").strip())
        send(net.cmd("r1", "ip -o -4 addr show scope global"))
        send(net.cmd("h2", "ip route show default"))

    router, server, client, addresses, route = in_arena(work)
    assert (router, server, client) == ("1", "0", "0")
    assert "inet 10.0.0.254/24" in addresses and "inet 10.0.1.254/24" in addresses
    assert route.startswith("default via 10.0.1.254 dev h2-eth0")


OWN_CLASS = """
from mininet.topo import Topo
from mininet.node import Node
class Printer(Node):
    def config(self, **options):
        result = super().config(**options)
        {own}
        return result
    {more}
class Own(Topo):
    def build(self, n=2):
        self.addLink(self.addHost("p1", cls=Printer, ip="10.0.0.1/24"), self.addSwitch("s1"))
        self.addLink(self.addHost("h2", ip="10.0.0.2/24"), "s1")
topos = {{"own": Own}}
"""


@pytest.mark.parametrize(
    "own, more",
    [
        ("self.cmd('ip addr add 10.9.9.9 dev lo')", ""),
        ("self.add()", "def add(self): self.sendCmd('ip addr add 10.9.9.9"
         " dev lo'); self.waitOutput()"),
    ],
)  # fmt: skip
def test_a_host_of_the_topology_s_own_class_is_honoured(tmp_path, own, more):
    """With the shell that it may want, or faster where it wants none."""
    (tmp_path / "own.py").write_text(OWN_CLASS.format(own=own, more=more))

    def work(send):
        net = network.build("own", 1, folder=tmp_path)
        send(net.cmd("h2", "ping -c 1 -W 1 -q 10.0.0.1"))
        enter(net, "p1")
        send(subprocess.check_output(["ip", "-o", "addr"]).decode())

    ping, addresses = in_arena(work)
    assert " 1 received" in ping and "10.9.9.9" in addresses


# ---- grading ----------------------------------------------------------------


def graded(lab, example, *options):
    """The canonical report, without what names the network itself."""
    done = mngrade("grade", lab, example, "--canonical", *options)
    report = json.loads(done.out)
    assert report["status"] == "graded", done.err
    shape, notes = report.pop("topology"), report.pop("notes")
    return report, shape, notes


@pytest.mark.parametrize("example", [GOOD / "python-class-based", BAD / "waits-for-x-first"])
def test_a_canonical_report_is_the_same_on_every_shape_and_switch(example):
    """No client's address is in these; on the others it may be."""
    wanted, shape, usual = graded("order", example)
    assert shape == "star"
    for switch in switches():
        for name in SHAPES:
            options = ("--topology", name, "--switch", switch)
            report, shape, notes = graded("order", example, *options)
            assert (report, shape) == (wanted, name)
            assert set(usual) < set(notes)
            said = "the network was '%s', and not the rubric's 'star'" % name
            assert said in notes


@pytest.mark.parametrize(
    "lab, example",
    [
        ("sum", "good/python-asks-in-turns"),
        ("sum", "bad/stops-at-100"),
        ("chat", "good/python-select"),
        ("chat", "bad/echo-without-ack"),
    ],
)
def test_other_labs_get_the_same_verdicts_on_every_shape(lab, example):
    folder = REPO / "labs" / lab / "examples" / example
    wanted = [row["verdict"] for row in graded(lab, folder)[0]["criteria"]]
    for name in SHAPES:
        report, _shape, _notes = graded(lab, folder, "--topology", name)
        assert [row["verdict"] for row in report["criteria"]] == wanted, name


def test_the_topology_is_part_of_what_repeats_a_grading(tmp_path):
    done = mngrade("grade", "order", BAD / "waits-for-x-first",
                   "--topology", "routed", "--keep", tmp_path)  # fmt: skip
    assert "--topology routed" in done.out
    again = mngrade("replay", tmp_path, "--json", "-")
    assert again.report["topology"] == "routed"


def test_conditions_that_the_kernel_cannot_make_are_left_out_and_said():
    def work(send):
        send(not network.why_no_netem())
        send(network.build("two_sites", 1).left_out)

    able, left_out = in_arena(work)
    assert left_out == ([] if able else ["s1-s2 (10 Mbit/s, 20 ms)"])
    if not able:
        notes = graded("order", GOOD / "python-threads", "--topology", "two_sites")[2]
        assert any("no netem" in note and "s1-s2" in note for note in notes)


@pytest.mark.parametrize(
    "name, said",
    [("rooted", "did you mean 'routed'?"), ("../grader/cli", "no topology")],
)
def test_a_topology_that_does_not_exist_is_a_complaint(name, said):
    done = mngrade("grade", "order", GOOD / "c-poll", "--topology", name)
    assert done.status == 2 and said in done.err
