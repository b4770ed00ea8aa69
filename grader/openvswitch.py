"""How does an arena get an Open vSwitch of its own?

A private database and a private switch daemon with the user-space datapath,
which needs neither the kernel's module nor the machine's own daemons. It
costs about ten times what a Linux bridge does, so it is only made on demand.
Both end with the arena.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import List

_SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"


class OpenVSwitchFault(OSError):
    """Open vSwitch is missing, or would not start."""


def start(folder: Path) -> None:
    """Start the daemons, with all their files in `folder`.

    The folder must vanish with the arena (its scratch). From now on the
    tools that this process starts talk to these daemons.
    """
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise OpenVSwitchFault("/dev/net/tun may not be opened by this user")
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
