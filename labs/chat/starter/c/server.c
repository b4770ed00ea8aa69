/*
 * server.c - the server of lab `chat`; start it first, on h1
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12345
#define MAX_CLIENTS 3

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
    if (listen(fd, 8) < 0)
        die("listen");
    return fd;
}

/* Talks with one client until it leaves. */
static void
serve(int fd)
{
    char buffer[1024];
    ssize_t got;

    printf("New connection\n");
    /* TODO: give the client a name, Client01 for the first, and tell it. */

    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        /* TODO: send back what came in, with ACK appended. recv() does not end
         * what it received with a zero byte. */

        /* TODO: exit, status; for the bonus list, and a file by its name. */
    }
    close(fd);
    printf("Connection closed\n");
}

int
main(void)
{
    int listener = open_listener();

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("Server is listening on port %d\n", PORT);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            die("accept");
        /* TODO: turn a client away when MAX_CLIENTS are connected. A new one
         * must be served as soon as one of them has left. */

        /* TODO: this serves one client after the other. Give each a thread
         * (pthread_create), and a mutex to what the threads share. */
        serve(fd);
    }
}
