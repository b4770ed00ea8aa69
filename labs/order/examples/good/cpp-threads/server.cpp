// CST311 PA3 - Team 43 - server
//
// We need multithreading because the server has to wait for two clients at the
// same time and does not know who will type faster. Each thread blocks in recv()
// for its own client. The vector of messages is shared: it has a mutex, and the
// order in which the threads get the mutex is the order in the answer.

#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std;

mutex m;
vector<string> inbox;

void serve(int fd, char name)
{
    char buffer[1024];
    ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    string text(buffer, n > 0 ? n : 0);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    lock_guard<mutex> guard(m);
    inbox.push_back(string(1, name) + ": " + text);
    cout << "Client " << name << " sent message " << inbox.size() << ": " << text << endl;
}

int main()
{
    int sock = socket(AF_INET, SOCK_STREAM, 0), yes = 1, fd[2];
    sockaddr_in addr{};
    addr.sin_family = AF_INET;
    addr.sin_port = htons(12000);
    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(sock, reinterpret_cast<sockaddr *>(&addr), sizeof addr) < 0) {
        cerr << "bind failed" << endl;
        return 1;
    }
    listen(sock, 2);
    cout << "The server is waiting to receive 2 connections...." << endl;
    for (int i = 0; i < 2; i++) {
        fd[i] = accept(sock, nullptr, nullptr);
        cout << "Accepted " << (i ? "second" : "first") << " connection, calling it client "
             << "XY"[i] << endl;
    }
    for (int i = 0; i < 2; i++) {
        string hello = string("Client ") + "XY"[i] + " connected";
        send(fd[i], hello.c_str(), hello.size(), 0);
    }
    thread x(serve, fd[0], 'X'), y(serve, fd[1], 'Y');
    x.join();
    y.join();
    string ack = inbox[0] + " received before " + inbox[1] + "\n";
    for (int f : fd) {
        send(f, ack.data(), ack.size(), MSG_NOSIGNAL);
        close(f);
    }
    cout << "Sent acknowledgment to both X and Y" << endl;
}
