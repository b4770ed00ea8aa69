/* wait.c - say what a blocked thread waits for */
#include "core/wait.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>

/* How a call carries its time limit. */
enum limit {
    LIMIT_NONE,
    LIMIT_MS,      /* an int of milliseconds; negative: none */
    LIMIT_POINTER, /* a pointer to a time; NULL: none */
};

struct rule {
    long number;
    enum wait_kind kind;
    int fd_arg; /* -1: no descriptor */
    enum limit limit;
    int limit_arg;
    enum wait_set set;
    bool needs_file;
    bool writes;
};

/* Old calls (poll, select, pause, ...) are missing on newer machines such as
 * aarch64, hence the #ifdefs. */
static const struct rule rules[] = {
    {SYS_read, WAIT_OTHER, 0, LIMIT_NONE, 0, WAIT_SET_NONE, true, false},
    {SYS_readv, WAIT_OTHER, 0, LIMIT_NONE, 0, WAIT_SET_NONE, true, false},
    {SYS_write, WAIT_OTHER, 0, LIMIT_NONE, 0, WAIT_SET_NONE, true, true},
    {SYS_writev, WAIT_OTHER, 0, LIMIT_NONE, 0, WAIT_SET_NONE, true, true},
    {SYS_sendfile, WAIT_OTHER, 0, LIMIT_NONE, 0, WAIT_SET_NONE, true, true},
    {SYS_recvfrom, WAIT_RECEIVE, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_recvmsg, WAIT_RECEIVE, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_recvmmsg, WAIT_RECEIVE, 0, LIMIT_POINTER, 4, WAIT_SET_NONE, false,
     false},
    {SYS_sendto, WAIT_SEND, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_sendmsg, WAIT_SEND, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_accept, WAIT_ACCEPT, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_accept4, WAIT_ACCEPT, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_connect, WAIT_CONNECT, 0, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
#ifdef SYS_poll
    {SYS_poll, WAIT_POLL, -1, LIMIT_MS, 2, WAIT_SET_POLL, false, false},
#endif
    {SYS_ppoll, WAIT_POLL, -1, LIMIT_POINTER, 2, WAIT_SET_POLL, false, false},
#ifdef SYS_select
    {SYS_select, WAIT_POLL, -1, LIMIT_POINTER, 4, WAIT_SET_SELECT, false,
     false},
#endif
    {SYS_pselect6, WAIT_POLL, -1, LIMIT_POINTER, 4, WAIT_SET_SELECT, false,
     false},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, WAIT_POLL, 0, LIMIT_MS, 3, WAIT_SET_EPOLL, false, false},
#endif
    {SYS_epoll_pwait, WAIT_POLL, 0, LIMIT_MS, 3, WAIT_SET_EPOLL, false, false},
#ifdef SYS_epoll_pwait2
    {SYS_epoll_pwait2, WAIT_POLL, 0, LIMIT_POINTER, 3, WAIT_SET_EPOLL, false,
     false},
#endif
    {SYS_futex, WAIT_FUTEX, -1, LIMIT_POINTER, 3, WAIT_SET_NONE, false, false},
#ifdef SYS_futex_waitv
    {SYS_futex_waitv, WAIT_FUTEX, -1, LIMIT_POINTER, 3, WAIT_SET_NONE, false,
     false},
#endif
    {SYS_nanosleep, WAIT_SLEEP, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_clock_nanosleep, WAIT_SLEEP, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false,
     false},
    {SYS_wait4, WAIT_CHILD, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
    {SYS_waitid, WAIT_CHILD, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
#ifdef SYS_pause
    {SYS_pause, WAIT_SIGNAL, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false, false},
#endif
    {SYS_rt_sigsuspend, WAIT_SIGNAL, -1, LIMIT_NONE, 0, WAIT_SET_NONE, false,
     false},
    {SYS_rt_sigtimedwait, WAIT_SIGNAL, -1, LIMIT_POINTER, 2, WAIT_SET_NONE,
     false, false},
};

static const struct rule *
find_rule(long number)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].number == number)
            return &rules[i];
    return NULL;
}

