/* bounds.c - what a whole program may use, and whether it has gone over */
#include "core/bounds.h"

#include <stdbool.h>

#define MIB ((uint64_t)1 << 20)
#define SECOND ((uint64_t)1000000000)

static const struct {
    const char *name;
    const char *unit;
} words[BOUND_KINDS] = {
    [BOUND_NONE] = {"", ""},
    [BOUND_MEMORY] = {"memory", "MiB"},
    [BOUND_PROCESSES] = {"processes", ""},
    [BOUND_CPU] = {"cpu", "s"},
    [BOUND_DISK] = {"disk", "MiB"},
    [BOUND_SEGMENTS] = {"segments", ""},
};

static bool
over(uint64_t used, uint64_t bound, uint64_t unit)
{
    return bound != 0 && used / unit >= bound && used > bound * unit;
}

enum bound
bounds_passed(const struct bounds *bounds, const struct usage *usage)
{
    if (over(usage->memory, bounds->memory_mib, MIB))
        return BOUND_MEMORY;
    if (over(usage->processes, bounds->processes, 1))
        return BOUND_PROCESSES;
    if (over(usage->cpu_ns, bounds->cpu_s, SECOND))
        return BOUND_CPU;
    /* A disk that is full cannot become fuller. */
    if (bounds->disk_mib != 0 && usage->disk / MIB >= bounds->disk_mib)
        return BOUND_DISK;
    if (over(usage->segments, bounds->segments, 1))
        return BOUND_SEGMENTS;
    return BOUND_NONE;
}

uint64_t
bounds_of(const struct bounds *bounds, enum bound which)
{
    switch (which) {
    case BOUND_MEMORY:
        return bounds->memory_mib;
    case BOUND_PROCESSES:
        return bounds->processes;
    case BOUND_CPU:
        return bounds->cpu_s;
    case BOUND_DISK:
        return bounds->disk_mib;
    case BOUND_SEGMENTS:
        return bounds->segments;
    default:
        return 0;
    }
}

const char *
bound_name(enum bound which)
{
    return words[which].name;
}

const char *
bound_unit(enum bound which)
{
    return words[which].unit;
}
