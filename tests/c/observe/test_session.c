/*
 * test_session.c - a scenario is taken in whole, in order, and settles
 *
 * Runs in namespaces of its own: main() starts itself again inside them.
 */
#include "observe/session.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MS = 1000000 };

static struct session session;
static struct emitter emitter;
static char *text, helper[PATH_MAX], why[CAPTURE_ERROR_SIZE];
static size_t size;
static FILE *stream;

static void
raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    close(fd);
}

static void
setup(void)
{
    const char *folder = getenv("LAB_BIN");
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/labexec", folder ? folder : "build/bin");
    ck_assert_msg(realpath(path, helper) != NULL, "%s is not built", path);
    raise_loopback();
    stream = open_memstream(&text, &size);
    emit_open(&emitter, stream);
    ck_assert_int_eq(session_open(&session, &emitter), 0);
    ck_assert_int_eq(session_add_host(&session, "h1", getpid(), why), 0);
}

static void
teardown(void)
{
    session_close(&session);
    fclose(stream);
    free(text);
}

/* Starts a shell script; its index. */
static int
start(const char *name, const char *script, uint64_t cap)
{
    const char *argv[] = {helper, "3", "--", "/bin/sh", "-c", script, NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin", NULL};
    struct program_spec spec = {.name = name,
                                .netns = session.hosts[0].netns,
                                .argv = argv,
                                .environment = environment,
                                .output_cap = cap};
    int index = session_start(&session, &spec, why);
    ck_assert_msg(index >= 0, "%s", why);
    return index;
}

static void
type(int index, const char *line)
{
    size_t typed;
    ck_assert_int_eq(terminal_type(&session.programs[index].terminal, line,
                                   strlen(line), &typed),
                     0);
    session_changed(&session);
}

static enum session_outcome
settle(uint64_t limit_ms, uint64_t busy_ms)
{
    struct session_settle rule = {.limit_ns = limit_ms * MS,
                                  .busy_ns = busy_ms * MS};
    uint64_t waited;
    return session_settle(&session, &rule, &waited);
}

/* The stream so far in short: "started output exit ", where several events
 * of a kind in a row count as one. Returns the sum of the bytes in them. */
static size_t
summary(char *out, size_t room)
{
    size_t sum = 0;
    char last[32] = "", kind[32];

    emit_flush(&emitter);
    out[0] = '\0';
    for (char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        json_t *event = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
        snprintf(kind, sizeof kind, "%s ",
                 json_string_value(json_object_get(event, "ev")));
        sum += json_string_length(json_object_get(event, "text"));
        json_decref(event);
        if (strcmp(kind, last) == 0)
            continue;
        ck_assert_uint_lt(strlen(out) + strlen(kind), room);
        strcat(out, kind);
        strcpy(last, kind);
    }
    return sum;
}

/* ---- hosts and captures ------------------------------------------------ */

START_TEST(a_host_has_one_name_and_one_namespace)
{
    ck_assert_int_eq(session_add_host(&session, "h1", getpid(), why), -1);
    ck_assert_ptr_nonnull(strstr(why, "h1"));
    ck_assert_int_eq(session_add_host(&session, "h2", INT_MAX, why), -1);
    ck_assert_int_eq(session_find_host(&session, "h2"), -1);
    ck_assert_int_eq(session_find_host(&session, "h1"), 0);
}
END_TEST

START_TEST(hosts_end_where_the_room_does)
{
    char name[16];
    for (int i = 1; i < SESSION_HOSTS; i++) {
        snprintf(name, sizeof name, "x%d", i);
        ck_assert_int_eq(session_add_host(&session, name, getpid(), why), i);
    }
    ck_assert_int_eq(session_add_host(&session, "one more", getpid(), why), -1);
}
END_TEST

START_TEST(a_capture_needs_an_ethernet_interface)
{
    ck_assert_int_eq(session_add_capture(&session, "h9", "lo", NULL, 9, why),
                     -1);
    ck_assert_int_eq(
        session_add_capture(&session, "h1", "nothing0", NULL, 9, why), -1);
    ck_assert_int_eq(session_add_capture(&session, "h1", "any", NULL, 9, why),
                     -1);
    ck_assert_int_eq(
        session_add_capture(&session, "h1", "lo", "/no/such/folder/x", 9, why),
        -1);
    ck_assert_uint_eq(session.capture_count, 0);
    ck_assert_int_eq(session_add_capture(&session, "h1", "lo", NULL, 9, why),
                     0);
}
END_TEST

/* A connection made here, in one process: two bytes one way. */
static void
converse(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int client = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (void *)&address, length), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (void *)&address, &length), 0);
    ck_assert_int_eq(connect(client, (void *)&address, length), 0);
    int server = accept(listener, NULL, NULL);
    ck_assert_int_eq(send(client, "hi", 2, 0), 2);
    close(client);
    close(server);
    close(listener);
}

