# PA3 Team 13 server
# why threads? because conn.recv waits forever for one client and the other
# client would have to wait too even if it was first. with a thread for every
# client they don't disturb each other and we can see who was really first.
import socket
import threading
import time

msgs = []

def handle(conn, name):
    m = conn.recv(1024).decode()
    msgs.append([name, m])
    print("Client", name, "sent message", str(len(msgs)) + ": " + m)

s = socket.socket()
s.bind(("", 12000))
s.listen()
print("The server is waiting to receive 2 connections....")
c1, a1 = s.accept()
print("Accepted first connection, calling it client X")
time.sleep(0.5)
c2, a2 = s.accept()
print("Accepted second connection, calling it client Y")
time.sleep(1)       # give the clients time to get ready
c1.send(b"Client X connected")
c2.send(b"Client Y connected")
print("Waiting to receive messages from client X and client Y....")
threading.Thread(target=handle, args=(c1, "X")).start()
threading.Thread(target=handle, args=(c2, "Y")).start()
while len(msgs) < 2:
    time.sleep(0.2)
ack = msgs[0][0] + ": " + msgs[0][1] + " recieved before " + msgs[1][0] + ": " + msgs[1][1]
c1.send(ack.encode())
c2.send(ack.encode())
print("Sent acknowledgement to both X and Y")
print("Waiting a bit for clients to close their connections")
time.sleep(1)
c1.close()
c2.close()
print("Done.")
