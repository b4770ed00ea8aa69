"""Does an arena shut its work in, tell what happened, and leave nothing?"""

import errno
import os
import select
import selectors
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader import arena, namespaces
from grader.arena import Arena, ArenaFault
from grader.workspace import Workspace, remove
from tests.network.conftest import PATIENCE_S, REPO, eventually, processes_in

NAMESPACES = ("net", "pid", "mnt", "ipc", "uts")


def finish(opened):
    """Wait for the end of an arena, but not for ever: all its messages."""
    messages = []
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    while not opened.ended:
        assert poll.poll(PATIENCE_S * 1000), "the arena does not end"
        messages += opened.messages()
    return messages


def in_arena(work, **options):
    with Arena(work, **options) as opened:
        messages = finish(opened)
        assert opened.fault is None
        return messages


def describe(channel):
    channel.send(
        {
            "uid": os.getuid(),
            "pid": os.getpid(),
            "pids": sorted(int(p) for p in os.listdir("/proc") if p.isdigit()),
            "interfaces": os.listdir("/sys/class/net"),
            "ns": [os.readlink("/proc/self/ns/" + n) for n in NAMESPACES],
        }
    )


def test_work_is_root_in_namespaces_of_its_own():
    (seen,) = in_arena(describe)
    assert seen["uid"] == 0
    assert seen["pids"] == [1, 2] and seen["pid"] == 2
    assert seen["interfaces"] == ["lo"]
    ours = [os.readlink("/proc/self/ns/" + n) for n in NAMESPACES]
    assert not set(seen["ns"]) & set(ours)


def test_loopback_is_up():
    def work(channel):
        channel.send(Path("/sys/class/net/lo/flags").read_text().strip())

    (flags,) = in_arena(work)
    assert int(flags, 16) & 1


def test_tools_for_administration_are_found_with_a_user_s_path(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    in_arena(lambda channel: subprocess.run(["nft", "list", "ruleset"], check=True))


def test_root_can_become_nobody_inside():
    if os.geteuid() != 0:
        pytest.skip("a user's arena has one user")

    def work(channel):
        argv = ["setpriv", "--reuid", str(namespaces.NOBODY), "--clear-groups"]
        done = subprocess.run(argv + ["id", "-u"], stdout=subprocess.PIPE)
        channel.send(int(done.stdout))

    assert in_arena(work) == [namespaces.NOBODY]


def test_messages_larger_than_the_socket_pass_in_both_directions_at_once():
    big = "x" * 3000000

    def work(channel):
        channel.send(big)
        channel.send(len(channel.receive()))

    with Arena(work) as opened:
        opened.send(big + "y")
        assert opened.receive() == big
        assert opened.receive() == len(big) + 1
        with pytest.raises(EOFError):
            opened.receive()


def test_one_loop_reads_many_arenas():
    def work(channel):
        channel.send(channel.receive() * 2)

    with Arena(work) as a, Arena(work) as b, Arena(work) as c:
        loop = selectors.DefaultSelector()
        answers = {}
        for number, opened in enumerate((a, b, c)):
            loop.register(opened, selectors.EVENT_READ, number)
        for number, opened in enumerate((a, b, c)):
            opened.send(number)
        while loop.get_map():
            for key, _ in loop.select(20):
                answers.setdefault(key.data, []).extend(key.fileobj.messages())
                if key.fileobj.ended:
                    loop.unregister(key.fileobj)
        assert answers == {0: [0], 1: [2], 2: [4]}
        assert [x.fault for x in (a, b, c)] == [None] * 3


def test_an_exception_is_a_fault_with_its_text():
    def work(channel):
        channel.send("before")
        raise ValueError("the lab is broken")

    with Arena(work) as opened:
        assert opened.receive() == "before"
        with pytest.raises(ArenaFault, match="the lab is broken"):
            opened.receive()
        assert "ValueError" in opened.fault


@pytest.mark.parametrize(
    "end, told",
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "killed by signal 9"),
        (lambda: os._exit(5), "exit status 5"),
        (lambda: os._exit(0), "exit status 0"),
    ],
)
def test_a_work_that_dies_is_a_fault(end, told):
    with Arena(lambda channel: end()) as opened:
        assert finish(opened) == []
        assert told in opened.fault


