#!/usr/bin/env python3
"""Programming Assignment 3 (client), Team 31"""
import socket
import sys

server = sys.argv[1] if len(sys.argv) > 1 else "10.0.0.1"
with socket.create_connection((server, 12000)) as s, s.makefile("rw") as stream:
    print("From Server:", stream.readline().strip())
    stream.write(input("Enter message to send to server: ") + "\n")
    stream.flush()
    print("From Server:", stream.readline().strip())
