/* PA3 server, Team 27
 *
 * Multithreading: read() blocks until the client has sent something. With one
 * thread the server would have to decide whom to read first. With a thread
 * for each client it can wait for both, and the first message is really the
 * first one. The mutex protects the variables that both threads use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pthread.h>
#include <netinet/in.h>
#include <sys/socket.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int sockets[2];
char names[2] = {'X', 'Y'};
char messages[2][256];
int order[2];
int received = 0;

void *receive(void *arg)
{
    int i = *(int *)arg;
    int n = read(sockets[i], messages[i], 255);
    messages[i][n > 0 ? n : 0] = '\0';

    pthread_mutex_lock(&mutex);
    order[received] = i;
    received++
    printf("Client %c sent message %d: %s\n", names[i], received, messages[i]);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main()
{
    struct sockaddr_in addr;
    pthread_t threads[2];
    int numbers[2] = {0, 1};
    char text[600];
    int i, one = 1;

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = INADDR_ANY;
    addr.sin_port = htons(12000);
    if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        perror("bind");
        exit(1);
    }
    listen(fd, 2);
    printf("The server is waiting to receive 2 connections....\n");

    for (i = 0; i < 2; i++) {
        sockets[i] = accept(fd, NULL, NULL);
        printf("Accepted %s connection, calling it client %c\n",
               i == 0 ? "first" : "second", names[i]);
    }
    for (i = 0; i < 2; i++) {
        sprintf(text, "Client %c connected", names[i]);
        write(sockets[i], text, strlen(text));
    }

    printf("Waiting to receive messages from client X and client Y....\n");
    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, receive, &numbers[i]);
    for (i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);

    sprintf(text, "%c: %s received before %c: %s", names[order[0]],
            messages[order[0]], names[order[1]], messages[order[1]]);
    for (i = 0; i < 2; i++)
        write(sockets[i], text, strlen(text));
    printf("Sent acknowledgment to both X and Y\n");
    for (i = 0; i < 2; i++)
        close(sockets[i]);
    close(fd);
    printf("Done.\n");
    return 0;
}
