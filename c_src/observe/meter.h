/* meter.h - what all processes of one program use together
 *
 * Two things are asked. The kernel's own counters of the program's cgroups,
 * where the caller has made some: they tell that a process was killed for
 * want of memory, or that a fork was refused. And /proc, which tells the same
 * also where no cgroup can be had: memory and time of every process, and how
 * full the folders are that the program may write to.
 *
 * Memory is first the sum of what is resident, which counts shared pages once
 * for every process. Only where that is too much is the exact share of each
 * process asked for, which costs much more. Where a cgroup bounds memory,
 * the kernel's word is enough.
 */
#ifndef OBSERVE_METER_H
#define OBSERVE_METER_H

#include "core/bounds.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { METER_STORES = 8, METER_GROUPS = 4 };

struct meter {
    struct bounds bounds;
    char *stores[METER_STORES]; /* folders, as the program sees them; owned */
    char *groups[METER_GROUPS]; /* cgroup folders of the program; owned */
    int out_of_memory;          /* the file of that counter, or -1 */
    int refused_forks;
    bool based;           /* `disk_before` is known */
    uint64_t disk_before; /* bytes in the stores when the program began */
    uint64_t cpu_ns;      /* most that was seen: an account can only grow */
    uint64_t exact_at;    /* when exact shares were last asked for; 0: never */
    bool near;            /* at the last look half of the memory was in use */
};

/* What a program is bound by; strings are borrowed for the call. */
struct meter_spec {
    struct bounds bounds;
    const char *const *stores; /* NULL-terminated, or NULL */
    const char *const *groups;
};

/* 0, or -1 with errno; `meter` may be closed in both cases. */
int meter_open(struct meter *meter, const struct meter_spec *spec);
void meter_close(struct meter *meter);

/* Whether there is anything to watch. */
bool meter_binds(const struct meter *meter);

/* In the child, before it gives up its rights: enters every group. Only
 * async-signal-safe calls. 0, or -1 with errno. */
int meter_enter(const struct meter *meter);

/* What the cgroups tell of; it stays told when all processes are gone. */
enum bound meter_told_by_kernel(const struct meter *meter);

/* Looks at the processes `pids` below `init`, at clock_monotonic() `now`. */
enum bound meter_look(struct meter *meter, pid_t init, const pid_t *pids,
                      size_t count, uint64_t now);

#endif
