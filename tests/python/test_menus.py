"""Do we take the offer of a menu that leads on?"""

from __future__ import annotations

from dataclasses import replace
import pytest

from grader.menus import (
    TO_CONNECT,
    TO_HEAR,
    TO_SEND,
    TO_SERVE,
    Wish,
    choose,
    offers,
)

MENU = "\n==== menu ====\n1) connect to server\n2) send message\n3) quit\n\nchoice: "
ROLES = "1. Start server\n2. Start client\nSelect an option: "
SECOND = replace(TO_SEND, letter="y", number=2)


@pytest.mark.parametrize(
    "said, wish, key",
    [
        (MENU, TO_CONNECT, "1"),
        (MENU, TO_SEND, "2"),
        ("1) connect 2) send message 3) quit  choice:", TO_SEND, "2"),
        ("A) Connect\nB) Send message\nC) Exit\nYour choice? ", TO_SEND, "b"),
        ("Choose: [C]onnect  [S]end  [Q]uit: ", TO_SEND, "s"),
        ("Do you want to (s)end a message or (q)uit? ", TO_SEND, "s"),
        ("1: send\n2: receive\n0: exit\nEnter your choice [0-2]: ", TO_HEAR, "2"),
        ("1.Send\n2.Receive\n3.Exit\nChoice:", TO_HEAR, "2"),
        ("1. Connect\n2. Exit\n", TO_CONNECT, "1"),
        ("Would you like to: 1 - connect, 2 - quit? ", TO_CONNECT, "1"),
        # which role?
        (ROLES, TO_SERVE, "1"),
        (ROLES, TO_CONNECT, "2"),
        ("Run as (s)erver or (c)lient? ", TO_SERVE, "s"),
        ("Run as (s)erver or (c)lient? ", TO_CONNECT, "c"),
        ("server (s) or client (c)? ", TO_CONNECT, "c"),
        ("Server or client? ", TO_CONNECT, "client"),
        ("Enter mode (server/client): ", TO_SERVE, "server"),
        ("Enter 'server' or 'client': ", TO_CONNECT, "client"),
        ("Enter 1 for server and 2 for client: ", TO_CONNECT, "2"),
        ("Press 1 to start the server or 2 to start a client: ", TO_CONNECT, "2"),
        ("[1] Server\n[2] Client\n> ", TO_CONNECT, "2"),
        ("s - server\nc - client\nWhat do you want to run? ", TO_SERVE, "s"),
        # who is asked?
        ("Are you client X or Y? ", SECOND, "y"),
        ("Enter client number (1 or 2): ", SECOND, "2"),
        ("Enter client name (X/Y): ", replace(TO_SEND, letter="x"), "x"),
        # one certain word
        ("Type 'start' to begin: ", TO_CONNECT, "start"),
        # with colours, and by a program that writes over its own line
        ("\x1b[1m1)\x1b[0m connect\n\x1b[1m2)\x1b[0m send\n> ", TO_SEND, "2"),
    ],
)
def test_the_offer_that_leads_on(said: str, wish: Wish, key: str) -> None:
    assert choose(said, wish) == key


@pytest.mark.parametrize(
    "said",
    [
        "",
        "> ",
        "Enter message to send to server: ",
        "Enter your name or message: ",
        "Enter text (letters or digits): ",
        "Enter server IP (e.g. 10.0.0.1): ",
        "Type 'exit' to quit, or enter message: ",
        "Enter message ('q' to quit): ",
        "Instructions:\n1. wait for the other\n2. type your message\nMessage: ",
        "Client X connected\nEnter message: ",
        "Y: Bob received before X: Alice\nX: Alice\n",
        "Port: 12000\nHost: 10.0.0.1\n",
        "From Server: Client X connected\nEnter message (max 1024 bytes): ",
    ],
)
def test_what_is_no_menu(said: str) -> None:
    assert choose(said, TO_SEND) is None


def test_what_ends_the_program_is_never_taken() -> None:
    said = "1) quit\n2) exit\nchoice: "
    assert [offer.key for offer in offers(said)] == ["1", "2"]
    assert choose(said, TO_SEND) is None
