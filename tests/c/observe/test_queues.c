/*
 * test_queues.c - what waits at an interface is read without touching it
 *
 * Needs no privilege: it looks at the loopback interface as it is.
 */
#include "observe/queues.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(an_interface_that_holds_nothing_has_nothing_waiting)
{
    struct queue_level level = {.packets = 7};
    int index = 0, fd = queues_open("lo", &index);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_gt(index, 0);
    for (int i = 0; i < 3; i++) { /* no answer is left over from before */
        ck_assert_int_eq(queues_read(fd, index, &level), 0);
        ck_assert_uint_eq(level.packets, 0);
    }
    close(fd);
}
END_TEST

START_TEST(an_interface_that_is_not_there_is_an_error)
{
    struct queue_level level;
    int index = -5, fd = queues_open("none0", &index);

    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(errno, ENODEV);
    ck_assert_int_eq(index, -5);
    fd = queues_open("lo", &index);
    ck_assert_int_eq(queues_read(fd, 123456, &level), -1);
    ck_assert_int_eq(errno, ENODEV);
    close(fd);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("queues");
    TCase *tests = tcase_create("queues");

    tcase_add_test(tests, an_interface_that_holds_nothing_has_nothing_waiting);
    tcase_add_test(tests, an_interface_that_is_not_there_is_an_error);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
