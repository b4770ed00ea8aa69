/* session.h - one scenario under observation
 *
 * Theory of operation. One process, one thread, one loop. The session owns
 * the hosts' namespaces, the captures and the programs. session_pump() takes
 * in what has happened (segments first, then terminals, then ends) and
 * writes it to the event stream; it never blocks. session_settle() pumps
 * and looks until the rule of core/settle.h is met. Between two looks it
 * waits in poll(2) on every terminal, capture and status pipe and on
 * SIGCHLD, with a bound that grows from a third of a millisecond: the time
 * of waiting decides nothing, it only saves looking. Every wait is also cut
 * into pieces by session_watch.c, which ends a program that uses too much.
 */
#ifndef OBSERVE_SESSION_H
#define OBSERVE_SESSION_H

#include "observe/capture.h"
#include "observe/emit.h"
#include "observe/program.h"
#include "observe/queues.h"
#include "observe/sockets.h"
#include "observe/threads.h"

enum {
    SESSION_HOSTS = 64,
    SESSION_CAPTURES = 16,
    SESSION_QUEUES = 128,
    SESSION_PROGRAMS = 128,
    SESSION_MOST_PACKETS = 20000 /* events; the capture file has more of them */
};

struct session_host {
    char *name;
    int netns;
    int diagnostics; /* of sockets_open() in that namespace */
};

struct session_capture {
    char *host;
    char *interface;
    struct capture *capture;
    size_t payload; /* bytes of payload in an event */
    uint64_t packets;
    uint64_t lost;           /* as told last */
    struct session *session; /* for the handler */
};

/* The queue at one end of a link that leads to a host. */
struct session_queue {
    int host;
    char *interface;
    int fd; /* of queues_open() */
    int index;
    struct queue_level level; /* when last read */
};

struct session {
    struct emitter *emitter; /* borrowed */
    int child_signal;        /* signalfd for SIGCHLD */
    struct session_host hosts[SESSION_HOSTS];
    size_t host_count;
    struct session_capture captures[SESSION_CAPTURES];
    size_t capture_count;
    struct session_queue queues[SESSION_QUEUES];
    size_t queue_count;
    struct program programs[SESSION_PROGRAMS];
    size_t program_count;
    struct thread_table threads;
    struct socket_list sockets;
    uint64_t change;      /* counts visible changes */
    uint64_t last_change; /* clock_monotonic() of the last */
    uint64_t fingerprint; /* of the sockets when last dumped */
    uint64_t membership;  /* of the threads when last looked at */
    uint64_t next_watch;  /* clock_monotonic() of the next look at bounds */
    uint64_t watch_pause;
    uint64_t watched_run_ns; /* of all threads, when bounds were looked at */
};

enum session_outcome {
    SESSION_SETTLED,
    SESSION_BUSY,
    SESSION_SLEEPING,
    SESSION_DEADLINE,
    SESSION_STARVED, /* a deadline with a thread that got no processor */
    SESSION_SNAPSHOT
};

struct session_settle {
    uint64_t limit_ns;
    uint64_t patience_ns;
    uint64_t busy_ns;
    uint64_t stall_ns; /* what is under way without progress hangs; 0: usual */
    unsigned retries;  /* segments sent again so often may still arrive */
    bool held;         /* do not wait for what a link holds back */
};

/* 0, or -1 with errno. Blocks SIGCHLD for the process. */
int session_open(struct session *session, struct emitter *emitter);

/* Each returns the new thing's index, or -1 with a sentence in `why`
 * (CAPTURE_ERROR_SIZE bytes). */
int session_add_host(struct session *session, const char *name, pid_t pid,
                     char *why);
int session_add_capture(struct session *session, const char *host,
                        const char *interface, const char *file, size_t payload,
                        char *why);
/* The queue of an interface in the network namespace of process `pid`. */
int session_add_queue(struct session *session, const char *host,
                      const char *interface, pid_t pid, char *why);
int session_start(struct session *session, const struct program_spec *spec,
                  char *why);

int session_find_host(const struct session *session, const char *name);
/* The last program that was started under this name. */
struct program *session_find_program(struct session *session, const char *name);

/* Something happened that the watched programs may react to. */
void session_changed(struct session *session);

/* Takes in what has happened; never blocks. */
void session_pump(struct session *session);

/* Pumps until `fd` is readable, something else happened, or the time is
 * over. `timeout_ns` UINT64_MAX: no limit. True when `fd` is readable. */
bool session_wait(struct session *session, int fd, uint64_t timeout_ns);

/* Waits until the run has settled, at most as long as `rule` says. How long
 * it took goes to `waited_ns`. */
enum session_outcome session_settle(struct session *session,
                                    const struct session_settle *rule,
                                    uint64_t *waited_ns);

/* Looks at what each program uses; ends one that has passed a bound, with a
 * `limit` event before its `exit`. session_wait() does this when it is time:
 * in so many nanoseconds, UINT64_MAX where nothing is bound. */
void session_watch(struct session *session);
uint64_t session_until_watch(const struct session *session);

/* For a program that has ended: tells of the bound that ended it, if any. */
void session_explain_end(struct session *session, struct program *program);

/* "what", "limit" and "unit" of the bound that a program has passed. */
json_t *session_bound_json(const struct program *program);

/* Kills a program and takes in its end. */
void session_stop(struct session *session, struct program *program);

/* Tells of segments that were lost to us since the last time. */
void session_tell_losses(struct session *session);

/* Dumps the sockets of every host. 0, or -1 with errno. */
int session_dump_sockets(struct session *session);

/* Reads the queues of all links; a packet that has left one since the last
 * time is a visible change. 0, or -1 with errno. */
int session_read_queues(struct session *session);

/* Whether packets wait in a link that leads to this host; -1: to any. */
bool session_holds(const struct session *session, int host);

/* Kills every program and writes the capture files to their end. 0, or -1
 * with errno where that fails. */
int session_finish(struct session *session);

/* Kills what still runs and releases everything. */
void session_close(struct session *session);

#endif
