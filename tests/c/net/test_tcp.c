/*
 * test_tcp.c - connections over loopback, on ports that the kernel chooses
 */
#include "net/tcp.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Both ends of one connection, and the socket that listened for it. */
struct ends {
    int listener, client, server;
};

static struct ends
connect_ends(void)
{
    struct ends ends;

    ends.listener = tcp_listen("127.0.0.1", 0, 4);
    ck_assert_int_ne(ends.listener, -1);
    ends.client = tcp_connect("127.0.0.1", tcp_bound_port(ends.listener));
    ck_assert_int_ne(ends.client, -1);
    ends.server = tcp_accept(ends.listener);
    ck_assert_int_ne(ends.server, -1);
    return ends;
}

static void
close_ends(struct ends *ends)
{
    close(ends->listener);
    close(ends->client);
    close(ends->server);
}

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

START_TEST(a_port_is_a_decimal_number)
{
    ck_assert_int_eq(tcp_port("0"), 0);
    ck_assert_int_eq(tcp_port("12000"), 12000);
    ck_assert_int_eq(tcp_port("65535"), 65535);
    ck_assert_int_eq(tcp_port("65536"), -1);
    ck_assert_int_eq(tcp_port("99999999999999999999"), -1);
    ck_assert_int_eq(tcp_port("-1"), -1);
    ck_assert_int_eq(tcp_port(""), -1);
    ck_assert_int_eq(tcp_port("12x"), -1);
    errno = 0;
    ck_assert_int_eq(tcp_port(" 12"), -1);
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(bytes_come_through_both_ways)
{
    struct ends ends = connect_ends();
    char bytes[16];

    ck_assert_int_eq(tcp_send_all(ends.client, "hello", 5), 0);
    ck_assert_int_eq(tcp_receive(ends.server, bytes, sizeof bytes), 5);
    ck_assert_mem_eq(bytes, "hello", 5);
    ck_assert_int_eq(tcp_send_all(ends.server, "you", 3), 0);
    ck_assert_int_eq(tcp_receive(ends.client, bytes, sizeof bytes), 3);
    ck_assert_mem_eq(bytes, "you", 3);
    close_ends(&ends);
}
END_TEST

START_TEST(descriptors_are_closed_on_exec)
{
    struct ends ends = connect_ends();

    ck_assert(fcntl(ends.listener, F_GETFD) & FD_CLOEXEC);
    ck_assert(fcntl(ends.client, F_GETFD) & FD_CLOEXEC);
    ck_assert(fcntl(ends.server, F_GETFD) & FD_CLOEXEC);
    close_ends(&ends);
}
END_TEST

START_TEST(a_taken_port_is_an_error_and_a_left_one_is_free_at_once)
{
    struct ends ends = connect_ends();
    int port = tcp_bound_port(ends.listener);
    int again;

    ck_assert_int_eq(tcp_listen("127.0.0.1", port, 4), -1);
    ck_assert_int_eq(errno, EADDRINUSE);

    /* The server closes first, so that its side lingers in TIME_WAIT. */
    close(ends.listener);
    close(ends.server);
    close(ends.client);
    again = tcp_listen("127.0.0.1", port, 4);
    ck_assert_int_ne(again, -1);
    close(again);
}
END_TEST

START_TEST(without_a_host_every_address_is_listened_at)
{
    int listener = tcp_listen(NULL, 0, 4);
    int client = tcp_connect("127.0.0.2", tcp_bound_port(listener));

    ck_assert_int_ne(listener, -1);
    ck_assert_int_ne(client, -1);
    close(client);
    close(listener);
}
END_TEST

START_TEST(failures_have_their_errno)
{
    struct ends ends = connect_ends();
    int port = tcp_bound_port(ends.listener);
    int pipes[2];

    close_ends(&ends);
    ck_assert_int_eq(tcp_connect("127.0.0.1", port), -1);
    ck_assert_int_eq(errno, ECONNREFUSED);
    ck_assert_int_eq(tcp_connect("not a host", port), -1);
    ck_assert_int_eq(errno, ENXIO);
    ck_assert_int_eq(tcp_listen("not a host", 0, 4), -1);
    ck_assert_int_eq(errno, ENXIO);
    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert_int_eq(tcp_bound_port(pipes[0]), -1);
    ck_assert_int_eq(errno, ENOTSOCK);
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

START_TEST(sending_to_a_peer_that_is_gone_is_an_error_and_no_signal)
{
    struct ends ends = connect_ends();
    char byte = 'a';
    int result = 0;

    close(ends.server);
    ends.server = -1;
    /* The first send may succeed: only its answer says that nobody is there. */
    for (int i = 0; i < 1000 && result == 0; i++) {
        result = tcp_send_all(ends.client, &byte, 1);
        if (result == 0)
            tcp_wait_readable(ends.client, 1000);
    }
    ck_assert_int_eq(result, -1);
    ck_assert(errno == EPIPE || errno == ECONNRESET);
    close_ends(&ends);
}
END_TEST

#define MANY (8 * 1024 * 1024)

struct sender {
    int fd;
    char *bytes;
    int result;
};

static void *
send_many(void *argument)
{
    struct sender *sender = argument;

    sender->result = tcp_send_all(sender->fd, sender->bytes, MANY);
    shutdown(sender->fd, SHUT_WR);
    return NULL;
}

static void
interrupt(int number)
{
    (void)number;
}

START_TEST(interruptions_and_short_sends_lose_nothing)
{
    struct ends ends = connect_ends();
    struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART */
    struct sender sender = {.fd = ends.client, .bytes = malloc(MANY)};
    size_t total = 0;
    char bytes[65536];
    pthread_t thread;
    ssize_t count;

    sigaction(SIGUSR1, &action, NULL);
    for (size_t i = 0; i < MANY; i++)
        sender.bytes[i] = (char)(i * 31 + i / 251);
    ck_assert_int_eq(pthread_create(&thread, NULL, send_many, &sender), 0);
    while ((count = tcp_receive(ends.server, bytes, sizeof bytes)) > 0) {
        ck_assert_uint_le(total + (size_t)count, MANY);
        ck_assert_mem_eq(bytes, sender.bytes + total, (size_t)count);
        total += (size_t)count;
        pthread_kill(thread, SIGUSR1); /* it is joined below, so it exists */
    }
    ck_assert_int_eq(count, 0);
    ck_assert_uint_eq(total, MANY);
    pthread_join(thread, NULL);
    ck_assert_int_eq(sender.result, 0);
    free(sender.bytes);
    close_ends(&ends);
}
END_TEST

START_TEST(waiting_tells_readable_from_quiet)
{
    struct ends ends = connect_ends();

    ck_assert_int_eq(tcp_wait_readable(ends.server, 1), 0);
    ck_assert_int_eq(tcp_send_all(ends.client, "a", 1), 0);
    ck_assert_int_eq(tcp_wait_readable(ends.server, -1), 1);
    close_ends(&ends);
}
END_TEST

START_TEST(waiting_for_either_says_which)
{
    struct ends one = connect_ends(), two = connect_ends();

    tcp_send_all(two.client, "a", 1);
    ck_assert_int_eq(tcp_wait_either(one.server, two.server), TCP_SECOND);
    tcp_send_all(one.client, "a", 1);
    tcp_wait_readable(one.server, -1);
    ck_assert_int_eq(tcp_wait_either(one.server, two.server),
                     TCP_FIRST | TCP_SECOND);
    close_ends(&one);
    close_ends(&two);
}
END_TEST

START_TEST(a_peer_that_left_is_seen_behind_unread_bytes)
{
    struct ends ends = connect_ends();

    tcp_send_all(ends.client, "a", 1);
    tcp_wait_readable(ends.server, -1);
    ck_assert_int_eq(tcp_peer_left(ends.server), 0);
    shutdown(ends.client, SHUT_WR);
    while (tcp_peer_left(ends.server) == 0) /* the check's own limit ends it */
        ;
    ck_assert_int_eq(tcp_peer_left(ends.client), 0);
    close_ends(&ends);
}
END_TEST

START_TEST(finishing_waits_for_the_peer_to_close)
{
    struct ends ends = connect_ends();
    char byte;

    tcp_send_all(ends.client, "unread", 6);
    close(ends.client);
    ck_assert_int_eq(tcp_finish(ends.server, 10000), 0);
    ends.client = -1;
    ck_assert_int_eq(tcp_receive(ends.server, &byte, 1), 0);
    close_ends(&ends);
}
END_TEST

START_TEST(finishing_tells_the_peer_and_does_not_wait_for_ever)
{
    struct ends ends = connect_ends();
    double start = now();
    char byte;

    ck_assert_int_eq(tcp_finish(ends.server, 50), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert(now() - start >= 0.045);
    ck_assert_int_eq(tcp_receive(ends.client, &byte, 1), 0);
    close_ends(&ends);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("tcp");
    TCase *tests = tcase_create("tcp");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_port_is_a_decimal_number);
    tcase_add_test(tests, bytes_come_through_both_ways);
    tcase_add_test(tests, descriptors_are_closed_on_exec);
    tcase_add_test(tests,
                   a_taken_port_is_an_error_and_a_left_one_is_free_at_once);
    tcase_add_test(tests, without_a_host_every_address_is_listened_at);
    tcase_add_test(tests, failures_have_their_errno);
    tcase_add_test(tests,
                   sending_to_a_peer_that_is_gone_is_an_error_and_no_signal);
    tcase_add_test(tests, interruptions_and_short_sends_lose_nothing);
    tcase_add_test(tests, waiting_tells_readable_from_quiet);
    tcase_add_test(tests, waiting_for_either_says_which);
    tcase_add_test(tests, a_peer_that_left_is_seen_behind_unread_bytes);
    tcase_add_test(tests, finishing_waits_for_the_peer_to_close);
    tcase_add_test(tests, finishing_tells_the_peer_and_does_not_wait_for_ever);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
