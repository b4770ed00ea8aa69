import socket, pickle
while True:
    n = int(input("Number between 1 and 100: "))
    if 1 <= n <= 100: break
    print("Nope")
s = socket.socket(); s.connect(("localhost", 9999))
s.sendall(pickle.dumps({"name": "Client of Goose", "number": n}))
d = pickle.loads(s.recv(4096))
print("Client of Goose", n); print(d["name"], d["number"]); print("sum", n + d["number"])
