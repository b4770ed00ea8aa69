# CP372 Assignment: Client side
import socket

HOST = input("Enter the IP address of the server: ")
PORT = int(input("Enter the port number: "))

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((HOST, PORT))
name = client.recv(1024).decode('utf-8')
if name == 'MAX':
    print("The maximum number of clients is connected. Try again later.")
else:
    print("Connected to the server as " + name)
    while True:
        msg = input(name + ": ")
        if msg == '':
            continue
        client.send(msg.encode('utf-8'))
        if msg.lower() == 'exit':
            break
        print("Server: " + client.recv(8192).decode('utf-8'))
client.close()
