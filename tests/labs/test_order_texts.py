"""Is a text of lab `order` read as a careful person would read it?

Real servers word the announcement and the acknowledgement in many ways. Here
A and B stand for the messages that were typed.
"""

from __future__ import annotations

import re
from typing import Set, Tuple

import pytest

from grader.names import Names
from tests.labs.order_words import ONE, OTHER, sentences, typed


def swapped(text: str) -> str:
    """The text with X and Y changed over, and nothing else."""
    other = {"X": "Y", "Y": "X", "x": "y", "y": "x"}
    letter = r"[XY](?![a-z])|(?:^|(?<=client)|(?<=[ _]))[xy](?![a-z])"
    return re.sub(letter, lambda match: other[match.group()], text)


# ---- the announcement ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Client X connected",
        "Client X Connected.",
        "client x connected\n",
        "CLIENT X CONNECTED",
        "  Client   X\tconnected  ",
        "From Server: Client X connected",
        "'Client X' connected",
        "Client “X” connected!",
        "Client X: connected",
        "Client: X connected",
        "Client-X connected",
        "Client_X connected",
        "Client(X) connected",
        "ClientX connected",
        "clientx connected",
        "Client X has connected to the server",
        "Client X is now connected",
        "Client X successfully connected.",
        "Client X accepted",
        "Client X joined",
        "Client X connection established",
        "Client 1 (X) connected",
        "Client 1: X connected",
        "X connected",
        "X: connected",
        "Welcome, client X",
        "Welcome X!",
        "Connected as X",
        "Connected as client X",
        "connected: X",
        "You are connected as Client X",
        "You are now connected as X",
        "Connection established: you're X",
        "Connected! Your label is X",
        "Connected. You are client X.",
        "Connection accepted, you have been labelled X",
        "\x1b[32mClient X connected\x1b[0m",
        "\u200bClient X\u200b connected",
        "Client\xa0X connected",
        "Client X connected\r\n",
        "Client X connected" + "\0" * 100,
        "b'Client X connected'",
        # spelling slips
        "Cleint X connected",
        "Clinet X connected",
        "Client X conected",
        "Client X connectd",
        "Client X conneted",
        "Client X connnected",
        "Client X connetced",
        # about the other client too
        "You are client X\nClient Y has joined",
        "Client Y connected. You are client X.",
        "Client X connected, waiting for client Y",
        "Client X connected. Waiting for client Y to connect...",
        "Client X connected and waiting for Y",
        "Client X connected; client Y is not there yet",
        "Waiting for client Y. Client X connected.",
        "Client X connected\nClient Y disconnected",
        "Client X connected\nconnection to client Y closed",
        # joined to the acknowledgement
        "Client X connectedX: A received before Y: B",
        "Client X connected X: A received before Y: B",
        "Client X connected\nY: B received before X: A",
    ],
)
def test_announces_x(text: str) -> None:
    assert set(sentences.announced(typed(text))) == {"X"}
    # Also the other letter: nothing of this may rest on X being X.
    assert set(sentences.announced(swapped(typed(text)))) == {"Y"}


@pytest.mark.parametrize(
    "text",
    [
        "Client X and Client Y connected",
        "Clients X and Y are connected",
        "Both X and Y are connected",
        "Client X connected\nClient Y connected",
        "X connected, Y connected",
    ],
)
def test_announces_both_and_so_neither(text: str) -> None:
    assert set(sentences.announced(text)) == {"X", "Y"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "You are client X",  # not that it is connected
        "Client X",
        "Client connected",  # not which
        "Both clients connected",
        "Connected to the server",
        "Client 1 connected",
        "Client A connected",
        "Client X disconnected",
        "Client X is not connected",
        "Waiting for client X to connect",
        "Client X failed to connect",
        "X: A received before Y: B",
        "Client X: A received before Client Y: B",
        "X: I am connected received before Y: ready",
        "Client X sent message 1: A",
        "exit connected",
        "Max connected",
        "ready\nClient X: hi",
    ],
)
def test_announces_nobody(text: str) -> None:
    assert sentences.announced(typed(text)) == []


