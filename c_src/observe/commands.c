/* commands.c - carry out one line of the protocol (c_src/PROTOCOL.md) */
#include "observe/commands.h"

#include "observe/clock.h"
#include "observe/processes.h"
#include "observe/state.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_PAYLOAD = 4096,
    DEFAULT_OUTPUT_CAP = 1 << 20,
    DEFAULT_LIMIT_MS = 10000,
    DEFAULT_BUSY_MS = 500,
    NS_PER_MS = 1000000
};

#define MOST_NUMBER 1e12 /* milliseconds that are nanoseconds in 64 bits */

struct command {
    struct session *session;
    json_t *fields; /* the decoded line */
};

/* ---- replies ----------------------------------------------------------- */

static void
reply(const struct command *command, const char *event, json_t *fields)
{
    json_t *all = fields ? fields : json_object();
    json_object_set(all, "id", json_object_get(command->fields, "id"));
    emit(command->session->emitter, event, all);
}

static void
fail(const struct command *command, const char *why)
{
    reply(command, "failed", json_pack("{ss}", "why", why));
}

/* ---- fields ------------------------------------------------------------ */

static const char *
text_field(const struct command *command, const char *name)
{
    return json_string_value(json_object_get(command->fields, name));
}

static uint64_t
number_field(const struct command *command, const char *name, uint64_t other)
{
    json_t *value = json_object_get(command->fields, name);
    if (!json_is_number(value) || json_number_value(value) < 0)
        return other;
    double number = json_number_value(value);
    return (uint64_t)(number < MOST_NUMBER ? number : MOST_NUMBER);
}

/* The program that the command names; replies `failed` where there is none
 * or where it does not run. */
static struct program *
running_program(const struct command *command)
{
    const char *name = text_field(command, "program");
    struct program *program =
        name ? session_find_program(command->session, name) : NULL;
    if (program == NULL)
        fail(command, "no such program");
    else if (program->state != PROGRAM_RUNNING)
        fail(command, "the program has ended");
    else
        return program;
    return NULL;
}

/* ---- hosts and captures ------------------------------------------------ */

static void
do_host(const struct command *command)
{
    char why[CAPTURE_ERROR_SIZE];
    const char *name = text_field(command, "host");
    pid_t pid = (pid_t)number_field(command, "pid", 0);
    if (name == NULL || pid == 0)
        fail(command, "host and pid are needed");
    else if (session_add_host(command->session, name, pid, why) == -1)
        fail(command, why);
    else
        reply(command, "ok", NULL);
}

static void
do_capture(const struct command *command)
{
    char why[CAPTURE_ERROR_SIZE];
    const char *host = text_field(command, "host");
    const char *interface = text_field(command, "interface");
    if (host == NULL || interface == NULL)
        fail(command, "host and interface are needed");
    else if (session_add_capture(
                 command->session, host, interface, text_field(command, "file"),
                 number_field(command, "payload", DEFAULT_PAYLOAD), why) == -1)
        fail(command, why);
    else
        reply(command, "ok", NULL);
}

static void
do_queue(const struct command *command)
{
    char why[CAPTURE_ERROR_SIZE];
    const char *host = text_field(command, "host");
    const char *interface = text_field(command, "interface");
    pid_t pid = (pid_t)number_field(command, "pid", 0);
    if (host == NULL || interface == NULL || pid == 0)
        fail(command, "host, interface and pid are needed");
    else if (session_add_queue(command->session, host, interface, pid, why) ==
             -1)
        fail(command, why);
    else
        reply(command, "ok", NULL);
}

/* ---- start ------------------------------------------------------------- */

/* A growing NULL-terminated list of strings that it owns. */
struct words {
    char **items;
    size_t count;
    bool failed;
};

static void
add_word(struct words *words, const char *format, const char *a, const char *b)
{
    char *word = NULL;
    void *items =
        realloc(words->items, (words->count + 2) * sizeof *words->items);
    if (items == NULL) {
        words->failed = true;
        return;
    }
    words->items = items;
    size_t size = strlen(a) + (b ? strlen(b) : 0) + 2;
    word = malloc(size);
    if (word == NULL) {
        words->failed = true;
        return;
    }
    snprintf(word, size, "%s%s%s", a, format, b ? b : "");
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
}

