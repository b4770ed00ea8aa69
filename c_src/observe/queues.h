/* queues.h - packets that wait in the queue of an interface
 *
 * A link with a delay, a loss or a rate is a queueing discipline at both of
 * its ends (tc(8)); what is on its way through the link waits there. Read
 * with rtnetlink, which asks for no privilege and changes nothing.
 */
#ifndef OBSERVE_QUEUES_H
#define OBSERVE_QUEUES_H

#include <stdint.h>

struct queue_level {
    uint32_t packets; /* that wait now */
    uint64_t passed;  /* that have left it, ever */
};

/* Opens a socket that reads queues in the namespace that the caller is in,
 * and finds the interface's number. Returns a descriptor that the caller
 * closes, or -1 with errno. */
int queues_open(const char *interface, int *index);

/* What waits at the interface with this number, in all. An interface without
 * a queue has none waiting. 0, or -1 with errno. */
int queues_read(int fd, int index, struct queue_level *level);

#endif
