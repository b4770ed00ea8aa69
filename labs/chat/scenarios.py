"""Lab `chat`: the runs.

With the submission's own clients: three guests who talk, ask for the record,
leave and come; a fourth who finds the server full; a guest who has not told
its name yet; one who is killed. Where the clients are missing or broken,
peers of ours come. The runs for files are in library.py, those that only
insights rest on in odd_guests.py and, with slow and lossy links, bad_links.py.
"""

from __future__ import annotations

import datetime

from grader.api import Run, scenario

from . import checks, checks_files, checks_record, insights  # noqa: F401
from . import bad_links, library, odd_guests  # noqa: F401  (declare theirs)
from .going import clients_fail, two_are_too_many, were_asked_for_names
from .rooms import HOSTS, PeerRoom, Room


def _one_word(run: Run) -> str:
    return run.names.fresh()


def _two_words(run: Run) -> str:
    return "%s %s" % (run.names.fresh(), run.names.fresh())


def _with_a_comma(run: Run) -> str:
    return "%s, %d!" % (run.names.fresh(), run.names.number(100, 999))


def _with_blanks(run: Run) -> str:
    return "  %s  %s " % (run.names.fresh(), run.names.fresh())


def _talk(run: Run, room: "Room") -> None:
    """Three guests; two of them silent at first; one leaves, another comes."""
    first, second, third = (room.enter(host) for host in HOSTS[:3])
    room.say(third, _one_word(run), "echo")
    room.say(first, _two_words(run), "echo")
    room.say(second, _with_a_comma(run), "echo")
    room.ask(first, "status")
    run.await_another_second()  # or coming and leaving may be told alike
    left = room.leave(second)
    run.facts["left"] = left["end"]
    run.facts["left-state"] = run.settle().n
    run.facts["leaver-connected"] = room.connected(second)
    run.facts["leaver-runs"] = run.state.runs(second.host)
    room.say(first, run.names.fresh(), "echo-after-leave")
    new = room.enter(HOSTS[3])
    room.say(new, run.names.fresh(), "echo-new")
    room.ask(first, "status-after")
    if room.connected(third):  # else that is the loss of `exits-cleanly`
        room.say(third, _with_blanks(run), "blanks")
    run.facts["clock"] = int(datetime.datetime.now().timestamp())
    room.close()


@scenario()
def talk(run: Run) -> None:
    """The guests are the submission's own clients."""
    _talk(run, Room(run))


@scenario(needs=("server",), when=clients_fail)
def talk_with_peers(run: Run) -> None:
    """The guests are ours: the clients are missing or broken."""
    _talk(run, PeerRoom(run))


@scenario(when=two_are_too_many)
def one_by_one(run: Run) -> None:
    """One guest after the other, where two at once are too many. They are one
    more than may be served at a time, and say what three say in `talk`."""
    room = Room(run)
    lines = [(_one_word(run), "echo"), (_two_words(run), "echo"),
             (_with_a_comma(run), "echo"), (_with_blanks(run), "blanks")]
    for host, (line, kind) in zip(HOSTS, lines):
        guest = room.enter(host)
        if not guest.ready:
            break
        room.say(guest, line, kind)
        room.ask(guest, "status" if host == HOSTS[0] else "status-after")
        room.leave(guest)
        run.facts["left-state"] = run.settle().n
        run.facts["leaver-connected"] = room.connected(guest)
        run.facts["leaver-runs"] = run.state.runs(guest.host)
        if room.connected(guest):
            break
    room.close()


def _full_house(run: Run, room: "Room") -> None:
    """A fourth guest; then one leaves, and one new guest is served."""
    inside = [room.enter(host) for host in HOSTS[:3]]
    for guest in inside:
        room.say(guest, run.names.fresh(), "echo")
    fourth = room.enter(HOSTS[3])
    run.facts["fourth"] = fourth.fact["outcome"]
    if fourth.ready:
        said = room.say(fourth, run.names.fresh(), "echo-fourth")
        run.facts["fourth-served"] = run.received_by(fourth.client, said["n"] or 0)
    room.leave(inside[0])
    if fourth.fact["outcome"] != "ended" and room.connected(fourth):
        late = room.say(fourth, run.names.fresh(), "echo-late")
        room.wait_longer(fourth, late["n"] or run.now)
        run.facts["late-served"] = run.received_by(fourth.client, late["n"] or 0)
    new = room.enter(HOSTS[4])
    run.facts["fifth"] = new.fact["outcome"]
    run.facts["fifth-accepted"] = room.connected(new)
    if new.ready:
        room.say(new, run.names.fresh(), "echo-fifth")
    stay = [guest for guest in room.guests.values() if guest is not inside[0]]
    if room.connected(new) and sum(map(room.connected, stay)) == len(inside):
        sixth = room.enter(HOSTS[5])
        if sixth.ready:
            room.say(sixth, run.names.fresh(), "echo-sixth")
        stay.append(sixth)
    run.facts["stay"] = [guest.host for guest in stay if room.connected(guest)]
    room.close()


@scenario()
def full_house(run: Run) -> None:
    """The guests are the submission's own clients."""
    _full_house(run, Room(run))


@scenario(needs=("server",), when=clients_fail)
def full_house_with_peers(run: Run) -> None:
    """The guests are ours: the clients are missing or broken."""
    _full_house(run, PeerRoom(run))


def _beside_a_nameless_one(run: Run, room: Room) -> None:
    """A guest stays where it is asked for its name; another one comes."""
    nameless = room.enter(HOSTS[0], only_to_its_name=True)
    run.facts["nameless"] = nameless.ready
    if nameless.ready:
        other = room.enter(HOSTS[1])
        if other.ready:
            room.say(other, run.names.fresh(), "echo")
    room.close()


@scenario(when=were_asked_for_names)
def beside_a_nameless_one(run: Run) -> None:
    """The guests are the submission's own clients."""
    _beside_a_nameless_one(run, Room(run))


@scenario(needs=("server",), when=clients_fail)
def beside_a_nameless_one_with_peers(run: Run) -> None:
    """The guests are ours: the clients are missing or broken."""
    _beside_a_nameless_one(run, PeerRoom(run))


@scenario()
def killed_guest(run: Run) -> None:
    """A guest that is killed instead of leaving must not keep its place."""
    room = Room(run)
    guests = [room.enter(host) for host in HOSTS[:3]]
    if all(guest.ready for guest in guests):
        run.signal(guests[0].client, "KILL")
        run.settle()
        room.ask(guests[1], "status-after")
        new = room.enter(HOSTS[3])
        run.facts["after-kill"] = new.fact["outcome"]
        if new.ready:
            said = room.say(new, run.names.fresh(), "echo-after-kill")
            run.facts["after-kill-served"] = run.received_by(
                new.client, said["n"] or 0
            )
    room.close()
