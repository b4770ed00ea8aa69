// CST311 PA3 - Team 43 - client
#include <iostream>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static std::string hear(int fd)
{
    char buffer[2048];
    ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    return std::string(buffer, n > 0 ? n : 0);
}

int main(int argc, char *argv[])
{
    sockaddr_in addr{};
    addr.sin_family = AF_INET;
    addr.sin_port = htons(12000);
    inet_pton(AF_INET, argc > 1 ? argv[1] : "10.0.0.1", &addr.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, reinterpret_cast<sockaddr *>(&addr), sizeof addr) < 0) {
        std::cerr << "cannot connect" << std::endl;
        return 1;
    }
    std::cout << "From Server: " << hear(fd) << std::endl;
    std::cout << "Enter message to send to server: " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    send(fd, line.data(), line.size(), 0);
    std::cout << "From Server: " << hear(fd) << std::endl;
    close(fd);
}
