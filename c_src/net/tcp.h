/*
 * tcp.h - TCP connections without their traps
 *
 * An interrupted call, a send that takes only half, a peer that is gone when
 * we write: each is handled here, and nowhere else. Functions return -1 with
 * errno set when they fail, and never print. Descriptors are closed on exec
 * and belong to the caller.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <stddef.h>
#include <sys/types.h>

/* A decimal port number, 0 to 65535; -1 with EINVAL for anything else. */
int tcp_port(const char *text);

/*
 * A socket that listens at `host`, or at all IPv4 addresses if it is NULL.
 * Port 0 lets the kernel choose. ENXIO: the host is not known.
 */
int tcp_listen(const char *host, int port, int backlog);

/* The port that a socket is bound to. */
int tcp_bound_port(int fd);

/* Wait for a client and return the connection to it. */
int tcp_accept(int listener);

/* A connection to `host`. ENXIO: the host is not known. */
int tcp_connect(const char *host, int port);

/* Send everything: 0, or -1 (EPIPE or ECONNRESET: the peer is gone). */
int tcp_send_all(int fd, const void *bytes, size_t size);

/* Receive what there is, at least one byte: its size; 0 at the end. */
ssize_t tcp_receive(int fd, void *bytes, size_t size);

/* Wait until `fd` can be read: 1, or 0 if `limit_ms` passed; -1 waits on. */
int tcp_wait_readable(int fd, int limit_ms);

/* Wait until one of two descriptors can be read: the bits of those that can. */
enum { TCP_FIRST = 1, TCP_SECOND = 2 };
int tcp_wait_either(int first, int second);

/* Has the peer closed its side, or broken off? 1 or 0, without waiting. */
int tcp_peer_left(int fd);

/*
 * End a conversation in good order: say that we shall send no more, then wait
 * until the peer has closed too, and drop what it still sends. Closing at once
 * while bytes are unread would break the connection off, and the peer might
 * lose our last words. 0, or -1 with ETIMEDOUT after `limit_ms`. The descriptor
 * stays open.
 */
int tcp_finish(int fd, int limit_ms);

#endif
