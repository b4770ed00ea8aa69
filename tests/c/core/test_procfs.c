/*
 * test_procfs.c - lines of /proc are read, or refused, but never guessed
 */
#include "core/procfs.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Copies `size` bytes to the heap, so that a sanitizer guards their edge. */
static char *
guarded(const char *bytes, size_t size)
{
    char *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    return copy;
}

/* ---- stat -------------------------------------------------------------- */

static const struct {
    const char *line;
    const char *name; /* NULL: the line is refused */
    char state;
    int parent;
} stats[] = {
    {"12 (cat) S 7 12 12 0\n", "cat", 'S', 7},
    {"12 (cat) S 7", "cat", 'S', 7},
    {"12 () R 0 1\n", "", 'R', 0},
    {"12 (a b) D 1 1\n", "a b", 'D', 1},
    {"12 (a) R 3) T 4 1\n", "a) R 3", 'T', 4},
    {"12 (((a) Z 2147483647 1\n", "((a", 'Z', 2147483647},
    {"12 ()) S 5 1\n", ")", 'S', 5},
    {"12 (a\nb) S 5 1\n", "a\nb", 'S', 5},
    {"12 (123456789012345) S 1 1\n", "123456789012345", 'S', 1},
    {"12 (1234567890123456) S 1 1\n", "123456789012345", 'S', 1},
    {"12 (\xff\x01) S 5 1\n", "\xff\x01", 'S', 5},
    {"12 (cat) S 2147483648 1\n", NULL, 0, 0},
    {"12 (cat) S 99999999999999999999999 1\n", NULL, 0, 0},
    {"12 (cat) S -1 1\n", NULL, 0, 0},
    {"12 (cat) S \n", NULL, 0, 0},
    {"12 (cat) ", NULL, 0, 0},
    {"12 (cat)", NULL, 0, 0},
    {"12 (cat", NULL, 0, 0},
    {"12 cat) S 1", NULL, 0, 0},
    {"12 )cat( S 1", NULL, 0, 0},
    {"12 S 1 1", NULL, 0, 0},
    {"\n", NULL, 0, 0},
    {"", NULL, 0, 0},
};

START_TEST(a_stat_line_gives_name_state_and_parent)
{
    struct procfs_stat got = {.name = "kept", .state = '?', .parent = -7};
    size_t length = strlen(stats[_i].line);
    char *line = guarded(stats[_i].line, length);
    enum procfs_result result = procfs_stat(line, length, &got);

    free(line);
    if (stats[_i].name == NULL) {
        ck_assert_int_eq(result, PROCFS_BAD);
        ck_assert_str_eq(got.name, "kept");
        ck_assert_int_eq(got.parent, -7);
        return;
    }
    ck_assert_int_eq(result, PROCFS_OK);
    ck_assert_str_eq(got.name, stats[_i].name);
    ck_assert_int_eq(got.state, stats[_i].state);
    ck_assert_int_eq(got.parent, stats[_i].parent);
}
END_TEST

/* ---- syscall ----------------------------------------------------------- */

static const struct {
    const char *line;
    enum procfs_result result;
    bool running;
    long number;
    uint64_t first, last;
} calls[] = {
    {"running\n", PROCFS_OK, true, 0, 0, 0},
    {"running", PROCFS_OK, true, 0, 0, 0},
    {"-1 0x7ffd 0x55aa\n", PROCFS_OK, false, -1, 0, 0},
    {"0 0x0 0x1 0x2 0x3 0x4 0x5 0x7ff 0x7fe\n", PROCFS_OK, false, 0, 0, 5},
    {"45 0xf 0x0 0x0 0x0 0x0 0xffffffffffffffff\n", PROCFS_OK, false, 45, 15,
     UINT64_MAX},
    {"45 0x0000000000000000000000000f 0x0 0x0 0x0 0x0 0x1", PROCFS_OK, false,
     45, 15, 1},
    {"45 0x1ffffffffffffffff 0x0 0x0 0x0 0x0 0x0\n", PROCFS_BAD, false, 0, 0,
     0},
    {"45 0x0 0x1 0x2 0x3 0x4\n", PROCFS_BAD, false, 0, 0, 0},
    {"45 0x0 0x1 0x2 0x3 0x4 0x\n", PROCFS_BAD, false, 0, 0, 0},
    {"45 0 1 2 3 4 5\n", PROCFS_BAD, false, 0, 0, 0},
    {"45 0xG 0x1 0x2 0x3 0x4 0x5\n", PROCFS_BAD, false, 0, 0, 0},
    {"4294967296 0x0 0x1 0x2 0x3 0x4 0x5\n", PROCFS_BAD, false, 0, 0, 0},
    {"runnin\n", PROCFS_BAD, false, 0, 0, 0},
    {"-2 0x0 0x1 0x2 0x3 0x4 0x5\n", PROCFS_BAD, false, 0, 0, 0},
    {"\n", PROCFS_BAD, false, 0, 0, 0},
    {"", PROCFS_BAD, false, 0, 0, 0},
};

START_TEST(a_syscall_line_gives_number_and_arguments)
{
    struct procfs_syscall got = {.number = 99};
    size_t length = strlen(calls[_i].line);
    char *line = guarded(calls[_i].line, length);
    enum procfs_result result = procfs_syscall(line, length, &got);

    free(line);
    ck_assert_int_eq(result, calls[_i].result);
    if (result == PROCFS_BAD) {
        ck_assert_int_eq(got.number, 99);
        return;
    }
    ck_assert_int_eq(got.running, calls[_i].running);
    ck_assert_int_eq(got.number, calls[_i].number);
    ck_assert_uint_eq(got.args[0], calls[_i].first);
    ck_assert_uint_eq(got.args[5], calls[_i].last);
}
END_TEST

