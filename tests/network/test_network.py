"""Is the network a real one, ready at once, and leads it clients right?"""

import contextlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from grader import linux, network, openvswitch, redirect
from grader.arena import Arena
from grader.topology import NetworkFault, load_topology
from tests.network.conftest import REPO, eventually, processes_in

PORT = 12000


def in_arena(work, **options):
    """Run work(send) in an arena: what it sent."""
    with Arena(lambda channel: work(channel.send), **options) as opened:
        messages = opened.channel.pending(block=True)
        assert opened.fault is None, opened.fault
        return messages


def enter(net, host):
    """Move this (forked) process to a host."""
    path = "/proc/%d/ns/net" % net.hosts[host].pid
    descriptor = os.open(path, os.O_RDONLY)
    linux.setns(descriptor, linux.CLONE_NEWNET)
    os.close(descriptor)


def listen(net, host, address):
    enter(net, host)
    server = socket.socket()
    server.bind((address, PORT))
    server.listen(5)
    server.settimeout(5)
    return server


def exchange(net, server, host, address):
    """One conversation: who the server thinks that it is with."""
    enter(net, host)
    with socket.create_connection((address, PORT), timeout=5) as client:
        peer, (seen, _) = server.accept()
        with peer:
            client.sendall(b"x" * 100000)
            left = 100000
            while left:
                left -= len(peer.recv(left))
            peer.sendall(b"done")
            assert client.recv(4, socket.MSG_WAITALL) == b"done"
            client.shutdown(socket.SHUT_WR)
            assert peer.recv(1) == b""
    return seen


def test_hosts_are_as_the_topology_says():
    def work(send):
        net = network.build("star", 2)
        send([[h.name, h.ip, h.mac, h.interface] for h in net.hosts.values()])
        for name in net.hosts:
            send(net.cmd(name, "ip -o addr show scope global; ip route; ip link"))
        send([os.readlink("/proc/%d/ns/net" % h.pid) for h in net.hosts.values()])

    hosts, *shown, spaces = in_arena(work)
    for number, (info, text) in enumerate(zip(hosts, shown), 1):
        name = "h%d" % number
        mac = "00:00:00:00:00:0%d" % number
        assert info == [name, "10.0.0.%d" % number, mac, name + "-eth0"]
        assert "inet 10.0.0.%d/24 brd 10.0.0.255" % number in text
        assert "default dev %s-eth0" % name in text
        assert "link/ether " + mac in text
        assert "inet6 fe80" not in text
    assert len(hosts) == len(set(spaces)) == 3


def test_the_first_packet_arrives():
    def work(send):
        net = network.build("star", 3)
        ports = "/sys/class/net/s1/brif/s1-eth%d/state"
        send([Path(ports % n).read_text().strip() for n in (1, 2, 3, 4)])
        for name in ("h2", "h3", "h4"):
            send(net.cmd(name, "ping -c 1 -W 1 -q 10.0.0.1"))

    states, *pings = in_arena(work)
    assert states == ["3"] * 4
    assert all(" 1 received" in ping for ping in pings)


def test_the_first_packet_arrives_on_a_crowded_machine_too():
    """Late news at the host's own end of a link loses one in fifty here."""

    def work(channel):
        net = network.build("star", 2)
        channel.send(net.cmd("h2", "ping -c 1 -W 2 -q 10.0.0.1"))

    for _ in range(10):
        with contextlib.ExitStack() as stack:
            arenas = [stack.enter_context(Arena(work)) for _ in range(8)]
            for opened in arenas:
                assert " 1 received" in opened.receive()


def test_no_two_interfaces_share_an_index():
    """With equal indices at both ends the kernel delays the first packet."""

    def work(send):
        net = network.build("star", 2)
        for name in ("h1", "h2", "h3"):
            line = net.cmd(name, "ip -o link show %s-eth0" % name)
            send([int(n) for n in re.match(r"(\d+): \S+@if(\d+):", line).groups()])

    indices = sum(in_arena(work), [])
    assert len(set(indices)) == 6


def test_networks_follow_each_other_in_one_arena():
    def work(send):
        for _ in range(3):
            net = network.build("star", 2)
            send(net.cmd("h3", "ping -c 1 -W 1 -q 10.0.0.1"))
            net.close()
            send(sorted(os.listdir("/sys/class/net")))
            send(sorted(int(p) for p in os.listdir("/proc") if p.isdigit()))

    for ping, interfaces, pids in zip(*[iter(in_arena(work))] * 3):
        assert " 1 received" in ping
        assert interfaces == ["lo"]
        assert pids == [1, 2]


