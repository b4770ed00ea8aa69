/* clock.h - the one monotonic clock of the event stream, in nanoseconds */
#ifndef OBSERVE_CLOCK_H
#define OBSERVE_CLOCK_H

#include <stdint.h>

uint64_t clock_monotonic(void); /* CLOCK_MONOTONIC */
uint64_t clock_realtime(void);  /* CLOCK_REALTIME, since the epoch */

uint64_t clock_processor(void); /* CLOCK_PROCESS_CPUTIME_ID: of this process */

#endif
