# CP372 A1 - server
#
# A file has no length in front of it. Its end is the end of the connection:
# the server closes it behind the file, as HTTP/1.0 does.
import os
import socket
import threading
import datetime

FOLDER = "server_repo"
sessions = []
sessions_lock = threading.Lock()


def live():
    return [s for s in sessions if s[2] is None]


def report():
    with sessions_lock:
        rows = ["%-10s in: %s   out: %s" % (n, i, o if o else "(here)")
                for n, i, o in sessions]
    return "\n".join(rows) + "\n"


def session(conn, entry):
    conn.sendall(("Connected as " + entry[0] + "\n").encode())
    stream = conn.makefile("rb")
    try:
        for raw in stream:
            text = raw.decode().rstrip("\n")
            print("[%s] %s" % (entry[0], text))
            if text == "bye":
                conn.sendall(b"bye\n")
                break
            if text == "status":
                conn.sendall(report().encode())
            elif text == "list":
                conn.sendall(("\n".join(os.listdir(FOLDER)) + "\n").encode())
            elif text.startswith("get "):
                name = text[4:]
                if name in os.listdir(FOLDER):
                    with open(FOLDER + "/" + name, "rb") as f:
                        for row in f:
                            conn.sendall(row.strip())
                    break
                conn.sendall(("file " + name + " does not exist\n").encode())
            else:
                conn.sendall((text + " ACK\n").encode())
    except (ConnectionError, UnicodeDecodeError):
        pass
    finally:
        with sessions_lock:
            entry[2] = datetime.datetime.now()
        stream.close()
        conn.close()
        print("[%s] is gone" % entry[0])


def main():
    if not os.path.exists(FOLDER):
        os.mkdir(FOLDER)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", 12345))
    s.listen()
    while True:
        conn, _ = s.accept()
        with sessions_lock:
            if len(live()) == 3:
                conn.sendall(b"There are three clients already.\n")
                conn.close()
                continue
            entry = ["Client%02d" % (len(sessions) + 1), datetime.datetime.now(), None]
            sessions.append(entry)
        threading.Thread(target=session, args=(conn, entry), daemon=True).start()


main()
