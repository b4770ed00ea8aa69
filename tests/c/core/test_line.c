/*
 * test_line.c - lines come out the same wherever the stream was cut
 */
#include "core/line.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 10 /* so a line has at most 8 bytes */

struct lines_case {
    const char *bytes;
    size_t size;
    const char *expected; /* every line in brackets, then what ended it */
};

/* The size of a literal, so that it may hold zero bytes. */
#define BYTES(literal) literal, sizeof literal - 1

static const struct lines_case cases[] = {
    {BYTES(""), "end"},
    {BYTES("\n"), "[]end"},
    {BYTES("\r\n"), "[]end"},
    {BYTES("a\n"), "[a]end"},
    {BYTES("a\r\n"), "[a]end"},
    {BYTES("a"), "[a]end"},
    {BYTES("a\r"), "[a]end"},
    {BYTES("a\rb\n"), "[a\rb]end"},
    {BYTES("a\r\r\n"), "[a\r]end"},
    {BYTES("one\ntwo\r\nthree"), "[one][two][three]end"},
    {BYTES("one\n\n\ntwo\n"), "[one][][][two]end"},
    {BYTES("12345678\n"), "[12345678]end"},
    {BYTES("12345678\r\n"), "[12345678]end"},
    {BYTES("12345678"), "[12345678]end"},
    {BYTES("12345678\r"), "[12345678]end"},
    {BYTES("12345678\r\nb\n"), "[12345678][b]end"},
    {BYTES("123456789\n"), "too long"},
    {BYTES("123456789\r\n"), "too long"},
    {BYTES("123456789"), "too long"},
    {BYTES("12345678\r\r\n"), "too long"},
    {BYTES("12345678\rx"), "too long"},
    {BYTES("12345678\r\0"), "too long"},
    {BYTES("a\n1234567890123456789\nb\n"), "[a]too long"},
    {BYTES("\0"), "nul after []"},
    {BYTES("ab\0cd\n"), "nul after [ab]"},
    {BYTES("a\nb\0"), "[a]nul after [b]"},
    {BYTES("12345678\0"), "nul after [12345678]"},
    {BYTES("123456789\0"), "too long"},
};
#define CASES (sizeof cases / sizeof cases[0])

/* Appends what was answered to `seen`; false when the stream is over. */
static int
note(char *seen, enum line_result result, const char *text)
{
    switch (result) {
    case LINE_READY:
        strcat(strcat(strcat(seen, "["), text), "]");
        return 1;
    case LINE_TOO_LONG:
        ck_assert_str_eq(text, "");
        strcat(seen, "too long");
        return 0;
    case LINE_NUL:
        strcat(strcat(strcat(seen, "nul after ["), text), "]");
        return 0;
    case LINE_PARTIAL:
        break;
    }
    return 0;
}

/* Puts one piece in and takes every line out; the result that stopped it. */
static enum line_result
feed(struct line *line, const char *bytes, size_t size, char *seen)
{
    enum line_result result = LINE_PARTIAL;
    char *text;

    while (size > 0 && result == LINE_PARTIAL) {
        size_t space;
        char *to = line_space(line, &space);
        size_t count = size < space ? size : space;

        ck_assert_uint_gt(space, 0);
        memcpy(to, bytes, count);
        line_added(line, count);
        bytes += count;
        size -= count;
        do {
            result = line_next(line, &text);
        } while (note(seen, result, text));
    }
    return result;
}

/* Ends the stream. */
static void
finish(struct line *line, char *seen)
{
    enum line_result result;
    char *text;

    do {
        result = line_finish(line, &text);
    } while (note(seen, result, text));
    if (result == LINE_PARTIAL)
        strcat(seen, "end");
}

/* Runs a case cut before the bytes `first` and `second`. */
static void
run_cut(const struct lines_case *c, size_t first, size_t second)
{
    char *room = malloc(ROOM); /* so that a sanitizer guards its edges */
    char seen[256] = "";
    struct line line;
    enum line_result result;

    line_init(&line, room, ROOM);
    result = feed(&line, c->bytes, first, seen);
    if (result == LINE_PARTIAL)
        result = feed(&line, c->bytes + first, second - first, seen);
    if (result == LINE_PARTIAL)
        result = feed(&line, c->bytes + second, c->size - second, seen);
    if (result == LINE_PARTIAL)
        finish(&line, seen);
    ck_assert_str_eq(seen, c->expected);
    free(room);
}

