/*
 * test_wait.c - every blocking call is named, with its time limit
 */
#include "core/wait.h"

#include <check.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define NONE (-1)

struct wait_case {
    const char *what;
    long number;
    uint64_t args[6];
    enum wait_kind kind;
    int fd;
    bool timed;
    enum wait_set set;
};

static const struct wait_case cases[] = {
    {"recvfrom", SYS_recvfrom, {5}, WAIT_RECEIVE, 5, false, WAIT_SET_NONE},
    {"recvmsg", SYS_recvmsg, {5}, WAIT_RECEIVE, 5, false, WAIT_SET_NONE},
    {"recvmmsg",
     SYS_recvmmsg,
     {5, 1, 1},
     WAIT_RECEIVE,
     5,
     false,
     WAIT_SET_NONE},
    {"recvmmsg with limit",
     SYS_recvmmsg,
     {5, 1, 1, 0, 9},
     WAIT_RECEIVE,
     5,
     true,
     WAIT_SET_NONE},
    {"sendto", SYS_sendto, {6}, WAIT_SEND, 6, false, WAIT_SET_NONE},
    {"sendmsg", SYS_sendmsg, {6}, WAIT_SEND, 6, false, WAIT_SET_NONE},
    {"accept", SYS_accept, {3}, WAIT_ACCEPT, 3, false, WAIT_SET_NONE},
    {"accept4", SYS_accept4, {3}, WAIT_ACCEPT, 3, false, WAIT_SET_NONE},
    {"connect", SYS_connect, {4}, WAIT_CONNECT, 4, false, WAIT_SET_NONE},
#ifdef SYS_poll
    {"poll for ever",
     SYS_poll,
     {9, 2, 0xffffffff},
     WAIT_POLL,
     NONE,
     false,
     WAIT_SET_POLL},
    {"poll for ever, 64 bits",
     SYS_poll,
     {9, 2, UINT64_MAX},
     WAIT_POLL,
     NONE,
     false,
     WAIT_SET_POLL},
    {"poll with limit",
     SYS_poll,
     {9, 2, 100},
     WAIT_POLL,
     NONE,
     true,
     WAIT_SET_POLL},
    {"poll on nothing is a sleep",
     SYS_poll,
     {0, 0, 100},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"poll on nothing for ever",
     SYS_poll,
     {0, 0, UINT64_MAX},
     WAIT_SIGNAL,
     NONE,
     false,
     WAIT_SET_NONE},
#endif
    {"ppoll for ever",
     SYS_ppoll,
     {9, 1, 0},
     WAIT_POLL,
     NONE,
     false,
     WAIT_SET_POLL},
    {"ppoll with limit",
     SYS_ppoll,
     {9, 1, 8},
     WAIT_POLL,
     NONE,
     true,
     WAIT_SET_POLL},
#ifdef SYS_select
    {"select for ever",
     SYS_select,
     {4, 9, 0, 0, 0},
     WAIT_POLL,
     NONE,
     false,
     WAIT_SET_SELECT},
    {"select with limit",
     SYS_select,
     {4, 0, 9, 0, 8},
     WAIT_POLL,
     NONE,
     true,
     WAIT_SET_SELECT},
    {"select on nothing is a sleep",
     SYS_select,
     {0, 0, 0, 0, 8},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"select without sets is a sleep",
     SYS_select,
     {9, 0, 0, 0, 8},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"select up to no descriptor",
     SYS_select,
     {0, 9, 9, 9, 8},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"select on exceptions",
     SYS_select,
     {4, 0, 0, 9, 8},
     WAIT_POLL,
     NONE,
     true,
     WAIT_SET_SELECT},
#endif
    {"pselect6 with limit",
     SYS_pselect6,
     {4, 9, 0, 0, 8},
     WAIT_POLL,
     NONE,
     true,
     WAIT_SET_SELECT},
#ifdef SYS_epoll_wait
    {"epoll_wait for ever",
     SYS_epoll_wait,
     {7, 9, 1, 0xffffffff},
     WAIT_POLL,
     7,
     false,
     WAIT_SET_EPOLL},
    {"epoll_wait with limit",
     SYS_epoll_wait,
     {7, 9, 1, 0},
     WAIT_POLL,
     7,
     true,
     WAIT_SET_EPOLL},
#endif
    {"epoll_pwait with limit",
     SYS_epoll_pwait,
     {7, 9, 1, 5},
     WAIT_POLL,
     7,
     true,
     WAIT_SET_EPOLL},
#ifdef SYS_epoll_pwait2
    {"epoll_pwait2 for ever",
     SYS_epoll_pwait2,
     {7, 9, 1, 0},
     WAIT_POLL,
     7,
     false,
     WAIT_SET_EPOLL},
    {"epoll_pwait2 with limit",
     SYS_epoll_pwait2,
     {7, 9, 1, 8},
     WAIT_POLL,
     7,
     true,
     WAIT_SET_EPOLL},
#endif
    {"futex for ever",
     SYS_futex,
     {9, FUTEX_WAIT, 0, 0},
     WAIT_FUTEX,
     NONE,
     false,
     WAIT_SET_NONE},
    {"futex with limit",
     SYS_futex,
     {9, FUTEX_WAIT, 0, 8},
     WAIT_FUTEX,
     NONE,
     true,
     WAIT_SET_NONE},
    {"private futex with limit",
     SYS_futex,
     {9, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, 8},
     WAIT_FUTEX,
     NONE,
     true,
     WAIT_SET_NONE},
    {"futex lock with limit",
     SYS_futex,
     {9, FUTEX_LOCK_PI, 0, 8},
     WAIT_FUTEX,
     NONE,
     true,
     WAIT_SET_NONE},
    {"futex that wakes carries no limit",
     SYS_futex,
     {9, FUTEX_REQUEUE, 1, 8},
     WAIT_FUTEX,
     NONE,
     false,
     WAIT_SET_NONE},
    {"nanosleep",
     SYS_nanosleep,
     {9, 9},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"clock_nanosleep",
     SYS_clock_nanosleep,
     {1, 0, 9},
     WAIT_SLEEP,
     NONE,
     false,
     WAIT_SET_NONE},
    {"wait4", SYS_wait4, {UINT64_MAX}, WAIT_CHILD, NONE, false, WAIT_SET_NONE},
    {"waitid", SYS_waitid, {0}, WAIT_CHILD, NONE, false, WAIT_SET_NONE},
#ifdef SYS_pause
    {"pause", SYS_pause, {0}, WAIT_SIGNAL, NONE, false, WAIT_SET_NONE},
#endif
    {"sigsuspend",
     SYS_rt_sigsuspend,
     {9},
     WAIT_SIGNAL,
     NONE,
     false,
     WAIT_SET_NONE},
    {"sigtimedwait for ever",
     SYS_rt_sigtimedwait,
     {9, 9, 0},
     WAIT_SIGNAL,
     NONE,
     false,
     WAIT_SET_NONE},
    {"sigtimedwait with limit",
     SYS_rt_sigtimedwait,
     {9, 9, 8},
     WAIT_SIGNAL,
     NONE,
     true,
     WAIT_SET_NONE},
    {"a call not in the table",
     SYS_flock,
     {3},
     WAIT_OTHER,
     NONE,
     false,
     WAIT_SET_NONE},
    {"outside a call", -1, {0}, WAIT_OTHER, NONE, false, WAIT_SET_NONE},
};

