"""Are links as far, as lossy and as fast as they are said to be?

What needs the kernel's netem is skipped where it is missing; a rate, and a
cable that is pulled, are there everywhere.
"""

from __future__ import annotations

import re
import time
from typing import Any, Dict, List

import pytest

from grader import network
from grader.arena import Arena
from grader.links import Link, why_no_netem
from grader.topology import NetworkFault
from tests.network.command import BAD, GOOD, grade

netem = pytest.mark.skipif(bool(why_no_netem()), reason=why_no_netem() or "there is")


def in_arena(work: Any) -> List[Any]:
    """Run work(send) in an arena: what it sent."""
    with Arena(lambda channel: work(channel.send)) as opened:
        messages = opened.channel.pending(block=True)
        assert opened.fault is None, opened.fault
        return list(messages)


def round_trip_ms(ping: str) -> float:
    found = re.search(r"time=([0-9.]+) ms", ping)
    assert found, ping
    return float(found.group(1))


def queues(net: network.Network, where: str) -> List[str]:
    """The first line of `tc qdisc` at both ends of a host's link."""
    return [
        net.cmd(node, "tc qdisc show dev " + interface).split("\n")[0]
        for node, interface in (("h2", "h2-eth0"), ("s1", "s1-eth2"))
    ]


# ---- everywhere ------------------------------------------------------------


def test_a_rate_needs_no_netem_and_can_be_taken_away() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        net.set_links({"h2": Link(rate_mbit=0.5)})
        send(queues(net, "h2"))
        send([[e.host, e.interface] for e in net.ends(["h2"])])
        send(net.cmd("h2", "ping -c 1 -W 5 -q 10.0.0.1"))
        net.set_links({"h2": Link()})
        send(queues(net, "h2"))

    shaped, ends, ping, plain = in_arena(work)
    assert all("tbf" in line and "rate 500Kbit" in line for line in shaped)
    assert ends == [["h2", "h2-eth0"], ["h2", "s1-eth2"]]
    assert " 1 received" in ping
    assert not any("tbf" in line for line in plain)


def test_a_rate_is_kept() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        net.set_links({"h2": Link(rate_mbit=1)})
        began = time.monotonic()
        # 40 packets of 1250 bytes are 0.4 s, of which 15 kB pass at once.
        net.cmd("h2", "ping -c 40 -l 40 -W 9 -q -s 1208 10.0.0.1")
        send(time.monotonic() - began)

    (took,) = in_arena(work)
    assert took > 0.25


def test_a_link_between_two_nodes_has_a_name() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        send([e.interface for e in net.ends(["h3-s1"])])
        send([e.interface for e in net.ends(["s1-h3"])])
        for wrong in ("h9", "h2-h3", "s1", "h2-"):
            try:
                net.ends([wrong])
            except NetworkFault as fault:
                send(str(fault))

    one, other, *faults = in_arena(work)
    assert one == other[::-1] == ["h3-eth0", "s1-eth3"]
    assert faults == ["the topology has no link '%s'" % w
                      for w in ("h9", "h2-h3", "s1", "h2-")]  # fmt: skip


def test_a_cable_is_pulled_and_plugged_in_again() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        for plugged in (False, True):
            net.set_cable("h2", plugged)
            ping = "ping -c 1 -W %d -q 10.0.0.1" % (5 if plugged else 1)
            send(net.cmd("h2", "ip -o link show h2-eth0; ip route"))
            send(net.cmd("h2", ping))
            send(net.cmd("h3", ping))

    state, ping, other, again, back, still = in_arena(work)
    assert "NO-CARRIER" in state and "default dev h2-eth0" in state
    assert " 0 received" in ping and " 1 received" in other
    assert "NO-CARRIER" not in again and "default dev h2-eth0" in again
    # The first packet after the mending is not lost.
    assert " 1 received" in back and " 1 received" in still


# ---- with netem ------------------------------------------------------------


@netem
def test_a_delay_is_kept_both_ways() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        net.set_links({"h2": Link(delay_ms=150)})
        send(net.cmd("h2", "ping -c 2 -W 5 10.0.0.1").split("\n")[2])
        send(net.cmd("h3", "ping -c 2 -W 5 10.0.0.1").split("\n")[2])

    far, near = in_arena(work)
    assert 300 <= round_trip_ms(far)
    assert round_trip_ms(near) < 300


@netem
def test_all_conditions_reach_the_kernel() -> None:
    conditions = Link(
        delay_ms=40, jitter_ms=4, loss_percent=5, rate_mbit=2, reorder_percent=25
    )

    def work(send: Any) -> None:
        net = network.build("star", 2)
        net.set_links({"h2": conditions})
        send(queues(net, "h2"))

    (shaped,) = in_arena(work)
    for line in shaped:
        for word in ("netem", "delay 40ms", "4ms", "loss 5%", "reorder 25%",
                     "rate 2Mbit"):  # fmt: skip
            assert word in line, line


@netem
def test_packets_are_lost() -> None:
    def work(send: Any) -> None:
        net = network.build("star", 2)
        net.set_links({"h2": Link(loss_percent=50)})
        send(net.cmd("h2", "ping -c 200 -i 0.005 -W 1 -q 10.0.0.1"))

    (ping,) = in_arena(work)
    found = re.search(r" (\d+) received", ping)
    # A quarter comes back: 50 of 200, and never none or all.
    assert found and 10 < int(found.group(1)) < 110, ping


def test_the_kernel_is_asked_once_and_can_be_told_no() -> None:
    why_no_netem()
    before: Dict[str, int] = why_no_netem.cache_info()._asdict()
    why_no_netem()
    assert why_no_netem.cache_info().hits == before["hits"] + 1


# ---- in a grading ----------------------------------------------------------


def made(report: Any, script: str) -> Dict[str, str]:
    """name -> outcome of the runs of one scenario."""
    return {
        run["name"]: run["outcome"]
        for run in report["scenarios"]
        if run["name"].startswith(script)
    }


def test_a_cut_cable_is_tried_on_request_and_the_exchange_goes_on() -> None:
    done = grade(GOOD / "c-poll", "--links", "--only", "order-of-arrival")
    assert done.status == 0
    cuts = made(done.report, "cut_cable")
    assert len(cuts) == 3 and set(cuts.values()) == {"finished"}
    ids = {insight["id"] for insight in done.report["insights"]}
    assert not ids & {"cut-cable-ends-exchange", "cut-cable-kills-server"}


def test_without_netem_the_far_client_is_left_out_and_costs_nothing() -> None:
    done = grade(BAD / "python-sorts-by-send-time", MNGRADE_NETEM="no")
    assert done.status == 0 and done.report["points"] == 70
    assert set(made(done.report, "far_client").values()) == {"left-out"}
    assert not made(done.report, "cut_cable")


@netem
def test_only_the_far_client_catches_who_trusts_the_senders_clock() -> None:
    done = grade(BAD / "python-sorts-by-send-time")
    (row,) = [r for r in done.report["criteria"] if r["verdict"] == "fail"]
    assert row["id"] == "order-of-arrival"
    assert {place["scenario"] for place in row["evidence"]} == {
        "far_client[h2 first]", "far_client[h3 first]"
    }  # fmt: skip
