/*
 * CP372 Programming Assignment, Group 8
 * client.c - asks, waits for the whole answer, asks again
 * Usage: ./client [address of the server]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 12345

/* Prints one answer: a line with its length, then so many bytes. */
static int show_answer(FILE *in, char *copy, size_t size)
{
    char head[32];
    long left;

    if (fgets(head, sizeof head, in) == NULL)
        return -1;
    for (left = atol(head); left > 0; left--) {
        int c = getc(in);

        if (c == EOF)
            return -1;
        putchar(c);
        if (size > 1) {
            *copy++ = (char)c;
            size--;
        }
    }
    *copy = '\0';
    return 0;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    char line[1024], answer[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    FILE *in;

    address.sin_port = htons(PORT);
    inet_pton(AF_INET, argc > 1 ? argv[1] : "10.0.0.1", &address.sin_addr);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("connect");
        return 1;
    }
    in = fdopen(fd, "r");
    printf("I am ");
    if (show_answer(in, answer, sizeof answer) < 0)
        return 1;
    printf("\n");
    if (strcmp(answer, "full") == 0)
        return 1;
    printf("commands: status, list, get <file>, exit\n");
    for (;;) {
        printf("> ");
        fflush(stdout);
        if (fgets(line, sizeof line, stdin) == NULL)
            break;
        send(fd, line, strlen(line), 0);
        if (strcmp(line, "exit\n") == 0)
            break;
        if (show_answer(in, answer, sizeof answer) < 0) {
            printf("connection lost\n");
            break;
        }
    }
    fclose(in);
    return 0;
}
