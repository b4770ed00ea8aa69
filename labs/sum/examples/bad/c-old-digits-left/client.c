/* Team Kestrel: client. Sends "name/number", prints what comes back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MY_NAME "Client of Team Kestrel"

int
main(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9100)};
    char message[200], answer[200] = "", server[200];
    int mine, theirs, fd;

    printf("Which number, from 1 to 100? ");
    fflush(stdout);
    if (scanf("%d", &mine) != 1) {
        fprintf(stderr, "that is no number\n");
        return 1;
    }
    inet_pton(AF_INET, "10.0.0.1", &to.sin_addr);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    snprintf(message, sizeof message, "%s/%d", MY_NAME, mine);
    write(fd, message, strlen(message));
    read(fd, answer, sizeof answer - 1);
    close(fd);
    if (sscanf(answer, "%199[^/]/%d", server, &theirs) != 2) {
        fprintf(stderr, "no answer\n");
        return 1;
    }
    printf("I am %s with %d\n", MY_NAME, mine);
    printf("%s has %d\n", server, theirs);
    printf("Together: %d\n", mine + theirs);
    return 0;
}
