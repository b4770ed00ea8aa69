/* sockets.h - the TCP sockets of a network namespace, as the kernel has them
 *
 * Uses NETLINK_SOCK_DIAG (sock_diag(7)). Nothing here connects to anything:
 * a test connection would use up an accept() of the program that is watched.
 */
#ifndef OBSERVE_SOCKETS_H
#define OBSERVE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct socket_address {
    bool ipv6;
    unsigned char bytes[16]; /* IPv4 uses the first four */
    uint16_t port;
};

struct socket_info {
    int host;  /* the caller's number for the namespace */
    int state; /* TCP_ESTABLISHED ... of <netinet/tcp.h> */
    struct socket_address local;
    struct socket_address peer;
    uint32_t recv_q; /* bytes unread; LISTEN: connections not yet accepted */
    uint32_t send_q; /* bytes not acknowledged */
    unsigned long inode; /* 0: nobody has it open */
    uint64_t sent;       /* bytes handed to the network, each counted once */
    uint64_t received;   /* bytes that arrived in order */
    uint32_t unsent;     /* bytes that wait to be handed over */
    unsigned retries;    /* of the segment that is being sent again */
};

struct socket_list {
    struct socket_info *items;
    size_t count;
    size_t capacity;
};

/* Opens a diagnostics socket in the namespace that the caller is in.
 * Returns a descriptor, or -1 with errno. */
int sockets_open(void);

/* Appends every TCP socket but those in TIME_WAIT. 0, or -1 with errno. */
int sockets_dump(int fd, int host, struct socket_list *list);

/* What sockets_dump() does with the answer to one question: takes messages
 * from `fd` up to the last. 0, or -1 with errno; EBADMSG for what is no answer
 * of a kernel. */
int sockets_take_answers(int fd, int host, struct socket_list *list);

/* Whether bytes or segments that socket `index` sent are still on their way:
 * not yet in the other end's queue. An other end that is not in the list is
 * judged by its acknowledgements. A connection's beginning or end that was
 * sent again more than `retries` times hangs: nobody takes it. */
bool sockets_in_flight(const struct socket_list *list, size_t index,
                       unsigned retries);

/* The host of the other end of socket `index`; -1 where it is not in the
 * list. */
int sockets_other_host(const struct socket_list *list, size_t index);

/* A number that changes when a state, an owner or a queue does. */
uint64_t sockets_fingerprint(const struct socket_list *list);

/* "10.0.0.1:12000" or "[::1]:80"; IPv4 that is mapped into IPv6 is written
 * as IPv4. At most SOCKET_ADDRESS_TEXT bytes with the final NUL. */
#define SOCKET_ADDRESS_TEXT 56
void socket_address_text(const struct socket_address *address, char *out);

/* "LISTEN", "ESTABLISHED", ... Static storage. */
const char *socket_state_name(int state);

void sockets_free(struct socket_list *list);

#endif
