/* threads.c - what every thread of the watched programs is doing */
#include "observe/threads.h"

#include "observe/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_THREADS = 2048, MOST_PROCESSES = 1024 };

/* ---- one look ---------------------------------------------------------- */

static int
read_sched(pid_t pid, pid_t tid, struct procfs_sched *out)
{
    char line[128];
    ssize_t n = process_read(line, sizeof line, "/proc/%d/task/%d/schedstat",
                             (int)pid, (int)tid);
    if (n <= 0 || procfs_sched(line, (size_t)n, out) != PROCFS_OK)
        return -1;
    return 0;
}

/* What descriptor `fd` of `pid` is; a socket's inode goes to `*inode`. */
static enum wait_file
file_kind(pid_t pid, int fd, dev_t terminal, unsigned long *inode)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(path, &status) == -1)
        return WAIT_FILE_OTHER;
    if (S_ISSOCK(status.st_mode)) {
        *inode = status.st_ino;
        return WAIT_FILE_SOCKET;
    }
    if (S_ISCHR(status.st_mode) &&
        (status.st_rdev == terminal || status.st_rdev == makedev(5, 0)))
        return WAIT_FILE_TERMINAL; /* 5:0 is /dev/tty, the same one */
    /* An eventfd has no file type at all. */
    if (S_ISFIFO(status.st_mode) || (status.st_mode & S_IFMT) == 0)
        return WAIT_FILE_PIPE;
    return WAIT_FILE_OTHER;
}

static struct wait
read_wait(pid_t pid, pid_t tid, char state, dev_t terminal)
{
    char line[256];
    struct procfs_syscall call;
    struct wait running = {.kind = WAIT_RUNNING, .fd = -1};
    if (state == 'T' || state == 't')
        return (struct wait){.kind = WAIT_STOPPED, .fd = -1};
    if (state != 'S')
        return running; /* R, D, or something that will not last */
    ssize_t n = process_read(line, sizeof line, "/proc/%d/task/%d/syscall",
                             (int)pid, (int)tid);
    if (n <= 0 || procfs_syscall(line, (size_t)n, &call) != PROCFS_OK)
        return running;
    struct wait wait = wait_of(&call);
    unsigned long ignored;
    /* A write to the terminal goes on as soon as we have read what is there:
     * that is no rest. */
    if (wait.needs_file && wait.writes &&
        file_kind(pid, wait.fd, terminal, &ignored) == WAIT_FILE_TERMINAL)
        return running;
    return wait;
}

/* Order of reading: the account first. If the thread runs afterwards, the
 * account will differ when threads_unmoved() compares it. 1: read; 0: the
 * thread is a zombie or has gone. */
static int
read_thread(pid_t pid, pid_t tid, dev_t terminal, struct thread *out)
{
    char line[512];
    struct procfs_stat stat;
    if (read_sched(pid, tid, &out->sched) == -1)
        return 0;
    ssize_t n = process_read(line, sizeof line, "/proc/%d/task/%d/stat",
                             (int)pid, (int)tid);
    if (n <= 0 || procfs_stat(line, (size_t)n, &stat) != PROCFS_OK)
        return 0;
    if (stat.state == 'Z' || stat.state == 'X')
        return 0;
    out->pid = pid;
    out->tid = tid;
    memcpy(out->name, stat.name, sizeof out->name);
    out->wait = read_wait(pid, tid, stat.state, terminal);
    return 1;
}

static uint64_t
add_to_listing(uint64_t listing, pid_t id)
{
    return (listing ^ (uint64_t)id) * 1099511628211u; /* FNV-1a */
}

static struct thread *
append(struct thread_table *table)
{
    if (table->count == MOST_THREADS) {
        table->overfull = true;
        return NULL;
    }
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 32;
        void *items = realloc(table->items, capacity * sizeof *table->items);
        if (items == NULL)
            return NULL;
        table->items = items;
        table->capacity = capacity;
    }
    struct thread *thread = &table->items[table->count++];
    memset(thread, 0, sizeof *thread);
    return thread;
}

static int
look_at_process(struct thread_table *table, const struct program *programs,
                int program, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return 0; /* it has gone */
    int result = 0;
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        pid_t tid = atoi(task->d_name);
        if (tid <= 0)
            continue;
        table->listing = add_to_listing(table->listing, tid);
        struct thread *thread = append(table);
        if (thread == NULL) {
            result = table->overfull ? 0 : -1;
            break;
        }
        thread->program = program;
        if (!read_thread(pid, tid, programs[program].terminal.device, thread))
            table->count--;
    }
    closedir(tasks);
    return result;
}

/* A program between fork and exec, or between its last thread's end and its
 * own, has no thread to look at, but is not at rest either. */
static int
add_placeholder(struct thread_table *table, int program, pid_t pid)
{
    struct thread *thread = append(table);
    if (thread == NULL)
        return -1;
    thread->program = program;
    thread->pid = thread->tid = pid;
    thread->wait = (struct wait){.kind = WAIT_RUNNING, .fd = -1};
    return 0;
}