@pytest.mark.parametrize(
    "text, letters",
    [
        ("You are client X", {"X"}),
        ("You're Y", {"Y"}),
        ("Your name is X", {"X"}),
        ("Client X", {"X"}),
        ("Hello", set()),
        ("X: A received before Y: B", set()),
        ("exit, please", set()),
    ],
)
def test_names_a_letter_without_a_greeting(text: str, letters: Set[str]) -> None:
    assert set(sentences.names_a_letter(typed(text))) == letters


# ---- the acknowledgement ---------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "X: A received before Y: B",
        "x: a RECEIVED Before y: b".replace("a ", "A ").replace(": b", ": B"),
        "X : A received before Y : B",
        "X:A received before Y:B",
        "X - A received before Y - B",
        "[X] A received before [Y] B",
        "(X) A received before (Y) B",
        "From Server: X: A received before Y: B",
        "From Server:  X: A received before Y: B.",
        "X: 'A' received before Y: 'B'",
        'X: "A" received before Y: "B".',
        "X: “A” received before Y: “B”!",
        "Client X: A received before Client Y: B",
        "ClientX: A received before ClientY: B",
        "client_x: A received before client_y: B",
        "Client X's message A was received before client Y's message B",
        "Message from client X: A received before message from client Y: B",
        "Client X message: A was received before Client Y message: B",
        "Client X sent A, received before client Y sent B",
        "X says A received before Y says B",
        "A from X received before B from Y",
        "A from client X was received before B from client Y",
        "A (X) received before B (Y)",
        "X: Client X: A received before Y: Client Y: B",
        "X: Client X : A received before Y: Client Y : B",
        "X:\tA\treceived  before\u3000Y:\xa0B",
        "X: \u200bA\u200b received before Y: \ufeffB",
        "X: A\nreceived before\nY: B",
        "X: A\r\nreceived before Y: B\r\n",
        "\x1b[1mX: A\x1b[0m received before \x1b[1mY: B\x1b[0m",
        "X: A received before Y: B" + "\0" * 50,
        "Before Y: B, X: A was received",
        # as Python shows bytes, lists and addresses
        "X: b'A' received before Y: b'B'",
        'X: b"A\\n" received before Y: b"B\\n"',
        "b'X: A' received before b'Y: B'",
        "b\"X: b'A' received before Y: b'B'\"",
        "['X', 'A'] received before ['Y', 'B']",
        "{'X': 'A'} received before {'Y': 'B'}",
        "Client X ('10.0.0.2', 4000): A received before Client Y ('10.0.0.3', 41): B",
        # more words between the label and the message
        'X said "A" and it was received before Y said "B"',
        "X typed A; this was received before Y typed B",
        "X's name A was received before Y's name B",
        "X (first): A received before Y (second): B",
        "X: A (10:22:31) received before Y: B (10:22:33)",
        "Message 1 (X): A received before Message 2 (Y): B",
        # the same thing said twice, or joined to something else
        "X: A received before Y: B\nX: A received before Y: B\n",
        "X: A received before Y: BX: A received before Y: B",
        "Client X connectedX: A received before Y: B",
        "X: A received before Y: B\nYour message: A",
        "X: A received before Y: B\nYour message: B",
        "You sent: B\nX: A received before Y: B",
        "Y: B\nX: A\nX: A received before Y: B",
        "Client X sent message 1: A\nX: A received before Y: B\nBye, client Y",
        "X: %sreceived before Y: B" % ONE,
        "X: A received beforeY: B",
        "X: A receivedbefore Y: B",
        # behind the length of what follows
        "0042X: A received before Y: B",
        "42X: A received before Y: B\n",
    ],
)
def test_says_all_there_is_to_say(text: str) -> None:
    found = sentences.read(typed(text), ONE, OTHER)
    assert found is not None
    assert found.first == ONE and found.letters == ("X", "Y")
    assert found.says_before and found.says_received and found.has_messages
    assert not found.misspelt and not found.own_letters
    # The other way round, it is the other one.
    back = sentences.read(swapped(typed(text)), OTHER, ONE)
    assert back.first == ONE and back.letters == ("Y", "X")


