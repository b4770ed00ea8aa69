/* Team 16 - server. Compile: gcc -o sum_server sum_server.c */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common.h"

int main(void)
{
    struct sockaddr_in me = {0};
    struct message theirs, mine = {"Server of Team 16", 64};
    int fd, client, yes = 1;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    me.sin_family = AF_INET;
    me.sin_port = htons(PORT);
    if (bind(fd, (struct sockaddr *)&me, sizeof(me)) || listen(fd, 3)) {
        perror("server");
        return 1;
    }
    printf("%s is waiting...\n", mine.name);

    for (;;) {
        client = accept(fd, NULL, NULL);
        if (client < 0)
            break;
        if (recv(client, &theirs, sizeof(theirs), MSG_WAITALL) != sizeof(theirs)) {
            close(client);
            continue;
        }
        theirs.name[31] = 0;
        printf("Client: %s\nServer: %s\n", theirs.name, mine.name);
        printf("%d + %d = %d\n", theirs.number, mine.number,
               theirs.number + mine.number);
        send(client, &mine, sizeof(mine), 0);
        close(client);
        if (theirs.number < 1 || theirs.number > 100)
            break;
    }
    close(fd);
    return 0;
}