static int
look_at_program(struct thread_table *table, const struct program *programs,
                int index)
{
    static pid_t pids[MOST_PROCESSES];
    const struct program *program = &programs[index];
    if (program->state == PROGRAM_STARTING)
        return add_placeholder(table, index, program->outer);
    size_t before = table->count;
    size_t count = program_processes(program, pids, MOST_PROCESSES);
    for (size_t i = 0; i < count; i++)
        if (look_at_process(table, programs, index, pids[i]) == -1)
            return -1;
    if (count == MOST_PROCESSES)
        table->overfull = true;
    if (program->state == PROGRAM_RUNNING && table->count == before)
        return add_placeholder(table, index, program->outer);
    return 0;
}

/* The threads that there are now, in the order of a look. */
static uint64_t
list_threads(const struct program *programs, size_t program_count)
{
    static pid_t pids[MOST_PROCESSES];
    uint64_t listing = 0;
    for (size_t i = 0; i < program_count; i++) {
        size_t count = program_processes(&programs[i], pids, MOST_PROCESSES);
        for (size_t p = 0; p < count; p++) {
            char path[64];
            snprintf(path, sizeof path, "/proc/%d/task", (int)pids[p]);
            DIR *tasks = opendir(path);
            if (tasks == NULL)
                continue;
            for (struct dirent *task; (task = readdir(tasks)) != NULL;)
                if (atoi(task->d_name) > 0)
                    listing = add_to_listing(listing, atoi(task->d_name));
            closedir(tasks);
        }
    }
    return listing;
}

/* ---- what is carried from one look to the next ------------------------- */

static const struct thread *
find(const struct thread *items, size_t count, size_t hint, pid_t tid)
{
    if (hint < count && items[hint].tid == tid)
        return &items[hint];
    for (size_t i = 0; i < count; i++)
        if (items[i].tid == tid)
            return &items[i];
    return NULL;
}

/* How often a thread woke is counted by looks: it rested, and now rests
 * again in the same way but has run between. The kernel's own count would
 * not do: a thread that computes between two sleeps is put on a processor
 * many times on a busy machine. */
static void
count_rest(struct thread *now)
{
    if (now->wait.kind == WAIT_RUNNING)
        return;
    if (now->rested && now->rest_kind == now->wait.kind &&
        now->rest.slices != now->sched.slices)
        now->wakes++;
    now->rested = true;
    now->rest = now->sched;
    now->rest_kind = now->wait.kind;
}

/* A call that a stop interrupted goes on as restart_syscall(2): what it was
 * is known from before the stop. */
static void
carry_call(struct thread *now, const struct thread *before)
{
    if (before != NULL)
        now->call = before->call;
    if (now->wait.restarted) {
        if (now->call.kind != WAIT_RUNNING)
            now->wait = now->call;
    } else if (now->wait.kind != WAIT_RUNNING &&
               now->wait.kind != WAIT_STOPPED) {
        now->call = now->wait;
    }
}

static void
carry_over(struct thread *now, const struct thread *before, bool changed)
{
    now->base_run_ns = now->sched.run_ns;
    carry_call(now, before);
    if (before != NULL) {
        now->known_napper = before->known_napper;
        now->known_spinner = before->known_spinner;
    }
    if (before != NULL && !changed) {
        now->base_run_ns = before->base_run_ns;
        now->rested = before->rested;
        now->rest = before->rest;
        now->rest_kind = before->rest_kind;
        now->wakes = before->wakes;
    }
    count_rest(now);
}

int
threads_look(struct thread_table *table, const struct program *programs,
             size_t program_count, uint64_t change)
{
    struct thread_table before = *table;
    table->items = NULL;
    table->count = table->capacity = 0;
    table->overfull = false;
    table->membership = table->listing = 0;
    int result = 0;
    for (size_t i = 0; i < program_count && result == 0; i++)
        result = look_at_program(table, programs, (int)i);
    bool changed = before.change != change;
    for (size_t i = 0; i < table->count; i++) {
        struct thread *now = &table->items[i];
        carry_over(now, find(before.items, before.count, i, now->tid), changed);
        if (programs[now->program].capped)
            now->known_spinner = true; /* a flood is a spin */
        table->membership =
            table->membership * 1099511628211u + (uint64_t)now->tid;
    }
    table->change = change;
    free(before.items);
    return result;
}

/* 'S', 'R', ...; '\0' when the thread is gone. */
static char
read_state(const struct thread *thread)
{
    char line[512];
    struct procfs_stat stat;
    ssize_t n = process_read(line, sizeof line, "/proc/%d/task/%d/stat",
                             (int)thread->pid, (int)thread->tid);
    if (n <= 0 || procfs_stat(line, (size_t)n, &stat) != PROCFS_OK)
        return '\0';
    return stat.state;
}

/* Not having run is not enough: it may have been woken a moment ago and wait
 * for a processor. Only `stat` tells that at once: while another processor
 * is being told to wake the thread, `syscall` still gives its old call. */
