/*
 * tcp.c - TCP connections without their traps
 */
#include "net/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int
tcp_port(const char *text)
{
    int port = 0;
    const char *at = text;

    for (; *at >= '0' && *at <= '9' && port <= 65535; at++)
        port = 10 * port + (*at - '0');
    if (at == text || *at != '\0' || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    return port;
}

/* close() that leaves the reason of an earlier failure in errno. */
static void
close_quietly(int fd)
{
    int saved = errno;

    close(fd);
    errno = saved;
}

/* The addresses of a host, or NULL with errno. freeaddrinfo() frees them. */
static struct addrinfo *
look_up(const char *host, int port)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list;
    char service[16];

    snprintf(service, sizeof service, "%d", port);
    switch (getaddrinfo(host, service, &hints, &list)) {
    case 0:
        return list;
    case EAI_SYSTEM: /* errno says it */
        break;
    case EAI_MEMORY:
        errno = ENOMEM;
        break;
    default:
        errno = ENXIO;
        break;
    }
    return NULL;
}

static int
open_socket(const struct addrinfo *address)
{
    return socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC,
                  address->ai_protocol);
}

static int
listen_at(const struct addrinfo *address, int backlog)
{
    int on = 1;
    int fd = open_socket(address);

    if (fd == -1)
        return -1;
    /* Without this, a port stays taken for a minute after a server ends. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1 ||
        bind(fd, address->ai_addr, address->ai_addrlen) == -1 ||
        listen(fd, backlog) == -1) {
        close_quietly(fd);
        return -1;
    }
    return fd;
}

int
tcp_listen(const char *host, int port, int backlog)
{
    struct addrinfo *list = look_up(host != NULL ? host : "0.0.0.0", port);
    int fd = -1;

    if (list == NULL)
        return -1;
    for (struct addrinfo *at = list; at != NULL && fd == -1; at = at->ai_next)
        fd = listen_at(at, backlog);
    freeaddrinfo(list);
    return fd;
}

int
tcp_bound_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    if (getsockname(fd, (struct sockaddr *)&address, &size) == -1)
        return -1;
    switch (address.ss_family) {
    case AF_INET:
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    case AF_INET6:
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    default:
        errno = EAFNOSUPPORT;
        return -1;
    }
}

int
tcp_accept(int listener)
{
    int fd;

    /* A client that gave up while it queued is not our failure. */
    do {
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    } while (fd == -1 &&
             (errno == EINTR || errno == ECONNABORTED || errno == EPROTO));
    return fd;
}

/* connect() that was interrupted goes on by itself: wait for its end. */
static int
await_connection(int fd)
{
    struct pollfd waited = {.fd = fd, .events = POLLOUT};
    int reason;
    socklen_t size = sizeof reason;

    while (poll(&waited, 1, -1) == -1) {
        if (errno != EINTR)
            return -1;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) == -1)
        return -1;
    errno = reason;
    return reason == 0 ? 0 : -1;
}

static int
connect_to(const struct addrinfo *address)
{
    int fd = open_socket(address);
    int result;

    if (fd == -1)
        return -1;
    result = connect(fd, address->ai_addr, address->ai_addrlen);
    if (result == -1 && errno == EINTR)
        result = await_connection(fd);
    if (result == -1) {
        close_quietly(fd);
        return -1;
    }
    return fd;
}

int
tcp_connect(const char *host, int port)
{
    struct addrinfo *list = look_up(host, port);
    int fd = -1;

    if (list == NULL)
        return -1;
    for (struct addrinfo *at = list; at != NULL && fd == -1; at = at->ai_next)
        fd = connect_to(at);
    freeaddrinfo(list);
    return fd;
}

int
tcp_send_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        /* A peer that is gone shall be an error here, and no signal. */
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

        if (sent == -1 && errno == EINTR)
            continue;
        if (sent == -1)
            return -1;
        at += sent;
        size -= (size_t)sent;
    }
    return 0;
}

ssize_t
tcp_receive(int fd, void *bytes, size_t size)
{
    ssize_t received;

    do {
        received = recv(fd, bytes, size, 0);
    } while (received == -1 && errno == EINTR);
    return received;
}

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* poll() that an interruption does not make longer. */
static int
poll_until(struct pollfd *waited, nfds_t count, int limit_ms)
{
    int64_t end = now_ms() + limit_ms;
    int left = limit_ms;
    int ready;

    while ((ready = poll(waited, count, left)) == -1 && errno == EINTR) {
        if (limit_ms >= 0) {
            int64_t rest = end - now_ms();
            left = rest > 0 ? (int)rest : 0;
        }
    }
    return ready;
}

int
tcp_wait_readable(int fd, int limit_ms)
{
    struct pollfd waited = {.fd = fd, .events = POLLIN};

    return poll_until(&waited, 1, limit_ms);
}

int
tcp_wait_either(int first, int second)
{
    struct pollfd waited[2] = {{.fd = first, .events = POLLIN},
                               {.fd = second, .events = POLLIN}};

    if (poll_until(waited, 2, -1) == -1)
        return -1;
    return (waited[0].revents != 0 ? TCP_FIRST : 0) |
           (waited[1].revents != 0 ? TCP_SECOND : 0);
}

int
tcp_peer_left(int fd)
{
    struct pollfd waited = {.fd = fd, .events = POLLRDHUP};

    return poll_until(&waited, 1, 0) > 0;
}

int
tcp_finish(int fd, int limit_ms)
{
    int64_t end = now_ms() + limit_ms;
    char dropped[512];

    shutdown(fd, SHUT_WR); /* fails only if the connection is gone already */
    for (;;) {
        int64_t left = end - now_ms();
        int ready = left > 0 ? tcp_wait_readable(fd, (int)left) : 0;

        if (ready == -1)
            return -1;
        if (ready == 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        /* A connection that was broken off is closed too. */
        if (tcp_receive(fd, dropped, sizeof dropped) <= 0)
            return 0;
    }
}
