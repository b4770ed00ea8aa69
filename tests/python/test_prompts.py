"""Do we give the answer that a program asks for?"""

from __future__ import annotations

import pytest

from grader import menus
from grader.prompts import (
    CONFIRM,
    COUNT,
    ENTER,
    HOST,
    NAME,
    NUMBER,
    OTHER,
    PORT,
    answer_to,
    kind_of,
)


@pytest.mark.parametrize(
    "said, kind",
    [
        ("Port: ", PORT),
        ("Enter the port number of the server> ", PORT),
        ("Which PORT?\n", PORT),
        ("Enter IP address and port: ", PORT),
        ("Enter host: ", HOST),
        ("Server IP [10.0.0.1]: ", HOST),
        ("Enter the server's address: ", HOST),
        ("hostname> ", HOST),
        ("Host name of the server:\n", HOST),
        ("\x1b[1mEnter the \x1b[32mhost\x1b[0m: ", HOST),
        ("Server [10.0.0.1]: ", HOST),
        ("Server (default localhost): ", HOST),
        ("Please enter the server: ", HOST),
        ("Where is the server? ", HOST),
        ("Connect to (empty = 10.0.0.1): ", HOST),
        ("Machine to connect to: ", HOST),
        ("The IPv4 of the server: ", HOST),
        ("Target: ", HOST),
        ("Domain name: ", HOST),
        ("Who listens (127.0.0.1)? ", HOST),
        ("Address to send the message to: ", HOST),
        ("Host for your text: ", HOST),
        # in other languages
        ("Dirección del servidor: ", HOST),
        ("Nombre o dirección IP del servidor: ", HOST),
        ("Adresse du serveur : ", HOST),
        ("Servidor: ", HOST),
        ("Puerto [5050]: ", PORT),
        ("Número de puerto: ", PORT),
        ("¿Cómo te llamas? [Mateo]: ", NAME),
        ("Votre nom : ", NAME),
        ("Wie heißt du? ", NAME),
        ("Escribe un número entero: ", NUMBER),
        ("Entrez un nombre entier : ", NUMBER),
        ("Entrez un nombre : ", NUMBER),
        ("Zahl: ", NUMBER),
        ("Nachricht an den Port: ", OTHER),
        ("Mensaje para el servidor: ", OTHER),
        # what speaks of a server and asks for something else
        ("Message for the server: ", OTHER),
        ("Text to the server at 10.0.0.1: ", OTHER),
        ("Tell the server something: ", OTHER),
        ("What shall the server do? ", OTHER),
        ("Press 1 to connect to the server: ", OTHER),
        ("[10.0.0.2] > ", OTHER),
        ("Your name (10.0.0.2): ", NAME),
        ("Ready? (y/n) ", CONFIRM),
        ("Use the default port 12000? [Y/N]: ", CONFIRM),
        ("Send another message (yes/no)? ", CONFIRM),
        ("Start? yes or no: ", CONFIRM),
        ("Is this correct? ", CONFIRM),
        ("Are you ready?", CONFIRM),
        ("Is that all you want to send: ", OTHER),
        ("Press Enter to connect", ENTER),
        ("Press [ENTER] to continue...", ENTER),
        ("hit <return>", ENTER),
        ("Press enter to send the message", ENTER),
        ("Enter a message, then press Enter: ", OTHER),
        ("Press ENTER after typing your message: ", OTHER),
        ("Hit return when you have written your line: ", OTHER),
        ("Press Enter when ready", ENTER),
        ("How many clients? ", COUNT),
        ("Number of connections: ", COUNT),
        ("hit any key\n", ENTER),
        ("Press any key to go on...", ENTER),
        # the lab's own questions
        ("Enter message to send to server: ", OTHER),
        ("Type a message for the host and press enter: ", OTHER),
        ("Input lowercase sentence:", OTHER),
        ("Enter your name: ", NAME),
        ("> ", OTHER),
        ("", OTHER),
        ("Enter a name to import: ", NAME),  # `port` is a part of a word
        ("Enter an integer from 1 to 100: ", NUMBER),
        ("Enter the port number: ", PORT),
        ("Enter the server name: ", HOST),
        ("Enter the sentence number: ", OTHER),
        # what was said before the question is not the question
        ("Connected to port 12000\nName: ", NAME),
        ("Enter host\nEnter message: ", OTHER),
        ("Enter port: \r\n", PORT),
        # a line that tells something asks for nothing
        ("Connecting to port 12000\n", OTHER),
        ("Connected to host 10.0.0.1\n\n", OTHER),
    ],
)
def test_the_kind_of_question(said: str, kind: str) -> None:
    assert kind_of(said) == kind


@pytest.mark.parametrize(
    "said, typed",
    [
        ('Send "Talimo"? (y/n) ', "y"),
        ("Is this correct? [yes/no]", "yes"),
        ("Are you sure?", "yes"),
        # what would go round, or end
        ("Send another message? (y/n): ", "n"),
        ("Do you want to quit? [yes/no] ", "no"),
        ("Could not connect. Try again? (y/n)", "y"),
        # which role?
        ("Are you the server? (y/n)", "n"),
        ("Run as a client? (y/n)", "y"),
        # a menu, and the lab's own question
        ("1) send\n2) quit\nchoice: ", "1"),
        ("Enter message: ", "Talimo"),
        ("Press Enter to go on", ""),
    ],
)
def test_what_is_typed(said: str, typed: str) -> None:
    answers = {CONFIRM: "yes", ENTER: "", OTHER: "Talimo"}
    assert answer_to(said, answers, menus.TO_SEND)[1] == typed


def test_a_lab_may_say_no() -> None:
    answers = {CONFIRM: "no", OTHER: "17"}
    assert answer_to("Use another name? (y/n)", answers, menus.TO_SEND)[1] == "n"
    assert answer_to("Go on? (yes/no)", answers, menus.TO_SEND)[1] == "no"
