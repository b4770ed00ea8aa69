import socket
import xml.etree.ElementTree as ET
ME = "Server of Narwhal"
N = 77
L = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
L.bind(("", 20202)); L.listen(4)
print("%-24s | %-24s | %6s | %6s | %6s" % ("CLIENT", "SERVER", "CNUM", "SNUM", "SUM"))
while 1:
    c, _ = L.accept()
    root = ET.fromstring(c.recv(4096).decode())
    cname = root.find("name").text
    cnum = int(root.find("number").text)
    print("%-24s | %-24s | %6d | %6d | %6d" % (cname, ME, cnum, N, cnum + N))
    c.sendall(("<reply><name>%s</name><number>%d</number></reply>" % (ME, N)).encode())
    c.close()
    if cnum < 1 or cnum > 100: break
L.close()
