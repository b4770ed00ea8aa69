/* Client of Team 17 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAME "Client of Team 17"
#define PORT 12000

int
main(int argc, char **argv)
{
    struct sockaddr_in address = {0};
    char text[256], *mark;
    int fd, number;
    ssize_t n;

    printf("Your number (1..100): ");
    fflush(stdout);
    if (scanf("%d", &number) != 1)
        return 1;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_port = htons(PORT);
    inet_pton(AF_INET, argc > 1 ? argv[1] : "10.0.0.1", &address.sin_addr);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("connect");
        return 1;
    }
    snprintf(text, sizeof text, "%s;%d", NAME, number);
    send(fd, text, strlen(text), 0);
    n = recv(fd, text, sizeof text - 1, 0);
    close(fd);
    if (n <= 0) {
        printf("no reply\n");
        return 1;
    }
    text[n] = '\0';
    mark = strrchr(text, ';');
    if (mark == NULL)
        return 1;
    *mark = '\0';
    printf("%s: %d\n", NAME, number);
    printf("%s: %d\n", text, atoi(mark + 1));
    printf("Sum: %d\n", number + atoi(mark + 1));
    return 0;
}
