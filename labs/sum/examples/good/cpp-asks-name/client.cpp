#include <iostream>
#include <string>
#include <cstring>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
using namespace std;
int main() {
    string clientName;
    int number;
    cout << "Enter your name: ";
    getline(cin, clientName);
    cout << "Enter a number between 1 and 100: ";
    cin >> number;
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in hint{};
    hint.sin_family = AF_INET;
    hint.sin_port = htons(54000);
    inet_pton(AF_INET, "127.0.0.1", &hint.sin_addr);
    if (connect(sock, (sockaddr*)&hint, sizeof(hint)) < 0) { cerr << "no server" << endl; return 1; }
    string msg = clientName + "#" + to_string(number);
    send(sock, msg.c_str(), msg.size() + 1, 0);
    char buf[4096] = {0};
    recv(sock, buf, 4096, 0);
    string reply(buf);
    size_t p = reply.find('#');
    int sn = stoi(reply.substr(p + 1));
    cout << clientName << " (" << number << ") and " << reply.substr(0, p) << " (" << sn << ")" << endl;
    cout << "Sum = " << number + sn << endl;
    close(sock);
}
