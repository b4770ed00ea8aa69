#include <iostream>
#include <string>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
int main() {
    int n;
    std::cout << "Integer: " << std::flush;
    std::cin >> n;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in a{}; a.sin_family = AF_INET; a.sin_port = htons(4444);
    a.sin_addr.s_addr = inet_addr("127.0.0.1");
    if (connect(s, (sockaddr*)&a, sizeof a)) { perror("connect"); return 1; }
    std::string m = "Client of Newt," + std::to_string(n);
    send(s, m.data(), m.size(), 0);
    char b[200] = {0};
    recv(s, b, 199, 0);
    std::string r(b), name = r.substr(0, r.find(','));
    int k = std::stoi(r.substr(r.find(',') + 1));
    std::cout << "Client of Newt: " << n << "\n" << name << ": " << k << "\nSum: " << n + k << "\n";
    close(s);
}
