/*
 * test_chat_record.c - who is here, who was here, and who is forgotten
 */
#include "core/chat_record.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 3
#define T1 "2025-02-08 20:08:47"
#define T2 "2025-02-08 20:10:10"

static struct chat_visit room[ROOM];
static struct chat_record record;

static void
begin(void)
{
    memset(room, 0xAA, sizeof room);
    chat_record_init(&record, room, ROOM);
}

/* Compares the whole record with its lines, each with a line end. */
static void
assert_lines(const char *expected)
{
    char text[ROOM * CHAT_VISIT_MAX] = "", line[CHAT_VISIT_MAX];

    for (size_t i = 0; i < record.count; i++) {
        chat_visit_write(&record.visit[i], line, sizeof line);
        strcat(strcat(text, line), "\n");
    }
    ck_assert_str_eq(text, expected);
}

START_TEST(clients_are_numbered_as_they_come)
{
    ck_assert_int_eq(chat_record_enter(&record, T1), 1);
    ck_assert_int_eq(chat_record_enter(&record, T2), 2);
    assert_lines("Client01 connected at " T1 "\n"
                 "Client02 connected at " T2 "\n");
    chat_record_leave(&record, 1, T2);
    assert_lines("Client01 connected at " T1 ", left at " T2 "\n"
                 "Client02 connected at " T2 "\n");
    ck_assert_int_eq(chat_record_enter(&record, T2), 3);
}
END_TEST

START_TEST(the_first_that_has_left_is_forgotten_first)
{
    for (int i = 1; i <= 3; i++)
        chat_record_enter(&record, T1);
    chat_record_leave(&record, 3, T2);
    chat_record_leave(&record, 2, T2);
    ck_assert_int_eq(chat_record_enter(&record, T2), 4);
    assert_lines("Client01 connected at " T1 "\n"
                 "Client03 connected at " T1 ", left at " T2 "\n"
                 "Client04 connected at " T2 "\n");
    ck_assert_int_eq(chat_record_enter(&record, T2), 5);
    for (int number = 1; number <= 5; number += number == 1 ? 3 : 1)
        ck_assert_int_eq(chat_record_find(&record, number)->number, number);
}
END_TEST

START_TEST(a_client_chooses_its_name)
{
    chat_record_enter(&record, T1);
    ck_assert_ptr_null(chat_record_rename(&record, 1, " Two Words\t"));
    ck_assert_str_eq(chat_record_find(&record, 1)->name, "Two Words");
    assert_lines("Client01 (Two Words) connected at " T1 "\n");
    ck_assert_ptr_null(chat_record_rename(&record, 1, "  "));
    ck_assert_str_eq(chat_record_find(&record, 1)->name, "Two Words");
}
END_TEST

START_TEST(an_empty_name_keeps_the_given_one)
{
    chat_record_enter(&record, T1);
    ck_assert_ptr_null(chat_record_rename(&record, 1, ""));
    ck_assert_ptr_null(chat_record_rename(&record, 1, "Client01"));
    assert_lines("Client01 connected at " T1 "\n");
    ck_assert_ptr_nonnull(chat_record_rename(&record, 1, "Client02"));
    ck_assert_ptr_nonnull(chat_record_rename(&record, 1, "a:b"));
    assert_lines("Client01 connected at " T1 "\n");
}
END_TEST

START_TEST(a_name_is_free_when_its_owner_has_left)
{
    chat_record_enter(&record, T1);
    chat_record_enter(&record, T1);
    ck_assert_ptr_null(chat_record_rename(&record, 1, "A"));
    ck_assert_str_eq(chat_record_rename(&record, 2, "A"),
                     "somebody else has it");
    chat_record_leave(&record, 1, T2);
    ck_assert_ptr_null(chat_record_rename(&record, 2, "A"));
}
END_TEST

START_TEST(a_name_of_any_length_is_judged)
{
    char name[CHAT_LINE_MAX + 1];

    chat_record_enter(&record, T1);
    for (size_t length = 1; length <= CHAT_LINE_MAX; length++) {
        memset(name, 'n', length);
        name[length] = '\0';
        ck_assert_int_eq(chat_record_rename(&record, 1, name) == NULL,
                         length <= CHAT_NAME_MAX);
    }
    ck_assert_uint_eq(strlen(chat_record_find(&record, 1)->name),
                      CHAT_NAME_MAX);
}
END_TEST

START_TEST(the_longest_line_fits)
{
    struct chat_visit visit = {.number = 2147483647, .came = T1, .left = T2};
    char line[CHAT_VISIT_MAX];

    memset(visit.name, 'n', CHAT_NAME_MAX);
    chat_visit_write(&visit, line, sizeof line);
    ck_assert_str_eq(line + strlen(line) - strlen(T2), T2);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("core/chat_record");
    TCase *tests = tcase_create("record");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, begin, NULL);
    tcase_add_test(tests, clients_are_numbered_as_they_come);
    tcase_add_test(tests, the_first_that_has_left_is_forgotten_first);
    tcase_add_test(tests, a_client_chooses_its_name);
    tcase_add_test(tests, an_empty_name_keeps_the_given_one);
    tcase_add_test(tests, a_name_is_free_when_its_owner_has_left);
    tcase_add_test(tests, a_name_of_any_length_is_judged);
    tcase_add_test(tests, the_longest_line_fits);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
