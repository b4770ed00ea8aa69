/* bounds.h - what a whole program may use, and whether it has gone over
 *
 * A program is all of its processes together. The numbers come from outside;
 * who measures them, and what is done about it, is not known here. A bound
 * of 0 is none.
 */
#ifndef CORE_BOUNDS_H
#define CORE_BOUNDS_H

#include <stdint.h>

enum bound {
    BOUND_NONE,
    BOUND_MEMORY,
    BOUND_PROCESSES,
    BOUND_CPU,
    BOUND_DISK,
    BOUND_SEGMENTS,
    BOUND_KINDS
};

/* In the units of the protocol. */
struct bounds {
    uint64_t memory_mib;
    uint64_t processes; /* threads count too */
    uint64_t cpu_s;     /* of all processes, those that have ended too */
    uint64_t disk_mib;  /* in all folders that it may write to */
    uint64_t segments;  /* that pass in its run, whoever sends them */
};

struct usage {
    uint64_t memory; /* bytes */
    uint64_t processes;
    uint64_t cpu_ns;
    uint64_t disk; /* bytes */
    uint64_t segments;
};

/* The first bound that is passed, in the order of the enum, or BOUND_NONE. */
enum bound bounds_passed(const struct bounds *bounds,
                         const struct usage *usage);

uint64_t bounds_of(const struct bounds *bounds, enum bound which);

/* Words of the protocol: "memory" and "MiB". Static storage. */
const char *bound_name(enum bound which);
const char *bound_unit(enum bound which);

#endif
