"""CP372, group 38."""
import json
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "localhost"
lines = socket.create_connection((host, 12345)).makefile("rw", encoding="utf-8")


def hear():
    line = lines.readline()
    if not line:
        sys.exit("the server has gone")
    return json.loads(line)


first = hear()
print(first["text"])
if first["kind"] == "full":
    sys.exit()
while True:
    text = input("% ")
    if not text:
        continue
    lines.write(json.dumps({"text": text}) + "\n")
    lines.flush()
    if text == "exit":
        break
    answer = hear()
    while answer["kind"] == "piece":
        print(answer["text"], end="")
        answer = hear()
    if answer["kind"] == "status":
        for name, times in answer["people"].items():
            print(name, times["came"], times["left"] or "still here")
    elif answer["kind"] == "files":
        print("\n".join(answer["names"]))
    else:
        print(answer.get("text", ""))
