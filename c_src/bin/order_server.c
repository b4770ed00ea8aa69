/*
 * order_server.c - tell two clients whose message arrived first
 *
 * Why this server needs multithreading
 *
 *   Two people sit at two clients, and either of them may be the first to
 *   press return. The server cannot know which. But recv() listens to one
 *   connection only, and it blocks: it does not come back before that one
 *   client has sent something. A server with a single thread has to choose.
 *   If it waits for X and Y is faster, then Y's message lies in the kernel
 *   unread until X has spoken; the server reads X's message first, says that
 *   X was first, and is wrong. It would report the order in which it read, not
 *   the order in which the messages arrived. And if X goes home, Y is never
 *   heard at all.
 *
 *   So the server must wait for both clients at the same time. It has one
 *   thread for each: both threads block in recv(), each on the connection of
 *   its own client, and use no processor time. When a message arrives, the
 *   kernel wakes the thread that waits for it, whichever it is. Each thread
 *   is still a plain story: greet, receive, wait, answer.
 *
 *   Threads, and not processes, because they share memory: "who was first?"
 *   is one fact that both must see. Sharing has its price. If both messages
 *   arrive together, both threads could find that nobody was first yet. A
 *   mutex makes them decide one after the other, so that there is exactly one
 *   first, and both clients are told the same.
 *
 *   (One thread could also wait for both connections with poll(). Then the
 *   program has to keep account of how far it has come with each client,
 *   which a thread simply knows from where it stands in its code.)
 *
 * Theory of operation
 *
 *   Who runs. The main thread accepts both clients, and only then starts one
 *   thread for each. So no message is received before both are connected. It
 *   joins the two threads, waits for the clients to close, and cleans up.
 *
 *   Who owns. The main thread opens and closes every socket. In between, a
 *   client's thread is the only one that sends to its client or receives from
 *   it. One exception: the thread of a client that leaves ends the receiving
 *   of the other one, shutdown(SHUT_RD), which wakes the thread blocked there.
 *
 *   What is locked. `lock` in struct pair guards the session: its state and
 *   both messages. A thread that changes the session signals `changed`. A
 *   thread that has its message waits there until the session is over.
 *   Nothing is sent or received while the lock is held.
 *
 *   Who decides. Every rule of the exchange is in core/order.c.
 */
#include "core/order.h"
#include "net/message.h"
#include "net/tcp.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long clients may take to close after the answer. */
#define CLOSE_LIMIT_MS 2000

/* Connections that the kernel keeps for us until we accept them. */
#define BACKLOG 8

struct client {
    enum order_label label; /* fixed */
    int fd;                 /* fixed; main opens and closes it */
    pthread_t thread;       /* main's */
    bool answered;          /* the thread's; main's after joining it */
    struct pair *pair;      /* fixed */
};

/* Two clients that are served together. */
struct pair {
    pthread_mutex_t lock;
    pthread_cond_t changed;       /* the session has changed */
    struct order_session session; /* guarded by lock */
    struct client client[2];      /* by label */
};

