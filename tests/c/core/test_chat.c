/*
 * test_chat.c - states, commands, names and the head of a file
 */
#include "core/chat.h"
#include "core/chat_asked.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rules once more, as sentences: what changes a state, and nothing else. */
static enum chat_state
expected_state(enum chat_state state, enum chat_event event)
{
    if (state == CHAT_GONE || event == CHAT_BREAKS)
        return CHAT_GONE;
    if (state == CHAT_CLOSING)
        return event == CHAT_ENDS ? CHAT_GONE : CHAT_CLOSING;
    if (event == CHAT_EXITS)
        return CHAT_CLOSING;
    if (event == CHAT_ENDS)
        return CHAT_ENDING;
    if (event == CHAT_NAMES_ITSELF && state == CHAT_NAMING)
        return CHAT_TALKING;
    if (event == CHAT_HEARD_ALL && state == CHAT_ENDING)
        return CHAT_GONE;
    return state;
}

START_TEST(every_event_leads_to_its_state)
{
    for (int state = 0; state < CHAT_STATES; state++) {
        for (int event = 0; event < CHAT_EVENTS; event++) {
            enum chat_state from = (enum chat_state)state;
            enum chat_event what = (enum chat_event)event;

            ck_assert_int_eq(chat_next(from, what), expected_state(from, what));
        }
    }
}
END_TEST

START_TEST(who_is_leaving_has_no_place)
{
    ck_assert(chat_has_place(CHAT_NAMING));
    ck_assert(chat_has_place(CHAT_TALKING));
    ck_assert(chat_has_place(CHAT_ENDING));
    ck_assert(!chat_has_place(CHAT_CLOSING));
    ck_assert(!chat_has_place(CHAT_GONE));
}
END_TEST

static const struct {
    const char *line;
    enum chat_command command;
    const char *name;
} commands[] = {
    {"status", CHAT_STATUS, "status"},
    {" status\t", CHAT_STATUS, " status\t"},
    {"list", CHAT_LIST, "list"},
    {"exit", CHAT_EXIT, "exit"},
    {"exit ", CHAT_EXIT, "exit "},
    {"get a.txt", CHAT_GET, "a.txt"},
    {"  get a b", CHAT_GET, "a b"},
    {"get  a ", CHAT_GET, " a "},
    {"get", CHAT_GET, ""},
    {"get ", CHAT_GET, ""},
    {"get list", CHAT_GET, "list"},
    {"", CHAT_SAYS, ""},
    {"  ", CHAT_SAYS, "  "},
    {"hello", CHAT_SAYS, "hello"},
    {"Status", CHAT_SAYS, "Status"},
    {"statuses", CHAT_SAYS, "statuses"},
    {"status now", CHAT_SAYS, "status now"},
    {"exiting", CHAT_SAYS, "exiting"},
    {"getting on", CHAT_SAYS, "getting on"},
    {"get\ta", CHAT_SAYS, "get\ta"},
    {"a.txt", CHAT_SAYS, "a.txt"},
};

START_TEST(a_command_is_known)
{
    const char *name;

    ck_assert_int_eq(chat_command(commands[_i].line, &name),
                     commands[_i].command);
    ck_assert_str_eq(name, commands[_i].name);
}
END_TEST