@pytest.mark.parametrize(
    "word",
    "recieved Recieved recived receieved recevied receved recieveed reciev"
    " receivd rreceived receivef".split(),
)
def test_a_spelling_slip_in_received_is_noted(word: str) -> None:
    found = sentences.read(typed("X: A %s before Y: B" % word), ONE, OTHER)
    assert found.says_received and found.says_before
    assert found.misspelt == (word != "receivd" or found.misspelt)
    assert found.letters == ("X", "Y")


@pytest.mark.parametrize("word", "befor befroe beofre befoore bfore".split())
def test_a_spelling_slip_in_before_is_understood(word: str) -> None:
    found = sentences.read(typed("X: A received %s Y: B" % word), ONE, OTHER)
    assert found.says_before and found.first == ONE


@pytest.mark.parametrize(
    "text, first, letters, before, received",
    [
        # a word is missing
        ("X: A before Y: B", "A", "XY", True, False),
        ("X: A arrived before Y: B", "A", "XY", True, False),
        ("X: A came before Y: B", "A", "XY", True, False),
        ("Y: B received after X: A", "A", "XY", False, True),
        ("X: A received first, Y: B received second", "A", "XY", False, True),
        ("X: A received first, then Y: B", "A", "XY", False, True),
        ("First: X: A, Second: Y: B", "A", "XY", False, False),
        ("1st: X: A 2nd: Y: B", "A", "XY", False, False),
        ("X: A followed by Y: B", "A", "XY", False, False),
        ("X: A received; after that Y: B", "A", "XY", False, True),
        ("Y: B second, X: A first", "A", "XY", False, False),
        ("Y: B was preceded by X: A", "A", "XY", False, False),
        ("X: A received earlier than Y: B", "A", "XY", False, True),
        ("Y: B received later than X: A", "A", "XY", False, True),
        ("After X: A, Y: B was received", "A", "XY", False, True),
        # a letter is missing
        ("A received before B", "A", "  ", True, True),
        ("X: A received before B", "A", "X ", True, True),
        ("A received before Y: B", "A", " Y", True, True),
        ("Client 1: A received before Client 2: B", "A", "  ", True, True),
        ("A was received before B.", "A", "  ", True, True),
        # letters the wrong way round are read as they stand
        ("Y: A received before X: B", "A", "YX", True, True),
        ("X: A received before X: B", "A", "XX", True, True),
    ],
)
def test_says_less(
    text: str, first: str, letters: str, before: bool, received: bool
) -> None:
    found = sentences.read(typed(text), ONE, OTHER)
    assert found is not None
    assert found.first == typed(first)
    assert tuple(letter.strip() for letter in letters) == found.letters
    assert (found.says_before, found.says_received) == (before, received)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Client X connected",
        "X: A received",
        "received before",
        "Both messages received: A B",
        "Client X: A\nClient Y: B",
        "X: A received and Y: B received",
        "X: Alice received before Y: Bob",  # other messages than those typed
        "AB",
        "X received before Y",
    ],
)
def test_does_not_say_which_message_was_first(text: str) -> None:
    assert sentences.read(typed(text), ONE, OTHER) is None


@pytest.mark.parametrize(
    "text, letters",
    [
        ("X received before Y", ("X", "Y")),
        ("Client Y was received before Client X", ("Y", "X")),
        ("Y received after X", ("X", "Y")),
        ("Hello\nX before Y\n", ("X", "Y")),
    ],
)
def test_letters_alone_may_say_it(
    text: str, letters: Tuple[str, str]
) -> None:
    found = sentences.read_letters(text)
    assert found.letters == letters
    assert not found.has_messages
    assert found.says_before == ("before" in text)


