/*
 * order_client.c - send one message, learn whose message arrived first
 *
 * The client connects, waits to be greeted, asks the person at the terminal
 * for one message, sends it, and prints what the server answers.
 *
 * Theory of operation
 *
 *   One process, one thread. There is one moment with two things to wait for:
 *   the person may type, and the server may leave. A read() of the terminal
 *   would not notice the server, so poll() (in tcp_wait_either) watches both.
 *   For the same reason the terminal is not read through stdio: poll() cannot
 *   see a line that lies in stdio's buffer.
 *
 *   What is a greeting and what is an answer is decided in core/order.c.
 */
#include "core/line.h"
#include "core/order.h"
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
    bool bare; /* send the message without a line end */
};

static _Noreturn void
fail(const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "order_client: %s: %s\n", what, why);
    exit(1);
}

/* Prints a sentence of the server, unless it is blank. */
static void
show(const char *sentence)
{
    if (order_is_blank(sentence))
        return;
    printf(ORDER_FROM_SERVER "\n", order_without_sender(sentence));
    fflush(stdout);
}

/* The next piece of text from the server; `when` is for the message if the
   server is gone. */
static enum message_result
hear(struct message *server, char **text, const char *when)
{
    enum message_result result = message_next(server, text);

    switch (result) {
    case MESSAGE_READY:
    case MESSAGE_PARTIAL:
        return result;
    case MESSAGE_ENDED:
        fail("the server left", when);
    case MESSAGE_TOO_LONG:
        fail("the server", "sent a line that is too long");
    case MESSAGE_FAILED:
        if (errno == ECONNRESET)
            fail("the server left", when);
        break;
    }
    fail("cannot receive", strerror(errno));
}

/* Prints what the server says until it has said that we are connected. */
static void
await_greeting(struct message *server)
{
    for (;;) {
        char *text;
        enum message_result result = hear(server, &text, "it did not greet us");
        bool greeting = order_is_greeting(text);

        /* Many servers send no line end; a greeting is known by its words. */
        if (result == MESSAGE_PARTIAL && greeting) {
            message_accept(server);
            result = MESSAGE_READY;
        }
        if (result == MESSAGE_READY) {
            show(text);
            if (greeting)
                return;
        }
    }
}

/* Prints what the server says until it has said which message was first. */
static void
await_answer(struct message *server)
{
    for (;;) {
        char *text;

        if (hear(server, &text, "it did not answer") != MESSAGE_READY)
            continue;
        show(text);
        if (order_is_answer(text))
            return;
    }
}

static void
prompt(void)
{
    printf(ORDER_PROMPT);
    fflush(stdout);
}

/* Reads what was typed: a line that is not blank, or NULL if it is not yet
   complete. */
static char *
read_typed(struct line *typed)
{
    size_t size;
    char *space = line_space(typed, &size);
    ssize_t count = read(STDIN_FILENO, space, size); /* it does not block */
    enum line_result result;
    char *text;

    if (count == -1)
        fail("cannot read the terminal", strerror(errno));
    line_added(typed, (size_t)count);
    do {
        result =
            count > 0 ? line_next(typed, &text) : line_finish(typed, &text);
        if (result == LINE_TOO_LONG)
            fail("nothing was sent", "the message is too long");
        if (result == LINE_NUL)
            fail("nothing was sent", "the message has a zero byte");
        if (result == LINE_READY && !order_is_blank(text))
            return text;
        if (result == LINE_READY)
            prompt();
    } while (result == LINE_READY);
    if (count == 0)
        fail("nothing was sent", "the input ended");
    return NULL;
}

/* Prints a sentence that comes while the prompt stands at the terminal. */
static void
interrupt_prompt(struct message *server)
{
    char *text;

    putchar('\n');
    while (hear(server, &text, "nothing was sent") != MESSAGE_READY)
        ;
    show(text);
    prompt();
}

/* Asks the person until there is a message. It lies in the room of `typed`. */
static char *
ask(struct line *typed, struct message *server)
{
    char *text = NULL;

    prompt();
    while (text == NULL) {
        int ready = TCP_SECOND;

        if (!message_has_more(server))
            ready = tcp_wait_either(STDIN_FILENO, server->fd);
        if (ready == -1)
            fail("cannot wait", strerror(errno));
        if (ready & TCP_SECOND)
            interrupt_prompt(server);
        else
            text = read_typed(typed);
    }
    return text;
}

static void
send_message(int fd, char *text, bool bare)
{
    size_t length = strlen(text);
    int result;

    printf(ORDER_TYPED "\n", text);
    fflush(stdout);
    if (!bare)
        text[length++] = '\n'; /* in place of the zero byte */
    result = tcp_send_all(fd, text, length);
    if (result == -1)
        fail("cannot send", strerror(errno));
}

static void
converse(int fd, bool bare)
{
    char from_server[ORDER_SENTENCE_MAX], from_terminal[ORDER_MESSAGE_MAX + 2];
    struct message server;
    struct line typed;

    message_open(&server, fd, from_server, sizeof from_server);
    line_init(&typed, from_terminal, sizeof from_terminal);
    await_greeting(&server);
    send_message(fd, ask(&typed, &server), bare);
    await_answer(&server);
}

static void
print_usage(FILE *to)
{
    fprintf(to,
            "usage: order_client [--host HOST] [--port PORT] [--no-newline]\n"
            "Sends one message, and prints whose message arrived first.\n"
            "  --host HOST    where the server is (default: 127.0.0.1)\n"
            "  --port PORT    its port (default: %d)\n"
            "  --no-newline   send the message without a line end\n"
            "  --help         print this\n"
            "Exit status: 0 done, 1 failed, 2 wrong usage.\n",
            ORDER_PORT);
}

static void
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"no-newline", no_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'H') {
            options->host = optarg;
        } else if (option == 'p') {
            options->port = tcp_port(optarg);
        } else if (option == 'n') {
            options->bare = true;
        } else {
            print_usage(option == 'h' ? stdout : stderr);
            exit(option == 'h' ? 0 : 2);
        }
    }
    if (optind < argc || options->port < 1) {
        fprintf(stderr, "order_client: %s\n",
                options->port < 1 ? "a port is a number from 1 to 65535"
                                  : "too many arguments");
        print_usage(stderr);
        exit(2);
    }
}

int
main(int argc, char **argv)
{
    struct options options = {.host = "127.0.0.1", .port = ORDER_PORT};
    int fd;

    read_options(&options, argc, argv);
    fd = tcp_connect(options.host, options.port);
    if (fd == -1) {
        int reason = errno;

        fprintf(stderr, "order_client: cannot connect to %s port %d: %s\n",
                options.host, options.port, strerror(reason));
        return 1;
    }
    converse(fd, options.bare);
    close(fd);
    return 0;
}
