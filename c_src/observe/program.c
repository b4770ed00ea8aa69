/* program.c - one running program: its wrapper, its terminal, its end */
#include "observe/program.h"

#include "core/launch.h"
#include "observe/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST_PROCESSES = 4096,
    WRAPPER_SIGNAL_BASE = 128,
    INSIDE_GONE_MS = 10000 /* for a wrapper's processes to be gone */
};

/* ---- the child, between fork and exec: async-signal-safe calls only ---- */

static int
enter_host(const struct program_spec *spec)
{
    if (spec->netns != -1 && setns(spec->netns, CLONE_NEWNET) == -1)
        return -1;
    if (!spec->drop)
        return 0;
    if (setgroups(0, NULL) == -1 ||
        setresgid(spec->gid, spec->gid, spec->gid) ||
        setresuid(spec->uid, spec->uid, spec->uid))
        return -1;
    return 0;
}

static int
take_terminal(int slave)
{
    if (setsid() == -1 || ioctl(slave, TIOCSCTTY, 0) == -1)
        return -1;
    for (int fd = 0; fd < 3; fd++)
        if (dup2(slave, fd) == -1)
            return -1;
    return 0;
}

/* Leaves 0, 1, 2 and the status pipe as descriptor 3, and nothing else. */
static int
keep_only_status(int status)
{
    if (status == LAUNCH_FD) {
        if (fcntl(status, F_SETFD, 0) == -1)
            return -1;
    } else if (dup2(status, LAUNCH_FD) == -1) {
        return -1;
    }
#ifdef SYS_close_range
    if (syscall(SYS_close_range, LAUNCH_FD + 1, ~0u, 0) == 0)
        return 0;
#endif
    for (long fd = sysconf(_SC_OPEN_MAX); fd > LAUNCH_FD; fd--)
        close((int)fd); /* before Linux 5.9 */
    return 0;
}

static void
run_child(const struct program_spec *spec, const struct meter *meter, int slave,
          int status)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* PDEATHSIG comes after the change of user, which clears it. */
    if (meter_enter(meter) == -1 || take_terminal(slave) == -1 ||
        enter_host(spec) == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ||
        keep_only_status(status) == -1)
        _exit(1);
    if (spec->wrapped) { /* ^C is for the program: labexec takes it back */
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
    }
    if (spec->directory != NULL && chdir(spec->directory) == -1)
        _exit(1);
    execvpe(spec->argv[0], (char *const *)spec->argv,
            (char *const *)spec->environment);
    _exit(1); /* nothing was reported: the end of the pipe says "sandbox" */
}

/* ---- the parent -------------------------------------------------------- */

int
program_start(struct program *program, const struct program_spec *spec)
{
    int error, pipe_ends[2] = {-1, -1};
    memset(program, 0, sizeof *program);
    program->status = program->init_watch = -1;
    program->exit_code = -1;
    program->host = spec->host;
    program->wrapped = spec->wrapped;
    program->output_cap = spec->output_cap;
    program->terminal.master = program->terminal.slave = -1;
    program->name = strdup(spec->name);
    if (meter_open(&program->meter, &spec->meter) == -1 ||
        program->name == NULL || terminal_open(&program->terminal) == -1 ||
        pipe2(pipe_ends, O_CLOEXEC) == -1)
        goto fail;
    program->outer = fork();
    if (program->outer == 0)
        run_child(spec, &program->meter, program->terminal.slave, pipe_ends[1]);
    if (program->outer == -1)
        goto fail;
    close(pipe_ends[1]);
    program->status = pipe_ends[0];
    fcntl(program->status, F_SETFL, O_NONBLOCK);
    return 0;
fail:
    error = errno;
    if (pipe_ends[0] != -1) {
        close(pipe_ends[0]);
        close(pipe_ends[1]);
    }
    program->outer = 0;
    program_close(program);
    errno = error;
    return -1;
}

static void
close_status(struct program *program)
{
    close(program->status);
    program->status = -1;
}

