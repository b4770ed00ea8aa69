import pickle, socket
print("Welcome to the sum client")
num = input("Please type a integer from 1 to 100 and press enter\n> ")
num = int(num)
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", 13000))
me = "Client of the Blue Team"
sock.send(pickle.dumps((me, num)))
(name, other) = pickle.loads(sock.recv(2048))
sock.close()
print("Client:", me, num)
print("Server:", name, other)
print("Sum   :", num + other)
