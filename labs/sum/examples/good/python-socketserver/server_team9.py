"""Team Nine: the server, with the socketserver module."""
import socketserver

NAME = "Server of Team Nine"
NUMBER = 42


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode().strip()
        name, _, text = line.rpartition(": ")
        try:
            number = int(text)
        except ValueError:
            self.wfile.write(b"error: not a number\n")
            return
        print("%s has connected to %s" % (name, NAME))
        print("%-8s%4d" % ("client", number))
        print("%-8s%4d" % ("server", NUMBER))
        print("%-8s%4d" % ("sum", number + NUMBER))
        self.wfile.write(("%s: %d\n" % (NAME, NUMBER)).encode())
        if not 1 <= number <= 100:
            self.server.running = False


class Server(socketserver.TCPServer):
    allow_reuse_address = True
    running = True


with Server(("", 12000), Handler) as server:
    while server.running:
        server.handle_request()
print("bye")
