/* Team 16 - client. Compile: gcc -o sum_client sum_client.c */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common.h"

int main(void)
{
    struct sockaddr_in server = {0};
    struct message mine = {0}, theirs = {0};
    int number, fd;

    printf("Enter number: ");
    if (scanf("%d", &number) != 1) {
        printf("That is not a number\n");
        return 1;
    }
    strcpy(mine.name, "Client of Team 16");
    mine.number = number;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    server.sin_family = AF_INET;
    server.sin_port = htons(PORT);
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    if (connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0) {
        perror("connect");
        return 1;
    }
    send(fd, &mine, sizeof(mine), 0);
    if (recv(fd, &theirs, sizeof(theirs), MSG_WAITALL) != sizeof(theirs)) {
        printf("no reply\n");
        return 1;
    }
    printf("%s -> %d\n", mine.name, mine.number);
    printf("%s -> %d\n", theirs.name, theirs.number);
    printf("Sum -> %d\n", mine.number + theirs.number);
    close(fd);
    return 0;
}
