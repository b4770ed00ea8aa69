/*
 * test_program.c - a program is started as promised, and its end is told
 *
 * Every program here is small and real. `settle` has no part in this: a test
 * waits for the terminal, the status pipe or the end of the process.
 */
#include "observe/program.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_WORDS = 64, MOST_OUTPUT = 1 << 20 };

static struct program program;
static char output[MOST_OUTPUT];
static size_t written;
static char helper[PATH_MAX];

static const char *const sandbox[] = {"bwrap",
                                      "--unshare-pid",
                                      "--die-with-parent",
                                      "--dev-bind",
                                      "/",
                                      "/",
                                      "--proc",
                                      "/proc",
                                      "--",
                                      NULL};
static const char *const usual[] = {"PATH=/usr/bin:/bin", NULL};

static void
setup(void)
{
    const char *folder = getenv("LAB_BIN");
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/labexec", folder ? folder : "build/bin");
    ck_assert_msg(realpath(path, helper) != NULL, "%s is not built", path);
    memset(&program, 0, sizeof program);
    program.status = program.init_watch = -1;
    program.terminal.master = program.terminal.slave = -1;
    written = 0;
}

static void
teardown(void)
{
    program_close(&program);
}

/* Starts `argv` behind `wrap` and `limits`; any of them may be NULL. */
static void
start(struct program_spec spec, const char *const *wrap,
      const char *const *limits, const char *const *argv)
{
    const char *words[MOST_WORDS];
    size_t count = 0;

    for (; wrap != NULL && *wrap != NULL; wrap++)
        words[count++] = *wrap;
    spec.wrapped = count > 0;
    words[count++] = helper;
    words[count++] = "3";
    for (; limits != NULL && *limits != NULL; limits++)
        words[count++] = *limits;
    words[count++] = "--";
    for (; *argv != NULL; argv++)
        words[count++] = *argv;
    words[count] = NULL;
    spec.name = "p";
    spec.netns = -1;
    spec.argv = words;
    if (spec.environment == NULL)
        spec.environment = usual;
    ck_assert_int_eq(program_start(&program, &spec), 0);
}

static void
take_output(void)
{
    ssize_t n;
    while ((n = terminal_read(&program.terminal, output + written,
                              sizeof output - 1 - written)) > 0)
        written += (size_t)n;
    output[written] = '\0';
}

/* Waits until something is to be read, or the process that we forked ends.
 * What was written before the end is taken after the end is known. */
static void
step(void)
{
    int watch =
        program.outer > 0 ? (int)syscall(SYS_pidfd_open, program.outer, 0) : -1;
    struct pollfd set[] = {
        {.fd = program.terminal.master, .events = POLLIN},
        {.fd = program.status, .events = POLLIN},
        {.fd = watch, .events = POLLIN},
    };
    ck_assert_int_ge(poll(set, 3, 60000), 1);
    if (watch != -1)
        close(watch);
    (void)program_poll(&program);
    take_output();
}

static void
run_to_end(void)
{
    while (program.state == PROGRAM_STARTING ||
           program.state == PROGRAM_RUNNING)
        step();
}

static void
run_until(const char *word)
{
    while (program.state != PROGRAM_FAILED && program.state != PROGRAM_ENDED &&
           (program.state == PROGRAM_STARTING || !strstr(output, word)))
        step();
    ck_assert_int_eq(program.state, PROGRAM_RUNNING);
}

static void
shell(const char *const *wrap, const char *script)
{
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    start((struct program_spec){0}, wrap, NULL, argv);
}

/* ---- starting ---------------------------------------------------------- */

static const struct {
    const char *const *wrap;
    const char *file;
    int error;
} failures[] = {
    {NULL, "/no/such/file", ENOENT},
    {NULL, "no-such-command", ENOENT},
    {NULL, "/etc/passwd", EACCES},
    {NULL, "/etc", EACCES},
    {NULL, "", ENOENT},
    {sandbox, "/no/such/file", ENOENT},
};

START_TEST(a_file_that_cannot_be_executed_is_the_programs_fault)
{
    const char *argv[] = {failures[_i].file, NULL};
    start((struct program_spec){0}, failures[_i].wrap, NULL, argv);
    run_to_end();
    ck_assert_int_eq(program.state, PROGRAM_FAILED);
    ck_assert(!program.sandbox_fault);
    ck_assert_int_eq(program.error, failures[_i].error);
    ck_assert_str_eq(output, "");
}
END_TEST

