/* session.c - one scenario under observation: what it owns, what it takes in */
#include "observe/session.h"

#include "observe/clock.h"
#include "observe/netns.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

int
session_open(struct session *session, struct emitter *emitter)
{
    sigset_t child;
    memset(session, 0, sizeof *session);
    session->emitter = emitter;
    session->last_change = clock_monotonic();
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, NULL) == -1)
        return -1;
    session->child_signal = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    return session->child_signal == -1 ? -1 : 0;
}

int
session_find_host(const struct session *session, const char *name)
{
    for (size_t i = 0; i < session->host_count; i++)
        if (strcmp(session->hosts[i].name, name) == 0)
            return (int)i;
    return -1;
}

struct program *
session_find_program(struct session *session, const char *name)
{
    for (size_t i = session->program_count; i > 0; i--)
        if (strcmp(session->programs[i - 1].name, name) == 0)
            return &session->programs[i - 1];
    return NULL;
}

void
session_changed(struct session *session)
{
    session->change++;
    session->last_change = clock_monotonic();
}

/* ---- hosts and captures ------------------------------------------------ */

static int
explain(char *why, const char *what)
{
    snprintf(why, CAPTURE_ERROR_SIZE, "%s: %s", what, strerror(errno));
    return -1;
}

int
session_add_host(struct session *session, const char *name, pid_t pid,
                 char *why)
{
    if (session->host_count == SESSION_HOSTS) {
        errno = ENOSPC;
        return explain(why, "too many hosts");
    }
    if (session_find_host(session, name) != -1) {
        errno = EEXIST;
        return explain(why, name);
    }
    struct session_host host = {.netns = -1, .diagnostics = -1};
    host.netns = netns_open(pid);
    if (host.netns == -1)
        return explain(why, "network namespace");
    int before = netns_enter(host.netns);
    if (before == -1) {
        explain(why, "entering the network namespace");
        close(host.netns);
        return -1;
    }
    host.diagnostics = sockets_open();
    int error = errno;
    netns_leave(before);
    errno = error;
    host.name = host.diagnostics == -1 ? NULL : strdup(name);
    if (host.name == NULL) {
        explain(why, "socket diagnostics");
        if (host.diagnostics != -1)
            close(host.diagnostics);
        close(host.netns);
        return -1;
    }
    session->hosts[session->host_count] = host;
    return (int)session->host_count++;
}

int
session_add_capture(struct session *session, const char *host,
                    const char *interface, const char *file, size_t payload,
                    char *why)
{
    int index = session_find_host(session, host);
    if (index == -1 || session->capture_count == SESSION_CAPTURES) {
        errno = index == -1 ? ENOENT : ENOSPC;
        return explain(why, index == -1 ? host : "too many captures");
    }
    int before = netns_enter(session->hosts[index].netns);
    if (before == -1)
        return explain(why, "entering the network namespace");
    struct capture *capture = capture_open(interface, file, why);
    netns_leave(before);
    if (capture == NULL)
        return -1;
    session->captures[session->capture_count] = (struct session_capture){
        .host = strdup(host),
        .interface = strdup(interface),
        .capture = capture,
        .payload = payload,
        .session = session,
    };
    return (int)session->capture_count++;
}

/* Opens the queue in the namespace that `netns` stands for. */
static int
open_queue(int netns, const char *interface, int *index)
{
    int before = netns_enter(netns);
    if (before == -1)
        return -1;
    int fd = queues_open(interface, index);
    int error = errno;
    netns_leave(before);
    errno = error;
    return fd;
}

int
session_add_queue(struct session *session, const char *host,
                  const char *interface, pid_t pid, char *why)
{
    struct session_queue queue = {.host = session_find_host(session, host)};
    if (queue.host == -1 || session->queue_count == SESSION_QUEUES) {
        errno = queue.host == -1 ? ENOENT : ENOSPC;
        return explain(why, queue.host == -1 ? host : "too many queues");
    }
    int netns = netns_open(pid);
    if (netns == -1)
        return explain(why, "network namespace");
    queue.fd = open_queue(netns, interface, &queue.index);
    int error = errno;
    close(netns);
    errno = error;
    if (queue.fd == -1)
        return explain(why, interface);
    queue.interface = strdup(interface);
    session->queues[session->queue_count] = queue;
    return (int)session->queue_count++;
}

