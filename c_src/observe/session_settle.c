/* session_settle.c - wait until nothing can happen by itself
 *
 * The proof, in order: every terminal and capture is drained; a look finds
 * every thread blocked; no link has packets in its queue and no socket has
 * bytes under way; nothing has arrived meanwhile; no thread has come, or been
 * on a processor, since the look. Then all of them were blocked at one moment
 * at which nothing was under way.
 */
#include "observe/clock.h"
#include "observe/session.h"

#include <stdlib.h>

enum {
    FIRST_PAUSE = 300000, /* ns between two looks, at first */
    LONGEST_PAUSE = 8000000,
    WORTH_A_LOOK = 2000000, /* ns of processor time that can fill much */
    STALLED = 300000000,    /* ns without progress: what is under way hangs */
    /* A look is no more than a quarter of the time: on a slow machine it would
     * take from the programs what they need to come to rest. */
    COST_SHARE = 3
};

struct settling {
    struct session *session;
    const struct session_settle *rule;
    uint64_t started;
    uint64_t pause;
    enum settle_judgement judgement; /* of the last look */
    size_t blocker; /* the thread that kept the last look from QUIET */
    bool looked;
    uint64_t ran_before; /* processor time of all threads at the first look */
    struct settle_thread *accounts;
    size_t capacity;
};

static bool
make_room(struct settling *s, size_t count)
{
    if (count <= s->capacity)
        return true;
    void *accounts = realloc(s->accounts, count * sizeof *s->accounts);
    if (accounts == NULL)
        return false;
    s->accounts = accounts;
    s->capacity = count;
    return true;
}

static struct settle_rule
current_rule(const struct settling *s)
{
    return (struct settle_rule){
        .busy_ns = s->rule->busy_ns,
        .patience_ns = s->rule->patience_ns,
        .quiet_ns = clock_monotonic() - s->session->last_change,
    };
}

/* Threads that came or went are a visible change. */
static void
look(struct settling *s)
{
    struct session *session = s->session;
    struct thread_table *table = &session->threads;
    s->judgement = SETTLE_RUNNING;
    s->blocker = 0;
    if (threads_look(table, session->programs, session->program_count,
                     session->change) == -1 ||
        table->overfull || !make_room(s, table->count))
        return; /* not all is known: that is no rest */
    if (table->membership != session->membership) {
        session->membership = table->membership;
        session_changed(session);
    }
    struct settle_rule rule = current_rule(s);
    for (size_t i = 0; i < table->count; i++)
        s->accounts[i] = thread_account(&table->items[i]);
    s->judgement = settle_judge(s->accounts, table->count, &rule);
    for (size_t i = 0; i < table->count; i++) {
        enum settle_judgement one = settle_judge(&s->accounts[i], 1, &rule);
        if (one == s->judgement)
            s->blocker = i;
        if (one == SETTLE_RUNNING)
            break;
    }
}

/* Between two looks: is the thread that was waited for still as it was? */
static bool
still_blocked_by_the_same(const struct settling *s)
{
    const struct thread_table *table = &s->session->threads;
    if (s->judgement != SETTLE_RUNNING && s->judgement != SETTLE_ASLEEP)
        return false;
    if (s->blocker >= table->count || table->change != s->session->change)
        return false;
    const struct thread *thread = &table->items[s->blocker];
    if (s->session->programs[thread->program].state == PROGRAM_STARTING)
        return true;
    /* A spin shows in the account only: that needs a whole look. */
    if (s->judgement == SETTLE_RUNNING && s->pause >= LONGEST_PAUSE)
        return false;
    return thread_same(table, s->blocker);
}

/* Whether a link that leads to either end of a socket has packets in its
 * queue, and the run is to settle while it holds them back. */
static bool
held_back(const struct settling *s, size_t socket)
{
    const struct session *session = s->session;
    if (!s->rule->held)
        return false;
    int other = sockets_other_host(&session->sockets, socket);
    return session_holds(session, session->sockets.items[socket].host) ||
           (other != -1 && session_holds(session, other));
}

/* Queues are read before the sockets: what leaves one meanwhile is at the
 * other end by then, or was counted as sent before. */
static bool
bytes_under_way(struct settling *s)
{
    struct session *session = s->session;
    uint64_t stall = s->rule->stall_ns ? s->rule->stall_ns : STALLED;
    if (session_read_queues(session) == -1 ||
        session_dump_sockets(session) == -1)
        return true;
    uint64_t fingerprint = sockets_fingerprint(&session->sockets);
    if (fingerprint != session->fingerprint) {
        session->fingerprint = fingerprint;
        session_changed(session);
    }
    if (!s->rule->held && session_holds(session, -1))
        return true;
    if (clock_monotonic() - session->last_change > stall)
        return false;
    for (size_t i = 0; i < session->sockets.count; i++)
        if (sockets_in_flight(&session->sockets, i, s->rule->retries) &&
            !held_back(s, i))
            return true;
    return false;
}

