/*
 * test_settle.c - the rule of settling, thread by thread and together
 */
#include "core/settle.h"

#include <check.h>
#include <stdlib.h>

enum { MS = 1000000 };

static const struct settle_rule plain = {.busy_ns = 500 * MS};
static const struct settle_rule patient = {
    .busy_ns = 500 * MS, .patience_ns = 100 * MS, .quiet_ns = 99 * MS};
static const struct settle_rule waited = {
    .busy_ns = 500 * MS, .patience_ns = 100 * MS, .quiet_ns = 100 * MS};

static const struct {
    const char *what;
    struct settle_thread thread;
    const struct settle_rule *rule;
    enum settle_judgement judgement;
} alone[] = {
    {"runs", {.wait = WAIT_RUNNING}, &plain, SETTLE_RUNNING},
    {"has run almost as long as a spin",
     {.wait = WAIT_RUNNING, .run_ns = 500 * MS - 1},
     &plain,
     SETTLE_RUNNING},
    {"spins",
     {.wait = WAIT_RUNNING, .run_ns = 500 * MS},
     &plain,
     SETTLE_SPINNING},
    {"is known to spin",
     {.wait = WAIT_RUNNING, .run_ns = 500 * MS / 8, .known_spinner = true},
     &plain,
     SETTLE_SPINNING},
    {"is known to spin but has not yet",
     {.wait = WAIT_RUNNING, .run_ns = 500 * MS / 8 - 1, .known_spinner = true},
     &plain,
     SETTLE_RUNNING},
    {"ran long, then blocked",
     {.wait = WAIT_ACCEPT, .run_ns = 5000ll * MS},
     &plain,
     SETTLE_QUIET},
    {"sleeps", {.wait = WAIT_SLEEP}, &plain, SETTLE_ASLEEP},
    {"sleeps for the third time",
     {.wait = WAIT_SLEEP, .wakes = 2},
     &plain,
     SETTLE_ASLEEP},
    {"naps", {.wait = WAIT_SLEEP, .wakes = 3}, &plain, SETTLE_QUIET},
    {"is known to nap and has not yet",
     {.wait = WAIT_SLEEP, .known_napper = true},
     &plain,
     SETTLE_ASLEEP},
    {"is known to nap and did",
     {.wait = WAIT_SLEEP, .wakes = 1, .known_napper = true},
     &plain,
     SETTLE_QUIET},
    {"naps, but runs now",
     {.wait = WAIT_RUNNING, .wakes = 9},
     &plain,
     SETTLE_RUNNING},
    {"polls with a limit",
     {.wait = WAIT_POLL, .timed = true},
     &plain,
     SETTLE_QUIET},
    {"polls with a limit, patience asked",
     {.wait = WAIT_POLL, .timed = true},
     &patient,
     SETTLE_TIMED},
    {"came round once, patience asked",
     {.wait = WAIT_POLL, .timed = true, .wakes = 1},
     &patient,
     SETTLE_TIMED},
    {"came round twice, patience asked",
     {.wait = WAIT_POLL, .timed = true, .wakes = 2},
     &patient,
     SETTLE_QUIET},
    {"polls with a limit, patience over",
     {.wait = WAIT_POLL, .timed = true},
     &waited,
     SETTLE_QUIET},
    {"polls without a limit, patience asked",
     {.wait = WAIT_POLL},
     &patient,
     SETTLE_QUIET},
    {"sleeps, patience over", {.wait = WAIT_SLEEP}, &waited, SETTLE_ASLEEP},
    {"was stopped", {.wait = WAIT_STOPPED}, &patient, SETTLE_QUIET},
};

START_TEST(one_thread_is_judged_by_what_it_does)
{
    enum settle_judgement judgement =
        settle_judge(&alone[_i].thread, 1, alone[_i].rule);

    ck_assert_msg(judgement == alone[_i].judgement, "%s: %d", alone[_i].what,
                  (int)judgement);
}
END_TEST

START_TEST(every_wait_without_a_timer_is_quiet)
{
    for (int kind = 0; kind < WAIT_KINDS; kind++) {
        struct settle_thread thread = {.wait = (enum wait_kind)kind};
        bool moves = kind == WAIT_RUNNING || kind == WAIT_SLEEP;

        ck_assert_int_eq(settle_judge(&thread, 1, &patient) == SETTLE_QUIET,
                         !moves);
    }
}
END_TEST

/* One thread of each judgement; the first of these that is there decides. */
static const struct settle_thread example[] = {
    {.wait = WAIT_RUNNING},
    {.wait = WAIT_SLEEP},
    {.wait = WAIT_POLL, .timed = true},
    {.wait = WAIT_RUNNING, .run_ns = 500 * MS},
    {.wait = WAIT_ACCEPT},
};
static const enum settle_judgement decides[] = {
    SETTLE_RUNNING, SETTLE_ASLEEP, SETTLE_TIMED, SETTLE_SPINNING, SETTLE_QUIET};

START_TEST(threads_together_are_judged_by_the_least_settled)
{
    for (unsigned subset = 1; subset < 32; subset++) {
        struct settle_thread forward[5], backward[5];
        size_t count = 0, expected = 5;
        for (size_t i = 0; i < 5; i++) {
            if (!(subset & 1u << i))
                continue;
            expected = expected < i ? expected : i;
            forward[count++] = example[i];
        }
        for (size_t i = 0; i < count; i++)
            backward[i] = forward[count - 1 - i];
        ck_assert_int_eq(settle_judge(forward, count, &patient),
                         decides[expected]);
        ck_assert_int_eq(settle_judge(backward, count, &patient),
                         decides[expected]);
    }
}
END_TEST

START_TEST(who_waits_for_others_alone_is_no_spinner)
{
    static const bool none[WAIT_KINDS] = {[WAIT_RUNNING] = true,
                                          [WAIT_SLEEP] = true,
                                          [WAIT_STOPPED] = true,
                                          [WAIT_FUTEX] = true};
    for (int kind = 0; kind < WAIT_KINDS; kind++) {
        struct settle_thread thread = {.wait = (enum wait_kind)kind};
        ck_assert_int_eq(settle_rests(&thread), !none[kind]);
        thread.timed = true;
        ck_assert(!settle_rests(&thread));
    }
}
END_TEST

START_TEST(no_thread_at_all_is_quiet)
{
    ck_assert_int_eq(settle_judge(NULL, 0, &plain), SETTLE_QUIET);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("settle");
    TCase *rule = tcase_create("rule");

    tcase_add_loop_test(rule, one_thread_is_judged_by_what_it_does, 0,
                        COUNT(alone));
    tcase_add_test(rule, every_wait_without_a_timer_is_quiet);
    tcase_add_test(rule, threads_together_are_judged_by_the_least_settled);
    tcase_add_test(rule, who_waits_for_others_alone_is_no_spinner);
    tcase_add_test(rule, no_thread_at_all_is_quiet);
    suite_add_tcase(suite, rule);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
