"""How does one process work in the network namespaces of many hosts?

It visits them: setns(2) in, a few requests, setns(2) back. That takes some
microseconds where a program started inside takes milliseconds. What is
opened during a visit stays with the visited namespace.
"""

from __future__ import annotations

import os
import socket
from types import TracebackType
from typing import Dict, Optional, Type

from grader import linux
from grader.netlink import LinkWatch, RouteSocket

# What Mininet's hosts allow because everything there runs as root, or what
# makes a server reachable that binds an address which is not its own. IPv6
# stays (a server may listen on `::`), but interfaces that come later get
# none: no router solicitations, no address detection in the captures.
HOST_SETTINGS: Dict[str, str] = {
    "ipv4/ip_nonlocal_bind": "1",
    "ipv4/conf/all/route_localnet": "1",
    "ipv4/ip_unprivileged_port_start": "0",
    "ipv6/conf/default/disable_ipv6": "1",
}
SWITCH_SETTINGS: Dict[str, str] = {"ipv6/conf/default/disable_ipv6": "1"}
# Namespaces made from here on get a table of TCP connections of their own.
# The machine's table has hundreds of thousands of buckets, and every look at
# a host's sockets would walk them all: a millisecond instead of microseconds.
CHILD_SETTINGS: Dict[str, str] = {"ipv4/tcp_child_ehash_entries": "512"}

_SETTINGS = "/proc/sys/net/"


class NetSpace:
    """A network namespace; `with` visits it. Visits do not nest."""

    def __init__(self, pid: int) -> None:
        """The namespace of a process; 0 is this one."""
        path = "/proc/%s/ns/net" % (pid or "self")
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._home = -1
        with self:
            self.routes = RouteSocket()
            self.watch = LinkWatch()

    def __enter__(self) -> "NetSpace":
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        linux.setns(self.descriptor, linux.CLONE_NEWNET)
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        linux.setns(self._home, linux.CLONE_NEWNET)
        os.close(self._home)
        self._home = -1

    def close(self) -> None:
        self.routes.close()
        self.watch.close()
        os.close(self.descriptor)

    def index(self, interface: str) -> int:
        with self:
            return socket.if_nametoindex(interface)

    def configure(self, settings: Dict[str, str]) -> None:
        """Write sysctls below `net.`; /proc shows the visitor's namespace."""
        with self:
            configure_here(settings)


def configure_here(settings: Dict[str, str]) -> None:
    """Write sysctls below `net.` of the namespace that we are in."""
    for name, value in settings.items():
        try:
            setting = os.open(_SETTINGS + name, os.O_WRONLY)
        except FileNotFoundError:
            continue  # a kernel may have no IPv6, or be older
        os.write(setting, value.encode())
        os.close(setting)


def hold_new() -> int:
    """A process that sleeps in a network namespace of its own: its PID.

    It is /bin/sleep and not a fork of this process: the copy of a Python
    costs more than the namespace.
    """
    home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        linux.unshare(linux.CLONE_NEWNET)
        linux.raise_loopback()
        argv = ["sleep", "infinity"]
        return os.posix_spawn("/bin/sleep", argv, os.environ)
    finally:
        linux.setns(home, linux.CLONE_NEWNET)
        os.close(home)