static const char *const wrap_false[] = {"/bin/false", NULL};
static const char *const wrap_true[] = {"/bin/true", NULL};
static const char *const wrap_missing[] = {"/no/such/wrapper", NULL};
static const char *const wrap_killed[] = {"/bin/sh", "-c", "kill -9 $$", NULL};
static const char *const wrap_told[] = {"bwrap", "--no-such-option", NULL};
static const char *const *const bad_wraps[] = {
    wrap_false, wrap_true, wrap_missing, wrap_killed, wrap_told};

START_TEST(a_wrapper_that_fails_is_no_fault_of_the_program)
{
    const char *argv[] = {"/bin/echo", "never", NULL};
    start((struct program_spec){0}, bad_wraps[_i], NULL, argv);
    run_to_end();
    ck_assert_int_eq(program.state, PROGRAM_FAILED);
    ck_assert(program.sandbox_fault);
    ck_assert_ptr_null(strstr(output, "never"));
    if (bad_wraps[_i] == wrap_told)
        ck_assert_ptr_nonnull(strstr(output, "no-such-option"));
}
END_TEST

START_TEST(a_folder_that_is_missing_is_no_fault_of_the_program)
{
    const char *argv[] = {"/bin/echo", "never", NULL};
    start((struct program_spec){.directory = "/no/such/folder"}, NULL, NULL,
          argv);
    run_to_end();
    ck_assert_int_eq(program.state, PROGRAM_FAILED);
    ck_assert(program.sandbox_fault);
}
END_TEST

static const char *const bad_limits[] = {
    "nofile",    "nofile=",    "nofile=x",
    "nofile=-1", "no-such=1",  "=1",
    "",          "nofile=12x", "nofile=99999999999999999999"};

START_TEST(a_limit_that_makes_no_sense_is_no_fault_of_the_program)
{
    const char *limits[] = {bad_limits[_i], NULL};
    const char *argv[] = {"/bin/echo", "never", NULL};
    start((struct program_spec){0}, NULL, limits, argv);
    run_to_end();
    ck_assert_int_eq(program.state, PROGRAM_FAILED);
    ck_assert(program.sandbox_fault);
}
END_TEST

/* ---- what a program finds ---------------------------------------------- */

START_TEST(a_program_has_three_descriptors)
{
    const char *argv[] = {"/bin/ls", "-1", "/proc/self/fd", NULL};
    const char *const *wrap = _i ? sandbox : NULL;

    start((struct program_spec){0}, wrap, NULL, argv);
    run_to_end();
    ck_assert_str_eq(output, "0\n1\n2\n3\n"); /* 3: the folder itself */
}
END_TEST

START_TEST(the_environment_is_what_was_given)
{
    static const char *const some[] = {"A=1", "B=two words", "C=", NULL};
    static const char *const none[] = {NULL};
    const char *argv[] = {"/usr/bin/env", NULL};

    start((struct program_spec){.environment = _i ? some : none}, NULL, NULL,
          argv);
    run_to_end();
    ck_assert_str_eq(output, _i ? "A=1\nB=two words\nC=\n" : "");
    ck_assert_int_eq(program.exit_code, 0);
}
END_TEST

START_TEST(limits_are_set_and_none_is_raised)
{
    const char *limits[] = {"nofile=77", "core=0", "fsize=1048576",
                            "stack=18446744073709551615", NULL};
    const char *argv[] = {"/bin/sh", "-c", "ulimit -n; ulimit -c; ulimit -f",
                          NULL};
    start((struct program_spec){0}, _i ? sandbox : NULL, limits, argv);
    run_to_end();
    ck_assert_str_eq(output, "77\n0\n2048\n");
}
END_TEST

START_TEST(the_terminal_is_the_programs_own)
{
    shell(_i ? sandbox : NULL,
          "test -t 0 -a -t 1 -a -t 2 && echo three > /dev/tty");
    run_to_end();
    ck_assert_str_eq(output, "three\n");
    ck_assert_int_eq(program.exit_code, 0);
}
END_TEST

START_TEST(the_folder_is_what_was_given)
{
    const char *argv[] = {"/bin/pwd", NULL};
    start((struct program_spec){.directory = "/usr/bin"}, NULL, NULL, argv);
    run_to_end();
    ck_assert_str_eq(output, "/usr/bin\n");
}
END_TEST

START_TEST(signals_have_their_usual_meaning)
{
    sigset_t all, before;
    sigfillset(&all);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &all, &before);
    const char *argv[] = {"/bin/grep", "-E",
                          "^Sig(Blk|Ign):", "/proc/self/status", NULL};
    start((struct program_spec){0}, _i ? sandbox : NULL, NULL, argv);
    sigprocmask(SIG_SETMASK, &before, NULL);
    run_to_end();
    ck_assert_str_eq(output, "SigBlk:\t0000000000000000\n"
                             "SigIgn:\t0000000000000000\n");
}
END_TEST

