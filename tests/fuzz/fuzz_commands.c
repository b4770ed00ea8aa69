/* fuzz_commands.c - labrun's command stream, line by line
 *
 * No line with a "pid" is carried out, so no host is ever known, and nothing
 * is executed, captured or joined: each command is read and checked as far as
 * that. Nor is one that would wait. Every line has a reply.
 */
#include "observe/commands.h"
#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

static FILE *nowhere;

/* The replies' bytes are counted; what they say is tests/python's matter. */
static void
open_session(struct session *session, struct emitter *emitter)
{
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    PROMISE(nowhere != NULL);
    emit_open(emitter, nowhere);
    PROMISE(session_open(session, emitter) == 0);
}

/* Would it make a host known, or wait? */
static int
acts(const uint8_t *line, size_t length)
{
    static const char *const left_out[] = {"pid", "settle", "\\u"};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (memmem(line, length, left_out[i], strlen(left_out[i])) != NULL)
            return 1;
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct session session;
    struct emitter emitter;
    open_session(&session, &emitter);
    while (size > 0) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end != NULL ? (size_t)(end - data) : size;
        uint64_t before = emitter.count;
        if (length > 0 && !acts(data, length)) {
            /* A copy of its own, so that no byte beyond it is read. */
            char *line = malloc(length);
            PROMISE(line != NULL);
            memcpy(line, data, length);
            int go_on = command_run(&session, line, length);
            free(line);
            PROMISE(emitter.count > before);
            if (!go_on)
                break;
        }
        size_t taken = length + (end != NULL);
        data += taken;
        size -= taken;
    }
    session_close(&session);
    return 0;
}
