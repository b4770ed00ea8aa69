/*
 * chat_client.c - one connection of a chat server
 */
#include "net/chat_client.h"

#include "net/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHORT_OUTBOX (64 * 1024) /* a client with more than this is behind */

/* Answers at once, never waits, and notices a machine that is gone. */
static int
prepare(int fd)
{
    int on = 1, idle_s = 60;
    int flags = fcntl(fd, F_GETFL);

    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

struct chat_client *
chat_client_new(int epoll, int fd)
{
    struct chat_client *client = calloc(1, sizeof *client);
    struct epoll_event event = {.data.ptr = client};

    if (client == NULL || prepare(fd) == -1 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1) {
        free(client);
        return NULL;
    }
    client->fd = fd;
    client->epoll = epoll;
    outbox_init(&client->outbox);
    chat_stream_init(&client->stream, client->bytes, sizeof client->bytes);
    return client;
}

void
chat_client_free(struct chat_client *client)
{
    close(client->fd);
    outbox_free(&client->outbox);
    free(client);
}

/* Without memory, a broken connection is better than a sentence left out. */
static void
put(struct chat_client *client, const char *text, size_t size)
{
    if (outbox_add(&client->outbox, text, size) == -1)
        shutdown(client->fd, SHUT_RDWR); /* epoll reports it as broken */
}

void
chat_client_tell(struct chat_client *client, const char *format, ...)
{
    char line[CHAT_SENTENCE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    put(client, line, strlen(line));
    put(client, "\n", 1);
}

void
chat_client_tell_now(struct chat_client *client, const char *line)
{
    bool was_empty = outbox_is_empty(&client->outbox);

    put(client, line, strlen(line));
    put(client, "\n", 1);
    if (was_empty) /* a fault will show in the client's own turn */
        (void)outbox_send(&client->outbox, client->fd);
    chat_client_watch(client);
}

bool
chat_client_is_behind(const struct chat_client *client)
{
    return outbox_held(&client->outbox) > SHORT_OUTBOX;
}

int
chat_client_receive(struct chat_client *client)
{
    struct chat_stream *stream = &client->stream;
    ssize_t received;
    size_t size;
    char *to;

    if (client->state == CHAT_CLOSING) /* nobody listens any more */
        chat_stream_init(stream, client->bytes, sizeof client->bytes);
    to = chat_stream_space(stream, &size);
    received = tcp_receive(client->fd, to, size);
    if (received == -1)
        return errno == EAGAIN || errno == EWOULDBLOCK ? 1 : -1;
    chat_stream_added(stream, (size_t)received);
    return received > 0 ? 1 : 0;
}

void
chat_client_watch(struct chat_client *client)
{
    bool is_empty = outbox_is_empty(&client->outbox);
    struct epoll_event event = {.data.ptr = client};
    bool listens = false;

    switch (client->state) {
    case CHAT_NAMING:
    case CHAT_TALKING:
        listens = !client->pending; /* what it said comes first */
        break;
    case CHAT_CLOSING: /* it may close when it has got everything */
        listens = is_empty;
        break;
    case CHAT_ENDING:
    case CHAT_GONE:
        break;
    }
    if (listens)
        event.events |= EPOLLIN;
    if (client->pending || !is_empty)
        event.events |= EPOLLOUT;
    if (event.events == client->watched)
        return;
    client->watched = event.events;
    epoll_ctl(client->epoll, EPOLL_CTL_MOD, client->fd, &event);
}

void
chat_client_peer(const struct chat_client *client, char *text)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[INET6_ADDRSTRLEN + 16], port[8];

    if (getpeername(client->fd, (struct sockaddr *)&address, &length) == -1 ||
        getnameinfo((struct sockaddr *)&address, length, host, sizeof host,
                    port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(text, CHAT_CLIENT_PEER_MAX, "an unknown address");
    else
        snprintf(text, CHAT_CLIENT_PEER_MAX, "%s:%s", host, port);
}
