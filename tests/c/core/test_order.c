/*
 * test_order.c - the rules of the lab `order`
 */
#include "core/order.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/*
 * The same rules told in another way: what the server remembers, instead of
 * the names of states. Every cell of the table must agree with it.
 */
struct memory {
    int connected; /* clients */
    char spoke[3]; /* letters in the order of speaking */
    char left;     /* the letter of who left first, or 0 */
};

static const struct memory meaning[ORDER_STATES] = {
    [ORDER_NOBODY] = {0, "", 0},       [ORDER_ONE] = {1, "", 0},
    [ORDER_BOTH] = {2, "", 0},         [ORDER_X_FIRST] = {2, "X", 0},
    [ORDER_Y_FIRST] = {2, "Y", 0},     [ORDER_X_BEFORE_Y] = {2, "XY", 0},
    [ORDER_Y_BEFORE_X] = {2, "YX", 0}, [ORDER_X_LEFT] = {2, "", 'X'},
    [ORDER_Y_LEFT] = {2, "", 'Y'},
};

static struct memory
remember(struct memory now, enum order_event event)
{
    bool is_x = event == ORDER_X_SPEAKS || event == ORDER_X_LEAVES;
    bool speaks = event == ORDER_X_SPEAKS || event == ORDER_Y_SPEAKS;
    char letter = is_x ? 'X' : 'Y';
    size_t count = strlen(now.spoke);

    if (now.left != 0)
        return now;
    if (event == ORDER_CONNECTS) {
        now.connected += now.connected < 2;
        return now;
    }
    if (now.connected < (is_x ? 1 : 2)) /* it is not there yet */
        return now;
    if (!speaks)
        return (struct memory){2, "", letter};
    if (now.connected == 2 && strchr(now.spoke, letter) == NULL)
        now.spoke[count] = letter;
    return now;
}

START_TEST(every_cell_of_the_table_follows_the_rules)
{
    for (int event = 0; event < ORDER_EVENTS; event++) {
        struct memory want = remember(meaning[_i], (enum order_event)event);
        struct memory got =
            meaning[order_next((enum order_state)_i, (enum order_event)event)];

        ck_assert_msg(want.connected == got.connected &&
                          strcmp(want.spoke, got.spoke) == 0 &&
                          want.left == got.left,
                      "state %d, event %d", _i, event);
    }
}
END_TEST

START_TEST(every_state_can_be_reached_and_is_distinct)
{
    bool reached[ORDER_STATES] = {[ORDER_NOBODY] = true};

    for (int round = 0; round < ORDER_STATES; round++) {
        for (int state = 0; state < ORDER_STATES; state++) {
            for (int event = 0; reached[state] && event < ORDER_EVENTS; event++)
                reached[order_next((enum order_state)state,
                                   (enum order_event)event)] = true;
        }
    }
    for (int state = 0; state < ORDER_STATES; state++)
        ck_assert_msg(reached[state], "state %d", state);
}
END_TEST

START_TEST(events_and_letters_belong_to_labels)
{
    ck_assert_int_eq(order_speaks(ORDER_X), ORDER_X_SPEAKS);
    ck_assert_int_eq(order_speaks(ORDER_Y), ORDER_Y_SPEAKS);
    ck_assert_int_eq(order_leaves(ORDER_X), ORDER_X_LEAVES);
    ck_assert_int_eq(order_leaves(ORDER_Y), ORDER_Y_LEAVES);
    ck_assert_int_eq(order_letter(ORDER_X), 'X');
    ck_assert_int_eq(order_letter(ORDER_Y), 'Y');
}
END_TEST

START_TEST(number_is_the_place_in_the_order_of_arrival)
{
    static const int numbers[ORDER_STATES][2] = {
        [ORDER_X_FIRST] = {1, 0},
        [ORDER_Y_FIRST] = {0, 1},
        [ORDER_X_BEFORE_Y] = {1, 2},
        [ORDER_Y_BEFORE_X] = {2, 1},
    };
    struct order_session session;

    order_start(&session);
    for (int state = 0; state < ORDER_STATES; state++) {
        session.state = (enum order_state)state;
        ck_assert_int_eq(order_number(&session, ORDER_X), numbers[state][0]);
        ck_assert_int_eq(order_number(&session, ORDER_Y), numbers[state][1]);
    }
}
END_TEST

