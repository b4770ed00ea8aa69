/*
 * test_commands.c - every line gets one reply, whatever the line
 *
 * Runs in namespaces of its own: main() starts itself again inside them.
 */
#include "observe/commands.h"

#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session session;
static struct emitter emitter;
static char *text, helper[PATH_MAX];
static size_t size, seen;
static FILE *stream;

static void
setup(void)
{
    const char *folder = getenv("LAB_BIN");
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/labexec", folder ? folder : "build/bin");
    ck_assert_msg(realpath(path, helper) != NULL, "%s is not built", path);
    stream = open_memstream(&text, &size);
    emit_open(&emitter, stream);
    ck_assert_int_eq(session_open(&session, &emitter), 0);
    seen = 0;
}

static void
teardown(void)
{
    session_close(&session);
    fclose(stream);
    free(text);
}

/* Carries out one line; returns the one event that has an id, or fails. */
static json_t *
carry_out(const char *line, size_t length, bool goes_on)
{
    json_t *reply = NULL;

    ck_assert_int_eq(command_run(&session, line, length), goes_on);
    emit_flush(&emitter);
    while (seen < size) {
        const char *end = memchr(text + seen, '\n', size - seen);
        ck_assert_ptr_nonnull(end);
        json_t *event = json_loadb(text + seen, (size_t)(end - text) - seen,
                                   JSON_ALLOW_NUL, NULL);
        ck_assert_msg(json_is_object(event), "no JSON: %s", text + seen);
        seen = (size_t)(end - text) + 1;
        if (json_object_get(event, "id") == NULL) {
            json_decref(event);
            continue;
        }
        ck_assert_msg(reply == NULL, "two replies to %s", line);
        reply = event;
    }
    ck_assert_msg(reply != NULL, "no reply to %s", line);
    return reply;
}

/* Carries out a line in which '@' stands for labexec; the reply must be of
 * this kind. */
static void
expect(const char *line, const char *kind)
{
    char whole[PATH_MAX + 1024];
    const char *at = strchr(line, '@');

    if (at != NULL)
        snprintf(whole, sizeof whole, "%.*s%s%s", (int)(at - line), line,
                 helper, at + 1);
    else
        snprintf(whole, sizeof whole, "%s", line);
    json_t *reply = carry_out(whole, strlen(whole), true);
    const char *got = json_string_value(json_object_get(reply, "ev"));
    ck_assert_msg(strcmp(got, kind) == 0, "%s: %s, not %s", line, got, kind);
    if (strcmp(kind, "failed") == 0)
        ck_assert_msg(json_string_length(json_object_get(reply, "why")) > 3,
                      "%s: no reason", line);
    json_decref(reply);
}

static void
add_host(void)
{
    char line[128];
    snprintf(line, sizeof line,
             "{\"id\":1,\"do\":\"host\",\"host\":\"h1\",\"pid\":%d}",
             (int)getpid());
    expect(line, "ok");
}

#define START                                                                  \
    "\"id\":2,\"do\":\"start\",\"program\":\"p\",\"host\":\"h1\","             \
    "\"helper\":\"@\","