START_TEST(segments_are_events_in_the_order_of_the_wire)
{
    char seen[256];

    ck_assert_int_eq(session_add_capture(&session, "h1", "lo", NULL, 1, why),
                     0);
    converse();
    session_pump(&session);
    ck_assert_uint_eq(summary(seen, sizeof seen), 1); /* payload 1 of 2 */
    const char *syn = strstr(text, "\"flags\":\"S\"");
    const char *both = strstr(text, "\"flags\":\"SA\"");
    const char *data = strstr(text, "\"len\":2,\"text\":\"h\"");
    ck_assert(syn != NULL && both != NULL && data != NULL);
    ck_assert(syn < both && both < data);
}
END_TEST

START_TEST(a_full_disk_is_told_when_the_capture_ends)
{
    ck_assert_int_eq(
        session_add_capture(&session, "h1", "lo", "/dev/full", 9, why), 0);
    converse();
    session_pump(&session);
    ck_assert_int_eq(session_finish(&session), -1);
    ck_assert_int_ne(errno, 0);
}
END_TEST

START_TEST(a_disk_that_was_full_for_a_while_is_told_too)
{
    ck_assert_int_eq(
        session_add_capture(&session, "h1", "lo", "/dev/full", 9, why), 0);
    for (int i = 0; i < 200; i++) { /* more than stdio keeps to itself */
        converse();
        session_pump(&session);
    }
    (void)capture_flush(session.captures[0].capture);
    ck_assert_int_eq(session_finish(&session), -1);
}
END_TEST

/* ---- programs ---------------------------------------------------------- */

START_TEST(a_life_is_told_in_order)
{
    char seen[256];
    int index = start("p", "echo up; read x; echo $x; exit 3", 1000);

    ck_assert_int_eq(settle(60000, 500), SESSION_SETTLED);
    type(index, "word\n");
    ck_assert_int_eq(settle(60000, 500), SESSION_SETTLED);
    ck_assert_uint_eq(summary(seen, sizeof seen), strlen("up\nword\n"));
    ck_assert_str_eq(seen, "started output exit ");
    ck_assert_ptr_nonnull(strstr(text, "\"code\":3"));
}
END_TEST

START_TEST(a_name_belongs_to_one_program_at_a_time)
{
    const char *argv[] = {helper, "3", "--", "/bin/true", NULL};
    const char *environment[] = {NULL};
    struct program_spec spec = {
        .name = "p", .netns = -1, .argv = argv, .environment = environment};
    int first = start("p", "read x", 1000);

    ck_assert_int_eq(session_start(&session, &spec, why), -1);
    ck_assert_ptr_nonnull(strstr(why, "p: "));
    ck_assert_uint_eq(session.program_count, 1);
    session_stop(&session, &session.programs[first]);
    int second = start("p", "read x", 1000);
    ck_assert_int_ne(second, first);
    ck_assert_ptr_eq(session_find_program(&session, "p"),
                     &session.programs[second]);
}
END_TEST

START_TEST(output_is_capped_once_and_to_the_byte)
{
    char seen[256];

    start("p", "i=0; while [ $i -lt 900 ]; do echo 123456789; i=$((i+1)); done",
          1234);
    ck_assert_int_eq(settle(60000, 500), SESSION_SETTLED);
    ck_assert_uint_eq(summary(seen, sizeof seen), 1234);
    const char *capped = strstr(seen, "output-capped ");
    ck_assert_ptr_nonnull(capped);
    ck_assert_ptr_null(strstr(capped + 1, "output"));
    ck_assert_ptr_nonnull(strstr(capped, "exit "));
}
END_TEST

START_TEST(stopping_tells_one_end)
{
    char seen[256];
    int index = start("p", "echo up; exec sleep 1000", 1000);

    session_stop(&session, &session.programs[index]);
    session_stop(&session, &session.programs[index]);
    ck_assert_int_eq(session_finish(&session), 0);
    summary(seen, sizeof seen);
    const char *end = strstr(seen, "exit ");
    ck_assert_ptr_nonnull(end);
    ck_assert_ptr_null(strstr(end + 1, "exit "));
    ck_assert_ptr_nonnull(strstr(text, "\"signal\":\"KILL\""));
}
END_TEST

