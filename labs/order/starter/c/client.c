/*
 * client.c - the client of lab `order`; run it twice: on h2 and on h3
 *
 * Usage: ./client [IPv4 address of the server]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER "10.0.0.1" /* h1 */
#define PORT 12000

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

    /* TODO: receive what the server says when both clients are connected, and
     * print it: "From Server: Client X connected". */

    /* TODO: ask for a message ("Enter message to send to server: ", and
     * fflush(stdout) behind it) and send it. */

    /* TODO: receive the server's answer and print it. */

    close(fd);
    return 0;
}
