/* settle.h - has a run settled?
 *
 * The decision alone: what the threads were seen doing comes in, a judgement
 * goes out. Who looks, how often, and what is done about it is not known
 * here. The rule is that of c_src/PROTOCOL.md, section `settle`.
 */
#ifndef CORE_SETTLE_H
#define CORE_SETTLE_H

#include "core/wait.h"

enum settle_judgement {
    SETTLE_QUIET,   /* every thread is blocked: look twice, then it is proved */
    SETTLE_RUNNING, /* a thread runs */
    SETTLE_ASLEEP,  /* nothing runs, a thread sleeps: wait for it */
    SETTLE_TIMED,   /* nothing runs, a wait with a limit has more to show */
    SETTLE_SPINNING /* as QUIET, but for threads that spin */
};

/* What is known of one thread. "Since" is since the last visible change. */
struct settle_thread {
    enum wait_kind wait;
    bool timed;
    uint64_t run_ns;    /* processor time since */
    uint64_t wakes;     /* times it woke and came back to rest since */
    bool known_napper;  /* seen napping without effect earlier */
    bool known_spinner; /* seen spinning earlier */
};

struct settle_rule {
    uint64_t busy_ns;     /* processor time without effect that is a spin */
    uint64_t patience_ns; /* how long waits with a limit are given; 0: none */
    uint64_t quiet_ns;    /* time since the last visible change */
};

enum {
    SETTLE_NAPS = 3,      /* sleeps without effect that make a napper */
    SETTLE_PERIODS = 2,   /* of a wait with a limit, where there is patience */
    SETTLE_SPIN_SHARE = 8 /* a known spinner is given busy_ns / this */
};

/* What `threads` amount to; no thread at all is QUIET. */
enum settle_judgement settle_judge(const struct settle_thread *threads,
                                   size_t count,
                                   const struct settle_rule *rule);

/* Whether this thread naps: it sleeps, wakes, sleeps again, to no effect. */
bool settle_naps(const struct settle_thread *thread);

/* Whether this thread spins under the rule. */
bool settle_spins(const struct settle_thread *thread,
                  const struct settle_rule *rule);

/* Whether this thread waits in a way in which none that spins does: what was
 * taken for a spin was a long computation, and it is over. */
bool settle_rests(const struct settle_thread *thread);

#endif
