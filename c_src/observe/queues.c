/* queues.c - packets that wait in the queue of an interface */
#include "observe/queues.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_SIZE = 16384 };

int
queues_open(const char *interface, int *index)
{
    unsigned found = if_nametoindex(interface);
    if (found == 0)
        return -1;
    *index = (int)found;
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

/* With ECHO the answer comes to us, with ACK something always does: of an
 * interface that has no queue the kernel tells nothing. */
static int
ask(int fd, int index)
{
    struct {
        struct nlmsghdr header;
        struct tcmsg body;
    } request = {
        .header = {.nlmsg_len = sizeof request,
                   .nlmsg_type = RTM_GETQDISC,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ECHO | NLM_F_ACK},
        .body = {.tcm_family = AF_UNSPEC,
                 .tcm_ifindex = index,
                 .tcm_parent = TC_H_ROOT},
    };
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t n;
    do {
        n = sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&kernel,
                   sizeof kernel);
    } while (n == -1 && errno == EINTR);
    return n == -1 ? -1 : 0;
}

static void
take_statistics(const struct rtattr *attribute, int left,
                struct queue_level *level)
{
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        struct gnet_stats_basic basic = {0};
        struct gnet_stats_queue queue = {0};
        size_t size = RTA_PAYLOAD(attribute);
        if (attribute->rta_type == TCA_STATS_BASIC) {
            memcpy(&basic, RTA_DATA(attribute),
                   size < sizeof basic ? size : sizeof basic);
            level->passed = basic.packets;
        } else if (attribute->rta_type == TCA_STATS_QUEUE) {
            memcpy(&queue, RTA_DATA(attribute),
                   size < sizeof queue ? size : sizeof queue);
            level->packets = queue.qlen;
        }
    }
}

static void
take_queue(const struct nlmsghdr *header, struct queue_level *level)
{
    const struct tcmsg *message = NLMSG_DATA(header);
    const struct rtattr *attribute = TCA_RTA(message);
    int left = (int)TCA_PAYLOAD(header);
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if ((attribute->rta_type & NLA_TYPE_MASK) == TCA_STATS2)
            take_statistics(RTA_DATA(attribute), (int)RTA_PAYLOAD(attribute),
                            level);
}

/* 1: the answer is complete; 0: more follows; -1 with errno. */
static int
take_datagram(const void *buffer, size_t size, struct queue_level *level)
{
    const struct nlmsghdr *header = buffer;
    int left = (int)size;
    for (; NLMSG_OK(header, (unsigned)left);
         header = NLMSG_NEXT(header, left)) {
        if (header->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = NLMSG_DATA(header);
            errno = -error->error;
            return error->error == 0 ? 1 : -1;
        }
        if (header->nlmsg_type == RTM_NEWQDISC)
            take_queue(header, level);
    }
    return 0;
}

int
queues_read(int fd, int index, struct queue_level *level)
{
    _Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
    memset(level, 0, sizeof *level);
    if (ask(fd, index) == -1)
        return -1;
    for (;;) {
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        int done = take_datagram(buffer, (size_t)n, level);
        if (done != 0)
            return done == 1 ? 0 : -1;
    }
}
