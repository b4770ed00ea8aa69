#include <iostream>
#include <string>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main() {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in a{}; a.sin_family = AF_INET; a.sin_port = htons(4444);
    bind(s, (sockaddr*)&a, sizeof a);
    listen(s, 1);
    int c = accept(s, 0, 0);
    char b[200] = {0};
    recv(c, b, 199, 0);
    std::string m(b);
    std::string name = m.substr(0, m.find(','));
    int n = std::stoi(m.substr(m.find(',') + 1));
    std::cout << name << " connected to Server of Newt\n" << n << " + 42 = " << n + 42 << std::endl;
    std::string r = "Server of Newt,42";
    send(c, r.data(), r.size(), 0);
    close(c);
    close(s);
    if (n < 1 || n > 100) { std::cout << "out of range, stopped\n"; }
    return 0;
}