static const char *const bad[] = {
    "",
    " ",
    "hello",
    "{",
    "{}}",
    "[]",
    "7",
    "null",
    "\"x\"",
    "\xff\xfe",
    "{\"id\":1,\"do\":\"host\xff\"}",
    "{\"id\":1}",
    "{\"id\":1,\"do\":null}",
    "{\"id\":1,\"do\":7}",
    "{\"id\":1,\"do\":\"\"}",
    "{\"id\":1,\"do\":\"explode\"}",
    "{\"id\":1,\"do\":\"host\"}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h2\"}",
    "{\"id\":1,\"do\":\"host\",\"host\":7,\"pid\":1}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h2\",\"pid\":0}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h2\",\"pid\":-1}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h2\",\"pid\":\"1\"}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h2\",\"pid\":2147483647}",
    "{\"id\":1,\"do\":\"host\",\"host\":\"h1\",\"pid\":1}",
    "{\"id\":1,\"do\":\"capture\"}",
    "{\"id\":1,\"do\":\"capture\",\"host\":\"h1\"}",
    "{\"id\":1,\"do\":\"capture\",\"host\":\"h9\",\"interface\":\"lo\"}",
    "{\"id\":1,\"do\":\"capture\",\"host\":\"h1\",\"interface\":\"no0\"}",
    "{\"id\":1,\"do\":\"start\"}",
    "{\"id\":1,\"do\":\"start\",\"program\":\"p\",\"host\":\"h1\","
    "\"argv\":[\"/bin/true\"]}",
    "{" START "\"argv\":[]}",
    "{" START "\"argv\":\"/bin/true\"}",
    "{" START "\"argv\":[\"/bin/true\",7]}",
    "{" START "\"argv\":[\"/bin/echo\",\"a\\u0000b\"]}",
    "{" START "\"argv\":[\"/bin/true\"],\"wrap\":\"bwrap\"}",
    "{" START "\"argv\":[\"/bin/true\"],\"wrap\":[null]}",
    "{" START "\"argv\":[\"/bin/true\"],\"env\":[\"A=1\"]}",
    "{" START "\"argv\":[\"/bin/true\"],\"env\":{\"A\":1}}",
    "{" START "\"argv\":[\"/bin/true\"],\"limits\":[\"core=0\"]}",
    "{" START "\"argv\":[\"/bin/true\"],\"limits\":{\"core\":\"0\"}}",
    "{" START "\"argv\":[\"/bin/true\"],\"limits\":{\"core\":1.5}}",
    "{" START "\"argv\":[\"/bin/true\"],\"host\":\"h9\"}",
    "{" START "\"argv\":[\"/bin/true\"],\"host\":7}",
    "{" START "\"argv\":[\"/bin/true\"],\"program\":7}",
    "{\"id\":1,\"do\":\"type\"}",
    "{\"id\":1,\"do\":\"type\",\"program\":\"ghost\",\"text\":\"x\"}",
    "{\"id\":1,\"do\":\"signal\",\"program\":\"ghost\",\"signal\":\"TERM\"}",
    "{\"id\":1,\"do\":\"stop\"}",
    "{\"id\":1,\"do\":\"stop\",\"program\":\"ghost\"}",
};

START_TEST(a_line_that_cannot_be_carried_out_is_refused_with_a_reason)
{
    add_host();
    expect(bad[_i], "failed");
    ck_assert_uint_eq(session.program_count, 0);
    ck_assert_uint_eq(session.host_count, 1);
    ck_assert_uint_eq(session.capture_count, 0);
    expect("{\"id\":9,\"do\":\"state\"}", "state");
}
END_TEST

START_TEST(nesting_without_end_is_refused)
{
    enum { DEPTH = 100000 };
    char *deep = malloc(2 * DEPTH);
    memset(deep, '[', DEPTH);
    memset(deep + DEPTH, ']', DEPTH);
    json_decref(carry_out(deep, 2 * DEPTH, true));
    json_decref(carry_out(deep, DEPTH, true));
    free(deep);
}
END_TEST

START_TEST(a_command_that_was_cut_anywhere_is_refused)
{
    static const char line[] =
        "{\"id\":1,\"do\":\"type\",\"program\":\"p\",\"text\":\"x\\n\"}";
    for (size_t cut = 0; cut < sizeof line - 1; cut++) {
        char *part = malloc(cut + 1);
        memcpy(part, line, cut);
        json_t *reply = carry_out(part, cut, true);
        ck_assert_str_eq(json_string_value(json_object_get(reply, "ev")),
                         "failed");
        json_decref(reply);
        free(part);
    }
}
END_TEST

START_TEST(numbers_beyond_reason_do_no_harm)
{
    static const char *const lines[] = {
        "{\"id\":1,\"do\":\"settle\",\"limit_ms\":1e300}",
        "{\"id\":1,\"do\":\"settle\",\"limit_ms\":-5}",
        "{\"id\":1,\"do\":\"settle\",\"limit_ms\":9223372036854775807}",
        "{\"id\":1,\"do\":\"settle\",\"patience_ms\":1e300,\"busy_ms\":1e300}",
        "{\"id\":1,\"do\":\"settle\",\"limit_ms\":\"soon\"}",
    };
    add_host();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect(lines[i], "state");
}
END_TEST