struct options {
    const char *host; /* NULL: all addresses */
    int port;
    bool forever;
};

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int tell(const struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints one line at the terminal, at once and in one piece. */
static void
say(const char *format, ...)
{
    va_list arguments;

    flockfile(stdout);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    funlockfile(stdout);
}

static _Noreturn void
fail(const char *what, int reason)
{
    fprintf(stderr, "order_server: %s: %s\n", what, strerror(reason));
    exit(1);
}

/* Sends one sentence. A client that is gone is noticed when we receive. */
static int
tell(const struct client *client, const char *format, ...)
{
    char text[ORDER_SENTENCE_MAX + 1];
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    length = strlen(text);
    text[length] = '\n';
    return tcp_send_all(client->fd, text, length + 1);
}

/* ---- one client's thread ------------------------------------------------ */

/* The client's message has begun to arrive. Only the first call counts. */
static void
note_arrival(struct client *me)
{
    struct pair *pair = me->pair;
    struct order_session *session = &pair->session;

    pthread_mutex_lock(&pair->lock);
    session->state = order_next(session->state, order_speaks(me->label));
    pthread_mutex_unlock(&pair->lock);
}

/* The client's message is whole. */
static void
note_message(struct client *me, const char *text)
{
    struct pair *pair = me->pair;
    struct order_session *session = &pair->session;

    pthread_mutex_lock(&pair->lock);
    if (!order_has_failed(session)) {
        order_hear(session, me->label, text);
        say(ORDER_SENT, order_letter(me->label),
            order_number(session, me->label), session->message[me->label]);
    }
    pthread_cond_broadcast(&pair->changed);
    pthread_mutex_unlock(&pair->lock);
}

/* The client is gone. If the other one is here, it need not send any more. */
static void
note_leaving(struct client *me)
{
    struct pair *pair = me->pair;
    struct order_session *session = &pair->session;
    struct client *other = &pair->client[me->label == ORDER_X];

    pthread_mutex_lock(&pair->lock);
    if (!order_has_failed(session)) {
        session->state = order_next(session->state, order_leaves(me->label));
        say(ORDER_LEFT, order_letter(me->label));
        shutdown(other->fd, SHUT_RD); /* wakes its thread */
    }
    pthread_cond_broadcast(&pair->changed);
    pthread_mutex_unlock(&pair->lock);
}

/* Receives until the client has sent a message, or has left. */
static void
take_message(struct client *me)
{
    char room[ORDER_MESSAGE_MAX + 2];
    struct message message;
    enum message_result result;
    char *text;

    message_open(&message, me->fd, room, sizeof room);
    for (;;) {
        result = message_next(&message, &text);
        if (result != MESSAGE_READY && result != MESSAGE_PARTIAL)
            break;
        if (!order_is_blank(text)) {
            note_arrival(me);
            if (result == MESSAGE_PARTIAL)
                continue;
            if (message_has_more(&message))
                say(ORDER_MORE, order_letter(me->label));
            note_message(me, text);
            return;
        }
        if (result == MESSAGE_READY)
            tell(me, ORDER_EMPTY_MESSAGE);
    }
    if (result == MESSAGE_TOO_LONG) {
        say("Client %c: " ORDER_LONG_MESSAGE, order_letter(me->label),
            ORDER_MESSAGE_MAX);
        tell(me, ORDER_LONG_MESSAGE, ORDER_MESSAGE_MAX);
    }
    note_leaving(me);
}

/* Waits until both messages are there, or a client has left. */
static void
await_outcome(struct pair *pair, char *text, size_t size)
{
    pthread_mutex_lock(&pair->lock);
    while (!order_is_over(&pair->session))
        pthread_cond_wait(&pair->changed, &pair->lock);
    order_outcome(&pair->session, text, size);
    pthread_mutex_unlock(&pair->lock);
}

static void *
serve_client(void *argument)
{
    struct client *me = argument;
    char outcome[ORDER_SENTENCE_MAX];

    tell(me, ORDER_GREETING, order_letter(me->label));
    take_message(me);
    await_outcome(me->pair, outcome, sizeof outcome);

    /* One that has closed may still read: it gets the answer all the same. */
    me->answered = !tcp_peer_left(me->fd);
    if (tell(me, "%s", outcome) == -1)
        me->answered = false;
    return NULL;
}

/* ---- the main thread ---------------------------------------------------- */

/* Accepts both clients, X first. */
static void
accept_pair(struct pair *pair, int listener)
{
    say(ORDER_WAITING);
    for (int label = ORDER_X; label <= ORDER_Y; label++) {
        struct order_session *session = &pair->session;
        struct client *client = &pair->client[label];

        client->label = (enum order_label)label;
        client->pair = pair;
        client->answered = false;
        client->fd = tcp_accept(listener);
        if (client->fd == -1)
            fail("cannot accept a connection", errno);
        session->state = order_next(session->state, ORDER_CONNECTS);
        say(ORDER_ACCEPTED, label == ORDER_X ? "first" : "second",
            order_letter(client->label));
    }
}

/* Gives each client its thread, and waits until both threads are through. */
static void
talk_to_both(struct pair *pair)
{
    say(ORDER_ASKING);
    for (int label = ORDER_X; label <= ORDER_Y; label++) {
        struct client *client = &pair->client[label];
        int reason =
            pthread_create(&client->thread, NULL, serve_client, client);

        if (reason != 0)
            fail("cannot start a thread", reason);
    }
    for (int label = ORDER_X; label <= ORDER_Y; label++)
        pthread_join(pair->client[label].thread, NULL);
}

/* Says how the exchange ended: 0 if both clients got the answer, or 1. */
static int
report(const struct pair *pair)
{
    int status = 0;

    if (order_has_failed(&pair->session))
        return 1; /* who left was said when it happened */
    for (int label = ORDER_X; label <= ORDER_Y; label++) {
        if (!pair->client[label].answered) {
            say(ORDER_LEFT_LATE, order_letter((enum order_label)label));
            status = 1;
        }
    }
    if (status == 0)
        say(ORDER_ACKNOWLEDGED);
    return status;
}

static void
close_both(struct pair *pair)
{
    say(ORDER_CLOSING);
    for (int label = ORDER_X; label <= ORDER_Y; label++) {
        struct client *client = &pair->client[label];

        if (tcp_finish(client->fd, CLOSE_LIMIT_MS) == -1)
            say("Client %c did not close", order_letter(client->label));
        close(client->fd);
        client->fd = -1;
    }
    say(ORDER_DONE);
}

/* Serves two clients: 0 if both got the answer, or 1. */
static int
serve_pair(int *listener, bool forever)
{
    struct pair pair = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .changed = PTHREAD_COND_INITIALIZER};
    int status;

    order_start(&pair.session);
    accept_pair(&pair, *listener);
    if (!forever) { /* a third client is refused, and does not wait in vain */
        close(*listener);
        *listener = -1;
    }
    talk_to_both(&pair);
    status = report(&pair);
    close_both(&pair);
    pthread_cond_destroy(&pair.changed);
    pthread_mutex_destroy(&pair.lock);
    return status;
}

