/*
 * server.c - CST 311 Programming Assignment 3, Team 57
 *
 * Multithreading: a thread for each client, since recv() blocks. Whoever
 * comes first writes into slot 0, the other one into slot 1.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char slot[2][512];
static int used;

static void *wait_for_message(void *arg)
{
    char text[512];
    ssize_t n = recv(*(int *)arg, text, sizeof text - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    pthread_mutex_lock(&lock);
    strcpy(slot[used++], text);
    printf("Message %d: %s\n", used, text);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(12000) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, conn[2], i;
    pthread_t thread[2];
    char line[1100];

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 2) < 0) {
        perror("server");
        return 1;
    }
    for (i = 0; i < 2; i++)
        conn[i] = accept(fd, NULL, NULL);
    for (i = 0; i < 2; i++) {
        sprintf(line, "Client %c connected", "XY"[i]);
        send(conn[i], line, strlen(line), 0);
        pthread_create(&thread[i], NULL, wait_for_message, &conn[i]);
    }
    for (i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    snprintf(line, sizeof line, "%s received before %s", slot[0], slot[1]);
    for (i = 0; i < 2; i++) {
        send(conn[i], line, strlen(line), 0);
        close(conn[i]);
    }
    return 0;
}
