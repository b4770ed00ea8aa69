/*
 * test_sum.c - every way to write a name and a number, and every wrong one
 */
#include "core/sum.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    enum sum_result result;
    int number;
} numbers[] = {
    {"0", SUM_READY, 0},
    {"17", SUM_READY, 17},
    {"+17", SUM_READY, 17},
    {"-5", SUM_READY, -5},
    {" \t 101 \r", SUM_READY, 101},
    {"0000000000000000000007", SUM_READY, 7},
    {"999999999", SUM_READY, 999999999},
    {"-999999999", SUM_READY, -999999999},
    {"1000000000", SUM_TOO_LARGE, 0},
    {"-1000000000", SUM_TOO_LARGE, 0},
    {"99999999999999999999999999", SUM_TOO_LARGE, 0},
    {"9999999990", SUM_TOO_LARGE, 0},
    {"", SUM_EMPTY, 0},
    {"  ", SUM_EMPTY, 0},
    {"-", SUM_NOT_INTEGER, 0},
    {"+", SUM_NOT_INTEGER, 0},
    {"--5", SUM_NOT_INTEGER, 0},
    {"- 5", SUM_NOT_INTEGER, 0},
    {"4.5", SUM_NOT_INTEGER, 0},
    {"4,5", SUM_NOT_INTEGER, 0},
    {"1e2", SUM_NOT_INTEGER, 0},
    {"0x10", SUM_NOT_INTEGER, 0},
    {"4 5", SUM_NOT_INTEGER, 0},
    {"seven", SUM_NOT_INTEGER, 0},
    {"99999999999999999999x", SUM_NOT_INTEGER, 0},
};

START_TEST(a_number_is_read)
{
    int number = 12345;

    ck_assert_int_eq(sum_read_number(numbers[_i].text, &number),
                     numbers[_i].result);
    ck_assert_int_eq(
        number, numbers[_i].result == SUM_READY ? numbers[_i].number : 12345);
}
END_TEST

#define NAME_64                                                                \
    "abcdefghijklmnopqrstuvwxyz.ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789"

static const struct {
    const char *text;
    enum sum_result result;
    const char *name;
    int number;
} sentences[] = {
    {"Client of Student: 17", SUM_READY, "Student", 17},
    {"Server of Lab: 42", SUM_READY, "Lab", 42},
    {"Client of Two Words: -5", SUM_READY, "Two Words", -5},
    {"  client   of\tStudent  :  17  ", SUM_READY, "Student", 17},
    {"CLIENT OF A:1", SUM_READY, "A", 1},
    {"Student: 17", SUM_READY, "Student", 17},
    {"Student:17", SUM_READY, "Student", 17},
    {"Client of A: B: 3", SUM_READY, "A: B", 3},
    {"Client: 3", SUM_READY, "Client", 3},
    {"Clients of A: 3", SUM_READY, "Clients of A", 3},
    {"Client offer: 3", SUM_READY, "Client offer", 3},
    {"Client of Client of A: 3", SUM_READY, "Client of A", 3},
    {"Client of \033[2J: 3", SUM_READY, "?[2J", 3},
    {NAME_64 ": 1", SUM_READY, NAME_64, 1},
    {NAME_64 "+: 1", SUM_LONG_NAME, "", 0},
    {"", SUM_EMPTY, "", 0},
    {" \t", SUM_EMPTY, "", 0},
    {"17", SUM_NO_COLON, "", 0},
    {"Client of Student 17", SUM_NO_COLON, "", 0},
    {": 17", SUM_NO_NAME, "", 0},
    {"Client of : 17", SUM_NO_NAME, "", 0},
    {"Client of: 17", SUM_NO_NAME, "", 0},
    {"Client of Student:", SUM_NOT_INTEGER, "", 0},
    {"Client of Student: ", SUM_NOT_INTEGER, "", 0},
    {"Client of Student: x", SUM_NOT_INTEGER, "", 0},
    {"Client of Student: 1.5", SUM_NOT_INTEGER, "", 0},
    {"Client of Student: 12345678901", SUM_TOO_LARGE, "", 0},
};

START_TEST(a_sentence_is_read)
{
    struct sum_pair pair = {.name = "", .number = 0};

    ck_assert_int_eq(sum_read(sentences[_i].text, &pair), sentences[_i].result);
    ck_assert_str_eq(pair.name, sentences[_i].name);
    ck_assert_int_eq(pair.number, sentences[_i].number);
}
END_TEST

START_TEST(what_is_written_can_be_read)
{
    struct sum_pair pair = {.name = NAME_64, .number = -SUM_NUMBER_MAX}, back;
    char text[SUM_LINE_MAX + 1];

    sum_write(SUM_CLIENT, &pair, text, sizeof text);
    ck_assert_str_eq(text, "Client of " NAME_64 ": -999999999");
    ck_assert_int_eq(sum_read(text, &back), SUM_READY);
    ck_assert_str_eq(back.name, pair.name);
    ck_assert_int_eq(back.number, pair.number);
    sum_write(SUM_SERVER, &pair, text, sizeof text);
    ck_assert_str_eq(text, "Server of " NAME_64 ": -999999999");
}
END_TEST

START_TEST(one_to_a_hundred_goes_on)
{
    ck_assert(sum_is_in_range(1));
    ck_assert(sum_is_in_range(100));
    ck_assert(!sum_is_in_range(0));
    ck_assert(!sum_is_in_range(101));
    ck_assert(!sum_is_in_range(-5));
}
END_TEST

START_TEST(a_name_is_one_line)
{
    ck_assert(sum_is_name("Two Words"));
    ck_assert(sum_is_name(NAME_64));
    ck_assert(!sum_is_name(NAME_64 "+"));
    ck_assert(!sum_is_name(""));
    ck_assert(!sum_is_name("  "));
    ck_assert(!sum_is_name("a\nb"));
}
END_TEST

START_TEST(every_result_has_its_words)
{
    for (int one = 0; one < SUM_RESULTS; one++) {
        ck_assert_ptr_nonnull(sum_why((enum sum_result)one));
        for (int other = 0; other < one; other++)
            ck_assert_str_ne(sum_why((enum sum_result)one),
                             sum_why((enum sum_result)other));
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("core/sum");
    TCase *tests = tcase_create("rules");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, a_number_is_read, 0,
                        sizeof numbers / sizeof numbers[0]);
    tcase_add_loop_test(tests, a_sentence_is_read, 0,
                        sizeof sentences / sizeof sentences[0]);
    tcase_add_test(tests, what_is_written_can_be_read);
    tcase_add_test(tests, one_to_a_hundred_goes_on);
    tcase_add_test(tests, a_name_is_one_line);
    tcase_add_test(tests, every_result_has_its_words);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