/* ---- how a program ends ------------------------------------------------ */

static const struct {
    const char *const *wrap;
    const char *script;
    int code, signal;
} ends[] = {
    {NULL, "exit 0", 0, 0},
    {NULL, "exit 3", 3, 0},
    {NULL, "exit 128", 128, 0},
    {NULL, "exit 139", 139, 0}, /* without a wrapper a code is a code */
    {NULL, "exit 255", 255, 0},
    {NULL, "kill -SEGV $$", -1, SIGSEGV},
    {NULL, "kill -KILL $$", -1, SIGKILL},
    {NULL, "kill -PIPE $$", -1, SIGPIPE},
    {NULL, "kill -INT $$", -1, SIGINT},
    {sandbox, "exit 0", 0, 0},
    {sandbox, "exit 3", 3, 0},
    {sandbox, "exit 128", 128, 0},
    {sandbox, "kill -SEGV $$", -1, SIGSEGV},
    {sandbox, "kill -KILL $$", -1, SIGKILL},
    {sandbox, "kill -INT $$", -1, SIGINT},
};

START_TEST(an_end_is_told_as_code_or_signal)
{
    shell(ends[_i].wrap, ends[_i].script);
    run_to_end();
    ck_assert_int_eq(program.state, PROGRAM_ENDED);
    ck_assert_int_eq(program.exit_code, ends[_i].code);
    ck_assert_int_eq(program.exit_signal, ends[_i].signal);
    ck_assert_int_eq(program.outer, 0);
}
END_TEST

START_TEST(all_output_is_there_when_the_end_is_known)
{
    shell(_i ? sandbox : NULL,
          "exec /usr/bin/awk 'BEGIN {for (;i < 20000;i++) print 123456789}'");
    run_to_end();
    ck_assert_uint_eq(written, 200000);
    ck_assert_str_eq(output + 200000 - 10, "123456789\n");
}
END_TEST

START_TEST(a_short_life_is_no_failure)
{
    for (int round = 0; round < 50; round++) {
        shell(NULL, "echo x");
        run_to_end();
        ck_assert_int_eq(program.state, PROGRAM_ENDED);
        ck_assert_int_eq(program.exit_code, 0);
        program_close(&program);
        setup();
    }
}
END_TEST

/* ---- processes, signals, killing --------------------------------------- */

static bool
is_gone(pid_t pid)
{
    return kill(pid, 0) == -1 && errno == ESRCH;
}

START_TEST(children_and_orphans_of_a_program_are_found_and_killed)
{
    pid_t pids[16];

    shell(sandbox, "(sh -c 'echo in; exec sleep 1000' &); "
                   "sh -c 'echo in; exec sleep 1000' & "
                   "while read x; do :; done");
    run_until("in\nin\n");
    size_t count = program_processes(&program, pids, 16);
    ck_assert_uint_ge(count, 3); /* the shell and both sleeps */
    ck_assert_uint_le(count, 4); /* and the one between, for a moment */
    program_kill(&program);
    ck_assert_int_eq(program.state, PROGRAM_ENDED);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(is_gone(pids[i]), "process %zu of %zu is left", i, count);
}
END_TEST

START_TEST(what_a_program_leaves_behind_ends_with_it)
{
    pid_t pids[16];
    size_t typed;

    shell(sandbox, "(sh -c 'echo in; exec sleep 1000' &); read x; exit 0");
    run_until("in\n");
    size_t count = program_processes(&program, pids, 16);
    ck_assert_uint_ge(count, 2);
    ck_assert_int_eq(terminal_type(&program.terminal, "\n", 1, &typed), 0);
    run_to_end();
    ck_assert_int_eq(program.exit_code, 0);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(is_gone(pids[i]), "process %zu of %zu is left", i, count);
}
END_TEST

START_TEST(a_child_just_forked_is_not_taken_for_the_program)
{
    for (int round = 0; round < 100; round++) {
        shell(NULL, "/bin/true; /bin/true; echo up; read x");
        run_until("up\n");
        ck_assert_int_eq(program.init, program.outer);
        program_close(&program);
        setup();
    }
}
END_TEST

START_TEST(a_signal_reaches_every_process_of_a_program)
{
    shell(_i ? sandbox : NULL,
          "trap 'echo got; exit 5' USR1; echo up; while read x; do :; done");
    run_until("up\n");
    ck_assert_uint_eq(program_signal(&program, SIGUSR1), 1);
    run_to_end();
    ck_assert_str_eq(output, "up\ngot\n");
    ck_assert_int_eq(program.exit_code, 5);
    ck_assert_uint_eq(program_signal(&program, SIGUSR1), 0);
}
END_TEST

