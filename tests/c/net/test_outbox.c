/*
 * test_outbox.c - bytes and a file go out in order, however slow the reader
 */
#include "net/outbox.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The outbox's end, which does not wait, and the reader's. */
static int ends[2];
static struct outbox box;

static void
begin(void)
{
    int small = 4096;

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    outbox_init(&box);
}

static void
end(void)
{
    outbox_free(&box);
    close(ends[0]);
    close(ends[1]);
}

/* A file of `size` bytes that has no name; byte i is i modulo 251. */
static int
make_file(size_t size)
{
    char name[] = "/tmp/test_outbox.XXXXXX";
    int fd = mkstemp(name);
    unsigned char *bytes = malloc(size + 1);

    ck_assert_int_ne(fd, -1);
    unlink(name);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(i % 251);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    lseek(fd, 0, SEEK_SET);
    free(bytes);
    return fd;
}

/* Sends and reads in turn until all is out: how many bytes were read. */
static size_t
send_and_read(char *text, size_t room)
{
    enum outbox_result result;
    size_t length = 0;

    do {
        ssize_t count;

        result = outbox_send(&box, ends[0]);
        ck_assert(result == OUTBOX_EMPTY || result == OUTBOX_WAITING);
        while ((count = recv(ends[1], text + length, room - length,
                             MSG_DONTWAIT)) > 0)
            length += (size_t)count;
    } while (result != OUTBOX_EMPTY);
    return length;
}

START_TEST(an_empty_outbox_has_nothing_to_send)
{
    ck_assert(outbox_is_empty(&box));
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_EMPTY);
}
END_TEST

START_TEST(bytes_go_out_in_order)
{
    char text[32] = "";

    outbox_add(&box, "one ", 4);
    outbox_add(&box, "two", 3);
    ck_assert_uint_eq(outbox_held(&box), 7);
    ck_assert_uint_eq(send_and_read(text, sizeof text), 7);
    ck_assert_str_eq(text, "one two");
    ck_assert(outbox_is_empty(&box));
    ck_assert_ptr_null(box.bytes); /* and uses no memory */
}
END_TEST

START_TEST(what_does_not_fit_waits)
{
    static char sent[300000], text[300000];

    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (char)(i % 251);
    for (size_t i = 0; i < sizeof sent; i += 1000) {
        outbox_add(&box, sent + i, 1000);
        if (i % 7000 == 0) /* so that it is added to while it is full */
            ck_assert_int_ne(outbox_send(&box, ends[0]), OUTBOX_BROKEN);
    }
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_WAITING);
    ck_assert_uint_eq(send_and_read(text, sizeof text), sizeof sent);
    ck_assert_mem_eq(text, sent, sizeof sent);
}
END_TEST

static const size_t file_sizes[] = {
    0, 1, 4096, OUTBOX_TURN, OUTBOX_TURN + 1, 3 * OUTBOX_TURN + 5};

START_TEST(a_file_stands_between_its_bytes)
{
    size_t size = file_sizes[_i], length;
    char *text = malloc(size + 100);

    outbox_add(&box, "before", 6);
    outbox_add_file(&box, make_file(size), (off_t)size);
    ck_assert_int_eq(outbox_has_file(&box), size > 0);
    outbox_add(&box, "after", 5);
    ck_assert_uint_eq(outbox_held(&box), 11);
    length = send_and_read(text, size + 100);
    ck_assert_uint_eq(length, size + 11);
    ck_assert_mem_eq(text, "before", 6);
    size_t same = 0; /* one assertion: each of them costs under a sanitizer */
    while (same < size && (unsigned char)text[6 + same] == same % 251)
        same++;
    ck_assert_uint_eq(same, size);
    ck_assert_mem_eq(text + 6 + size, "after", 5);
    ck_assert(outbox_is_empty(&box));
    free(text);
}
END_TEST

START_TEST(no_more_of_a_file_is_sent_than_was_said)
{
    char text[32] = "";

    outbox_add_file(&box, make_file(20), 10);
    outbox_add(&box, "x", 1);
    ck_assert_uint_eq(send_and_read(text, sizeof text), 11);
    ck_assert_int_eq(text[10], 'x');
}
END_TEST

START_TEST(a_file_that_shrank_is_reported)
{
    char text[32];

    outbox_add_file(&box, make_file(5), 10);
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_WAITING);
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_SHRANK);
    ck_assert_int_eq(recv(ends[1], text, sizeof text, MSG_DONTWAIT), 5);
}
END_TEST

START_TEST(a_peer_that_is_gone_is_reported)
{
    close(ends[1]);
    outbox_add(&box, "one", 3);
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_BROKEN);
    outbox_free(&box);
    outbox_init(&box);
    outbox_add_file(&box, make_file(5), 5);
    ck_assert_int_eq(outbox_send(&box, ends[0]), OUTBOX_BROKEN);
    ends[1] = dup(ends[0]); /* so that end() can close it */
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("net/outbox");
    TCase *tests = tcase_create("sending");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, an_empty_outbox_has_nothing_to_send);
    tcase_add_test(tests, bytes_go_out_in_order);
    tcase_add_test(tests, what_does_not_fit_waits);
    tcase_add_loop_test(tests, a_file_stands_between_its_bytes, 0,
                        sizeof file_sizes / sizeof file_sizes[0]);
    tcase_add_test(tests, no_more_of_a_file_is_sent_than_was_said);
    tcase_add_test(tests, a_file_that_shrank_is_reported);
    tcase_add_test(tests, a_peer_that_is_gone_is_reported);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
