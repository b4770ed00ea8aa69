/* Server of Team 17 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAME "Server of Team 17"
#define NUMBER 42
#define PORT 12000

/* Takes "name;number" apart: cuts the text behind the name. */
static int
number_in(char *text)
{
    char *mark = strrchr(text, ';');

    if (mark == NULL)
        return NUMBER;
    *mark = '\0';
    return atoi(mark + 1);
}

int
main(void)
{
    struct sockaddr_in address = {0};
    char text[256], reply[256];
    int listener, fd, number, sum, on = 1;
    ssize_t n;

    setbuf(stdout, NULL);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    address.sin_family = AF_INET;
    address.sin_port = htons(PORT);
    address.sin_addr.s_addr = INADDR_ANY;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("bind");
        return 1;
    }
    listen(listener, 5);
    printf("%s is waiting for clients\n", NAME);

    do {
        fd = accept(listener, NULL, NULL);
        n = recv(fd, text, sizeof text - 1, 0);
        text[n > 0 ? n : 0] = '\0';
        number = number_in(text);
        sum = NUMBER;
        for (int i = 0; i <= number; i++)
            sum++;
        printf("%s has connected to %s\n", text, NAME);
        printf("client %d, server %d, sum %d\n", number, NUMBER, sum);
        snprintf(reply, sizeof reply, "%s;%d", NAME, NUMBER);
        send(fd, reply, strlen(reply), 0);
        close(fd);
    } while (number >= 1 && number <= 100);

    close(listener);
    return 0;
}
