import socket, sys, time
def ask(q):
    for ch in "\033[1;33m" + q + "\033[0m ":
        sys.stdout.write(ch); sys.stdout.flush(); time.sleep(0.005)
    return sys.stdin.readline().strip()
host = ask("What is the host?")
port = int(ask("And the port?"))
name = ask("What's your name?")
ask("Press ENTER to continue...")
s = socket.create_connection((host, port))
print("hello", name, "-", s.recv(1024).decode())
while True:
    m = ask("Type your message:")
    if ask("You typed '%s'. Is this correct? [yes/no]" % m).lower() == "yes":
        break
s.sendall(m.encode())
print("From Server:", s.recv(1024).decode())
ask("Press ENTER to quit")