/* ---- taking in --------------------------------------------------------- */

static void
flags_text(unsigned flags, char *out)
{
    static const struct {
        unsigned bit;
        char letter;
    } letters[] = {{PACKET_SYN, 'S'},
                   {PACKET_ACK, 'A'},
                   {PACKET_FIN, 'F'},
                   {PACKET_RST, 'R'},
                   {PACKET_PSH, 'P'}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (flags & letters[i].bit)
            *out++ = letters[i].letter;
    *out = '\0';
}

static json_t *
packet_json(const struct session_capture *capture, const struct packet *packet)
{
    char source[SOCKET_ADDRESS_TEXT], target[SOCKET_ADDRESS_TEXT], flags[8];
    struct socket_address from = {packet->ipv6, {0}, packet->source_port};
    struct socket_address to = {packet->ipv6, {0}, packet->target_port};
    memcpy(from.bytes, packet->source, sizeof from.bytes);
    memcpy(to.bytes, packet->target, sizeof to.bytes);
    socket_address_text(&from, source);
    socket_address_text(&to, target);
    flags_text(packet->flags, flags);
    json_t *event = json_pack(
        "{ss ss ss ss ss sI sI sI}", "host", capture->host, "interface",
        capture->interface, "src", source, "dst", target, "flags", flags, "seq",
        (json_int_t)packet->sequence, "ack", (json_int_t)packet->acknowledged,
        "len", (json_int_t)packet->length);
    size_t shown = packet->captured;
    if (shown > capture->payload)
        shown = capture->payload;
    if (shown > 0)
        emit_bytes(event, packet->payload, shown);
    return event;
}

static void
take_packet(void *context, const struct packet *packet, uint64_t when)
{
    struct session_capture *capture = context;
    struct session *session = capture->session;
    capture->packets++;
    if (capture->packets == SESSION_MOST_PACKETS + 1)
        emit(session->emitter, "packets-capped",
             json_pack("{ss ss si}", "host", capture->host, "interface",
                       capture->interface, "packets", SESSION_MOST_PACKETS));
    if (capture->packets > SESSION_MOST_PACKETS)
        return; /* a flood; no longer counts as a change */
    if (packet->length > 0 ||
        (packet->flags & (PACKET_SYN | PACKET_FIN | PACKET_RST)))
        session_changed(session);
    emit_at(session->emitter, "packet", packet_json(capture, packet), when);
}

static void
take_output(struct session *session, struct program *program, const char *bytes,
            size_t size)
{
    if (program->capped)
        return; /* read and dropped; no longer counts as a change */
    size_t room = program->output_cap - program->output;
    size_t kept = size < room ? size : room;
    program->output += kept;
    session_changed(session);
    if (kept > 0) {
        json_t *event = json_pack("{ss}", "program", program->name);
        emit_bytes(event, bytes, kept);
        emit(session->emitter, "output", event);
    }
    if (kept < size) {
        program->capped = true;
        emit(session->emitter, "output-capped",
             json_pack("{ss sI}", "program", program->name, "bytes",
                       (json_int_t)program->output_cap));
    }
}

/* One terminal may not keep the others waiting: at most so much at a time. */
static void
drain_terminal(struct session *session, struct program *program, size_t most)
{
    char buffer[16384];
    while (most > 0) {
        ssize_t n = terminal_read(&program->terminal, buffer, sizeof buffer);
        if (n <= 0)
            return;
        take_output(session, program, buffer, (size_t)n);
        most = (size_t)n < most ? most - (size_t)n : 0;
    }
}

static void
emit_exit(struct session *session, struct program *program)
{
    session_explain_end(session, program);
    json_t *event = json_pack("{ss}", "program", program->name);
    if (program->exit_signal != 0) {
        const char *name = sigabbrev_np(program->exit_signal);
        json_object_set_new(event, "signal", json_string(name ? name : "?"));
    } else {
        json_object_set_new(event, "code", json_integer(program->exit_code));
    }
    if (program->passed != BOUND_NONE)
        json_object_set_new(event, "limit", session_bound_json(program));
    emit(session->emitter, "exit", event);
}

/* Asks what became of the program. True when its state changed. */
static bool
poll_state(struct session *session, struct program *program)
{
    enum program_state before = program->state;
    if (!program_poll(program))
        return false;
    session_changed(session);
    if (before == PROGRAM_STARTING && program->state != PROGRAM_FAILED)
        emit(session->emitter, "started",
             json_pack("{ss si}", "program", program->name, "pid",
                       (int)program->init));
    return true;
}

/* A wrapper that writes much must not wait for us for ever. What was read
 * before a poll that still says STARTING was written by the wrapper; else it
 * may be the program's and comes after `started`. */
static bool
poll_starting(struct session *session, struct program *program)
{
    char buffer[16384];
    bool changed = false;
    ssize_t n;
    do {
        n = terminal_read(&program->terminal, buffer, sizeof buffer);
        changed = poll_state(session, program);
        if (n > 0)
            take_output(session, program, buffer, (size_t)n);
    } while (n > 0 && program->state == PROGRAM_STARTING);
    return changed;
}

/* Whatever became of the program has to be known before its terminal is read
 * for the last time: what it wrote before its end is then in it. */
static void
poll_program(struct session *session, struct program *program)
{
    if (program->state == PROGRAM_FAILED || program->state == PROGRAM_ENDED)
        return;
    bool changed = program->state == PROGRAM_STARTING
                       ? poll_starting(session, program)
                       : poll_state(session, program);
    if (program->state != PROGRAM_STARTING)
        drain_terminal(session, program, 1 << 20);
    if (changed && program->state == PROGRAM_ENDED) {
        drain_terminal(session, program, SIZE_MAX);
        emit_exit(session, program);
    }
}

void
session_pump(struct session *session)
{
    struct signalfd_siginfo ignored;
    while (read(session->child_signal, &ignored, sizeof ignored) > 0)
        ; /* which child it was, each program finds out for itself */
    for (size_t i = 0; i < session->capture_count; i++)
        capture_drain(session->captures[i].capture, take_packet,
                      &session->captures[i]);
    for (size_t i = 0; i < session->program_count; i++)
        poll_program(session, &session->programs[i]);
}

void
session_tell_losses(struct session *session)
{
    for (size_t i = 0; i < session->capture_count; i++) {
        struct session_capture *capture = &session->captures[i];
        uint64_t lost = capture_lost(capture->capture);
        if (lost <= capture->lost)
            continue;
        capture->lost = lost;
        emit(session->emitter, "packets-lost",
             json_pack("{ss ss sI}", "host", capture->host, "interface",
                       capture->interface, "packets", (json_int_t)lost));
    }
}

static size_t
watch_all(const struct session *session, int fd, struct pollfd *set)
{
    size_t count = 0;
    set[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    set[count++] =
        (struct pollfd){.fd = session->child_signal, .events = POLLIN};
    for (size_t i = 0; i < session->capture_count; i++)
        set[count++] = (struct pollfd){
            .fd = capture_fd(session->captures[i].capture), .events = POLLIN};
    for (size_t i = 0; i < session->program_count; i++) {
        const struct program *program = &session->programs[i];
        if (program->state == PROGRAM_FAILED || program->state == PROGRAM_ENDED)
            continue;
        set[count++] =
            (struct pollfd){.fd = program->terminal.master, .events = POLLIN};
        set[count++] = (struct pollfd){.fd = program->status, .events = POLLIN};
    }
    return count;
}

bool
session_wait(struct session *session, int fd, uint64_t timeout_ns)
{
    struct pollfd set[2 + SESSION_CAPTURES + 2 * SESSION_PROGRAMS];
    size_t count = watch_all(session, fd, set);
    uint64_t watch = session_until_watch(session);
    if (watch < timeout_ns)
        timeout_ns = watch;
    struct timespec timeout = {(time_t)(timeout_ns / 1000000000),
                               (long)(timeout_ns % 1000000000)};
    emit_flush(session->emitter);
    int ready =
        ppoll(set, count, timeout_ns == UINT64_MAX ? NULL : &timeout, NULL);
    session_pump(session);
    if (session_until_watch(session) == 0)
        session_watch(session);
    return ready > 0 && set[0].revents != 0;
}

/* ---- programs ---------------------------------------------------------- */

int
session_start(struct session *session, const struct program_spec *spec,
              char *why)
{
    if (session->program_count == SESSION_PROGRAMS) {
        errno = ENOSPC;
        return explain(why, "too many programs");
    }
    const struct program *old = session_find_program(session, spec->name);
    if (old != NULL && old->state == PROGRAM_RUNNING) {
        errno = EEXIST;
        return explain(why, spec->name);
    }
    struct program *program = &session->programs[session->program_count];
    if (program_start(program, spec) == -1)
        return explain(why, "start");
    session_changed(session);
    int index = (int)session->program_count++;
    while (program->state == PROGRAM_STARTING)
        (void)session_wait(session, -1, UINT64_MAX);
    session->watch_pause = 0; /* a new program: look closely */
    if (meter_binds(&program->meter))
        session_watch(session);
    return index;
}

int
session_dump_sockets(struct session *session)
{
    session->sockets.count = 0;
    for (size_t i = 0; i < session->host_count; i++)
        if (sockets_dump(session->hosts[i].diagnostics, (int)i,
                         &session->sockets) == -1)
            return -1;
    return 0;
}

int
session_read_queues(struct session *session)
{
    for (size_t i = 0; i < session->queue_count; i++) {
        struct session_queue *queue = &session->queues[i];
        uint64_t passed = queue->level.passed;
        if (queues_read(queue->fd, queue->index, &queue->level) == -1)
            return -1;
        if (queue->level.passed != passed)
            session_changed(session);
    }
    return 0;
}

bool
session_holds(const struct session *session, int host)
{
    for (size_t i = 0; i < session->queue_count; i++) {
        const struct session_queue *queue = &session->queues[i];
        if (queue->level.packets > 0 && (host == -1 || host == queue->host))
            return true;
    }
    return false;
}

void
session_stop(struct session *session, struct program *program)
{
    bool ran = program->state == PROGRAM_RUNNING;
    program_kill(program);
    session_pump(session);
    if (!ran || program->state != PROGRAM_ENDED)
        return;
    drain_terminal(session, program, SIZE_MAX);
    session_changed(session);
    emit_exit(session, program);
}

int
session_finish(struct session *session)
{
    int error = 0;
    for (size_t i = 0; i < session->program_count; i++)
        session_stop(session, &session->programs[i]);
    session_pump(session);
    for (size_t i = 0; i < session->capture_count; i++)
        if (capture_flush(session->captures[i].capture) == -1)
            error = errno ? errno : EIO;
    errno = error;
    return error == 0 ? 0 : -1;
}

void
session_close(struct session *session)
{
    for (size_t i = 0; i < session->program_count; i++)
        program_close(&session->programs[i]);
    for (size_t i = 0; i < session->capture_count; i++) {
        capture_close(session->captures[i].capture);
        free(session->captures[i].host);
        free(session->captures[i].interface);
    }
    for (size_t i = 0; i < session->queue_count; i++) {
        close(session->queues[i].fd);
        free(session->queues[i].interface);
    }
    for (size_t i = 0; i < session->host_count; i++) {
        close(session->hosts[i].netns);
        close(session->hosts[i].diagnostics);
        free(session->hosts[i].name);
    }
    threads_free(&session->threads);
    sockets_free(&session->sockets);
    close(session->child_signal);
    memset(session, 0, sizeof *session);
}
