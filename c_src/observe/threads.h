/* threads.h - what every thread of the watched programs is doing
 *
 * One look reads /proc for each thread. A look is not a snapshot: while one
 * thread is read another may run, or start a third that is not in the list.
 * threads_unmoved() closes both gaps: where a second list is the same as the
 * first, and no thread has been on a processor since it was read, all of
 * them were blocked at the same moment, and what the look says is a fact.
 */
#ifndef OBSERVE_THREADS_H
#define OBSERVE_THREADS_H

#include "core/settle.h"
#include "observe/program.h"

enum { THREAD_FDS = 16 };

struct thread {
    int program; /* index in the caller's array */
    pid_t pid;
    pid_t tid;
    char name[PROCFS_NAME_SIZE];
    struct wait wait;
    struct wait call; /* the last call that it was seen blocked in */
    struct procfs_sched sched;
    uint64_t base_run_ns;     /* processor time at the last visible change */
    bool rested;              /* seen at rest since the last visible change */
    struct procfs_sched rest; /* when last seen at rest */
    enum wait_kind rest_kind; /* and how it rested */
    uint64_t wakes; /* times it was seen back in the same kind of rest */
    bool known_napper;
    bool known_spinner;
};

struct thread_table {
    struct thread *items;
    size_t count;
    size_t capacity;
    uint64_t change;     /* the caller's change counter at the last look */
    uint64_t membership; /* a number that changes with the set of threads */
    uint64_t listing;    /* the same, with those that have ended */
    bool overfull;       /* more threads than could be read */
};

/* Reads every thread of the running programs. `change` counts visible
 * changes: where it has moved, each thread's account starts anew. Returns 0,
 * or -1 with errno when memory ran out. */
int threads_look(struct thread_table *table, const struct program *programs,
                 size_t program_count, uint64_t change);

/* Whether no blocked thread of the table has run, or been woken, since the
 * look, and no thread has come that the look did not see. */
bool threads_unmoved(const struct thread_table *table,
                     const struct program *programs, size_t program_count);

/* Whether thread `index` still is as the last look saw it: runnable, or
 * asleep without having woken. A cheap question between two looks. */
bool thread_same(const struct thread_table *table, size_t index);

/* What core/settle.h wants to know of one thread. */
struct settle_thread thread_account(const struct thread *thread);

/* The details of a wait that a look leaves out because they cost: what its
 * descriptor is, which descriptors it polls. */
struct thread_detail {
    struct wait wait;     /* resolved */
    unsigned long socket; /* inode of the socket `wait.fd`, or 0 */
    bool terminal;        /* a poll that has the program's terminal in it */
    int fds[THREAD_FDS];  /* what is polled; at most so many are told */
    size_t fd_count;
};
void thread_detail(const struct thread *thread, const struct program *program,
                   struct thread_detail *out);

void threads_free(struct thread_table *table);

#endif
