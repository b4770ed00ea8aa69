/*
 * test_text.c - what is blank, and what may be shown at a terminal
 */
#include "core/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *shown;
    bool blank, plain;
} cases[] = {
    {"", "", true, true},
    {" \t\r\n", " \t??", true, false},
    {"a b", "a b", false, true},
    {"a\tb", "a\tb", false, false},
    {"\033[2J", "?[2J", false, false},
    {"a\001\177b", "a??b", false, false},
    {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F", false, true},
    {"a\xC2\x9B"
     "b",
     "a??b", false, false},
    {"\xC2\xA0", "\xC2\xA0", false, true},
    {"\xFF\xC2", "\xFF\xC2", false, true},
};

START_TEST(a_text_is_known)
{
    char shown[32];

    strcpy(shown, cases[_i].text);
    ck_assert_int_eq(text_is_blank(shown), cases[_i].blank);
    ck_assert_int_eq(text_is_plain(shown), cases[_i].plain);
    text_make_plain(shown);
    ck_assert_str_eq(shown, cases[_i].shown);
}
END_TEST

START_TEST(blanks_in_front_are_skipped)
{
    ck_assert_str_eq(text_skip_blanks(" \t a "), "a ");
    ck_assert_str_eq(text_skip_blanks("  "), "");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("core/text");
    TCase *tests = tcase_create("texts");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, a_text_is_known, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tests, blanks_in_front_are_skipped);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
