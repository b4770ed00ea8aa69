"""Does a hostile submission gain nothing and break nothing?

Every attack of the list is graded as an ordinary user and as root, with an
innocent submission beside it; and once more with the layer that stops it
taken off, where it must be seen to succeed.
"""

from __future__ import annotations

import os
import resource
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from tests.attacks import judge, layers, outer, spec
from tests.attacks.spec import Attack

ATTACKS = spec.attacks()
TRIALS = [(attack, who) for attack in ATTACKS for who in attack.users]
Record = Callable[[str, object], None]


def may_type() -> bool:
    """Does this kernel let anybody type into a terminal? Newer ones do not."""
    setting = Path("/proc/sys/dev/tty/legacy_tiocsti")
    return not setting.exists() or setting.read_text().strip() == "1"


def no_core_files() -> str:
    """Why a crash leaves no file here, "" where it does."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        return "core files are off (ulimit -c)"
    if Path("/proc/sys/kernel/core_pattern").read_text().startswith("|"):
        return "crashes go to a program (kernel.core_pattern)"
    return ""


#: Conditions of `needs`, and why one does not hold ("" if it does).
NEEDS: Dict[str, Callable[[], str]] = {
    "root": lambda: "" if os.geteuid() == 0 else "needs root",
    "cgroup": lambda: "" if outer.have_cgroups() else "needs cgroups",
    "core-files": no_core_files,
    "jinja": lambda: "" if find_spec("jinja2") else "needs jinja2",
    "typing": lambda: "" if may_type() else "needs dev.tty.legacy_tiocsti=1",
}


def lacking(attack: Attack, who: str) -> str:
    """Why an attack cannot be played here as this user, "" where it can."""
    closed = outer.closed_to_others()
    if who == "root" and os.geteuid() != 0:
        return "needs root"
    if who == "user" and os.geteuid() == 0 and closed:
        return "no ordinary user may enter %s" % closed
    for need in attack.needs:
        if need in NEEDS:
            if NEEDS[need]():
                return NEEDS[need]()
        elif not shutil.which(need):
            return "needs %s" % need
    return outer.missing()


def named(trial: Any) -> str:
    if isinstance(trial, Attack):
        return trial.name
    return "%s as %s" % (trial[0].name, trial[1])


@pytest.fixture(scope="session")
def usual() -> Callable[[str], str]:
    """The innocent submission's usual report, as a user and as root."""
    known: Dict[str, str] = {}

    def of(who: str) -> str:
        if who not in known:
            ended = outer.run_stage(None, who, 60.0)
            assert ended["status"] == 0, ended
            known[who] = ended["out"]
        return known[who]

    return of


def faults_of(attack: Attack, who: str, usual: str) -> List[str]:
    seen = outer.run_stage(attack.folder, who, attack.bound_s)
    return judge.faults(attack, seen, usual)


@pytest.mark.parametrize("trial", TRIALS, ids=named)
def test_an_attack_is_survived(
    trial: Tuple[Attack, str],
    usual: Callable[[str], str],
    record_property: Record,
) -> None:
    attack, who = trial
    record_property("attack", attack.name)
    record_property("as", who)
    why = lacking(attack, who)
    if why:
        record_property("told", why)
        pytest.skip("%s: %s" % (attack.name, why))
    expected = usual(who)
    wrong = faults_of(attack, who, expected)
    if any("the machine" in fault for fault in wrong):
        # Something else may have kept the machine busy: an attack that does
        # it does it again.
        wrong = faults_of(attack, who, expected)
    record_property("told", "NO" if wrong else "yes")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("attack", ATTACKS, ids=named)
def test_it_is_seen_without_its_layer(
    attack: Attack, record_property: Record
) -> None:
    record_property("attack", attack.name)
    record_property("as", "without")
    if attack.without:
        record_property("told", "not run: " + attack.without)
        return
    who = next(
        (w for w in attack.users if w != "root" or os.geteuid() == 0), "root"
    )
    why = lacking(attack, who)
    if why:
        record_property("told", why)
        pytest.skip("%s: %s" % (attack.name, why))
    seen = outer.run_stage(
        attack.folder, who, attack.bound_s, attack.stopped_by, innocent=False
    )
    how = judge.succeeded(attack, seen)
    told = "succeeded (%s)" % how if how else "NOT SEEN"
    record_property("told", told)
    assert how, "it is not seen to succeed: %s" % {
        k: v if k != "attack" else {**v, "report": None} for k, v in seen.items()
    }


def test_every_layer_is_known_and_stops_something() -> None:
    """What cannot be taken off has a sentence in `without` instead."""
    named_layers = {
        name for attack in ATTACKS if not attack.without for name in attack.stopped_by
    }
    assert named_layers == set(layers.known())


def test_every_category_has_attacks() -> None:
    assert {attack.folder.parent.name for attack in ATTACKS} == set(spec.CATEGORIES)


def test_nothing_in_the_folders_is_forgotten() -> None:
    """A folder without attack.yaml, or one whose name is misspelt."""
    listed = {attack.folder for attack in ATTACKS}
    for category in spec.CATEGORIES:
        folder: Path = spec.HERE / category
        below: List[Path] = list(folder.iterdir()) if folder.is_dir() else []
        assert {path for path in below if path.is_dir()} <= listed
