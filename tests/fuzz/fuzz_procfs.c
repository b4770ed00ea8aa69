/* fuzz_procfs.c - lines of /proc, and what is made of a system call */
#include "core/procfs.h"
#include "core/wait.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = (const char *)data;
    struct procfs_stat stat;
    struct procfs_syscall call;
    struct procfs_sched sched;
    if (procfs_stat(line, size, &stat) == PROCFS_OK)
        PROMISE(memchr(stat.name, '\0', sizeof stat.name) != NULL);
    procfs_sched(line, size, &sched);
    struct procfs_usage usage;
    procfs_usage(line, size, &usage);
    if (procfs_syscall(line, size, &call) == PROCFS_OK) {
        struct wait wait = wait_of(&call);
        PROMISE(wait.kind < WAIT_KINDS && wait_name(wait.kind) != NULL);
        wait_resolve(&wait, WAIT_FILE_SOCKET);
        PROMISE(!wait.needs_file);
    }
    return 0;
}