static bool
has_limit(const struct rule *rule, const uint64_t *args)
{
    switch (rule->limit) {
    case LIMIT_MS:
        return (int32_t)args[rule->limit_arg] >= 0;
    case LIMIT_POINTER:
        return args[rule->limit_arg] != 0;
    case LIMIT_NONE:
        break;
    }
    return false;
}

/* Only the waiting forms of futex(2) carry a time limit as argument 3. */
static bool
futex_waits(uint64_t op)
{
    switch (op & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_LOCK_PI:
    case FUTEX_WAIT_REQUEUE_PI:
        return true;
    default:
        return false;
    }
}

/* A poll or select on no descriptor at all waits for nothing but time: older
 * Pythons' time.sleep() is such a select. */
static bool
watches_nothing(enum wait_set set, const uint64_t *args)
{
    if (set == WAIT_SET_POLL)
        return args[1] == 0;
    if (set == WAIT_SET_SELECT)
        return (int32_t)args[0] <= 0 ||
               (args[1] == 0 && args[2] == 0 && args[3] == 0);
    return false;
}

struct wait
wait_of(const struct procfs_syscall *call)
{
    struct wait wait = {.kind = WAIT_RUNNING, .fd = -1};
    if (call->running)
        return wait;
    wait.kind = WAIT_OTHER;
    if (call->number == SYS_restart_syscall) {
        wait.restarted = true;
        wait.timed = true; /* only calls with a time limit are restarted so */
        return wait;
    }
    const struct rule *rule = find_rule(call->number);
    if (rule == NULL)
        return wait;
    wait.kind = rule->kind;
    wait.set = rule->set;
    wait.needs_file = rule->needs_file;
    wait.writes = rule->writes;
    if (rule->fd_arg >= 0)
        wait.fd = (int)call->args[rule->fd_arg];
    wait.timed = has_limit(rule, call->args);
    if (call->number == SYS_futex && !futex_waits(call->args[1]))
        wait.timed = false;
    if (watches_nothing(wait.set, call->args)) {
        wait.kind = wait.timed ? WAIT_SLEEP : WAIT_SIGNAL;
        wait.set = WAIT_SET_NONE;
        wait.timed = false;
    }
    return wait;
}

void
wait_resolve(struct wait *wait, enum wait_file file)
{
    if (!wait->needs_file)
        return;
    wait->needs_file = false;
    switch (file) {
    case WAIT_FILE_TERMINAL:
        wait->kind = wait->writes ? WAIT_OTHER : WAIT_TERMINAL;
        break;
    case WAIT_FILE_SOCKET:
        wait->kind = wait->writes ? WAIT_SEND : WAIT_RECEIVE;
        break;
    case WAIT_FILE_PIPE:
        wait->kind = WAIT_PIPE;
        break;
    case WAIT_FILE_OTHER:
        wait->kind = WAIT_OTHER;
        break;
    }
}

const char *
wait_name(enum wait_kind kind)
{
    static const char *const names[WAIT_KINDS] = {
        [WAIT_RUNNING] = "running", [WAIT_TERMINAL] = "terminal",
        [WAIT_ACCEPT] = "accept",   [WAIT_CONNECT] = "connect",
        [WAIT_RECEIVE] = "receive", [WAIT_SEND] = "send",
        [WAIT_POLL] = "poll",       [WAIT_FUTEX] = "futex",
        [WAIT_SLEEP] = "sleep",     [WAIT_CHILD] = "child",
        [WAIT_SIGNAL] = "signal",   [WAIT_PIPE] = "pipe",
        [WAIT_OTHER] = "other",     [WAIT_STOPPED] = "stopped",
    };
    return kind < WAIT_KINDS ? names[kind] : "other";
}