static const char *const messages[][2] = {
    {"Alice", "Alice"},
    {"  Alice \r", "Alice"},
    {"Client X: Alice", "Alice"},
    {"Client Y: Alice", "Alice"},
    {"client y :Alice", "Alice"},
    {"ClientX: Alice", "Alice"},
    {" X: Alice", "Alice"},
    {"Y:Alice", "Alice"},
    {"X: Y: Alice", "Y: Alice"}, /* one label only */
    {"Client Z: Alice", "Client Z: Alice"},
    {"Client", "Client"},
    {"Client X", "Client X"},
    {"Client X:", "Client X:"},
    {"X:  ", "X:"},
    {"X", "X"},
    {"Xaver: hello", "Xaver: hello"},
    {"yes: it is", "yes: it is"},
    {"Anna Maria", "Anna Maria"},
    {":", ":"},
};
#define MESSAGES (sizeof messages / sizeof messages[0])

START_TEST(a_message_is_kept_without_label_and_blanks)
{
    struct order_session session;

    order_start(&session);
    order_hear(&session, ORDER_Y, messages[_i][0]);
    ck_assert_str_eq(session.message[ORDER_Y], messages[_i][1]);
    ck_assert_str_eq(session.message[ORDER_X], "");
}
END_TEST

START_TEST(a_message_of_any_length_stays_inside_its_room)
{
    char text[2 * ORDER_MESSAGE_MAX];
    struct order_session session;

    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    order_start(&session);
    order_hear(&session, ORDER_X, text);
    ck_assert_uint_eq(strlen(session.message[ORDER_X]), ORDER_MESSAGE_MAX);
    ck_assert_str_eq(session.message[ORDER_Y], "");
}
END_TEST

START_TEST(blank_is_what_has_no_visible_byte)
{
    ck_assert(order_is_blank(""));
    ck_assert(order_is_blank(" \t\r"));
    ck_assert(!order_is_blank("  a "));
}
END_TEST

/* A session with both connected, and what then happened. */
static struct order_session
session_after(const enum order_event *events, int count, const char *x,
              const char *y)
{
    struct order_session session;

    order_start(&session);
    session.state = order_next(session.state, ORDER_CONNECTS);
    session.state = order_next(session.state, ORDER_CONNECTS);
    for (int i = 0; i < count; i++)
        session.state = order_next(session.state, events[i]);
    if (x != NULL)
        order_hear(&session, ORDER_X, x);
    if (y != NULL)
        order_hear(&session, ORDER_Y, y);
    return session;
}

static void
check_outcome(const struct order_session *session, const char *expected)
{
    char text[ORDER_SENTENCE_MAX];

    ck_assert(order_is_over(session));
    order_outcome(session, text, sizeof text);
    ck_assert_str_eq(text, expected);
}

START_TEST(the_answer_follows_the_order_of_arrival)
{
    const enum order_event x_first[] = {ORDER_X_SPEAKS, ORDER_Y_SPEAKS};
    const enum order_event y_first[] = {ORDER_Y_SPEAKS, ORDER_X_SPEAKS};
    struct order_session session;

    session = session_after(x_first, 2, "Alice", "Bob");
    check_outcome(&session, "X: Alice received before Y: Bob");
    session = session_after(y_first, 2, "Alice", "Bob");
    check_outcome(&session, "Y: Bob received before X: Alice");
    session = session_after(y_first, 2, "same", "same");
    check_outcome(&session, "Y: same received before X: same");
}
END_TEST

START_TEST(the_session_is_not_over_before_both_messages_are_whole)
{
    const enum order_event both[] = {ORDER_X_SPEAKS, ORDER_Y_SPEAKS};
    struct order_session session;

    session = session_after(both, 0, NULL, NULL);
    ck_assert(!order_is_over(&session));
    session = session_after(both, 1, "Alice", NULL);
    ck_assert(!order_is_over(&session));
    session = session_after(both, 2, NULL, "Bob");
    ck_assert(!order_is_over(&session));
    session = session_after(both, 2, "Alice", "Bob");
    ck_assert(order_is_over(&session));
    ck_assert(!order_has_failed(&session));
}
END_TEST

START_TEST(who_leaves_first_ends_the_session)
{
    const enum order_event x_leaves[] = {ORDER_X_LEAVES, ORDER_Y_LEAVES};
    const enum order_event y_leaves[] = {ORDER_X_SPEAKS, ORDER_Y_LEAVES};
    struct order_session session;

    session = session_after(x_leaves, 2, NULL, NULL);
    ck_assert(order_has_failed(&session));
    check_outcome(&session, "Client X left before it sent a message");
    session = session_after(y_leaves, 2, "Alice", NULL);
    ck_assert(order_has_failed(&session));
    check_outcome(&session, "Client Y left before it sent a message");
}
END_TEST

