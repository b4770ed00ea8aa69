/*
 * sum_server.c - add each client's number to the server's own
 *
 * The server takes one client after another. It reads the client's name and
 * number, shows both numbers and their sum, answers with its own name and
 * number, and closes the connection. A number outside 1 to 100 is answered
 * like any other; then the server closes all its sockets and ends.
 *
 * Theory of operation
 *
 *   One process, one thread, one client at a time: an exchange takes no longer
 *   than two sentences take to travel, so the next client hardly waits. But a
 *   client that connects and says nothing would hold up all others. It is
 *   given `--patience` milliseconds; then its connection is closed.
 *
 *   Two sockets are open during an exchange: the listener, which main() opens
 *   and closes, and the connection, which serve() closes.
 *
 *   How sentences are read and written is decided in core/sum.c.
 */
#include "core/sum.h"
#include "core/text.h"
#include "net/message.h"
#include "net/tcp.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a client may take to close after the answer. */
#define CLOSE_LIMIT_MS 2000

/* Connections that the kernel keeps for us until we accept them. */
#define BACKLOG 16

struct options {
    const char *host; /* NULL: all addresses */
    int port;
    int patience_ms;
    struct sum_pair own; /* the server's name and number */
};

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints one line at the terminal, at once. */
static void
say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static _Noreturn void
fail(const char *what)
{
    fprintf(stderr, "sum_server: %s: %s\n", what, strerror(errno));
    exit(1);
}

static _Noreturn void
fail_usage(const char *why)
{
    fprintf(stderr, "sum_server: %s\nTry: sum_server --help\n", why);
    exit(2);
}

/* Sends one sentence. If the client is gone, nobody misses it. */
static void
tell(int fd, const char *sentence)
{
    char line[SUM_LINE_MAX + 2];
    int size = snprintf(line, sizeof line, "%s\n", sentence);

    (void)tcp_send_all(fd, line, (size_t)size);
}

static void
refuse(int fd, enum sum_result why)
{
    char sentence[SUM_LINE_MAX];

    snprintf(sentence, sizeof sentence, SUM_REFUSED, sum_why(why));
    say("%s", sentence);
    tell(fd, sentence);
    (void)tcp_finish(fd, CLOSE_LIMIT_MS); /* it may still be sending */
}

/* Waits for the client's sentence: false if none came. */
static bool
hear(int fd, int patience_ms, struct sum_pair *client)
{
    char room[SUM_LINE_MAX + 2], *text;
    struct message message;
    enum message_result heard;
    enum sum_result result = SUM_TOO_LONG;

    if (tcp_wait_readable(fd, patience_ms) == 0) {
        say(SUM_SILENT, patience_ms);
        return false;
    }
    message_open(&message, fd, room, sizeof room);
    do {
        heard = message_next(&message, &text);
    } while (heard == MESSAGE_PARTIAL);
    if (heard == MESSAGE_ENDED || heard == MESSAGE_FAILED) {
        say(SUM_LEFT);
        return false;
    }
    if (heard == MESSAGE_READY)
        result = sum_read(text, client);
    if (result != SUM_READY)
        refuse(fd, result);
    return result == SUM_READY;
}

/* Serves one client: false if its number ends the server. */
static bool
serve(int fd, const struct options *options)
{
    const struct sum_pair *own = &options->own;
    struct sum_pair client = {.number = SUM_LOWEST};
    char answer[SUM_LINE_MAX + 1];

    if (hear(fd, options->patience_ms, &client)) {
        say(SUM_CONNECTED, client.name, own->name);
        say(SUM_CLIENT_NUMBER, client.number);
        say(SUM_SERVER_NUMBER_IS, own->number);
        say(SUM_SUM, client.number, own->number, client.number + own->number);
        sum_write(SUM_SERVER, own, answer, sizeof answer);
        tell(fd, answer);
        (void)tcp_finish(fd, CLOSE_LIMIT_MS); /* so that it gets the answer */
    }
    close(fd);
    if (sum_is_in_range(client.number))
        return true;
    say(SUM_CLOSING, client.number, SUM_LOWEST, SUM_HIGHEST);
    return false;
}

static void
print_usage(void)
{
    printf("usage: sum_server [--name NAME] [--number N] [--host ADDRESS]"
           " [--port PORT]\n"
           "Adds each client's number to its own, until one is outside %d to"
           " %d.\n"
           "  --name NAME      the server is called `Server of NAME`"
           " (default: Lab)\n"
           "  --number N       the server's number, %d to %d (default: %d)\n"
           "  --host ADDRESS   listen here only (default: all addresses)\n"
           "  --port PORT      listen at this port (default: %d;"
           " 0: any free one)\n"
           "  --patience MS    how long a client may stay silent"
           " (default: 30000)\n"
           "  --help           print this\n"
           "Exit status: 0 ended by a number out of range, 1 failed,"
           " 2 wrong usage.\n",
           SUM_LOWEST, SUM_HIGHEST, SUM_LOWEST, SUM_HIGHEST, SUM_SERVER_NUMBER,
           SUM_PORT);
}

static void
read_name(struct options *options, const char *name)
{
    if (!sum_is_name(name))
        fail_usage("a name is one line of 1 to 64 bytes");
    strcpy(options->own.name, name);
}

static void
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"name", required_argument, NULL, 'n'},
        {"number", required_argument, NULL, 'N'},
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"patience", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'n') {
            read_name(options, optarg);
        } else if (option == 'N') {
            if (sum_read_number(optarg, &options->own.number) != SUM_READY ||
                !sum_is_in_range(options->own.number))
                fail_usage("the server's number is an integer from 1 to 100");
        } else if (option == 'H') {
            options->host = optarg;
        } else if (option == 'p') {
            options->port = tcp_port(optarg);
        } else if (option == 't') {
            if (sum_read_number(optarg, &options->patience_ms) != SUM_READY ||
                options->patience_ms < 1)
                fail_usage("patience is a number of milliseconds");
        } else if (option == 'h') {
            print_usage();
            exit(0);
        } else {
            fail_usage("this is no option");
        }
    }
    if (options->port == -1)
        fail_usage("a port is a number from 0 to 65535");
    if (optind < argc)
        fail_usage("too many arguments");
}

int
main(int argc, char **argv)
{
    struct options options = {
        .port = SUM_PORT,
        .patience_ms = 30000,
        .own = {.name = "Lab", .number = SUM_SERVER_NUMBER},
    };
    bool goes_on = true;
    int listener;

    read_options(&options, argc, argv);
    listener = tcp_listen(options.host, options.port, BACKLOG);
    if (listener == -1)
        fail("cannot listen");
    say(SUM_LISTENING, tcp_bound_port(listener));
    while (goes_on) {
        int fd = tcp_accept(listener);

        if (fd == -1)
            fail("cannot accept a connection");
        goes_on = serve(fd, &options);
    }
    close(listener);
    return 0;
}