/* The second half of the proof. */
static bool
proved(struct settling *s)
{
    struct session *session = s->session;
    if (bytes_under_way(s))
        return false;
    uint64_t before = session->change;
    session_pump(session);
    return session->change == before &&
           threads_unmoved(&session->threads, session->programs,
                           session->program_count);
}

static void
remember_habits(struct settling *s)
{
    struct settle_rule rule = current_rule(s);
    struct thread_table *table = &s->session->threads;
    for (size_t i = 0; i < table->count && i < s->capacity; i++) {
        struct thread *thread = &table->items[i];
        if (settle_naps(&s->accounts[i]))
            thread->known_napper = true;
        if (settle_spins(&s->accounts[i], &rule))
            thread->known_spinner = true;
        else if (settle_rests(&s->accounts[i]))
            thread->known_spinner = false;
    }
}

static uint64_t
processor_time(const struct thread_table *table)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < table->count; i++)
        sum += table->items[i].sched.run_ns;
    return sum;
}

/* What a program must have had of the processors to be said to have had its
 * chance: as much as a spin takes, or half of the time there was. */
static uint64_t
a_chance(const struct settling *s)
{
    uint64_t half = s->rule->limit_ns / 2;
    return s->rule->busy_ns < half ? s->rule->busy_ns : half;
}

/* Programs that talk without end have an account that starts anew with each
 * visible change. It is the time of all of them that shows that the machine
 * let them run. */
static bool
have_run(const struct settling *s)
{
    uint64_t now = processor_time(&s->session->threads);
    return now > s->ran_before && now - s->ran_before >= a_chance(s);
}

/* A program may have gone over a bound and come to rest since the last look
 * at bounds. True when one was ended: that is no rest. */
static bool
ended_one(struct settling *s)
{
    struct session *session = s->session;
    uint64_t before = session->change, ran = processor_time(&session->threads);
    uint64_t known = session->watched_run_ns;
    if ((ran > known ? ran - known : known - ran) < WORTH_A_LOOK ||
        session_until_watch(session) == UINT64_MAX)
        return false;
    session->watched_run_ns = ran;
    for (size_t i = 0; i < session->program_count; i++)
        session->programs[i].meter.exact_at = 0; /* now it must be known */
    session_watch(session);
    return session->change != before;
}

static enum session_outcome
at_the_limit(const struct settling *s)
{
    if (s->judgement == SETTLE_ASLEEP)
        return SESSION_SLEEPING;
    const struct thread_table *table = &s->session->threads;
    if (s->judgement == SETTLE_RUNNING && s->blocker < table->count &&
        s->blocker < s->capacity &&
        s->accounts[s->blocker].run_ns < a_chance(s) && !have_run(s))
        return SESSION_STARVED;
    return SESSION_DEADLINE;
}

static bool
judge_once(struct settling *s, enum session_outcome *outcome)
{
    if (still_blocked_by_the_same(s))
        return false;
    look(s);
    if (!s->looked) {
        s->looked = true;
        s->ran_before = processor_time(&s->session->threads);
    }
    bool quiet = s->judgement == SETTLE_QUIET;
    if (!quiet && s->judgement != SETTLE_SPINNING)
        return false;
    uint64_t before = s->session->change;
    if (!proved(s) || ended_one(s)) {
        if (s->session->change != before)
            s->pause = FIRST_PAUSE;
        return false;
    }
    *outcome = quiet ? SESSION_SETTLED : SESSION_BUSY;
    return true;
}

enum session_outcome
session_settle(struct session *session, const struct session_settle *rule,
               uint64_t *waited_ns)
{
    struct settling s = {.session = session, .rule = rule};
    enum session_outcome outcome;
    s.started = clock_monotonic();
    s.pause = FIRST_PAUSE;
    s.judgement = SETTLE_QUIET;
    session_pump(session);
    for (;;) {
        uint64_t before = session->change, spent = clock_processor();
        if (judge_once(&s, &outcome))
            break;
        uint64_t least = (clock_processor() - spent) * COST_SHARE;
        if (clock_monotonic() - s.started >= rule->limit_ns) {
            look(&s);
            outcome = at_the_limit(&s);
            break;
        }
        (void)session_wait(session, -1, s.pause > least ? s.pause : least);
        s.pause =
            session->change != before ? FIRST_PAUSE : s.pause + s.pause / 2;
        if (s.pause > LONGEST_PAUSE)
            s.pause = LONGEST_PAUSE;
    }
    remember_habits(&s);
    *waited_ns = clock_monotonic() - s.started;
    free(s.accounts);
    return outcome;
}
