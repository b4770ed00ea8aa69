import socket
MENU = """
==== PA3 client ====
1) connect to server
2) send message
3) show the result
4) quit
"""
sock = None
while True:
    print(MENU)
    choice = input("choice: ")
    if choice == "1":
        if sock:
            print("already connected")
            continue
        sock = socket.socket()
        sock.connect(("127.0.0.1", 9999))
        print("waiting for the other client...")
        print("From Server: " + sock.recv(1024).decode())
    elif choice == "2":
        if not sock:
            print("connect first!")
            continue
        text = input("message: ")
        if input("send '" + text + "'? (y/n) ") != "y":
            continue
        sock.send(text.encode())
    elif choice == "3":
        print("From Server: " + sock.recv(1024).decode())
    elif choice == "4":
        print("bye")
        break
    else:
        print("no such choice")
if sock:
    sock.close()
