import socket
import xml.etree.ElementTree as ET
ME = "Client of Narwhal"
v = int(input("value> "))
c = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
c.connect(("localhost", 20202))
c.sendall(("<msg><name>%s</name><number>%d</number></msg>" % (ME, v)).encode())
root = ET.fromstring(c.recv(4096).decode())
c.close()
sn, sv = root.find("name").text, int(root.find("number").text)
print("%-24s %d" % (ME, v))
print("%-24s %d" % (sn, sv))
print("%-24s %d" % ("SUM", v + sv))
