# Programming Assignment 2, UDP pinger
# Team 7
import time
from socket import *

pinger = socket(AF_INET, SOCK_DGRAM)
pinger.settimeout(1)
for number in range(1, 11):
    start = time.time()
    pinger.sendto(("Ping %d" % number).encode(), ("10.0.0.1", 12000))
    try:
        pinger.recvfrom(1024)
        print("Ping %d: %.3f ms" % (number, 1000 * (time.time() - start)))
    except timeout:
        print("Ping %d: no answer" % number)