START_TEST(a_name_is_nobody_elses)
{
    static const char *const good[] = {"A",
                                       "Two Words",
                                       "Client",
                                       "Client 1",
                                       "Client01b",
                                       "File",
                                       "File.txt",
                                       "gr\xC3\xBCn",
                                       "client01",
                                       "Filet",
                                       "12345678901234567890123456789012"};
    static const char *const bad[] = {
        "Client01", "Client4711",
        "File a",   "a: b",
        "\033[2J",  "a\tb",
        "File ",    "12345678901234567890123456789012+"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_ptr_null(chat_name_fault(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_ptr_nonnull(chat_name_fault(bad[i]));
}
END_TEST

/* 255 bytes. */
static void
write_long_name(char *name)
{
    memset(name, 'n', CHAT_FILE_MAX);
    name[CHAT_FILE_MAX] = '\0';
}

START_TEST(a_file_name_leads_nowhere_else)
{
    static const char *const good[] = {"a",    "a.txt", " a b ", "a..b",
                                       "a..",  "-rf",   "~",     "\\..\\a",
                                       "%2e.", "\xFF",  "*",     "gr\xC3\xBCn"};
    static const char *const bad[] = {
        "",        ".",      "..",     "../a", "/",     "/etc/passwd",
        "a/b",     "./a",    "a/../b", "a/",   ".a",    "...",
        "a\nb",    "a\001b", "a\177b", "a\tb", "\033a", "\xC2\x85",
        "..//..//"};
    char name[CHAT_FILE_MAX + 2];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(chat_is_file_name(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!chat_is_file_name(bad[i]), "%s", bad[i]);
    write_long_name(name);
    ck_assert(chat_is_file_name(name));
    ck_assert(!chat_is_file_name(strcat(name, "n")));
}
END_TEST

static const struct {
    const char *line;
    const char *name; /* NULL: it is no head of a file */
    int64_t size;
} heads[] = {
    {"File a.txt: 5 bytes", "a.txt", 5},
    {"File a: 0 bytes", "a", 0},
    {"File a: 1 bytes", "a", 1},
    {"File a b: 7 bytes", "a b", 7},
    {"File a: 1 bytes: 2 bytes", "a: 1 bytes", 2},
    {"File a: : 2 bytes", "a: ", 2},
    {"File a: 123456789012345678 bytes", "a", 123456789012345678},
    {"File a: 1234567890123456789 bytes", NULL, 0},
    {"File a: 99999999999999999999999 bytes", NULL, 0},
    {"File a: -1 bytes", NULL, 0},
    {"File a:  bytes", NULL, 0},
    {"File a: bytes", NULL, 0},
    {"File a 5 bytes", NULL, 0},
    {"File a:5 bytes", NULL, 0},
    {"File : 5 bytes", NULL, 0},
    {"File 5 bytes", NULL, 0},
    {"File  bytes", NULL, 0},
    {"File bytes", NULL, 0},
    {" bytes", NULL, 0},
    {"", NULL, 0},
    {"file a: 5 bytes", NULL, 0},
    {" File a: 5 bytes", NULL, 0},
    {"File a: 5 bytes ", NULL, 0},
    {"File a: 5 bytes ACK", NULL, 0},
    {"File ../a: 5 bytes", NULL, 0},
    {"File .a: 5 bytes", NULL, 0},
    {"Client01: File a: 5 bytes", NULL, 0},
};

START_TEST(the_head_of_a_file_is_known)
{
    size_t length = strlen(heads[_i].line);
    char *line = malloc(length + 1); /* so that a sanitizer guards its edges */
    char name[CHAT_FILE_MAX + 1];
    int64_t size = 0;
    bool known;

    memcpy(line, heads[_i].line, length + 1);
    known = chat_read_file_head(line, name, &size);
    ck_assert_int_eq(known, heads[_i].name != NULL);
    if (known) {
        ck_assert_str_eq(name, heads[_i].name);
        ck_assert_int_eq(size, heads[_i].size);
    }
    free(line);
}
END_TEST

START_TEST(the_longest_head_can_be_read)
{
    char wanted[CHAT_FILE_MAX + 1], name[CHAT_FILE_MAX + 1];
    char line[CHAT_SENTENCE_MAX];
    int64_t size;

    write_long_name(wanted);
    snprintf(line, sizeof line, CHAT_FILE_HEAD, wanted, 1LL);
    ck_assert(chat_read_file_head(line, name, &size));
    ck_assert_str_eq(name, wanted);
    snprintf(line, sizeof line, "File n%s: 1 bytes", wanted);
    ck_assert(!chat_read_file_head(line, name, &size));
}
END_TEST

START_TEST(only_a_file_that_was_asked_for_is_taken)
{
    struct chat_asked asked;

    chat_asked_init(&asked);
    ck_assert(!chat_asked_take(&asked, "a"));
    ck_assert(!chat_asked_take(&asked, ""));
    chat_asked_note(&asked, "get a");
    chat_asked_note(&asked, "b c");
    chat_asked_note(&asked, "list");
    chat_asked_note(&asked, "get ../d");
    ck_assert(!chat_asked_take(&asked, "list"));
    ck_assert(!chat_asked_take(&asked, "../d"));
    ck_assert(chat_asked_take(&asked, "b c"));
    ck_assert(!chat_asked_take(&asked, "b c"));
    ck_assert(chat_asked_take(&asked, "a"));
    ck_assert(!chat_asked_take(&asked, "a"));
}
END_TEST

START_TEST(the_oldest_question_is_forgotten)
{
    struct chat_asked asked;
    char line[32];

    chat_asked_init(&asked);
    for (int i = 0; i <= CHAT_ASKED_MAX; i++) {
        snprintf(line, sizeof line, "get %d", i);
        chat_asked_note(&asked, line);
    }
    ck_assert(!chat_asked_take(&asked, "0"));
    for (int i = 1; i <= CHAT_ASKED_MAX; i++) {
        snprintf(line, sizeof line, "%d", i);
        ck_assert(chat_asked_take(&asked, line));
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("core/chat");
    TCase *tests = tcase_create("rules");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tests, every_event_leads_to_its_state);
    tcase_add_test(tests, who_is_leaving_has_no_place);
    tcase_add_loop_test(tests, a_command_is_known, 0,
                        sizeof commands / sizeof commands[0]);
    tcase_add_test(tests, a_name_is_nobody_elses);
    tcase_add_test(tests, a_file_name_leads_nowhere_else);
    tcase_add_loop_test(tests, the_head_of_a_file_is_known, 0,
                        sizeof heads / sizeof heads[0]);
    tcase_add_test(tests, the_longest_head_can_be_read);
    tcase_add_test(tests, only_a_file_that_was_asked_for_is_taken);
    tcase_add_test(tests, the_oldest_question_is_forgotten);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
