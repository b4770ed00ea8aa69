/* netns.h - do a thing in another network namespace */
#ifndef OBSERVE_NETNS_H
#define OBSERVE_NETNS_H

#include <sys/types.h>

/* Opens the network namespace of process `pid`. Returns a descriptor that
 * the caller closes, or -1 with errno. */
int netns_open(pid_t pid);

/* Enters `target` and returns a descriptor of the namespace that was left,
 * for netns_leave(); -1 with errno, and nothing changed. */
int netns_enter(int target);

/* Goes back and closes `before`. Ends the process where that fails: to go
 * on in the wrong namespace would falsify everything that follows. */
void netns_leave(int before);

#endif
