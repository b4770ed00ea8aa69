"""What is in each pane of `mngrade play`?

Runs in the arena, in the first pane: makes the network of Mininet's own
classes, opens a pane on every host, and then is Mininet's prompt. When that is
left, the session ends.

A submission's programs run in the same sandbox as in a grading; only the
terminal is a person's.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import traceback
from pathlib import Path
from typing import Any, Dict, List, Sequence

from grader import network, sandbox, words
from grader.etc import NOBODY
from grader.links import LACKS_NETEM
from grader.model import Program
from grader.stage import Stage


def main(plan_file: str) -> None:
    """Play one session; a fault goes where the grader looks for it."""
    plan: Dict[str, Any] = json.loads(Path(plan_file).read_text())
    try:
        print("Mininet makes the network of lab %s ..." % plan["lab"], flush=True)
        os.environ["HOME"] = str(Path(plan["work"]) / "arena")
        net = network.by_hand(plan["topology"], len(plan["clients"]))
        _open_panes(net, plan)
    except Exception as error:  # pylint: disable=broad-except
        last = traceback.extract_tb(error.__traceback__)[-1]
        (Path(plan["work"]) / "fault").write_text(
            "the network could not be made: %s: %s (%s:%s)"
            % (type(error).__name__, error, Path(last.filename).name, last.lineno)
        )
        _tmux("kill-session")
        return
    _tell(plan, net.left_out)
    try:
        net.command_line()
    finally:
        _tmux("kill-session")


def _tell(plan: Dict[str, Any], plain: Sequence[str]) -> None:
    """The hint above Mininet's prompt, on an empty screen; `plain` are links
    that this kernel could not make as the topology wants them."""
    lines = ["Lab %s, played with %s." % (plan["lab"], plan["who"])] + plan["notes"]
    lines += ["The link %s is a plain one: %s." % (one, LACKS_NETEM) for one in plain]
    if plan["folder"] is not None:
        lines += ["Its clients are led to %s, as in a grading." % plan["server"]]
    lines += ["Try pingall, h1 ifconfig, help.", "exit (or Ctrl-b d) ends everything."]
    told = "\n".join(words.printable(line) for line in lines)
    print("\033[H\033[2J" + told, flush=True)


def _open_panes(net: network.Network, plan: Dict[str, Any]) -> None:
    """A pane for each host, the server's first, and the captures."""
    hosts = net.hosts
    if plan["folder"] is not None:  # it may look for its server anywhere
        net.lead_clients_to(hosts[plan["server"]].ip, plan["clients"])
    scratch = Path(plan["work"]) / "arena"
    commands = _Commands(plan, hosts, scratch)
    _label("Mininet")
    order = [plan["server"]] + plan["clients"]
    order += sorted(set(hosts) - set(order))
    for name in order:
        shell = ["bash", "--noprofile", "--rcfile", str(commands.rc(name)), "-i"]
        role = "server" if name == plan["server"] else (
            "client" if name in plan["clients"] else ""
        )  # fmt: skip
        title = ("%s %s %s" % (name, hosts[name].ip, role)).strip()
        _pane(title, ["mnexec", "-a", str(hosts[name].pid)] + shell)
    for name in plan["captures"]:
        dump = ["tcpdump", "-Z", "root", "-l", "-n", "-i", hosts[name].interface]
        _pane(
            "packets of " + name,
            ["mnexec", "-a", str(hosts[name].pid)] + dump + ["tcp"],
        )
    _tmux("select-window", "-t", "play:0")
    _tmux("select-pane", "-t", "play:0.1")


class _Commands:
    """The words `server` and `client`, as each host's shell knows them."""

    def __init__(
        self, plan: Dict[str, Any], hosts: Dict[str, network.HostInfo], scratch: Path
    ) -> None:
        self._plan, self._hosts, self._scratch = plan, hosts, scratch
        self._programs = [
            Program(**dict(p, argv=tuple(p["argv"]))) for p in plan["programs"]
        ]
        self._stage = Stage(
            self._programs,
            Path(plan["folder"] or scratch),
            scratch,
            Path(plan["labexec"]),
            hosts,
            plan["clients"],
        )

    def rc(self, host: str) -> Path:
        """Write what bash reads when it starts on this host."""
        folder = self._scratch / ("home-" + host)
        folder.mkdir()
        lines = [
            "PS1='%s$ '" % host,
            "HISTFILE=",
            "cd %s" % shlex.quote(str(folder)),
        ]
        role = "server" if host == self._plan["server"] else "client"
        names = []
        if host == self._plan["server"] or host in self._plan["clients"]:
            names = [p.role for p in self._programs if p.role.split("-")[0] == role]
        for name in names:
            program = next(p for p in self._programs if p.role == name)
            argv = shlex.join(self._argv(program, host))
            lines.append('%s() { %s "$@"; }' % (name, argv))
        told = "type: %s" % " or ".join(names) if names else "no program for here"
        lines.append("echo %s" % shlex.quote(told))
        path = self._scratch / (host + ".bashrc")
        path.write_text("\n".join(lines) + "\n")
        return path

    def _argv(self, program: Program, host: str) -> List[str]:
        """The reference as it is; what was handed in, in its sandbox."""
        if self._plan["folder"] is None:
            server = self._hosts[self._plan["server"]].ip
            more = ["--host", server] if program.role != "server" else []
            return list(program.argv) + more
        wrap = self._stage.prepare(
            "%s-%s" % (host, program.role), program, host, {}
        )
        known = dict(sandbox.environment(), TERM=self._plan["terminal"] or "dumb")
        argv = ["env", "-i"] + ["%s=%s" % item for item in sorted(known.items())]
        if self._stage.user is not None:
            argv += ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY)]
            argv += ["--clear-groups"]
        return argv + list(wrap) + list(program.argv)


# ---- tmux --------------------------------------------------------------------


def _pane(title: str, argv: List[str]) -> None:
    """A new pane; in a terminal that is full, a new window."""
    command = shlex.join(argv)
    if not _tmux("split-window", "-t", ":", command):
        _tmux("new-window", command)
    _label(title)
    _tmux("select-layout", "tiled")


def _label(title: str) -> None:
    """A program cannot change this, as it could a pane's title."""
    _tmux("set-option", "-p", "@label", title)


def _tmux(*words: str) -> bool:
    """Tell tmux's server something; TMUX says where it is."""
    socket = os.environ["TMUX"].split(",")[0]
    done = subprocess.run(
        ["tmux", "-S", socket] + list(words),
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0