START_TEST(a_scenario_is_carried_out)
{
    add_host();
    expect("{" START "\"argv\":[\"/bin/sh\",\"-c\",\"read x; echo $x; exec "
           "cat\"],\"env\":{\"PATH\":\"/bin\"}}",
           "ok");
    expect("{" START "\"argv\":[\"/bin/true\"]}", "failed"); /* name taken */
    expect("{\"id\":3,\"do\":\"settle\"}", "state");
    expect("{\"id\":4,\"do\":\"type\",\"program\":\"p\",\"text\":7}", "failed");
    expect("{\"id\":4,\"do\":\"type\",\"program\":\"p\",\"text\":\"a\\n\"}",
           "typed");
    expect("{\"id\":5,\"do\":\"settle\"}", "state");
    ck_assert_ptr_nonnull(strstr(text, "\"text\":\"a\\n\""));
    expect("{\"id\":6,\"do\":\"signal\",\"program\":\"p\"}", "failed");
    expect("{\"id\":6,\"do\":\"signal\",\"program\":\"p\",\"signal\":\"X\"}",
           "failed");
    expect("{\"id\":6,\"do\":\"signal\",\"program\":\"p\",\"signal\":"
           "\"SIGTERM\"}",
           "failed");
    expect("{\"id\":6,\"do\":\"signal\",\"program\":\"p\",\"signal\":\"STOP\"}",
           "signalled");
    expect("{\"id\":7,\"do\":\"stop\",\"program\":\"p\"}", "ok");
    expect("{\"id\":7,\"do\":\"stop\",\"program\":\"p\"}", "ok");
    expect("{\"id\":8,\"do\":\"type\",\"program\":\"p\",\"text\":\"a\\n\"}",
           "failed");
    json_decref(carry_out("{\"id\":9,\"do\":\"quit\"}", 20, false));
}
END_TEST

START_TEST(the_faults_of_a_start_are_told_apart)
{
    add_host();
    expect("{" START "\"argv\":[\"/no/such\"]}", "start-failed");
    ck_assert_ptr_nonnull(strstr(text, "\"fault\":\"program\",\"errno\":2"));
    ck_assert_ptr_null(strstr(text, "\"fault\":\"sandbox\""));
    expect("{\"id\":3,\"do\":\"start\",\"program\":\"q\",\"host\":\"h1\","
           "\"helper\":\"@\",\"argv\":[\"/bin/true\"],"
           "\"wrap\":[\"/bin/false\"]}",
           "start-failed");
    ck_assert_ptr_nonnull(strstr(text, "\"fault\":\"sandbox\""));
    ck_assert_ptr_null(strstr(text, "\"started\""));
}
END_TEST

START_TEST(an_id_comes_back_as_it_was_given)
{
    static const char *const ids[] = {"0", "-1", "4294967296", "\"seven\""};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char line[128], expected[64];
        snprintf(line, sizeof line, "{\"id\":%s,\"do\":\"state\"}", ids[i]);
        snprintf(expected, sizeof expected, "\"id\":%s}", ids[i]);
        json_decref(carry_out(line, strlen(line), true));
        ck_assert_ptr_nonnull(strstr(text, expected));
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
    Suite *suite = suite_create("commands");
    TCase *tests = tcase_create("commands");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(
        tests, a_line_that_cannot_be_carried_out_is_refused_with_a_reason, 0,
        (int)(sizeof bad / sizeof *bad));
    tcase_add_test(tests, nesting_without_end_is_refused);
    tcase_add_test(tests, a_command_that_was_cut_anywhere_is_refused);
    tcase_add_test(tests, numbers_beyond_reason_do_no_harm);
    tcase_add_test(tests, a_scenario_is_carried_out);
    tcase_add_test(tests, the_faults_of_a_start_are_told_apart);
    tcase_add_test(tests, an_id_comes_back_as_it_was_given);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