START_TEST(lines_are_the_same_at_every_two_cuts)
{
    const struct lines_case *c = &cases[_i];

    for (size_t first = 0; first <= c->size; first++) {
        for (size_t second = first; second <= c->size; second++)
            run_cut(c, first, second);
    }
}
END_TEST

START_TEST(lines_are_the_same_byte_by_byte)
{
    const struct lines_case *c = &cases[_i];
    char room[ROOM], seen[256] = "";
    struct line line;
    enum line_result result = LINE_PARTIAL;

    line_init(&line, room, sizeof room);
    for (size_t at = 0; at < c->size && result == LINE_PARTIAL; at++)
        result = feed(&line, c->bytes + at, 1, seen);
    if (result == LINE_PARTIAL)
        finish(&line, seen);
    ck_assert_str_eq(seen, c->expected);
}
END_TEST

START_TEST(a_partial_line_can_be_looked_at)
{
    char room[ROOM], seen[64] = "";
    struct line line;
    char *text;

    line_init(&line, room, sizeof room);
    feed(&line, "one\ntw", 6, seen);
    ck_assert_str_eq(seen, "[one]");
    ck_assert_int_eq(line_next(&line, &text), LINE_PARTIAL);
    ck_assert_str_eq(text, "tw");
    feed(&line, "o\n", 2, seen);
    ck_assert_str_eq(seen, "[one][two]");
}
END_TEST

START_TEST(a_fault_stays)
{
    char room[ROOM], seen[64] = "";
    struct line line;
    size_t space;
    char *text;

    line_init(&line, room, sizeof room);
    ck_assert_int_eq(feed(&line, "0123456789", 10, seen), LINE_TOO_LONG);
    ck_assert_int_eq(line_next(&line, &text), LINE_TOO_LONG);
    ck_assert_int_eq(line_finish(&line, &text), LINE_TOO_LONG);
    line_space(&line, &space);
    ck_assert_uint_eq(space, 0);
}
END_TEST

START_TEST(a_zero_byte_can_be_skipped)
{
    char room[ROOM], seen[64] = "";
    struct line line;
    char *text;

    line_init(&line, room, sizeof room);
    ck_assert_int_eq(feed(&line, "ab\0\0cd\n", 7, seen), LINE_NUL);
    ck_assert_str_eq(seen, "nul after [ab]");
    line_skip_nul(&line);
    ck_assert_int_eq(line_next(&line, &text), LINE_NUL);
    ck_assert_str_eq(text, "");
    line_skip_nul(&line);
    ck_assert_int_eq(line_next(&line, &text), LINE_READY);
    ck_assert_str_eq(text, "cd");
    ck_assert_int_eq(line_next(&line, &text), LINE_PARTIAL);
}
END_TEST

START_TEST(blanks_and_zero_bytes_are_no_text)
{
    char room[ROOM];
    struct line line;
    size_t space;
    char *text;

    line_init(&line, room, sizeof room);
    ck_assert(!line_holds_text(&line));
    memcpy(line_space(&line, &space), "a\n \t\r\n\0b", 8);
    line_added(&line, 7);
    ck_assert(line_holds_text(&line));
    ck_assert_int_eq(line_next(&line, &text), LINE_READY);
    ck_assert(!line_holds_text(&line));
    line_added(&line, 1);
    ck_assert(line_holds_text(&line));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("line");
    TCase *tests = tcase_create("line");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, lines_are_the_same_at_every_two_cuts, 0, CASES);
    tcase_add_loop_test(tests, lines_are_the_same_byte_by_byte, 0, CASES);
    tcase_add_test(tests, a_partial_line_can_be_looked_at);
    tcase_add_test(tests, a_fault_stays);
    tcase_add_test(tests, a_zero_byte_can_be_skipped);
    tcase_add_test(tests, blanks_and_zero_bytes_are_no_text);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
