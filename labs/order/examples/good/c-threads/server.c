/*
 * server.c - CST 311 Programming Assignment 3, Team 4
 *
 * Why do we need multithreading?
 * recv() blocks. If the server had only one thread and called recv() on
 * client X first, then it could not notice a message of client Y until X had
 * typed something, and it would always think that X was first. With one
 * thread for each client both recv() calls wait at the same time, and the
 * thread whose message comes in first takes the lock first. The list of
 * messages is shared by the threads, that is why it needs the mutex.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12000
#define MAXMSG 512

struct client {
    int sock;
    char label; /* 'X' or 'Y' */
    char msg[MAXMSG];
};

/* shared between the two threads, protected by the mutex */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct client *arrived[2];
static int count = 0;

/* One thread for each client: wait for its message and note the order. */
static void *receive_message(void *arg)
{
    struct client *c = arg;
    ssize_t n = recv(c->sock, c->msg, MAXMSG - 1, 0);

    if (n < 0)
        n = 0;
    c->msg[n] = '\0';
    c->msg[strcspn(c->msg, "\r\n")] = '\0';

    pthread_mutex_lock(&lock);
    arrived[count] = c;
    count++;
    printf("Client %c sent message %d: %s\n", c->label, count, c->msg);
    fflush(stdout);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    struct sockaddr_in addr;
    struct client clients[2];
    pthread_t threads[2];
    char reply[2 * MAXMSG + 64];
    int listener, i, on = 1;

    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) {
        perror("socket");
        exit(1);
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);

    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = htonl(INADDR_ANY);
    addr.sin_port = htons(PORT);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        exit(1);
    }
    listen(listener, 2);
    printf("The server is waiting to receive 2 connections....\n\n");

    for (i = 0; i < 2; i++) {
        clients[i].sock = accept(listener, NULL, NULL);
        if (clients[i].sock < 0) {
            perror("accept");
            exit(1);
        }
        clients[i].label = i == 0 ? 'X' : 'Y';
        printf("Accepted %s connection, calling it client %c\n",
               i == 0 ? "first" : "second", clients[i].label);
    }

    /* both are here, now tell them who they are */
    for (i = 0; i < 2; i++) {
        char hello[32];
        snprintf(hello, sizeof hello, "Client %c connected",
                 clients[i].label);
        send(clients[i].sock, hello, strlen(hello), 0);
    }
    printf("\nWaiting to receive messages from client X and client Y....\n\n");
    fflush(stdout);

    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, receive_message, &clients[i]);
    for (i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);

    snprintf(reply, sizeof reply, "%c: %s received before %c: %s",
             arrived[0]->label, arrived[0]->msg, arrived[1]->label,
             arrived[1]->msg);
    for (i = 0; i < 2; i++)
        send(clients[i].sock, reply, strlen(reply), 0);
    printf("Sent acknowledgment to both X and Y\n");

    printf("\nWaiting a bit for clients to close their connections\n");
    for (i = 0; i < 2; i++)
        close(clients[i].sock);
    close(listener);
    printf("Done.\n");
    return 0;
}