@pytest.mark.parametrize(
    "text", ["", "X received", "X before X", "Max before Roy", "X and Y"]
)
def test_letters_that_do_not_say_it(text: str) -> None:
    assert sentences.read_letters(text) is None


@pytest.mark.parametrize(
    "one, other",
    [
        ("hi", "hi there"),
        ("hello from client X", "hello from client Y"),
        ("I was received before you", "no, before me"),
        ("before", "after"),
        ("received before", "first"),
        ("First_message", "Second_message"),
        ("this is the second", "this was first"),
        ("client", "server"),
        ("x", "y"),
        ("Client X connected", "Client Y connected"),
        ("a", "b"),
        ("ab", "b"),
        ("1", "12"),
        ("*", "**"),
        ("(", "a+b"),
        ("What's up?", "Not much..."),
        ("Ähm", "né"),
        ("A" * 500, "A" * 501),
    ],
)
@pytest.mark.parametrize(
    "form", ["X: %s received before Y: %s", "Client X: %s received before Client Y: %s"]
)
def test_messages_may_hold_any_words(one: str, other: str, form: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = sentences.read(form % (first, second), one, other)
        assert found is not None and found.first == first
        assert found.letters == ("X", "Y")
        assert found.says_before and found.says_received


@pytest.mark.parametrize("words", ["received", "I received it", "before"])
def test_words_in_a_message_are_not_words_of_the_server(words: str) -> None:
    text = "X: %s then Y: %s" % (words, OTHER)
    found = sentences.read(text, words, OTHER)
    assert found.first == words
    assert not found.says_received and not found.says_before


@pytest.mark.parametrize("quoted", ['"', "'' ", "\u200b", ""])
def test_a_message_without_words_is_in_no_sentence(quoted: str) -> None:
    assert sentences.read("X: A received before Y: B", quoted, "B") is None


def test_the_same_message_twice_is_told_apart_by_the_letters() -> None:
    found = sentences.read("Y: hi received before X: hi", "hi", "hi")
    assert found.letters == ("Y", "X") and found.has_messages
    assert sentences.read("X: hi", "hi", "hi") is None


def test_the_last_of_several_sentences_counts() -> None:
    text = typed("X: A received before Y: B\nY: B received before X: A\n")
    assert sentences.read(text, ONE, OTHER).first == OTHER


def test_no_made_up_name_is_mistaken_for_a_word() -> None:
    """Also those that are like `before` but for one letter."""
    source = Names(5, "texts")
    names = [source.fresh() for _ in range(400)] + ["Befora", "Befure", "Refore"]
    for one, other in zip(names, names[1:]):
        text = "X: %s received before Y: %s" % (one, other)
        found = sentences.read(text, other, one)
        assert found.first == one and found.letters == ("X", "Y")
        assert sentences.announced("Client X: %s" % one) == []
        assert sentences.read("X: %s\nY: %s" % (one, other), one, other) is None


# ---- what the client itself wrote ------------------------------------------


@pytest.mark.parametrize(
    "text, letters, own",
    [
        # The server's label stands before what the client sent.
        ("Y: Client X: A received before X: Client Y: B", "YX", False),
        ("X: Client X: A received before Y: Client Y: B", "XY", False),
        # Only the clients name themselves.
        ("Client X: A received before Client Y: B", "XY", True),
        # The server has taken off what the client wrote.
        ("Y: A received before X: B", "YX", False),
    ],
)
def test_whose_label_it_is(text: str, letters: str, own: bool) -> None:
    prefixes = ("Client X: ", "Client Y: ")
    found = sentences.read(typed(text), ONE, OTHER, prefixes)
    assert found.first == ONE
    assert found.letters == tuple(letters)
    assert found.own_letters == own