def test_networks_of_the_same_names_run_side_by_side():
    def work(channel):
        net = network.build("star", 2)
        channel.send(os.readlink("/proc/%d/ns/net" % net.hosts["h1"].pid))
        server = listen(net, "h1", "10.0.0.1")
        channel.receive()  # now all four stand
        channel.send(exchange(net, server, "h2", "10.0.0.1"))

    with Arena(work) as a, Arena(work) as b, Arena(work) as c, Arena(work) as d:
        arenas = (a, b, c, d)
        assert len({opened.receive() for opened in arenas}) == 4
        for opened in arenas:
            opened.send("go")
        assert [opened.receive() for opened in arenas] == ["10.0.0.2"] * 4


@pytest.mark.parametrize(
    "bound", ["0.0.0.0", "10.0.0.1", "127.0.0.1", "127.0.1.1", "192.168.56.7"]
)
def test_every_address_leads_to_the_server(bound):
    """Loopback, an own address, another client's, one of another network."""
    asked = ("10.0.0.1", "127.0.0.1", "127.0.1.1", "10.0.0.2", "10.0.0.3")
    asked += ("192.168.56.101", "8.8.8.8")

    def work(send):
        net = network.build("star", 2)
        net.lead_clients_to("10.0.0.1", ["h2", "h3"])
        server = listen(net, "h1", bound)
        if bound not in ("0.0.0.0", "10.0.0.1"):
            net.make_reachable("h1", PORT, bound)
        for host in ("h2", "h3"):
            send([exchange(net, server, host, address) for address in asked])

    assert in_arena(work) == [["10.0.0.2"] * 7, ["10.0.0.3"] * 7]


def test_a_server_may_listen_on_the_address_of_a_client():
    """Its author ran it on h2; here h2 is a client, and it must answer it."""

    def work(send):
        net = network.build("star", 2)
        net.lead_clients_to("10.0.0.1", ["h2", "h3"])
        server = listen(net, "h1", "10.0.0.2")
        net.make_reachable("h1", PORT, "10.0.0.2")
        net.make_reachable("h1", PORT + 1, "10.0.0.2")
        for host in ("h2", "h3", "h2"):
            send(exchange(net, server, host, "10.0.0.2"))

    assert in_arena(work) == ["10.0.0.2", "10.0.0.3", "10.0.0.2"]


def test_without_leading_a_client_that_asks_for_loopback_stays_alone():
    """The control: the tests above do not pass by themselves."""

    def work(send):
        net = network.build("star", 2)
        server = listen(net, "h1", "0.0.0.0")
        try:
            send(exchange(net, server, "h2", "127.0.0.1"))
        except ConnectionRefusedError:
            send("refused")

    assert in_arena(work) == ["refused"]


def test_rules_work_without_the_library_too():
    def work(send):
        redirect._library = None
        net = network.build("star", 2)
        net.lead_clients_to("10.0.0.1", ["h2"])
        server = listen(net, "h1", "0.0.0.0")
        send(exchange(net, server, "h2", "127.0.0.1"))

    assert in_arena(work) == ["10.0.0.2"]


@pytest.mark.parametrize("library", [True, False])
def test_rules_that_the_kernel_refuses_are_told(library):
    def work(send):
        if not library:
            redirect._library = None
        try:
            redirect.apply("table ip x { nonsense }\n")
        except OSError as error:
            send(str(error))

    (told,) = in_arena(work)
    assert told.startswith("nft") and "syntax error" in told


def test_a_program_without_rights_may_listen_where_root_may():
    setting = "/proc/sys/net/ipv4/ip_unprivileged_port_start"

    def work(send):
        net = network.build("star", 2)
        send(Path(setting).read_text())
        send(net.cmd("h1", "cat " + setting))

    outside, on_host = in_arena(work)
    assert int(outside) > int(on_host) == 0


OWN = """
from mininet.topo import Topo
from mininet.link import TCLink
class Own(Topo):
    def build(self, n=2):
        a, b = self.addSwitch("s1"), self.addSwitch("s2")
        self.addLink(a, b, port1=9, port2=8)
        left = self.addHost("left", ip="172.16.5.1/16", defaultRoute="via 172.16.0.9")
        right = self.addHost("right", ip="172.16.5.2/16", mac="02:00:00:00:00:aa")
        self.addLink(left, a, {link})
        self.addLink(right, b, intfName1="lan0")
topos = {{"own": Own}}
"""