START_TEST(a_call_says_what_is_waited_for)
{
    const struct wait_case *c = &cases[_i];
    struct procfs_syscall call = {.number = c->number};
    for (int i = 0; i < 6; i++)
        call.args[i] = c->args[i];
    struct wait wait = wait_of(&call);

    ck_assert_msg(wait.kind == c->kind, "%s: %s", c->what,
                  wait_name(wait.kind));
    ck_assert_msg(wait.fd == c->fd, "%s: fd %d", c->what, wait.fd);
    ck_assert_msg(wait.timed == c->timed, "%s: timed %d", c->what, wait.timed);
    ck_assert_msg(wait.set == c->set, "%s: set %d", c->what, (int)wait.set);
    ck_assert_msg(!wait.needs_file && !wait.restarted, "%s", c->what);
    wait_resolve(&wait, WAIT_FILE_TERMINAL); /* changes nothing here */
    ck_assert_msg(wait.kind == c->kind, "%s after resolving", c->what);
}
END_TEST

/* What reading and writing wait for depends on the file. */
static const struct {
    long number;
    bool writes;
    enum wait_kind kinds[4]; /* in the order of enum wait_file */
} transfers[] = {
    {SYS_read, false, {WAIT_TERMINAL, WAIT_RECEIVE, WAIT_PIPE, WAIT_OTHER}},
    {SYS_readv, false, {WAIT_TERMINAL, WAIT_RECEIVE, WAIT_PIPE, WAIT_OTHER}},
    {SYS_write, true, {WAIT_OTHER, WAIT_SEND, WAIT_PIPE, WAIT_OTHER}},
    {SYS_writev, true, {WAIT_OTHER, WAIT_SEND, WAIT_PIPE, WAIT_OTHER}},
    {SYS_sendfile, true, {WAIT_OTHER, WAIT_SEND, WAIT_PIPE, WAIT_OTHER}},
};

START_TEST(the_file_says_what_a_transfer_waits_for)
{
    for (int file = WAIT_FILE_TERMINAL; file <= WAIT_FILE_OTHER; file++) {
        struct procfs_syscall call = {.number = transfers[_i].number,
                                      .args = {8}};
        struct wait wait = wait_of(&call);

        ck_assert(wait.needs_file);
        ck_assert_int_eq(wait.fd, 8);
        ck_assert_int_eq(wait.writes, transfers[_i].writes);
        wait_resolve(&wait, (enum wait_file)file);
        ck_assert(!wait.needs_file);
        ck_assert_int_eq(wait.kind, transfers[_i].kinds[file]);
    }
}
END_TEST

START_TEST(a_running_thread_waits_for_nothing)
{
    struct procfs_syscall call = {.running = true, .number = SYS_read};
    struct wait wait = wait_of(&call);

    ck_assert_int_eq(wait.kind, WAIT_RUNNING);
    ck_assert_int_eq(wait.fd, -1);
    ck_assert(!wait.needs_file);
}
END_TEST

START_TEST(a_restarted_call_is_told_as_such)
{
    struct procfs_syscall call = {.number = SYS_restart_syscall};
    struct wait wait = wait_of(&call);

    ck_assert(wait.restarted);
    ck_assert(wait.timed);
}
END_TEST

START_TEST(every_kind_has_a_name_of_its_own)
{
    for (int a = 0; a < WAIT_KINDS; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(wait_name((enum wait_kind)a),
                             wait_name((enum wait_kind)b));
    ck_assert_str_eq(wait_name(WAIT_KINDS), "other");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
    Suite *suite = suite_create("wait");
    TCase *waits = tcase_create("waits");

    tcase_add_loop_test(waits, a_call_says_what_is_waited_for, 0, COUNT(cases));
    tcase_add_loop_test(waits, the_file_says_what_a_transfer_waits_for, 0,
                        COUNT(transfers));
    tcase_add_test(waits, a_running_thread_waits_for_nothing);
    tcase_add_test(waits, a_restarted_call_is_told_as_such);
    tcase_add_test(waits, every_kind_has_a_name_of_its_own);
    suite_add_tcase(suite, waits);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