static bool
has_not_moved(const struct thread *thread)
{
    struct procfs_sched now;
    char state = read_state(thread);
    return (state == 'S' || state == 'T' || state == 't') &&
           read_sched(thread->pid, thread->tid, &now) == 0 &&
           now.slices == thread->sched.slices &&
           now.run_ns == thread->sched.run_ns;
}

bool
threads_unmoved(const struct thread_table *table,
                const struct program *programs, size_t program_count)
{
    if (list_threads(programs, program_count) != table->listing)
        return false;
    for (size_t i = 0; i < table->count; i++)
        if (table->items[i].wait.kind != WAIT_RUNNING &&
            !has_not_moved(&table->items[i]))
            return false;
    return true;
}

bool
thread_same(const struct thread_table *table, size_t index)
{
    const struct thread *thread = &table->items[index];
    if (thread->wait.kind != WAIT_RUNNING)
        return has_not_moved(thread);
    char state = read_state(thread);
    return state == 'R' || state == 'D';
}

struct settle_thread
thread_account(const struct thread *thread)
{
    return (struct settle_thread){
        .wait = thread->wait.kind,
        .timed = thread->wait.timed,
        .run_ns = thread->sched.run_ns - thread->base_run_ns,
        .wakes = thread->wakes,
        .known_napper = thread->known_napper,
        .known_spinner = thread->known_spinner,
    };
}

/* ---- details ----------------------------------------------------------- */

static void
add_fd(struct thread_detail *detail, int fd)
{
    if (fd >= 0 && detail->fd_count < THREAD_FDS)
        detail->fds[detail->fd_count++] = fd;
}

static ssize_t
read_memory(pid_t pid, uint64_t address, void *out, size_t size)
{
    struct iovec local = {out, size};
    struct iovec remote = {(void *)(uintptr_t)address, size};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

static void
read_poll_set(pid_t pid, const uint64_t *args, struct thread_detail *detail)
{
    struct pollfd set[THREAD_FDS];
    size_t count = args[1] < THREAD_FDS ? args[1] : THREAD_FDS;
    ssize_t n = read_memory(pid, args[0], set, count * sizeof *set);
    for (ssize_t i = 0; n > 0 && i < n / (ssize_t)sizeof *set; i++)
        add_fd(detail, set[i].fd);
}

static void
read_select_set(pid_t pid, const uint64_t *args, struct thread_detail *detail)
{
    fd_set set;
    size_t highest = args[0] < FD_SETSIZE ? args[0] : FD_SETSIZE;
    FD_ZERO(&set);
    if (args[1] == 0 ||
        read_memory(pid, args[1], &set, (highest + 63) / 64 * 8) <= 0)
        return;
    for (size_t fd = 0; fd < highest; fd++)
        if (FD_ISSET(fd, &set))
            add_fd(detail, (int)fd);
}

static void
read_epoll_set(pid_t pid, int epoll, struct thread_detail *detail)
{
    char text[4096];
    ssize_t n = process_read(text, sizeof text - 1, "/proc/%d/fdinfo/%d",
                             (int)pid, epoll);
    if (n <= 0)
        return;
    text[n] = '\0';
    for (char *at = text; (at = strstr(at, "tfd:")) != NULL; at += 4)
        add_fd(detail, atoi(at + 4));
}

static void
read_polled(const struct thread *thread, struct thread_detail *detail)
{
    char line[256];
    struct procfs_syscall call;
    if (thread->wait.set == WAIT_SET_EPOLL) {
        read_epoll_set(thread->pid, thread->wait.fd, detail);
        detail->wait.fd = -1;
        return;
    }
    ssize_t n = process_read(line, sizeof line, "/proc/%d/task/%d/syscall",
                             (int)thread->pid, (int)thread->tid);
    if (n <= 0 || procfs_syscall(line, (size_t)n, &call) != PROCFS_OK ||
        call.running)
        return;
    if (thread->wait.set == WAIT_SET_POLL)
        read_poll_set(thread->pid, call.args, detail);
    else if (thread->wait.set == WAIT_SET_SELECT)
        read_select_set(thread->pid, call.args, detail);
}

void
thread_detail(const struct thread *thread, const struct program *program,
              struct thread_detail *out)
{
    memset(out, 0, sizeof *out);
    out->wait = thread->wait;
    dev_t terminal = program->terminal.device;
    bool unread = terminal_has_input(&program->terminal);
    unsigned long ignored = 0;
    if (out->wait.kind == WAIT_POLL) {
        read_polled(thread, out);
        for (size_t i = 0; i < out->fd_count; i++)
            if (file_kind(thread->pid, out->fds[i], terminal, &ignored) ==
                WAIT_FILE_TERMINAL)
                out->terminal = !unread;
    } else if (out->wait.fd >= 0) {
        enum wait_file file =
            file_kind(thread->pid, out->wait.fd, terminal, &out->socket);
        wait_resolve(&out->wait, file);
        if (out->wait.kind == WAIT_TERMINAL && unread)
            out->wait.kind = WAIT_RUNNING; /* about to get it */
    }
}

void
threads_free(struct thread_table *table)
{
    free(table->items);
    memset(table, 0, sizeof *table);
}
