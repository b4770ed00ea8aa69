/* labrun.c - the instrument: runs programs on hosts and writes what happens
 *
 * Usage: labrun < commands > events
 *
 * One process for one scenario. The protocol is in c_src/PROTOCOL.md; what
 * it owns and how it waits, in observe/session.h. It knows nothing of labs,
 * of marks or of Mininet.
 */
#include "observe/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PROTOCOL = 1,
    FIRST_ROOM = 16384,
    MOST_ROOM = 4 << 20 /* bytes of one command */
};

/* Commands as they come in: a buffer that grows to the longest line. */
struct input {
    char *room;
    size_t size;
    size_t used;
    bool ended;
};

static int
read_more(struct input *input)
{
    if (input->used == input->size) {
        size_t size = input->size ? input->size * 2 : FIRST_ROOM;
        void *room = size <= MOST_ROOM ? realloc(input->room, size) : NULL;
        if (room == NULL)
            return -1;
        input->room = room;
        input->size = size;
    }
    ssize_t n = read(STDIN_FILENO, input->room + input->used,
                     input->size - input->used);
    if (n == -1)
        return errno == EINTR || errno == EAGAIN ? 0 : -1;
    if (n == 0)
        input->ended = true;
    input->used += (size_t)n;
    return 0;
}

/* Carries out the whole lines that have come. False: `quit` was one. */
static bool
run_lines(struct session *session, struct input *input)
{
    char *newline, *from = input->room;
    size_t left = input->used;
    bool go_on = true;
    while (go_on && (newline = memchr(from, '\n', left)) != NULL) {
        size_t length = (size_t)(newline - from);
        if (length > 0)
            go_on = command_run(session, from, length);
        from += length + 1;
        left -= length + 1;
    }
    memmove(input->room, from, left);
    input->used = left;
    return go_on;
}

static int
serve(struct session *session)
{
    struct input input = {0};
    int result = -1;
    for (;;) {
        if (session->emitter->broken || input.ended)
            break;
        if (!session_wait(session, STDIN_FILENO, UINT64_MAX))
            continue;
        if (read_more(&input) == -1)
            break;
        if (!run_lines(session, &input)) {
            result = 0;
            break;
        }
    }
    free(input.room);
    return result == 0 || input.ended ? 0 : -1;
}

int
main(int argc, char **argv)
{
    struct emitter emitter;
    static struct session session;
    if (argc > 1) {
        bool help = strcmp(argv[1], "--help") == 0;
        fprintf(help ? stdout : stderr,
                "usage: labrun < commands > events\n"
                "The protocol is described in c_src/PROTOCOL.md.\n");
        return help ? 0 : 2;
    }
    signal(SIGPIPE, SIG_IGN);
    emit_open(&emitter, stdout);
    if (session_open(&session, &emitter) == -1) {
        fprintf(stderr, "labrun: starting: %s\n", strerror(errno));
        return 1;
    }
    emit(&emitter, "hello",
         json_pack("{si sf}", "protocol", PROTOCOL, "time",
                   (double)(emitter.offset + emitter.start) / 1e9));
    int result = serve(&session);
    session_close(&session);
    emit_flush(&emitter);
    if (result == -1 || emitter.broken) {
        fprintf(stderr, "labrun: the connection to the grader broke\n");
        return 1;
    }
    return 0;
}
