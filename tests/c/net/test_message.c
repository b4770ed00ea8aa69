/*
 * test_message.c - messages as real programs send them, over loopback
 */
#include "net/message.h"
#include "net/tcp.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM 18 /* so a message has at most 16 bytes */

static int peer, own; /* the two ends of one connection */
static char room[ROOM];
static struct message message;

static void
connect_both(void)
{
    int listener = tcp_listen("127.0.0.1", 0, 1);

    peer = tcp_connect("127.0.0.1", tcp_bound_port(listener));
    own = tcp_accept(listener);
    ck_assert_int_ne(own, -1);
    close(listener);
    message_open(&message, own, room, sizeof room);
}

static void
close_both(void)
{
    close(peer);
    close(own);
}

static void
send_text(const char *text)
{
    ck_assert_int_eq(tcp_send_all(peer, text, strlen(text)), 0);
}

static void
expect(enum message_result result, const char *text)
{
    char *got;

    ck_assert_int_eq(message_next(&message, &got), result);
    if (text != NULL)
        ck_assert_str_eq(got, text);
}

START_TEST(a_line_is_a_message)
{
    send_text("Alice\r\n");
    expect(MESSAGE_READY, "Alice");
    ck_assert(!message_has_more(&message));
}
END_TEST

START_TEST(a_line_may_come_in_two_segments_at_any_cut)
{
    static const char line[] = "Alice B.\r\n";

    for (size_t cut = 1; cut < sizeof line - 1; cut++) {
        enum message_result result;
        char *text;

        ck_assert_int_eq(tcp_send_all(peer, line, cut), 0);
        ck_assert_int_eq(message_next(&message, &text), MESSAGE_PARTIAL);
        ck_assert_int_eq(strncmp(text, line, cut), 0);
        send_text(line + cut);
        do {
            result = message_next(&message, &text);
        } while (result == MESSAGE_PARTIAL);
        ck_assert_int_eq(result, MESSAGE_READY);
        ck_assert_str_eq(text, "Alice B.");
    }
}
END_TEST

START_TEST(a_pause_ends_a_message_without_line_end)
{
    struct timespec start, end;

    send_text("Alice");
    expect(MESSAGE_PARTIAL, "Alice");
    clock_gettime(CLOCK_MONOTONIC, &start);
    expect(MESSAGE_READY, "Alice");
    clock_gettime(CLOCK_MONOTONIC, &end);
    /* A second segment may be held back for 40 ms. */
    ck_assert((end.tv_sec - start.tv_sec) * 1000 +
                  (end.tv_nsec - start.tv_nsec) / 1000000 >
              40);
    send_text("Bob\n");
    expect(MESSAGE_READY, "Bob");
}
END_TEST

START_TEST(closing_ends_a_message_without_line_end)
{
    send_text("Alice");
    shutdown(peer, SHUT_WR);
    expect(MESSAGE_PARTIAL, "Alice");
    expect(MESSAGE_READY, "Alice");
    expect(MESSAGE_ENDED, NULL);
    expect(MESSAGE_ENDED, NULL);
}
END_TEST

START_TEST(joined_messages_come_one_by_one)
{
    send_text("Alice\n\nBob\nCar");
    expect(MESSAGE_READY, "Alice");
    ck_assert(message_has_more(&message));
    expect(MESSAGE_READY, "");
    expect(MESSAGE_READY, "Bob");
    ck_assert(message_has_more(&message));
    expect(MESSAGE_READY, "Car"); /* after the pause */
    ck_assert(!message_has_more(&message));
}
END_TEST

START_TEST(zero_bytes_end_a_message_and_are_no_message)
{
    static const char bytes[] = "Alice\0\0\0\0Bob\n\0Car\0";

    ck_assert_int_eq(tcp_send_all(peer, bytes, sizeof bytes), 0);
    shutdown(peer, SHUT_WR);
    expect(MESSAGE_READY, "Alice");
    expect(MESSAGE_READY, "Bob");
    expect(MESSAGE_READY, "Car");
    ck_assert(!message_has_more(&message));
    expect(MESSAGE_ENDED, NULL);
}
END_TEST

START_TEST(an_array_of_zero_bytes_larger_than_the_room_is_no_fault)
{
    char bytes[10 * ROOM] = "Alice";

    ck_assert_int_eq(tcp_send_all(peer, bytes, sizeof bytes), 0);
    send_text("Bob\n");
    expect(MESSAGE_READY, "Alice");
    expect(MESSAGE_READY, "Bob");
}
END_TEST

START_TEST(the_longest_message_fits_and_one_byte_more_is_a_fault)
{
    send_text("0123456789abcdef\r\n");
    shutdown(peer, SHUT_WR);
    expect(MESSAGE_READY, "0123456789abcdef");
    close_both();
    connect_both();
    send_text("0123456789abcdefg\n");
    expect(MESSAGE_TOO_LONG, NULL);
    expect(MESSAGE_TOO_LONG, NULL);
}
END_TEST

START_TEST(text_that_is_seen_to_be_whole_can_be_accepted_at_once)
{
    send_text("Alice");
    expect(MESSAGE_PARTIAL, "Alice");
    message_accept(&message);
    ck_assert(!message_has_more(&message));
    send_text("Bob\n");
    expect(MESSAGE_READY, "Bob");
}
END_TEST

START_TEST(a_broken_connection_is_a_failure)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(peer);
    peer = -1;
    expect(MESSAGE_FAILED, NULL);
    ck_assert_int_eq(errno, ECONNRESET);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("message");
    TCase *tests = tcase_create("message");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, connect_both, close_both);
    tcase_add_test(tests, a_line_is_a_message);
    tcase_add_test(tests, a_line_may_come_in_two_segments_at_any_cut);
    tcase_add_test(tests, a_pause_ends_a_message_without_line_end);
    tcase_add_test(tests, closing_ends_a_message_without_line_end);
    tcase_add_test(tests, joined_messages_come_one_by_one);
    tcase_add_test(tests, zero_bytes_end_a_message_and_are_no_message);
    tcase_add_test(tests,
                   an_array_of_zero_bytes_larger_than_the_room_is_no_fault);
    tcase_add_test(tests,
                   the_longest_message_fits_and_one_byte_more_is_a_fault);
    tcase_add_test(tests,
                   text_that_is_seen_to_be_whole_can_be_accepted_at_once);
    tcase_add_test(tests, a_broken_connection_is_a_failure);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
