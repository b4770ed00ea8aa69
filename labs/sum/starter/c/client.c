/*
 * client.c - the client of lab `sum`; one exchange a run, on h2, h3 or h4
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

/* TODO: #define NAME, for instance "Client of Team 7". */

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
    int fd;

    /* TODO: ask for the number ("Enter an integer between 1 and 100: ", and
     * fflush(stdout) behind it). */

    fd = open_connection(argc > 1 ? argv[1] : SERVER);

    /* TODO: send the name and the number, for instance
     * "Client of Team 7: 17". */

    /* TODO: receive the server's reply. Print both names, both numbers and
     * their sum. recv() does not end what it received with a zero byte. */

    close(fd);
    return 0;
}
