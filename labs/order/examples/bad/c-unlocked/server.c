/*
 * PA3 server
 *
 * Threads are needed because recv() blocks: while the server waits for one
 * client, the other one may already have written. Each client has a thread,
 * and the thread that gets its message first sets the variable `first`.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int conn[2];
char text[2][256];
int first = -1;
pthread_barrier_t both;
void *serve(void *arg)
{
    int me = *(int *)arg, mine = 0;
    char out[600];
    ssize_t n = recv(conn[me], text[me], 255, 0);
    text[me][n > 0 ? n : 0] = 0;
    if (first == -1) {
        printf("Client %c sent message 1: %s\n", "XY"[me], text[me]);
        first = me;
        mine = 1;
    } else
        printf("Client %c sent message 2: %s\n", "XY"[me], text[me]);
    pthread_barrier_wait(&both);
    int a = mine ? me : !me;
    snprintf(out, sizeof out, "%c: %s received before %c: %s", "XY"[a], text[a], "XY"[!a], text[!a]);
    send(conn[me], out, strlen(out), 0);
    return NULL;
}
int main(void)
{
    struct sockaddr_in a = {0};
    int s = socket(AF_INET, SOCK_STREAM, 0), ids[2] = {0, 1};
    pthread_t t[2];
    a.sin_family = AF_INET;
    a.sin_port = htons(12000);
    bind(s, (struct sockaddr *)&a, sizeof a);
    listen(s, 2);
    pthread_barrier_init(&both, NULL, 2);
    printf("The server is waiting to receive 2 connections....\n");
    conn[0] = accept(s, 0, 0);
    conn[1] = accept(s, 0, 0);
    send(conn[0], "Client X connected", 18, 0);
    send(conn[1], "Client Y connected", 18, 0);
    for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, serve, &ids[i]);
    for (int i = 0; i < 2; i++) pthread_join(t[i], 0);
    printf("Sent acknowledgment to both X and Y\n");
    return 0;
}