START_TEST(a_wrapper_that_writes_much_does_not_hang_the_start)
{
    const char *argv[] = {"/bin/sh",
                          "-c",
                          "head -c 200000 /dev/zero | tr '\\0' x; exec \"$@\"",
                          "sh",
                          helper,
                          "3",
                          "--",
                          "/bin/true",
                          NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin", NULL};
    struct program_spec spec = {.name = "p",
                                .netns = -1,
                                .argv = argv,
                                .wrapped = true,
                                .environment = environment,
                                .output_cap = 1 << 20};
    char seen[256];

    ck_assert_int_eq(session_start(&session, &spec, why), 0);
    ck_assert_int_eq(settle(60000, 500), SESSION_SETTLED);
    ck_assert_uint_eq(summary(seen, sizeof seen), 200000);
    /* Its last words may come after `started`: nobody can tell whose. */
    ck_assert_ptr_nonnull(strstr(seen, "output started "));
    ck_assert_str_eq(seen + strlen(seen) - 5, "exit ");
}
END_TEST

/* ---- settling ---------------------------------------------------------- */

START_TEST(nothing_at_all_has_settled)
{
    ck_assert_int_eq(settle(0, 500), SESSION_SETTLED);
}
END_TEST

START_TEST(a_spin_a_sleep_and_a_stop_are_told_apart)
{
    int spinner = start("spinner", "while :; do :; done", 1000);
    ck_assert_int_eq(settle(60000, 50), SESSION_BUSY);
    (void)program_signal(&session.programs[spinner], SIGSTOP);
    session_changed(&session);
    ck_assert_int_eq(settle(60000, 50), SESSION_SETTLED);
    int sleeper = start("sleeper", "exec sleep 1000", 1000);
    ck_assert_int_eq(settle(100, 500), SESSION_SLEEPING);
    (void)program_signal(&session.programs[spinner], SIGCONT);
    session_changed(&session);
    ck_assert_int_ne(settle(100, 500), SESSION_SETTLED);
    session_stop(&session, &session.programs[spinner]);
    session_stop(&session, &session.programs[sleeper]);
    ck_assert_int_eq(settle(60000, 500), SESSION_SETTLED);
}
END_TEST

/* Three tenths of a second of processor time, a line, and as much again. */
static const char computes_twice[] =
    "exec perl -e 'sub burn { my $end = (times)[0] + 0.3;"
    " 1 while (times)[0] < $end } burn(); <STDIN>; burn(); <STDIN>;'";

START_TEST(who_computed_long_and_then_waited_is_no_spinner)
{
    int program = start("computes", computes_twice, 1000);
    ck_assert_int_eq(settle(60000, 50), SESSION_BUSY);
    ck_assert_int_eq(settle(60000, 60000), SESSION_SETTLED);
    type(program, "\n");
    /* An eighth of the limit would be less than it takes. */
    ck_assert_int_eq(settle(60000, 1600), SESSION_SETTLED);
    type(program, "\n");
    ck_assert_int_eq(settle(60000, 1600), SESSION_SETTLED);
    ck_assert_int_eq(session.programs[program].state, PROGRAM_ENDED);
}
END_TEST

START_TEST(work_done_by_children_is_waited_for)
{
    char seen[64];
    for (int round = 0; round < 10; round++) {
        snprintf(seen, sizeof seen, "p%d", round);
        int index = start(seen,
                          "i=0; while [ $i -lt 100 ]; do /bin/true; "
                          "i=$((i+1)); done; echo done; read x",
                          1000);
        ck_assert_int_eq(settle(60000, 5000), SESSION_SETTLED);
        ck_assert_uint_eq(session.programs[index].output, 5);
    }
}
END_TEST

static void
enter_namespaces(char **argv)
{
    char self[PATH_MAX];
    if (getenv("LAB_INSIDE") != NULL)
        return;
    if (realpath(argv[0], self) == NULL)
        exit(EXIT_FAILURE);
    setenv("LAB_INSIDE", "1", 1);
    execlp("unshare", "unshare", "--user", "--map-root-user", "--net",
           "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", self,
           NULL);
    perror("unshare");
    exit(EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
    (void)argc;
    enter_namespaces(argv);
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_host_has_one_name_and_one_namespace);
    tcase_add_test(tests, hosts_end_where_the_room_does);
    tcase_add_test(tests, a_capture_needs_an_ethernet_interface);
    tcase_add_test(tests, segments_are_events_in_the_order_of_the_wire);
    tcase_add_test(tests, a_full_disk_is_told_when_the_capture_ends);
    tcase_add_test(tests, a_disk_that_was_full_for_a_while_is_told_too);
    tcase_add_test(tests, a_life_is_told_in_order);
    tcase_add_test(tests, a_name_belongs_to_one_program_at_a_time);
    tcase_add_test(tests, output_is_capped_once_and_to_the_byte);
    tcase_add_test(tests, stopping_tells_one_end);
    tcase_add_test(tests, a_wrapper_that_writes_much_does_not_hang_the_start);
    tcase_add_test(tests, nothing_at_all_has_settled);
    tcase_add_test(tests, a_spin_a_sleep_and_a_stop_are_told_apart);
    tcase_add_test(tests, who_computed_long_and_then_waited_is_no_spinner);
    tcase_add_test(tests, work_done_by_children_is_waited_for);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
