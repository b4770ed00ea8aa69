# Assignment CP372 - client
import socket
import sys

server = socket.create_connection(("127.0.0.1", 12345)).makefile("rwb")
hello = server.readline().decode().strip()
print(hello)
if not hello.startswith("You are"):
    sys.exit()
print("status, list, fetch=<document> and exit are commands")
while True:
    text = input("? ")
    server.write((text + "\n").encode())
    server.flush()
    if text == "exit":
        break
    reply = server.readline().decode(errors="replace").strip("\n")
    if text.startswith("fetch=") and reply.startswith("LENGTH "):
        with open("received_" + text[6:], "wb") as copy:
            copy.write(server.read(int(reply[7:])))
        reply = "saved as received_" + text[6:]
    print(reply)
