"""Client of the Adders: sends a JSON object, prints what comes back."""

import json
import socket
import sys

HOST = "10.0.0.1"
PORT = 8888
NAME = "Client of the Adders"


def exchange(number):
    with socket.create_connection((HOST, PORT)) as sock:
        with sock.makefile("rw", encoding="utf-8") as stream:
            stream.write(json.dumps({"name": NAME, "number": number}) + "\n")
            stream.flush()
            return json.loads(stream.readline())


def main():
    try:
        number = int(input("Your integer: "))
    except ValueError:
        sys.exit("an integer, please")
    reply = exchange(number)
    print("%s has %d" % (NAME, number))
    print("%s has %d" % (reply["name"], reply["number"]))
    print("together: %d" % (number + reply["number"]))


if __name__ == "__main__":
    main()
