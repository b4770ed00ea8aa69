/*
 * test_terminal.c - what goes into a terminal comes out of it, at once
 */
#include "observe/terminal.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static struct terminal terminal;

static void
setup(void)
{
    ck_assert_int_eq(terminal_open(&terminal), 0);
    ck_assert_int_ne(fcntl(terminal.slave, F_SETFL, O_NONBLOCK), -1);
}

static void
teardown(void)
{
    terminal_close(&terminal);
}

/* Types a text that fits. */
static void
type(const char *text)
{
    size_t typed = 0;

    ck_assert_int_eq(terminal_type(&terminal, text, strlen(text), &typed), 0);
    ck_assert_uint_eq(typed, strlen(text));
}

START_TEST(the_modes_are_those_of_a_quiet_terminal)
{
    struct termios modes;
    struct winsize size;
    struct stat status;

    ck_assert_int_eq(tcgetattr(terminal.slave, &modes), 0);
    ck_assert_uint_eq(modes.c_lflag & (ECHO | ECHONL | ECHOCTL), 0);
    ck_assert_uint_eq(modes.c_oflag & OPOST, 0);
    ck_assert_uint_eq(modes.c_lflag & (ICANON | ISIG), ICANON | ISIG);
    ck_assert_int_eq(ioctl(terminal.slave, TIOCGWINSZ, &size), 0);
    ck_assert_uint_eq(size.ws_row, 24);
    ck_assert_uint_eq(size.ws_col, 80);
    ck_assert_int_eq(fstat(terminal.slave, &status), 0);
    ck_assert(status.st_rdev == terminal.device);
}
END_TEST

START_TEST(neither_end_survives_an_exec)
{
    ck_assert_int_eq(fcntl(terminal.master, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(fcntl(terminal.slave, F_GETFD), FD_CLOEXEC);
}
END_TEST

/* Many times: the kernel moves bytes in a queue of its own. */
START_TEST(a_typed_line_is_there_when_typing_returns)
{
    char line[64], got[64];

    for (int round = 0; round < 2000; round++) {
        snprintf(line, sizeof line, "line %d\n", round);
        type(line);
        ssize_t n = read(terminal.slave, got, sizeof got);
        ck_assert_int_eq(n, (ssize_t)strlen(line));
        ck_assert_int_eq(memcmp(got, line, strlen(line)), 0);
    }
}
END_TEST

START_TEST(what_was_written_can_be_read_at_once)
{
    char line[64], got[64];

    for (int round = 0; round < 2000; round++) {
        snprintf(line, sizeof line, "line %d", round);
        ssize_t size = (ssize_t)strlen(line);
        ck_assert_int_eq(write(terminal.slave, line, (size_t)size), size);
        ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), size);
        ck_assert_int_eq(memcmp(got, line, (size_t)size), 0);
        ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 0);
    }
}
END_TEST

START_TEST(nothing_that_is_typed_is_echoed)
{
    char got[64];

    type("secret\n\tx\x7f\x15\n");
    ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 0);
}
END_TEST

START_TEST(output_is_not_changed)
{
    char bytes[512], got[1024];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    ck_assert_int_eq(write(terminal.slave, bytes, sizeof bytes), 512);
    ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 512);
    ck_assert_int_eq(memcmp(got, bytes, sizeof bytes), 0);
}
END_TEST

START_TEST(input_counts_when_a_read_would_return_it)
{
    char got[64];

    ck_assert(!terminal_has_input(&terminal));
    type("half");
    ck_assert(!terminal_has_input(&terminal));
    type(" a line\nand a bit");
    ck_assert(terminal_has_input(&terminal));
    ck_assert_int_eq(read(terminal.slave, got, sizeof got), 12);
    ck_assert(!terminal_has_input(&terminal));
    type("\x04"); /* ends the bit without a newline */
    ck_assert(terminal_has_input(&terminal));
    ck_assert_int_eq(read(terminal.slave, got, sizeof got), 9);
    type("\x04");
    ck_assert(terminal_has_input(&terminal)); /* of the end itself */
    ck_assert_int_eq(read(terminal.slave, got, sizeof got), 0);
    ck_assert(!terminal_has_input(&terminal));
}
END_TEST

START_TEST(flow_control_characters_stop_nothing)
{
    char got[8];

    type("\x13");
    ck_assert_int_eq(write(terminal.slave, "on", 2), 2);
    ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 2);
}
END_TEST

/* Nobody reads: typing must come to an end, and what it says was typed must
 * be what a reader gets. */
START_TEST(typing_much_without_a_reader_stops_and_loses_nothing)
{
    enum { SIZE = 100000, LINE = 50 };
    static char text[SIZE], got[SIZE];
    size_t typed = 0, taken = 0;

    for (size_t i = 0; i < SIZE; i++)
        text[i] = i % LINE == LINE - 1 ? '\n' : (char)('a' + i / LINE % 26);
    ck_assert_int_eq(terminal_type(&terminal, text, SIZE, &typed), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_uint_gt(typed, 4000);
    ck_assert_uint_lt(typed, SIZE);
    while (terminal_has_input(&terminal)) {
        ssize_t n = read(terminal.slave, got + taken, SIZE - taken);
        ck_assert_int_gt(n, 0);
        taken += (size_t)n;
    }
    ck_assert_uint_eq(taken, typed - typed % LINE);
    ck_assert_int_eq(memcmp(got, text, taken), 0);
}
END_TEST

START_TEST(the_last_words_survive_the_writer)
{
    char got[8];
    int other = open("/dev/null", O_RDONLY);

    /* A second descriptor, as a program has it, written to and closed. */
    ck_assert_int_ne(dup2(terminal.slave, other), -1);
    ck_assert_int_eq(write(other, "bye", 3), 3);
    close(other);
    ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 3);
    ck_assert_int_eq(terminal_read(&terminal, got, sizeof got), 0);
}
END_TEST

START_TEST(closing_twice_does_no_harm)
{
    terminal_close(&terminal);
    ck_assert_int_eq(terminal.master, -1);
    ck_assert_int_eq(terminal.slave, -1);
    terminal_close(&terminal);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_modes_are_those_of_a_quiet_terminal);
    tcase_add_test(tests, neither_end_survives_an_exec);
    tcase_add_test(tests, a_typed_line_is_there_when_typing_returns);
    tcase_add_test(tests, what_was_written_can_be_read_at_once);
    tcase_add_test(tests, nothing_that_is_typed_is_echoed);
    tcase_add_test(tests, output_is_not_changed);
    tcase_add_test(tests, input_counts_when_a_read_would_return_it);
    tcase_add_test(tests, flow_control_characters_stop_nothing);
    tcase_add_test(tests, typing_much_without_a_reader_stops_and_loses_nothing);
    tcase_add_test(tests, the_last_words_survive_the_writer);
    tcase_add_test(tests, closing_twice_does_no_harm);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
