import socket
n = int(input("Number: "))
s = socket.socket()
s.connect(("localhost", 12000))
s.send(str({"name": "Client of Kudu", "number": n}).encode())
print("sent Client of Kudu", n)
s.close()
