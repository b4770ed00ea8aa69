/*
 * client.c - CST 311 Programming Assignment 3, Team 57
 * Usage: ./client [address of the server]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12000
#define MAXMSG 512

int main(int argc, char *argv[])
{
    const char *address = argc > 1 ? argv[1] : "127.0.0.1";
    struct sockaddr_in server;
    char line[MAXMSG], answer[2 * MAXMSG + 64];
    ssize_t n;
    int sock = socket(AF_INET, SOCK_STREAM, 0);

    memset(&server, 0, sizeof server);
    server.sin_family = AF_INET;
    server.sin_port = htons(PORT);
    inet_pton(AF_INET, address, &server.sin_addr);
    if (connect(sock, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("connect");
        return 1;
    }

    /* the server says which client we are */
    n = recv(sock, answer, sizeof answer - 1, 0);
    if (n <= 0) {
        fprintf(stderr, "server closed the connection\n");
        return 1;
    }
    answer[n] = '\0';
    printf("From Server: %s\n", answer);

    printf("Enter message to send to server: ");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL)
        return 1;
    line[strcspn(line, "\n")] = '\0';
    send(sock, line, strlen(line), 0);

    n = recv(sock, answer, sizeof answer - 1, 0);
    if (n < 0)
        n = 0;
    answer[n] = '\0';
    printf("Message sent: %s\nFrom Server: %s\n", line, answer);
    close(sock);
    return 0;
}
