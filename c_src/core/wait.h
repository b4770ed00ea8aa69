/* wait.h - say what a blocked thread waits for
 *
 * A thread that is blocked sits in one system call; its number and arguments
 * (from /proc/PID/task/TID/syscall) say what it waits for. What kind of file
 * a descriptor is, only the caller knows: wait_resolve() takes that in.
 */
#ifndef CORE_WAIT_H
#define CORE_WAIT_H

#include "core/procfs.h"

enum wait_kind {
    WAIT_RUNNING,  /* on a processor, runnable, or uninterruptible */
    WAIT_TERMINAL, /* reading its terminal */
    WAIT_ACCEPT,
    WAIT_CONNECT,
    WAIT_RECEIVE,
    WAIT_SEND,
    WAIT_POLL,  /* poll, select, epoll_wait on some descriptors */
    WAIT_FUTEX, /* for another thread */
    WAIT_SLEEP, /* nothing but time ends it */
    WAIT_CHILD,
    WAIT_SIGNAL,
    WAIT_PIPE,
    WAIT_OTHER,
    WAIT_STOPPED, /* by a signal */
    WAIT_KINDS
};

/* Where the descriptors of a WAIT_POLL are to be found. */
enum wait_set {
    WAIT_SET_NONE,
    WAIT_SET_POLL,   /* args[0]: struct pollfd[args[1]] */
    WAIT_SET_SELECT, /* args[0]: highest + 1; args[1..3]: fd_set * */
    WAIT_SET_EPOLL   /* args[0]: the epoll descriptor */
};

/* What a descriptor is, for wait_resolve(). */
enum wait_file {
    WAIT_FILE_TERMINAL,
    WAIT_FILE_SOCKET,
    WAIT_FILE_PIPE, /* a pipe, FIFO or eventfd */
    WAIT_FILE_OTHER
};

struct wait {
    enum wait_kind kind;
    int fd;            /* the descriptor it waits on, or -1 */
    bool timed;        /* a time limit ends it too */
    bool needs_file;   /* kind depends on what fd is: wait_resolve() */
    bool writes;       /* of needs_file: it writes to fd */
    bool restarted;    /* restart_syscall(2): the kind is that of before */
    enum wait_set set; /* of WAIT_POLL */
};

/* What a thread in this system call waits for. Never fails: a call that is
 * not in the table is WAIT_OTHER. */
struct wait wait_of(const struct procfs_syscall *call);

/* Completes a wait that needs_file, now that the caller knows the file. */
void wait_resolve(struct wait *wait, enum wait_file file);

/* The word of the protocol, for example "accept". Static storage. */
const char *wait_name(enum wait_kind kind);

#endif
