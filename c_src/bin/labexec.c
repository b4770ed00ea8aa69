/* labexec.c - the last step before a student's program
 *
 * Usage: labexec STATUS_FD [LIMIT=NUMBER...] -- PROGRAM [ARGUMENT...]
 *        labexec --filter WRAPPER [ARGUMENT...]
 *        labexec --build WRAPPER [ARGUMENT...]
 *
 * Runs inside the sandbox: says that it was reached, sets the limits, gives
 * signals their default meaning, and executes the program. A failure goes
 * through the status pipe (core/launch.h), never to the terminal: our fault
 * and the program's never share a channel. Linked statically, so that it
 * starts fast and needs nothing of the sandbox's file system.
 *
 * With --filter it is the first step instead, outside: it executes the
 * wrapper with the filter of system calls as descriptor LAUNCH_FILTER_FD. The
 * wrapper puts its own process 1 under it too, which a program could
 * otherwise make call for it by ptrace.
 *
 * --build does the same for a wrapper that nobody else watches, and stays: it
 * ends when everything that was inside has ended. bwrap alone ends before
 * what its command left behind, which could then still move files about that
 * the grader, perhaps root, is about to walk through. SIGTERM ends it all.
 */
#include "core/launch.h"
#include "observe/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *name;
    int resource;
} limits[] = {
    {"as", RLIMIT_AS},
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"memlock", RLIMIT_MEMLOCK},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"stack", RLIMIT_STACK},
    {"sigpending", RLIMIT_SIGPENDING},
    {"msgqueue", RLIMIT_MSGQUEUE},
};

/* "nofile=256": 0, or -1 with errno. */
static int
set_limit(const char *word)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals[1] < '0' || equals[1] > '9') {
        errno = EINVAL;
        return -1;
    }
    char *end;
    errno = 0;
    unsigned long long value = strtoull(equals + 1, &end, 10);
    if (errno != 0 || *end != '\0') {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        size_t length = strlen(limits[i].name);
        if ((size_t)(equals - word) != length ||
            strncmp(word, limits[i].name, length) != 0)
            continue;
        struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
        struct rlimit now;
        if (getrlimit(limits[i].resource, &now) == 0 &&
            now.rlim_max < limit.rlim_max)
            limit = (struct rlimit){now.rlim_max, now.rlim_max};
        return setrlimit(limits[i].resource, &limit);
    }
    errno = EINVAL;
    return -1;
}

/* The kernel's own call: the C library keeps two signals for itself, which
 * whoever started us may have left ignored. */
static void
default_signals(void)
{
    static const unsigned long all_zero[8]; /* SIG_DFL, no flags, no mask */
    for (int number = 1; number < NSIG; number++)
        syscall(SYS_rt_sigaction, number, all_zero, NULL, NSIG / 8);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
report(int fd, const void *bytes, size_t size)
{
    if (write(fd, bytes, size) != (ssize_t)size)
        _exit(1); /* labrun is gone: so are we, in a moment */
}

static void
report_failure(int fd)
{
    char message[1 + sizeof(int)] = {LAUNCH_FAILED};
    int error = errno;
    memcpy(message + 1, &error, sizeof error);
    report(fd, message, sizeof message);
}

/* Outside: what fails here is the sandbox, as where bwrap fails. The filter is
 * shorter than any pipe's buffer; a file would be under the limit of files. */
static int
run_filtered(char **command)
{
    int ends[2];
    if (pipe(ends) == 0 && filter_write(ends[1]) == 0 && close(ends[1]) == 0 &&
        (ends[0] == LAUNCH_FILTER_FD ||
         (dup2(ends[0], LAUNCH_FILTER_FD) != -1 && close(ends[0]) == 0)))
        execvp(command[0], command);
    fprintf(stderr, "labexec: %s under a filter: %s\n", command[0],
            strerror(errno));
    return 1;
}

static void
end_with(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
        _exit(1);
}

/* Reaps what ends, until nothing is left: the status of `wrapper`. Its process
 * 1 becomes our child when the wrapper is gone, and ends last of all inside. */
static int
reap_all(pid_t wrapper, const sigset_t *waited)
{
    int code = 1;
    for (;;) {
        int status, number;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid == -1)
            return code; /* ECHILD */
        if (pid == wrapper)
            code = WIFEXITED(status) ? WEXITSTATUS(status)
                                     : 128 + WTERMSIG(status);
        if (pid == 0 && sigwait(waited, &number) == 0 && number == SIGTERM)
            kill(wrapper, SIGKILL); /* what is inside goes with it */
    }
}

static int
run_build(char **command)
{
    sigset_t waited;
    pid_t us = getpid();
    sigemptyset(&waited);
    sigaddset(&waited, SIGTERM);
    sigaddset(&waited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &waited, NULL);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        return 1;
    pid_t wrapper = fork();
    if (wrapper == 0) {
        sigprocmask(SIG_UNBLOCK, &waited, NULL);
        end_with(us);
        _exit(run_filtered(command));
    }
    close(STDOUT_FILENO); /* its end is that of what runs inside */
    close(STDERR_FILENO);
    return wrapper == -1 ? 1 : reap_all(wrapper, &waited);
}

int
main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--filter") == 0)
        return run_filtered(argv + 2);
    if (argc > 2 && strcmp(argv[1], "--build") == 0)
        return run_build(argv + 2);
    if (argc < 4) {
        fprintf(stderr,
                "usage: labexec STATUS_FD [LIMIT=NUMBER...] -- "
                "PROGRAM [ARGUMENT...]\n"
                "       labexec --filter|--build WRAPPER [ARGUMENT...]\n");
        return 2;
    }
    int fd = atoi(argv[1]);
    char reached = LAUNCH_REACHED;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1) {
        fprintf(stderr, "labexec: descriptor %d: %s\n", fd, strerror(errno));
        return 1;
    }
    int i = 2;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (set_limit(argv[i]) == -1) /* before REACHED: it is our fault */
            return 1;
    if (i + 1 >= argc)
        return 2;
    report(fd, &reached, 1);
    default_signals();
    execvp(argv[i + 1], argv + i + 1);
    report_failure(fd);
    return 1;
}
