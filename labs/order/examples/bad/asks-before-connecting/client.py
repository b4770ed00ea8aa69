"""PA3, Team 14: the TCP client, run it twice."""
import socket


def main():
    message = input("Enter message to send to server: ")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect(("127.0.0.1", 12000))
    sock.sendall(message.encode())
    print("Message sent:", message)
    lines = sock.makefile()
    print("From Server:", lines.readline().strip())
    print("From Server:", lines.readline().strip())
    sock.close()


if __name__ == "__main__":
    main()
