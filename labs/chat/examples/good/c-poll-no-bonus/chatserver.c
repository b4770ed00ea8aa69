/*
 * CP372, group 17: chat server
 *
 * One thread. poll() waits for the listening socket and for three clients at
 * once. While there are three, the listening socket is left out, so that the
 * next one waits in its queue.
 */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 12345
#define SEATS 3
#define HISTORY 512

static struct visit {
    time_t from;
    time_t until;
} history[HISTORY];
static int visits;

static struct seat {
    int fd; /* -1: free */
    int visit;
} seats[SEATS];

static void put_time(char *to, size_t size, time_t t)
{
    strftime(to, size, "%H:%M:%S", localtime(&t));
}

static void leave(struct seat *seat)
{
    history[seat->visit].until = time(NULL);
    close(seat->fd);
    seat->fd = -1;
    printf("Client%02d left\n", seat->visit + 1);
}

static void status(int fd)
{
    char text[HISTORY * 64] = "";
    char from[16], until[16];
    size_t used = 0;

    for (int i = 0; i < visits; i++) {
        put_time(from, sizeof from, history[i].from);
        if (history[i].until)
            put_time(until, sizeof until, history[i].until);
        else
            strcpy(until, "online");
        used += (size_t)sprintf(text + used, "Client%02d  %s  %s\n", i + 1,
                                from, until);
    }
    send(fd, text, used, 0);
}

static void hear(struct seat *seat)
{
    char text[2048];
    ssize_t n = recv(seat->fd, text, sizeof text - 4, 0);

    if (n <= 0 || (n == 4 && memcmp(text, "exit", 4) == 0)) {
        leave(seat);
    } else if (n == 6 && memcmp(text, "status", 6) == 0) {
        status(seat->fd);
    } else {
        memcpy(text + n, " ACK", 4);
        send(seat->fd, text, (size_t)n + 4, 0);
    }
}

static void welcome(int listener, struct seat *seat)
{
    char text[64];

    seat->fd = accept(listener, NULL, NULL);
    if (seat->fd < 0)
        return;
    if (visits == HISTORY) {
        close(seat->fd);
        seat->fd = -1;
        return;
    }
    seat->visit = visits++;
    history[seat->visit].from = time(NULL);
    sprintf(text, "You are Client%02d", seat->visit + 1);
    send(seat->fd, text, strlen(text), 0);
    printf("Client%02d is here\n", seat->visit + 1);
}

int main(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    struct pollfd waits[SEATS + 1];
    int one = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    signal(SIGPIPE, SIG_IGN);
    setlinebuf(stdout);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) || listen(listener, 8)) {
        perror("chatserver");
        return 1;
    }
    for (int i = 0; i < SEATS; i++)
        seats[i].fd = -1;
    for (;;) {
        struct seat *empty = NULL;

        for (int i = 0; i < SEATS; i++) {
            waits[i] = (struct pollfd){.fd = seats[i].fd, .events = POLLIN};
            if (seats[i].fd < 0)
                empty = &seats[i];
        }
        waits[SEATS] = (struct pollfd){.fd = empty ? listener : -1, .events = POLLIN};
        poll(waits, SEATS + 1, -1);
        for (int i = 0; i < SEATS; i++)
            if (seats[i].fd >= 0 && waits[i].revents)
                hear(&seats[i]);
        if (empty && waits[SEATS].revents)
            welcome(listener, empty);
    }
}
