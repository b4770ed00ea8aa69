/* meter.c - what all processes of one program use together */
#include "observe/meter.h"

#include "core/procfs.h"
#include "observe/clock.h"
#include "observe/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    EXACT_PERIOD = 50000000, /* ns between two questions for exact shares */
    EXACT_BUDGET = 20000000, /* ns that one such question may take */
    INODE_BYTES = 1024       /* what the kernel needs for a file, about */
};

/* ---- the groups -------------------------------------------------------- */

/* Opens `name` in the first group that has it; -1 where none does. */
static int
open_in_group(const struct meter *meter, const char *name)
{
    char path[4096];
    for (size_t i = 0; i < METER_GROUPS && meter->groups[i] != NULL; i++) {
        snprintf(path, sizeof path, "%s/%s", meter->groups[i], name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd != -1)
            return fd;
    }
    return -1;
}

static int
copy_strings(char **to, size_t most, const char *const *from)
{
    for (size_t i = 0; from != NULL && from[i] != NULL; i++) {
        if (i + 1 == most) {
            errno = E2BIG;
            return -1;
        }
        to[i] = strdup(from[i]);
        if (to[i] == NULL)
            return -1;
    }
    return 0;
}

int
meter_open(struct meter *meter, const struct meter_spec *spec)
{
    *meter = (struct meter){
        .bounds = spec->bounds, .out_of_memory = -1, .refused_forks = -1};
    if (copy_strings(meter->stores, METER_STORES, spec->stores) == -1 ||
        copy_strings(meter->groups, METER_GROUPS, spec->groups) == -1)
        return -1;
    meter->out_of_memory = open_in_group(meter, "memory.events");
    if (meter->out_of_memory == -1) /* version 1 */
        meter->out_of_memory = open_in_group(meter, "memory.oom_control");
    meter->refused_forks = open_in_group(meter, "pids.events");
    return 0;
}

void
meter_close(struct meter *meter)
{
    for (size_t i = 0; i < METER_STORES; i++)
        free(meter->stores[i]);
    for (size_t i = 0; i < METER_GROUPS; i++)
        free(meter->groups[i]);
    if (meter->out_of_memory > 0)
        close(meter->out_of_memory);
    if (meter->refused_forks > 0)
        close(meter->refused_forks);
    *meter = (struct meter){.out_of_memory = -1, .refused_forks = -1};
}

bool
meter_binds(const struct meter *meter)
{
    for (int which = BOUND_NONE; which < BOUND_KINDS; which++)
        if (bounds_of(&meter->bounds, which) != 0)
            return true;
    return false;
}

/* Joins two parts without the C library's formatting, which a child of a
 * process with threads may not use. */
static int
join(char *to, size_t size, const char *a, const char *b)
{
    size_t first = strlen(a), second = strlen(b);
    if (first + second + 1 > size) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(to, a, first);
    memcpy(to + first, b, second + 1);
    return 0;
}

int
meter_enter(const struct meter *meter)
{
    char path[4096];
    for (size_t i = 0; i < METER_GROUPS && meter->groups[i] != NULL; i++) {
        if (join(path, sizeof path, meter->groups[i], "/cgroup.procs") == -1)
            return -1;
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd == -1)
            return -1;
        ssize_t n = write(fd, "0", 1); /* 0: who writes it */
        close(fd);
        if (n != 1)
            return -1;
    }
    return 0;
}

/* The number behind `word` at the beginning of a line; 0 without it. */
static uint64_t
counter(int fd, const char *word)
{
    char text[1024];
    ssize_t n = fd == -1 ? -1 : pread(fd, text, sizeof text - 1, 0);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    size_t length = strlen(word);
    for (char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, length) == 0 && line[length] == ' ')
            return strtoull(line + length, NULL, 10);
    }
    return 0;
}

enum bound
meter_told_by_kernel(const struct meter *meter)
{
    if (counter(meter->out_of_memory, "oom_kill") > 0)
        return BOUND_MEMORY;
    if (counter(meter->refused_forks, "max") > 0)
        return BOUND_PROCESSES;
    return BOUND_NONE;
}

/* ---- the processes ----------------------------------------------------- */

static bool
read_usage(pid_t pid, struct procfs_usage *out)
{
    char line[1024];
    ssize_t n = process_read(line, sizeof line, "/proc/%d/stat", (int)pid);
    return n > 0 && procfs_usage(line, (size_t)n, out) == PROCFS_OK;
}

