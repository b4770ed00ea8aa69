"""How are links, addresses and routes set up without starting a program?

By RTNETLINK messages, built here. `ip` would do the same, but a network of
three hosts takes five of its runs, and each costs as much as the whole rest.
Layouts: rtnetlink(7), netlink(7), <linux/if_link.h>. Numbers are in host
order except addresses.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
from typing import Iterable, Optional

_NLM_REQUEST, _NLM_ACK = 0x1, 0x4
_NLM_EXCL, _NLM_CREATE = 0x200, 0x400
_NLMSG_ERROR = 2
_RTM_GETLINK, _IFLA_OPERSTATE, _OPER_UP = 18, 16, 6
_RTM_NEWLINK, _RTM_NEWADDR, _RTM_NEWROUTE = 16, 20, 24
_RTMGRP_LINK = 1
_RTM_NEWQDISC, _RTM_DELQDISC, _NLM_REPLACE = 36, 37, 0x100
_TCA_KIND, _TCA_OPTIONS = 1, 2
_ROOT, _HANDLE = 0xFFFFFFFF, 0x100000  # the handle that `tc` shows as 10:

_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_MASTER = 1, 3, 10
_IFLA_LINKINFO, _IFLA_NET_NS_FD = 18, 28
_IFLA_GSO_MAX_SEGS = 40
_INFO_KIND, _INFO_DATA = 1, 2
_VETH_PEER = 1
_IFA_ADDRESS, _IFA_LOCAL, _IFA_BROADCAST = 1, 2, 4
_RTA_OIF, _RTA_GATEWAY = 4, 5
_IFF_UP = 1
_TABLE_MAIN, _PROTO_BOOT, _UNICAST = 254, 3, 1
_SCOPE_UNIVERSE, _SCOPE_LINK = 0, 253


def attribute(kind: int, value: bytes) -> bytes:
    """A piece of a message: its length, its kind, and the value, padded."""
    length = 4 + len(value)
    return struct.pack("=HH", length, kind) + value + b"\0" * (-length % 4)


def _number(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack("=I", value))


def _name(name: str) -> bytes:
    return attribute(_IFLA_IFNAME, name.encode() + b"\0")


def _mac(mac: Optional[str]) -> bytes:
    if not mac:
        return b""
    return attribute(_IFLA_ADDRESS, bytes.fromhex(mac.replace(":", "")))


def _link(index: int = 0, flags: int = 0, change: int = 0) -> bytes:
    return struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, flags, change)


def _info(kind: str, data: bytes = b"") -> bytes:
    inner = attribute(_INFO_KIND, kind.encode())
    if data:
        inner += attribute(_INFO_DATA, data)
    return attribute(_IFLA_LINKINFO, inner)


class RouteSocket:
    """A socket to the network namespace in which it was opened.

    It stays with that namespace wherever the process goes. A refusal of the
    kernel is an OSError that names the request.
    """

    def __init__(self) -> None:
        self._socket = socket.socket(
            socket.AF_NETLINK,
            socket.SOCK_RAW | socket.SOCK_CLOEXEC,
            socket.NETLINK_ROUTE,
        )
        self._sequence = 0

    def close(self) -> None:
        self._socket.close()

    def add_bridge(self, name: str, index: int) -> None:
        body = _link(index) + _name(name) + _info("bridge")
        self._create(_RTM_NEWLINK, body, "add bridge " + name)

    def add_veth(
        self,
        name: str,
        index: int,
        mac: Optional[str],
        peer: str,
        peer_index: int,
        peer_mac: Optional[str],
        peer_namespace: int,
    ) -> None:
        """A pair: `name` here, `peer` in the namespace of a descriptor."""
        # One segment a packet, as on a real link: what the kernel would merge
        # to 64 KiB does not fit the ring of a capture.
        single = _number(_IFLA_GSO_MAX_SEGS, 1)
        other = _link(peer_index) + _name(peer) + _mac(peer_mac) + single
        other += _number(_IFLA_NET_NS_FD, peer_namespace)
        body = _link(index) + _name(name) + _mac(mac) + single
        body += _info("veth", attribute(_VETH_PEER, other))
        self._create(_RTM_NEWLINK, body, "add link %s-%s" % (name, peer))

    def set_up(self, name: str, up: bool = True) -> None:
        flags = _IFF_UP if up else 0
        body = _link(0, flags, _IFF_UP) + _name(name)
        self._request(_RTM_NEWLINK, 0, body, "set %s up" % name)

    def operates(self, name: str) -> bool:
        """The interface sends what it is given (and does not drop it)."""
        answer = self._ask(_RTM_GETLINK, 0, _link() + _name(name), name)
        place = 32  # behind both headers
        while place + 4 <= len(answer):
            length, kind = struct.unpack_from("=HH", answer, place)
            if kind == _IFLA_OPERSTATE:
                return answer[place + 4] == _OPER_UP
            place += length + -length % 4
        return False

    def set_mac(self, name: str, mac: str) -> None:
        body = _link() + _name(name) + _mac(mac)
        self._request(_RTM_NEWLINK, 0, body, "set address of " + name)

    def set_master(self, name: str, bridge_index: int, up: bool) -> None:
        """Make an interface a port of a bridge."""
        flags = _IFF_UP if up else 0
        body = _link(0, flags, flags) + _name(name)
        body += _number(_IFLA_MASTER, bridge_index)
        self._request(_RTM_NEWLINK, 0, body, "add port " + name)

    def add_address(self, index: int, address: str, prefix: int) -> None:
        raw = socket.inet_aton(address)
        host_bits = (1 << (32 - prefix)) - 1
        broadcast = struct.pack("!I", struct.unpack("!I", raw)[0] | host_bits)
        body = struct.pack("=BBBBi", socket.AF_INET, prefix, 0, 0, index)
        body += attribute(_IFA_LOCAL, raw) + attribute(_IFA_ADDRESS, raw)
        if prefix < 31:
            body += attribute(_IFA_BROADCAST, broadcast)
        self._create(_RTM_NEWADDR, body, "add address " + address)

    def add_default_route(self, index: int, gateway: str = "") -> None:
        """To everywhere: through a gateway, or as if all were neighbours."""
        body = struct.pack(
            "=BBBBBBBBI",
            socket.AF_INET,
            0,
            0,
            0,
            _TABLE_MAIN,
            _PROTO_BOOT,
            _SCOPE_UNIVERSE if gateway else _SCOPE_LINK,
            _UNICAST,
            0,
        )
        body += _number(_RTA_OIF, index)
        if gateway:
            body += attribute(_RTA_GATEWAY, socket.inet_aton(gateway))
        self._create(_RTM_NEWROUTE, body, "add default route")

    def set_queue(self, index: int, kind: str, options: bytes) -> None:
        """Give an interface this queueing discipline, whatever it had."""
        body = struct.pack("=BxxxiIII", 0, index, _HANDLE, _ROOT, 0)
        body += attribute(_TCA_KIND, kind.encode() + b"\0")
        body += attribute(_TCA_OPTIONS, options)
        flags = _NLM_CREATE | _NLM_REPLACE
        self._request(_RTM_NEWQDISC, flags, body, "add queue " + kind)

    def remove_queue(self, index: int) -> None:
        """Take it away; an interface that has none stays as it is."""
        body = struct.pack("=BxxxiIII", 0, index, 0, _ROOT, 0)
        try:
            self._request(_RTM_DELQDISC, 0, body, "remove queue")
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINVAL):
                raise

    def _create(self, kind: int, body: bytes, what: str) -> None:
        self._request(kind, _NLM_CREATE | _NLM_EXCL, body, what)

    def _request(self, kind: int, flags: int, body: bytes, what: str) -> None:
        self._ask(kind, flags | _NLM_ACK, body, what)

    def _ask(self, kind: int, flags: int, body: bytes, what: str) -> bytes:
        """Send one request: its answer, or its acknowledgement."""
        self._sequence += 1
        number = self._sequence
        flags |= _NLM_REQUEST
        head = struct.pack("=IHHII", 16 + len(body), kind, flags, number, 0)
        self._socket.send(head + body)
        while True:
            answer = self._socket.recv(1 << 15)
            _, got, _, sequence = struct.unpack_from("=IHHI", answer)
            if sequence == number:
                break
        if got == _NLMSG_ERROR:
            (error,) = struct.unpack_from("=i", answer, 16)
            if error:
                raise OSError(-error, "%s: %s" % (what, os.strerror(-error)))
        return answer


class LinkWatch:
    """Hears when some link of the present network namespace changes."""

    def __init__(self) -> None:
        self.socket = socket.socket(
            socket.AF_NETLINK,
            socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
            socket.NETLINK_ROUTE,
        )
        self.socket.bind((0, _RTMGRP_LINK))

    def close(self) -> None:
        self.socket.close()

    def drain(self) -> None:
        """Forget the news so far."""
        try:
            while self.socket.recv(1 << 16):
                pass
        except BlockingIOError:
            pass
        except OSError as error:
            if error.errno != errno.ENOBUFS:  # some was lost, and forgotten
                raise


def wait_for_news(watches: Iterable[LinkWatch], until: float) -> None:
    """Wait until one of them hears something, or a monotonic time."""
    poll = select.poll()
    for watch in watches:
        poll.register(watch.socket, select.POLLIN)
    left = until - time.monotonic()
    if left > 0:
        poll.poll(left * 1000)
