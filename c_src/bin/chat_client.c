/*
 * chat_client.c - send lines to a chat server, show and save what it answers
 *
 * Theory of operation
 *
 *   One process, one thread. The person may type and the server may speak at
 *   any moment, because what others say is relayed. So poll() (in
 *   tcp_wait_either) watches both, and neither is read before it has
 *   something. For the same reason the terminal is not read through stdio:
 *   poll() cannot see a line that lies in stdio's buffer.
 *
 *   Both directions are cut into lines by core/chat_stream.c. It also knows
 *   where a file ends; in between, its bytes go to the file (net/download.c).
 *   A file is saved only if it was asked for (core/chat_asked.c). A program
 *   that others wrote may send no line ends, so a pause ends a line as well.
 *
 *   The prompt is shown when the server has answered, or is silent. When
 *   it speaks while the prompt stands there, its line begins on a line of its
 *   own and the prompt is shown again.
 */
#include "core/chat.h"
#include "core/chat_asked.h"
#include "core/chat_stream.h"
#include "core/text.h"
#include "net/download.h"
#include "net/tcp.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLOSE_LIMIT_MS 2000 /* how long the server may take to close */

struct options {
    const char *host;
    int port;
    const char *name; /* sent when the server asks for one; NULL: ask */
};

struct session {
    int fd;
    const char *name; /* not used yet, or NULL */
    bool prompted;    /* the cursor stands behind the prompt */
    bool awaiting;    /* the server should say something soon */
    bool leaving;     /* `exit` was sent */
    bool saving;      /* a file is coming */
    struct chat_stream typed, server;
    struct chat_asked asked;
    struct download download;
    char from_terminal[CHAT_LINE_MAX + 2];
    char from_server[16 * 1024];
};

static void say(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static _Noreturn void
fail(const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "chat_client: %s: %s\n", what, why);
    exit(1);
}

static _Noreturn void
fail_usage(const char *why)
{
    fprintf(stderr, "chat_client: %s\nTry: chat_client --help\n", why);
    exit(2);
}

