import socket
name = "Server of Wombat"
while True:
    my = input("Enter the server's number (1-100): ")
    if my.isdigit() and 1 <= int(my) <= 100:
        my = int(my)
        break
    print("try again")
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12345))
s.listen(1)
print("listening...")
running = True
while running:
    conn, addr = s.accept()
    print("Connection from", addr)
    line = conn.makefile("r").readline().strip()
    i = line.rfind(" ")
    cname = line[:i]
    cnum = int(line[i+1:])
    conn.sendall((name + " " + str(my) + "\n").encode())
    print("Names: %s and %s" % (cname, name))
    print("Numbers: %d and %d" % (cnum, my))
    print("Sum: %d" % (cnum + my))
    conn.close()
    if cnum > 100 or cnum < 1:
        print("Goodbye")
        running = False
s.close()
