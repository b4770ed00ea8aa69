import socket
s=socket.socket(socket.AF_INET,socket.SOCK_STREAM)
s.connect(("127.0.0.1",12345))
name=s.recv(100).decode()
if name=="FULL":
    print("Server already has 3 clients")
    quit()
print("You are",name)
def menu():
    print("1. Send a message")
    print("2. Status")
    print("3. List files")
    print("4. Get a file")
    print("5. Exit")
    return input("Your choice: ")
while True:
    ch=menu()
    if ch=="1":
        m=input("Message: ")
        s.send(("MSG|"+m).encode())
        print(s.recv(2048).decode())
    elif ch=="2":
        s.send(b"STATUS|")
        print(s.recv(8192).decode())
    elif ch=="3":
        s.send(b"LIST|")
        print(s.recv(8192).decode())
    elif ch=="4":
        fn=input("File name: ")
        s.send(("FILE|"+fn).encode())
        d=b""
        while d.count(b"|")<2:
            d+=s.recv(1)
        k,v,_=d.decode().split("|")
        if k=="OK":
            left=int(v)
            f=open("copy_of_"+fn,"wb")
            while left:
                x=s.recv(min(left,4096))
                f.write(x)
                left-=len(x)
            f.close()
            print("File saved")
        else:
            print(v)
    elif ch=="5":
        s.send(b"EXIT|")
        s.close()
        break
    else:
        print("Wrong choice")
