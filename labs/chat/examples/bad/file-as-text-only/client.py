"""CP372 assignment: chat client (strictly one request, one answer)"""
import socket
import sys

HELP = "Type a message, or: status, list, get FILE, exit"


def answer(stream, request):
    """Read and show the answer to one request."""
    first = stream.readline()
    if not first:
        sys.exit("The server has closed the connection.")
    text = first.decode().rstrip()
    if request.startswith("get ") and text.startswith("Sending "):
        data = stream.read(int(text.split()[1]))
        with open(request[4:], "wb") as file:
            file.write(data)
        print(f"{request[4:]}: {len(data)} bytes saved")
        return
    print(text)
    if request == "status":     # one line a client, and an empty one
        while text:
            text = stream.readline().decode().rstrip()
            print(text)


def main():
    sock = socket.create_connection(("10.0.0.1", 12345))
    stream = sock.makefile("rb")
    greeting = stream.readline().decode().rstrip()
    print(greeting)
    if not greeting.startswith("Connected"):
        return
    print(HELP)
    while True:
        line = input("you: ")
        sock.sendall(line.encode() + b"\n")
        if line == "exit":
            break
        answer(stream, line)
    sock.close()


main()