/* Reads the status pipe. True when it has come to its end. */
static bool
read_status(struct program *program)
{
    char message[1 + 1 + sizeof(int)];
    for (;;) {
        ssize_t n = read(program->status, message, sizeof message);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return false; /* EAGAIN: nothing new */
        if (n == 0)
            return true;
        const char *at = message;
        if (*at == LAUNCH_REACHED) {
            program->reached = true;
            at++;
        }
        if (message + n - at >= (ssize_t)(1 + sizeof(int)) &&
            *at == LAUNCH_FAILED)
            memcpy(&program->error, at + 1, sizeof program->error);
    }
}

/* A PID namespace is gone when its init is: the kernel lets init end last.
 * Without this, sockets of a program that was killed would still be seen. */
static void
end_inside(struct program *program)
{
    if (program->init_watch == -1)
        return;
#ifdef SYS_pidfd_send_signal
    (void)syscall(SYS_pidfd_send_signal, program->init_watch, SIGKILL, NULL, 0);
#endif
    struct pollfd gone = {.fd = program->init_watch, .events = POLLIN};
    while (poll(&gone, 1, INSIDE_GONE_MS) == -1 && errno == EINTR)
        ;
    close(program->init_watch);
    program->init_watch = -1;
}

static void
take_end(struct program *program, int status)
{
    program->outer = 0;
    end_inside(program); /* a wrapper may end before what it left behind */
    if (program->state == PROGRAM_STARTING && program->status != -1)
        (void)read_status(program); /* it may have run and ended since */
    if (program->state == PROGRAM_STARTING &&
        (!program->reached || program->error != 0)) {
        program->state = PROGRAM_FAILED;
        program->sandbox_fault = !program->reached;
        return;
    }
    program->state = PROGRAM_ENDED;
    if (WIFSIGNALED(status)) {
        program->exit_signal = WTERMSIG(status);
        return;
    }
    int code = WEXITSTATUS(status);
    if (program->wrapped && code > WRAPPER_SIGNAL_BASE)
        program->exit_signal = code - WRAPPER_SIGNAL_BASE;
    else
        program->exit_code = code;
}

static void
reap(struct program *program, int flags)
{
    int status;
    pid_t pid;
    do {
        pid = waitpid(program->outer, &status, flags);
    } while (pid == -1 && errno == EINTR);
    if (pid == program->outer)
        take_end(program, status);
}

/* Without a wrapper the program itself is the init: a child that it has made
 * since may still run the same file. */
static void
find_init(struct program *program)
{
    program->init = program->outer;
    if (!program->wrapped)
        return;
    program->init = process_innermost(program->outer);
#ifdef SYS_pidfd_open /* since Linux 5.3 */
    if (program->init != program->outer)
        program->init_watch = (int)syscall(SYS_pidfd_open, program->init, 0);
#endif
}

bool
program_poll(struct program *program)
{
    enum program_state before = program->state;
    if (program->state == PROGRAM_STARTING && program->status != -1 &&
        read_status(program)) {
        close_status(program);
        if (program->reached && program->error == 0) {
            program->state = PROGRAM_RUNNING;
            find_init(program);
        }
    }
    if (program->outer > 0)
        reap(program, WNOHANG);
    return program->state != before;
}

size_t
program_processes(const struct program *program, pid_t *pids, size_t most)
{
    if (program->state != PROGRAM_RUNNING)
        return 0;
    size_t count = 0;
    if (!program->wrapped && most > 0)
        pids[count++] = program->outer;
    return count + processes_below(program->init, pids + count, most - count);
}

size_t
program_signal(const struct program *program, int number)
{
    static pid_t pids[MOST_PROCESSES];
    size_t reached = 0;
    size_t count = program_processes(program, pids, MOST_PROCESSES);
    for (size_t i = 0; i < count; i++)
        if (kill(pids[i], number) == 0)
            reached++;
    return reached;
}

void
program_kill(struct program *program)
{
    if (program->outer <= 0)
        return;
    if (program->init_watch != -1)
        end_inside(program); /* its PID namespace ends with it */
    else if (program->wrapped && program->init > 0)
        kill(program->init, SIGKILL);
    else
        (void)program_signal(program, SIGKILL);
    kill(program->outer, SIGKILL);
    reap(program, 0);
}

void
program_close(struct program *program)
{
    program_kill(program);
    if (program->status != -1)
        close_status(program);
    terminal_close(&program->terminal);
    meter_close(&program->meter);
    free(program->name);
    program->name = NULL;
}
