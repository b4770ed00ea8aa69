/* server.c - Server of Team 5. Reads two lines, answers with two lines.
 * usage: ./server [port] */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAME "Server of Team 5"
#define NUMBER 42

static int
listen_on(int port)
{
    struct sockaddr_in me;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&me, 0, sizeof me);
    me.sin_family = AF_INET;
    me.sin_addr.s_addr = htonl(INADDR_ANY);
    me.sin_port = htons(port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&me, sizeof me) < 0 || listen(fd, 5) < 0) {
        perror("server");
        exit(1);
    }
    return fd;
}

/* Serves one client and returns its number, or NUMBER if it sent nonsense. */
static int
serve(int fd)
{
    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
    char name[128] = "", line[32] = "", *end;
    long number = NUMBER;

    if (fgets(name, sizeof name, in) && fgets(line, sizeof line, in)) {
        number = strtol(line, &end, 10);
        if (end == line) {
            number = NUMBER;
        } else {
            name[strcspn(name, "\n")] = '\0';
            printf("%s has connected to %s\n", name, NAME);
            printf("client's number %ld, server's number %d, sum %ld\n",
                   number, NUMBER, number + NUMBER);
            fprintf(out, "%s\n%d\n", NAME, NUMBER);
        }
    }
    fclose(out);
    fclose(in);
    return (int)number;
}

int
main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? atoi(argv[1]) : 12000);
    int number;

    setvbuf(stdout, NULL, _IOLBF, 0);
    do {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            break;
        number = serve(fd);
    } while (number >= 1 && number <= 100);
    close(listener);
    printf("server ends\n");
    return 0;
}
