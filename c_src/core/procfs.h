/* procfs.h - read the lines that Linux writes about a thread under /proc
 *
 * The formats are those of proc(5): /proc/PID/task/TID/stat, .../syscall and
 * .../schedstat. A line comes from a file that a student's program can
 * influence (its name), so every parser takes any bytes and says PROCFS_BAD
 * rather than guess.
 */
#ifndef CORE_PROCFS_H
#define CORE_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum procfs_result {
    PROCFS_OK,
    PROCFS_BAD /* not a line of that format; nothing was stored */
};

#define PROCFS_NAME_SIZE 16 /* the kernel's TASK_COMM_LEN */

struct procfs_stat {
    char name[PROCFS_NAME_SIZE]; /* comm, without its parentheses */
    char state;                  /* R S D T t Z X I */
    int parent;                  /* pid of the parent */
};

struct procfs_syscall {
    bool running; /* on a processor or runnable: the rest is not set */
    long number;  /* -1: blocked outside a system call */
    uint64_t args[6];
};

struct procfs_sched {
    uint64_t run_ns; /* time spent on a processor, nanoseconds */
    uint64_t slices; /* how many times it was put on one */
};

/* What a process uses, from the same line as procfs_stat. */
struct procfs_usage {
    uint64_t ticks;        /* of processor time, its own */
    uint64_t reaped_ticks; /* of the children that it has waited for */
    uint64_t threads;
    uint64_t resident_pages;
};

/* Each takes one line of `length` bytes, with or without its newline. */
enum procfs_result procfs_stat(const char *line, size_t length,
                               struct procfs_stat *out);
enum procfs_result procfs_usage(const char *line, size_t length,
                                struct procfs_usage *out);
enum procfs_result procfs_syscall(const char *line, size_t length,
                                  struct procfs_syscall *out);
enum procfs_result procfs_sched(const char *line, size_t length,
                                struct procfs_sched *out);

#endif