def test_orphans_are_reaped_and_subprocess_gets_its_statuses():
    def work(channel):
        child = subprocess.Popen(["sh", "-c", "exit 7"])
        shell = "sh -c 'sleep 0' & echo"  # outlives its parent, then ends
        for _ in range(20):
            subprocess.run(["sh", "-c", shell], check=True)
        eventually(lambda: only_ourselves(child.pid))
        channel.send(child.wait())

    def only_ourselves(child):
        pids = {int(p) for p in os.listdir("/proc") if p.isdigit()}
        return pids <= {1, 2, child}

    assert in_arena(work) == [7]


def linger(channel):
    """Leave a process that does all it can to survive."""
    script = "trap '' HUP INT TERM; while :; do sleep 1000; done"
    subprocess.Popen(["setsid", "sh", "-c", script])
    channel.send(os.readlink("/proc/self/ns/net"))
    channel.receive()


def test_close_returns_when_everything_inside_is_gone():
    with Arena(linger) as opened:
        namespace = opened.receive()
        assert len(processes_in(namespace)) >= 3
    assert processes_in(namespace) == []


def test_the_end_of_the_work_ends_what_it_started():
    def work(channel):
        script = "trap '' HUP INT TERM; while :; do sleep 1000; done"
        subprocess.Popen(["setsid", "sh", "-c", script])
        channel.send(os.readlink("/proc/self/ns/net"))

    with Arena(work) as opened:
        namespace = opened.receive()
        finish(opened)
        eventually(lambda: processes_in(namespace) == [])
        assert opened.fault is None


def test_an_arena_whose_keeper_is_killed_dies():
    with Arena(linger) as opened:
        namespace = opened.receive()
        os.kill(opened._keeper, signal.SIGKILL)
        finish(opened)
        assert "killed by signal 9" in opened.fault
        eventually(lambda: processes_in(namespace) == [])


GRADER = """
import sys, time
from grader.arena import Arena
from grader.workspace import Workspace
from tests.network.test_arena import linger
with Workspace() as folder, Arena(linger) as a, Arena(linger) as b:
    (folder / "sub").mkdir()
    print(folder, a.receive(), b.receive(), flush=True)
    {then}
"""


@pytest.mark.parametrize(
    "then, end",
    [
        ("a.receive()", lambda p: p.send_signal(signal.SIGKILL)),
        ("a.receive()", lambda p: p.send_signal(signal.SIGTERM)),
        ("a.receive()", lambda p: os.killpg(p.pid, signal.SIGINT)),
        ("a.receive()", lambda p: os.killpg(p.pid, signal.SIGKILL)),
        ("raise SystemExit(3)", lambda p: None),
        ("1 / 0", lambda p: None),
    ],
    ids=["kill -9", "kill", "Ctrl-C", "kill -9 of its group", "exit", "error"],
)
def test_nothing_is_left_when_the_grader_ends(grader, then, end):
    process = grader(GRADER.format(then=then))
    folder, *spaces = process.stdout.readline().split()
    assert len(spaces) == 2
    end(process)
    process.wait(20)
    eventually(lambda: not any(processes_in(space) for space in spaces))
    eventually(lambda: not Path(folder).exists())


def test_mounts_of_an_arena_stay_inside(tmp_path):
    before = Path("/proc/self/mountinfo").read_text()
    with Arena(linger, scratch=tmp_path) as opened:
        opened.receive()
        assert Path("/proc/self/mountinfo").read_text() == before


def test_scratch_is_private_and_bounded(tmp_path):
    (tmp_path / "outside").touch()

    def work(channel):
        names = os.listdir(str(tmp_path))
        try:
            (tmp_path / "big").write_bytes(b"x" * (2 << 20))
        except OSError as error:
            channel.send([names, error.errno])

    seen = in_arena(work, scratch=tmp_path, scratch_bytes=1 << 20)
    assert seen == [[[], errno.ENOSPC]]
    assert os.listdir(str(tmp_path)) == ["outside"]


def test_the_grader_s_descriptors_are_not_in_the_arena(tmp_path):
    with (tmp_path / "secret").open("w") as secret, \
            (tmp_path / "kept").open("w") as kept:

        def work(channel):
            for file in (secret, kept):
                channel.send(os.readlink("/proc/self/fd/%d" % file.fileno()))

        seen = in_arena(work, keep=[kept.fileno()])
    assert seen == ["/dev/null", str(tmp_path / "kept")]


