#server for assignment 1
import socket
import threading
import os
import datetime

host="127.0.0.1"
port=12345
s=socket.socket(socket.AF_INET,socket.SOCK_STREAM)
s.bind((host,port))
s.listen(3)
print("SERVER ON")

list_of_clients=[]
history=[]
id=0
def getTime():
    return datetime.datetime.now().strftime("%b %d %Y %H:%M:%S")

def thread_function(c,record):
    c.send(record[0].encode())
    run=True
    while run:
        try:
            m=c.recv(1024).decode()
        except:
            m=""
        if m=="":
            run=False
        else:
            parts=m.split("|",1)
            if parts[0]=="MSG":
                c.send((parts[1]+" ACK").encode())
            elif parts[0]=="STATUS":
                t=""
                for h in history:
                    t=t+h[0]+" connected "+h[1]+" disconnected "+h[2]+"\n"
                c.send(t.encode())
            elif parts[0]=="LIST":
                f=os.listdir("files")
                c.send((str(len(f))+" files: "+" ".join(f)).encode())
            elif parts[0]=="FILE":
                try:
                    f=open("files/"+parts[1],"rb")
                    data=f.read()
                    f.close()
                    c.sendall(("OK|"+str(len(data))+"|").encode())
                    c.sendall(data)
                except FileNotFoundError:
                    c.send("ERROR|File not found|".encode())
            elif parts[0]=="EXIT":
                run=False
    record[2]=getTime()
    list_of_clients.remove(c)
    c.close()
    print(record[0],"closed")

if not os.path.exists("files"):
    os.mkdir("files")
while True:
    c,addr=s.accept()
    if len(list_of_clients)==3:
        c.send("FULL".encode())
        c.close()
    else:
        id+=1
        r=["Client"+("0" if id<10 else "")+str(id),getTime(),"(still connected)"]
        history.append(r)
        list_of_clients.append(c)
        print(r[0],"connected",addr)
        threading.Thread(target=thread_function,args=(c,r)).start()
