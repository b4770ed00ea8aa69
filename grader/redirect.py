"""How does a client reach the server, wherever it believes the server to be?

By address translation in the hosts' own network namespaces. A client may ask
for loopback, its own name, or an address that its author's network had; the
server may listen on any of these. The rules hold for any language.
"""

from __future__ import annotations

import ctypes
import subprocess
from typing import Optional

# Only what was led elsewhere gets a new source (127.0.0.1 must not leave the
# host); a client that asks for the server is not touched. A program that takes
# UDP by mistake is to lose what it got wrong, and not its way as well.
_LEAD = """
table ip mngrade_lead {{
  chain output {{
    type nat hook output priority -100
    ip daddr != {server} ip protocol tcp dnat to {server}
    ip daddr != {server} udp dport != 53 dnat to {server}
  }}
  chain postrouting {{
    type nat hook postrouting priority 100
    ip daddr {server} ct status dnat masquerade
  }}
}}
"""

_REACH = """
table ip mngrade_reach_{port} {{
  chain prerouting {{
    type nat hook prerouting priority -100
    ip daddr {own} tcp dport {port} dnat to {bound}
  }}
}}
"""

_ADOPT = (
    "ip address add {address}/32 dev lo"
    " && ip route del local {address} dev lo table local"
    " && ip route add local {address} dev lo table 100"
    " && ip rule add pref 1 iif {interface} to {address} lookup 100"
    " && echo 1 >/proc/sys/net/ipv4/conf/all/accept_local"
)


def lead_to(server: str) -> str:
    """Rules for a client: every TCP connection goes to the server, and every
    UDP datagram that asks for no name."""
    return _LEAD.format(server=server)


def reach(own: str, port: int, bound: str) -> str:
    """Rules for a server: what comes to its port goes where it listens."""
    return _REACH.format(own=own, port=port, bound=bound)


def adopt(interface: str, address: str) -> str:
    """Shell command that makes a foreign address the server host's own.

    It may be a client's address too (the server ran there in its author's
    network). So it is local only to packets that come in: answers to that
    address still leave the host.
    """
    return _ADOPT.format(interface=interface, address=address)


def _load_library() -> Optional[ctypes.CDLL]:
    try:
        library = ctypes.CDLL("libnftables.so.1")
    except OSError:
        return None
    library.nft_ctx_new.restype = ctypes.c_void_p
    library.nft_ctx_new.argtypes = [ctypes.c_uint32]
    library.nft_ctx_buffer_error.argtypes = [ctypes.c_void_p]
    library.nft_ctx_get_error_buffer.argtypes = [ctypes.c_void_p]
    library.nft_ctx_get_error_buffer.restype = ctypes.c_char_p
    library.nft_run_cmd_from_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    return library


# The library that `nft` itself is made of: a tenth of the cost of running it.
_library = _load_library()


def apply(rules: str) -> None:
    """Add rules to the network namespace that this process is in.

    The library's context is not freed: closing its socket waits for the
    kernel to clear up, and the arena's end does it anyway.
    """
    if _library is None:
        _apply_by_command(rules)
        return
    context = _library.nft_ctx_new(0)
    if not context:
        raise OSError("nftables: no context")
    _library.nft_ctx_buffer_error(context)
    if _library.nft_run_cmd_from_buffer(context, rules.encode()) != 0:
        why = _library.nft_ctx_get_error_buffer(context) or b""
        raise OSError("nftables: " + why.decode(errors="replace").strip())


def _apply_by_command(rules: str) -> None:
    done = subprocess.run(
        ["nft", "-f", "-"],
        input=rules.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise OSError("nft: " + done.stderr.decode(errors="replace").strip())
