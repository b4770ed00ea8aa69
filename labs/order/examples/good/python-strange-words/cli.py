# Team 41, PA 3
from socket import *
import sys

s = socket()
s.connect((sys.argv[1] if len(sys.argv) > 1 else 'h1', 11235))
f = s.makefile()
print('<<', f.readline(), end='')
s.send((input('>> ') + '\n').encode())
for line in f:
    print('<<', line, end='')