def test_what_work_prints_does_not_reach_standard_output(grader):
    process = grader(
        "from grader.arena import Arena\n"
        "with Arena(lambda c: print('noise', flush=True)) as a:\n"
        "    a.channel.pending(block=True)\n"
    )
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "noise\n")


def test_a_scratch_that_does_not_exist_is_a_fault_that_names_it(tmp_path):
    with Arena(linger, scratch=tmp_path / "none") as opened:
        with pytest.raises(ArenaFault, match="none"):
            opened.receive()


def test_arenas_are_possible_here():
    assert arena.possible() is None


def test_where_the_limit_is_zero_arenas_are_not_possible():
    """A user namespace in which no further one may be made."""
    script = (
        "echo 0 >/proc/sys/user/max_user_namespaces;"
        "exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin"
        " %s -c 'from grader import arena; print(arena.possible())'"
    )
    done = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", script % sys.executable],
        cwd=str(REPO),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=20,
    )
    assert done.returncode == 0
    assert "unshare: Operation not permitted" in done.stdout


@pytest.mark.parametrize(
    "setting, value, command",
    [
        ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "user.max_user_namespaces=16384"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_the_setting_that_forbids_is_named(tmp_path, setting, value, command):
    path = tmp_path / setting
    path.parent.mkdir(parents=True)
    path.write_text(value + "\n")
    assert namespaces.remedy(tmp_path) == "sudo sysctl -w " + command
    path.write_text("2\n")
    assert namespaces.remedy(tmp_path) == "run the grader with sudo"


# Workspaces


def test_a_workspace_is_gone_after_its_with(tmp_path):
    with Workspace(tmp_path) as folder:
        (folder / "file").write_text("x")
    assert os.listdir(str(tmp_path)) == []


def test_a_workspace_is_gone_whatever_a_submission_did_to_it(tmp_path):
    with Workspace(tmp_path) as folder:
        locked = folder / "locked"
        (locked / "in").mkdir(parents=True)
        (locked / "in" / "file").touch()
        locked.chmod(0)
        here = os.getcwd()
        os.chdir(str(folder))
        for _ in range(3000):  # deeper than Python recurses
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
    assert os.listdir(str(tmp_path)) == []


def test_the_workspace_of_a_dead_grader_is_swept_and_a_living_one_kept(tmp_path):
    dead = tmp_path / "mngrade-dead"
    dead.mkdir()
    other = tmp_path / "unrelated"
    other.mkdir()
    with Workspace(tmp_path) as first:
        assert not dead.exists()
        with Workspace(tmp_path) as second:
            assert first.is_dir() and second.is_dir() and first != second
        assert first.is_dir()
    assert os.listdir(str(tmp_path)) == ["unrelated"]


def test_a_link_in_the_place_of_a_workspace_is_not_followed(tmp_path):
    target = tmp_path / "precious"
    (target / "data").mkdir(parents=True)
    (tmp_path / "mngrade-link").symlink_to(target)
    with Workspace(tmp_path):
        pass
    assert (target / "data").is_dir()
    remove(tmp_path / "mngrade-link")
    assert (target / "data").is_dir()


def test_all_of_this_holds_without_root():
    """The same tests as nobody, in a copy that nobody may read.

    Not below pytest's own temporary folder: any other run of pytest shuts
    that one to all but its owner again.
    """
    if os.geteuid() != 0:
        pytest.skip("this is the run without root")
    with Workspace() as folder:
        done = run_as_nobody(folder)
    assert done.returncode == 0, done.stdout


def run_as_nobody(folder):
    copy, own = folder / "copy", folder / "own"
    ignored = shutil.ignore_patterns("__pycache__")
    for path in (copy, own):
        path.mkdir()
        path.chmod(0o755)
    for name in ("grader", "topologies", "tests/network"):
        shutil.copytree(str(REPO / name), str(copy / name), ignore=ignored)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    shutil.chown(str(own), namespaces.NOBODY, namespaces.NOBODY)
    nobody = str(namespaces.NOBODY)
    argv = ["setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups"]
    argv += [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    # The rest of the folder grades, and tries its own ways of being nobody.
    argv += ["--basetemp", str(own / "pytest")]
    argv += ["tests/network/test_%s.py" % n for n in ("arena", "network", "star")]
    return subprocess.run(
        argv,
        cwd=str(copy),
        env=dict(os.environ, TMPDIR=str(own), HOME=str(own)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        timeout=300,
    )
