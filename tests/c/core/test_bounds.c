/*
 * test_bounds.c - a bound is passed when more than it is used, and not before
 */
#include "core/bounds.h"

#include <check.h>
#include <stdlib.h>

static const struct {
    const char *what;
    struct bounds bounds;
    struct usage usage;
    enum bound passed;
} cases[] = {
    {"nothing bound, all used",
     {0},
     {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
     BOUND_NONE},
    {"nothing used", {1, 1, 1, 1, 1}, {0}, BOUND_NONE},
    {"memory just full", {.memory_mib = 2}, {.memory = 2 << 20}, BOUND_NONE},
    {"a byte more", {.memory_mib = 2}, {.memory = (2 << 20) + 1}, BOUND_MEMORY},
    {"as many processes", {.processes = 3}, {.processes = 3}, BOUND_NONE},
    {"one process more", {.processes = 3}, {.processes = 4}, BOUND_PROCESSES},
    {"all the time", {.cpu_s = 1}, {.cpu_ns = 1000000000}, BOUND_NONE},
    {"a moment more", {.cpu_s = 1}, {.cpu_ns = 1000000001}, BOUND_CPU},
    {"a disk almost full",
     {.disk_mib = 1},
     {.disk = (1 << 20) - 1},
     BOUND_NONE},
    {"a full disk", {.disk_mib = 1}, {.disk = 1 << 20}, BOUND_DISK},
    {"as many segments", {.segments = 5}, {.segments = 5}, BOUND_NONE},
    {"a segment more", {.segments = 5}, {.segments = 6}, BOUND_SEGMENTS},
    {"two bounds: the first is told",
     {.memory_mib = 1, .disk_mib = 1},
     {.memory = 2 << 20, .disk = 2 << 20},
     BOUND_MEMORY},
    {"a bound that no number reaches",
     {.memory_mib = UINT64_MAX},
     {.memory = UINT64_MAX},
     BOUND_NONE},
};

START_TEST(each_case_is_judged)
{
    ck_assert_msg(bounds_passed(&cases[_i].bounds, &cases[_i].usage) ==
                      cases[_i].passed,
                  "%s", cases[_i].what);
}
END_TEST

START_TEST(each_bound_has_its_number_and_its_words)
{
    struct bounds bounds = {1, 2, 3, 4, 5};
    for (int which = BOUND_MEMORY; which < BOUND_KINDS; which++)
        ck_assert_uint_eq(bounds_of(&bounds, which), (uint64_t)which);
    ck_assert_uint_eq(bounds_of(&bounds, BOUND_NONE), 0);
    ck_assert_str_eq(bound_name(BOUND_MEMORY), "memory");
    ck_assert_str_eq(bound_unit(BOUND_MEMORY), "MiB");
    ck_assert_str_eq(bound_name(BOUND_PROCESSES), "processes");
    ck_assert_str_eq(bound_unit(BOUND_CPU), "s");
    ck_assert_str_eq(bound_name(BOUND_DISK), "disk");
    ck_assert_str_eq(bound_name(BOUND_SEGMENTS), "segments");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("bounds");
    TCase *rule = tcase_create("rule");

    tcase_add_loop_test(rule, each_case_is_judged, 0, COUNT(cases));
    tcase_add_test(rule, each_bound_has_its_number_and_its_words);
    suite_add_tcase(suite, rule);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
