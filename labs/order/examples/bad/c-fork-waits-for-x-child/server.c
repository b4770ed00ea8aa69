/*
 * PA3 server, Team 47
 *
 * Multithreading is needed because recv() blocks. We fork two children, so that
 * each client can send whenever it wants; each child has a pipe to the parent.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 12000

static void get_message(int conn, int out)
{
    char text[256] = "";
    if (recv(conn, text, sizeof text - 1, 0) < 0)
        perror("recv");
    text[strcspn(text, "\r\n")] = 0;
    write(out, text, sizeof text);
    exit(0);
}

int main(void)
{
    int server, client[2], from[2][2], i, on = 1;
    pid_t pid[2];
    char text[2][256], line[600];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };

    server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 2)) {
        perror("server");
        return 1;
    }
    puts("The server is waiting to receive 2 connections....");
    for (i = 0; i < 2; i++) {
        client[i] = accept(server, NULL, NULL);
        printf("Accepted connection of client %c\n", "XY"[i]);
        fflush(stdout);
    }
    for (i = 0; i < 2; i++) {
        sprintf(line, "Client %c connected", "XY"[i]);
        send(client[i], line, strlen(line), 0);
        pipe(from[i]);
        pid[i] = fork();
        if (pid[i] == 0)
            get_message(client[i], from[i][1]);
    }
    for (i = 0; i < 2; i++) {
        waitpid(pid[i], NULL, 0);           /* X first, then Y */
        read(from[i][0], text[i], sizeof text[i]);
        printf("Client %c sent message %d: %s\n", "XY"[i], i + 1, text[i]);
    }
    sprintf(line, "X: %s received before Y: %s", text[0], text[1]);
    for (i = 0; i < 2; i++) {
        send(client[i], line, strlen(line), 0);
        close(client[i]);
    }
    puts("Done.");
    return 0;
}