/* Prints one line, and not behind the prompt. */
static void
say(struct session *session, const char *format, ...)
{
    va_list arguments;

    if (session->prompted)
        putchar('\n');
    session->prompted = false;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

/* ---- to the server ------------------------------------------------------- */

/* Sends a line. `line` has room for the line end in place of its zero byte. */
static void
send_line(struct session *session, char *line, size_t size)
{
    session->awaiting = true;
    line[size] = '\n';
    if (tcp_send_all(session->fd, line, size + 1) == -1 && errno != EPIPE &&
        errno != ECONNRESET) /* one that left is noticed when we receive */
        fail("cannot send", strerror(errno));
    line[size] = '\0';
}

static void
send_text(struct session *session, const char *text)
{
    char line[CHAT_LINE_MAX + 2];
    int size = snprintf(line, sizeof line - 1, "%s", text);

    send_line(session, line, (size_t)size);
}

static void
send_typed(struct session *session, char *line, size_t size)
{
    const char *name;

    session->leaving = chat_command(line, &name) == CHAT_EXIT;
    chat_asked_note(&session->asked, line);
    send_line(session, line, size);
}

/* Reads what was typed, and sends every whole line of it. */
static void
read_terminal(struct session *session)
{
    size_t size;
    char *text = chat_stream_space(&session->typed, &size);
    ssize_t count = read(STDIN_FILENO, text, size); /* it does not block */
    enum chat_piece piece;

    if (count == -1)
        fail("cannot read the terminal", strerror(errno));
    session->prompted = false;
    chat_stream_added(&session->typed, (size_t)count);
    do {
        piece = count > 0 ? chat_stream_next(&session->typed, &text, &size)
                          : chat_stream_finish(&session->typed, &text, &size);
        if (piece == CHAT_LINE)
            send_typed(session, text, size);
        else if (piece == CHAT_LONG)
            say(session, "Not sent: longer than %d bytes", CHAT_LINE_MAX);
    } while (piece != CHAT_PARTIAL && !session->leaving);

    if (count == 0 && !session->leaving) {
        send_text(session, "exit"); /* the end of the input means it, too */
        session->leaving = true;
    }
}

/* ---- from the server ----------------------------------------------------- */

static void
end_file(struct session *session)
{
    struct download *file = &session->download;

    session->saving = false;
    download_end(file);
    if (file->why != 0)
        say(session, CHAT_NOT_SAVED, file->name, strerror(file->why));
    else if (strcmp(file->name, file->saved) == 0)
        say(session, CHAT_SAVED, file->name, (long long)file->size);
    else
        say(session, CHAT_SAVED_AS, file->name, file->saved,
            (long long)file->size);
}

static void
add_to_file(struct session *session, const char *bytes, size_t size)
{
    download_add(&session->download, bytes, size);
    if (session->download.left == 0)
        end_file(session);
}

static void
show_line(struct session *session, char *line)
{
    char name[CHAT_FILE_MAX + 1];
    bool asks = strcmp(line, CHAT_ASK_NAME) == 0;
    int64_t size;

    text_make_plain(line);
    say(session, "%s", line);
    if (strcmp(line, CHAT_FULL) == 0)
        session->awaiting = true; /* its closing, so do not prompt */
    if (asks && session->name != NULL) {
        send_text(session, session->name);
        session->name = NULL; /* if it is refused, the person chooses */
    }
    if (!chat_read_file_head(line, name, &size) ||
        !chat_asked_take(&session->asked, name))
        return;
    session->saving = true;
    download_begin(&session->download, name, size);
    chat_stream_expect(&session->server, size);
    add_to_file(session, "", 0); /* so that an empty file ends here */
}

/* Shows or saves all that has come. With `finish`, what is left is a line. */
static void
show_all(struct session *session, bool finish)
{
    struct chat_stream *stream = &session->server;
    enum chat_piece piece;
    char *text;
    size_t size;

    do {
        piece = finish ? chat_stream_finish(stream, &text, &size)
                       : chat_stream_next(stream, &text, &size);
        if (piece == CHAT_LINE)
            show_line(session, text);
        else if (piece == CHAT_BYTES)
            add_to_file(session, text, size);
        else if (piece == CHAT_LONG)
            say(session, "(a line that is too long was left out)");
    } while (piece != CHAT_PARTIAL);
}

/* Receives: false if the server has left. */
static bool
receive(struct session *session)
{
    size_t size;
    char *to = chat_stream_space(&session->server, &size);
    ssize_t received = tcp_receive(session->fd, to, size);

    if (received == -1 && errno != ECONNRESET)
        fail("cannot receive", strerror(errno));
    if (received > 0)
        chat_stream_added(&session->server, (size_t)received);
    session->awaiting = false;
    show_all(session, received <= 0);
    return received > 0;
}

/* ---- both ---------------------------------------------------------------- */

/* Is there nothing to do but to wait for the person as well? */
static bool
may_type(const struct session *session)
{
    return session->prompted && !session->saving && !session->leaving &&
           !chat_stream_has_begun(&session->server);
}

/* How long to wait for the server alone. */
static int
server_limit_ms(const struct session *session)
{
    if (session->saving)
        return -1;
    if (session->leaving)
        return CLOSE_LIMIT_MS;
    if (session->awaiting || chat_stream_has_begun(&session->server))
        return CHAT_PAUSE_MS;
    return 0;
}

static void
prompt(struct session *session)
{
    printf(CHAT_PROMPT);
    fflush(stdout);
    session->prompted = true;
    session->awaiting = false;
}

/* Waits for either side, and does what is to be done: false at the end. */
static bool
take_turn(struct session *session)
{
    int ready;

    if (may_type(session))
        ready = tcp_wait_either(session->fd, STDIN_FILENO);
    else
        ready = tcp_wait_readable(session->fd, server_limit_ms(session));
    if (ready == -1)
        fail("cannot wait", strerror(errno));
    if (ready & TCP_FIRST) /* which is the 1 of tcp_wait_readable(), too */
        return receive(session);
    if (ready & TCP_SECOND)
        read_terminal(session);
    else if (chat_stream_has_begun(&session->server))
        show_all(session, true);
    else if (session->leaving)
        return false; /* it does not close, so we do */
    else
        prompt(session);
    return true;
}

/* Talks until one side leaves: the exit status. */
static int
converse(struct session *session)
{
    chat_stream_init(&session->typed, session->from_terminal,
                     sizeof session->from_terminal);
    chat_stream_init(&session->server, session->from_server,
                     sizeof session->from_server);
    chat_asked_init(&session->asked);
    printf(CHAT_HINT "\n");
    session->awaiting = true; /* it may greet us */
    while (take_turn(session))
        ;
    if (session->saving)
        end_file(session);
    if (session->leaving) {
        say(session, CHAT_BYE);
        return 0;
    }
    if (session->prompted)
        putchar('\n');
    fail("the server left", "it closed the connection");
}

static void
print_usage(void)
{
    printf("usage: chat_client [--name NAME] [--host HOST] [--port PORT]\n"
           "Sends what is typed, line by line, and shows what is answered.\n"
           "A file that is asked for is saved into the current folder.\n"
           "  --name NAME    the name to give if the server asks for one\n"
           "  --host HOST    where the server is (default: 127.0.0.1)\n"
           "  --port PORT    its port (default: %d)\n"
           "  --help         print this\n"
           "Exit status: 0 done, 1 failed, 2 wrong usage.\n",
           CHAT_PORT);
}

static void
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"name", required_argument, NULL, 'n'},
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'n') {
            options->name = optarg;
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
    if (options->name != NULL && chat_name_fault(options->name) != NULL)
        fail_usage(chat_name_fault(options->name));
    if (options->port < 1)
        fail_usage("a port is a number from 1 to 65535");
    if (optind < argc)
        fail_usage("too many arguments");
}

int
main(int argc, char **argv)
{
    static struct session session; /* too large for the stack, all zero */
    struct options options = {.host = "127.0.0.1", .port = CHAT_PORT};
    int status;

    read_options(&options, argc, argv);
    session.name = options.name;
    session.fd = tcp_connect(options.host, options.port);
    if (session.fd == -1) {
        int reason = errno;

        fprintf(stderr, "chat_client: cannot connect to %s port %d: %s\n",
                options.host, options.port, strerror(reason));
        return 1;
    }
    status = converse(&session);
    close(session.fd);
    return status;
}
