/* PA3 client, Team 27 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

/* print what the server sends next */
void show(int fd)
{
    char buf[600];
    int n = read(fd, buf, sizeof(buf) - 1);
    buf[n > 0 ? n : 0] = '\0';
    printf("From Server: %s\n", buf);
}

int main()
{
    struct sockaddr_in addr;
    char line[256];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_port = htons(12000);
    addr.sin_addr.s_addr = inet_addr("127.0.0.1");
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        perror("connect");
        exit(1);
    }
    show(fd);
    printf("Enter message to send to server: ");
    fflush(stdout);
    if (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        write(fd, line, strlen(line));
        show(fd);
    }
    close(fd);
    return 0;
}
