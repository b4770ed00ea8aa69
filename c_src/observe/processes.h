/* processes.h - walk the process tree below a process */
#ifndef OBSERVE_PROCESSES_H
#define OBSERVE_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

/* Reads a file below /proc, given by printf-like `format`, into `buffer`.
 * Returns its size (at most `size`), or -1 with errno. */
__attribute__((format(printf, 3, 4))) ssize_t
process_read(char *buffer, size_t size, const char *format, ...);

/* Stores the pids of all descendants of `root`, parents before children.
 * Returns how many; at most `most`. */
size_t processes_below(pid_t root, pid_t *pids, size_t most);

/* Follows the chain of only children from `outer` as long as they run the
 * same executable file, and returns the last one that does: the innermost
 * process of a wrapper. `outer` itself when its child runs another file. */
pid_t process_innermost(pid_t outer);

#endif