START_TEST(the_longest_answer_fits)
{
    const enum order_event both[] = {ORDER_X_SPEAKS, ORDER_Y_SPEAKS};
    char x[ORDER_MESSAGE_MAX + 1], y[ORDER_MESSAGE_MAX + 1];
    char expected[2 * ORDER_SENTENCE_MAX], text[ORDER_SENTENCE_MAX];
    struct order_session session;

    memset(x, 'a', sizeof x);
    memset(y, 'b', sizeof y);
    x[ORDER_MESSAGE_MAX] = y[ORDER_MESSAGE_MAX] = '\0';
    session = session_after(both, 2, x, y);
    order_outcome(&session, text, sizeof text);
    snprintf(expected, sizeof expected, "X: %s received before Y: %s", x, y);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_lt(strlen(text) + 2, ORDER_SENTENCE_MAX);
}
END_TEST

/* The handout's own sentences, written out once more. */
START_TEST(the_sentences_are_those_of_the_handout)
{
    char text[128];

    ck_assert_str_eq(ORDER_WAITING,
                     "The server is waiting to receive 2 connections....");
    snprintf(text, sizeof text, ORDER_ACCEPTED, "first", 'X');
    ck_assert_str_eq(text, "Accepted first connection, calling it client X");
    ck_assert_str_eq(
        ORDER_ASKING,
        "Waiting to receive messages from client X and client Y....");
    snprintf(text, sizeof text, ORDER_SENT, 'Y', 2, "Second_message");
    ck_assert_str_eq(text, "Client Y sent message 2: Second_message");
    ck_assert_str_eq(ORDER_ACKNOWLEDGED, "Sent acknowledgment to both X and Y");
    ck_assert_str_eq(ORDER_CLOSING,
                     "Waiting a bit for clients to close their connections");
    ck_assert_str_eq(ORDER_DONE, "Done.");
    snprintf(text, sizeof text, ORDER_GREETING, 'X');
    ck_assert_str_eq(text, "Client X connected");
    snprintf(text, sizeof text, ORDER_FROM_SERVER, "Client X connected");
    ck_assert_str_eq(text, "From Server: Client X connected");
    ck_assert_str_eq(ORDER_PROMPT, "Enter message to send to server: ");
}
END_TEST

START_TEST(the_client_understands_other_servers)
{
    ck_assert(order_is_greeting("Client X connected"));
    ck_assert(order_is_greeting("From Server: Client Y Connected."));
    ck_assert(!order_is_greeting("Client X con"));
    ck_assert(order_is_answer("X: Alice received before Y: Bob"));
    ck_assert(order_is_answer("From Server: Y: Bob recieved Before X: Al"));
    ck_assert(order_is_answer("X: I left before received before Y: Bob"));
    ck_assert(!order_is_answer("X: Alice"));
    ck_assert(!order_is_answer("Client X left before it sent a message"));
    ck_assert(!order_is_answer(
        "From Server: Client Y left before it sent a message"));
    ck_assert(!order_is_answer(ORDER_EMPTY_MESSAGE));
    ck_assert(!order_is_answer(ORDER_LONG_MESSAGE));
    ck_assert_str_eq(order_without_sender("From Server: hello"), "hello");
    ck_assert_str_eq(order_without_sender(" from server:hello"), "hello");
    ck_assert_str_eq(order_without_sender("hello"), "hello");
    ck_assert_str_eq(order_without_sender("From Server"), "From Server");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("order");
    TCase *tests = tcase_create("order");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, every_cell_of_the_table_follows_the_rules, 0,
                        ORDER_STATES);
    tcase_add_test(tests, every_state_can_be_reached_and_is_distinct);
    tcase_add_test(tests, events_and_letters_belong_to_labels);
    tcase_add_test(tests, number_is_the_place_in_the_order_of_arrival);
    tcase_add_loop_test(tests, a_message_is_kept_without_label_and_blanks, 0,
                        MESSAGES);
    tcase_add_test(tests, a_message_of_any_length_stays_inside_its_room);
    tcase_add_test(tests, blank_is_what_has_no_visible_byte);
    tcase_add_test(tests, the_answer_follows_the_order_of_arrival);
    tcase_add_test(tests,
                   the_session_is_not_over_before_both_messages_are_whole);
    tcase_add_test(tests, who_leaves_first_ends_the_session);
    tcase_add_test(tests, the_longest_answer_fits);
    tcase_add_test(tests, the_sentences_are_those_of_the_handout);
    tcase_add_test(tests, the_client_understands_other_servers);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
