"""Are copies found however they are renamed, and nobody else?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, List, Tuple

import pytest

import made_class
from grader import similar
from grader.layout import SourceFile

needs_it = pytest.mark.skipif(
    not shutil.which(similar.PROGRAM), reason="no similarity-tester here"
)


def source(text: str, path: str = "server.py", language: str = "python") -> SourceFile:
    return SourceFile(path, language, text, text.count("\n"), 0.0)


def made(seed: int, word: str = "v") -> Tuple[SourceFile, ...]:
    return (source(made_class.code(seed, word)),)


def pairs(folder: Path, *class_: Tuple[str, Tuple[SourceFile, ...]]) -> List[Any]:
    found = similar.compare(folder, iter(class_))
    assert not found.problem
    return [(pair.one, pair.other) for pair in found.pairs]


@needs_it
def test_a_copy_with_other_names_texts_and_comments_is_found(tmp_path: Path) -> None:
    copied = source("# all mine\n" + made_class.code(1, "other"))
    found = similar.compare(
        tmp_path, [("a", made(1)), ("b", made(2)), ("c", (copied,)), ("d", made(3))]
    )
    [pair] = found.pairs
    assert {pair.one, pair.other} == {"a", "c"} and pair.language == "python"
    assert pair.share >= 95 and pair.back >= 95 and found.compared == 4


@needs_it
def test_of_three_copies_each_pair_is_told_once(tmp_path: Path) -> None:
    found = pairs(tmp_path, *[(name, made(1, name)) for name in "abc"], ("d", made(2)))
    assert sorted(map(sorted, found)) == [["a", "b"], ["a", "c"], ["b", "c"]]


@needs_it
def test_what_the_lab_gives_to_everybody_does_not_count(tmp_path: Path) -> None:
    given = made_class.code(7, "given")
    class_ = [
        (name, (source(given + made_class.code(at, name)),))
        for at, name in enumerate("abcd", 20)
    ]
    larger = given * 3  # with this much in common they would all be alike
    alike = [(name, (source(larger + own[0].text),)) for name, own in class_]
    assert len(pairs(tmp_path, *alike)) == 6
    (tmp_path / "starter" / "python").mkdir(parents=True)
    (tmp_path / "starter" / "python" / "server.py").write_text(larger)
    assert pairs(tmp_path, *alike) == []
    copied = (source(larger + made_class.code(20, "z")),)
    assert pairs(tmp_path, *alike, ("z", copied)) == [("a", "z")]


@needs_it
def test_short_sources_and_other_languages_say_nothing(tmp_path: Path) -> None:
    short = (source("print(1)\n" * 5),)
    assert pairs(tmp_path, ("a", short), ("b", short)) == []
    text = "int f(int a) { return a * 2 + %s; }\n" * 20
    c, java = source(text, "a.c", "c"), source(text, "A.java", "java")
    assert pairs(tmp_path, ("a", (c,)), ("b", (java,))) == []
    assert pairs(tmp_path, ("a", (c,)), ("b", (c,))) == [("a", "b")]


@needs_it
def test_bytes_of_any_kind_do_no_harm(tmp_path: Path) -> None:
    odd = "".join(map(chr, range(1, 700))) * 9 + "\udc80 \x00 '''" + "x" * 70_000
    endless = source("x(" * 200_000)
    found = similar.compare(
        tmp_path, [("../a\n/", (source(odd),)), ("-p", (endless,)), ("c", made(3))]
    )
    assert found.problem == ""


def test_all_words_are_plain_whatever_the_source_holds() -> None:
    text = "naïve = größe.länge('%s') # \x00\n\u2028if x: 0x1F + 3.5" % ("é" * 9)
    words = similar.words_of(source(text))
    assert all(word.isascii() and word.isalnum() and len(word) > 2 or word == "of"
               for word in words), words  # fmt: skip
    assert "keyif" in words and "string" in words and "number" in words


def test_where_the_tool_is_missing_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = similar.compare(tmp_path, [("a", made(1)), ("b", made(1))])
    assert found.pairs == () and "not installed" in found.problem
    assert "similarity-tester" in found.install