static uint64_t
add_processes(struct usage *usage, pid_t init, const pid_t *pids, size_t count)
{
    static uint64_t tick_ns, page;
    struct procfs_usage one;
    uint64_t ticks = 0, resident = 0;
    if (page == 0) {
        page = (uint64_t)sysconf(_SC_PAGESIZE);
        tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_usage(pids[i], &one))
            continue; /* it has gone */
        ticks += one.ticks + one.reaped_ticks;
        usage->processes += one.threads;
        resident += one.resident_pages * page;
    }
    /* Whoever loses its parent is waited for by the wrapper's init. */
    if ((count == 0 || pids[0] != init) && read_usage(init, &one))
        ticks += one.reaped_ticks;
    usage->cpu_ns = ticks * tick_ns;
    return resident;
}

/* The number of KiB behind `word`, as bytes. */
static uint64_t
kib_of(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    return at ? strtoull(at + strlen(word), NULL, 10) * 1024 : 0;
}

/* What the processes have to themselves, each shared page counted once.
 * Pages of files are left out: the kernel takes those back when it must.
 *
 * To ask a process that maps or forks all the time takes long, and a crowd
 * of them must not hold us up while it grows. So the asking has an end, and
 * those that were not asked are taken to share as those that were. */
static void
exact_memory(const pid_t *pids, size_t count, uint64_t *own, uint64_t *shared)
{
    char text[2048];
    size_t asked = 0;
    uint64_t until = clock_monotonic() + EXACT_BUDGET;
    *own = *shared = 0;
    for (; asked < count && clock_monotonic() < until; asked++) {
        ssize_t n = process_read(text, sizeof text - 1, "/proc/%d/smaps_rollup",
                                 (int)pids[asked]);
        text[n > 0 ? n : 0] = '\0';
        *own += kib_of(text, "Pss_Anon:");
        *shared += kib_of(text, "Pss_Shmem:");
    }
    if (asked > 0) {
        *own = *own / asked * count;
        *shared = *shared / asked * count;
    }
}

/* ---- the folders ------------------------------------------------------- */

static uint64_t
bytes_in_stores(const struct meter *meter, pid_t init)
{
    char path[4096];
    struct statvfs store;
    uint64_t bytes = 0;
    for (size_t i = 0; i < METER_STORES && meter->stores[i] != NULL; i++) {
        snprintf(path, sizeof path, "/proc/%d/root%s", (int)init,
                 meter->stores[i]);
        if (statvfs(path, &store) == -1)
            continue;
        bytes += (store.f_blocks - store.f_bfree) * store.f_frsize;
        bytes += (store.f_files - store.f_ffree) * INODE_BYTES;
    }
    return bytes;
}

static void
add_stores(struct meter *meter, struct usage *usage, pid_t init)
{
    uint64_t bytes = bytes_in_stores(meter, init);
    if (!meter->based) {
        meter->disk_before = bytes;
        meter->based = true;
    }
    usage->disk = bytes > meter->disk_before ? bytes - meter->disk_before : 0;
}

enum bound
meter_look(struct meter *meter, pid_t init, const pid_t *pids, size_t count,
           uint64_t now)
{
    struct usage usage = {0};
    uint64_t own, shared;
    uint64_t resident = add_processes(&usage, init, pids, count);
    if (usage.cpu_ns < meter->cpu_ns)
        usage.cpu_ns = meter->cpu_ns;
    meter->cpu_ns = usage.cpu_ns;
    if (meter->stores[0] != NULL)
        add_stores(meter, &usage, init);
    usage.memory = resident + usage.disk;
    struct usage twice = {.memory = usage.memory * 2};
    meter->near = bounds_passed(&meter->bounds, &twice) == BOUND_MEMORY;
    enum bound passed = bounds_passed(&meter->bounds, &usage);
    if (passed != BOUND_MEMORY)
        return passed;
    usage.memory = 0;
    passed = bounds_passed(&meter->bounds, &usage);
    if (meter->out_of_memory != -1 || passed != BOUND_NONE ||
        now - meter->exact_at < EXACT_PERIOD)
        return passed;
    meter->exact_at = now;
    exact_memory(pids, count, &own, &shared);
    usage.memory = own + (shared > usage.disk ? shared : usage.disk);
    return bounds_passed(&meter->bounds, &usage);
}
