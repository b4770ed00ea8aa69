/* netns.c - do a thing in another network namespace */
#include "observe/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
netns_open(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int
netns_enter(int target)
{
    int before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (before == -1)
        return -1;
    if (setns(target, CLONE_NEWNET) == -1) {
        int error = errno;
        close(before);
        errno = error;
        return -1;
    }
    return before;
}

void
netns_leave(int before)
{
    if (setns(before, CLONE_NEWNET) == -1)
        abort();
    close(before);
}
