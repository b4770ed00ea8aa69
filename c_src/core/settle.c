/* settle.c - has a run settled? */
#include "core/settle.h"

bool
settle_naps(const struct settle_thread *thread)
{
    uint64_t enough = thread->known_napper ? 1 : SETTLE_NAPS;
    return thread->wait == WAIT_SLEEP && thread->wakes >= enough;
}

bool
settle_spins(const struct settle_thread *thread, const struct settle_rule *rule)
{
    uint64_t budget = rule->busy_ns;
    if (thread->known_spinner)
        budget /= SETTLE_SPIN_SHARE;
    return thread->wait == WAIT_RUNNING && thread->run_ns >= budget;
}

/* Threads that fight for a lock wait for it, too, and spin all the same. */
bool
settle_rests(const struct settle_thread *thread)
{
    return !thread->timed && thread->wait != WAIT_RUNNING &&
           thread->wait != WAIT_SLEEP && thread->wait != WAIT_STOPPED &&
           thread->wait != WAIT_FUTEX;
}

/* A wait with a limit is as good as one without, unless patience is asked
 * for: then it must have come round a few times to no effect. */
static bool
has_more_to_show(const struct settle_thread *thread,
                 const struct settle_rule *rule)
{
    return thread->timed && rule->quiet_ns < rule->patience_ns &&
           thread->wakes < SETTLE_PERIODS;
}

enum settle_judgement
settle_judge(const struct settle_thread *threads, size_t count,
             const struct settle_rule *rule)
{
    bool spins = false, sleeps = false, timed = false;
    for (size_t i = 0; i < count; i++) {
        const struct settle_thread *thread = &threads[i];
        if (thread->wait == WAIT_RUNNING) {
            if (!settle_spins(thread, rule))
                return SETTLE_RUNNING;
            spins = true;
        } else if (thread->wait == WAIT_SLEEP) {
            sleeps = sleeps || !settle_naps(thread);
        } else {
            timed = timed || has_more_to_show(thread, rule);
        }
    }
    if (sleeps)
        return SETTLE_ASLEEP;
    if (timed)
        return SETTLE_TIMED;
    return spins ? SETTLE_SPINNING : SETTLE_QUIET;
}
