/*
 * server.c - the server of lab `sum`; start it first, on h1
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12000

/* TODO: #define NAME, for instance "Server of Team 7", and NUMBER, 42. */

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

/* Returns a socket that listens on every address of this host. */
static int
open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        die("socket");
    /* Without this, a second start soon after the first one fails. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        die("setsockopt");
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(PORT);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("bind");
    if (listen(fd, 5) < 0)
        die("listen");
    return fd;
}

int
main(void)
{
    int listener = open_listener();
    int client;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("The server is waiting for a client\n");

    /* TODO: serve one client after another, until one of them sends a number
     * below 1 or above 100. */
    client = accept(listener, NULL, NULL);
    if (client < 0)
        die("accept");

    /* TODO: receive the client's name and number. Print both names, both
     * numbers and their sum. Hint: strrchr() finds the last ':', strtol()
     * tells where a number ends. */

    /* TODO: send the server's name and number, for instance
     * "Server of Team 7: 42". */

    close(client);
    close(listener);
    return 0;
}
