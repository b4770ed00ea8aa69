#
# CP372 Assignment 1
# Client: status, list, f (asks for a file), exit
#
import socket


class Client:
    def __init__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.connect((socket.gethostbyname(socket.gethostname()), 12345))

    def send(self, text):
        self.sock.sendall(text.encode())

    def receive(self, size=65536):
        return self.sock.recv(size).decode()

    def introduce(self):
        self.name = self.receive()
        if not self.name:
            print("The server is full.")
            return False
        self.send(self.name)
        print(self.receive())
        return True

    def getFile(self):
        print(self.receive())
        fileName = input("File: ")
        self.send(fileName)
        head = self.sock.recv(10)
        if head.startswith(b"-1"):
            print((head + self.sock.recv(100)).decode())
            return
        size = int(head)
        with open("from_server_" + fileName, "wb") as f:
            while size > 0:
                data = self.sock.recv(min(size, 4096))
                if not data:
                    return
                f.write(data)
                size -= len(data)
        print("Done: from_server_" + fileName)

    def talk(self):
        while True:
            text = input(self.name + "> ")
            if text == "":
                continue
            self.send(text)
            if text == "exit":
                break
            if text == "f":
                self.getFile()
            else:
                print(self.receive())


if __name__ == "__main__":
    client = Client()
    if client.introduce():
        client.talk()
    client.sock.close()
