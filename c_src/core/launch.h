/* launch.h - what labexec reports to labrun through the status pipe
 *
 * labexec writes LAUNCH_REACHED when it runs: the wrapper works. Then it
 * executes the program, which closes the pipe. Where that fails it writes a
 * LAUNCH_FAILED and an errno. So the end of the pipe means, after
 * LAUNCH_REACHED: the program runs; after nothing at all: the wrapper failed.
 *
 * Before the wrapper labexec runs once more, to hand it a filter of system
 * calls (observe/filter.h) that holds for everything inside.
 */
#ifndef CORE_LAUNCH_H
#define CORE_LAUNCH_H

enum {
    LAUNCH_FD = 3,        /* the status pipe in labexec and in the wrapper */
    LAUNCH_FILTER_FD = 4, /* the filter, for the wrapper alone */
    LAUNCH_REACHED = 'R',
    LAUNCH_FAILED = 'F' /* followed by an int: errno */
};

#endif