static void
print_usage(FILE *to)
{
    fprintf(to,
            "usage: order_server [--host ADDRESS] [--port PORT] [--forever]\n"
            "Tells two clients whose message arrived first.\n"
            "  --host ADDRESS  listen here only (default: all addresses)\n"
            "  --port PORT     listen at this port (default: %d;"
            " 0: any free one)\n"
            "  --forever       serve one pair of clients after another\n"
            "  --help          print this\n"
            "Exit status: 0 done, 1 failed or a client left, 2 wrong usage.\n",
            ORDER_PORT);
}

static void
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"forever", no_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'H') {
            options->host = optarg;
        } else if (option == 'p') {
            options->port = tcp_port(optarg);
        } else if (option == 'f') {
            options->forever = true;
        } else {
            print_usage(option == 'h' ? stdout : stderr);
            exit(option == 'h' ? 0 : 2);
        }
    }
    if (optind < argc || options->port == -1) {
        fprintf(stderr, "order_server: %s\n",
                options->port == -1 ? "a port is a number from 0 to 65535"
                                    : "too many arguments");
        print_usage(stderr);
        exit(2);
    }
}

int
main(int argc, char **argv)
{
    struct options options = {.port = ORDER_PORT};
    int listener, status;

    read_options(&options, argc, argv);
    listener = tcp_listen(options.host, options.port, BACKLOG);
    if (listener == -1)
        fail("cannot listen", errno);
    say(ORDER_LISTENING, tcp_bound_port(listener));
    do {
        status = serve_pair(&listener, options.forever);
    } while (options.forever);
    return status;
}