static void
add_strings(struct words *words, const json_t *array)
{
    size_t index;
    json_t *value;
    if (array != NULL && !json_is_array(array))
        words->failed = true; /* a sandbox that is ignored would be worse */
    json_array_foreach(array, index, value)
    {
        if (json_is_string(value) &&
            strlen(json_string_value(value)) == json_string_length(value))
            add_word(words, "", json_string_value(value), NULL);
        else
            words->failed = true;
    }
}

static void
free_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
}

static void
add_limits(struct words *words, json_t *limits)
{
    const char *name;
    json_t *value;
    if (limits != NULL && !json_is_object(limits))
        words->failed = true;
    json_object_foreach(limits, name, value)
    {
        char number[32];
        if (!json_is_integer(value))
            words->failed = true;
        snprintf(number, sizeof number, "%lld",
                 (long long)json_integer_value(value));
        add_word(words, "=", name, number);
    }
}

static void
build_argv(const struct command *command, struct words *argv)
{
    add_strings(argv, json_object_get(command->fields, "wrap"));
    const char *helper = text_field(command, "helper");
    if (helper == NULL) {
        argv->failed = true;
        return;
    }
    add_word(argv, "", helper, NULL);
    add_word(argv, "", "3", NULL); /* LAUNCH_FD */
    add_limits(argv, json_object_get(command->fields, "limits"));
    add_word(argv, "", "--", NULL);
    size_t before = argv->count;
    add_strings(argv, json_object_get(command->fields, "argv"));
    if (argv->count == before)
        argv->failed = true;
}

static void
build_environment(const struct command *command, struct words *environment)
{
    const char *name;
    json_t *value, *env = json_object_get(command->fields, "env");
    if (env != NULL && !json_is_object(env))
        environment->failed = true;
    json_object_foreach(env, name, value)
    {
        if (json_is_string(value))
            add_word(environment, "=", name, json_string_value(value));
        else
            environment->failed = true;
    }
}

static void
reply_started(const struct command *command, const struct program *program)
{
    if (program->state == PROGRAM_FAILED) {
        const char *why = program->sandbox_fault
                              ? "the sandbox ended before the program began"
                              : strerror(program->error);
        reply(command, "start-failed",
              json_pack("{ss ss si ss}", "program", program->name, "fault",
                        program->sandbox_fault ? "sandbox" : "program", "errno",
                        program->error, "why", why));
        return;
    }
    reply(command, "ok", json_pack("{ss}", "program", program->name));
}

static struct bounds
read_bounds(json_t *from)
{
    const struct command inner = {.fields = from};
    return (struct bounds){
        .memory_mib = number_field(&inner, "memory_mib", 0),
        .processes = number_field(&inner, "processes", 0),
        .cpu_s = number_field(&inner, "cpu_s", 0),
        .disk_mib = number_field(&inner, "disk_mib", 0),
        .segments = number_field(&inner, "segments", 0),
    };
}

/* All that a `start` says, as lists of strings. */
struct start {
    struct words argv, environment, stores, groups;
};

static void
start_with(const struct command *command, const struct start *start)
{
    static const char *const no_environment[] = {NULL};
    char why[CAPTURE_ERROR_SIZE];
    struct session *session = command->session;
    const char *name = text_field(command, "program");
    const char *host = text_field(command, "host");
    int index = host ? session_find_host(session, host) : -1;
    bool given = json_object_get(command->fields, "host") != NULL;
    if (name == NULL || (given && index == -1)) {
        fail(command, name ? "no such host" : "program is needed");
        return;
    }
    struct program_spec spec = {
        .name = name,
        .host = index,
        .netns = index == -1 ? -1 : session->hosts[index].netns,
        .argv = (const char *const *)start->argv.items,
        .environment = start->environment.count
                           ? (const char *const *)start->environment.items
                           : no_environment,
        .directory = text_field(command, "cwd"),
        .wrapped =
            json_array_size(json_object_get(command->fields, "wrap")) > 0,
        .drop = json_object_get(command->fields, "uid") != NULL,
        .uid = (uid_t)number_field(command, "uid", 0),
        .gid = (gid_t)number_field(command, "gid", 0),
        .output_cap = number_field(command, "output_cap", DEFAULT_OUTPUT_CAP),
        .meter =
            {
                .bounds =
                    read_bounds(json_object_get(command->fields, "bounds")),
                .stores = (const char *const *)start->stores.items,
                .groups = (const char *const *)start->groups.items,
            },
    };
    int started = session_start(session, &spec, why);
    if (started == -1)
        fail(command, why);
    else
        reply_started(command, &session->programs[started]);
}

