/* client.c - Client of Team 5. Name and number go out as two lines.
 * usage: ./client [host [port]] */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAME "Client of Team 5"

int
main(int argc, char **argv)
{
    const char *host = argc > 1 ? argv[1] : "10.0.0.1";
    const char *port = argc > 2 ? argv[2] : "12000";
    struct addrinfo hints, *found;
    char line[128], theirs[128];
    int fd, mine;
    FILE *in, *out;

    printf("Integer from 1 to 100: ");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL || sscanf(line, "%d", &mine) != 1) {
        fprintf(stderr, "client: not an integer\n");
        return 1;
    }

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        fprintf(stderr, "client: %s: unknown host\n", host);
        return 1;
    }
    fd = socket(found->ai_family, found->ai_socktype, 0);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
        perror("client: connect");
        return 1;
    }
    freeaddrinfo(found);

    out = fdopen(dup(fd), "w");
    in = fdopen(fd, "r");
    fprintf(out, "%s\n%d\n", NAME, mine);
    fflush(out);

    if (fgets(theirs, sizeof theirs, in) == NULL || fgets(line, sizeof line, in) == NULL) {
        fprintf(stderr, "client: the server left\n");
        return 1;
    }
    theirs[strcspn(theirs, "\n")] = '\0';
    printf("%s: %d\n", NAME, mine);
    printf("%s: %d\n", theirs, atoi(line));
    printf("Sum: %d\n", mine + atoi(line));
    fclose(out);
    fclose(in);
    return 0;
}
