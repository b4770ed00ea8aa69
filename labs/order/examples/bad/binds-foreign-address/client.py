"""PA3, Team 14: the TCP client, run it twice."""
import socket


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect(("192.168.56.101", 12000))
    print("From Server:", sock.recv(1024).decode())
    message = input("Enter message to send to server: ")
    sock.sendall(message.encode())
    print("Message sent:", message)
    print("From Server:", sock.recv(1024).decode())
    sock.close()


if __name__ == "__main__":
    main()
