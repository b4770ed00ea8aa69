/*
 * CP372 A1, group 31: the client is two processes.
 * The child prints what comes; the parent sends what is typed. When the
 * server has closed the connection, the child ends the parent too.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void show(int fd)
{
    char text[4096];
    ssize_t n;

    while ((n = read(fd, text, sizeof text)) > 0)
        if (write(STDOUT_FILENO, text, n) != n)
            break;
    puts("[the connection is closed]");
    fflush(stdout);
    kill(getppid(), SIGTERM);
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(12345)};
    char line[1024];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = inet_addr(argc > 1 ? argv[1] : "10.0.0.1");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("client");
        return 1;
    }
    puts("status, list, get FILE, exit, or any text");
    fflush(stdout);
    if (fork() == 0) {
        show(fd);
        return 0;
    }
    while (fgets(line, sizeof line, stdin) != NULL)
        if (line[0] != '\n' && write(fd, line, strlen(line)) < 0)
            break;
    shutdown(fd, SHUT_WR);
    return 0;
}
