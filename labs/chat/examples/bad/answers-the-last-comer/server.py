# CP372, group 22
import socket
import threading
import time

record = []  # [name, from, to]
lock = threading.Lock()


def answer(text):
    connection.sendall((text + "\n").encode())  # whoever came last


def talk(own, entry):
    own.sendall(("Connected as " + entry[0] + "\n").encode())
    for line in own.makefile():
        line = line.rstrip("\n")
        if line == "exit":
            break
        if line == "status":
            own.sendall("".join("%s: %s - %s\n" % tuple(e) for e in record).encode())
        else:
            answer(line + " ACK")
    entry[2] = time.strftime("%H:%M:%S")
    own.shutdown(socket.SHUT_RDWR)
    own.close()


listener = socket.create_server(("", 12345))
print("waiting", flush=True)
while True:
    connection, _ = listener.accept()
    with lock:
        if len([e for e in record if e[2] == "-"]) >= 3:
            connection.sendall(b"server full\n")
            connection.close()
            continue
        record.append(["Client%02d" % (len(record) + 1), time.strftime("%H:%M:%S"), "-"])
        threading.Thread(target=talk, args=(connection, record[-1]), daemon=True).start()
