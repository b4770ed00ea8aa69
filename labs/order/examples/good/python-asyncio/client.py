"""PA3 client - Team 15. The client is a plain one, it has only one thing to do."""
import socket


def main():
    sock = socket.socket()
    sock.connect(("127.0.0.1", 12000))
    try:
        print("From Server:", sock.recv(1000).decode())
        message = input("Enter message to send to server: ")
        sock.sendall(message.encode())
        print("You sent:", message)
        print("From Server:", sock.recv(1000).decode())
    finally:
        sock.close()


main()
