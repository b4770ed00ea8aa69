/* processes.c - walk the process tree below a process */
#include "observe/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t
process_read(char *buffer, size_t size, const char *format, ...)
{
    char path[96];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    ssize_t n = read(fd, buffer, size);
    int error = errno;
    close(fd);
    errno = error;
    return n;
}

/* Appends the numbers of a "12 34 56 " list. */
static size_t
take_numbers(const char *text, ssize_t length, pid_t *pids, size_t most)
{
    size_t count = 0;
    long number = 0;
    for (ssize_t i = 0; i < length && count < most; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            number = number * 10 + (text[i] - '0');
        } else if (number > 0) {
            pids[count++] = (pid_t)number;
            number = 0;
        }
    }
    return count;
}

/* The kernel lists children by the thread that made them. */
static size_t
children_of(pid_t pid, pid_t *pids, size_t most)
{
    char path[64], list[4096];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return 0;
    size_t count = 0;
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        int tid = atoi(task->d_name);
        if (tid <= 0)
            continue;
        ssize_t n = process_read(list, sizeof list, "/proc/%d/task/%d/children",
                                 (int)pid, tid);
        count += take_numbers(list, n, pids + count, most - count);
    }
    closedir(tasks);
    return count;
}

size_t
processes_below(pid_t root, pid_t *pids, size_t most)
{
    size_t count = children_of(root, pids, most);
    for (size_t next = 0; next < count; next++)
        count += children_of(pids[next], pids + count, most - count);
    return count;
}

static int
same_executable(pid_t a, pid_t b)
{
    char path[64];
    struct stat first, second;
    snprintf(path, sizeof path, "/proc/%d/exe", (int)a);
    if (stat(path, &first) == -1)
        return 0;
    snprintf(path, sizeof path, "/proc/%d/exe", (int)b);
    if (stat(path, &second) == -1)
        return 0;
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

pid_t
process_innermost(pid_t outer)
{
    pid_t child;
    while (children_of(outer, &child, 1) == 1 && same_executable(outer, child))
        outer = child;
    return outer;
}
