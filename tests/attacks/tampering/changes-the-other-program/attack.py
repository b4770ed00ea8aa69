import os
import sys


def attack():
    if os.path.basename(sys.argv[0]) == "server.py":
        with open("answer", "w") as file:
            file.write("the answer")
    elif os.path.exists("answer"):
        print("@SUCCESS@ the server left an answer")