START_TEST(an_interrupt_that_a_program_handles_does_not_end_its_wrapper)
{
    size_t typed;

    shell(_i ? sandbox : NULL,
          "trap 'echo got' INT; echo up; read x; read x; exit 4");
    run_until("up\n");
    ck_assert_int_eq(terminal_type(&program.terminal, "\x03", 1, &typed), 0);
    run_until("got\n");
    ck_assert_int_eq(terminal_type(&program.terminal, "a\nb\n", 4, &typed), 0);
    run_to_end();
    ck_assert_int_eq(program.exit_code, 4);
}
END_TEST

START_TEST(an_interrupt_ends_a_program_that_does_not_handle_it)
{
    size_t typed;

    shell(_i ? sandbox : NULL, "echo up; exec cat");
    run_until("up\n");
    ck_assert_int_eq(terminal_type(&program.terminal, "\x03", 1, &typed), 0);
    run_to_end();
    ck_assert_int_eq(program.exit_signal, SIGINT);
}
END_TEST

START_TEST(killing_what_has_ended_does_no_harm)
{
    shell(NULL, "exit 6");
    run_to_end();
    program_kill(&program);
    ck_assert_int_eq(program.state, PROGRAM_ENDED);
    ck_assert_int_eq(program.exit_code, 6);
}
END_TEST

START_TEST(a_stopped_program_can_be_killed)
{
    shell(_i ? sandbox : NULL, "echo up; kill -STOP $$; echo on");
    run_until("up\n");
    program_kill(&program);
    ck_assert_int_eq(program.state, PROGRAM_ENDED);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static void
add_starting(TCase *tests)
{
    tcase_add_loop_test(tests,
                        a_file_that_cannot_be_executed_is_the_programs_fault, 0,
                        COUNT(failures));
    tcase_add_loop_test(tests, a_wrapper_that_fails_is_no_fault_of_the_program,
                        0, COUNT(bad_wraps));
    tcase_add_test(tests, a_folder_that_is_missing_is_no_fault_of_the_program);
    tcase_add_loop_test(tests,
                        a_limit_that_makes_no_sense_is_no_fault_of_the_program,
                        0, COUNT(bad_limits));
    tcase_add_loop_test(tests, a_program_has_three_descriptors, 0, 2);
    tcase_add_loop_test(tests, the_environment_is_what_was_given, 0, 2);
    tcase_add_loop_test(tests, limits_are_set_and_none_is_raised, 0, 2);
    tcase_add_loop_test(tests, the_terminal_is_the_programs_own, 0, 2);
    tcase_add_test(tests, the_folder_is_what_was_given);
    tcase_add_loop_test(tests, signals_have_their_usual_meaning, 0, 2);
}

static void
add_ending(TCase *tests)
{
    tcase_add_loop_test(tests, an_end_is_told_as_code_or_signal, 0,
                        COUNT(ends));
    tcase_add_loop_test(tests, all_output_is_there_when_the_end_is_known, 0, 2);
    tcase_add_test(tests, a_short_life_is_no_failure);
    tcase_add_test(tests,
                   children_and_orphans_of_a_program_are_found_and_killed);
    tcase_add_test(tests, what_a_program_leaves_behind_ends_with_it);
    tcase_add_test(tests, a_child_just_forked_is_not_taken_for_the_program);
    tcase_add_loop_test(tests, a_signal_reaches_every_process_of_a_program, 0,
                        2);
    tcase_add_loop_test(
        tests, an_interrupt_that_a_program_handles_does_not_end_its_wrapper, 0,
        2);
    tcase_add_loop_test(
        tests, an_interrupt_ends_a_program_that_does_not_handle_it, 0, 2);
    tcase_add_test(tests, killing_what_has_ended_does_no_harm);
    tcase_add_loop_test(tests, a_stopped_program_can_be_killed, 0, 2);
}

int
main(void)
{
    Suite *suite = suite_create("program");
    TCase *starting = tcase_create("starting"),
          *ending = tcase_create("ending");

    tcase_add_checked_fixture(starting, setup, teardown);
    tcase_add_checked_fixture(ending, setup, teardown);
    tcase_set_timeout(starting, 60);
    tcase_set_timeout(ending, 120);
    add_starting(starting);
    add_ending(ending);
    suite_add_tcase(suite, starting);
    suite_add_tcase(suite, ending);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
