/* state.c - the state of a session as the protocol's JSON */
#include "observe/state.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_PROCESSES = 1024 };

/* Which program has a socket open, and as which descriptor. */
struct owner {
    unsigned long inode;
    int program;
    int fd;
};

struct owners {
    struct owner *items;
    size_t count;
    size_t capacity;
};

static void
add_owner(struct owners *owners, unsigned long inode, int program, int fd)
{
    if (owners->count == owners->capacity) {
        size_t capacity = owners->capacity ? owners->capacity * 2 : 16;
        void *items = realloc(owners->items, capacity * sizeof *owners->items);
        if (items == NULL)
            return; /* the socket is then listed without an owner */
        owners->items = items;
        owners->capacity = capacity;
    }
    owners->items[owners->count++] = (struct owner){inode, program, fd};
}

static void
add_sockets_of(struct owners *owners, int program, pid_t pid)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *files = opendir(path);
    if (files == NULL)
        return;
    for (struct dirent *file; (file = readdir(files)) != NULL;)
        if (file->d_name[0] != '.' &&
            fstatat(dirfd(files), file->d_name, &status, 0) == 0 &&
            S_ISSOCK(status.st_mode))
            add_owner(owners, status.st_ino, program, atoi(file->d_name));
    closedir(files);
}

static struct owners
find_owners(const struct session *session)
{
    static pid_t pids[MOST_PROCESSES];
    struct owners owners = {0};
    for (size_t i = 0; i < session->program_count; i++) {
        size_t count =
            program_processes(&session->programs[i], pids, MOST_PROCESSES);
        for (size_t p = 0; p < count; p++)
            add_sockets_of(&owners, (int)i, pids[p]);
    }
    return owners;
}

static json_t *
thread_json(const struct session *session, const struct thread *thread)
{
    const struct program *program = &session->programs[thread->program];
    struct thread_detail detail;
    thread_detail(thread, program, &detail);
    json_t *object =
        json_pack("{ss si si ss ss}", "program", program->name, "pid",
                  (int)thread->pid, "tid", (int)thread->tid, "name",
                  thread->name, "wait", wait_name(detail.wait.kind));
    if (object == NULL) /* the thread's name is no UTF-8 */
        object = json_pack("{ss si si ss ss}", "program", program->name, "pid",
                           (int)thread->pid, "tid", (int)thread->tid, "name",
                           "?", "wait", wait_name(detail.wait.kind));
    if (detail.wait.fd >= 0)
        json_object_set_new(object, "fd", json_integer(detail.wait.fd));
    if (detail.socket != 0)
        json_object_set_new(object, "socket",
                            json_integer((json_int_t)detail.socket));
    if (detail.wait.timed)
        json_object_set_new(object, "timed", json_true());
    if (detail.terminal)
        json_object_set_new(object, "terminal", json_true());
    if (detail.fd_count > 0) {
        json_t *fds = json_array();
        for (size_t i = 0; i < detail.fd_count; i++)
            json_array_append_new(fds, json_integer(detail.fds[i]));
        json_object_set_new(object, "fds", fds);
    }
    json_object_set_new(
        object, "cpu_ms",
        json_real((double)(thread->sched.run_ns / 10000) / 100.0));
    return object;
}

static json_t *
socket_json(const struct session *session, const struct socket_info *socket,
            const struct owners *owners)
{
    char local[SOCKET_ADDRESS_TEXT], peer[SOCKET_ADDRESS_TEXT];
    socket_address_text(&socket->local, local);
    socket_address_text(&socket->peer, peer);
    json_t *object = json_pack(
        "{ss ss ss ss sI sI sI}", "host", session->hosts[socket->host].name,
        "state", socket_state_name(socket->state), "local", local, "peer", peer,
        "recv_q", (json_int_t)socket->recv_q, "send_q",
        (json_int_t)socket->send_q, "inode", (json_int_t)socket->inode);
    for (size_t i = 0; i < owners->count && socket->inode != 0; i++) {
        if (owners->items[i].inode != socket->inode)
            continue;
        const char *name = session->programs[owners->items[i].program].name;
        json_object_set_new(object, "program", json_string(name));
        json_object_set_new(object, "fd", json_integer(owners->items[i].fd));
        break;
    }
    return object;
}

static json_t *
queues_json(const struct session *session)
{
    json_t *queues = json_array();
    for (size_t i = 0; i < session->queue_count; i++) {
        const struct session_queue *queue = &session->queues[i];
        json_array_append_new(queues,
                              json_pack("{ss ss si}", "host",
                                        session->hosts[queue->host].name,
                                        "interface", queue->interface,
                                        "packets", (int)queue->level.packets));
    }
    return queues;
}

json_t *
state_json(const struct session *session)
{
    struct owners owners = find_owners(session);
    json_t *threads = json_array(), *sockets = json_array();
    for (size_t i = 0; i < session->threads.count; i++)
        json_array_append_new(threads,
                              thread_json(session, &session->threads.items[i]));
    for (size_t i = 0; i < session->sockets.count; i++)
        json_array_append_new(
            sockets, socket_json(session, &session->sockets.items[i], &owners));
    free(owners.items);
    json_t *state =
        json_pack("{so so}", "threads", threads, "sockets", sockets);
    if (session->queue_count > 0)
        json_object_set_new(state, "queues", queues_json(session));
    return state;
}
