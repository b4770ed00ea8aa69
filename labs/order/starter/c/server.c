/*
 * server.c - the server of lab `order`; start it first, on h1
 *
 * TODO: say here, in your own words, why this server needs more than one
 * thread (or what it does instead).
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12000

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
    if (listen(fd, 2) < 0)
        die("listen");
    return fd;
}

int
main(void)
{
    int listener = open_listener();
    int x;
    int y;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("The server is waiting to receive 2 connections....\n\n");

    x = accept(listener, NULL, NULL);
    if (x < 0)
        die("accept");
    printf("Accepted first connection, calling it client X\n");
    y = accept(listener, NULL, NULL);
    if (y < 0)
        die("accept");
    printf("Accepted second connection, calling it client Y\n\n");

    /* TODO: tell each client which one it is: "Client X connected", and
     * "Client Y connected". */

    printf("Waiting to receive messages from client X and client Y....\n\n");
    /* TODO: receive one message from each client, whoever sends first, and
     * print it: "Client X sent message 1: First_message". Hint: pthread_create
     * for each client, an array for the messages, a mutex for the array.
     * recv() does not end what it received with a zero byte. */

    /* TODO: tell both clients which message arrived first, for instance
     * "X: First_message received before Y: Second_message". */

    printf("Waiting a bit for clients to close their connections\n");
    close(x);
    close(y);
    close(listener);
    printf("Done.\n");
    return 0;
}