static void
do_start(const struct command *command)
{
    struct start start = {0};
    json_t *bounds = json_object_get(command->fields, "bounds");
    build_argv(command, &start.argv);
    build_environment(command, &start.environment);
    add_strings(&start.stores, json_object_get(command->fields, "stores"));
    add_strings(&start.groups, json_object_get(command->fields, "groups"));
    if (start.argv.failed || start.environment.failed)
        fail(command, "argv, wrap, helper, env or limits is not as it must be");
    else if (start.stores.failed || start.groups.failed ||
             (bounds != NULL && !json_is_object(bounds)))
        fail(command, "bounds, stores or groups is not as it must be");
    else
        start_with(command, &start);
    free_words(&start.argv);
    free_words(&start.environment);
    free_words(&start.stores);
    free_words(&start.groups);
}

/* ---- typing, signals, stopping ----------------------------------------- */

static void
do_type(const struct command *command)
{
    struct program *program = running_program(command);
    json_t *text = json_object_get(command->fields, "text");
    if (program == NULL)
        return;
    if (!json_is_string(text)) {
        fail(command, "text is needed");
        return;
    }
    size_t typed;
    session_pump(command->session);
    reply(command, "typed",
          json_pack("{ss sO}", "program", program->name, "text", text));
    if (terminal_type(&program->terminal, json_string_value(text),
                      json_string_length(text), &typed) == -1)
        emit(command->session->emitter, "type-capped",
             json_pack("{ss sI}", "program", program->name, "bytes",
                       (json_int_t)typed));
    session_changed(command->session);
}

static int
signal_number(const char *name)
{
    for (int number = 1; number < NSIG; number++) {
        const char *known = sigabbrev_np(number);
        if (known != NULL && strcmp(known, name) == 0)
            return number;
    }
    return -1;
}

static void
do_signal(const struct command *command)
{
    struct program *program = running_program(command);
    const char *name = text_field(command, "signal");
    if (program == NULL)
        return;
    int number = name ? signal_number(name) : -1;
    if (number == -1) {
        fail(command, "no such signal");
        return;
    }
    size_t count = program_signal(program, number);
    session_changed(command->session);
    reply(command, "signalled",
          json_pack("{ss ss sI}", "program", program->name, "signal", name,
                    "count", (json_int_t)count));
}

static void
do_stop(const struct command *command)
{
    const char *name = text_field(command, "program");
    struct program *program =
        name ? session_find_program(command->session, name) : NULL;
    if (program == NULL) {
        fail(command, "no such program");
        return;
    }
    session_pump(command->session);
    session_stop(command->session, program);
    reply(command, "ok", NULL);
}

/* ---- settling ----------------------------------------------------------- */

static void
reply_state(const struct command *command, const char *outcome, bool starved,
            uint64_t waited_ns)
{
    session_tell_losses(command->session);
    json_t *state = state_json(command->session);
    json_object_set_new(state, "outcome", json_string(outcome));
    json_object_set_new(state, "waited_ms",
                        json_real((double)(waited_ns / 10000) / 100.0));
    if (starved)
        json_object_set_new(state, "starved", json_true());
    reply(command, "state", state);
}

/* Best effort: what cannot be read now is as it was last. */
static void
look_at_the_network(struct session *session)
{
    (void)session_read_queues(session);
    (void)session_dump_sockets(session);
}