@pytest.mark.parametrize("link", ["", "cls=TCLink, delay='1ms'"])
def test_any_topology_is_honoured(tmp_path, link):
    (tmp_path / "own.py").write_text(OWN.format(link=link))

    def work(send):
        net = network.build("own", 2, folder=tmp_path)
        send(net.cmd("left", "ping -c 1 -W 2 -q 172.16.5.2; ip route"))
        send([net.hosts["right"].mac, net.hosts["right"].interface])
        send(sorted(os.listdir("/sys/class/net")))

    left, right, ports = in_arena(work)
    assert " 1 received" in left and "default via 172.16.0.9" in left
    assert right == ["02:00:00:00:00:aa", "lan0"]
    assert {"s1", "s2", "s1-eth9", "s2-eth8"} <= set(ports)


def test_a_topology_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(NetworkFault, match="nowhere.py"):
        load_topology("nowhere", 2, tmp_path)
    (tmp_path / "empty.py").write_text("")
    with pytest.raises(NetworkFault, match="topos"):
        load_topology("empty", 2, tmp_path)


def test_a_switch_that_never_forwards_is_a_fault_and_not_a_wait():
    def work(send):
        start = network._Bridge.start

        def start_badly(bridge, controllers):
            start(bridge, controllers)
            bridge.space.routes.set_up("s1-eth1", up=False)

        network._Bridge.start = start_badly
        try:
            network.build("star", 2, deadline_s=0.3)
        except NetworkFault as fault:
            send(str(fault))

    (told,) = in_arena(work)
    assert told == "never came up: h1-eth0, s1-eth1"


def test_a_refusal_of_the_kernel_is_a_fault_that_names_the_request():
    def work(send):
        subprocess.run(["ip", "link", "add", "s1", "type", "bridge"], check=True)
        try:
            network.build("star", 2)
        except NetworkFault as fault:
            send(str(fault))

    (told,) = in_arena(work)
    assert "add bridge s1: File exists" in told


def test_open_vswitch_may_take_the_bridge_s_place(tmp_path):
    if openvswitch.why_not():
        pytest.skip(openvswitch.why_not())

    def work(send):
        net = network.build("star", 2, switch="ovs", scratch=tmp_path)
        net.lead_clients_to("10.0.0.1", ["h2"])
        send(net.cmd("s1", "ovs-vsctl list-ports s1"))
        send(net.cmd("h3", "ping -c 1 -W 2 -q 10.0.0.1"))
        server = listen(net, "h1", "0.0.0.0")
        send(exchange(net, server, "h2", "127.0.0.1"))

    ports, ping, seen = in_arena(work, scratch=tmp_path)
    assert ports.split() == ["s1-eth1", "s1-eth2", "s1-eth3"]
    assert " 1 received" in ping and seen == "10.0.0.2"
    assert os.listdir(str(tmp_path)) == []


def test_open_vswitch_without_scratch_is_a_fault():
    with pytest.raises(NetworkFault, match="scratch"):
        network.build("star", 2, switch="ovs")


GRADER = """
from grader import network
from grader.arena import Arena
def work(channel):
    net = network.build("star", 2)
    channel.send([__import__("os").readlink("/proc/%d/ns/net" % h.pid)
                  for h in net.hosts.values()])
    channel.receive()
with Arena(work) as arena:
    print(*arena.receive(), flush=True)
    arena.receive()
"""


def test_no_host_outlives_a_killed_grader(grader):
    before = sorted(os.listdir("/sys/class/net"))
    process = grader(GRADER)
    spaces = process.stdout.readline().split()
    assert len(spaces) == 3 and all(processes_in(s) for s in spaces)
    process.kill()
    eventually(lambda: not any(processes_in(space) for space in spaces))
    assert sorted(os.listdir("/sys/class/net")) == before


def test_mininet_says_nothing_and_brings_no_setuptools():
    script = (
        "import sys, warnings; warnings.simplefilter('always');"
        "from grader import network;"
        "print([m for m in sys.modules if m.startswith('setuptools')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=str(REPO),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    wanted = done.stdout if sys.version_info >= (3, 12) else "[]\n"
    assert (done.returncode, done.stdout) == (0, wanted)
