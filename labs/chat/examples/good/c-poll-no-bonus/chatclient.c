/*
 * CP372, group 17: chat client. One message, one answer.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(12345)};
    char line[1024], answer[40000];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ssize_t n;

    server.sin_addr.s_addr = inet_addr("10.0.0.1");
    if (connect(fd, (struct sockaddr *)&server, sizeof server)) {
        perror("chatclient");
        return 1;
    }
    puts("Waiting for a place...");
    while ((n = recv(fd, answer, sizeof answer - 1, 0)) > 0) {
        answer[n] = '\0';
        printf("%s\nmessage, status or exit> ", answer);
        fflush(stdout);
        do {
            if (!fgets(line, sizeof line, stdin))
                return 0;
            line[strcspn(line, "\n")] = '\0';
        } while (!line[0]);
        send(fd, line, strlen(line), 0);
    }
    puts("Bye.");
    close(fd);
    return 0;
}