static void
do_settle(const struct command *command)
{
    static const char *const names[] = {
        [SESSION_SETTLED] = "settled",   [SESSION_BUSY] = "busy",
        [SESSION_SLEEPING] = "sleeping", [SESSION_DEADLINE] = "deadline",
        [SESSION_STARVED] = "deadline",
    };
    struct session_settle rule = {
        .limit_ns =
            number_field(command, "limit_ms", DEFAULT_LIMIT_MS) * NS_PER_MS,
        .patience_ns = number_field(command, "patience_ms", 0) * NS_PER_MS,
        .busy_ns =
            number_field(command, "busy_ms", DEFAULT_BUSY_MS) * NS_PER_MS,
        .stall_ns = number_field(command, "stall_ms", 0) * NS_PER_MS,
        .retries = (unsigned)number_field(command, "retries", 0),
        .held = json_is_true(json_object_get(command->fields, "held")),
    };
    uint64_t waited;
    enum session_outcome outcome =
        session_settle(command->session, &rule, &waited);
    if (outcome == SESSION_DEADLINE || outcome == SESSION_STARVED ||
        outcome == SESSION_SLEEPING)
        look_at_the_network(command->session);
    reply_state(command, names[outcome], outcome == SESSION_STARVED, waited);
}

static void
do_state(const struct command *command)
{
    struct session *session = command->session;
    session_pump(session);
    if (threads_look(&session->threads, session->programs,
                     session->program_count, session->change) == -1 ||
        session_read_queues(session) == -1 ||
        session_dump_sockets(session) == -1)
        fail(command, strerror(errno));
    else
        reply_state(command, "snapshot", false, 0);
}

/* What labrun itself has cost, without the programs. The kernel's account
 * of memory in getrusage(2) goes back to before execve; this one does not. */
static json_t *
own_cost(const struct session *session)
{
    char status[4096];
    uint64_t spent = clock_processor() - session->emitter->processor;
    ssize_t n = process_read(status, sizeof status - 1, "/proc/self/status");
    status[n > 0 ? n : 0] = '\0';
    const char *most = strstr(status, "VmHWM:");
    return json_pack("{sf sI}", "cpu_ms", (double)(spent / 1000) / 1e3,
                     "memory_kib",
                     (json_int_t)(most ? atoll(most + strlen("VmHWM:")) : 0));
}

/* The captures are written to their end before the reply: a full disk is
 * told and not lost. */
static void
do_quit(const struct command *command)
{
    int finished = session_finish(command->session);
    int error = errno;
    session_tell_losses(command->session);
    if (finished == -1) {
        char why[128];
        snprintf(why, sizeof why, "capture file: %s", strerror(error));
        fail(command, why);
    } else {
        reply(command, "ok", own_cost(command->session));
    }
}

/* ---- the table --------------------------------------------------------- */

static const struct {
    const char *name;
    void (*run)(const struct command *command);
} commands[] = {
    {"host", do_host},     {"capture", do_capture}, {"start", do_start},
    {"type", do_type},     {"settle", do_settle},   {"state", do_state},
    {"signal", do_signal}, {"stop", do_stop},       {"queue", do_queue},
};

static bool
dispatch(const struct command *command)
{
    const char *name = text_field(command, "do");
    if (name != NULL && strcmp(name, "quit") == 0) {
        do_quit(command);
        return false;
    }
    for (size_t i = 0; name && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            commands[i].run(command);
            return true;
        }
    }
    fail(command, "no such command");
    return true;
}

bool
command_run(struct session *session, const char *line, size_t length)
{
    json_error_t error;
    struct command command = {session, NULL};
    command.fields = json_loadb(line, length, JSON_ALLOW_NUL, &error);
    if (!json_is_object(command.fields)) {
        json_decref(command.fields);
        command.fields = json_object();
        json_object_set_new(command.fields, "id", json_integer(0));
        fail(&command, "not a JSON object");
        json_decref(command.fields);
        return true;
    }
    bool go_on = dispatch(&command);
    json_decref(command.fields);
    emit_flush(session->emitter);
    return go_on;
}
