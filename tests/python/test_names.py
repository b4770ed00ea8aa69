"""Are the names that we type fresh, telling, and the same for the same seed?"""

from __future__ import annotations

import pytest

from grader import names
from grader.names import Names


def test_the_same_seed_and_scenario_give_the_same_names() -> None:
    one, two = Names(7, "exchange[a]"), Names(7, "exchange[a]")
    assert [one.fresh() for _ in "12345"] == [two.fresh() for _ in "12345"]
    assert one.number(1, 1000) == two.number(1, 1000)


def test_another_seed_or_scenario_gives_others() -> None:
    told = {
        Names(seed, scenario).fresh()
        for seed in range(50)
        for scenario in ("exchange[a]", "exchange[b]")
    }
    assert len(told) > 90


def test_what_was_handed_in_gives_others_too() -> None:
    """Or who graded at home would know what is typed when it counts."""
    told = {Names(1, "exchange[a]", "%064x" % n).fresh() for n in range(50)}
    assert len(told) > 45
    one, two = Names(1, "exchange[a]", "ab"), Names(1, "exchange[a]", "ab")
    assert one.fresh() == two.fresh()


def test_no_name_is_part_of_another_or_holds_a_letter_of_a_lab() -> None:
    source = Names(1, "many")
    made = [source.fresh() for _ in range(500)]
    assert len(set(made)) == 500
    assert {len(name) for name in made} == {6}
    assert not set("xyXY") & set("".join(made))
    assert all(name.isascii() and name.isalpha() for name in made)


class Loaded:
    """A die that throws one word first, and then any."""

    def __init__(self, word: str) -> None:
        self._letters = list(word)

    def choice(self, letters: str) -> str:
        return self._letters.pop(0) if self._letters else letters[0]


@pytest.mark.parametrize("word", ["Before", "Delete", "Rename", "Remove"])
def test_a_name_is_no_word_that_a_program_may_act_on(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Names(1, "any")
    monkeypatch.setattr(source, "_random", Loaded(word))
    assert source.fresh() == "Bababa"


def test_every_word_that_is_left_out_could_have_been_a_name() -> None:
    for word in names._WORDS:
        assert word[0].upper() in names._FIRST, word
        assert set(word[2::2]) <= set(names._CONSONANTS), word
        assert set(word[1::2]) <= set(names._VOWELS), word
        assert len(word) == 6, word


def test_numbers_keep_to_their_bounds() -> None:
    source = Names(1, "sum")
    drawn = [source.number(1, 3) for _ in range(100)]
    assert set(drawn) == {1, 2, 3}
