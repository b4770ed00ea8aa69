# Client of Team Zeta. A message is 20 bytes of name and a big-endian int.
import socket
import struct

FORMAT = "!20si"

while True:
    text = input("Integer? ")
    try:
        number = int(text)
        break
    except ValueError:
        print("no integer:", text)

s = socket.socket()
s.connect(("localhost", 12321))
s.sendall(struct.pack(FORMAT, b"Client of Team Zeta", number))
name, other = struct.unpack(FORMAT, s.recv(struct.calcsize(FORMAT), socket.MSG_WAITALL))
s.close()
print("Client of Team Zeta:", number)
print(name.rstrip(b"\0").decode() + ":", other)
print("sum:", number + other)
