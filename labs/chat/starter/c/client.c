/*
 * client.c - the client of lab `chat`; run it on h2, h3 and h4
 *
 * Usage: ./client [IPv4 address of the server]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER "10.0.0.1" /* h1 */
#define PORT 12345

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

/* Returns a socket that is connected to the server. */
static int
open_connection(const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        die("socket");
    address.sin_port = htons(PORT);
    if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
        fprintf(stderr, "client: %s: not an IPv4 address\n", text);
        exit(2);
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("connect");
    return fd;
}

int
main(int argc, char **argv)
{
    int fd = open_connection(argc > 1 ? argv[1] : SERVER);
    char line[1024];

    /* TODO: receive what the server says first (a name, or that it is full) and
     * print it. */

    for (;;) {
        printf("> ");
        fflush(stdout);
        if (fgets(line, sizeof line, stdin) == NULL)
            break;
        if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
            die("send");
        /* TODO: receive the server's answer and print it. */

        /* TODO: end when the user typed exit, or when the server is gone. */
    }
    close(fd);
    return 0;
}
