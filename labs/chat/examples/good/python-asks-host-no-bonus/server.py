# CP372 Assignment: Server side
# The client may be on another computer: the address is shown at the start.
import socket, threading, datetime

SERVER = socket.gethostbyname(socket.gethostname())
PORT = 50372
connected = 0
details = {}
lock = threading.Lock()

def handle_client(conn, addr, client_name):
    global connected
    print(client_name + " has connected: " + str(addr))
    conn.send(client_name.encode('utf-8'))
    while True:
        try:
            msg = conn.recv(1024).decode('utf-8')
        except:
            msg = ''
        if msg == '' or msg.lower() == 'exit':
            break
        if msg.lower() == 'status':
            s = 'CLIENT DETAILS\n'
            for n in details:
                s = s + n + '\n  Date and time of acceptance: ' + details[n][0]
                s = s + '\n  Date and time of finishing: ' + details[n][1] + '\n'
            conn.send(s.encode('utf-8'))
        else:
            conn.send((msg + ' ACK').encode('utf-8'))
    with lock:
        details[client_name][1] = str(datetime.datetime.now())
        connected = connected - 1
    conn.close()
    print(client_name + " has disconnected")

def start():
    global connected
    number = 1
    server.listen()
    print("Server is running on " + SERVER + ", port " + str(PORT))
    while True:
        conn, addr = server.accept()
        lock.acquire()
        if connected < 3:
            connected = connected + 1
            name = 'Client' + str(number).zfill(2)
            number = number + 1
            details[name] = [str(datetime.datetime.now()), 'N/A']
            lock.release()
            t = threading.Thread(target=handle_client, args=(conn, addr, name))
            t.start()
        else:
            lock.release()
            conn.send('MAX'.encode('utf-8'))
            conn.close()

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((SERVER, PORT))
start()
