/* labpeer.c - the other end of a connection, driven from the terminal
 *
 * Usage: labpeer connect HOST PORT
 *        labpeer listen PORT
 *
 * A peer that knows no protocol: whoever drives it says every byte. So it
 * can stand in for a student's client or server in any lab, in the dialect
 * that the student's other program speaks.
 *
 * Commands, one a line:          What it prints, one a line:
 *   send N TEXT   send bytes       N connected
 *   hold N TEXT   keep them first  N received TEXT
 *   close N       close            N closed    (the other end did, or broke)
 *   finish N      send no more     ! WHAT: WHY (a command or call failed)
 *   reset N       break off
 *
 * N counts connections from 1. TEXT has \n \r \t \\ and \xHH for bytes that
 * cannot stand in a line. What is held goes out in front of the next `send`,
 * in one call: a line at a terminal is too short for some messages. Ends at
 * end of input.
 */
#include "net/tcp.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MOST = 64,
    LINE_SIZE = 65536,
    PIECE = 4096,
    BACKLOG = 64,
    HELD = 1 << 18
};

struct peer {
    int listener;      /* or -1 */
    int fds[MOST + 1]; /* connection N; -1 when closed */
    int count;
    char held[HELD]; /* what goes in front of the next send */
    size_t held_size;
};

static void
complain(const char *what)
{
    printf("! %s: %s\n", what, strerror(errno));
}

static void
print_received(int number, const unsigned char *bytes, ssize_t size)
{
    printf("%d received ", number);
    for (ssize_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            printf("\\n");
        else if (bytes[i] == '\\')
            printf("\\\\");
        else if (bytes[i] < ' ' || bytes[i] > '~')
            printf("\\x%02x", bytes[i]);
        else
            putchar(bytes[i]);
    }
    putchar('\n');
}

static void
add_connection(struct peer *peer, int fd)
{
    if (fd == -1) {
        complain("connection");
        return;
    }
    if (peer->count == MOST) {
        close(fd);
        errno = EMFILE;
        complain("connection");
        return;
    }
    peer->fds[++peer->count] = fd;
    printf("%d connected\n", peer->count);
}

static void
drop_connection(struct peer *peer, int number)
{
    close(peer->fds[number]);
    peer->fds[number] = -1;
}

static void
receive(struct peer *peer, int number)
{
    unsigned char bytes[PIECE];
    ssize_t n = tcp_receive(peer->fds[number], bytes, sizeof bytes);
    if (n > 0) {
        print_received(number, bytes, n);
        return;
    }
    printf("%d closed\n", number);
    drop_connection(peer, number);
}

static int
hex_value(char ch)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = ch ? strchr(digits, ch) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Takes the escapes out of `text`, in place. Returns the number of bytes. */
static size_t
unescape(char *text)
{
    static const char letters[] = "nrt\\", meanings[] = "\n\r\t\\";
    char *to = text;
    for (char *from = text; *from != '\0';) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        const char *letter = from[1] ? strchr(letters, from[1]) : NULL;
        if (letter != NULL) {
            *to++ = meanings[letter - letters];
            from += 2;
        } else if (from[1] == 'x' && hex_value(from[2]) >= 0 &&
                   hex_value(from[3]) >= 0) {
            *to++ = (char)(hex_value(from[2]) << 4 | hex_value(from[3]));
            from += 4;
        } else {
            *to++ = *from++;
        }
    }
    return (size_t)(to - text);
}

static void
break_off(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* Keeps bytes for the next send. False, with errno set, where they are too
 * many. */
static bool
hold(struct peer *peer, const char *bytes, size_t size)
{
    if (size > sizeof peer->held - peer->held_size) {
        errno = ENOBUFS;
        return false;
    }
    memcpy(peer->held + peer->held_size, bytes, size);
    peer->held_size += size;
    return true;
}

static void
run_command(struct peer *peer, char *line)
{
    char verb[16];
    int number, used = 0;
    if (sscanf(line, "%15s %d%n", verb, &number, &used) < 2 || number < 1 ||
        number > peer->count || peer->fds[number] == -1) {
        printf("! no such command or connection: %s\n", line);
        return;
    }
    char *text = line + used + (line[used] == ' ');
    int fd = peer->fds[number];
    if (strcmp(verb, "hold") == 0) {
        if (!hold(peer, text, unescape(text)))
            complain("hold");
    } else if (strcmp(verb, "send") == 0) {
        if (!hold(peer, text, unescape(text)) ||
            tcp_send_all(fd, peer->held, peer->held_size) == -1)
            complain("send");
        peer->held_size = 0;
    } else if (strcmp(verb, "finish") == 0) {
        if (shutdown(fd, SHUT_WR) == -1)
            complain("finish");
    } else if (strcmp(verb, "close") == 0) {
        drop_connection(peer, number);
    } else if (strcmp(verb, "reset") == 0) {
        break_off(fd);
        drop_connection(peer, number);
    } else {
        printf("! no such command: %s\n", verb);
    }
}

/* False at end of input. */
static bool
read_command(struct peer *peer)
{
    static char line[LINE_SIZE];
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    line[strcspn(line, "\n")] = '\0';
    run_command(peer, line);
    return true;
}

static size_t
watch(const struct peer *peer, struct pollfd *set, int *numbers)
{
    size_t count = 0;
    set[count++] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    set[count++] = (struct pollfd){.fd = peer->listener, .events = POLLIN};
    for (int n = 1; n <= peer->count; n++) {
        if (peer->fds[n] == -1)
            continue;
        numbers[count] = n;
        set[count++] = (struct pollfd){.fd = peer->fds[n], .events = POLLIN};
    }
    return count;
}

static int
serve(struct peer *peer)
{
    struct pollfd set[MOST + 2];
    int numbers[MOST + 2];
    for (;;) {
        fflush(stdout);
        size_t count = watch(peer, set, numbers);
        if (poll(set, count, -1) == -1) {
            if (errno == EINTR)
                continue;
            return 1;
        }
        for (size_t i = 2; i < count; i++)
            if (set[i].revents != 0)
                receive(peer, numbers[i]);
        if (set[1].revents != 0)
            add_connection(peer, tcp_accept(peer->listener));
        if (set[0].revents != 0 && !read_command(peer))
            return 0;
    }
}

static int
usage(void)
{
    fprintf(stderr, "usage: labpeer connect HOST PORT\n"
                    "       labpeer listen PORT\n");
    return 2;
}

int
main(int argc, char **argv)
{
    static struct peer peer = {.listener = -1};
    bool connects = argc == 4 && strcmp(argv[1], "connect") == 0;
    bool listens = argc == 3 && strcmp(argv[1], "listen") == 0;
    if (!connects && !listens)
        return usage();
    int port = tcp_port(argv[argc - 1]);
    if (port == -1)
        return usage();
    setvbuf(stdin, NULL, _IONBF, 0); /* poll() must see what is unread */
    int fd =
        connects ? tcp_connect(argv[2], port) : tcp_listen(NULL, port, BACKLOG);
    if (fd == -1) {
        fprintf(stderr, "labpeer: %s: %s\n", argv[argc - 1], strerror(errno));
        return 1;
    }
    if (connects)
        add_connection(&peer, fd);
    else
        peer.listener = fd;
    return serve(&peer);
}
