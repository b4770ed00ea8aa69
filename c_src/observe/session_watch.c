/* session_watch.c - look whether a program uses more than it may, and end it
 *
 * A look costs processor time that is not the programs'. So looks are seldom
 * while nothing runs, and never closer together than a hundred times what
 * the last one took, or four times where a program is near its memory: there
 * a look takes longest, and what is taken until the next is taken from all.
 */
#include "observe/clock.h"
#include "observe/session.h"

#include <signal.h>

enum {
    MOST_PROCESSES = 4096,
    SHORTEST_PAUSE = 25000000, /* ns between two looks */
    LONGEST_PAUSE = 200000000,
    COST_SHARE = 100,
    COST_SHARE_NEAR = 4
};

static void
tell(struct session *session, struct program *program, enum bound passed,
     const char *by)
{
    program->passed = passed;
    json_t *event = json_pack("{ss}", "program", program->name);
    json_object_update_new(event, session_bound_json(program));
    json_object_set_new(event, "by", json_string(by));
    emit(session->emitter, "limit", event);
}

json_t *
session_bound_json(const struct program *program)
{
    enum bound passed = program->passed;
    return json_pack("{ss sI ss}", "what", bound_name(passed), "limit",
                     (json_int_t)bounds_of(&program->meter.bounds, passed),
                     "unit", bound_unit(passed));
}

/* Segments that have passed the interface at which most have. */
static uint64_t
segments_passed(const struct session *session)
{
    uint64_t most = 0;
    for (size_t i = 0; i < session->capture_count; i++)
        if (session->captures[i].packets > most)
            most = session->captures[i].packets;
    return most;
}

static bool
watch_program(struct session *session, struct program *program, uint64_t now)
{
    static pid_t pids[MOST_PROCESSES];
    const char *by = "kernel";
    if (program->state != PROGRAM_RUNNING || !meter_binds(&program->meter))
        return false;
    uint64_t before = program->meter.cpu_ns;
    enum bound passed = meter_told_by_kernel(&program->meter);
    if (passed == BOUND_NONE) {
        size_t count = program_processes(program, pids, MOST_PROCESSES);
        passed = meter_look(&program->meter, program->init, pids, count, now);
        by = "labrun";
    }
    struct usage traffic = {.segments = segments_passed(session)};
    if (passed == BOUND_NONE)
        passed = bounds_passed(&program->meter.bounds, &traffic);
    if (passed != BOUND_NONE) {
        tell(session, program, passed, by);
        session_stop(session, program);
    }
    return program->meter.cpu_ns != before;
}

void
session_watch(struct session *session)
{
    uint64_t began = clock_monotonic(), spent = clock_processor();
    bool runs = false, near = false;
    for (size_t i = 0; i < session->program_count; i++) {
        struct program *program = &session->programs[i];
        if (watch_program(session, program, began))
            runs = true;
        near =
            near || (program->state == PROGRAM_RUNNING && program->meter.near);
    }
    uint64_t now = clock_monotonic(), least = clock_processor() - spent;
    least *= near ? COST_SHARE_NEAR : COST_SHARE;
    uint64_t pause = runs ? SHORTEST_PAUSE : session->watch_pause * 2;
    if (pause > LONGEST_PAUSE)
        pause = LONGEST_PAUSE;
    if (pause < SHORTEST_PAUSE)
        pause = SHORTEST_PAUSE;
    session->watch_pause = pause;
    session->next_watch = now + (pause > least ? pause : least);
}

uint64_t
session_until_watch(const struct session *session)
{
    uint64_t now = clock_monotonic();
    for (size_t i = 0; i < session->program_count; i++)
        if (session->programs[i].state == PROGRAM_RUNNING &&
            meter_binds(&session->programs[i].meter))
            return session->next_watch > now ? session->next_watch - now : 0;
    return UINT64_MAX;
}

/* A program that a limit of the kernel's has ended by itself. */
void
session_explain_end(struct session *session, struct program *program)
{
    enum bound passed = meter_told_by_kernel(&program->meter);
    if (program->passed != BOUND_NONE)
        return;
    if (passed == BOUND_NONE && program->exit_signal == SIGXFSZ)
        passed = BOUND_DISK;
    if (passed != BOUND_NONE && bounds_of(&program->meter.bounds, passed) != 0)
        tell(session, program, passed, "kernel");
}
