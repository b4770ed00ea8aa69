import socket
name = "Client of Wombat"
n = int(input("Enter an integer: "))
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12345))
s.sendall((name + " " + str(n) + "\n").encode())
line = s.makefile("r").readline().strip()
i = line.rfind(" ")
print("I am", name, "and sent", n)
print(line[:i], "sent", line[i+1:])
print("The sum is", n + int(line[i+1:]))
s.close()
