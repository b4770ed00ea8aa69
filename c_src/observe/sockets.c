/* sockets.c - the TCP sockets of a network namespace, as the kernel has them */
#include "observe/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's numbers (include/net/tcp_states.h); <netinet/tcp.h> cannot be
 * included beside <linux/tcp.h>. */
enum {
    STATE_ESTABLISHED = 1,
    STATE_SYN_SENT,
    STATE_SYN_RECV,
    STATE_FIN_WAIT1,
    STATE_FIN_WAIT2,
    STATE_TIME_WAIT,
    STATE_CLOSE,
    STATE_CLOSE_WAIT,
    STATE_LAST_ACK,
    STATE_LISTEN,
    STATE_CLOSING,
    STATES
};

enum {
    BUFFER_SIZE = 32768,
    STATE_NEW_SYN_RECV = STATES,
    /* Not TIME_WAIT; and not the later kernels' "bound, but inactive", for
     * which they would walk every port of the machine. */
    STATES_ASKED =
        ((1 << (STATE_NEW_SYN_RECV + 1)) - 1) & ~(1 << STATE_TIME_WAIT) & ~1
};

int
sockets_open(void)
{
    return socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}

static int
ask(int fd, int family)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 body;
    } request = {
        .header = {.nlmsg_len = sizeof request,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .body = {.sdiag_family = (uint8_t)family,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_ext = 1 << (INET_DIAG_INFO - 1),
                 .idiag_states = ~(1u << STATE_TIME_WAIT)},
    };
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t n;
    do {
        n = sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&kernel,
                   sizeof kernel);
    } while (n == -1 && errno == EINTR);
    return n == -1 ? -1 : 0;
}

static struct socket_info *
append(struct socket_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 32;
        void *items = realloc(list->items, capacity * sizeof *list->items);
        if (items == NULL)
            return NULL;
        list->items = items;
        list->capacity = capacity;
    }
    struct socket_info *item = &list->items[list->count++];
    memset(item, 0, sizeof *item);
    return item;
}

static void
set_address(struct socket_address *out, int family, const __be32 *address,
            __be16 port)
{
    out->ipv6 = family == AF_INET6;
    memcpy(out->bytes, address, out->ipv6 ? 16 : 4);
    out->port = ntohs(port);
}

/* Older kernels send a shorter struct tcp_info: what is missing is zero. */
static void
take_tcp_info(struct socket_info *socket, const void *data, size_t size)
{
    struct tcp_info info = {0};
    memcpy(&info, data, size < sizeof info ? size : sizeof info);
    socket->sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans;
    socket->received = info.tcpi_bytes_received;
    socket->unsent = info.tcpi_notsent_bytes;
}

static int
take_message(const struct nlmsghdr *header, int host, struct socket_list *list)
{
    const struct inet_diag_msg *diag = NLMSG_DATA(header);
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof *diag)) {
        errno = EBADMSG;
        return -1;
    }
    struct socket_info *socket = append(list);
    if (socket == NULL)
        return -1;
    socket->host = host;
    socket->state = diag->idiag_state;
    set_address(&socket->local, diag->idiag_family, diag->id.idiag_src,
                diag->id.idiag_sport);
    set_address(&socket->peer, diag->idiag_family, diag->id.idiag_dst,
                diag->id.idiag_dport);
    socket->recv_q = diag->idiag_rqueue;
    /* A listener's idiag_wqueue is its backlog, not bytes. */
    socket->send_q = diag->idiag_state == STATE_LISTEN ? 0 : diag->idiag_wqueue;
    socket->inode = diag->idiag_inode;
    socket->retries = diag->idiag_retrans;
    const struct rtattr *attribute = (const void *)(diag + 1);
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *diag));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if (attribute->rta_type == INET_DIAG_INFO)
            take_tcp_info(socket, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
    return 0;
}

/* Reads the answer to one question. 1: it is complete; 0: more follows. */
static int
take_datagram(const void *buffer, size_t size, int host,
              struct socket_list *list)
{
    const struct nlmsghdr *header = buffer;
    int left = (int)size;
    for (; NLMSG_OK(header, (unsigned)left);
         header = NLMSG_NEXT(header, left)) {
        if (header->nlmsg_type == NLMSG_DONE)
            return 1;
        if (header->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = NLMSG_DATA(header);
            bool whole = header->nlmsg_len >= NLMSG_LENGTH(sizeof *error);
            errno = whole ? -error->error : EBADMSG;
            return -1;
        }
        if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
            take_message(header, host, list) == -1)
            return -1;
    }
    return 0;
}

int
sockets_take_answers(int fd, int host, struct socket_list *list)
{
    _Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
    for (;;) {
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EBADMSG; /* a kernel's answer has an end */
        if (n <= 0)
            return -1;
        int done = take_datagram(buffer, (size_t)n, host, list);
        if (done != 0)
            return done == 1 ? 0 : -1;
    }
}

static int
dump_family(int fd, int family, int host, struct socket_list *list)
{
    if (ask(fd, family) == -1)
        return -1;
    return sockets_take_answers(fd, host, list);
}

int
sockets_dump(int fd, int host, struct socket_list *list)
{
    if (dump_family(fd, AF_INET, host, list) == -1)
        return -1;
    /* A kernel without IPv6 answers ENOENT: then there is none to list. */
    if (dump_family(fd, AF_INET6, host, list) == -1 && errno != ENOENT)
        return -1;
    return 0;
}

