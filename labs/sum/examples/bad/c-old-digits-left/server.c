/* Team Kestrel: server. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MY_NAME "Server of Team Kestrel"
#define MY_NUMBER 28

static char message[200]; /* the client's "name/number" */

/* Talks to one client; returns its number. */
static int
serve(int fd)
{
    char client[200] = "", answer[200];
    int number = 1;

    read(fd, message, sizeof message - 1);
    sscanf(message, "%199[^/]/%d", client, &number);
    printf("%s has connected to %s\n", client, MY_NAME);
    printf("%d and %d make %d\n", number, MY_NUMBER, number + MY_NUMBER);
    fflush(stdout);
    snprintf(answer, sizeof answer, "%s/%d", MY_NAME, MY_NUMBER);
    write(fd, answer, strlen(answer));
    close(fd);
    return number;
}

int
main(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(9100)};
    int on = 1, number, listener = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0) {
        perror("bind");
        return 1;
    }
    listen(listener, 3);
    do
        number = serve(accept(listener, NULL, NULL));
    while (number >= 1 && number <= 100);
    printf("%d is out of range\n", number);
    close(listener);
    return 0;
}
