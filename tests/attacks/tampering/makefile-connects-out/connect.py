import socket

for kind, address in (
    (socket.AF_INET, ("127.0.0.1", int("@PORT@"))),
    (socket.AF_UNIX, "\0@ABSTRACT@"),
    (socket.AF_UNIX, "@UNIX@"),
):
    one = socket.socket(kind, socket.SOCK_STREAM)
    try:
        one.connect(address)
        one.sendall(b"@SUCCESS@")
    except OSError as error:
        print(error)
