# CS 4390 - Team 23
# A thread for each client. The server's loop looks twice a second whether it
# is to end: shutdown() asks it to, from another thread.
import socketserver
import threading

ME = "Server of Team 23"
MY_NUMBER = 58


class Exchange(socketserver.StreamRequestHandler):
    def handle(self):
        name, _, text = self.rfile.readline().decode().strip().rpartition(" = ")
        try:
            number = int(text)
        except ValueError:
            return
        print(f"{name} has connected to {ME}")
        print(f"  {number} + {MY_NUMBER} = {number + MY_NUMBER}")
        self.wfile.write(f"{ME} = {MY_NUMBER}\n".encode())
        if not 1 <= number <= 100:
            print("  out of range: the server closes")
            threading.Thread(target=self.server.shutdown).start()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


with Server(("", 12000), Exchange) as server:
    server.serve_forever()
