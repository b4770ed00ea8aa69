#
# CP372 Assignment 1
# Server: hands out the name, the client tells it back, then they talk
#
import os
import socket
import threading
import time


class ClientHandler(threading.Thread):
    def __init__(self, server, sock, addr, clientID):
        super().__init__()
        self.server = server
        self.sock = sock
        self.addr = addr
        self.clientID = clientID
        self.name = None
        self.startTime = time.time()
        self.endTime = None

    def send(self, text):
        self.sock.sendall(text.encode())

    def receive(self):
        return self.sock.recv(1024).decode()

    def run(self):
        try:
            self.send("Client%02d" % self.clientID)
            self.name = self.receive()
            print("Client %d says that it is %s" % (self.clientID, self.name))
            self.send("OK " + self.name)
            while self.handle(self.receive()):
                pass
        except OSError:
            print("lost", self.clientID)
        finally:
            self.endTime = time.time()
            self.sock.close()
            self.server.remove(self)

    def handle(self, text):
        if text == "" or text == "exit":
            return False
        if text == "status":
            self.send(self.server.status())
        elif text == "list":
            self.send("\n".join(self.server.files()))
        elif text == "f":
            self.send("Which file?")
            self.sendFile(self.receive())
        else:
            self.send(text + "ACK")
        return True

    def sendFile(self, fileName):
        if fileName not in self.server.files():
            self.send("-1 no file of this name")
            return
        with open(fileName, "rb") as f:
            data = f.read()
        # ten digits, then the file
        self.sock.sendall(b"%010d" % len(data) + data)


class Server:
    maxClients = 3

    def __init__(self):
        self.active = []
        self.everybody = []
        self.lock = threading.Lock()

    def files(self):
        """Our repository is the folder of the server itself."""
        return [n for n in os.listdir(".") if os.path.isfile(n)]

    def status(self):
        text = ""
        for c in self.everybody:
            text += "Client%02d  %s  " % (c.clientID, time.ctime(c.startTime))
            text += time.ctime(c.endTime) if c.endTime else "connected"
            text += "\n"
        return text

    def remove(self, handler):
        with self.lock:
            self.active.remove(handler)

    def start(self):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind((socket.gethostbyname(socket.gethostname()), 12345))
        listener.listen(1)
        print("Server listens at", listener.getsockname())
        while True:
            sock, addr = listener.accept()
            with self.lock:
                if len(self.active) == Server.maxClients:
                    sock.close()
                    continue
                handler = ClientHandler(self, sock, addr, len(self.everybody) + 1)
                self.active.append(handler)
                self.everybody.append(handler)
            handler.start()


if __name__ == "__main__":
    Server().start()
