/* clock.c - the one monotonic clock of the event stream, in nanoseconds */
#include "observe/clock.h"

#include <time.h>

static uint64_t
read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t
clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t
clock_realtime(void)
{
    return read_clock(CLOCK_REALTIME);
}

uint64_t
clock_processor(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
