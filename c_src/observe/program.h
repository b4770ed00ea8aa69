/* program.h - one running program: its wrapper, its terminal, its end
 *
 * Theory of operation. program_start() forks. The child enters the host's
 * network namespace, makes the terminal its own and executes
 * `wrap... helper 3 LIMITS... -- argv...`. Descriptor 3 is the writing end
 * of a status pipe (core/launch.h says what passes through it); it closes by
 * itself when the program has been executed. program_poll() reads the pipe
 * and reaps the child; nobody else may wait for it.
 *
 * The child enters the cgroups of its meter first of all, so that whatever
 * follows is counted.
 *
 * With a wrapper the process tree is: outermost process of the wrapper, its
 * init (the first process of a new PID namespace), the program. `init` is
 * found once the program runs; the program's own processes are those below.
 */
#ifndef OBSERVE_PROGRAM_H
#define OBSERVE_PROGRAM_H

#include "observe/meter.h"
#include "observe/terminal.h"

#include <stdint.h>
#include <stdbool.h>
#include <sys/types.h>

enum program_state {
    PROGRAM_STARTING, /* forked; the program has not been executed yet */
    PROGRAM_RUNNING,
    PROGRAM_FAILED, /* never executed: `error` and `sandbox_fault` say why */
    PROGRAM_ENDED
};

struct program {
    char *name;
    int host; /* the caller's number of the host */
    enum program_state state;
    pid_t outer;    /* the process that we forked; 0 when reaped */
    pid_t init;     /* the wrapper's innermost process; `outer` without one */
    int init_watch; /* pidfd of a wrapper's `init`, or -1 */
    bool wrapped;
    int status;         /* reading end of the status pipe, or -1 */
    bool reached;       /* labexec has reported from inside the wrapper */
    int error;          /* errno of the execve that failed */
    bool sandbox_fault; /* PROGRAM_FAILED: it was not the program's fault */
    int exit_code;      /* PROGRAM_ENDED: status, or -1 */
    int exit_signal;    /* PROGRAM_ENDED: signal, or 0 */
    struct terminal terminal;
    uint64_t output; /* bytes written so far */
    uint64_t output_cap;
    bool capped;
    struct meter meter; /* what it uses, and may use */
    enum bound passed;  /* the bound that ended it */
};

/* What to start. All strings are borrowed for the call. */
struct program_spec {
    const char *name;
    int host;
    int netns; /* descriptor of the network namespace, or -1: stay */
    const char *const *argv; /* wrap, helper, limits, "--", program: all of
                                it, NULL-terminated */
    const char *const *environment;
    const char *directory; /* or NULL */
    bool wrapped;
    bool drop; /* become uid, gid before anything of the wrapper runs */
    uid_t uid;
    gid_t gid;
    uint64_t output_cap;
    struct meter_spec meter;
};

/* 0, or -1 with errno; the caller then owns nothing. */
int program_start(struct program *program, const struct program_spec *spec);

/* Takes in what has become known: the status pipe, the end. Returns true
 * when `state` changed. Call it when SIGCHLD came or `status` is readable. */
bool program_poll(struct program *program);

/* Lists the processes of the program itself. Returns how many there are;
 * at most `most` are stored. */
size_t program_processes(const struct program *program, pid_t *pids,
                         size_t most);

/* Sends a signal to each of them. Returns how many got it. */
size_t program_signal(const struct program *program, int number);

/* Kills the wrapper and with it everything inside; waits until all of it is
 * gone. The state is then ENDED (or FAILED). */
void program_kill(struct program *program);

/* Kills if need be, and frees what the struct owns. */
void program_close(struct program *program);

#endif
