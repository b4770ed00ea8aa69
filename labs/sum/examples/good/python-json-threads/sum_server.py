"""Server of the Adders: JSON, one thread for each client.

A thread that gets a number out of range shuts the listening socket down. That
wakes the main thread, which waits in accept(), and the program ends.
"""

import json
import socket
import threading

PORT = 8888
NAME = "Server of the Adders"
NUMBER = 42


class SumServer:
    def __init__(self):
        self.listener = socket.create_server(("", PORT))
        self.printing = threading.Lock()
        self.over = threading.Event()

    def run(self):
        print(NAME, "listens on port", PORT)
        while not self.over.is_set():
            try:
                connection, address = self.listener.accept()
            except OSError:
                break
            threading.Thread(target=self.serve, args=(connection,)).start()
        self.listener.close()

    def serve(self, connection):
        with connection, connection.makefile("rw", encoding="utf-8") as stream:
            try:
                message = json.loads(stream.readline())
                name, number = message["name"], int(message["number"])
            except (ValueError, KeyError, TypeError) as error:
                print("bad message:", error)
                return
            with self.printing:
                print(f"{name} has connected to {NAME}")
                print(f"   {number} + {NUMBER} = {number + NUMBER}")
            stream.write(json.dumps({"name": NAME, "number": NUMBER}) + "\n")
        if not 1 <= number <= 100:
            print("out of range: no more clients")
            self.over.set()
            self.listener.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    SumServer().run()