/* IPv4 may be written as such on one side and as IPv6 on the other. */
static bool
same_address(const struct socket_address *a, const struct socket_address *b)
{
    char first[SOCKET_ADDRESS_TEXT], second[SOCKET_ADDRESS_TEXT];
    socket_address_text(a, first);
    socket_address_text(b, second);
    return strcmp(first, second) == 0;
}

/* The other end has the ports the other way round. Addresses may differ: a
 * translation rule stands between. */
static bool
is_other_end(const struct socket_info *a, const struct socket_info *b)
{
    return b->state != STATE_LISTEN && b->local.port == a->peer.port &&
           b->peer.port == a->local.port;
}

/* True also of the other end as such, where nothing stands between. Ports
 * alone are not enough: two hosts may use the same. */
static bool
is_exact_end(const struct socket_info *a, const struct socket_info *b)
{
    return is_other_end(a, b) && same_address(&a->local, &b->peer) &&
           same_address(&a->peer, &b->local);
}

static bool
has_exact_end(const struct socket_list *list, const struct socket_info *socket)
{
    for (size_t i = 0; i < list->count; i++)
        if (&list->items[i] != socket && is_exact_end(socket, &list->items[i]))
            return true;
    return false;
}

static bool
bytes_in_flight(const struct socket_list *list,
                const struct socket_info *socket)
{
    bool known = false, exact = has_exact_end(list, socket);
    for (size_t i = 0; i < list->count; i++) {
        const struct socket_info *other = &list->items[i];
        if (other == socket || !is_other_end(socket, other) ||
            (exact && !is_exact_end(socket, other)))
            continue;
        known = true;
        if (other->received >= socket->sent && socket->unsent == 0)
            return false; /* all there, though perhaps not acknowledged */
    }
    return known || socket->send_q > 0;
}

/* A FIN may be acknowledged 40 ms after it has come. */
static bool
fin_in_flight(const struct socket_list *list, const struct socket_info *socket,
              unsigned retries)
{
    bool exact = has_exact_end(list, socket);
    for (size_t i = 0; i < list->count; i++) {
        const struct socket_info *other = &list->items[i];
        if (exact ? !is_exact_end(socket, other) : !is_other_end(socket, other))
            continue;
        if (other->state == STATE_CLOSE_WAIT || other->state == STATE_LAST_ACK)
            return false;
    }
    return socket->retries <= retries; /* else nobody takes it */
}

bool
sockets_in_flight(const struct socket_list *list, size_t index,
                  unsigned retries)
{
    const struct socket_info *socket = &list->items[index];
    switch (socket->state) {
    case STATE_SYN_SENT:
    case STATE_SYN_RECV:
        return socket->retries <= retries; /* else nobody takes it: it hangs */
    case STATE_FIN_WAIT1:
        return fin_in_flight(list, socket, retries);
    case STATE_LAST_ACK:
    case STATE_CLOSING:
        return socket->retries <= retries;
    case STATE_ESTABLISHED:
    case STATE_CLOSE_WAIT:
        return socket->send_q > 0 && bytes_in_flight(list, socket);
    default:
        return false;
    }
}

int
sockets_other_host(const struct socket_list *list, size_t index)
{
    const struct socket_info *socket = &list->items[index];
    int found = -1;
    for (size_t i = 0; i < list->count; i++) {
        const struct socket_info *other = &list->items[i];
        if (i == index || !is_other_end(socket, other))
            continue;
        if (is_exact_end(socket, other))
            return other->host;
        found = other->host; /* a translation rule stands between */
    }
    return found;
}

uint64_t
sockets_fingerprint(const struct socket_list *list)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a over what may be seen */
    for (size_t i = 0; i < list->count; i++) {
        const struct socket_info *s = &list->items[i];
        uint64_t words[] = {
            (uint64_t)s->host, (uint64_t)s->state, s->local.port, s->peer.port,
            s->inode,          s->recv_q,          s->sent,       s->received};
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            hash = (hash ^ words[w]) * 1099511628211u;
    }
    return hash;
}

void
socket_address_text(const struct socket_address *address, char *out)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char text[INET6_ADDRSTRLEN];
    if (!address->ipv6) {
        inet_ntop(AF_INET, address->bytes, text, sizeof text);
    } else if (memcmp(address->bytes, mapped, sizeof mapped) == 0) {
        inet_ntop(AF_INET, address->bytes + 12, text, sizeof text);
    } else {
        inet_ntop(AF_INET6, address->bytes, text, sizeof text);
        snprintf(out, SOCKET_ADDRESS_TEXT, "[%s]:%u", text, address->port);
        return;
    }
    snprintf(out, SOCKET_ADDRESS_TEXT, "%s:%u", text, address->port);
}

const char *
socket_state_name(int state)
{
    static const char *const names[STATES] = {
        [STATE_ESTABLISHED] = "ESTABLISHED",
        [STATE_SYN_SENT] = "SYN_SENT",
        [STATE_SYN_RECV] = "SYN_RECV",
        [STATE_FIN_WAIT1] = "FIN_WAIT1",
        [STATE_FIN_WAIT2] = "FIN_WAIT2",
        [STATE_TIME_WAIT] = "TIME_WAIT",
        [STATE_CLOSE] = "CLOSE",
        [STATE_CLOSE_WAIT] = "CLOSE_WAIT",
        [STATE_LAST_ACK] = "LAST_ACK",
        [STATE_LISTEN] = "LISTEN",
        [STATE_CLOSING] = "CLOSING",
    };
    if (state <= 0 || state >= STATES)
        return state == STATE_NEW_SYN_RECV ? "SYN_RECV" : "UNKNOWN";
    return names[state];
}

void
sockets_free(struct socket_list *list)
{
    free(list->items);
    memset(list, 0, sizeof *list);
}
