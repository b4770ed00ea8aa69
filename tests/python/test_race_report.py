"""Is what ThreadSanitizer writes understood?"""

from __future__ import annotations

import pytest

from grader.race_report import Access, DataRace, data_races

HEAD = "WARNING: ThreadSanitizer: data race (pid=2)\n"
END = "SUMMARY: ThreadSanitizer: data race server.c:18 in serve\n"
READ = "  Read of size 4 at 0x55 by thread T2:\n"
WROTE = "  Previous write of size 4 at 0x55 by thread T3 (mutexes: write M1):\n"
LIBRARY = (
    "    #0 memcpy ../../../../src/libsanitizer/memcpy.inc:827"
    " (libtsan.so.2+0x5e686)\n"
    "    #1 puts /usr/include/stdio.h:10 (server+0x1)\n"
)
WHERE = "  Location is global 'first' of size 4 at 0x55 (server+0x40d0)\n\n"


def frame(line: int, source: str = "server.c", number: int = 0) -> str:
    return "    #%d serve %s:%d (server+0x1344)\n" % (number, source, line)


def told(one: str, other: str, where: str = "") -> str:
    return "=====\n" + HEAD + READ + one + "\n" + WROTE + other + "\n" + where + END


RACE = DataRace(
    "first",
    (
        Access("server.c", 18, "serve", "read"),
        Access("server.c", 20, "serve", "write"),
    ),
)


@pytest.mark.parametrize(
    "one, other",
    [
        (frame(18), frame(20)),
        (frame(18, "/home/student/server.c"), frame(20, "./server.c")),
        (LIBRARY + frame(18, number=2), frame(20)),
        (frame(18) + frame(99, number=1), frame(20) + frame(98, number=1)),
    ],
)
def test_the_innermost_own_lines_are_kept(one: str, other: str) -> None:
    assert data_races("Waiting....\n" + told(one, other, WHERE)) == (RACE,)


def test_a_race_that_is_told_again_counts_once() -> None:
    text = told(frame(18), frame(20), WHERE)
    assert data_races(text + "Client X sent a message\n" + text) == (RACE,)


def test_races_come_in_the_order_of_their_places() -> None:
    late, early = told(frame(40), frame(41)), told(frame(5), frame(6))
    for text in (late + early, early + late):
        lines = [[a.line for a in race.accesses] for race in data_races(text)]
        assert lines == [[5, 6], [40, 41]]


def test_memory_without_a_name() -> None:
    assert data_races(told(frame(18), frame(20)))[0].variable == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Done.\n",
        HEAD,
        told(LIBRARY, LIBRARY),  # nothing that a student could look up
        told(frame(18), "    [failed to restore the stack]\n"),
        "FATAL: ThreadSanitizer: unexpected memory mapping\n",
    ],
)
def test_what_names_no_two_places_is_no_race(text: str) -> None:
    assert data_races(text) == ()


def test_a_report_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = told(frame(18), frame(20))
    assert len(data_races(whole[: whole.index("SUMMARY")])) == 1
