#!/usr/bin/env python3
"""
Programming Assignment 3: TCP client Y
Team 11

The server decides whether this client is called X or Y: the first one to
connect is X. Start this one second to get the name in the file name.
"""
import socket

SERVER = ("localhost", 12000)

with socket.create_connection(SERVER) as sock:
    print("Connected, waiting for the other client")
    lines = sock.makefile("r", encoding="utf-8")
    print("From Server:", lines.readline().strip())

    text = input("Enter message to send to server: ")
    sock.sendall(text.encode("utf-8"))
    print("Sent:", text)

    print("From Server:", lines.readline().strip())
