/* filter.h - which system calls may a program of a student not make?
 *
 * A sandbox without capabilities refuses most of what could harm the machine
 * already. This is the wall behind that wall: what no lab's program needs, and
 * what has let programs out of sandboxes before, is not reached at all. All
 * else is allowed, so that any language's run time works; what may be seen or
 * used is for namespaces and limits to say.
 */
#ifndef OBSERVE_FILTER_H
#define OBSERVE_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* On what, besides its number, it depends whether a call is refused. */
enum filter_when {
    FILTER_ALWAYS,
    FILTER_NAMESPACES, /* the first argument asks for a new namespace */
    FILTER_FAMILIES,   /* a socket that is neither local nor of an internet */
    FILTER_NETLINK,    /* a netlink socket for more than interfaces */
    FILTER_TYPING,     /* an ioctl that types into a terminal */
    FILTER_FIRST,      /* the second argument is process 1 */
};

struct filter_rule {
    const char *name;
    int error; /* what the call fails with */
    enum filter_when when;
    const char *why;
};

/* From this number to the last, calls are of a later kernel than this table:
 * they fail with ENOSYS, as on the kernel that has not got them. */
enum { FILTER_FIRST_LATER = 457, FILTER_LAST_LATER = 511 };

/* The table. It lives for ever. */
const struct filter_rule *filter_rules(size_t *count);

/* Writes the filter to `fd` as the kernel takes it: an array of struct
 * sock_filter, which is what bwrap's --seccomp reads. 0, or -1 with errno. */
int filter_write(int fd);

#endif
