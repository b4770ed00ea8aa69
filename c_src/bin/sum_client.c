/*
 * sum_client.c - tell the server a number, learn its own, show the sum
 *
 * The client asks the person at the terminal for an integer, connects, sends
 * its name and the integer, and shows both names, both numbers and the sum.
 *
 * Theory of operation
 *
 *   One process, one thread. It waits for one thing at a time: first for the
 *   person, then for the server. It connects only when it has a number to
 *   send, because the server talks to one client at a time and a person who
 *   thinks would keep the others waiting.
 *
 *   What is an integer and what the server's sentence means is decided in
 *   core/sum.c. Whether the integer is in the range is the server's question.
 */
#include "core/sum.h"
#include "core/text.h"
#include "net/message.h"
#include "net/tcp.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *host;
    int port;
    struct sum_pair own; /* the client's name and number */
};

static _Noreturn void
fail(const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "sum_client: %s: %s\n", what, why);
    exit(1);
}

static _Noreturn void
fail_usage(const char *why)
{
    fprintf(stderr, "sum_client: %s\nTry: sum_client --help\n", why);
    exit(2);
}

/* Reads a line of the terminal: false at the end of the input. `*fits` tells
   whether the whole line is in `line`; a zero byte in it is kept out. */
static bool
read_line(char *line, size_t size, bool *fits)
{
    size_t length = 0;
    int byte;

    *fits = true;
    while ((byte = getchar()) != EOF && byte != '\n') {
        if (length < size - 1)
            line[length++] = byte == '\0' ? '?' : (char)byte;
        else
            *fits = false;
    }
    line[length] = '\0';
    return byte != EOF || length > 0;
}

/* Asks the person until there is an integer. */
static int
ask(void)
{
    char line[SUM_LINE_MAX + 1];
    bool fits;
    int number;

    for (;;) {
        enum sum_result result = SUM_TOO_LONG;

        printf(SUM_PROMPT);
        fflush(stdout);
        if (!read_line(line, sizeof line, &fits))
            fail("nothing was sent", "the input ended");
        if (fits)
            result = sum_read_number(line, &number);
        if (result == SUM_READY)
            return number;
        printf(SUM_ASK_AGAIN "\n", sum_why(result));
    }
}

/* The server's sentence. It lies in `room`. */
static char *
hear(int fd, char *room, size_t size)
{
    struct message message;
    enum message_result result;
    char *text;

    message_open(&message, fd, room, size);
    do {
        result = message_next(&message, &text);
    } while (result == MESSAGE_PARTIAL);
    if (result == MESSAGE_TOO_LONG)
        fail("the server", "sent a line that is too long");
    if (result == MESSAGE_ENDED ||
        (result == MESSAGE_FAILED && errno == ECONNRESET))
        fail("the server left", "it did not answer");
    if (result == MESSAGE_FAILED)
        fail("cannot receive", strerror(errno));
    return text;
}

/* Sends the client's name and number, and shows what comes of it. */
static void
exchange(int fd, const struct sum_pair *own)
{
    char line[SUM_LINE_MAX + 2], *answer;
    struct sum_pair other;
    enum sum_result result;

    sum_write(SUM_CLIENT, own, line, sizeof line - 1);
    printf("%s\n", line);
    fflush(stdout);
    strcat(line, "\n");
    if (tcp_send_all(fd, line, strlen(line)) == -1)
        fail("cannot send", strerror(errno));

    answer = hear(fd, line, sizeof line);
    result = sum_read(answer, &other);
    text_make_plain(answer);
    printf(SUM_FROM_SERVER "\n", answer);
    if (result != SUM_READY)
        fail("there is no sum", "the server did not send its number");
    printf(SUM_SUM "\n", own->number, other.number, own->number + other.number);
}

static void
print_usage(void)
{
    printf("usage: sum_client [--name NAME] [--number N] [--host HOST]"
           " [--port PORT]\n"
           "Asks for an integer and adds it to the server's.\n"
           "  --name NAME    the client is called `Client of NAME`"
           " (default: Student)\n"
           "  --number N     send this integer and do not ask\n"
           "  --host HOST    where the server is (default: 127.0.0.1)\n"
           "  --port PORT    its port (default: %d)\n"
           "  --help         print this\n"
           "Exit status: 0 done, 1 failed, 2 wrong usage.\n",
           SUM_PORT);
}

static void
read_name(struct options *options, const char *name)
{
    if (!sum_is_name(name))
        fail_usage("a name is one line of 1 to 64 bytes");
    strcpy(options->own.name, name);
}

/* Reads the options: true if the number is among them. */
static bool
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"name", required_argument, NULL, 'n'},
        {"number", required_argument, NULL, 'N'},
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    bool has_number = false;
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'n') {
            read_name(options, optarg);
        } else if (option == 'N') {
            if (sum_read_number(optarg, &options->own.number) != SUM_READY)
                fail_usage("the number is an integer of at most 9 digits");
            has_number = true;
        } else if (option == 'H') {
            options->host = optarg;
        } else if (option == 'p') {
            options->port = tcp_port(optarg);
        } else if (option == 'h') {
            print_usage();
            exit(0);
        } else {
            fail_usage("this is no option");
        }
    }
    if (options->port < 1)
        fail_usage("a port is a number from 1 to 65535");
    if (optind < argc)
        fail_usage("too many arguments");
    return has_number;
}

int
main(int argc, char **argv)
{
    struct options options = {
        .host = "127.0.0.1", .port = SUM_PORT, .own = {.name = "Student"}};
    int fd;

    if (!read_options(&options, argc, argv))
        options.own.number = ask();
    fd = tcp_connect(options.host, options.port);
    if (fd == -1) {
        int reason = errno;

        fprintf(stderr, "sum_client: cannot connect to %s port %d: %s\n",
                options.host, options.port, strerror(reason));
        return 1;
    }
    exchange(fd, &options.own);
    close(fd);
    return 0;
}
