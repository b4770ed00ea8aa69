"""Which system calls does the grader need that Python 3.8 does not offer?

Thin wrappers over libc, found once at import. Each raises OSError with the
name of the call, and none of them knows what it is used for.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
from typing import Optional

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REC = 0x4000
MS_PRIVATE = 0x40000

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_SIOCSIFFLAGS = 0x8914
_SIOCETHTOOL = 0x8946
_ETHTOOL_STXCSUM = 0x17
_IFF_UP = 0x1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.c_char_p,
]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
_libc.unshare.argtypes = [ctypes.c_int]
_libc.setns.argtypes = [ctypes.c_int, ctypes.c_int]


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (call, os.strerror(number)))


def unshare(flags: int) -> None:
    """Move this process into new namespaces (PID: its children)."""
    _check(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Move this process into the namespace that `descriptor` stands for."""
    _check(_libc.setns(descriptor, kind), "setns")


def mount(
    source: str, target: str, kind: Optional[str], flags: int = 0, data: str = ""
) -> None:
    """mount(2); `kind` None where only the propagation changes."""
    result = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        None if kind is None else kind.encode(),
        flags,
        data.encode() if data else None,
    )
    _check(result, "mount %s" % target)


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that forked it ends.

    Any gain of capabilities clears the wish, so this comes after unshare(2).
    The caller must look afterwards whether its parent is already gone.
    """
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def stay_inspectable() -> None:
    """Let /proc/PID of this process and of its forks be read by its equals.

    A gain of capabilities makes a process undumpable, and then not even root
    of the same user namespace may open its /proc/PID/ns.
    """
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def gain_nothing() -> None:
    """Let nothing that this process executes have more rights than it has."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def raise_loopback() -> None:
    """Bring `lo` of this network namespace up."""
    request = struct.pack("16sh22x", b"lo", _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inet:
        fcntl.ioctl(inet, _SIOCSIFFLAGS, request)


def checksum_in_software(interface: str) -> None:
    """Have every packet leave an interface with its checksum filled in.

    A veth leaves that to a device that never comes. The kernel's own bridge
    knows; a switch in user space passes on what it sees.
    """
    value = ctypes.create_string_buffer(struct.pack("=II", _ETHTOOL_STXCSUM, 0))
    pointer = ctypes.addressof(value)
    request = struct.pack("16sP16x", interface.encode(), pointer)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inet:
        fcntl.ioctl(inet, _SIOCETHTOOL, request)
