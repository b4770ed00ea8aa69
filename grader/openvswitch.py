"""How does an arena get an Open vSwitch of its own?

A private database and a private switch daemon, which need nothing of the
machine's own daemons. The packets pass through the kernel's module where there
is one: each network namespace has datapaths of its own, and who is root in
the namespace may make them. Else they pass through the daemon. It costs about
ten times what a Linux bridge does, so it is only made on demand. Both daemons
end with the arena.
"""

from __future__ import annotations

import functools
import os
import shutil
import socket
import struct
import subprocess
from pathlib import Path
from typing import Dict, List

_SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
_GENERIC, _CONTROL, _NLMSG_ERROR = 16, 16, 2
_GETFAMILY, _FAMILY_NAME, _OPS, _OP_ID, _OP_FLAGS = 3, 2, 6, 1, 2
_DP_CMD_NEW = 1
# Root of the user namespace that the network namespace belongs to may do it.
_UNS_ADMIN_PERM = 0x10


class OpenVSwitchFault(OSError):
    """Open vSwitch is missing, or would not start."""


@functools.lru_cache(maxsize=None)
def datapath() -> str:
    """Where packets are switched here: in the "kernel", or by a "user"."""
    return "kernel" if _flags_of_new_datapath() & _UNS_ADMIN_PERM else "user"


def why_not() -> str:
    """What is in the way of a switch; "" if nothing is."""
    if datapath() == "kernel" or os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return ""
    return (
        "the kernel has no openvswitch module (sudo modprobe openvswitch), and"
        " /dev/net/tun may not be opened by this user"
    )


def _flags_of_new_datapath() -> int:
    """What the kernel asks of who makes a datapath; 0 without the module.

    The question alone loads the module where it is installed. Layouts:
    <linux/genetlink.h>, <linux/openvswitch.h>.
    """
    name = b"ovs_datapath\0"
    body = struct.pack("=BBxxHH", _GETFAMILY, 1, 4 + len(name), _FAMILY_NAME)
    body += name + b"\0" * (-len(name) % 4)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _GENERIC) as control:
        head = struct.pack("=IHHII", 16 + len(body), _CONTROL, 1, 1, 0)
        control.send(head + body)
        answer = control.recv(1 << 15)
    if struct.unpack_from("=H", answer, 4)[0] == _NLMSG_ERROR:
        return 0
    operations = _attributes(_attributes(answer[20:]).get(_OPS, b""))
    for operation in operations.values():
        known = _attributes(operation)
        if struct.unpack("=I", known[_OP_ID])[0] == _DP_CMD_NEW:
            return int(struct.unpack("=I", known[_OP_FLAGS])[0])
    return 0


def _attributes(data: bytes) -> Dict[int, bytes]:
    found, place = {}, 0
    while place + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, place)
        found[kind & 0x3FFF] = data[place + 4 : place + length]
        place += max(4, length + -length % 4)
    return found


def start(folder: Path) -> None:
    """Start the daemons, with all their files in `folder`.

    The folder must vanish with the arena (its scratch). From now on the
    tools that this process starts talk to these daemons.
    """
    lacking = why_not()
    if lacking:
        raise OpenVSwitchFault(lacking)
    for variable in ("RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR", "PKGDATADIR"):
        os.environ["OVS_" + variable] = str(folder)
    database = str(folder / "conf.db")
    socket = str(folder / "db.sock")
    _run(["ovsdb-tool", "create", database, _SCHEMA])
    # With --detach each returns when it is ready to serve.
    daemon = ["--detach", "--no-chdir", "--pidfile", "-vconsole:off"]
    _run(["ovsdb-server", "--remote=punix:" + socket] + daemon + [database])
    _run(["ovs-vsctl", "--no-wait", "init"])
    _run(["ovs-vswitchd"] + daemon + ["unix:" + socket])


def check_port(interface: str) -> None:
    """Raise unless the switch really has this port."""
    number = _run(["ovs-vsctl", "get", "Interface", interface, "ofport"])
    if not number.isdigit():
        raise OpenVSwitchFault("no port %s: %s" % (interface, number))


def _run(argv: List[str]) -> str:
    if shutil.which(argv[0]) is None:
        raise OpenVSwitchFault("%s is not installed" % argv[0])
    done = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip()
        raise OpenVSwitchFault("%s: %s" % (argv[0], why))
    return done.stdout.decode(errors="replace").strip()
