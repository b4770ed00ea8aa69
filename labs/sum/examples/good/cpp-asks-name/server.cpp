#include <iostream>
#include <sstream>
#include <string>
#include <cstring>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
using namespace std;
int main() {
    const string serverName = "Server of Civet";
    const int serverNumber = 19;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in addr{};
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = INADDR_ANY;
    addr.sin_port = htons(54000);
    if (bind(listener, (sockaddr*)&addr, sizeof(addr)) == -1) { cerr << "Can't bind" << endl; return -1; }
    listen(listener, SOMAXCONN);
    cout << "Waiting for connections..." << endl;
    bool keepGoing = true;
    while (keepGoing) {
        int client = accept(listener, nullptr, nullptr);
        char buf[4096] = {0};
        int got = recv(client, buf, 4095, 0);
        if (got <= 0) { close(client); continue; }
        stringstream ss(string(buf, got));
        string name; int number;
        getline(ss, name, '#');
        ss >> number;
        cout << "Client name: " << name << endl << "Server name: " << serverName << endl;
        cout << "Client number: " << number << endl << "Server number: " << serverNumber << endl;
        cout << "Sum: " << number + serverNumber << endl << endl;
        string reply = serverName + "#" + to_string(serverNumber);
        send(client, reply.c_str(), reply.size() + 1, 0);
        close(client);
        if (number < 1 || number > 100) keepGoing = false;
    }
    close(listener);
    return 0;
}