/* ---- schedstat --------------------------------------------------------- */

static const struct {
    const char *line;
    enum procfs_result result;
    uint64_t run_ns, slices;
} scheds[] = {
    {"1500291 2553197 5\n", PROCFS_OK, 1500291, 5},
    {"0 0 0", PROCFS_OK, 0, 0},
    {"18446744073709551615 1 18446744073709551615\n", PROCFS_OK, UINT64_MAX,
     UINT64_MAX},
    {"18446744073709551616 1 1\n", PROCFS_BAD, 0, 0},
    {"1 2\n", PROCFS_BAD, 0, 0},
    {"1 x 2\n", PROCFS_BAD, 0, 0},
    {"-1 2 3\n", PROCFS_BAD, 0, 0},
    {"", PROCFS_BAD, 0, 0},
};

START_TEST(a_schedstat_line_gives_time_and_slices)
{
    struct procfs_sched got = {77, 88};
    size_t length = strlen(scheds[_i].line);
    char *line = guarded(scheds[_i].line, length);
    enum procfs_result result = procfs_sched(line, length, &got);
    bool bad = result == PROCFS_BAD;

    free(line);
    ck_assert_int_eq(result, scheds[_i].result);
    ck_assert_uint_eq(got.run_ns, bad ? 77 : scheds[_i].run_ns);
    ck_assert_uint_eq(got.slices, bad ? 88 : scheds[_i].slices);
}
END_TEST

/* ---- what a process uses ----------------------------------------------- */

#define USED "9 (a) (b) S 1 2 3 4 -1 6 7 8 9 10 "

static const struct {
    const char *line;
    enum procfs_result result;
    struct procfs_usage usage;
} usages[] = {
    {USED "100 20 3 4 -20 -5 7 0 99 4096 512 0\n", PROCFS_OK, {120, 7, 7, 512}},
    {USED "0 0 0 0 20 0 1 0 0 0 0", PROCFS_OK, {0, 0, 1, 0}},
    {USED "100 20 3 4 20 0 7 0 99 4096\n", PROCFS_BAD, {0}},
    {USED "100 x 3 4 20 0 7 0 99 4096 512\n", PROCFS_BAD, {0}},
    {USED "- 20 3 4 20 0 7 0 99 4096 512\n", PROCFS_BAD, {0}},
    {"9 (a", PROCFS_BAD, {0}},
    {"9 (a)", PROCFS_BAD, {0}},
};

START_TEST(a_stat_line_gives_what_a_process_uses)
{
    struct procfs_usage got = {1, 2, 3, 4};
    size_t length = strlen(usages[_i].line);
    char *line = guarded(usages[_i].line, length);
    enum procfs_result result = procfs_usage(line, length, &got);
    const struct procfs_usage kept = {1, 2, 3, 4},
                              *want = result == PROCFS_BAD ? &kept
                                                           : &usages[_i].usage;
    free(line);
    ck_assert_int_eq(result, usages[_i].result);
    ck_assert_uint_eq(got.ticks, want->ticks);
    ck_assert_uint_eq(got.reaped_ticks, want->reaped_ticks);
    ck_assert_uint_eq(got.threads, want->threads);
    ck_assert_uint_eq(got.resident_pages, want->resident_pages);
}
END_TEST

/* ---- every parser, every cut, every byte ------------------------------- */

static const char *const whole[] = {
    "12 (a) b) S 71 12 12 0\n",
    USED "100 20 3 4 -20 -5 7 0 99 4096 512 0\n",
    "45 0xf 0x10 0xabc 0x0 0x0 0xffffffffffffffff 0x7ff 0x7fe\n",
    "1500291 2553197 5\n",
    "running\n",
    "-1 0x7ffd 0x55aa\n",
};

static void
parse_all(const char *bytes, size_t size)
{
    struct procfs_stat stat;
    struct procfs_syscall call;
    struct procfs_sched sched;
    char *line = guarded(bytes, size);

    if (procfs_stat(line, size, &stat) == PROCFS_OK)
        ck_assert_uint_lt(strlen(stat.name), sizeof stat.name);
    struct procfs_usage usage;
    (void)procfs_usage(line, size, &usage);
    (void)procfs_syscall(line, size, &call);
    (void)procfs_sched(line, size, &sched);
    free(line);
}

START_TEST(no_parser_reads_past_a_line_that_was_cut)
{
    for (size_t size = 0; size <= strlen(whole[_i]); size++)
        parse_all(whole[_i], size);
}
END_TEST

START_TEST(no_parser_trips_over_a_changed_byte)
{
    size_t size = strlen(whole[_i]);
    char *line = guarded(whole[_i], size);

    for (size_t at = 0; at < size; at++) {
        for (int byte = 0; byte < 256; byte++) {
            line[at] = (char)byte;
            parse_all(line, size);
        }
        line[at] = whole[_i][at];
    }
    free(line);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("procfs");
    TCase *lines = tcase_create("lines");

    tcase_add_loop_test(lines, a_stat_line_gives_name_state_and_parent, 0,
                        COUNT(stats));
    tcase_add_loop_test(lines, a_syscall_line_gives_number_and_arguments, 0,
                        COUNT(calls));
    tcase_add_loop_test(lines, a_schedstat_line_gives_time_and_slices, 0,
                        COUNT(scheds));
    tcase_add_loop_test(lines, a_stat_line_gives_what_a_process_uses, 0,
                        COUNT(usages));
    tcase_add_loop_test(lines, no_parser_reads_past_a_line_that_was_cut, 0,
                        COUNT(whole));
    tcase_add_loop_test(lines, no_parser_trips_over_a_changed_byte, 0,
                        COUNT(whole));
    suite_add_tcase(suite, lines);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
