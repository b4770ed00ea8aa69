"""
CP372 project: Server

Built on socketserver: the module makes a thread for each connection, we write
the conversation. It asks for a name, and relays what the clients write.
"""
import datetime
import pathlib
import shutil
import socketserver
import threading

ROOM = 3
FILES = pathlib.Path(__file__).resolve().parent / "files"
guard = threading.Lock()
guests = []                 # everybody who was ever here


class Guest(socketserver.StreamRequestHandler):
    def tell(self, text):
        self.wfile.write((text + "\n").encode())

    def hear(self):
        line = self.rfile.readline()
        return line.decode(errors="surrogateescape").rstrip("\n") if line else None

    def setup(self):
        super().setup()
        self.came = datetime.datetime.now()
        self.went = None
        self.nick = ""
        with guard:
            self.accepted = sum(1 for g in guests if g.went is None) < ROOM
            if self.accepted:
                guests.append(self)
                self.label = "Client %02d" % len(guests)

    def handle(self):
        if not self.accepted:
            self.tell("Server is full, try again later.")
            return
        print(self.label, "from", self.client_address[0])
        self.tell("Please enter a name:")
        self.nick = self.hear()
        if self.nick is None:
            return
        self.tell("Your name is set as: " + self.nick)
        line = self.hear()
        while line is not None and line != "exit":
            self.reply(line)
            line = self.hear()

    def reply(self, line):
        if line == "status":
            for g in list(guests):
                self.tell(f"{g.label} ({g.nick}) connected {g.came:%c}, "
                          + (f"disconnected {g.went:%c}" if g.went else "online"))
        elif line.startswith("get "):
            path = FILES / line[4:]
            if path.parent == FILES and path.is_file():
                self.tell("FILE %d" % path.stat().st_size)
                with path.open("rb") as source:
                    shutil.copyfileobj(source, self.wfile)
            else:
                self.tell("File path is invalid.")
        else:
            self.wfile.write(line.encode(errors="surrogateescape") + b" ACK\n")
            for g in list(guests):
                if g is not self and g.went is None and g.nick:
                    try:
                        g.tell(self.nick + ": " + line)
                    except OSError:
                        pass

    def finish(self):
        if self.accepted:
            with guard:
                self.went = datetime.datetime.now()
            print(self.label, "left")
        try:
            super().finish()
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    with Server(("", 12345), Guest) as server:
        print("Server is listening...")
        server.serve_forever()
