/*
 * chat_server.c - answer the lines of many clients at the same time
 *
 * Why this server has no threads
 *
 *   A server for three people could give each of them a thread, as the server
 *   of the lab `order` does. This one shall also serve hundreds. A thread a
 *   client would cost it a stack a client, and a lock around everything that
 *   clients share: the record, the list of those who hear a message. And a
 *   thread that relays a message blocks in send() if one reader is slow, so
 *   that all the others wait for the message because of one.
 *
 *   So there is one thread, and nobody is waited for alone. epoll_wait() waits
 *   for all connections together and tells which of them can be read or
 *   written without waiting. The price: the program has to remember how far it
 *   has come with each client (struct chat_client), where a thread would
 *   simply know it from where it stands in its code.
 *
 * Theory of operation
 *
 *   Who waits. Only the loop in serve(). Every socket is non-blocking; what a
 *   connection does not take at once lies in its outbox (net/outbox.c). Files
 *   are read, and lines printed at the terminal, in the same thread: both are
 *   taken to be fast.
 *
 *   Who owns. This file opens and closes the listener and the folder. An
 *   accepted connection belongs to the room (net/chat_room.c).
 *
 *   When the process has no descriptor left, a connection cannot be accepted
 *   and would make epoll_wait() return for ever. One descriptor is kept spare
 *   for this: it is closed, the connection is accepted and turned away.
 *
 *   Who decides. Every rule of the chat is in core/chat.c.
 */
#include "core/chat.h"
#include "net/chat_room.h"
#include "net/folder.h"
#include "net/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define BACKLOG 1024 /* connections that the kernel keeps for us */
#define EVENTS 64    /* clients that get a turn before time is looked at */
#define MAX_CLIENTS 100000 /* more is taken for a mistake */
#define FOLDER "repository"

struct options {
    const char *host; /* NULL: all addresses */
    int port;
    const char *folder; /* NULL: FOLDER, if it is there */
    struct chat_rules rules;
};

static void
show(const char *line)
{
    puts(line);
    fflush(stdout);
}

static _Noreturn void
fail(const char *what, const char *why)
{
    fprintf(stderr, "chat_server: %s: %s\n", what, why);
    exit(1);
}

static _Noreturn void
fail_usage(const char *why)
{
    fprintf(stderr, "chat_server: %s\nTry: chat_server --help\n", why);
    exit(2);
}

/* Accepts a connection when there is no descriptor left for it. */
static int
accept_with_spare(int listener, int *spare)
{
    int fd;

    close(*spare);
    fd = tcp_accept(listener);
    if (fd != -1) {
        close(fd);
        show(CHAT_TURNED_AWAY);
    }
    *spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd;
}

/* Accepts what waits, a few at a time. */
static void
accept_some(struct chat_room *room, int listener, int *spare)
{
    for (int i = 0; i < EVENTS; i++) {
        int fd = tcp_accept(listener);

        if (fd != -1) {
            chat_room_enter(room, fd);
        } else if (errno == EMFILE || errno == ENFILE) {
            if (accept_with_spare(listener, spare) == -1)
                return;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else {
            fail("cannot accept a connection", strerror(errno));
        }
    }
}

static _Noreturn void
serve(struct chat_room *room, int listener)
{
    int spare = open("/dev/null", O_RDONLY | O_CLOEXEC);

    for (;;) {
        struct epoll_event events[EVENTS];
        int count =
            epoll_wait(room->epoll, events, EVENTS, chat_room_wait_ms(room));

        if (count == -1 && errno != EINTR)
            fail("cannot wait", strerror(errno));
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL)
                accept_some(room, listener, &spare);
            else
                chat_room_turn(room, events[i].data.ptr, events[i].events);
        }
        chat_room_expire(room);
    }
}

/* As many descriptors as we may have: two for a client that gets a file. */
static void
raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int
open_folder(const char *path)
{
    int fd = folder_open(path != NULL ? path : FOLDER);

    if (fd == -1 && path != NULL)
        fail(path, strerror(errno));
    return fd;
}

static int
listen_without_waiting(const struct options *options, int epoll)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    int fd = tcp_listen(options->host, options->port, BACKLOG);

    if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1)
        fail("cannot listen", strerror(errno));
    return fd;
}

static void
print_usage(void)
{
    printf("usage: chat_server [OPTION]...\n"
           "Answers the lines of many clients, and sends them files.\n"
           "  --max-clients N   clients at a time (default: %d)\n"
           "  --repository DIR  send files of this folder"
           " (default: %s, if there)\n"
           "  --ask-name        ask each client for its name\n"
           "  --relay           send messages to the other clients, too\n"
           "  --host ADDRESS    listen here only (default: all addresses)\n"
           "  --port PORT       listen at this port (default: %d;"
           " 0: any free one)\n"
           "  --help            print this\n"
           "It runs until it is interrupted."
           " Exit status: 1 failed, 2 wrong usage.\n",
           CHAT_CLIENTS, FOLDER, CHAT_PORT);
}

/* A number from 1 to MAX_CLIENTS. */
static int
read_count(const char *text)
{
    char *end;
    long count = strtol(text, &end, 10);

    if (end == text || *end != '\0' || count < 1 || count > MAX_CLIENTS)
        fail_usage("the number of clients is from 1 to 100000");
    return (int)count;
}

static void
read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"max-clients", required_argument, NULL, 'm'},
        {"repository", required_argument, NULL, 'r'},
        {"ask-name", no_argument, NULL, 'a'},
        {"relay", no_argument, NULL, 'l'},
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'm') {
            options->rules.max_clients = read_count(optarg);
        } else if (option == 'r') {
            options->folder = optarg;
        } else if (option == 'a') {
            options->rules.ask_name = true;
        } else if (option == 'l') {
            options->rules.relay = true;
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
    if (options->port == -1)
        fail_usage("a port is a number from 0 to 65535");
    if (optind < argc)
        fail_usage("too many arguments");
}

int
main(int argc, char **argv)
{
    struct options options = {
        .port = CHAT_PORT,
        .rules = {.max_clients = CHAT_CLIENTS, .show = show},
    };
    struct chat_room room;
    int listener;

    read_options(&options, argc, argv);
    signal(SIGPIPE, SIG_IGN); /* sendfile() has no MSG_NOSIGNAL */
    raise_limit();
    options.rules.folder = open_folder(options.folder);
    if (chat_room_open(&room, &options.rules) == -1)
        fail("cannot start", strerror(errno));
    listener = listen_without_waiting(&options, room.epoll);
    printf(CHAT_LISTENING "\n", tcp_bound_port(listener));
    fflush(stdout);
    serve(&room, listener);
}
